import { takes } from "../../array/options.js";
import { atMost } from "../../base/arity.js";
import type { DType } from "../../base/dtype.js";
import { ValueError } from "../../base/errors.js";
import { isInstance, shown } from "../../base/shown.js";
import { formatBytes } from "../../base/units.js";
import { liveBuffers } from "../../heap/allocate.js";
import type { CopyReason } from "../../heap/reasons.js";
import { Table } from "../common/table.js";
import { columns, counted } from "../common/text.js";
import { linesOf, namesOf } from "../places/fileNames.js";
import { type Site, siteAt, sitesOfStack, withoutSource } from "../places/sites.js";
import type { AllocationRecord } from "../record/allocations.js";
import { heldByViews, holdingTexts } from "../record/holding.js";

/** One live buffer, as a snapshot keeps it. */
export interface Held {
  readonly nbytes: number;
  readonly op: string;
  readonly dtype: DType;
  readonly shape: readonly number[];
  readonly owner: string;
  readonly reason?: CopyReason;
  readonly site?: Site;
  /** Callers of the line, from the inside out, where a trace of the level `stacks` took them. */
  readonly stack?: readonly Site[];
}

/** What buffers are put together by. */
export type GroupBy = "line" | "function" | "file" | "op" | "dtype" | "shape" | "owner" | "stack";

/** Bytes and number of the buffers of a group. */
export interface Stat {
  readonly key: string;
  readonly size: number;
  readonly count: number;
  readonly average: number;
  /** The text of the line, where buffers are put together by line. */
  readonly source?: string;
}

/** How a group differs between two snapshots. */
export interface StatDiff extends Stat {
  readonly sizeDiff: number;
  readonly countDiff: number;
}

/** The buffers that were live at a moment. It holds no array, and can be kept as JSON. */
export class Snapshot {
  /** Their bytes. */
  readonly live: number;

  /** @internal */
  constructor(
    readonly held: readonly Held[],
    /** What views hold whose arrays are gone, as text. */
    readonly viewed: readonly string[] = [],
  ) {
    this.live = held.reduce((sum, { nbytes }) => sum + nbytes, 0);
  }

  /** A snapshot again from what `toJSON` gave, on another day or machine. */
  static fromJSON(json: unknown): Snapshot {
    atMost(1, arguments.length, "Snapshot.fromJSON(json)");
    const data = (typeof json === "string" ? parsed(json) : json) as Partial<Snapshot> | null | undefined;
    if (!Array.isArray(data?.held) || !data.held.every(isHeld))
      throw new ValueError(`Snapshot.fromJSON takes what a snapshot's toJSON gave, not ${shown(json)}`);
    const viewed: unknown = data.viewed ?? [];
    return new Snapshot(data.held, Array.isArray(viewed) ? viewed.filter((text) => typeof text === "string") : []);
  }

  toJSON(): { readonly live: number; readonly held: readonly Held[]; readonly viewed?: readonly string[] } {
    return { live: this.live, held: this.held, ...(this.viewed.length > 0 ? { viewed: this.viewed } : {}) };
  }

  /** Bytes and number of the live buffers by line, operation, dtype or another property, the most bytes first. */
  statistics(by: GroupBy): Table<Stat> {
    checkGroup(by);
    const rows = [...grouped(this.held, by, namerOf(this.held, by)).values()].sort(
      (a, b) => b.size - a.size || (a.key < b.key ? -1 : 1),
    );
    return Table.printed(rows, () => {
      const cells = rows.map((r) => [
        r.key,
        formatBytes(r.size),
        String(r.count),
        formatBytes(Math.round(r.average)),
        r.source ?? "",
      ]);
      return [columns([[by, "size", "count", "average", ""], ...cells], "<>>><", "  "), ...this.viewed].join("\n");
    });
  }

  /** What changed since an older snapshot, the largest change first; groups without a change are left out. */
  compareTo(old: Snapshot, by: GroupBy): Table<StatDiff> {
    if (!isInstance(old, Snapshot)) throw new ValueError(`compareTo takes an older snapshot, not ${shown(old)}`);
    checkGroup(by);
    const nameOf = namerOf([...old.held, ...this.held], by),
      before = grouped(old.held, by, nameOf),
      after = grouped(this.held, by, nameOf);
    const rows = [...new Set([...before.keys(), ...after.keys()])].map((key) =>
      difference(before.get(key), after.get(key)),
    );
    const changed = rows.filter((r) => r.sizeDiff !== 0 || r.countDiff !== 0);
    changed.sort((a, b) => Math.abs(b.sizeDiff) - Math.abs(a.sizeDiff) || (a.key < b.key ? -1 : 1));
    return Table.printed(changed, () => diffTable(changed, by));
  }

  toString(): string {
    return `${formatBytes(this.live)} live in ${counted(this.held.length, "buffer")}\n${this.statistics("line")}`;
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function isHeld(one: Partial<Held> | null | undefined): boolean {
  return typeof one?.nbytes === "number" && typeof one.op === "string" && Array.isArray(one.shape);
}

const groups: readonly GroupBy[] = ["line", "function", "file", "op", "dtype", "shape", "owner", "stack"];

function checkGroup(by: GroupBy): void {
  if (!groups.includes(by)) throw new ValueError(`buffers are put together by ${groups.join(", ")}, not ${shown(by)}`);
}

// `growth` and `mostCommon` have a grouping of their own.
type Grouping = GroupBy | "kind";

/** How a group reads, by one of its buffers. */
type Namer = (one: Held) => string;

// The sums of each group, by what tells groups apart: whole paths, which are longer than what is printed.
function grouped(held: readonly Held[], by: Grouping, nameOf: Namer): Map<string, Stat> {
  const sums = new Map<string, { one: Held; size: number; count: number }>(),
    idOf = namer(
      by,
      ({ file, line }) => `${file}:${line}`,
      (file) => file,
    );
  for (const one of held) {
    const id = idOf(one),
      sum = sums.get(id);
    if (sum === undefined) sums.set(id, { one, size: one.nbytes, count: 1 });
    else {
      sum.size += one.nbytes;
      sum.count++;
    }
  }
  const stat = ({ one, size, count }: { one: Held; size: number; count: number }): Stat => ({
    key: nameOf(one),
    size,
    count,
    ...(by === "line" && one.site?.source ? { source: one.site.source } : {}),
    average: size / count,
  });
  return new Map([...sums].map(([id, sum]) => [id, stat(sum)]));
}

function namerOf(held: readonly Held[], by: Grouping): Namer {
  const sites = held.flatMap(({ site, stack = [] }) => (site === undefined ? [] : [site, ...stack]));
  return namer(by, linesOf(sites), namesOf(sites.map(({ file }) => file)));
}

function namer(by: Grouping, lineOf: (site: Site) => string, fileOf: (file: string) => string): Namer {
  return (one) => {
    const { op, dtype, owner, site, stack } = one;
    if (by === "op") return op;
    if (by === "dtype") return dtype;
    if (by === "shape") return kindOf(one);
    if (by === "owner") return owner;
    if (by === "kind") return `${kindOf(one)}  ${op}${site === undefined ? "" : `  ${lineOf(site)}`}`;
    if (site === undefined) return "(line unknown)";
    if (by === "file") return fileOf(site.file);
    if (by === "function") return `${site.fn ?? "(no name)"} ${fileOf(site.file)}`;
    return by === "line" ? lineOf(site) : (stack ?? [site]).map(lineOf).join(" < ");
  };
}

function kindOf({ dtype, shape }: Held): string {
  return `${dtype} [${shape.join(", ")}]`;
}

function difference(before: Stat | undefined, after: Stat | undefined): StatDiff {
  const size = after?.size ?? 0,
    count = after?.count ?? 0,
    source = after?.source ?? before?.source;
  return {
    key: (after ?? before)!.key,
    size,
    count,
    average: count === 0 ? 0 : size / count,
    sizeDiff: size - (before?.size ?? 0),
    countDiff: count - (before?.count ?? 0),
    ...(source === undefined ? {} : { source }),
  };
}

function signed(n: number, text: string): string {
  return n > 0 ? `+${text}` : text;
}

function diffTable(rows: readonly StatDiff[], by: GroupBy): string {
  const sum = (key: "size" | "sizeDiff" | "countDiff"): number => rows.reduce((total, row) => total + row[key], 0);
  const cells = (key: string, sizeDiff: number, size: number, countDiff: number, source: string): string[] => [
    key,
    signed(sizeDiff, formatBytes(sizeDiff)),
    formatBytes(size),
    signed(countDiff, String(countDiff)),
    source,
  ];
  const body = rows.map((r) => cells(r.key, r.sizeDiff, r.size, r.countDiff, r.source ?? ""));
  const total = cells("total", sum("sizeDiff"), sum("size"), sum("countDiff"), "");
  return columns([[by, "size diff", "size", "count diff", ""], ...body, total], "<>>><", "  ");
}

/** The buffers that are live now; their lines are known of 16 MiB and more, and of those born while a trace ran. */
export function snapshot(): Snapshot {
  atMost(0, arguments.length, "memory.snapshot()");
  const buffers = liveBuffers();
  return new Snapshot(
    buffers.map(({ nbytes, op, descr, shape, owner, reason, site }) =>
      held({ nbytes, op, descr, shape, owner, reason, site, stack: 0 }),
    ),
    holdingTexts(buffers.flatMap(heldByViews)),
  );
}

/** A snapshot of buffers that a trace knows, with or without the text of their lines. @internal */
export function snapshotOf(record: readonly AllocationRecord[], source: boolean): Snapshot {
  const known = record.map(held);
  return new Snapshot(source ? known : known.map(withoutSource));
}

interface Facts extends Pick<AllocationRecord, "nbytes" | "op" | "descr" | "shape" | "reason" | "site" | "stack"> {
  readonly owner: string;
}

function held({ nbytes, op, descr, shape, owner, reason, site, stack }: Facts): Held {
  const place = siteAt(site),
    callers = stack === 0 ? undefined : sitesOfStack(stack).map((number) => siteAt(number)!);
  return {
    nbytes,
    op,
    dtype: descr.name,
    shape,
    owner,
    ...(reason === null ? {} : { reason }),
    ...(place === undefined ? {} : { site: place }),
    ...(callers === undefined ? {} : { stack: callers }),
  };
}

/** The kinds of live arrays, by dtype, shape and operation, the most bytes first. */
export function mostCommon(limit = 10): Table<Stat> {
  MOST_COMMON.count(arguments.length);
  if (!Number.isSafeInteger(limit) || limit < 0)
    throw new ValueError(`memory.mostCommon takes how many kinds to tell of, not ${shown(limit)}`);
  const rows = [...kinds().values()].sort((a, b) => b.size - a.size || (a.key < b.key ? -1 : 1)).slice(0, limit);
  const viewed = holdingTexts(liveBuffers().flatMap(heldByViews));
  return Table.printed(rows, () => {
    const cells = rows.map((r) => [r.key, String(r.count), formatBytes(r.size)]);
    return [columns([["kind", "count", "live"], ...cells], "<>>", "  "), ...viewed].join("\n");
  });
}

function kinds(): Map<string, Stat> {
  const { held } = snapshot();
  return grouped(held, "kind", namerOf(held, "kind"));
}

const MOST_COMMON = takes("memory.mostCommon(limit)"),
  GROWTH = takes("memory.growth()", { limit: "size" });

let lastKinds = new Map<string, Stat>();

/** The kinds of live arrays that have become more since the last call of `growth`; the first call counts from nothing. */
export function growth(options?: { limit?: number }): Table<StatDiff> {
  const { limit = 10 } = GROWTH.read(options, arguments.length);
  const now = kinds();
  const grown = [...now]
    .map(([id, stat]) => difference(lastKinds.get(id), stat))
    .filter((diff) => diff.countDiff > 0)
    .sort((a, b) => b.sizeDiff - a.sizeDiff || (a.key < b.key ? -1 : 1))
    .slice(0, limit);
  lastKinds = now;
  return Table.printed(grown, () =>
    columns(
      grown.map((r) => [r.key, `+${r.countDiff}`, signed(r.sizeDiff, formatBytes(r.sizeDiff))]),
      "<>>",
      "  ",
    ),
  );
}
