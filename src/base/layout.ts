import { AxisError, DTypeError, OverflowError, ShapeError, ValueError } from "./errors.js";
import { asIndex } from "./integers.js";
import { isList, shown } from "./shown.js";

// Pure algebra of shapes and byte strides: it reads no memory and knows no arrays.

/** A shape as functions take it: one length, or one for each axis. */
export type ShapeLike = number | readonly number[];

/** A shape as NumPy writes it: `(2,3)`, `(4,)`, `()`. */
export function shapeText(shape: readonly number[]): string {
  return shape.length === 1 ? `(${shape[0]},)` : `(${shape.join(",")})`;
}

/** Throws an `OverflowError` where an int32 array could not hold every index into so many elements, or their count. */
export function checkInt32(length: number, op: string): void {
  if (length < 2 ** 31) return;
  throw new OverflowError(`${op} gives int32, which reaches 2147483647: ${length} elements are too many for its array`);
}

/** The number of elements of a shape. */
export function sizeOfShape(shape: readonly number[]): number {
  let size = 1;
  for (let i = 0; i < shape.length; i++) size *= shape[i];
  return size;
}

/**
 * The items of a list of numbers (or of a typed array), one for each axis at most; an item alone is a list of one. They
 * are copied, so that nobody changes them later. `what` names the list in errors.
 */
export function listOf(value: unknown, what: string, most = 64): number[] {
  if (typeof value !== "object") return [value as number]; // who asked checks the items
  if (!isList(value) && !(ArrayBuffer.isView(value) && "length" in value))
    throw new DTypeError(`${what} is an integer or a list of integers, not ${shown(value)}`);
  const { length } = value as ArrayLike<number>; // a list or a typed array has one
  if (!(length <= most))
    throw new ValueError(
      most === 64
        ? `maximum supported dimension for an ndarray is currently 64, found ${shown(length)}`
        : `${what} are at most ${most}, not ${shown(length)}`,
    );
  const list: number[] = [];
  for (let i = 0; i < length; i++) {
    const item = (value as ArrayLike<number | undefined>)[i]; // read by index: an iterator may lie
    if (item === undefined) throw new DTypeError(`${what}: item ${i} is undefined, which is no integer`);
    list.push(item);
  }
  return list;
}

/** The list again, which nobody can change. */
export function frozenCopy(list: readonly number[]): readonly number[] {
  return Object.freeze(list.slice());
}

/** A shape given by the user, checked: whole non-negative lengths, at most 64 axes. */
export function checkShape(shape: ShapeLike): readonly number[] {
  const list = listOf(shape, "a shape");
  let size = 1;
  for (let i = 0; i < list.length; i++) {
    const length = asIndex(list[i]);
    if (length < 0) throw new ValueError("negative dimensions are not allowed");
    list[i] = length;
    // Strides are products too, of an empty array also.
    if (length > 0) size *= length;
  }
  if (!Number.isSafeInteger(size)) throw new ValueError("Maximum allowed dimension exceeded");
  return list;
}

/** The strides of a C-contiguous array, in bytes. */
export function rowMajor(shape: readonly number[], itemsize: number): number[] {
  if (shape.length === 1) return [itemsize]; // a list as it is written is made in a fifth of the time
  const strides = new Array<number>(shape.length);
  for (let i = shape.length - 1, step = itemsize; i >= 0; i--) {
    strides[i] = step;
    step *= Math.max(shape[i], 1);
  }
  return strides;
}

/** Whether elements lie one after the other in row-major order. Axes of length 1 do not count; an empty array is. */
export function isContiguous(shape: readonly number[], strides: readonly number[], itemsize: number): boolean {
  for (let i = shape.length - 1, step = itemsize; i >= 0; i--) {
    if (shape[i] === 0) return true;
    if (shape[i] !== 1 && strides[i] !== step) return sizeOfShape(shape) === 0;
    step *= shape[i];
  }
  return true;
}

/** An axis counted from the front; one that is not there is an `AxisError`. */
export function checkAxis(axis: number, ndim: number): number {
  const k = Number.isInteger(axis) ? axis : asIndex(axis);
  if (k < -ndim || k >= ndim) throw new AxisError(k, ndim);
  return k < 0 ? k + ndim : k + 0;
}

/** Axes counted from the front, all of them for `null`; a repeated one is a `ValueError`. */
export function checkAxes(axis: number | readonly number[] | null | undefined, ndim: number): number[] {
  if (axis === null || axis === undefined) return Array.from({ length: ndim }, (_, i) => i);
  if (typeof axis !== "object") return [checkAxis(axis, ndim)];
  const axes = listOf(axis, "an axis").map((a) => checkAxis(a, ndim));
  if (new Set(axes).size !== axes.length) throw new ValueError("duplicate value in 'axis'");
  return axes;
}

/** Whether an axis is the one that NumPy lets a 0-d array have, as if it had a single element along it. */
export function isOfNone(axis: unknown, ndim: number): boolean {
  return ndim === 0 && (axis === 0 || axis === -1);
}

/** The shape that all shapes broadcast to. */
export function broadcastShapes(...shapes: readonly (readonly number[])[]): number[] {
  const ndim = Math.max(0, ...shapes.map((s) => s.length));
  const result = new Array<number>(ndim).fill(1);
  for (const shape of shapes) {
    for (let i = 0, at = ndim - shape.length; i < shape.length; i++, at++) {
      if (shape[i] === 1) continue;
      if (result[at] !== 1 && result[at] !== shape[i]) {
        throw new ShapeError(`operands could not be broadcast together with shapes ${shapes.map(shapeText).join(" ")}`);
      }
      result[at] = shape[i];
    }
  }
  return result;
}

/** The strides with which an array is read as `target`: 0 where one element serves a whole axis; `null` if it cannot. */
export function broadcastStrides(
  shape: readonly number[],
  strides: readonly number[],
  target: readonly number[],
): readonly number[] | null {
  if (sameShape(shape, target)) return strides;
  const added = target.length - shape.length;
  if (added < 0) return null;
  const result = new Array<number>(target.length).fill(0);
  for (let i = 0; i < shape.length; i++) {
    if (shape[i] === target[added + i]) result[added + i] = strides[i];
    else if (shape[i] !== 1) return null;
  }
  return result;
}

/** `broadcastStrides` for what is assigned: leading axes of length 1 that the target does not have are left out. */
export function assignedStrides(
  shape: readonly number[],
  strides: readonly number[],
  target: readonly number[],
): readonly number[] | null {
  let extra = 0;
  while (shape.length - extra > target.length && shape[extra] === 1) extra++;
  return extra === 0
    ? broadcastStrides(shape, strides, target)
    : broadcastStrides(shape.slice(extra), strides.slice(extra), target);
}

/** Whether two shapes are the same. */
export function sameShape(a: readonly number[], b: readonly number[]): boolean {
  if (a === b) return true; // arrays that are made of one another share their lists
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

/** The lowest byte an array touches, and the byte after the last, counted from its first element. */
export function bounds(shape: readonly number[], strides: readonly number[], itemsize: number): [number, number] {
  let low = 0,
    high = itemsize;
  for (let i = 0; i < shape.length; i++) {
    if (shape[i] === 0) return [0, 0];
    const reach = (shape[i] - 1) * strides[i];
    if (reach < 0) low += reach;
    else high += reach;
  }
  return [low, high];
}

/** A new shape with at most one -1, which takes what is left; NumPy's error where the sizes differ. */
export function checkReshape(size: number, shape: ShapeLike): number[] {
  const wanted = listOf(shape, "a shape").map(asIndex);
  const unknown = wanted.filter((n) => n === -1).length;
  if (unknown > 1) throw new ValueError("can only specify one unknown dimension");
  const rest = sizeOfShape(checkShape(wanted.map((n) => (n === -1 ? 1 : n))));
  const fits = unknown === 1 ? rest !== 0 && size % rest === 0 : rest === size;
  if (!fits) throw new ShapeError(`cannot reshape array of size ${size} into shape ${shapeText(wanted)}`);
  return wanted.map((n) => (n === -1 ? size / rest : n));
}

/**
 * The strides that show the same elements in the same order under another shape, or `null` if only a copy can.
 * Runs of axes that are one run in memory are cut anew; `shape` and `target` have the same size.
 */
export function reshapeStrides(
  shape: readonly number[],
  strides: readonly number[],
  target: readonly number[],
  itemsize: number,
): number[] | null {
  if (sizeOfShape(target) === 0) return rowMajor(target, itemsize);
  const axes = shape.flatMap((length, i) => (length === 1 ? [] : [{ length, stride: strides[i] }]));
  const result = new Array<number>(target.length).fill(itemsize);
  let from = 0,
    to = 0;
  while (from < axes.length) {
    // The fewest axes of each side that hold the same number of elements.
    const firstFrom = from,
      firstTo = to;
    let have = axes[from++].length,
      want = target[to++];
    while (have !== want) {
      if (have < want) have *= axes[from++].length;
      else want *= target[to++];
    }
    for (let i = firstFrom; i < from - 1; i++) {
      if (axes[i].stride !== axes[i + 1].stride * axes[i + 1].length) return null;
    }
    for (let i = to - 1, step = axes[from - 1].stride; i >= firstTo; i--) {
      result[i] = step;
      step *= target[i];
    }
  }
  return result;
}

/**
 * Where the row-major order of a shape is cut so that pieces of at most `most` elements are whole steps of one axis: that
 * axis, the elements below one step of it, and how many steps a piece has.
 */
export function cutAt(shape: readonly number[], most: number): { axis: number; below: number; step: number } {
  let axis = shape.length - 1,
    below = 1;
  while (axis > 0 && below * shape[axis] <= most) below *= shape[axis--];
  return { axis, below, step: axis < 0 ? 1 : Math.min(shape[axis], Math.floor(most / below)) };
}

/** A part of an array with as many axes: its first index, its lengths, and its first element in row-major order. */
export interface Part {
  readonly start: readonly number[];
  readonly shape: readonly number[];
  readonly first: number;
}

/**
 * The parts that the elements `from` to `to` (without it) of the row-major order fall into, in that order:
 *
 *      · · 0 0      the end of a row, whole rows, the beginning of one
 *      1 1 1 1
 *      1 1 1 1
 *      2 · · ·
 */
export function* partsOf(shape: readonly number[], from: number, to: number): Generator<Part, void, undefined> {
  for (let first = from; first < to; ) {
    let axis = shape.length - 1,
      below = 1;
    for (; axis > 0 && first % (below * shape[axis]) === 0 && below * shape[axis] <= to - first; axis--)
      below *= shape[axis];
    const start = indexOf(first, shape),
      steps = axis < 0 ? 1 : Math.min(shape[axis] - start[axis], Math.floor((to - first) / below));
    yield { start, shape: shape.map((length, k) => (k < axis ? 1 : k === axis ? steps : length)), first };
    first += steps * below;
  }
}

function indexOf(element: number, shape: readonly number[]): number[] {
  const index = new Array<number>(shape.length);
  for (let k = shape.length - 1, rest = element; k >= 0; k--) {
    index[k] = rest % shape[k];
    rest = Math.floor(rest / shape[k]);
  }
  return index;
}
