import { ValueError } from "../base/errors.js";
import { shown } from "../base/shown.js";
import { formatBytes } from "../base/units.js";
import { exactBytes } from "../memory/common/text.js";
import { arraysIn } from "../memory/common/values.js";
import { Bill, billed, type Charge, type ChargeRow, chargeTable } from "../memory/report/bill.js";
import { trace } from "../memory/watch/trace.js";

/** What a test runner shares with a matcher: those of Vitest and Jest fit. */
export interface MatcherContext {
  readonly isNot?: boolean | undefined;
  readonly currentTestName?: string | undefined;
  readonly testPath?: string | undefined;
  /** What the runner keeps of snapshots, and whether it writes them: in each runner something else. */
  readonly snapshotState?: unknown;
}

/** What a matcher answers. */
export interface Verdict {
  readonly pass: boolean;
  readonly message: () => string;
}

/** A function that was run, what messages call it, and what it did to memory. */
export interface Measured {
  readonly name: string;
  readonly bill: Bill;
  readonly result: unknown;
}

/** Runs the function given to `expect`. It must be synchronous. */
export function measure(received: unknown, matcher: string): Measured {
  const fn = functionOf(received, matcher),
    bill = new Bill();
  const result = billed(bill, () => runOnce(fn));
  return { name: nameOf(fn, bill), bill, result };
}

/** The function given to `expect`, or a `ValueError` that shows how it is given. */
export function functionOf(received: unknown, matcher: string): () => unknown {
  if (typeof received === "function") return received as () => unknown;
  throw new ValueError(`${matcher} runs a function: expect(() => …).${matcher}(…), not ${shown(received)}`);
}

/** What a function returns. A trace refuses asynchronous ones, whose work would end after the check. */
export function runOnce(fn: () => unknown): unknown {
  return trace(fn, { level: "counters" }).result;
}

/** What messages call a function. */
export function nameOf(fn: () => unknown, bill: Bill): string {
  return fn.name || bill.onlyFunction || "the function";
}

/** The serial numbers of the buffers behind all arrays in a value. */
export function buffersIn(value: unknown): Set<number> {
  return new Set([...arraysIn(value)].filter((a) => !a.disposed).map((a) => a.buffer.serial));
}

/** Two numbers of bytes in a few figures each, in all figures where fewer would look alike. */
export function bothBytes(a: number, b: number): [string, string] {
  const short: [string, string] = [formatBytes(a), formatBytes(b)];
  return short[0] === short[1] && a !== b ? [exactBytes(a), exactBytes(b)] : short;
}

/** A sentence, the table of what it is about, and what else there is to say. */
export function told(sentence: string, table: string, ...notes: string[]): () => string {
  return () => [sentence, ...(table === "" ? [] : [table]), ...notes.map((note) => `  ${note}`)].join("\n");
}

/** The lines that allocated. */
export function allocations(bill: Bill, why = false): string {
  return rows(bill.charges, (c) => ({ charge: c, bytes: c.allocated, count: c.allocs }), why);
}

/** The lines whose arrays were not given back. */
export function keepings(bill: Bill, divisor = 1): string {
  return rows(bill.charges, (c) => ({ charge: c, bytes: c.retained / divisor, count: c.kept / divisor }), false);
}

/** The lines that copied for one of some reasons. */
export function copyings(charges: readonly Charge[]): string {
  return rows(charges, (c) => ({ charge: c, bytes: c.allocated, count: c.allocs }), true);
}

function rows(charges: readonly Charge[], toRow: (charge: Charge) => ChargeRow, why: boolean): string {
  return chargeTable(
    charges.map(toRow).filter(({ count }) => count > 0),
    { why },
  );
}
