import { type ArrayLike, isArray, ofList } from "../array/convert.js";
import { addressOf, close } from "../array/destination.js";
import { live, make, type NDArray, shapeOf, stridesOf, viewOf } from "../array/ndarray.js";
import { takes } from "../array/options.js";
import { Temporaries } from "../array/temporaries.js";
import type { DType } from "../base/dtype.js";
import { AxisError, CopyError, ShapeError, ValueError } from "../base/errors.js";
import { asExact, asIndex } from "../base/integers.js";
import {
  broadcastShapes,
  broadcastStrides,
  checkAxes,
  checkAxis,
  checkReshape,
  checkShape,
  listOf,
  reshapeStrides,
  rowMajor,
  type ShapeLike,
  shapeText,
} from "../base/layout.js";
import { shown } from "../base/shown.js";
import { formatBytes } from "../base/units.js";
import { begin, operand, transfer } from "../loops/walk.js";

const RESHAPE = takes("reshape(a, shape)", { order: "order", copy: "boolean?" }, "pass a list: reshape(a, [3, 4])"),
  RAVEL = takes("ravel(a)", { order: "order" }),
  FLATTEN = takes("flatten(a)"),
  TRANSPOSE = takes("transpose(a, axes)", null, "pass a list: transpose(a, [1, 0])"),
  MATRIX_TRANSPOSE = takes("matrixTranspose(a)"),
  SWAPAXES = takes("swapaxes(a, axis1, axis2)"),
  MOVEAXIS = takes("moveaxis(a, source, destination)"),
  SQUEEZE = takes("squeeze(a, axis)"),
  EXPAND_DIMS = takes("expandDims(a, axis)"),
  FLIP = takes("flip(a, axis)"),
  FLIPLR = takes("fliplr(a)"),
  FLIPUD = takes("flipud(a)"),
  ROT90 = takes("rot90(a, k, axes)"),
  BROADCAST_TO = takes("broadcastTo(a, shape)", null, "pass a list: broadcastTo(a, [2, 3])"),
  ATLEAST1D = takes("atleast1d(a)"),
  ATLEAST2D = takes("atleast2d(a)"),
  ATLEAST3D = takes("atleast3d(a)");

// Other shapes of the same elements. Everything here returns views but `flatten` and what its comment says of others.

/** What `reshape` and `ravel` take. */
export interface ReshapeOptions {
  /** The order in which elements are read and placed: `C` row by row, or `F` column by column. */
  order?: "C" | "F";
  /** True copies always, false never: it is a `CopyError` then if only a copy could do. */
  copy?: boolean;
}

/**
 * The same elements in a new shape; one length may be -1, which takes what is left. Returns a view where strides can
 * show the elements in this order, else a copy (reason `strides`). Errors: another size; `copy: false` and no view.
 *
 * @example
 * reshape(arange(6), [2, -1]) // [[0. 1. 2.] [3. 4. 5.]]
 */
export function reshape<D extends DType>(
  a: NDArray<D> | ArrayLike,
  shape: ShapeLike,
  options?: ReshapeOptions,
): NDArray<D> {
  const { order = "C", copy } = RESHAPE.read(options, arguments.length);
  if (!isArray(a)) return ofList(RESHAPE, a, (x: NDArray<D>) => reshape(x, shape, options));
  live(a);
  const target = checkReshape(a.size, shape);
  if (order === "F") return columnwise(a, (turned) => reshaped(turned, [...target].reverse(), "reshape", copy));
  return reshaped(a, target, "reshape", copy);
}

// What F order does to an array, C order does to its transpose.
function columnwise<D extends DType>(a: NDArray<D>, change: (turned: NDArray<D>) => NDArray<D>): NDArray<D> {
  using work = new Temporaries("reshape");
  return transpose(work.use(change(work.use(transpose(a)))));
}

function reshaped<D extends DType>(
  a: NDArray<D>,
  target: readonly number[],
  op: string,
  copy: boolean | undefined,
): NDArray<D> {
  if (copy !== true) {
    const strides = a.contiguous
      ? rowMajor(target, a.itemsize)
      : reshapeStrides(shapeOf(a), stridesOf(a), target, a.itemsize);
    if (strides !== null) return viewOf(a, a.descr, target, strides, a.offset);
  }
  if (copy === false) {
    const bytes = formatBytes(a.nbytes);
    throw new CopyError(
      `${op}([${shapeOf(a).join(", ")}] → [${target.join(", ")}]) needs ${/^(8|1[18]\D)/.test(bytes) ? "an" : "a"} ${bytes} copy, ` +
        `and copy: false forbids it; strides [${stridesOf(a).join(", ")}] bytes are no single run`,
    );
  }
  return packed(a, target, op, copy === true ? "requested" : "strides");
}

// A contiguous copy in another shape of the same size.
function packed<D extends DType>(
  a: NDArray<D>,
  shape: readonly number[],
  op: string,
  reason: "requested" | "strides",
): NDArray<D> {
  live(a);
  const out = make(shape, a.descr, op, reason),
    { code, itemsize } = a.descr;
  begin(shapeOf(a));
  operand(out.buffer.pointer, rowMajor(shapeOf(a), itemsize), code);
  operand(addressOf(a), stridesOf(a), code);
  transfer();
  close(op, [a], out);
  return out;
}

/**
 * The elements in row-major order along one axis. Returns a view of a contiguous array, else a copy (reason `strides`).
 */
export function ravel<D extends DType>(a: NDArray<D> | ArrayLike, options?: { order?: "C" | "F" }): NDArray<D> {
  const { order = "C" } = RAVEL.read(options, arguments.length);
  if (!isArray(a)) return ofList(RAVEL, a, (x: NDArray<D>) => ravel(x, options));
  live(a);
  if (order === "F") {
    using work = new Temporaries("ravel");
    return ravel(work.use(transpose(a)));
  }
  return a.contiguous ? reshaped(a, [a.size], "ravel", undefined) : packed(a, [a.size], "ravel", "strides");
}

/** The elements in row-major order along one axis. Returns a copy. */
export function flatten<D extends DType>(a: NDArray<D> | ArrayLike): NDArray<D> {
  FLATTEN.count(arguments.length);
  if (!isArray(a)) return ofList(FLATTEN, a, (x: NDArray<D>) => flatten(x));
  return packed(a, [a.size], "flatten", "requested");
}

/** The array with its axes in another order, turned round if `axes` is not given. Returns a view. */
export function transpose<D extends DType>(
  a: NDArray<D> | ArrayLike,
  axes?: number | readonly number[] | null,
): NDArray<D> {
  TRANSPOSE.count(arguments.length);
  if (!isArray(a)) return ofList(TRANSPOSE, a, (x: NDArray<D>) => transpose(x, axes));
  live(a);
  if (axes === undefined || axes === null) {
    return viewOf(a, a.descr, [...shapeOf(a)].reverse(), [...stridesOf(a)].reverse(), a.offset);
  }
  const given = listOf(axes, "axes");
  if (given.length !== a.ndim) throw new ValueError("axes don't match array");
  const order = given.map((axis) => checkAxis(axis, a.ndim));
  if (new Set(order).size !== order.length) throw new ValueError("repeated axis in transpose");
  return ordered(a, order);
}

function ordered<D extends DType>(a: NDArray<D>, order: readonly number[]): NDArray<D> {
  return viewOf(
    a,
    a.descr,
    order.map((k) => shapeOf(a)[k]),
    order.map((k) => stridesOf(a)[k]),
    a.offset,
  );
}

export { transpose as permuteDims };

/** The array with its last two axes exchanged. Returns a view. NumPy: `matrix_transpose`, `a.mT`. */
export function matrixTranspose<D extends DType>(a: NDArray<D> | ArrayLike): NDArray<D> {
  MATRIX_TRANSPOSE.count(arguments.length);
  if (!isArray(a)) return ofList(MATRIX_TRANSPOSE, a, (x: NDArray<D>) => matrixTranspose(x));
  if (a.ndim < 2) throw new ValueError(`Input array must be at least 2-dimensional, but it is ${a.ndim}`);
  return swapaxes(a, -1, -2);
}

// NumPy says which argument an axis came by.
function namedAxis(axis: number, ndim: number, name: string): number {
  try {
    return checkAxis(axis, ndim);
  } catch (error) {
    if (error instanceof AxisError) error.message = `${name}: ${error.message}`;
    throw error;
  }
}

/** The array with two axes exchanged. Returns a view. */
export function swapaxes<D extends DType>(a: NDArray<D> | ArrayLike, axis1: number, axis2: number): NDArray<D> {
  SWAPAXES.count(arguments.length);
  if (!isArray(a)) return ofList(SWAPAXES, a, (x: NDArray<D>) => swapaxes(x, axis1, axis2));
  const first = namedAxis(axis1, a.ndim, "axis1"),
    second = namedAxis(axis2, a.ndim, "axis2");
  const order = shapeOf(a).map((_, k) => (k === first ? second : k === second ? first : k));
  return ordered(a, order);
}

/** The array with some axes at new places; the others keep their order. Returns a view. */
export function moveaxis<D extends DType>(
  a: NDArray<D> | ArrayLike,
  source: number | readonly number[],
  destination: number | readonly number[],
): NDArray<D> {
  MOVEAXIS.count(arguments.length);
  if (!isArray(a)) return ofList(MOVEAXIS, a, (x: NDArray<D>) => moveaxis(x, source, destination));
  const list = (axes: number | readonly number[], name: string): number[] => {
    const checked = listOf(axes, "an axis").map((axis) => namedAxis(axis, a.ndim, name));
    if (new Set(checked).size !== checked.length) throw new ValueError(`repeated axis in \`${name}\` argument`);
    return checked;
  };
  const from = list(source, "source"),
    to = list(destination, "destination");
  if (from.length !== to.length)
    throw new ValueError("`source` and `destination` arguments must have the same number of elements");
  const order = shapeOf(a)
    .map((_, k) => k)
    .filter((k) => !from.includes(k));
  const moves = from.map((axis, i) => [to[i], axis] as const).sort(([p], [q]) => p - q);
  for (const [place, axis] of moves) order.splice(place, 0, axis);
  return ordered(a, order);
}

/** The array without axes of length 1: all of them, or those given. Returns a view. */
export function squeeze<D extends DType>(
  a: NDArray<D> | ArrayLike,
  axis?: number | readonly number[] | null,
): NDArray<D> {
  SQUEEZE.count(arguments.length);
  if (!isArray(a)) return ofList(SQUEEZE, a, (x: NDArray<D>) => squeeze(x, axis));
  // NumPy lets axis 0 of a 0-d array pass.
  const none = a.ndim === 0 && (axis === 0 || axis === -1);
  const given = none
    ? []
    : axis === undefined || axis === null
      ? shapeOf(a).flatMap((n, k) => (n === 1 ? [k] : []))
      : checkAxes(axis, a.ndim);
  if (given.some((k) => shapeOf(a)[k] !== 1)) {
    throw new ValueError("cannot select an axis to squeeze out which has size not equal to one");
  }
  return ordered(
    a,
    shapeOf(a).flatMap((_, k) => (given.includes(k) ? [] : [k])),
  );
}

/**
 * The array with new axes of length 1, which are at these places in the result. Returns a view. NumPy: `expand_dims`.
 */
export function expandDims<D extends DType>(a: NDArray<D> | ArrayLike, axis: number | readonly number[]): NDArray<D> {
  EXPAND_DIMS.count(arguments.length);
  if (!isArray(a)) return ofList(EXPAND_DIMS, a, (x: NDArray<D>) => expandDims(x, axis));
  const places = listOf(axis, "an axis"),
    ndim = a.ndim + places.length;
  const at = places.map((place) => checkAxis(place, ndim));
  if (new Set(at).size !== at.length) throw new ValueError("repeated axis");
  const shape: number[] = [],
    strides: number[] = [];
  for (let k = 0, from = 0; k < ndim; k++) {
    shape.push(at.includes(k) ? 1 : shapeOf(a)[from]);
    strides.push(at.includes(k) ? 0 : stridesOf(a)[from++]);
  }
  // A new axis steps over all that lies within it, as in NumPy.
  for (let k = ndim - 1; k >= 0; k--) {
    if (at.includes(k)) strides[k] = k === ndim - 1 ? a.itemsize : strides[k + 1] * shape[k + 1];
  }
  return viewOf(a, a.descr, shape, strides, a.offset);
}

/** The array with the order of its elements turned round along all axes, or those given. Returns a view. */
export function flip<D extends DType>(a: NDArray<D> | ArrayLike, axis?: number | readonly number[] | null): NDArray<D> {
  FLIP.count(arguments.length);
  if (!isArray(a)) return ofList(FLIP, a, (x: NDArray<D>) => flip(x, axis));
  const axes = checkAxes(axis, a.ndim);
  const strides = stridesOf(a).map((stride, k) => (axes.includes(k) ? -stride : stride));
  const offset = axes.reduce((sum, k) => sum + Math.max(shapeOf(a)[k] - 1, 0) * stridesOf(a)[k], a.offset);
  return viewOf(a, a.descr, shapeOf(a), strides, offset);
}

/** The array with its columns turned round. Returns a view. */
export function fliplr<D extends DType>(a: NDArray<D> | ArrayLike): NDArray<D> {
  FLIPLR.count(arguments.length);
  if (!isArray(a)) return ofList(FLIPLR, a, (x: NDArray<D>) => fliplr(x));
  if (a.ndim < 2) throw new ValueError("Input must be >= 2-d.");
  return flip(a, 1);
}

/** The array with its rows turned round. Returns a view. */
export function flipud<D extends DType>(a: NDArray<D> | ArrayLike): NDArray<D> {
  FLIPUD.count(arguments.length);
  if (!isArray(a)) return ofList(FLIPUD, a, (x: NDArray<D>) => flipud(x));
  if (a.ndim < 1) throw new ValueError("Input must be >= 1-d.");
  return flip(a, 0);
}

/** The array turned `k` times by 90°, from the first of two axes towards the second. Returns a view. */
export function rot90<D extends DType>(
  a: NDArray<D> | ArrayLike,
  k = 1,
  axes: readonly [number, number] = [0, 1],
): NDArray<D> {
  ROT90.count(arguments.length);
  if (!isArray(a)) return ofList(ROT90, a, (x: NDArray<D>) => rot90(x, k, axes));
  const plane = listOf(axes, "axes").map(asIndex);
  if (plane.length !== 2) throw new ValueError("len(axes) must be 2.");
  if (plane.some((axis) => axis < -a.ndim || axis >= a.ndim)) {
    throw new ValueError(`Axes=(${plane.map(shown).join(", ")}) out of range for array of ndim=${a.ndim}.`);
  }
  const [p, q] = plane.map((axis) => checkAxis(axis, a.ndim));
  const turns = ((asExact(k) % 4) + 4) % 4;
  if (p === q) throw new ValueError("Axes must be different.");
  if (turns % 2 === 0) return flip(a, turns === 0 ? [] : [p, q]);
  using work = new Temporaries("rot90");
  return swapaxes(work.use(flip(a, turns === 1 ? q : p)), p, q);
}

/**
 * The array read as a larger shape, elements repeating along axes of length 1 and new ones. Returns a read-only view.
 * NumPy: `broadcast_to`.
 */
export function broadcastTo<D extends DType>(a: NDArray<D> | ArrayLike, shape: ShapeLike): NDArray<D> {
  BROADCAST_TO.count(arguments.length);
  if (!isArray(a)) return ofList(BROADCAST_TO, a, (x: NDArray<D>) => broadcastTo(x, shape));
  live(a);
  const target = checkShape(shape),
    strides = broadcastStrides(shapeOf(a), stridesOf(a), target);
  if (strides === null) {
    if (a.ndim > target.length)
      throw new ShapeError("input operand has more dimensions than allowed by the axis remapping");
    throw new ShapeError(
      `operands could not be broadcast together with remapped shapes [original->remapped]: ${shapeText(shapeOf(a))}  and requested shape ${shapeText(target)}`,
    );
  }
  return viewOf(a, a.descr, target, strides, a.offset, false);
}

/** The arrays read as the one shape that all broadcast to. Returns read-only views. NumPy: `broadcast_arrays`. */
export function broadcastArrays<const A extends readonly NDArray<DType>[]>(
  ...arrays: A
): { -readonly [K in keyof A]: A[K] };
export function broadcastArrays(...arrays: readonly ArrayLike[]): NDArray<DType>[];
export function broadcastArrays(...given: readonly ArrayLike[]): NDArray<DType>[] {
  using work = new Temporaries("broadcastArrays");
  return broadcastAll(given.map((value) => work.array(value)));
}

function broadcastAll(arrays: readonly NDArray<DType>[]): NDArray<DType>[] {
  const shape = broadcastShapes(...arrays.map((a) => shapeOf(a)));
  return arrays.map((a) => broadcastTo(a, shape));
}

// Axes of length 1 added until there are `ndim`; where they go is NumPy's.
function atLeast<D extends DType>(a: NDArray<D>, places: readonly (readonly number[])[]): NDArray<D> {
  return expandDims(a, places[a.ndim] ?? []);
}

/** A view with at least one axis. NumPy: `atleast_1d`. */
export function atleast1d<D extends DType>(a: NDArray<D> | ArrayLike): NDArray<D> {
  ATLEAST1D.count(arguments.length);
  if (!isArray(a)) return ofList(ATLEAST1D, a, (x: NDArray<D>) => atleast1d(x));
  return atLeast(a, [[0]]);
}

/** A view with at least two axes; one axis becomes a row. NumPy: `atleast_2d`. */
export function atleast2d<D extends DType>(a: NDArray<D> | ArrayLike): NDArray<D> {
  ATLEAST2D.count(arguments.length);
  if (!isArray(a)) return ofList(ATLEAST2D, a, (x: NDArray<D>) => atleast2d(x));
  return atLeast(a, [[0, 1], [0]]);
}

/** A view with at least three axes; n elements become (1, n, 1), m × n become (m, n, 1). NumPy: `atleast_3d`. */
export function atleast3d<D extends DType>(a: NDArray<D> | ArrayLike): NDArray<D> {
  ATLEAST3D.count(arguments.length);
  if (!isArray(a)) return ofList(ATLEAST3D, a, (x: NDArray<D>) => atleast3d(x));
  return atLeast(a, [[0, 1, 2], [0, 2], [2]]);
}
