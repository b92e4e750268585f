import { formatBytes } from "../../base/units.js";
import type { CopyReason } from "../../heap/reasons.js";
import { Table } from "../common/table.js";
import { columns, exactBytes, largest } from "../common/text.js";
import { numbersOf } from "../places/fileNames.js";
import { type Site, siteAt } from "../places/sites.js";
import type { AllocationRecord } from "../record/allocations.js";
import type { Recorder } from "../record/recorder.js";

/** The copies of one line and operation, and why they were made. */
export interface Copy {
  readonly site?: Site;
  readonly op: string;
  readonly reason: CopyReason;
  readonly count: number;
  readonly nbytes: number;
  /** Bytes of those copies of which neither they nor their originals were written as long as they lived. */
  readonly needlessBytes: number;
  /** Whether all of them were needless. */
  readonly needless: boolean;
  readonly why: string;
  readonly remedy?: string;
}

const why: Record<CopyReason, string> = {
  requested: "asked for",
  dtype: "another dtype has other bytes; cast one operand once, or write into `out` of its dtype",
  "advanced-index": "a mask or a list of indices cannot be told by strides",
  strides: "these elements do not lie in this order; if the order is free, ravel({ order: 'F' }) may be a view",
  overlap: "it would read elements it has already overwritten; a temporary held the old ones",
  "contiguous-kernel": "the elements are needed in one run",
  join: "the parts become one run of memory",
  growth: "the capacity was used up",
  "host-boundary": "JavaScript's memory and the engine's are apart",
};

/** All copies of a trace, the largest first. */
export function copiesOf(recorder: Recorder): Copy[] {
  const sums = [...recorder.copySums].sort((a, b) => b.bytes - a.bytes);
  return sums.map((sum) => {
    const site = siteAt(sum.site),
      needless = sum.needless === sum.count;
    return {
      ...(site === undefined ? {} : { site }),
      op: sum.op,
      reason: sum.reason,
      count: sum.count,
      nbytes: sum.bytes,
      needlessBytes: sum.needlessBytes,
      needless,
      why: sum.cast === "" ? why[sum.reason] : `${sum.cast}: ${why[sum.reason]}`,
      ...(needless ? { remedy: "use the original: neither it nor the copy was written" } : {}),
    };
  });
}

/** Copies that print themselves. */
export function copyTable(copies: readonly Copy[]): Table<Copy> {
  return Table.printed(copies, () => textOf(copies));
}

function textOf(copies: readonly Copy[]): string {
  const all = copies.reduce((sum, copy) => sum + copy.nbytes, 0),
    needless = copies.reduce((sum, copy) => sum + copy.needlessBytes, 0);
  const lineOf = numbersOf(copies.map(({ site }) => site));
  const rows = copies.map(({ site, nbytes, reason, op, needless, why, remedy }) => [
    lineOf(site),
    formatBytes(nbytes),
    reason,
    op,
    needless ? `NEEDLESS: ${remedy}` : why,
  ]);
  const head = `copies: ${exactBytes(all)}, of them needless ${exactBytes(needless)}`;
  return rows.length === 0
    ? "no copies"
    : `${head}\n${columns([["line", "bytes", "reason", "operation", "why"], ...rows], ">><<~", " ")}`;
}

/** An array that was gone almost at once, or that a single operation read. */
export interface Temporary {
  readonly site?: Site;
  readonly op: string;
  readonly nbytes: number;
  /** How many such arrays of this line and operation. */
  readonly count: number;
  /** Allocations between its birth and its death; of several the most. */
  readonly lifetime: number;
  readonly reads: number;
  /** True if it lived only while an operation ran: no `out` of the user's can spare it. */
  readonly scratch: boolean;
}

/**
 * Arrays that were freed after at most `threshold` further allocations, or that one operation read and no other. Of a
 * very long trace the first 16,384 deaths are looked at.
 */
export function temporariesOf(recorder: Recorder, threshold: number): Temporary[] {
  const groups = new Map<string, AllocationRecord[]>();
  for (const record of recorder.dead()) {
    if (record.lifetime > threshold && record.reads !== 1) continue;
    const key = `${record.site} ${record.op} ${record.scratch}`;
    groups.set(key, [...(groups.get(key) ?? []), record]);
  }
  const rows = [...groups.values()].map((group) => {
    const [{ site, op, scratch }] = group,
      place = siteAt(site);
    return {
      ...(place === undefined ? {} : { site: place }),
      op,
      nbytes: group.reduce((sum, record) => sum + record.nbytes, 0),
      count: group.length,
      lifetime: largest(group.map((record) => record.lifetime)),
      reads: largest(group.map((record) => record.reads)),
      scratch,
    };
  });
  return rows.sort((a, b) => b.nbytes - a.nbytes);
}
