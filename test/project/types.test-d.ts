// Types are checked by tsc: this file is compiled, never run.
import * as np from "../../src/index.js";

type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
const is = <_ extends true>(): void => {};

const f64 = np.zeros([2]);
const f32 = np.zeros([2], { dtype: "float32" });
const i32 = np.zeros([2], { dtype: "int32" });
const i64 = np.zeros([2], { dtype: "int64" });
const u8 = np.zeros([2], { dtype: "uint8" });
const bools = np.zeros([2], { dtype: "bool" });
const c64 = np.zeros([2], { dtype: "complex64" });
const n = Math.random();

// What arrays are made of.
const made = np.array([1, 2, 3]),
  nested = np.array([[true], [false]]),
  big = np.array([1n]),
  typed = np.array(new Int16Array(2));
is<Equal<typeof made, np.NDArray<"float64">>>();
is<Equal<typeof nested, np.NDArray<"bool">>>();
is<Equal<typeof big, np.NDArray<"int64">>>();
is<Equal<typeof typed, np.NDArray<"int16">>>();
const complex = np.array([{ re: 1, im: 0 }]),
  asked = np.array([1, 2], { dtype: "uint16" });
is<Equal<typeof complex, np.NDArray<"complex128">>>();
is<Equal<typeof asked, np.NDArray<"uint16">>>();

// Issue 7.15: typed arrays as they come from elsewhere, over a buffer of whatever kind.
const given = (x: Float32Array, y: Uint8Array, i: Int32Array) =>
  [np.array(x), np.add(x, 1), np.sum(y), np.take(f64, i), f64.at(i), np.concatenate([x, x])] as const;
is<Equal<ReturnType<typeof given>[0], np.NDArray<"float32">>>();

// Items.
const a = f64.item(0),
  b = i64.item(0),
  c = bools.item(0),
  d = c64.item(0);
is<Equal<typeof a, number>>();
is<Equal<typeof b, bigint>>();
is<Equal<typeof c, boolean>>();
is<Equal<typeof d, np.Complex>>();

// Two arrays promote by the table.
const both = np.add(i32, f32),
  mixed = np.add(u8, i64),
  together = np.multiply(c64, f64),
  divided = np.divide(i32, u8);
is<Equal<typeof both, np.NDArray<"float64">>>();
is<Equal<typeof mixed, np.NDArray<"int64">>>();
is<Equal<typeof together, np.NDArray<"complex128">>>();
is<Equal<typeof divided, np.NDArray<"float64">>>();

// Beside an array a literal is told by its value; a plain number beside integers may be whole or not.
const whole = np.add(i32, 2),
  part = np.add(i32, 0.5),
  unknown = np.add(i32, n),
  floats = np.add(f32, n),
  bigint = np.add(u8, 1n);
is<Equal<typeof whole, np.NDArray<"int32">>>();
is<Equal<typeof part, np.NDArray<"float64">>>();
is<Equal<typeof unknown, np.NDArray<"int32" | "float64">>>();
is<Equal<typeof floats, np.NDArray<"float32">>>();
is<Equal<typeof bigint, np.NDArray<"uint8">>>();
const method = i32.add(2),
  less = i32.less(3);
is<Equal<typeof method, np.NDArray<"int32">>>();
is<Equal<typeof less, np.NDArray<"bool">>>();

// Functions with loops of their own.
const roots = np.sqrt(u8),
  single = np.sqrt(f32),
  tests = np.isnan(f64),
  size = np.absolute(c64);
is<Equal<typeof roots, np.NDArray<"float16">>>();
is<Equal<typeof single, np.NDArray<"float32">>>();
is<Equal<typeof tests, np.NDArray<"bool">>>();
is<Equal<typeof size, np.NDArray<"float32">>>();

// `out` and `dtype` decide the result.
const into = np.add(i32, i32, { out: f64 }),
  forced = np.add(i32, i32, { dtype: "int64" });
is<Equal<typeof into, np.NDArray<"float64">>>();
is<Equal<typeof forced, np.NDArray<"int64">>>();

// Reductions: a value over all axes, an array along some.
const total = np.sum(i32),
  along = np.sum(i32, 0),
  kept = np.sum(f32, 0, { keepdims: true }),
  average = np.mean(u8);
is<Equal<typeof total, bigint>>();
is<Equal<typeof along, np.NDArray<"int64">>>();
is<Equal<typeof kept, np.NDArray<"float32">>>();
is<Equal<typeof average, number>>();
const most = f32.max(),
  rows = u8.sum(1),
  index = i32.argmax();
is<Equal<typeof most, number>>();
is<Equal<typeof rows, np.NDArray<"uint64">>>();
is<Equal<typeof index, number>>();

// Sorting keeps the dtype; indices are int32, and the place of a value is a number.
const ordered = np.sort(f32, 0),
  parted = np.partition(u8, 1),
  order = np.argsort(f32),
  found = np.searchsorted(f32, 2),
  places = f32.searchsorted([1, 2]);
is<Equal<typeof ordered, np.NDArray<"float32">>>();
is<Equal<typeof parted, np.NDArray<"uint8">>>();
is<Equal<typeof order, np.NDArray<"int32">>>();
is<Equal<typeof found, number>>();
is<Equal<typeof places, np.NDArray<"int32">>>();

// Lazy expressions: the dtypes of the eager forms.
const lazy = np.lazy(i32),
  lazySum = np.add(lazy, f32),
  lazyBeside = np.subtract(f64, np.lazy(u8)),
  lazyWhole = np.multiply(lazy, 2),
  lazyRoot = np.sqrt(np.lazy(u8)),
  lazyTest = np.less(lazy, 0.5),
  lazyForced = np.add(lazy, 1, { dtype: "int64" }),
  lazyPower = np.power(lazy, 2),
  lazySize = np.absolute(np.lazy(f32)),
  lazyClip = np.clip(lazy, 0, 7),
  again = np.lazy(lazySum),
  chained = np.lazy(u8).multiply(2).add(f32),
  chainedSum = lazy.multiply(lazy).sum(),
  chainedTest = lazy.less(3).any();
is<Equal<typeof lazy, np.Lazy<"int32">>>();
is<Equal<typeof lazySum, np.Lazy<"float64">>>();
is<Equal<typeof chained, np.Lazy<"float32">>>();
is<Equal<typeof chainedSum, bigint>>();
is<Equal<typeof chainedTest, boolean>>();
is<Equal<typeof lazyBeside, np.Lazy<"float64">>>();
is<Equal<typeof lazyWhole, np.Lazy<"int32">>>();
is<Equal<typeof lazyRoot, np.Lazy<"float16">>>();
is<Equal<typeof lazyTest, np.Lazy<"bool">>>();
is<Equal<typeof lazyForced, np.Lazy<"int64">>>();
is<Equal<typeof lazyPower, np.Lazy<"int32">>>();
is<Equal<typeof lazySize, np.Lazy<"float32">>>();
is<Equal<typeof lazyClip, np.Lazy<"int32">>>();
is<Equal<typeof again, np.Lazy<"float64">>>();
const evaluated = lazySum.evaluate(),
  evaluatedInto = lazySum.evaluate({ out: f32 }),
  lazyTotal = np.sum(lazy),
  lazyTold = np.sum(lazy, null, { dtype: "float32" }),
  lazyMean = np.mean(lazy),
  lazyAny = np.any(lazyTest);
is<Equal<typeof evaluated, np.NDArray<"float64">>>();
is<Equal<typeof evaluatedInto, np.NDArray<"float32">>>();
is<Equal<typeof lazyTotal, bigint>>();
is<Equal<typeof lazyTold, number>>();
is<Equal<typeof lazyMean, number>>();
is<Equal<typeof lazyAny, boolean>>();
// @ts-expect-error: out is evaluate's.
np.add(lazy, 1, { out: f64 });
// @ts-expect-error: a list would be an array that nobody disposes.
np.add(lazy, [1, 2]);
// @ts-expect-error: a lazy expression is reduced over all axes.
np.sum(lazy, 0);

// Casts and choices.
const cast = f64.astype("float16"),
  chosen = np.where(bools, i32, 0.5),
  real = c64.real;
is<Equal<typeof cast, np.NDArray<"float16">>>();
is<Equal<typeof chosen, np.NDArray<"float64">>>();
is<Equal<typeof real, np.NDArray<"float32">>>();

// @ts-expect-error: no such dtype.
np.zeros([2], { dtype: "float128" });
// @ts-expect-error: text is no element.
np.array(["a"]);
// @ts-expect-error: a shape is made of numbers.
np.zeros(["2"]);

// Issue 7.15: generic functions over these compile. The sum of two `NDArray<D>` is an `NDArray<D>`, beside whole numbers
// too where D is no bool; what has float loops needs a D of floats.
export function doubled<D extends np.DType>(x: np.NDArray<D>): np.NDArray<D> {
  return np.add(x, x);
}
export function product<D extends np.DType>(x: np.NDArray<D>, y: np.NDArray<D>): np.NDArray<D> {
  return np.multiply(x, y).multiply(y);
}
export function either<D extends np.DType>(
  test: np.NDArray<"bool">,
  x: np.NDArray<D>,
  y: np.NDArray<D>,
): np.NDArray<D> {
  return np.where(test, x, np.maximum(x, y));
}
export function shifted<D extends "int8" | "int32" | "float32" | "float64">(x: np.NDArray<D>): np.NDArray<D> {
  return np.subtract(np.multiply(x, 2), 1).clip(x, x);
}
export function norm<D extends "float32" | "float64">(x: np.NDArray<D>, y: np.NDArray<D>): np.NDArray<D> {
  return np.sqrt(np.add(np.multiply(x, x), np.multiply(y, y)));
}
export function halved<D extends "float16" | "float32" | "float64" | "complex64">(x: np.NDArray<D>): np.NDArray<D> {
  return np.divide(x, 2).multiply(0.5).add(np.exp(x));
}
export function centred<D extends "float32" | "float64">(x: np.NDArray<D>): np.NDArray<D> {
  return np.subtract(np.sum(x, 0), x.mean(0));
}
export function wrong<D extends np.DType>(x: np.NDArray<D>): np.NDArray<D> {
  // @ts-expect-error: the root of int8 is float16.
  return np.sqrt(x);
}

// Issue 7.15: `out`, `dtype` and the axis decide in methods as in functions.
declare const axis: number | null;
const methodInto = i32.add(1, { out: f64 }),
  methodTold = i32.add(1, { dtype: "int64" }),
  sumTold = i32.sum(null, { dtype: "float64" }),
  sumEither = np.sum(i32, axis),
  empty = np.array([]),
  clipped = i32.clip(0, f64),
  clippedByList = np.clip(u8, [1, 2], null),
  opened = np.add(
    np.zeros([1], { dtype: n > 0 ? "int8" : "uint8" }),
    np.zeros([1], { dtype: n > 0 ? "int8" : "uint8" }),
  );
is<Equal<typeof methodInto, np.NDArray<"float64">>>();
is<Equal<typeof methodTold, np.NDArray<"int64">>>();
is<Equal<typeof sumTold, number>>();
is<Equal<typeof sumEither, bigint | np.NDArray<"int64">>>();
is<Equal<typeof empty, np.NDArray<"float64">>>();
is<Equal<typeof clipped, np.NDArray<"float64">>>();
is<Equal<typeof clippedByList, np.NDArray<"float64">>>();
is<Equal<typeof opened, np.NDArray<"int8" | "uint8" | "int16">>>();

// Of three arrays and more the floats promote first: numpy.result_type.
declare const int16s: np.NDArray<"int16">, uint16s: np.NDArray<"uint16">, float32s: np.NDArray<"float32">;
export const joinedFloats: np.NDArray<"float32"> = np.concatenate([int16s, uint16s, float32s]);
export const joinedIntegers: np.NDArray<"int32"> = np.vstack([int16s, uint16s, int16s]);
export const joinedLists: np.NDArray<"float64"> = np.concatenate([[1], [2], [3, 4]]);
export const joinedSame = <D extends np.DType>(x: np.NDArray<D>): np.NDArray<D> => np.concatenate([x, x, x]);

export const clippedOfThree: np.NDArray<"float32"> = np.clip(int16s, float32s, uint16s);
export const clippedOfIntegers: np.NDArray<"int32"> = int16s.clip(uint16s, int16s);
export const clippedSame = <D extends np.DType>(x: np.NDArray<D>): np.NDArray<D> => np.clip(x, x, x);
export const clippedLazily: np.Lazy<"float32"> = np.clip(np.lazy(int16s), float32s, uint16s);
export const clippedAs: np.Lazy<"float64"> = np.clip(np.lazy(int16s), 0, 1, { dtype: "float64" });

// clip of one end, and of none.
export const clippedFromNone: np.NDArray<"int16"> = int16s.clip();
export const clippedBelow: np.NDArray<"int16"> = int16s.clip(0);
export const clippedByFloats: np.NDArray<"float32"> = int16s.clip(float32s);
export const clippedFree: np.NDArray<"int16"> = np.clip(int16s);
export const clippedNamed: np.NDArray = int16s.clip({ max: 3 });

// Files: a path or bytes are read at once, a Blob, a response or a stream in a promise.
const saved = np.save(f32),
  toPath = np.save(f32, "x.npy"),
  toStream = np.save([1, 2], new WritableStream<Uint8Array<ArrayBuffer>>());
is<Equal<typeof saved, Uint8Array<ArrayBuffer>>>();
is<Equal<typeof toPath, void>>();
is<Equal<typeof toStream, Promise<void>>>();
const packed = np.savez({ f32, list: [1] }),
  deflated = np.savezCompressed({ i64 }, new URL("file:///x.npz")),
  packedLate = np.savez({ f32 }, new WritableStream<Uint8Array<ArrayBuffer>>());
is<Equal<typeof packed, Uint8Array<ArrayBuffer>>>();
is<Equal<typeof deflated, void>>();
is<Equal<typeof packedLate, Promise<void>>>();
const loaded = np.load(saved),
  byPath = np.load("x.npy"),
  archive = np.load("x.npz"),
  ofBytes = np.load<np.Arrays>(packed),
  late = np.load(new Blob([saved])),
  lateArchive = np.load<np.Arrays>(new Response(packed));
is<Equal<typeof loaded, np.NDArray>>();
is<Equal<typeof byPath, np.NDArray>>();
is<Equal<typeof archive, np.Arrays>>();
is<Equal<typeof archive.x, np.NDArray>>();
is<Equal<typeof ofBytes, np.Arrays>>();
is<Equal<typeof late, Promise<np.NDArray>>>();
is<Equal<typeof lateArchive, Promise<np.Arrays>>>();
// @ts-expect-error A number is no place to write to.
np.save(f32, 7);
// @ts-expect-error An array has no names.
np.savez([1, 2]);
// @ts-expect-error A number is no source.
np.load(5);

// Ufuncs of two results, and with integers beside them.
type Two<A extends np.DType, B extends np.DType = A> = [np.NDArray<A>, np.NDArray<B>];
const divided2 = np.divmod(i32, f32),
  dividedByOne = np.divmod(u8, 7),
  dividedTold = np.divmod(i32, i32, { dtype: "int64" }),
  dividedInto = np.divmod(f32, f32, { out: [f64, f32] }),
  fractions = np.modf(u8),
  fractionsOfFloats = np.modf(f32),
  mantissas = np.frexp(i32),
  mantissasTold = np.frexp(f32, { dtype: "float64" }),
  scaled = np.ldexp(f32, i32),
  scaledWhole = np.ldexp(u8, 3),
  scaledInto = np.ldexp(f32, i32, { out: f64 });
is<Equal<typeof divided2, Two<"float64">>>();
is<Equal<typeof dividedByOne, Two<"uint8">>>();
is<Equal<typeof dividedTold, Two<"int64">>>();
is<Equal<typeof dividedInto, Two<"float64", "float32">>>();
is<Equal<typeof fractions, Two<"float16">>>();
is<Equal<typeof fractionsOfFloats, Two<"float32">>>();
is<Equal<typeof mantissas, Two<"float64", "int32">>>();
is<Equal<typeof mantissasTold, Two<"float64", "int32">>>();
is<Equal<typeof scaled, np.NDArray<"float32">>>();
is<Equal<typeof scaledWhole, np.NDArray<"float16">>>();
is<Equal<typeof scaledInto, np.NDArray<"float64">>>();
// @ts-expect-error: two results need two arrays.
np.modf(f32, { out: f32 });

// Products promote as ufuncs do.
const matrices = np.matmul(i32, f32),
  matrixAndVector = np.matvec(u8, i64),
  vectorAndMatrix = np.vecmat(f32, [1, 2]),
  dots = np.vecdot(c64, f64),
  dotsTold = np.vecdot(i32, i32, { dtype: "float64", axis: 0 }),
  dotsInto = np.matmul(i32, i32, { out: f64 });
is<Equal<typeof matrices, np.NDArray<"float64">>>();
const dotted = np.dot(i32, f32),
  dottedInto = np.dot(i32, i32, { out: f64 }),
  crossed = np.cross(f32, f32, { axis: 0 }),
  contracted = np.tensordot(c64, f64, [[0], [1]]),
  traced = np.trace(i32, { dtype: "float64" });
is<Equal<typeof dotted, np.NDArray<"float64">>>();
is<Equal<typeof dottedInto, np.NDArray<"float64">>>();
is<Equal<typeof crossed, np.NDArray<"float32">>>();
is<Equal<typeof contracted, np.NDArray<"complex128">>>();
is<Equal<typeof traced, np.NDArray<"float64">>>();
is<Equal<typeof matrixAndVector, np.NDArray<"int64">>>();
is<Equal<typeof vectorAndMatrix, np.NDArray<"float64">>>();
is<Equal<typeof dots, np.NDArray<"complex128">>>();
is<Equal<typeof dotsTold, np.NDArray<"float64">>>();
is<Equal<typeof dotsInto, np.NDArray<"float64">>>();
export const squaredMatrix = <D extends np.DType>(x: np.NDArray<D>): np.NDArray<D> => np.matmul(x, x);
// @ts-expect-error: an axis is a number.
np.vecdot(f32, f32, { axis: "0" });
