import { type DType, descrOf, type Part, partDescr } from "../base/dtype.js";
import { ShapeError, ValueError } from "../base/errors.js";
import { bounds, checkAxis, checkShape, listOf, rowMajor, type ShapeLike } from "../base/layout.js";
import { memory } from "../core/instance.js";
import { allocate } from "../heap/allocate.js";
import { type ArrayLike, isArray, ofList } from "./convert.js";
import { live, MAKER, NDArray, shapeOf, stridesOf, viewOf } from "./ndarray.js";
import { takes } from "./options.js";

const VIEW = takes("view(a, dtype)"),
  REAL = takes("real(a)"),
  IMAG = takes("imag(a)"),
  AS_STRIDED = takes("asStrided(a, shape)", { strides: "anything", offset: "integer", writeable: "boolean" }),
  SLIDING = takes("slidingWindowView(a, window, axis)");

// The same bytes read another way.

/**
 * The array's bytes read as another dtype: the length of the last axis changes with the itemsize. Without a dtype a new
 * array on the same elements. Returns a view. Errors: an itemsize that changes where the last axis has gaps or is not a
 * multiple of the new one.
 */
export function view<D extends DType>(a: NDArray<D>, dtype?: undefined): NDArray<D>;
export function view<D extends DType>(a: NDArray<DType>, dtype: D): NDArray<D>;
export function view<D extends DType>(a: NDArray<DType>, dtype?: D): NDArray<DType> {
  VIEW.count(arguments.length);
  live(a);
  const to = dtype === undefined ? a.descr : descrOf(dtype),
    from = a.itemsize,
    last = a.ndim - 1;
  if (to.itemsize === from) return viewOf(a, to, shapeOf(a), stridesOf(a), a.offset);
  if (last < 0) throw new ValueError("Changing the dtype of a 0d array is only supported if the itemsize is unchanged");
  if (shapeOf(a)[last] !== 1 && a.size !== 0 && stridesOf(a)[last] !== from) {
    throw new ValueError("To change to a dtype of a different size, the last axis must be contiguous");
  }
  const bytes = shapeOf(a)[last] * from;
  if (bytes % to.itemsize !== 0) {
    throw new ValueError(
      "When changing to a larger dtype, its size must be a divisor of the total size in bytes of the last axis of the array.",
    );
  }
  return viewOf(
    a,
    to,
    [...shapeOf(a).slice(0, last), bytes / to.itemsize],
    [...stridesOf(a).slice(0, last), to.itemsize],
    a.offset,
  );
}

/** The real parts of complex numbers; of real numbers the array itself anew. Returns a view. */
export function real<D extends DType>(a: NDArray<D> | ArrayLike): NDArray<Part<D>> {
  REAL.count(arguments.length);
  if (!isArray(a)) return ofList(REAL, a, (x: NDArray<D>) => real(x));
  live(a);
  return viewOf(a, partDescr(a.descr), shapeOf(a), stridesOf(a), a.offset);
}

/** The imaginary parts. Returns a view of complex numbers; of real numbers new zeros, read-only as NumPy's. */
export function imag<D extends DType>(a: NDArray<D> | ArrayLike): NDArray<Part<D>> {
  IMAG.count(arguments.length);
  if (!isArray(a)) return ofList(IMAG, a, (x: NDArray<D>) => imag(x));
  live(a);
  const part = partDescr(a.descr);
  if (a.descr.kind === "c") return viewOf(a, part, shapeOf(a), stridesOf(a), a.offset + part.itemsize);
  const buffer = allocate(a.nbytes, "imag", part, shapeOf(a), null);
  new Uint8Array(memory.buffer, buffer.pointer, a.nbytes).fill(0);
  return new NDArray(buffer, part, shapeOf(a), rowMajor(shapeOf(a), a.itemsize), 0, null, false, MAKER);
}

/** What `asStrided` takes. */
export interface StridedOptions {
  /** Bytes from one element to the next for each axis; the array's own if not given. */
  strides?: readonly number[];
  /** Bytes from the array's first element to that of the view. */
  offset?: number;
  writeable?: boolean;
}

/**
 * The array's buffer read with any shape and strides. Returns a view. Unlike NumPy's `as_strided` it checks that no
 * element lies outside the buffer; elements may overlap, so think before writing.
 */
export function asStrided<D extends DType>(
  a: NDArray<D> | ArrayLike,
  shape: ShapeLike,
  options?: StridedOptions,
): NDArray<D> {
  const { strides, offset = 0, writeable = true } = AS_STRIDED.read(options, arguments.length);
  if (!isArray(a)) return ofList(AS_STRIDED, a, (x: NDArray<D>) => asStrided(x, shape, options));
  live(a);
  const lengths = checkShape(shape),
    steps = listOf(strides ?? stridesOf(a), "strides").map(bytesOf), // a copy: the caller may change the list later
    first = a.offset + offset;
  if (steps.length !== lengths.length) throw new ShapeError(`${lengths.length} axes and ${steps.length} strides`);
  if (![...steps, offset].every(isReach)) throw new ValueError("strides and offset are whole numbers of bytes");
  const [low, high] = bounds(lengths, steps, a.itemsize);
  if (!(first + low >= 0 && first + high <= a.buffer.nbytes)) {
    throw new ValueError(`bytes ${first + low} to ${first + high} do not all lie in the buffer of ${a.buffer.nbytes}`);
  }
  return viewOf(a, a.descr, lengths, steps, first, a.writeable && writeable);
}

function bytesOf(step: number | bigint): number {
  return typeof step === "bigint" ? Number(step) : step;
}

// No step is longer than the memory, so that sums of steps are exact.
function isReach(bytes: unknown): boolean {
  return Number.isInteger(bytes) && Math.abs(bytes as number) <= 2 ** 32;
}

/**
 * All windows of a shape that lie in the array, along all axes or those given: axes for the places, then axes for the
 * elements. Returns a read-only view, in which elements are shared by many windows. NumPy: `sliding_window_view`.
 */
export function slidingWindowView<D extends DType>(
  a: NDArray<D> | ArrayLike,
  window: ShapeLike,
  axis?: number | readonly number[] | null,
): NDArray<D> {
  SLIDING.count(arguments.length);
  if (!isArray(a)) return ofList(SLIDING, a, (x: NDArray<D>) => slidingWindowView(x, window, axis));
  live(a);
  const lengths = checkShape(window),
    given = axis === undefined || axis === null ? null : listOf(axis, "axis");
  const axes = given?.map((k) => checkAxis(k, a.ndim)) ?? shapeOf(a).map((_, k) => k);
  if (axes.length !== lengths.length) {
    throw new ValueError(
      given
        ? `Must provide matching length window_shape and axis; got ${lengths.length} window_shape elements and ${axes.length} axes elements.`
        : `Since axis is None, must provide window_shape for all dimensions of x; got ${lengths.length} window_shape elements and x.ndim is ${a.ndim}.`,
    );
  }
  const places = [...shapeOf(a)];
  axes.forEach((k, i) => {
    if (places[k] < lengths[i]) throw new ValueError("window shape cannot be larger than input array shape");
    places[k] -= lengths[i] - 1;
  });
  return viewOf(
    a,
    a.descr,
    [...places, ...lengths],
    [...stridesOf(a), ...axes.map((k) => stridesOf(a)[k])],
    a.offset,
    false,
  );
}
