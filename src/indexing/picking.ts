import { type ArrayLike, copyInto, isArray, ofList } from "../array/convert.js";
import { checkOut, close, open } from "../array/destination.js";
import { typedOf } from "../array/lists.js";
import { live, make, NDArray, shapeOf, stridesOf, viewOf, writable } from "../array/ndarray.js";
import { takes } from "../array/options.js";
import { overlapsItself } from "../array/overlap.js";
import type { IndexItem, IndexList, Slice } from "../array/slices.js";
import { Temporaries } from "../array/temporaries.js";
import { canCast, cannotCast, type DType, dtypes } from "../base/dtype.js";
import { IndexError, ShapeError, ValueError } from "../base/errors.js";
import { broadcastShapes, checkAxis, checkInt32, isOfNone, rowMajor, sameShape, sizeOfShape } from "../base/layout.js";
import { shown } from "../base/shown.js";
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

function integersOf(value: Indices | ArrayLike, work: Temporaries): NDArray {
  const single = typeof value === "number" || typeof value === "bigint",
    list = single ? [value] : (value as IndexList | NDArray);
  const made = indexArray(list, work);
  if (made.dtype === "bool") throw cannotCast("bool", "int64", "safe");
  if (!single) return made;
  return work.use(viewOf(made, made.descr, [], [], made.offset));
}

/** The array's elements along one axis: a view, or where strides cannot do that a copy. @internal */
export function flattened(a: NDArray<DType>, work: Temporaries): NDArray {
  const flat = a.contiguous ? a : work.copy(a, "contiguous-kernel");
  return work.use(viewOf(flat, flat.descr, [flat.size], [flat.itemsize], flat.offset));
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
  using work = new Temporaries("take");
  // NumPy takes a 0-d array for one of a single element.
  const flat = axis === null || isOfNone(axis, a.ndim);
  const source = flat ? flattened(a, work) : a;
  const along = flat ? 0 : checkAxis(axis, a.ndim);
  const s = alongAxis(source, integersOf(indices, work), along);
  checkPositions(s, mode);
  if (given !== undefined) return takeInto(given, source, s, mode, work);
  const out = make(shapeOfSelection(s), a.descr, "take", "advanced-index");
  gather(s, source.buffer.pointer, out, modes[mode]);
  close("take", [a, s.picked[0].indices], out);
  return out;
}

function takeInto<D extends DType>(
  out: NDArray<D>,
  source: NDArray<DType>,
  s: Selection,
  mode: IndexMode,
  work: Temporaries,
): NDArray<D> {
  checkOut(out, shapeOfSelection(s), () => new ShapeError("output array does not match result of ndarray.take"));
  if (out.dtype !== source.dtype) throw cannotCast(source.dtype, out.dtype, "no");
  const [picked] = s.picked;
  const from = work.unmet(source, out),
    indices = work.unmet(picked.indices, out);
  open(out);
  const whole = overlapsItself(out) ? work.use(make(shapeOf(out), out.descr, "take", "overlap")) : out;
  gather(alongAxis(from, indices, s.place), from.buffer.pointer, whole, modes[mode]);
  if (whole !== out) copyInto(out, whole);
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
  using work = new Temporaries("put");
  const target = flattened(a, work),
    s = alongAxis(target, integersOf(indices, work), 0);
  const count = s.picked[0].indices.size,
    given = cycled(values, count, a, work);
  if (given.size > 0 || a.size === 0) checkPositions(s, mode);
  const own = s.picked[0].indices,
    apart = work.unmet(own, target);
  if (given.size === 0) return;
  open(a);
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
}

// As many values along one axis as are wanted, over again from the first where there are fewer; a single one stays one.
function cycled(values: ArrayLike, count: number, target: NDArray<DType>, work: Temporaries): NDArray {
  const given = work.array(values, target.dtype);
  const flat = flattened(given.buffer === target.buffer ? work.copy(given, "overlap") : given, work);
  if (flat.size === 1 || flat.size >= count || flat.size === 0) return flat;
  const all = work.use(make([count], flat.descr, work.op));
  for (let done = 0; done < count; done += flat.size) {
    using pieces = new Temporaries(work.op);
    const n = Math.min(flat.size, count - done);
    copyInto(pieces.use(viewOf(all, all.descr, [n], stridesOf(all), done * all.itemsize)), flat);
  }
  return all;
}

/** Where each element is not zero (and not false): for each axis an int32 array of indices, in row-major order. */
export function nonzero(a: ArrayLike): NDArray<"int32">[] {
  NONZERO.count(arguments.length);
  using work = new Temporaries("nonzero");
  const array = work.array(a);
  if (array.ndim === 0) {
    throw new ValueError(
      "Calling nonzero on 0d arrays is not allowed. Use np.atleast_1d(scalar).nonzero() instead. " +
        "If the context of this error is of the form `arr[nonzero(cond)]`, just use `arr[cond]`.",
    );
  }
  return nonzeroOf(array, "nonzero");
}

/** The row-major positions of the elements that are not zero, as int32. */
export function flatnonzero(a: ArrayLike): NDArray<"int32"> {
  FLATNONZERO.count(arguments.length);
  using work = new Temporaries("flatnonzero");
  const array = work.array(a);
  checkInt32(array.size, "flatnonzero");
  return nonzeroOf(flattened(array, work), "flatnonzero")[0];
}

/** The indices of the elements that are not zero, a row for each, as int32. */
export function argwhere(a: ArrayLike): NDArray<"int32"> {
  ARGWHERE.count(arguments.length);
  using work = new Temporaries("argwhere");
  const array = work.array(a);
  if (array.ndim === 0) return make([countTrue(array), 0], dtypes.int32, "argwhere");
  const columns = nonzeroOf(array, "argwhere").map((column) => work.use(column));
  const out = make([columns[0].size, columns.length], dtypes.int32, "argwhere", "join");
  columns.forEach((column, k) => {
    copyInto(work.use(viewOf(out, out.descr, shapeOf(column), [stridesOf(out)[0]], k * 4)), column);
  });
  close("argwhere", [array], out);
  return out;
}

function maskFor(condition: ArrayLike, work: Temporaries): NDArray {
  const given = work.array(condition);
  return given.dtype === "bool" ? given : work.copy(given, "dtype", "bool");
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
  using work = new Temporaries("compress");
  const mask = maskFor(condition, work);
  if (mask.ndim !== 1) throw new ValueError("condition must be a 1-d array");
  const positions = work.use(nonzeroOf(mask, "compress")[0]);
  return take(a, positions, axis);
}

/** The elements where a condition of the array's size is true, in row-major order. Returns a copy. */
export function extract<D extends DType>(condition: ArrayLike, a: NDArray<D> | ArrayLike): NDArray<D> {
  EXTRACT.count(arguments.length);
  if (!isArray(a)) return ofList(EXTRACT, a, (x: NDArray<D>) => extract(condition, x));
  live(a);
  using work = new Temporaries("extract");
  const mask = maskFor(condition, work);
  if (sameShape(shapeOf(mask), shapeOf(a))) return compressed(a, mask, "extract") as NDArray<D>;
  return compress(flattened(mask, work), a);
}

/** Writes the first values, over again where there are too few, to where a mask of the array's size is true. */
export function place(a: NDArray<DType>, mask: ArrayLike, values: ArrayLike): void {
  PLACE.count(arguments.length);
  writable(a);
  using work = new Temporaries("place");
  const given = maskFor(mask, work);
  if (given.size !== a.size) throw new ValueError("place: mask and data must be the same size");
  const flat = sameShape(shapeOf(given), shapeOf(a)) ? given : flattened(given, work);
  const only =
    flat === given ? given : work.use(viewOf(flat, flat.descr, shapeOf(a), rowMajor(shapeOf(a), 1), flat.offset));
  checkSafe(values, a);
  const count = countTrue(only),
    all = cycled(values, count, a, work);
  if (count === 0) return;
  if (all.size === 0) throw new ValueError("Cannot insert from an empty array!");
  const first = work.use(viewOf(all, all.descr, [Math.min(count, all.size)], stridesOf(all), all.offset));
  // As in NumPy an array that overlaps itself is written as a whole, in order.
  const into = overlapsItself(a) ? work.copy(a, "overlap") : a;
  set(into, only.ndim === 0 ? "..." : only, first);
  if (into === a) return;
  open(a);
  copyInto(a, into);
  close("place", [], a);
}

// Arrays are cast only where nothing can be lost, as NumPy does, to bools too; values in lists are assigned.
function checkSafe(values: ArrayLike, { dtype }: NDArray<DType>): void {
  const from = values instanceof NDArray ? values.dtype : typedOf(values)?.descr.name;
  if (from !== undefined && !canCast(from, dtype)) throw cannotCast(from, dtype, "safe");
}

// An index for each axis: the given one along `axis`, and along the others where each element lies.
function meshAlong(a: NDArray<DType>, indices: Indices, axis: number, work: Temporaries): IndexItem[] {
  const along = checkAxis(axis, a.ndim),
    given = integersOf(indices, work);
  if (given.ndim !== a.ndim) throw new ValueError("`indices` and `arr` must have the same number of dimensions");
  const lengths = shapeOf(a).with(along, 1);
  broadcastShapes(lengths, shapeOf(given));
  return shapeOf(a).map((length, k) => {
    if (k === along) return given;
    const positions = work.use(make([length], dtypes.int32, work.op)),
      shape = shapeOf(a).map((_, i) => (i === k ? length : 1));
    writeIota(positions.buffer.pointer, length);
    return work.use(viewOf(positions, positions.descr, shape, rowMajor(shape, 4), 0));
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
  using work = new Temporaries("takeAlongAxis");
  return at(a, ...meshAlong(a, indices, axis, work));
}

/** Writes values to positions along an axis, each row with its own. NumPy: `put_along_axis`. */
export function putAlongAxis(a: NDArray<DType>, indices: Indices, values: ArrayLike, axis = -1): void {
  PUT_ALONG_AXIS.count(arguments.length);
  writable(a);
  using work = new Temporaries("putAlongAxis");
  set(a, ...meshAlong(a, indices, axis, work), values);
}
