import { type ArrayLike, copyAs, copyInto, isArray, ofList, toArray } from "../array/convert.js";
import { close } from "../array/destination.js";
import { typedOf } from "../array/lists.js";
import { drop, live, make, NDArray, shapeOf, stridesOf, viewOf, writable } from "../array/ndarray.js";
import { takes } from "../array/options.js";
import { mayMeet, overlapsItself } from "../array/overlap.js";
import type { IndexItem, IndexList, Slice } from "../array/slices.js";
import { canCast, type DType, dtypes } from "../base/dtype.js";
import { DTypeError, IndexError, ShapeError, ValueError } from "../base/errors.js";
import { broadcastShapes, checkAxis, checkInt32, isOfNone, rowMajor, sameShape, sizeOfShape } from "../base/layout.js";
import { shown } from "../base/shown.js";
import { separate } from "../heap/loans.js";
import { checkBounds, gather, type IndexMode, modes, scatter, shapeOfSelection } from "./gather.js";
import { at, set } from "./indexing.js";
import { compressed, countTrue, nonzeroOf, writeIota } from "./masks.js";
import { indexArray, type Picked, type Selection } from "./subscript.js";

const PUT = takes("put(a, indices, values)", { mode: "mode" }),
  PLACE = takes("place(a, mask, values)"),
  PUT_ALONG_AXIS = takes("putAlongAxis(a, indices, values, axis)"),
  NONZERO = takes("nonzero(a)"),
  FLATNONZERO = takes("flatnonzero(a)"),
  ARGWHERE = takes("argwhere(a)"),
  TAKE = takes("take(a, indices, axis)", { mode: "mode", out: "out?" }),
  COMPRESS = takes("compress(condition, a, axis)"),
  EXTRACT = takes("extract(condition, a)"),
  TAKE_ALONG_AXIS = takes("takeAlongAxis(a, indices, axis)");

// Indexing by function: the elements at positions, where something is true, or on a diagonal.

/** An array of indices: integers in lists or typed arrays, or an array of an integer dtype. */
export type Indices = number | bigint | Exclude<IndexItem, number | bigint | boolean | null | string | Slice>;

/** What `take` takes. */
export interface TakeOptions<D extends DType = DType> {
  /** What becomes of an index out of range: an `IndexError`, the index modulo the length, or the nearest end. */
  mode?: IndexMode;
  /** The array to write into; it is also returned. It must have the result's shape and dtype. */
  out?: NDArray<D>;
}

function integersOf(value: Indices | ArrayLike, op: string, temporaries: NDArray[]): NDArray {
  const single = typeof value === "number" || typeof value === "bigint",
    list = single ? [value] : (value as IndexList | NDArray);
  const made = indexArray(list, op, temporaries);
  if (made.dtype === "bool")
    throw new DTypeError("Cannot cast array data from dtype('bool') to dtype('int64') according to the rule 'safe'");
  if (!single) return made;
  const only = viewOf(made, made.descr, [], [], made.offset);
  temporaries.push(only);
  return only;
}

/** The array's elements along one axis: a view, or where strides cannot do that a copy. @internal */
export function flattened(a: NDArray<DType>, op: string, temporaries: NDArray[]): NDArray {
  const flat = a.contiguous ? a : copyAs(a, a.dtype, op, "contiguous-kernel");
  const view = viewOf(flat, flat.descr, [flat.size], [flat.itemsize], flat.offset);
  temporaries.push(view);
  if (flat !== a) temporaries.push(flat);
  return view;
}

// All elements along the other axes, and indices along one.
function alongAxis(a: NDArray, indices: NDArray, axis: number): Selection {
  const picked: Picked = { indices, axis, length: shapeOf(a)[axis], stride: stridesOf(a)[axis] };
  const shape = shapeOf(a).toSpliced(axis, 1),
    strides = stridesOf(a).toSpliced(axis, 1);
  return { shape, strides, offset: a.offset, picked: [picked], indexShape: shapeOf(indices), place: axis };
}

/**
 * The elements at integer positions along an axis; without one, of the elements in row-major order. Returns a copy.
 * Errors: an `IndexError` for a position out of range, unless `mode` says otherwise.
 */
export function take<D extends DType>(
  a: NDArray<D> | ArrayLike,
  indices: Indices,
  axis: number | null = null,
  options?: TakeOptions<D>,
): NDArray<D> {
  const { mode = "raise", out: given } = TAKE.read(options, arguments.length);
  if (!isArray(a)) return ofList(TAKE, a, (x: NDArray<D>) => take(x, indices, axis, options));
  live(a);
  const temporaries: NDArray[] = [];
  try {
    // NumPy takes a 0-d array for one of a single element.
    const flat = axis === null || isOfNone(axis, a.ndim);
    const source = flat ? flattened(a, "take", temporaries) : a;
    const along = flat ? 0 : checkAxis(axis, a.ndim);
    const s = alongAxis(source, integersOf(indices, "take", temporaries), along);
    checkPositions(s, mode);
    if (given !== undefined) return takeInto(given, source, s, mode, temporaries);
    const out = make(shapeOfSelection(s), a.descr, "take", "advanced-index");
    gather(s, source.buffer.pointer, out, modes[mode]);
    close("take", [a, s.picked[0].indices], out);
    return out;
  } finally {
    for (const array of temporaries) drop(array, "operation");
  }
}

function takeInto<D extends DType>(
  out: NDArray<D>,
  source: NDArray<DType>,
  s: Selection,
  mode: IndexMode,
  temporaries: NDArray[],
): NDArray<D> {
  writable(out, "output array");
  if (!sameShape(shapeOf(out), shapeOfSelection(s))) {
    throw new ShapeError("output array does not match result of ndarray.take");
  }
  if (out.dtype !== source.dtype) {
    throw new DTypeError(
      `Cannot cast array data from dtype('${source.dtype}') to dtype('${out.dtype}') according to the rule 'no'`,
    );
  }
  const [picked] = s.picked;
  const from = mayMeet(source, out) ? copyFor(source, "take", temporaries) : source;
  const indices = mayMeet(picked.indices, out) ? copyFor(picked.indices, "take", temporaries) : picked.indices;
  separate(out.buffer);
  const whole = overlapsItself(out) ? make(shapeOf(out), out.descr, "take", "overlap") : out;
  gather(alongAxis(from, indices, s.place), from.buffer.pointer, whole, modes[mode]);
  if (whole !== out) {
    temporaries.push(whole);
    copyInto(out, whole);
  }
  close("take", [source, picked.indices], out);
  return out;
}

function checkPositions(s: Selection, mode: IndexMode): void {
  if (!Object.hasOwn(modes, mode))
    throw new ValueError(`clipmode must be one of 'clip', 'raise', or 'wrap' (got ${shown(mode)})`);
  const [{ indices, length }] = s.picked;
  // Where another axis is empty too, the result is, and nothing is taken.
  if (length === 0 && indices.size > 0 && sizeOfShape(shapeOfSelection(s)) > 0)
    throw new IndexError("cannot do a non-empty take from an empty axes.");
  // NumPy looks at the positions once for each index of the axes before: where these are none, at none.
  if (mode === "raise" && !s.shape.slice(0, s.place).includes(0)) checkBounds(s);
}

/**
 * Writes values to row-major positions, over again where there are fewer values than positions. Errors: as `take`, and
 * nothing is written then.
 */
export function put(a: NDArray<DType>, indices: Indices, values: ArrayLike, options?: { mode?: IndexMode }): void {
  const { mode = "raise" } = PUT.read(options, arguments.length);
  writable(a);
  const temporaries: NDArray[] = [];
  try {
    const target = flattened(a, "put", temporaries),
      s = alongAxis(target, integersOf(indices, "put", temporaries), 0);
    const count = s.picked[0].indices.size,
      given = cycled(values, count, a, "put", temporaries);
    if (given.size > 0 || a.size === 0) checkPositions(s, mode);
    const own = s.picked[0].indices,
      apart = mayMeet(own, target) ? copyAs(own, own.dtype, "put", "overlap") : own;
    if (apart !== own) temporaries.push(apart);
    if (given.size === 0) return;
    separate(a.buffer);
    const rows = rowMajor(shapeOf(own), given.size === 1 ? 0 : stridesOf(given)[0]);
    scatter(
      { ...s, picked: [{ ...s.picked[0], indices: apart }] },
      target.buffer.pointer,
      a.descr,
      given.address,
      rows,
      given.descr,
      modes[mode],
    );
    if (!a.contiguous) copyInto(a, target, rowMajor(shapeOf(a), a.itemsize));
    close("put", [own], a);
  } finally {
    for (const array of temporaries) drop(array, "operation");
  }
}

// As many values along one axis as are wanted, over again from the first where there are fewer; a single one stays one.
function cycled(values: ArrayLike, count: number, target: NDArray<DType>, op: string, temporaries: NDArray[]): NDArray {
  const [given, made] = toArray(values, op, target.dtype);
  if (made) temporaries.push(given);
  const flat = flattened(given.buffer === target.buffer ? copyFor(given, op, temporaries) : given, op, temporaries);
  if (flat.size === 1 || flat.size >= count || flat.size === 0) return flat;
  const all = make([count], flat.descr, op);
  temporaries.push(all);
  for (let done = 0; done < count; done += flat.size) {
    const n = Math.min(flat.size, count - done),
      piece = viewOf(all, all.descr, [n], stridesOf(all), done * all.itemsize);
    copyInto(piece, flat);
    drop(piece, "operation");
  }
  return all;
}

function copyFor(a: NDArray, op: string, temporaries: NDArray[]): NDArray {
  const copy = copyAs(a, a.dtype, op, "overlap");
  temporaries.push(copy);
  return copy;
}

/** Where each element is not zero (and not false): for each axis an int32 array of indices, in row-major order. */
export function nonzero(a: ArrayLike): NDArray<"int32">[] {
  NONZERO.count(arguments.length);
  const [array, made] = toArray(a, "nonzero");
  try {
    if (array.ndim === 0) {
      throw new ValueError(
        "Calling nonzero on 0d arrays is not allowed. Use np.atleast_1d(scalar).nonzero() instead. " +
          "If the context of this error is of the form `arr[nonzero(cond)]`, just use `arr[cond]`.",
      );
    }
    return nonzeroOf(array, "nonzero");
  } finally {
    if (made) drop(array, "operation");
  }
}

/** The row-major positions of the elements that are not zero, as int32. */
export function flatnonzero(a: ArrayLike): NDArray<"int32"> {
  FLATNONZERO.count(arguments.length);
  const temporaries: NDArray[] = [];
  try {
    const [array, made] = toArray(a, "flatnonzero");
    if (made) temporaries.push(array);
    checkInt32(array.size, "flatnonzero");
    return nonzeroOf(flattened(array, "flatnonzero", temporaries), "flatnonzero")[0];
  } finally {
    for (const array of temporaries) drop(array, "operation");
  }
}

/** The indices of the elements that are not zero, a row for each, as int32. */
export function argwhere(a: ArrayLike): NDArray<"int32"> {
  ARGWHERE.count(arguments.length);
  const temporaries: NDArray[] = [];
  try {
    const [array, made] = toArray(a, "argwhere");
    if (made) temporaries.push(array);
    if (array.ndim === 0) return make([countTrue(array), 0], dtypes.int32, "argwhere");
    const columns = nonzeroOf(array, "argwhere");
    temporaries.push(...columns);
    const out = make([columns[0].size, columns.length], dtypes.int32, "argwhere", "join");
    columns.forEach((column, k) => {
      const target = viewOf(out, out.descr, shapeOf(column), [stridesOf(out)[0]], k * 4);
      copyInto(target, column);
      drop(target, "operation");
    });
    close("argwhere", [array], out);
    return out;
  } finally {
    for (const array of temporaries) drop(array, "operation");
  }
}

function maskFor(condition: ArrayLike, op: string, temporaries: NDArray[]): NDArray {
  const [given, made] = toArray(condition, op);
  if (made) temporaries.push(given);
  if (given.dtype === "bool") return given;
  const mask = copyAs(given, "bool", op, "dtype");
  temporaries.push(mask);
  return mask;
}

/**
 * The slices along an axis for which a condition is true; without an axis, of the elements in row-major order. The
 * condition may be shorter than the axis. Returns a copy.
 */
export function compress<D extends DType>(
  condition: ArrayLike,
  a: NDArray<D> | ArrayLike,
  axis: number | null = null,
): NDArray<D> {
  COMPRESS.count(arguments.length);
  if (!isArray(a)) return ofList(COMPRESS, a, (x: NDArray<D>) => compress(condition, x, axis));
  live(a);
  const temporaries: NDArray[] = [];
  try {
    const mask = maskFor(condition, "compress", temporaries);
    if (mask.ndim !== 1) throw new ValueError("condition must be a 1-d array");
    const [positions] = nonzeroOf(mask, "compress");
    temporaries.push(positions);
    return take(a, positions, axis);
  } finally {
    for (const array of temporaries) drop(array, "operation");
  }
}

/** The elements where a condition of the array's size is true, in row-major order. Returns a copy. */
export function extract<D extends DType>(condition: ArrayLike, a: NDArray<D> | ArrayLike): NDArray<D> {
  EXTRACT.count(arguments.length);
  if (!isArray(a)) return ofList(EXTRACT, a, (x: NDArray<D>) => extract(condition, x));
  live(a);
  const temporaries: NDArray[] = [];
  try {
    const mask = maskFor(condition, "extract", temporaries);
    if (sameShape(shapeOf(mask), shapeOf(a))) return compressed(a, mask, "extract") as NDArray<D>;
    return compress(flattened(mask, "extract", temporaries), a);
  } finally {
    for (const array of temporaries) drop(array, "operation");
  }
}

/** Writes the first values, over again where there are too few, to where a mask of the array's size is true. */
export function place(a: NDArray<DType>, mask: ArrayLike, values: ArrayLike): void {
  PLACE.count(arguments.length);
  writable(a);
  const temporaries: NDArray[] = [];
  try {
    const given = maskFor(mask, "place", temporaries);
    if (given.size !== a.size) throw new ValueError("place: mask and data must be the same size");
    const flat = sameShape(shapeOf(given), shapeOf(a)) ? given : flattened(given, "place", temporaries);
    const only = flat === given ? given : viewOf(flat, flat.descr, shapeOf(a), rowMajor(shapeOf(a), 1), flat.offset);
    if (only !== given) temporaries.push(only);
    checkSafe(values, a);
    const count = countTrue(only),
      all = cycled(values, count, a, "place", temporaries);
    if (count === 0) return;
    if (all.size === 0) throw new ValueError("Cannot insert from an empty array!");
    const first = viewOf(all, all.descr, [Math.min(count, all.size)], stridesOf(all), all.offset);
    temporaries.push(first);
    // As in NumPy an array that overlaps itself is written as a whole, in order.
    const into = overlapsItself(a) ? copyFor(a, "place", temporaries) : a;
    set(into, only.ndim === 0 ? "..." : only, first);
    if (into === a) return;
    separate(a.buffer);
    copyInto(a, into);
    close("place", [], a);
  } finally {
    for (const array of temporaries) drop(array, "operation");
  }
}

// Arrays are cast only where nothing can be lost, as NumPy does, to bools too; values in lists are assigned.
function checkSafe(values: ArrayLike, { dtype }: NDArray<DType>): void {
  const from = values instanceof NDArray ? values.dtype : typedOf(values)?.descr.name;
  if (from === undefined || canCast(from, dtype)) return;
  throw new DTypeError(
    `Cannot cast array data from dtype('${from}') to dtype('${dtype}') according to the rule 'safe'`,
  );
}

// An index for each axis: the given one along `axis`, and along the others where each element lies.
function meshAlong(a: NDArray<DType>, indices: Indices, axis: number, op: string, temporaries: NDArray[]): IndexItem[] {
  const along = checkAxis(axis, a.ndim),
    given = integersOf(indices, op, temporaries);
  if (given.ndim !== a.ndim) throw new ValueError("`indices` and `arr` must have the same number of dimensions");
  const lengths = shapeOf(a).with(along, 1);
  broadcastShapes(lengths, shapeOf(given));
  return shapeOf(a).map((length, k) => {
    if (k === along) return given;
    const positions = make([length], dtypes.int32, op),
      shape = shapeOf(a).map((_, i) => (i === k ? length : 1));
    temporaries.push(positions);
    writeIota(positions.buffer.pointer, length);
    const turned = viewOf(positions, positions.descr, shape, rowMajor(shape, 4), 0);
    temporaries.push(turned);
    return turned;
  });
}

/**
 * The elements at positions along an axis, each row with its own: what `argsort` and `argmax` give. Returns a copy.
 * NumPy: `take_along_axis`.
 */
export function takeAlongAxis<D extends DType>(a: NDArray<D> | ArrayLike, indices: Indices, axis = -1): NDArray<D> {
  TAKE_ALONG_AXIS.count(arguments.length);
  if (!isArray(a)) return ofList(TAKE_ALONG_AXIS, a, (x: NDArray<D>) => takeAlongAxis(x, indices, axis));
  live(a);
  const temporaries: NDArray[] = [];
  try {
    return at(a, ...meshAlong(a, indices, axis, "takeAlongAxis", temporaries));
  } finally {
    for (const array of temporaries) drop(array, "operation");
  }
}

/** Writes values to positions along an axis, each row with its own. NumPy: `put_along_axis`. */
export function putAlongAxis(a: NDArray<DType>, indices: Indices, values: ArrayLike, axis = -1): void {
  PUT_ALONG_AXIS.count(arguments.length);
  writable(a);
  const temporaries: NDArray[] = [];
  try {
    set(a, ...meshAlong(a, indices, axis, "putAlongAxis", temporaries), values);
  } finally {
    for (const array of temporaries) drop(array, "operation");
  }
}
