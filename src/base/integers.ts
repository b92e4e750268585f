import { DTypeError, ValueError } from "./errors.js";
import { shown } from "./shown.js";

// The one reader of what a user gives as an integer, before it becomes an address, a count or the bound of a loop.

/** An integer given as a number or a bigint; anything else is a `DTypeError` in NumPy's words. Bigints may be rounded. */
export function asIndex(value: unknown): number {
  if (typeof value === "bigint") return Number(value);
  if (typeof value === "number" && Number.isInteger(value)) return value + 0; // no -0
  throw new DTypeError(`${shown(value)} cannot be interpreted as an integer`);
}

/** `asIndex` where every unit counts: beyond 2^53 a number does not say which integer it is. */
export function asExact(value: unknown): number {
  const n = asIndex(value);
  if (Number.isSafeInteger(n)) return n;
  throw new ValueError(`${shown(value)} is too large: integers beyond 2**53 are not told apart here`);
}

/** How many, of what `what` names: not negative, and no more than memory has bytes. */
export function asCount(value: unknown, what: string): number {
  const n = asIndex(value);
  if (n < 0) throw new ValueError(`${what}, ${n}, must be non-negative.`);
  if (n > 2 ** 32) throw new ValueError(`${what}, ${shown(value)}, is too large: memory ends at 2**32 bytes`);
  return n;
}
