import { counting } from "../base/arity.js";
import type { DType, TypedArrayLike } from "../base/dtype.js";
import { DTypeError, IndexError, ValueError } from "../base/errors.js";
import { asIndex } from "../base/integers.js";
import { shown } from "../base/shown.js";
import type { NDArray } from "./ndarray.js";
import { takes } from "./options.js";

const SLICE = takes("slice(start, stop, step)");

/**
 * A range of an axis, as Python's `slice`: from `start` to before `stop` by `step`; null stands for what is omitted.
 */
export class Slice {
  constructor(
    readonly start: number | null,
    readonly stop: number | null,
    readonly step: number | null,
  ) {}

  /** As it stands in an index string: `1:-1:2`. */
  toString(): string {
    return `${this.start ?? ""}:${this.stop ?? ""}${this.step === null ? "" : `:${this.step}`}`;
  }
}

counting(Slice);

/** The range `start:stop:step` of an axis; null, or nothing, stands for what is omitted: `slice(1)` is `1:`. */
export function slice(
  start: number | bigint | null = null,
  stop: number | bigint | null = null,
  step: number | bigint | null = null,
): Slice {
  SLICE.count(arguments.length);
  const by = bound(step);
  if (by === 0) throw new ValueError("slice step cannot be zero");
  return new Slice(bound(start), bound(stop), by);
}

function bound(value: unknown): number | null {
  if (value === null) return null;
  if (typeof value !== "bigint" && !Number.isInteger(value))
    throw new DTypeError(`slice indices must be integers or null, not ${shown(value)}`);
  return asIndex(value);
}

/** A new axis of length 1 in an index. NumPy: `newaxis`, `None`. */
export const newaxis = null;

/** As many full slices as an index leaves out. NumPy: `Ellipsis`, `...`. */
export const ellipsis = "...";

/** Integers or booleans in nested lists. */
export type IndexList = readonly (number | bigint | boolean | IndexList)[];

/**
 * One item of an index: an integer, a slice, `newaxis`, `ellipsis`, an array or lists of integers or booleans, or a
 * string of items as Python writes them: `"1:, ::-1, ..., None"`.
 */
export type IndexItem = number | bigint | boolean | null | string | Slice | NDArray<DType> | TypedArrayLike | IndexList;

/** An item of a string. */
export type ReadItem = number | null | typeof ellipsis | Slice;

/** The sentence for an item that is no index. */
export function invalidIndex(item: unknown): IndexError {
  return new IndexError(
    "only integers, slices (`:`), ellipsis (`...`), numpy.newaxis (`None`) and integer or boolean arrays are valid indices" +
      `; got ${shown(item)}`,
  );
}

/** The items of an index in a string. Throws an `IndexError` for what is no index. */
export function readString(text: string): ReadItem[] {
  const parts = text.split(",").map((part) => part.trim());
  // As in Python a last comma may stand: "1,".
  if (parts.length > 1 && parts[parts.length - 1] === "") parts.pop();
  return parts.map((part) => readPart(part, text));
}

function readPart(part: string, text: string): ReadItem {
  if (part === ellipsis) return ellipsis;
  if (part === "None" || part === "newaxis") return newaxis;
  const numbers = part.split(":").map((number) => {
    const digits = number.trim();
    if (digits === "") return null;
    if (!/^[+-]?\d+$/.test(digits)) throw invalidIndex(text);
    return Number(digits);
  });
  if (numbers.length > 3 || (numbers.length === 1 && numbers[0] === null)) throw invalidIndex(text);
  return numbers.length === 1 ? numbers[0] : slice(numbers[0], numbers[1], numbers[2]);
}

/**
 * First index, number of indices and step of a slice of an axis; an empty slice begins at 0 with step 1, as NumPy's.
 */
export function sliceRange({ start, stop, step }: Slice, length: number): [start: number, count: number, step: number] {
  const by = step ?? 1,
    lowest = by < 0 ? -1 : 0,
    highest = by < 0 ? length - 1 : length;
  const within = (value: number): number => Math.min(Math.max(value < 0 ? value + length : value, lowest), highest);
  const first = start === null ? (by < 0 ? highest : lowest) : within(start);
  const end = stop === null ? (by < 0 ? lowest : highest) : within(stop);
  const count = Math.ceil((end - first) / by);
  return count > 0 ? [first, count, by] : [0, 0, 1];
}

/** An integer index counted from the front; one that the axis does not have is an `IndexError`. */
export function checkIndex(index: number | bigint, axis: number, length: number): number {
  if (typeof index !== "number") {
    if (typeof index !== "bigint") throw invalidIndex(index);
    if (index < -length || index >= length) throw outOfBounds(index, axis, length);
    return checkIndex(Number(index), axis, length);
  }
  if (!Number.isInteger(index)) throw invalidIndex(index);
  if (index < -length || index >= length) throw outOfBounds(index, axis, length);
  return index < 0 ? index + length : index;
}

/** A position given as a number or a bigint; anything else is an `IndexError`. */
export function checkInteger(position: unknown): number {
  if (typeof position !== "bigint" && !Number.isInteger(position)) throw invalidIndex(position);
  return asIndex(position);
}

/** The sentence for an index that an axis does not have. */
export function outOfBounds(index: number | bigint, axis: number, length: number): IndexError {
  return new IndexError(`index ${index} is out of bounds for axis ${axis} with size ${length}`);
}
