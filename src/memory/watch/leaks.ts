import { drop } from "../../array/ndarray.js";
import { takes } from "../../array/options.js";
import { ValueError } from "../../base/errors.js";
import { formatBytes } from "../../base/units.js";
import { liveBuffers, reclaim } from "../../heap/allocate.js";
import { canCollect } from "../../heap/collector.js";
import { checkFunction } from "../common/args.js";
import { columns, counted, exactBytes } from "../common/text.js";
import { arraysIn } from "../common/values.js";
import { linesOf, lineText } from "../places/fileNames.js";
import { type Site, siteAt } from "../places/sites.js";
import type { AllocationRecord } from "../record/allocations.js";
import { type Ended, endedText } from "../record/endings.js";
import { type Holding, holdingOf, viewsText } from "../record/holding.js";
import { attach, detach } from "../record/listeners.js";
import { Recorder } from "../record/recorder.js";

/** Arrays of one line that every run leaves behind. */
export interface Leak {
  readonly site?: Site;
  readonly op: string;
  /** Bytes and arrays that each run leaves; of unequal runs the least. */
  readonly perRun: number;
  readonly countPerRun: number;
  /** What keeps them: a pool or cache by its name, the program's own variables, or nothing but the missing `dispose`. */
  readonly heldBy: string;
}

const FORGOTTEN = "nothing: not disposed";

/** What repeated runs of a function leave behind. */
export class Leaks {
  /** @internal */
  constructor(
    readonly found: readonly Leak[],
    /** What only the first of the counted runs left. */
    readonly once: readonly Leak[],
    readonly runs: number,
    /** Views that ended in each run with the array they are of, and that the program still holds, as text. */
    readonly ended: readonly string[] = [],
  ) {}

  /** Bytes that each run leaves behind. */
  get perRun(): number {
    return this.found.reduce((sum, leak) => sum + leak.perRun, 0);
  }

  toString(): string {
    const ended = this.ended.map((text) => `  ${text}\n    copy() what must outlive its array`);
    if (this.found.length === 0 && this.once.length === 0)
      return [`no leaks in ${counted(this.runs, "run")}`, ...ended].join("\n");
    const lineOf = linesOf(this.found.map(({ site }) => site));
    const rows = this.found.map((leak) => [
      `+${exactBytes(leak.perRun)}`,
      `${counted(leak.countPerRun, "array")} per run`,
      leak.site === undefined ? "?" : lineOf(leak.site),
      leak.op,
      leak.heldBy === FORGOTTEN
        ? "never disposed"
        : leak.heldBy.startsWith(FORGOTTEN)
          ? leak.heldBy.slice(9)
          : `held by ${leak.heldBy}`,
    ]);
    const head = `${counted(this.found.length, "leak")}, ${exactBytes(this.perRun)} per run (the same in ${this.runs} of ${counted(this.runs, "run")})`;
    const once = this.once.map((leak) => `  not a leak: ${formatBytes(leak.perRun)} ${leak.op}, in the first run only`);
    return [head, ...(rows.length > 0 ? [columns(rows, "><<<~", "  ")] : []), ...once, ...ended].join("\n");
  }
}

/** What `memory.leaks` takes. */
export interface LeaksOptions {
  /** Runs that do not count: 1. */
  warmups?: number;
  /** Runs that count: 3. */
  runs?: number;
}

const LEAKS = takes("memory.leaks(fn)", { warmups: "size", runs: "size" });

interface Left {
  readonly record: AllocationRecord;
  count: number;
  bytes: number;
  readonly serials: number[];
  /** How the first of them is held, if by views, or if only views of it were disposed. */
  readonly holding: Holding | null;
}

/**
 * Runs a function several times and tells what every run leaves behind: arrays that are neither disposed nor returned.
 * The first `warmups` runs do not count; what the function returns is disposed after each run.
 */
export function leaks(fn: () => unknown, options?: LeaksOptions): Leaks {
  const { warmups = 1, runs = 3 } = LEAKS.read(options, arguments.length);
  checkFunction(fn, "memory.leaks");
  if (runs < 1) throw new ValueError("leaks() counts at least one run, not 0");
  for (let i = 0; i < warmups; i++) run(fn);
  const endings: Ended[] = [];
  const all = Array.from({ length: runs }, () => {
    const recorder = run(fn);
    endings.push(...recorder.endings.list());
    return leftBehind(recorder);
  });
  const reachable = survivors();
  const keys = new Set(all.flatMap((left) => [...left.keys()]));
  const found: Leak[] = [],
    once: Leak[] = [];
  for (const key of keys) {
    const each = all.map((left) => left.get(key)),
      known = each.filter((left) => left !== undefined);
    if (known.length === runs) found.push(leakOf(known, reachable));
    else if (each[0] !== undefined && known.length === 1) once.push(leakOf(known, reachable));
  }
  found.sort((a, b) => b.perRun - a.perRun);
  return new Leaks(found, once, runs, endedIn(endings, runs));
}

function run(fn: () => unknown): Recorder {
  const recorder = new Recorder("lines", 0, 0);
  recorder.start();
  attach(recorder);
  try {
    for (const array of arraysIn(fn())) drop(array, "scope");
  } finally {
    detach(recorder);
    recorder.stop();
  }
  return recorder;
}

// The collector ran: views that nobody holds are gone, and who used them only in passing need not know that they ended.
function endedIn(endings: readonly Ended[], runs: number): string[] {
  const groups = new Map<string, { ended: Ended; count: number }>();
  for (const ended of endings) {
    if (canCollect && !ended.views.some((view) => view.deref() !== undefined)) continue;
    const key = `${ended.site} ${ended.nbytes} ${ended.of}`,
      count = (groups.get(key)?.count ?? 0) + ended.count;
    groups.set(key, { ended, count });
  }
  return [...groups.values()]
    .filter(({ count }) => count >= runs)
    .map(({ ended, count }) => `dispose ended ${endedText(ended, Math.floor(count / runs))} in each run`);
}

function leftBehind(recorder: Recorder): Map<string, Left> {
  const groups = new Map<string, Left>(),
    holdings = new Map(recorder.buffers().map((buffer) => [buffer.serial, holdingOf(buffer)]));
  for (const record of recorder.living()) {
    // Two calls on one line are one leak to a reader.
    const place = siteAt(record.site),
      key = `${place?.file}:${place && lineText(place)} ${record.op} ${record.descr.name} ${record.shape.join()}`,
      left = groups.get(key) ?? {
        record,
        count: 0,
        bytes: 0,
        serials: [],
        holding: holdings.get(record.serial) ?? null,
      };
    left.count++;
    left.bytes += record.nbytes;
    left.serials.push(record.serial);
    groups.set(key, left);
  }
  return groups;
}

// Serial numbers and owners of the buffers that something still reaches, after the collector ran where it can be called.
function survivors(): Map<number, string> {
  if (canCollect) reclaim();
  return new Map(liveBuffers().map(({ serial, owner }) => [serial, owner]));
}

// Where the collector cannot be called, what is forgotten looks like what is kept.
const reachableText = canCollect ? "your code" : "your code, or not disposed";

function leakOf(runs: readonly Left[], reachable: ReadonlyMap<number, string>): Leak {
  const [{ record, serials, holding }] = runs,
    site = siteAt(record.site),
    owner = reachable.get(serials[0]);
  return {
    ...(site === undefined ? {} : { site }),
    op: record.op,
    perRun: Math.min(...runs.map((left) => left.bytes)),
    countPerRun: Math.min(...runs.map((left) => left.count)),
    heldBy: owner === undefined ? forgottenText(holding) : owner === "array" ? keptText(holding) : owner,
  };
}

function forgottenText(holding: Holding | null): string {
  return holding?.kind === "unnamed" ? `${FORGOTTEN}, only ${viewsText(holding)}: name the array` : FORGOTTEN;
}

function keptText(holding: Holding | null): string {
  if (holding?.kind === "views") return `${viewsText(holding)}: copy() what is kept`;
  return holding !== null && !canCollect ? forgottenText(holding) : reachableText;
}
