import { tidyStack } from "./newStack.js";
import { plainLines } from "./plain.js";
import { isInstance } from "./shown.js";

/** What every copy of the package marks its errors with. */
const BRAND = Symbol.for("nbytes.error");

/** The base of every error this package throws; `name` says the kind, as Python's class would. */
export class NDArrayError extends Error {
  override name = "NDArrayError";
  constructor(message?: string, options?: ErrorOptions) {
    // Whatever a sentence quotes: a terminal obeys none of it.
    super(message === undefined ? message : plainLines(message), options);
    tidyStack(this);
  }
}

Object.defineProperty(NDArrayError.prototype, BRAND, { value: true });

/** A value that NumPy refuses with `ValueError`. */
export class ValueError extends NDArrayError {
  override name = "ValueError";
}

/** A text that cannot be read, with the place; NumPy: `ValueError`. */
export class ParseError extends ValueError {
  override name = "ParseError";
  constructor(
    message: string,
    /** What errors call the source: `'x.csv'`, `the text`. */
    readonly source: string,
    /** The line and the column, counted from 1; null where the whole line is meant. */
    readonly line: number,
    readonly column: number | null,
  ) {
    super(message);
  }
}

/** Shapes that do not fit each other; NumPy: `ValueError`. */
export class ShapeError extends ValueError {
  override name = "ShapeError";
}

/** An axis that the array does not have. */
export class AxisError extends ValueError {
  override name = "AxisError";
  constructor(
    readonly axis: number,
    readonly ndim: number,
  ) {
    super(`axis ${axis} is out of bounds for array of dimension ${ndim}`);
  }
}

/** A dtype that an operation cannot take or reach; NumPy: `TypeError`. */
export class DTypeError extends NDArrayError {
  override name = "DTypeError";
}

/** A call that the function does not take: an unknown option, an argument too many; NumPy: `TypeError`. */
export class ArgumentError extends NDArrayError {
  override name = "ArgumentError";
}

/** An index that the array does not have. */
export class IndexError extends NDArrayError {
  override name = "IndexError";
}

/** An integer that its dtype cannot hold. */
export class OverflowError extends NDArrayError {
  override name = "OverflowError";
}

/** A write into an array that is read-only; NumPy: `ValueError`. */
export class ReadOnlyError extends ValueError {
  override name = "ReadOnlyError";
}

/** A copy that `copy: false` forbids; NumPy: `ValueError`. */
export class CopyError extends ValueError {
  override name = "CopyError";
}

/** A file that cannot be read or written; NumPy: `OSError`, `FileNotFoundError` among them. */
export class FileError extends NDArrayError {
  override name = "FileError";
  constructor(
    /** The host's name of what went wrong: `ENOENT`, `EACCES`. */
    readonly code: string,
    readonly path: string,
    sentence: string,
    options?: ErrorOptions,
  ) {
    super(`[${code}] ${sentence}: '${path}'`, options);
  }
}

/** A use of an array after it was disposed. */
export class DisposedError extends NDArrayError {
  override name = "DisposedError";
}

/** A pool that lent all it may, or was given back what it did not lend. */
export class PoolError extends NDArrayError {
  override name = "PoolError";
}

/** Memory that is not to be had; NumPy: `MemoryError`. Nothing was changed. */
export class OutOfMemoryError extends NDArrayError {
  override name = "OutOfMemoryError";
  constructor(
    message: string,
    readonly requested: number,
    readonly live: number,
    readonly reserved: number,
    readonly largestFree: number,
  ) {
    super(message);
  }
}

/** An allocation that a `memory.limit` forbids. Nothing was changed. */
export class MemoryBudgetError extends NDArrayError {
  override name = "MemoryBudgetError";
  constructor(
    message: string,
    /** The name of the budget. */
    readonly label: string,
    readonly limit: "live" | "allocated" | "allocs" | "copies",
    /** Bytes, allocations or copies that were asked for, and how many were left. */
    readonly requested: number,
    readonly left: number,
    /** What had happened under the budget: a report of src/memory/report/report.ts. */
    readonly report: { toString(): string },
  ) {
    super(message);
  }
}

/**
 * Says whether `error` is one of this package's, and of the kind `name` if one is given. Errors of another copy of the
 * package are known too.
 */
export function isNDArrayError(error: unknown, name?: string): error is NDArrayError {
  if (arguments.length > 2 || (name !== undefined && typeof name !== "string"))
    throw new ArgumentError("isNDArrayError(error, name) takes an error, and the name of a kind: 'ShapeError'");
  return isBranded(error) && (name === undefined || error.name === name);
}

function isBranded(error: unknown): error is NDArrayError {
  return isInstance(error, NDArrayError) || (isInstance(error, Error) && BRAND in error);
}
