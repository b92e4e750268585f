import { atMost } from "../../base/arity.js";
import { attempt, builtin, globals } from "../../base/host.js";
import { formatBytes } from "../../base/units.js";
import { columns } from "../common/text.js";

/** What the host tells of memory, in bytes. What it does not tell is null, never 0. */
export interface HostFigures {
  /** Of this process: all its resident pages, and those that it shares with nobody. */
  readonly rss: number | null;
  readonly uss: number | null;
  /** Of JavaScript: the heap in use, and what lies outside it: up to Node 24 the engine's memory too, in Node 26 not. */
  readonly heapUsed: number | null;
  readonly external: number | null;
  /** The most this process may have (its container's limit). */
  readonly limit: number | null;
  /** Of the machine: what can still be had without swapping, all there is, and swap. */
  readonly available: number | null;
  readonly total: number | null;
  readonly swapUsed: number | null;
  readonly swapTotal: number | null;
  /** Of this page with its frames and workers, as the browser measures it, without array memory; `hostAsync` asks. */
  readonly page: number | null;
}

/** More swap than this in use is said to be too much. */
const SWAP = 0.1;

const names: readonly (readonly [keyof HostFigures, string])[] = [
  ["rss", "resident pages of this process, shared ones too"],
  ["uss", "pages of this process alone"],
  ["heapUsed", "JavaScript's heap in use"],
  ["external", "outside JavaScript's heap: buffers; to Node 24 arrays too"],
  ["limit", "the most this process may have"],
  ["available", "can be had without swapping"],
  ["total", "memory of the machine"],
  ["swapUsed", "swap in use"],
  ["swapTotal", "swap there is"],
  ["page", "this page, as the browser measures it; arrays apart"],
];

/** The host's own figures; print them with `String`. */
export class HostMemory implements HostFigures {
  readonly rss!: number | null;
  readonly uss!: number | null;
  readonly heapUsed!: number | null;
  readonly external!: number | null;
  readonly limit!: number | null;
  readonly available!: number | null;
  readonly total!: number | null;
  readonly swapUsed!: number | null;
  readonly swapTotal!: number | null;
  readonly page!: number | null;

  /** @internal */
  constructor(told: Partial<HostFigures>) {
    for (const [name] of names) Object.assign(this, { [name]: told[name] ?? null });
  }

  /** What is worth a worry, in words; null if nothing is. */
  get warning(): string | null {
    const { swapUsed, swapTotal } = this;
    if (swapUsed === null || swapTotal === null || swapUsed <= SWAP * swapTotal) return null;
    return `${Math.round((100 * swapUsed) / swapTotal)} % of swap is in use: memory is short, and what lies in swap is slow`;
  }

  /** A row for each figure that is known, in powers of 1,000 and of 1,024. */
  toString(): string {
    const rows = names.flatMap(([name, meaning]) => {
      const bytes = this[name];
      if (bytes === null) return [];
      return [[name, formatBytes(bytes, { decimals: 1 }), formatBytes(bytes, { si: false, decimals: 1 }), meaning]];
    });
    const text = rows.length === 0 ? "the host tells nothing of its memory" : columns(rows, "<>><");
    return this.warning === null ? text : `${text}\nwarning  ${this.warning}`;
  }
}

/** The figures of `/proc/meminfo`, which counts in KiB. @internal */
export function readMeminfo(text: string): Partial<HostFigures> {
  const [available, total, swapTotal, swapFree] = ["MemAvailable", "MemTotal", "SwapTotal", "SwapFree"].map((name) =>
    kibibytes(text, name),
  );
  const memory = { available, total };
  // A machine without swap has none in use: that is no figure, but its absence.
  return swapTotal === null || swapFree === null || swapTotal === 0
    ? memory
    : { ...memory, swapTotal, swapUsed: swapTotal - swapFree };
}

/** The bytes that only this process has, of `/proc/self/smaps_rollup`. @internal */
export function readSmaps(text: string): number | null {
  const clean = kibibytes(text, "Private_Clean"),
    dirty = kibibytes(text, "Private_Dirty");
  return clean === null || dirty === null ? null : clean + dirty;
}

function kibibytes(text: string, name: string): number | null {
  const found = new RegExp(`^${name}:\\s+(\\d+) kB$`, "m").exec(text);
  return found === null ? null : Number(found[1]) * 1024;
}

/**
 * Tells what the host says of memory: of this process, of JavaScript and of the machine. A browser tells the size of
 * JavaScript's heap at most. Python: `psutil`.
 */
export function host(): HostMemory {
  atMost(0, arguments.length, "memory.host()");
  const { process, performance } = globals;
  const usage = attempt(() => process?.memoryUsage?.());
  if (usage === undefined) return new HostMemory({ heapUsed: performance?.memory?.usedJSHeapSize });
  const { rss, heapUsed, external } = usage,
    meminfo = fileText("/proc/meminfo"),
    smaps = fileText("/proc/self/smaps_rollup"),
    total = attempt(() => builtin<{ totalmem(): number }>("node:os")?.totalmem()) ?? null;
  const told = { rss, heapUsed, external, total, ...(meminfo === null ? {} : readMeminfo(meminfo)) };
  const limit = attempt(() => process?.constrainedMemory?.()) ?? 0;
  return new HostMemory({
    ...told,
    uss: smaps === null ? null : readSmaps(smaps),
    // Without a limit the call gives 0, or more than the machine has.
    limit: limit > 0 && limit <= (told.total ?? 0) ? limit : null,
  });
}

/**
 * What `host` tells, and in a browser that lets a page measure itself also the bytes of the page. Browsers do so where
 * the page is cross-origin isolated, and take their time: up to half a minute; where one refuses, `page` is null.
 * WebAssembly's memory is not in the figure: a page that held an array of 400 MB was told as 2.9 MB (Chromium 156).
 */
export async function hostAsync(): Promise<HostMemory> {
  atMost(0, arguments.length, "memory.hostAsync()");
  const measured = await globals.performance?.measureUserAgentSpecificMemory?.().catch(() => null);
  return new HostMemory({ ...host(), page: measured?.bytes ?? null });
}

function fileText(path: string): string | null {
  const fs = builtin<{ readFileSync(path: string, encoding: "utf8"): string }>("node:fs");
  return attempt(() => fs?.readFileSync(path, "utf8")) ?? null;
}
