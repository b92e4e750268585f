import type { CopyReason } from "../buffer.js";
import { elementwise } from "../call.js";
import { formatBytes } from "../units.js";
import type { Born } from "./births.js";
import type { Recorder } from "./ledger.js";
import { type Site, siteAt, withoutSource } from "./sites.js";
import type { CopySum } from "./sums.js";
import { Table } from "./table.js";
import { callWithOut, columns, exactBytes } from "./text.js";

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
  const rows = copies.map(({ site, nbytes, reason, op, needless, why, remedy }) => [
    String(site?.line ?? "?"),
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
  const groups = new Map<string, Born[]>();
  for (const born of recorder.dead()) {
    if (born.lifetime > threshold && born.reads !== 1) continue;
    const key = `${born.site} ${born.op} ${born.scratch}`;
    groups.set(key, [...(groups.get(key) ?? []), born]);
  }
  const rows = [...groups.values()].map((group) => {
    const [{ site, op, scratch }] = group,
      place = siteAt(site);
    return {
      ...(place === undefined ? {} : { site: place }),
      op,
      nbytes: group.reduce((sum, born) => sum + born.nbytes, 0),
      count: group.length,
      lifetime: Math.max(...group.map((born) => born.lifetime)),
      reads: Math.max(...group.map((born) => born.reads)),
      scratch,
    };
  });
  return rows.sort((a, b) => b.nbytes - a.nbytes);
}

/** A change that gives the same values with fewer bytes. */
export interface Advice {
  readonly site?: Site;
  /** Bytes that need not be allocated. */
  readonly saves: number;
  readonly text: string;
}

/** Changes that provably give the same values: needless copies, and results that fit into arrays of no further use. */
export function adviceOf(recorder: Recorder, source: boolean): Advice[] {
  const all = [...needless(recorder), ...reusable(recorder, source)],
    advice = source ? all : all.map(withoutSource);
  return advice.sort((a, b) => b.saves - a.saves || (a.site?.line ?? 0) - (b.site?.line ?? 0));
}

function needless(recorder: Recorder): Advice[] {
  return [...recorder.copySums]
    .filter((sum) => sum.needless > 0 && sum.needless === sum.count)
    .map((sum) =>
      advised(sum, sum.needlessBytes, `the original instead of ${sum.op}(): neither was written while the copy lived`),
    );
}

function advised({ site }: Pick<CopySum, "site">, saves: number, text: string): Advice {
  const place = siteAt(site);
  return { ...(place === undefined ? {} : { site: place }), saves, text };
}

/**
 * Elementwise results for which an array of the same dtype and shape stood ready: born before, used last by this very
 * operation or before it, alive when the result was made, without views, and dead since. Each array serves one result.
 */
function reusable(recorder: Recorder, source: boolean): Advice[] {
  const all = [...recorder.dead(), ...recorder.living()].filter((born) => !born.scratch);
  const ready = new Map<string, Born[]>(),
    groups = new Map<string, { result: Born; donor: Born; bytes: number; count: number }>();
  for (const born of all.sort((a, b) => a.order - b.order)) {
    const kind = `${born.descr.name} ${born.shape.join()}`,
      // Those that died before this one was made cannot serve a later one either.
      donors = (ready.get(kind) ?? []).filter((donor) => donor.freedAt > born.at);
    const donor = resultOfUfunc(born) ? donors.find(({ touched }) => touched <= born.filledAt) : undefined;
    if (donor !== undefined) {
      donors.splice(donors.indexOf(donor), 1);
      count(groups, born, donor);
    }
    // What a pool, a cache or a growable array keeps is not the line's to write into.
    const free = born.freedBy !== null && born.owner === "array" && !born.escaped && born.views === 0;
    if (free && !born.needless) donors.push(born);
    ready.set(kind, donors);
  }
  return [...groups.values()].map(({ result, donor, bytes, count }) => {
    const where = siteAt(donor.site),
      name = source ? nameIn(where?.source) : undefined,
      times = count > 1 ? `, ${count} times` : "";
    const text =
      name === undefined
        ? `${callWithOut(result.op)}: the result of ${donor.op}${where === undefined ? "" : ` on line ${where.line}`} is not used again`
        : `${callWithOut(result.op, name)}: ${name} is not used again`;
    return advised(result, bytes, text + times);
  });
}

function resultOfUfunc({ op, filledAt }: Born): boolean {
  return filledAt !== 0 && elementwise.has(op);
}

function count(
  groups: Map<string, { result: Born; donor: Born; bytes: number; count: number }>,
  result: Born,
  donor: Born,
): void {
  const key = `${result.site} ${result.op} ${donor.site} ${donor.op}`,
    group = groups.get(key) ?? { result, donor, bytes: 0, count: 0 };
  group.bytes += result.nbytes;
  group.count++;
  groups.set(key, group);
}

const DECLARED = /\b(?:const|let|var|using)\s+([\w$]+)\s*(?::[^=]*)?=\s*[\w$.]+\([^()]*\)\s*;?\s*(?:\/\/.*)?$/;

/**
 * The variable that a line of source declares as what one call returns; undefined for any other line. In
 * `const z = sqrt(add(x, y))` two arrays are born, and only one of them is z.
 */
export function nameIn(source: string | undefined): string | undefined {
  return DECLARED.exec(source ?? "")?.[1];
}
