import { type ArrayLike, copyInto, type DTypeOf, ofList } from "../array/convert.js";
import { addressOf } from "../array/destination.js";
import { live, make, NDArray, shapeOf, stridesOf } from "../array/ndarray.js";
import { orDType, type Signature, type Table, takes } from "../array/options.js";
import { Temporaries } from "../array/temporaries.js";
import { byCode, type Descr, type DType, descrOf } from "../base/dtype.js";
import { ShapeError } from "../base/errors.js";
import { assignedStrides, checkShape, type ShapeLike, shapeText } from "../base/layout.js";
import { scalarSlot } from "../core/box.js";
import { memory } from "../core/instance.js";
import { checkElement, codeOfScalar, isScalar, plainScalar, writeElement } from "../core/scalar.js";
import { begin, operand, transfer } from "../loops/walk.js";

/** What functions take that make an array: the dtype, float64 if not given. */
export interface DTypeOption<D extends DType> {
  dtype?: D;
}

// Lengths side by side are the mistake that is made here.
const shaped = (name: string): Signature =>
  takes(`${name}(shape)`, { dtype: "dtype?" }, `for more axes pass a list: ${name}([2, 3])`);
const EMPTY = shaped("empty"),
  ZEROS = shaped("zeros"),
  ONES = shaped("ones"),
  FULL = takes("full(shape, value)", { dtype: "dtype?" });
const LIKE: Table = { dtype: "dtype?", shape: "anything?" };
const EMPTY_LIKE = takes("emptyLike(a)", LIKE),
  ZEROS_LIKE = takes("zerosLike(a)", LIKE),
  ONES_LIKE = takes("onesLike(a)", LIKE),
  FULL_LIKE = takes("fullLike(a, value)", LIKE),
  EYE = takes("eye(n, m)", { k: "integer", dtype: "dtype?" }),
  IDENTITY = takes("identity(n)", { dtype: "dtype?" });

/** A new array of a shape, with whatever its memory holds: write it before you read it. */
export function empty<D extends DType = "float64">(shape: ShapeLike, options?: D | DTypeOption<D>): NDArray<D> {
  const { dtype } = EMPTY.read(orDType<DTypeOption<D>>(options), arguments.length);
  return make(checkShape(shape), descrOf(dtype ?? ("float64" as D)), "empty");
}

/**
 * A new array of zeros (false for bool).
 *
 * @example
 * zeros([2, 3]) // [[0. 0. 0.] [0. 0. 0.]]
 */
export function zeros<D extends DType = "float64">(shape: ShapeLike, options?: D | DTypeOption<D>): NDArray<D> {
  const { dtype } = ZEROS.read(orDType<DTypeOption<D>>(options), arguments.length);
  return cleared(checkShape(shape), descrOf(dtype ?? ("float64" as D)), "zeros");
}

/**
 * A new array of ones.
 *
 * @example
 * ones(3, "int32") // [1 1 1]
 */
export function ones<D extends DType = "float64">(shape: ShapeLike, options?: D | DTypeOption<D>): NDArray<D> {
  const { dtype } = ONES.read(orDType<DTypeOption<D>>(options), arguments.length);
  return filled(checkShape(shape), descrOf(dtype ?? ("float64" as D)), 1, "ones");
}

/**
 * A new array filled with a value, which may be an array that broadcasts; its dtype is the value's unless given.
 *
 * @example
 * full(3, 7.5) // [7.5 7.5 7.5]
 */
export function full<const V extends ArrayLike>(
  shape: ShapeLike,
  value: V,
  options?: { dtype?: undefined },
): NDArray<DTypeOf<V>>;
export function full<D extends DType>(shape: ShapeLike, value: ArrayLike, options: D | { dtype: D }): NDArray<D>;
export function full(
  shape: ShapeLike,
  value: ArrayLike,
  options?: DType | { dtype?: DType | undefined },
): NDArray<DType> {
  const { dtype } = FULL.read(orDType(options), arguments.length);
  return spread(shape, value, dtype);
}

function spread(shape: ShapeLike, value: ArrayLike, dtype: DType | undefined): NDArray<DType> {
  const lengths = checkShape(shape);
  if (isScalar(value)) {
    const code = dtype === undefined ? codeOfScalar(value) : descrOf(dtype).code;
    return filled(lengths, byCode[code], plainScalar(value), "full");
  }
  using work = new Temporaries("full");
  const from = work.array(value);
  const strides = assignedStrides(shapeOf(from), stridesOf(from), lengths);
  if (strides === null) {
    throw new ShapeError(
      `could not broadcast input array from shape ${shapeText(shapeOf(from))} into shape ${shapeText(lengths)}`,
    );
  }
  const out = make(lengths, descrOf(dtype ?? from.dtype), "full");
  copyInto(out, from, strides);
  return out;
}

/** A new array of the shape and dtype of another, not written. NumPy: `empty_like`. */
export function emptyLike<A extends ArrayLike, D extends DType = DTypeOf<A>>(
  a: A,
  options?: LikeOptions<D>,
): NDArray<D> {
  const [shape, descr] = like(a, EMPTY_LIKE.read(orDType<Like<D>>(options), arguments.length), "emptyLike");
  return make(shape, descr, "emptyLike");
}

/**
 * A new array of zeros of the shape and dtype of another. NumPy: `zeros_like`.
 *
 * @example
 * zerosLike([1, 2, 3]) // [0. 0. 0.]
 */
export function zerosLike<A extends ArrayLike, D extends DType = DTypeOf<A>>(
  a: A,
  options?: LikeOptions<D>,
): NDArray<D> {
  const [shape, descr] = like(a, ZEROS_LIKE.read(orDType<Like<D>>(options), arguments.length), "zerosLike");
  return cleared(shape, descr, "zerosLike");
}

/** A new array of ones of the shape and dtype of another. NumPy: `ones_like`. */
export function onesLike<A extends ArrayLike, D extends DType = DTypeOf<A>>(
  a: A,
  options?: LikeOptions<D>,
): NDArray<D> {
  const [shape, descr] = like(a, ONES_LIKE.read(orDType<Like<D>>(options), arguments.length), "onesLike");
  return filled(shape, descr, 1, "onesLike");
}

/** A new array filled with a value, of the shape and dtype of another. NumPy: `full_like`. */
export function fullLike<A extends ArrayLike, D extends DType = DTypeOf<A>>(
  a: A,
  value: ArrayLike,
  options?: LikeOptions<D>,
): NDArray<D> {
  const [shape, descr] = like(a, FULL_LIKE.read(orDType<Like<D>>(options), arguments.length), "fullLike");
  return spread(shape, value, descr.name) as NDArray<D>; // the dtype of `descr`
}

/** What the functions take that make an array like another: its name may stand for the dtype alone. */
export type LikeOptions<D extends DType> = D | Like<D>;
type Like<D extends DType> = DTypeOption<D> & { shape?: ShapeLike };

function like<D extends DType>(a: ArrayLike, { dtype, shape }: Like<D>, name: string): [readonly number[], Descr<D>] {
  if (!(a instanceof NDArray)) return ofList({ name }, a, (x) => like<D>(x, { dtype, shape } as Like<D>, name));
  live(a);
  return [shape === undefined ? shapeOf(a) : checkShape(shape), descrOf(dtype ?? (a.dtype as D))];
}

/** A new array of zeros, as an operation gives it. @internal */
export function cleared<D extends DType>(shape: readonly number[], descr: Descr<D>, op: string): NDArray<D> {
  const a = make(shape, descr, op);
  new Uint8Array(memory.buffer, a.buffer.pointer, a.nbytes).fill(0);
  return a;
}

function filled<D extends DType>(
  shape: readonly number[],
  descr: Descr<D>,
  value: number | bigint | boolean | { re: number; im: number },
  op: string,
): NDArray<D> {
  checkElement(value, descr.code);
  const a = make(shape, descr, op);
  fill(a, value);
  return a;
}

/** Writes one value, already checked, over a whole array. @internal */
export function fill(a: NDArray<DType>, value: number | bigint | boolean | { re: number; im: number }): void {
  writeElement(a.descr.code, scalarSlot(1), value);
  begin(shapeOf(a));
  operand(addressOf(a), stridesOf(a), a.descr.code);
  operand(scalarSlot(1), new Array<number>(a.ndim).fill(0), a.descr.code);
  transfer();
}

/**
 * A matrix of n rows and m (n) columns with ones on the k-th (0th) diagonal and zeros elsewhere.
 *
 * @example
 * eye(2) // [[1. 0.] [0. 1.]]
 */
export function eye<D extends DType = "float64">(
  n: number,
  m: number = n,
  options?: D | (DTypeOption<D> & { k?: number }),
): NDArray<D> {
  const { k = 0, dtype } = EYE.read(orDType<DTypeOption<D> & { k?: number }>(options), arguments.length);
  const [rows, cols] = checkShape([n, m]),
    a = cleared([rows, cols], descrOf(dtype ?? ("float64" as D)), "eye");
  for (let i = Math.max(0, -k); i < rows && i + k < cols; i++) {
    writeElement(a.descr.code, a.buffer.pointer + (i * cols + i + k) * a.itemsize, 1);
  }
  return a;
}

/** The identity matrix of n rows. */
export function identity<D extends DType = "float64">(n: number, options?: D | DTypeOption<D>): NDArray<D> {
  return eye(n, n, IDENTITY.read(orDType<DTypeOption<D>>(options), arguments.length));
}
