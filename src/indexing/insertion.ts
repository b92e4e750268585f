import { type ArrayLike, isArray, ofList, toTypedArray } from "../array/convert.js";
import { addressOf, close } from "../array/destination.js";
import { live, make, type NDArray, shapeOf, stridesOf } from "../array/ndarray.js";
import { takes } from "../array/options.js";
import { checkInteger, type IndexList, outOfBounds, Slice, sliceRange } from "../array/slices.js";
import { Temporaries } from "../array/temporaries.js";
import type { DType } from "../base/dtype.js";
import { ShapeError, ValueError } from "../base/errors.js";
import { assignedStrides, checkAxis, shapeText } from "../base/layout.js";
import { isInstance } from "../base/shown.js";
import { flattened, type Indices } from "./picking.js";
import { move } from "./rearranging.js";
import { indexArray } from "./subscript.js";

const REMOVE = takes("delete(a, positions, axis)"),
  INSERT = takes("insert(a, positions, values, axis)");

// Arrays with some positions along an axis left out or put in: stretches of the array laid straight into the result.

/** Positions along an axis: an integer, integers, a mask, or a slice. */
export type Positions = Indices | Slice | readonly boolean[];

/**
 * The array without some positions along an axis; without an axis, without elements in row-major order. Returns a
 * copy. NumPy: `delete`. Errors: an `IndexError` for a position out of range.
 */
export function remove<D extends DType>(
  a: NDArray<D> | ArrayLike,
  positions: Positions,
  axis: number | null = null,
): NDArray<D> {
  REMOVE.count(arguments.length);
  if (!isArray(a)) return ofList(REMOVE, a, (x: NDArray<D>) => remove(x, positions, axis));
  live(a);
  using work = new Temporaries("delete");
  const source = axis === null ? (flattened(a, work) as NDArray<D>) : a,
    along = axis === null ? 0 : checkAxis(axis, a.ndim);
  const length = shapeOf(source)[along],
    keep = new Uint8Array(length).fill(1);
  for (const position of listed(positions, length, length - 1, along, "delete")) keep[position] = 0;
  const runs = runsOf(keep),
    count = runs.reduce((sum, [from, to]) => sum + to - from, 0);
  const out = make(shapeOf(source).with(along, count), a.descr, "delete", "join");
  let to = out.buffer.pointer;
  for (const [from, end] of runs) {
    const step = stridesOf(out)[along];
    move(
      shapeOf(source).with(along, end - from),
      to,
      stridesOf(out),
      a.descr.code,
      addressOf(source) + from * stridesOf(source)[along],
      stridesOf(source),
      source,
    );
    to += (end - from) * step;
  }
  close("delete", [a], out);
  return out;
}
export { remove as delete };

// The stretches of ones, each from its first to after its last.
function runsOf(keep: Uint8Array): [from: number, to: number][] {
  const runs: [number, number][] = [];
  for (let from = keep.indexOf(1); from >= 0; ) {
    const end = keep.indexOf(0, from),
      to = end < 0 ? keep.length : end;
    runs.push([from, to]);
    from = keep.indexOf(1, to);
  }
  return runs;
}

// Positions as numbers from the front, none behind `last`.
function listed(positions: Positions, length: number, last: number, axis: number, op: string): number[] {
  const fromFront = (index: number): number => {
    if (index < -length || index > last) throw outOfBounds(index, axis, length);
    return index < 0 ? index + length : index;
  };
  if (typeof positions === "number" || typeof positions === "bigint") return [fromFront(checkInteger(positions))];
  if (isInstance(positions, Slice)) {
    const [first, count, step] = sliceRange(positions, length);
    return Array.from({ length: count }, (_, i) => first + i * step);
  }
  using work = new Temporaries(op);
  const array = indexArray(positions as IndexList | NDArray, work);
  const values = Array.from(toTypedArray(array), Number);
  if (array.dtype !== "bool") return values.map(fromFront);
  if (array.ndim !== 1 || array.size !== length) {
    throw new ValueError(
      `boolean array argument obj to ${op} must be one dimensional and match the axis length of ${length}`,
    );
  }
  return values.flatMap((value, i) => (value === 0 ? [] : [i]));
}

/**
 * The array with values put in before some positions along an axis; without an axis, among the elements in row-major
 * order. One position takes values that broadcast to any number of slices, several take one each. Returns a copy in the
 * array's dtype.
 */
export function insert<D extends DType>(
  a: NDArray<D> | ArrayLike,
  positions: Positions,
  values: ArrayLike,
  axis: number | null = null,
): NDArray<D> {
  INSERT.count(arguments.length);
  if (!isArray(a)) return ofList(INSERT, a, (x: NDArray<D>) => insert(x, positions, values, axis));
  live(a);
  using work = new Temporaries("insert");
  const source = axis === null ? (flattened(a, work) as NDArray<D>) : a,
    along = axis === null ? 0 : checkAxis(axis, a.ndim);
  const length = shapeOf(source)[along],
    given = work.array(values, a.dtype);
  const at = listed(positions, length, length, along, "insert");
  const [count, strides] = insertedValues(given, source, along, at.length, typeof positions !== "object");
  const order = at.map((_, i) => i).sort((i, j) => at[i] - at[j]);
  const out = make(shapeOf(source).with(along, length + count), a.descr, "insert", "join");
  const lay = (array: NDArray, from: number, n: number, to: number, steps: readonly number[], start: number): void => {
    move(
      shapeOf(source).with(along, n),
      out.buffer.pointer + to * stridesOf(out)[along],
      stridesOf(out),
      a.descr.code,
      start + from * steps[along],
      steps,
      array,
    );
  };
  const each = at.length === 1 ? count : 1;
  let from = 0,
    to = 0;
  for (const i of order) {
    lay(source, from, at[i] - from, to, stridesOf(source), addressOf(source));
    to += at[i] - from;
    from = at[i];
    lay(given, i, each, to, strides, addressOf(given));
    to += each;
  }
  lay(source, from, length - from, to, stridesOf(source), addressOf(source));
  close("insert", [a, given], out);
  return out;
}

// How many slices the values make along the axis, and their strides over these. As in NumPy the first axis of the
// values
// goes along the axis if the position is a single number.
function insertedValues(
  given: NDArray,
  source: NDArray<DType>,
  axis: number,
  places: number,
  single: boolean,
): [count: number, strides: readonly number[]] {
  const missing = Math.max(source.ndim - given.ndim, 0);
  const shape = [...new Array<number>(missing).fill(1), ...shapeOf(given)],
    strides = [...new Array<number>(missing).fill(0), ...stridesOf(given)];
  if (single) for (const list of [shape, strides]) list.splice(axis, 0, ...list.splice(0, 1));
  const count = places === 1 ? shape[axis] : places,
    target = shapeOf(source).with(axis, count);
  const steps = assignedStrides(shape, strides, target);
  if (steps === null) {
    throw new ShapeError(
      `shape mismatch: value array of shape ${shapeText(shapeOf(given))} could not be broadcast to indexing result of shape ${shapeText(target)}`,
    );
  }
  return [count, steps];
}
