import { takes } from "../../array/options.js";

import { say } from "../../base/host.js";
import { type Bytes, formatBytes, parseBytes } from "../../base/units.js";
import { alarm, forgotten, reclaims } from "../../heap/allocate.js";
import { checkFunction } from "../common/args.js";
import { counted } from "../common/text.js";
import { mostForgetful } from "../record/costs.js";

/** What was forgotten since a warning was asked for. */
export interface Forgotten {
  readonly arrays: number;
  readonly bytes: number;
}

interface Watch {
  readonly at: number;
  readonly before: Forgotten;
  /** Bytes by site, as they were then. */
  readonly sites: ReadonlyMap<number, number>;
  readonly warn: (text: string, forgotten: Forgotten) => void;
}

const WARN = takes("memory.warnForgotten(bytes, warn)");

const watches = new Set<Watch>();

/**
 * Warns once when arrays of so many bytes were forgotten from now on: not disposed, and freed only by the garbage
 * collector. The warning names the line that forgot most, if it is known. Ends when it is disposed. `console.warn`
 * is called if nothing else is given.
 */
export function warnForgotten(
  bytes: Bytes,
  warn: (text: string, forgotten: Forgotten) => void = (text) => say("warn", text),
): Disposable {
  WARN.count(arguments.length);
  checkFunction(warn, "memory.warnForgotten");
  const before = { arrays: reclaims.buffers, bytes: reclaims.bytes },
    watch = { at: before.bytes + parseBytes(bytes), before, sites: new Map(forgotten), warn };
  watches.add(watch);
  setAlarm();
  return {
    [Symbol.dispose]: () => {
      watches.delete(watch);
      setAlarm();
    },
  };
}

function setAlarm(): void {
  alarm.at = Math.min(...[...watches].map(({ at }) => at));
}

alarm.ring = () => {
  const due = [...watches].filter(({ at }) => reclaims.bytes >= at);
  for (const watch of due) watches.delete(watch);
  setAlarm();
  for (const { before, sites, warn } of due) {
    const found = { arrays: reclaims.buffers - before.arrays, bytes: reclaims.bytes - before.bytes };
    warn(textOf(found, mostForgetful(forgotten, sites)), found);
  }
};

function textOf({ arrays, bytes }: Forgotten, line: string): string {
  return (
    `${formatBytes(bytes)} in ${counted(arrays, "array")} were forgotten, and freed only when the collector ran` +
    `${line === "" ? "" : `, most by ${line}`}; \`using\`, dispose() or memory.scope(() => …) frees them at once`
  );
}
