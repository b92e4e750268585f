import { formatBytes } from "../../base/units.js";
import type { Buffer, Slot } from "../../heap/buffer.js";
import type { Listener } from "../../heap/listener.js";
import type { CopyReason, FreedBy } from "../../heap/reasons.js";
import { columns, counted } from "../common/text.js";
import { linesOf } from "../places/fileNames.js";
import { lastStack, siteAt } from "../places/sites.js";
import { attach, detach } from "../record/listeners.js";
import { onlyFunction } from "./reportText.js";

/** What one operation on one line did, for one reason. Sums are exact. */
export interface Charge {
  readonly site: number;
  /** Its callers, for `sitesOfStack`, if the bill is to know them; else 0. */
  readonly stack: number;
  readonly op: string;
  readonly reason: CopyReason | null;
  allocs: number;
  allocated: number;
  /** Of those: buffers and bytes that the program has not given back. */
  kept: number;
  retained: number;
  /** Of those again: buffers and bytes that the collector found and freed. */
  found: number;
  collected: number;
}

/**
 * Sums for checks, which must be the same on every run. So the collector, which comes when it likes, is left out: what
 * only it freed counts as live. A trace's report tells what really was live.
 */
export class Bill implements Listener {
  allocs = 0;
  allocated = 0;
  /** Live bytes, counted from the start; below 0 if older arrays were disposed. */
  retained = 0;
  peak = 0;
  readonly #charges = new Map<string, Charge>();
  readonly #living = new Map<number, { readonly charge: Charge; readonly nbytes: number }>();
  readonly #given = new Set<number>();

  /** Callers are those that a trace at the level `stacks`, open at the same time, takes. */
  constructor(
    readonly sited = true,
    readonly stacked = false,
  ) {}

  allowing(): void {}

  born({ nbytes, serial, op, reason, site }: Buffer): void {
    const charge = this.#chargeOf(site, op, reason);
    charge.allocs++;
    charge.allocated += nbytes;
    charge.kept++;
    charge.retained += nbytes;
    this.#living.set(serial, { charge, nbytes });
    this.allocs++;
    this.allocated += nbytes;
    this.retained += nbytes;
    this.peak = Math.max(this.peak, this.retained);
  }

  #chargeOf(site: number, op: string, reason: CopyReason | null): Charge {
    const stack = this.stacked ? lastStack() : 0,
      key = `${site} ${stack} ${op} ${reason}`;
    let charge = this.#charges.get(key);
    if (charge === undefined) {
      charge = { site, stack, op, reason, allocs: 0, allocated: 0, kept: 0, retained: 0, found: 0, collected: 0 };
      this.#charges.set(key, charge);
    }
    return charge;
  }

  died({ serial, nbytes }: Slot, by: FreedBy): void {
    this.#died(serial, nbytes, by);
  }

  #died(serial: number, nbytes: number, by: FreedBy): void {
    const charge = this.#living.get(serial)?.charge;
    this.#living.delete(serial);
    if (this.#given.delete(serial)) return;
    if (by === "gc") {
      if (charge === undefined) return;
      charge.found++;
      charge.collected += nbytes;
      return;
    }
    this.retained -= nbytes;
    if (charge === undefined) return;
    charge.kept--;
    charge.retained -= nbytes;
  }

  /** Takes buffers off the bill, with their later deaths: a function's result is its caller's. */
  handOver(serials: Iterable<number>): void {
    for (const serial of serials) {
      const living = this.#living.get(serial);
      if (living === undefined) continue;
      this.#died(serial, living.nbytes, "dispose");
      this.#given.add(serial);
    }
  }

  viewed(): void {}

  ran(): void {}

  /** The charges, in the order in which they first came. */
  get charges(): readonly Charge[] {
    return [...this.#charges.values()];
  }

  /** How many copies were made for each reason, by name. */
  get copies(): Partial<Record<CopyReason, number>> {
    const sums: Partial<Record<CopyReason, number>> = {};
    for (const { reason, allocs } of this.charges) if (reason !== null) sums[reason] = (sums[reason] ?? 0) + allocs;
    return Object.fromEntries(Object.entries(sums).sort(([a], [b]) => (a < b ? -1 : 1)));
  }

  /** The name of the only function in which memory was asked for; empty if there are several, or it has no name. */
  get onlyFunction(): string {
    return onlyFunction(this.charges.map(({ site }) => site));
  }
}

/** Runs a function with a bill open; the bill is closed also when it throws. */
export function billed<T>(bill: Bill, fn: () => T): T {
  attach(bill);
  try {
    return fn();
  } finally {
    detach(bill);
  }
}

/** A row of a table about charges. */
export interface ChargeRow {
  readonly charge: Charge;
  readonly bytes: number;
  readonly count: number;
}

/**
 * Charges as a table: bytes, how many arrays where it is not one, line, operation, source; largest first. `why` adds
 * the reasons of copies.
 */
export function chargeTable(rows: readonly ChargeRow[], { why = false, most = 12 } = {}): string {
  const lineOf = linesOf(rows.map(({ charge }) => siteAt(charge.site)));
  const merged = new Map<string, { cells: string[]; source: string; bytes: number; count: number }>();
  for (const { charge, bytes, count } of rows) {
    const { site, op, reason } = charge,
      place = siteAt(site);
    const cells = [place === undefined ? "?" : lineOf(place), op, why ? (reason ?? "") : ""],
      key = `${place?.file} ${cells}`;
    const row = merged.get(key) ?? { cells, source: place?.source ?? "", bytes: 0, count: 0 };
    merged.set(key, { ...row, bytes: row.bytes + bytes, count: row.count + count });
  }
  const sorted = [...merged.values()].sort((a, b) => b.bytes - a.bytes),
    several = sorted.some(({ count }) => count !== 1);
  const text = sorted.slice(0, most).map(({ cells: [place, op, reason], source, bytes, count }) => {
    const times = several ? [`in ${count.toLocaleString("en-US")}`] : [];
    return [formatBytes(bytes), ...times, place, op, ...(why ? [reason] : []), source];
  });
  const table = columns(text, `>${several ? "<" : ""}<<${why ? "<" : ""}<`, "  "),
    rest = sorted.slice(most).reduce((sum, { bytes }) => sum + bytes, 0);
  if (sorted.length <= most) return table;
  return `${table}\n  and ${formatBytes(rest)} on ${counted(sorted.length - most, "more line")}`;
}
