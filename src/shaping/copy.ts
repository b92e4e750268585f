import { type ArrayLike, copyAs, isArray, ofList } from "../array/convert.js";
import { live, MAKER, NDArray, shapeOf } from "../array/ndarray.js";
import { takes } from "../array/options.js";
import { checkSameValue } from "../array/sameValue.js";
import { type Casting, canCast, cannotCast, type DType, descrOf } from "../base/dtype.js";
import { rowMajor } from "../base/layout.js";
import { lazyCopyOf } from "../heap/allocate.js";
import { homeOf } from "../heap/buffer.js";
import { holderOf } from "../heap/copyOnWrite.js";
import { listener } from "../heap/listener.js";
import { atleast1d } from "./manipulation.js";

const ASTYPE = takes("astype(a, dtype)", { casting: "casting", copy: "boolean" }),
  COPY = takes("copy(a)", { lazy: "boolean" }),
  ASCONTIGUOUSARRAY = takes("ascontiguousarray(a)");

/** What `astype` takes. */
export interface AstypeOptions {
  /** How far values may change: `unsafe` by default; `same_value` refuses a value that would change. */
  casting?: Casting;
  /** False gives the array itself if it has the dtype already. */
  copy?: boolean;
}

/**
 * The elements in another dtype. Returns a copy, or with `copy: false` the array itself if nothing is to change.
 * Floats are cut to integers, those out of range become the nearest end and NaN becomes 0. Errors: a cast that
 * `casting` forbids; a value that `same_value` forbids, before anything is allocated.
 *
 * @example
 * astype([1.5, -2.7], "int8") // [ 1 -2]
 */
export function astype<D extends DType>(a: NDArray<D> | ArrayLike, dtype: D, options?: AstypeOptions): NDArray<D> {
  const { casting = "unsafe", copy = true } = ASTYPE.read(options, arguments.length);
  if (!isArray(a)) return ofList(ASTYPE, a, (x: NDArray<D>) => astype(x, dtype, options));
  live(a);
  const to = descrOf(dtype);
  if (!canCast(a.dtype, to.name, casting))
    throw cannotCast(a.dtype, to.name, casting, a.ndim === 0 ? "scalar" : "array data");
  if (casting === "same_value") checkSameValue(a, to);
  const same = a.dtype === to.name;
  if (same && !copy) return a;
  return copyAs(a, to.name, "astype", same ? "requested" : "dtype");
}

/** What `copy` takes. */
export interface CopyOptions {
  /** True puts the copying off until the copy or its original is written: until then the copy takes no memory. */
  lazy?: boolean;
}

/**
 * The elements in new memory, in row-major order. Returns a copy. With `lazy: true` it reads the original's memory until
 * either is written; then the copy is made, for the line that writes. The original's memory stays until then, even if
 * it is disposed. What could be written unseen is copied at once: arrays whose `data` was taken, and those of pools and
 * growable arrays; so is what is not one run of memory.
 */
export function copy<D extends DType>(a: NDArray<D> | ArrayLike, options?: CopyOptions): NDArray<D> {
  const { lazy = false } = COPY.read(options, arguments.length);
  if (!isArray(a)) return ofList(COPY, a, (x: NDArray<D>) => x);
  live(a);
  if (!lazy || !canShare(a)) return copyAs(a, a.dtype, "copy", "requested");
  const { buffer, descr } = a,
    shape = shapeOf(a),
    holder = holderOf(buffer);
  if (listener !== null) {
    holder.views++;
    listener.viewed(holder, shape, descr);
  }
  const reading = lazyCopyOf(holder, buffer.pointer + a.offset, a.nbytes, shape);
  return new NDArray(reading, descr, shape, rowMajor(shape, descr.itemsize), 0, null, true, MAKER);
}

function canShare({ contiguous, size, buffer }: NDArray<DType>): boolean {
  return contiguous && size > 0 && !buffer.escaped && buffer.owner === "array" && homeOf(buffer) === null;
}

/**
 * The array itself if its elements lie in row-major order without gaps, else such a copy (reason `strides`). A 0-d
 * array gets one axis, as in NumPy.
 */
export function ascontiguousarray<D extends DType>(a: NDArray<D> | ArrayLike): NDArray<D> {
  ASCONTIGUOUSARRAY.count(arguments.length);
  if (!isArray(a)) return ofList(ASCONTIGUOUSARRAY, a, (x: NDArray<D>) => (x.ndim === 0 ? atleast1d(x) : x));
  live(a);
  if (a.ndim === 0) return atleast1d(a);
  return a.contiguous ? a : copyAs(a, a.dtype, "ascontiguousarray", "strides");
}
