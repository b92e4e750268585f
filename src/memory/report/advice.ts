import { elementwise } from "../../operations/apply.js";
import { EVALUATE } from "../../operations/postponing.js";
import { callWithOut } from "../common/text.js";
import { lineText } from "../places/fileNames.js";
import { type Site, siteAt, siteText, withoutSource, withoutText } from "../places/sites.js";
import type { AllocationRecord } from "../record/allocations.js";
import type { Recorder } from "../record/recorder.js";

// Advice is given only where it can be carried out to the letter and nothing that the program can see changes but the
// bytes: `test/fuzz/advice.ts` carries out that of random programs and compares all their arrays.

/** One array that a change spares, and the one that takes its place, as the how-manieth allocations of the trace, from 1. */
export interface Spared {
  readonly array: number;
  /** 0 for an original that is older than the trace, and where nothing takes its place. */
  readonly by: number;
}

/** A change that gives the same values with fewer bytes. */
export interface Advice {
  /**
   * `out`: pass an array that is of no further use as `out`. `original`: use what was copied instead of the copy, and do
   * not dispose it where the copy was disposed. `scope`: give back, at its end, what the function made and did not
   * return, by `using` or a scope around it. `copy`: return a copy of a view whose array is gone, and dispose the view.
   */
  readonly kind: "out" | "original" | "scope" | "copy";
  /** The line of the operation to be changed, if it is known; of the view to be copied. */
  readonly site?: Site;
  /** That operation. */
  readonly op: string;
  /** The variable to be passed, if it is known. */
  readonly name?: string;
  /** At `original`, the lines that dispose the copy: that must go too. A `using` goes with its declaration. */
  readonly disposals?: readonly Site[];
  /** What is spared: all arrays that the operation gives on that line, or that are given back. */
  readonly spared: readonly Spared[];
  /** Bytes that need not be allocated; at `scope` and `copy` those by which less is retained. */
  readonly saves: number;
  readonly text: string;
}

/** Changes that give the same values: needless copies, and results that fit into arrays of no further use. */
export function adviceOf(recorder: Recorder, source: boolean): Advice[] {
  const all = everything(recorder),
    calls = completeCalls(all, recorder),
    advice = [...originals(calls, all), ...reusable(calls, all, source)],
    told = source ? advice : advice.map(untold);
  return told.sort(mostFirst);
}

function untold(advice: Advice): Advice {
  const { disposals } = advice;
  return { ...withoutSource(advice), ...(disposals === undefined ? {} : { disposals: disposals.map(withoutText) }) };
}

/** The order of advice: what saves most first. */
export function mostFirst(a: Advice, b: Advice): number {
  return b.saves - a.saves || (a.site?.line ?? 0) - (b.site?.line ?? 0);
}

// What was born in the trace, oldest first.
function everything(recorder: Recorder): AllocationRecord[] {
  return [...recorder.dead(), ...recorder.living()].sort((a, b) => a.order - b.order);
}

/**
 * The arrays by line and operation. A change of a line changes each of its runs, so a line of which not all arrays are
 * known, as in a trace of more deaths than are kept, is left out.
 */
function completeCalls(all: readonly AllocationRecord[], recorder: Recorder): AllocationRecord[][] {
  const known = new Map<number, number>();
  for (const { site } of all) known.set(site, (known.get(site) ?? 0) + 1);
  const calls = new Map<string, AllocationRecord[]>();
  for (const record of all) {
    const { site, op, scratch } = record,
      allocs = site === 0 ? recorder.allocs - sum(known, site) : (recorder.bySite.get(site)?.allocs ?? 0);
    if (scratch || known.get(site) !== allocs) continue;
    const key = `${site} ${op}`,
      call = calls.get(key);
    if (call === undefined) calls.set(key, [record]);
    else call.push(record);
  }
  return [...calls.values()];
}

// How many arrays were born on other lines.
function sum(known: ReadonlyMap<number, number>, but: number): number {
  let others = 0;
  for (const [site, count] of known) if (site !== but) others += count;
  return others;
}

function originals(calls: readonly AllocationRecord[][], all: readonly AllocationRecord[]): Advice[] {
  const orders = new Map(all.map(({ serial, order }) => [serial, order]));
  return calls
    .filter((call) => call.every((copy) => copy.needless && canStay(copy)))
    .map((call) => {
      const [{ site, op }] = call,
        lines = new Set(call.flatMap(({ freedBy, disposal }) => (freedBy === "dispose" ? [disposal] : []))),
        disposals = [...lines].map((line) => siteAt(line)!),
        kept = disposals.length > 0 ? ", and no dispose" : "";
      return {
        kind: "original",
        ...placed(site),
        op,
        ...(disposals.length > 0 ? { disposals } : {}),
        spared: call.map(({ order, original }) => ({ array: order, by: orders.get(original) ?? 0 })),
        saves: bytesOf(call),
        text: `the original instead of ${op}()${kept}: neither was written while the copy lived`,
      };
    });
}

// Whether it can be told what would give up the original in the copy's place: the array may have got other names.
function canStay({ freedBy, disposal, site, op }: AllocationRecord): boolean {
  return freedBy === "scope" || (freedBy === "dispose" ? disposal !== 0 : isUsed(siteAt(site)?.source, op));
}

// Whether a line declares with `using` what the last call of its statement gives.
function isUsed(source: string | undefined, op: string): boolean {
  return USED.exec(source ?? "")?.[1] === op;
}

const USED = /\busing\s+[\w$]+\s*(?::[^=]*)?=[^=;]*?\b([\w$]+)\([^()]*\)\s*;?\s*(?:\/\/.*)?$/;

const bytesOf = (call: readonly AllocationRecord[]): number => call.reduce((bytes, { nbytes }) => bytes + nbytes, 0);

function placed(number: number): { site?: Site } {
  const site = siteAt(number);
  return site === undefined ? {} : { site };
}

/** What is known of a donor: until when it may be read, by itself or in place of its needless copies. */
class Donors {
  readonly #touched = new Map<number, number>();
  // The originals of needless copies that have views: in the copy's place they would have them.
  readonly #viewed = new Set<number>();
  readonly of = new Map<AllocationRecord, AllocationRecord>();

  constructor(all: readonly AllocationRecord[]) {
    // The youngest first: a copy of a copy stands for both.
    for (let i = all.length - 1; i >= 0; i--) {
      const { needless, original, serial, touched, views } = all[i];
      this.#touch(serial, touched);
      if (!needless) continue;
      this.#touch(original, this.#touched.get(serial)!);
      if (views > 0 || this.#viewed.has(serial)) this.#viewed.add(original);
    }
  }

  #touch(serial: number, at: number): void {
    this.#touched.set(serial, Math.max(at, this.#touched.get(serial) ?? 0));
  }

  /** Whether views read an array, or would once it stands for its needless copies. */
  isViewed({ views, serial }: AllocationRecord): boolean {
    return views > 0 || this.#viewed.has(serial);
  }

  /** Whether a result may be written into another array: nobody reads that later, and it lives as long as needed. */
  serve(result: AllocationRecord, donor: AllocationRecord): boolean {
    const last = this.#touched.get(donor.serial)!;
    // Over its own input an expression needs scratch instead.
    if (result.op === EVALUATE ? last >= result.at : last > result.filledAt) return false;
    return donor.freedAt > result.at && !result.watched && this.#outlives(result, donor);
  }

  // An array that is written into by several results one after the other serves them all.
  #outlives(result: AllocationRecord, donor: AllocationRecord): boolean {
    const earlier = this.of.get(donor),
      read = !result.escaped && result.freedBy !== null && this.#touched.get(result.serial)! < donor.freedAt,
      kept = donor.closer !== 0 && result.keepers.includes(donor.closer);
    return (read || kept) && (earlier === undefined || this.#outlives(result, earlier));
  }
}

/**
 * Elementwise results for which an array of the same dtype and shape stood ready: born before, used last by this very
 * operation or before it, alive as long as the result is used, without views, and dead since. Each array serves one
 * result. All results of a line must find one, and all in the same way.
 */
function reusable(calls: readonly AllocationRecord[][], all: readonly AllocationRecord[], source: boolean): Advice[] {
  const pairs = pairsOf(all),
    { of } = pairs;
  return calls.flatMap((call) => {
    if (!call.every((record) => of.has(record))) return [];
    const groups = new Map<string, AllocationRecord[]>();
    for (const record of call) {
      const { site, op } = of.get(record)!,
        key = `${site} ${op}`,
        group = groups.get(key);
      if (group === undefined) groups.set(key, [record]);
      else group.push(record);
    }
    // One line cannot be written in two ways. Without lines, each result is told by its number.
    if (groups.size > 1 && call[0].site !== 0) return [];
    return [...groups.values()].map((group) => advised(group, pairs, source));
  });
}

// Whether something else reads an array's bytes, or sees when it ends.
const isSeen = ({ escaped, watched }: AllocationRecord): boolean => escaped || watched;

function pairsOf(all: readonly AllocationRecord[]): Donors {
  const ready = new Map<string, AllocationRecord[]>(),
    last = new Map<number, AllocationRecord>(),
    pairs = new Donors(all);
  for (const record of all) {
    if (record.scratch) continue;
    if (record.owner !== "array") {
      last.set(record.site, record);
      continue;
    }
    const kind = `${record.descr.name} ${record.shape.join()}`,
      // Those that died before this one was made cannot serve a later one either.
      donors = (ready.get(kind) ?? []).filter((donor) => donor.freedAt > record.at);
    // Of the arrays of one line a program can name the last.
    const isLast = (donor: AllocationRecord): boolean => donor.site === 0 || last.get(donor.site) === donor,
      fits = record.whole && elementwise.has(record.op);
    const donor = fits ? donors.find((donor) => isLast(donor) && pairs.serve(record, donor)) : undefined;
    if (donor !== undefined) {
      donors.splice(donors.indexOf(donor), 1);
      pairs.of.set(record, donor);
    }
    last.set(record.site, record);
    const program = record.freedBy === "dispose" || record.freedBy === "using" || record.freedBy === "scope";
    if (program && !record.late && !isSeen(record) && !pairs.isViewed(record) && !record.needless) donors.push(record);
    ready.set(kind, donors);
  }
  return pairs;
}

function advised(group: readonly AllocationRecord[], { of }: Donors, source: boolean): Advice {
  const [result] = group,
    donor = of.get(result)!,
    where = siteAt(donor.site),
    name = source ? nameOf(result, donor) : undefined,
    times = group.length > 1 ? `, ${group.length} times` : "";
  const text =
    name === undefined
      ? `${callWithOut(result.op)}: the result of ${donor.op}${where === undefined ? "" : ` on ${where.file === siteAt(result.site)?.file ? `line ${lineText(where)}` : siteText(donor.site)}`} is not used again`
      : `${callWithOut(result.op, name)}: ${name} is not used again`;
  return {
    kind: "out",
    ...placed(result.site),
    op: result.op,
    ...(name === undefined ? {} : { name }),
    spared: group.map((record) => ({ array: record.order, by: of.get(record)!.order })),
    saves: bytesOf(group),
    text: text + times,
  };
}

// The donor's variable, where both lie in one function.
function nameOf(result: AllocationRecord, donor: AllocationRecord): string | undefined {
  const there = siteAt(donor.site),
    here = siteAt(result.site);
  return here?.fn === there?.fn && here?.file === there?.file ? nameIn(there?.source) : undefined;
}

const DECLARED = /\b(?:const|let|var|using)\s+([\w$]+)\s*(?::[^=]*)?=\s*[\w$.]+\([^()]*\)\s*;?\s*(?:\/\/.*)?$/;

/**
 * The variable that a line of source declares as what one call returns; undefined for any other line. In
 * `const z = sqrt(add(x, y))` two arrays are made, and only one of them is z.
 */
export function nameIn(source: string | undefined): string | undefined {
  return DECLARED.exec(source ?? "")?.[1];
}
