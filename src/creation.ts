import { castBox, runFlat, scalarSlot } from "./cast.js";
import { type ArrayLike, copyInto, type DTypeOf, ofList, toArray } from "./convert.js";
import { boxAt, core, memory, SCRATCH, scratchAt, words } from "./core.js";
import { byCode, type Descr, type DType, descrOf, dtypes } from "./dtype.js";
import { ArgumentError, DTypeError, ShapeError, ValueError } from "./errors.js";
import { broadcastStrides, checkShape, type ShapeLike, shapeText } from "./layout.js";
import { drop, live, make, NDArray } from "./ndarray.js";
import { orDType, type Signature, type Table, takes } from "./options.js";
import { checkElement, codeOfScalar, isScalar, plainScalar, writeElement } from "./scalar.js";
import { shown } from "./shown.js";
import { begin, operand, transfer } from "./walk.js";

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
  ARANGE = takes("arange(start, stop, step)", { dtype: "dtype?" }),
  LINSPACE = takes("linspace(start, stop, num)", { dtype: "dtype?", endpoint: "boolean" }),
  EYE = takes("eye(n, m)", { k: "integer", dtype: "dtype?" }),
  IDENTITY = takes("identity(n)", { dtype: "dtype?" });

/** A new array of a shape, with whatever its memory holds: write it before you read it. */
export function empty<D extends DType = "float64">(shape: ShapeLike, options?: D | DTypeOption<D>): NDArray<D> {
  const { dtype } = EMPTY.read(orDType<DTypeOption<D>>(options), arguments.length);
  return make(checkShape(shape), descrOf(dtype ?? ("float64" as D)), "empty");
}

/** A new array of zeros (false for bool). */
export function zeros<D extends DType = "float64">(shape: ShapeLike, options?: D | DTypeOption<D>): NDArray<D> {
  const { dtype } = ZEROS.read(orDType<DTypeOption<D>>(options), arguments.length);
  return cleared(checkShape(shape), descrOf(dtype ?? ("float64" as D)), "zeros");
}

/** A new array of ones. */
export function ones<D extends DType = "float64">(shape: ShapeLike, options?: D | DTypeOption<D>): NDArray<D> {
  const { dtype } = ONES.read(orDType<DTypeOption<D>>(options), arguments.length);
  return filled(checkShape(shape), descrOf(dtype ?? ("float64" as D)), 1, "ones");
}

/** A new array filled with a value, which may be an array that broadcasts; its dtype is the value's unless given. */
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
  const [from, made] = toArray(value, "full");
  try {
    const strides = broadcastStrides(from.shape, from.strides, lengths);
    if (strides === null) {
      throw new ShapeError(
        `could not broadcast input array from shape ${shapeText(from.shape)} into shape ${shapeText(lengths)}`,
      );
    }
    const out = make(lengths, descrOf(dtype ?? from.dtype), "full");
    copyInto(out, from, strides);
    return out;
  } finally {
    if (made) drop(from, "operation");
  }
}

/** A new array of the shape and dtype of another, not written. NumPy: `empty_like`. */
export function emptyLike<A extends ArrayLike, D extends DType = DTypeOf<A>>(
  a: A,
  options?: LikeOptions<D>,
): NDArray<D> {
  const [shape, descr] = like(a, EMPTY_LIKE.read(orDType<Like<D>>(options), arguments.length), "emptyLike");
  return make(shape, descr, "emptyLike");
}

/** A new array of zeros of the shape and dtype of another. NumPy: `zeros_like`. */
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
  return [shape === undefined ? a.shape : checkShape(shape), descrOf(dtype ?? (a.dtype as D))];
}

function cleared<D extends DType>(shape: readonly number[], descr: Descr<D>, op: string): NDArray<D> {
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
  begin(a.shape);
  operand(a.buffer.pointer + a.offset, a.strides, a.descr.code);
  operand(scalarSlot(1), new Array<number>(a.ndim).fill(0), a.descr.code);
  transfer();
}

/**
 * Evenly spaced values from `start` (0) up to but without `stop`, `step` (1) apart. Numbers give float64 and bigints
 * int64, unless `dtype` says otherwise. The length is ⌈(stop - start) / step⌉.
 */
export function arange(stop: bigint, options?: { dtype?: undefined }): NDArray<"int64">;
export function arange(start: bigint, stop: bigint, step?: bigint, options?: { dtype?: undefined }): NDArray<"int64">;
export function arange(stop: number, options?: { dtype?: undefined }): NDArray<"float64">;
export function arange<D extends DType>(stop: number | bigint, options: D | { dtype: D }): NDArray<D>;
export function arange(start: number, stop: number, step?: number, options?: { dtype?: undefined }): NDArray<"float64">;
export function arange<D extends DType>(
  start: number | bigint,
  stop: number | bigint,
  step: number | bigint,
  options: D | { dtype: D },
): NDArray<D>;
export function arange<D extends DType>(
  start: number | bigint,
  stop: number | bigint,
  options: D | { dtype: D },
): NDArray<D>;
export function arange(...args: unknown[]): NDArray<DType> {
  ARANGE.count(args.length);
  while (args.length > 1 && args[args.length - 1] === undefined) args.pop();
  const last = args[args.length - 1],
    given =
      args.length > 1 && (typeof last === "string" || (typeof last === "object" && last !== null))
        ? args.pop()
        : undefined;
  const options = ARANGE.read(orDType(given as DTypeOption<DType> | string | undefined)); // `read` says whether it is
  const numbers = args.map((n, i) => (i === 2 && n === undefined ? 1 : n)) as (number | bigint)[];
  for (const n of numbers) {
    if (typeof n !== "number" && typeof n !== "bigint")
      throw new DTypeError(`arange takes numbers or bigints, not ${shown(n)}`);
  }
  if (numbers.length === 0 || numbers.length > 3) throw new ArgumentError(`call arange(stop) or ${ARANGE}`);
  const [start, stop, step] = numbers.length === 1 ? [0, numbers[0], 1] : [numbers[0], numbers[1], numbers[2] ?? 1];
  if (Number(step) === 0) throw new ValueError("Maximum allowed size exceeded");
  const descr = descrOf(options.dtype ?? (typeof stop === "bigint" ? "int64" : "float64"));
  if (descr.kind === "b")
    throw new DTypeError("arange() is only supported for booleans when the result has at most length 2.");
  const length = Math.max(0, Math.ceil((Number(stop) - Number(start)) / Number(step)));
  if (!Number.isSafeInteger(length)) throw new ValueError("Maximum allowed size exceeded");
  return ramp([length], descr, start, step, "arange");
}

// Integers are stepped from whole starts, as NumPy does: by the difference of the first two values.
function ramp(
  shape: readonly number[],
  descr: Descr,
  start: number | bigint,
  step: number | bigint,
  op: string,
): NDArray<DType> {
  const integer = descr.kind === "i" || descr.kind === "u";
  const whole = (n: number | bigint): number | bigint => (integer && typeof n === "number" ? Math.trunc(n) : n);
  const bigints = typeof start === "bigint" && typeof step === "bigint";
  const first = whole(start),
    second = whole(bigints ? start + step : Number(start) + Number(step));
  checkElement(first, descr.code);
  const a = make(shape, descr, op);
  const code =
    descr.code === dtypes.float16.code ? dtypes.float32.code : descr.kind === "c" ? descr.code - 2 : descr.code;
  const delta =
    typeof first === "bigint" && typeof second === "bigint" ? second - first : Number(second) - Number(first);
  rampInto(a, byCode[code], first, delta, false);
  return a;
}

// Writes start + i * delta over a contiguous array, computed in the dtype `by` and cast by tiles where it is another.
function rampInto(
  a: NDArray<DType>,
  by: Descr,
  start: number | bigint,
  delta: number | bigint,
  floored: boolean,
): void {
  const direct = by === a.descr,
    tile = SCRATCH / 16,
    code = by.code;
  writeElement(code, scalarSlot(1), start);
  writeElement(code, scalarSlot(2), delta);
  for (let done = 0; done < a.size; done += tile) {
    const n = Math.min(tile, a.size - done),
      at = a.buffer.pointer + done * a.itemsize;
    words.set([1, n, direct ? at : scratchAt, 0, by.itemsize, scalarSlot(1), 0, 0, scalarSlot(2), 0, 0, done]);
    core.ramp(code, boxAt);
    if (direct) continue;
    if (floored) runFlat(core.floor, code, n, scratchAt, by.itemsize, scratchAt, by.itemsize, 0, 0);
    castBox(code, a.descr.code, 1, n, at, 0, a.itemsize, scratchAt, 0, by.itemsize);
  }
}

/** What `linspace` takes after its ends. */
export interface LinspaceOptions<D extends DType> extends DTypeOption<D> {
  /** Whether the last value is `stop`: true by default. */
  endpoint?: boolean;
}

/** `num` (50) evenly spaced values from `start` to `stop`. */
export function linspace<D extends DType = "float64">(
  start: number,
  stop: number,
  num = 50,
  options?: D | LinspaceOptions<D>,
): NDArray<D> {
  const { dtype, endpoint = true } = LINSPACE.read(orDType<LinspaceOptions<D>>(options), arguments.length);
  if (!Number.isInteger(num) || num < 0) throw new ValueError(`Number of samples, ${num}, must be non-negative.`);
  const descr = descrOf(dtype ?? ("float64" as D)),
    step = (stop - start) / (endpoint ? num - 1 : num);
  const a = make([num], descr, "linspace");
  rampInto(
    a,
    byCode[dtypes.float64.code],
    start,
    num > 1 || !endpoint ? step : 0,
    descr.kind === "i" || descr.kind === "u",
  );
  if (endpoint && num > 1) writeElement(descr.code, a.buffer.pointer + (num - 1) * a.itemsize, stop);
  return a;
}

/** A matrix of n rows and m (n) columns with ones on the k-th (0th) diagonal and zeros elsewhere. */
export function eye<D extends DType = "float64">(
  n: number,
  m: number = n,
  options?: D | (DTypeOption<D> & { k?: number }),
): NDArray<D> {
  const { k = 0, dtype } = EYE.read(orDType<DTypeOption<D> & { k?: number }>(options), arguments.length);
  const a = cleared(checkShape([n, m]), descrOf(dtype ?? ("float64" as D)), "eye");
  for (let i = Math.max(0, -k); i < n && i + k < m; i++) {
    writeElement(a.descr.code, a.buffer.pointer + (i * m + i + k) * a.itemsize, 1);
  }
  return a;
}

/** The identity matrix of n rows. */
export function identity<D extends DType = "float64">(n: number, options?: D | DTypeOption<D>): NDArray<D> {
  return eye(n, n, IDENTITY.read(orDType<DTypeOption<D>>(options), arguments.length));
}
