import type { ArrayLike } from "../array/convert.js";
import { addressOf, close, open } from "../array/destination.js";
import { live, make, NDArray, readElement, shapeOf, stridesOf, viewOf, writable } from "../array/ndarray.js";
import { overlapsItself } from "../array/overlap.js";
import { checkIndex, type IndexItem, type IndexList } from "../array/slices.js";
import { Temporaries } from "../array/temporaries.js";
import { atMost } from "../base/arity.js";
import type { Descr, DType, Scalar } from "../base/dtype.js";
import { dtypes } from "../base/dtype.js";
import { ArgumentError, DTypeError, IndexError, ShapeError, ValueError } from "../base/errors.js";
import { broadcastStrides, shapeText } from "../base/layout.js";
import { isList } from "../base/shown.js";
import { scalarSlot, setBox, setOut, setX } from "../core/box.js";
import { cast, selectKernel } from "../core/boxes.js";
import { checkElement, isScalar, writeElement } from "../core/scalar.js";
import { begin, condition, operand, run, transfer } from "../loops/walk.js";
import { checkBounds, gather, scatter, shapeOfSelection } from "./gather.js";
import { compressed, countTrue, expandInto } from "./masks.js";
import { checkMask, indexArray, type Selection, select } from "./subscript.js";

export { ellipsis, type IndexItem, type IndexList, newaxis, Slice, slice } from "../array/slices.js";

/**
 * The elements an index selects, as `a[...]` in NumPy. Integers, slices, `newaxis` and `ellipsis` return a view,
 * always: one integer for each axis gives a 0-d view (`item` gives the JavaScript value). If any item is an array or a
 * list of integers or booleans, the result is a copy, always. Items may be written in a string:
 * `"1:, ::-1, ..., None"`.
 * Errors: an `IndexError` for too many items, an index out of range, a mask of another shape.
 *
 * @example
 * const a = arange(5)
 * at(a, "1:4") // [1. 2. 3.]
 * at(a, greater(a, 2)) // [3. 4.]
 */
export function at<D extends DType>(a: NDArray<D>, ...index: readonly IndexItem[]): NDArray<D> {
  using work = new Temporaries("at");
  const mask = maskAlone(a, index, work);
  if (mask !== null && mask.ndim === a.ndim) return compressed(a, mask, "at") as NDArray<D>;
  const s = select(a, index, work);
  if (s.picked.length === 0) return viewOf(a, a.descr, s.shape, s.strides, s.offset);
  checkBounds(s);
  const out = make(shapeOfSelection(s), a.descr, "at", "advanced-index");
  gather(s, a.buffer.pointer, out);
  close("at", [a, ...s.picked.map((p) => p.indices)], out);
  return out;
}

/**
 * Writes a value to the elements an index selects, as `a[...] = value` in NumPy: `set(a, 0, 1, 5)` writes element (0, 1),
 * `set(a, [0, 1], 5)` rows 0 and 1. The index is what `at` takes, and the value comes last: it is broadcast, and cast as
 * `astype` casts (a JavaScript value must fit the dtype). A mask with one value allocates nothing. Errors: those of `at`,
 * an `ArgumentError` without an index or a value, a `ShapeError` if the value does not broadcast, a `ReadOnlyError`;
 * nothing is written then.
 *
 * @example
 * const a = zeros(4)
 * set(a, "1:3", 7)
 * a // [0. 7. 7. 0.]
 */
export function set(a: NDArray<DType>, ...indexAndValue: readonly [...index: IndexItem[], value: ArrayLike]): void {
  writable(a);
  if (indexAndValue.length < 2) {
    throw new ArgumentError(
      'set takes an index, then the value: x.set("...", 5) writes all elements, x.set(0, 5) those of row 0',
    );
  }
  const items = indexAndValue.slice(0, -1) as readonly IndexItem[], // all but the last are items of the index
    value = indexAndValue[indexAndValue.length - 1] as ArrayLike;
  using work = new Temporaries("set");
  if (isScalar(value)) checkElement(value, a.descr.code);
  const mask = maskAlone(a, items, work);
  if (mask !== null && (mask.ndim === a.ndim || isScalar(value))) setMask(a, mask, value, work);
  else setSelection(a, select(a, items, work), value, work);
}

// The mask of an index that is nothing but one mask of the first axes.
function maskAlone(a: NDArray<DType>, index: readonly IndexItem[], work: Temporaries): NDArray | null {
  const [item] = index;
  if (index.length !== 1 || typeof item !== "object" || item === null) return null;
  if (item instanceof NDArray ? item.dtype !== "bool" : !isBoolList(item)) return null;
  const mask = indexArray(item as NDArray | IndexList, work);
  live(a);
  if (mask.ndim === 0) return null;
  if (mask.ndim > a.ndim) {
    throw new IndexError(`too many indices for array: array is ${a.ndim}-dimensional, but ${mask.ndim} were indexed`);
  }
  checkMask(mask, shapeOf(a), 0);
  return mask;
}

function isBoolList(item: unknown): boolean {
  let first = item;
  // A list may contain itself.
  for (let depth = 0; depth < 64 && isList(first); depth++) first = first[0];
  return typeof first === "boolean";
}

function setMask(a: NDArray<DType>, mask: NDArray, value: ArrayLike, work: Temporaries): void {
  const { code } = a.descr;
  if (isScalar(value)) {
    writeElement(code, scalarSlot(1), value);
    return fillMask(a, mask, work);
  }
  const values = work.array(value, a.dtype);
  if (values.ndim > 1) {
    throw new DTypeError(
      `NumPy boolean array indexing assignment requires a 0 or 1-dimensional input, input has ${values.ndim} dimensions`,
    );
  }
  if (values.size === 1) {
    setBox(1, 1);
    setOut(scalarSlot(1), 0, 0);
    setX(values.address, 0, 0);
    cast(values.descr.code, code);
    return fillMask(a, mask, work);
  }
  const count = countTrue(mask);
  if (values.size !== count) {
    throw new ValueError(
      `NumPy boolean array indexing assignment cannot assign ${values.size} input values to the ${count} output values where the mask is true`,
    );
  }
  const from = work.unmet(values, a),
    only = unshared(mask, a, work);
  open(a);
  expandInto(a, only, from);
  close("set", [values, mask], a);
}

// Writes the element in slot 1 in one pass over target and mask: the target is the other choice of `where`.
function fillMask(a: NDArray<DType>, mask: NDArray, work: Temporaries): void {
  const only = unshared(mask, a, work),
    { code } = a.descr,
    at = open(a);
  begin(shapeOf(a));
  operand(at, stridesOf(a), code);
  operand(scalarSlot(1), new Array<number>(a.ndim).fill(0), code);
  operand(at, stridesOf(a), code);
  const repeated = new Array<number>(a.ndim - mask.ndim).fill(0);
  condition(addressOf(only), [...stridesOf(only), ...repeated], dtypes.bool.code);
  run(selectKernel, code, code);
  close("set", [only], a);
}

// A mask may be the very array that is written; otherwise it must not be written before it is read.
function unshared(mask: NDArray, a: NDArray<DType>, work: Temporaries): NDArray {
  const same =
    mask.buffer === a.buffer &&
    mask.offset === a.offset &&
    stridesOf(mask).join() === stridesOf(a).join() &&
    a.descr === mask.descr &&
    !overlapsItself(a);
  return same ? mask : work.unmet(mask, a);
}

function setSelection(a: NDArray<DType>, s: Selection, value: ArrayLike, work: Temporaries): void {
  const advanced = s.picked.length > 0;
  const shape = advanced ? shapeOfSelection(s) : s.shape;
  if (isScalar(value)) {
    checkBounds(s);
    if (shape.length === 0 && !advanced) {
      // One element needs no walk.
      open(a);
      writeElement(a.descr.code, a.buffer.pointer + s.offset, value);
      return close("set", [], a);
    }
    writeElement(a.descr.code, scalarSlot(1), value);
    open(a);
    write(a, s, shape, scalarSlot(1), new Array<number>(shape.length).fill(0), a.descr, work);
    return close("set", [], a);
  }
  const values = work.array(value, a.dtype);
  const [extra, tail] = tailShape(shapeOf(values), shape.length);
  if (broadcastStrides(tail, tail, shape) === null)
    throw cannotBroadcast(advanced ? shapeOf(values) : tail, shape, advanced);
  checkBounds(s);
  const from = advanced ? work.unmet(values, a) : apartFromView(values, a, s, work);
  const strides = broadcastStrides(tail, stridesOf(from).slice(extra), shape)!;
  open(a);
  write(a, s, shape, addressOf(from), strides, from.descr, work);
  close("set", [values], a);
}

// As in NumPy, axes of length 1 in front of the values may be too many: how many to leave out, and what is left.
function tailShape(shape: readonly number[], ndim: number): [extra: number, tail: readonly number[]] {
  let extra = 0;
  while (shape.length - extra > ndim && shape[extra] === 1) extra++;
  return [extra, shape.slice(extra)];
}

function write(
  a: NDArray<DType>,
  s: Selection,
  shape: readonly number[],
  at: number,
  strides: readonly number[],
  from: Descr,
  work: Temporaries,
): void {
  if (s.picked.length > 0) {
    const picked = s.picked.map((p) => ({ ...p, indices: work.unmet(p.indices, a) }));
    return scatter({ ...s, picked }, a.buffer.pointer, a.descr, at, strides, from);
  }
  begin(shape);
  operand(a.buffer.pointer + s.offset, s.strides, a.descr.code);
  operand(at, strides, from.code);
  transfer();
}

// Values that would be overwritten before they are read are copied; the same elements in the same order are not.
function apartFromView(values: NDArray, a: NDArray<DType>, s: Selection, work: Temporaries): NDArray {
  if (values.buffer !== a.buffer) return values;
  const target = work.use(viewOf(a, a.descr, s.shape, s.strides, s.offset));
  return work.apart(values, target, values.contiguous && target.contiguous);
}

function cannotBroadcast(values: readonly number[], shape: readonly number[], advanced: boolean): ShapeError {
  const from = shapeText(values),
    to = shapeText(shape);
  return new ShapeError(
    advanced
      ? `shape mismatch: value array of shape ${from} could not be broadcast to indexing result of shape ${to}`
      : `could not broadcast input array from shape ${from} into shape ${to}`,
  );
}

/**
 * One element as a JavaScript value. `indices` are one integer for each axis, or one that counts in row-major order;
 * an array of one element needs none.
 */
export function item<D extends DType>(a: NDArray<D>, ...indices: readonly (number | bigint)[]): Scalar<D> {
  live(a);
  const lengths = shapeOf(a),
    steps = stridesOf(a);
  let at = addressOf(a);
  if (indices.length === a.ndim && a.ndim > 0) {
    for (let k = 0; k < a.ndim; k++) at += checkIndex(indices[k], k, lengths[k]) * steps[k];
  } else if (indices.length === 1) {
    let rest = checkIndex(indices[0], 0, a.size);
    for (let k = a.ndim - 1; k >= 0; k--) {
      at += (rest % lengths[k]) * steps[k];
      rest = Math.floor(rest / lengths[k]);
    }
  } else if (indices.length > 0) throw new ValueError("incorrect number of indices for array");
  else if (a.size !== 1) throw new ValueError("can only convert an array of size 1 to a scalar");
  return readElement(a.descr, at) as Scalar<D>;
}

/** The items along the first axis: JavaScript values of a 1-d array, views otherwise. A 0-d array is a `DTypeError`. */
export function iterate<D extends DType>(a: NDArray<D>): Generator<Scalar<D> | NDArray<D>, void, undefined> {
  atMost(1, arguments.length, "iterate(a)");
  live(a);
  if (a.ndim === 0) throw new DTypeError("iteration over a 0-d array");
  return items(a);
}

function* items<D extends DType>(a: NDArray<D>): Generator<Scalar<D> | NDArray<D>, void, undefined> {
  for (let i = 0; i < shapeOf(a)[0]; i++) yield a.ndim === 1 ? item(a, i) : at(a, i);
}
