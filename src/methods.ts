import { type ArrayLike, tolist, toTypedArray } from "./array/convert.js";
import { NDArray } from "./array/ndarray.js";
import { takes } from "./array/options.js";
import { imag, real, view } from "./array/reinterpret.js";
import { atMost } from "./base/arity.js";
import type { DType, Part, Scalar, TypedArray } from "./base/dtype.js";
import { DTypeError, ShapeError } from "./base/errors.js";
import type { ShapeLike } from "./base/layout.js";
import { CONSOLES } from "./base/shown.js";
import type { ScalarLike } from "./core/scalar.js";
import type { ClipMethod } from "./elementwise/clip.js";
import { copyto } from "./elementwise/copyto.js";
import { power } from "./elementwise/powers.js";
import { type Rounded, type RoundOptions, round } from "./elementwise/rounding.js";
import * as u from "./elementwise/ufuncs.js";
import { at, type IndexItem, item, iterate, set } from "./indexing/indexing.js";
import { type Indices, nonzero, type TakeOptions, take } from "./indexing/picking.js";
import { repeat } from "./indexing/rearranging.js";
import { shared } from "./lazyMethods.js";
import { markEnd } from "./memory/places/sites.js";
import type { BinaryMethod, FoldMethod, ReductionMethod, UnaryMethod } from "./operations/signatures.js";
import { type ArgOptions, argmax, argmin } from "./reducing/argextremes.js";
import { type AstypeOptions, astype, type CopyOptions, copy } from "./shaping/copy.js";
import { type DiagonalOptions, diagonal } from "./shaping/diagonals.js";
import { flatten, type ReshapeOptions, ravel, reshape, squeeze, swapaxes, transpose } from "./shaping/manipulation.js";
import type { PartitionOptions, Ranks, SortOptions } from "./sorting/arguments.js";
import { argpartition, argsort } from "./sorting/order.js";
import { type SearchOptions, searchsorted } from "./sorting/search.js";
import { partitionInPlace, sortInPlace } from "./sorting/sort.js";
import { type CumulativeMethod, cumprod, cumsum } from "./statistics/cumulative.js";
import { type MeanOptions, std, type VarianceOptions, variance } from "./statistics/statistics.js";
import { inspected, jsonOf, tagOf, textOf } from "./text/printing.js";

// The methods of NDArray: one interface, one list (its first part is that of lazy expressions), and nothing in them but a
// call of the function of that name.
// They are NumPy's methods, and for each operator of Python a function's name, or Python's own for the in-place ones.

declare module "./array/ndarray.js" {
  interface NDArray<D extends DType = DType> {
    /** x + y. */
    add: BinaryMethod<"any">;
    /** x - y. */
    subtract: BinaryMethod<"numbers">;
    /** x * y. */
    multiply: BinaryMethod<"any">;
    /** x / y. */
    divide: BinaryMethod<"quotient">;
    /** Python's x // y. */
    floorDivide: BinaryMethod<"real">;
    /** Python's x % y. */
    remainder: BinaryMethod<"real">;
    /** -x. */
    negative: UnaryMethod<"numbers">;
    /** ~x. */
    invert: UnaryMethod<"bits">;
    /** x & y. */
    bitwiseAnd: BinaryMethod<"bits">;
    /** x | y. */
    bitwiseOr: BinaryMethod<"bits">;
    /** x ^ y. */
    bitwiseXor: BinaryMethod<"bits">;
    /** x == y, element by element. */
    equal: BinaryMethod<"any", "bool">;
    /** x != y. */
    notEqual: BinaryMethod<"any", "bool">;
    /** x < y. */
    less: BinaryMethod<"any", "bool">;
    /** x <= y. */
    lessEqual: BinaryMethod<"any", "bool">;
    /** x > y. */
    greater: BinaryMethod<"any", "bool">;
    /** x >= y. */
    greaterEqual: BinaryMethod<"any", "bool">;
    /** x += y: writes into this array and returns it; allocates nothing unless y overlaps it otherwise. */
    iadd(y: ArrayLike): this;
    /** x -= y. */
    isub(y: ArrayLike): this;
    /** x *= y. */
    imul(y: ArrayLike): this;
    /** x /= y; integer arrays cannot take the float64 result. */
    itruediv(y: ArrayLike): this;
    /** x //= y. */
    ifloordiv(y: ArrayLike): this;
    /** x %= y. */
    imod(y: ArrayLike): this;
    /** x &= y. */
    iand(y: ArrayLike): this;
    /** x |= y. */
    ior(y: ArrayLike): this;
    /** x ^= y. */
    ixor(y: ArrayLike): this;
    /** x <<= y. */
    ilshift(y: ArrayLike): this;
    /** x >>= y. */
    irshift(y: ArrayLike): this;
    /** x **= y. */
    ipow(y: ArrayLike): this;
    /** x to the power y. */
    power: BinaryMethod<"counted">;

    /** The array with its axes reversed. Returns a view. */
    readonly T: NDArray<D>;
    /** The length of the first axis, Python's `len(a)`. Errors: a 0-d array has none, as in Python. */
    readonly length: number;
    /** The real parts. Returns a view. */
    readonly real: NDArray<Part<D>>;
    /** The imaginary parts. Returns a view; of real numbers read-only zeros. */
    readonly imag: NDArray<Part<D>>;
    /** What an index selects: a view for integers and slices, a copy for masks and lists of integers. */
    at(...index: readonly IndexItem[]): NDArray<D>;
    /** Writes a value, which comes last, to what an index selects; the index is what `at` takes. */
    set(...indexAndValue: readonly [...index: IndexItem[], value: ArrayLike]): void;
    /** One element as a JavaScript value. */
    item(...indices: readonly (number | bigint)[]): Scalar<D>;
    /** The elements, or for more axes views along the first. */
    [Symbol.iterator](): Generator<Scalar<D> | NDArray<D>, void, undefined>;
    /** The elements under another shape. Returns a view if it can, else a copy. */
    reshape(shape: ShapeLike, options?: ReshapeOptions): NDArray<D>;
    /** The array with its axes in another order, reversed by default. Returns a view. */
    transpose(axes?: number | readonly number[] | null): NDArray<D>;
    /** All elements on one axis. Returns a view if it can, else a copy. */
    ravel(options?: { order?: "C" | "F" }): NDArray<D>;
    /** All elements on one axis. Returns a copy. */
    flatten(): NDArray<D>;
    /** The array without axes of length 1. Returns a view. */
    squeeze(axis?: number | readonly number[] | null): NDArray<D>;
    /** The array with two axes exchanged. Returns a view. */
    swapaxes(axis1: number, axis2: number): NDArray<D>;
    /** A contiguous array of the same elements. Returns a copy; with `lazy: true` it is made when either is written. */
    copy(options?: CopyOptions): NDArray<D>;
    /** The elements cast to a dtype. Returns a copy; the same array with `copy: false` and its own dtype. */
    astype<E extends DType>(dtype: E, options?: AstypeOptions): NDArray<E>;
    /** Another array on the same buffer. Returns a view. */
    view(dtype?: undefined): NDArray<D>;
    /** The same bytes as elements of another dtype. Returns a view. */
    view<E extends DType>(dtype: E): NDArray<E>;

    /** The sum of the elements; of bools a number. */
    sum: FoldMethod<"total">;
    /** The product of the elements. */
    prod: FoldMethod<"wide">;
    /** The running sums along an axis, or of all in row-major order. Returns a copy, or `out`. */
    cumsum: CumulativeMethod;
    /** The running products. Returns a copy, or `out`. */
    cumprod: CumulativeMethod;
    /** The smallest element. */
    min: ReductionMethod<"same">;
    /** The largest element. */
    max: ReductionMethod<"same">;
    /** The arithmetic mean. */
    mean: FoldMethod<"mean", MeanOptions>;
    /** The variance. */
    var: FoldMethod<"variance", VarianceOptions>;
    /** The standard deviation. */
    std: FoldMethod<"variance", VarianceOptions>;
    /** Whether all elements are true. */
    all: ReductionMethod<"bool">;
    /** Whether any element is true. */
    any: ReductionMethod<"bool">;
    /** The index of the largest element. */
    argmax(axis?: null): number;
    argmax(axis: number | null, options?: ArgOptions): NDArray<"int32">;
    /** The index of the smallest element. */
    argmin(axis?: null): number;
    argmin(axis: number | null, options?: ArgOptions): NDArray<"int32">;

    /** The elements limited to low … high. Returns a copy, or `out`. */
    clip: ClipMethod;
    /** The elements rounded to a number of decimals. Returns a copy. */
    round(decimals?: number | RoundOptions, options?: RoundOptions): NDArray<Rounded<D>>;
    /** The complex conjugates. Returns a copy. */
    conj: UnaryMethod<"counted">;
    /** The elements at flat indices, or along an axis. Returns a copy. */
    take(indices: Indices, axis?: number | null, options?: TakeOptions): NDArray<D>;
    /** Elements, or along an axis slices, each as often as asked. Returns a copy. */
    repeat(repeats: number | Indices, axis?: number | null): NDArray<D>;
    /** The indices of elements that are not 0, one int32 array for each axis. */
    nonzero(): NDArray<"int32">[];
    /** The elements on a diagonal. Returns a read-only view. */
    diagonal(offset?: number | DiagonalOptions, axis1?: number, axis2?: number): NDArray<D>;
    /** Puts the elements in ascending order along an axis, the last by default, where they are. */
    sort(axis?: number, options?: SortOptions): void;
    /** The indices that would sort the elements along an axis. */
    argsort(axis?: number | null, options?: SortOptions): NDArray<"int32">;
    /** Puts the elements of some ranks where a sort would put them, smaller ones before and larger ones after them. */
    partition(kth: Ranks, axis?: number, options?: PartitionOptions): void;
    /** The indices that would partition the elements along an axis. */
    argpartition(kth: Ranks, axis?: number | null, options?: PartitionOptions): NDArray<"int32">;
    /** Where a value would be put into this sorted array. */
    searchsorted(v: ScalarLike, options?: SearchOptions): number;
    /** Where values would be put into this sorted array. */
    searchsorted(v: ArrayLike, options?: SearchOptions): NDArray<"int32">;
    /** The elements as NumPy prints them. */
    toString(): string;
    /** What `JSON.stringify` writes: nested lists, with 64-bit integers as strings of their digits. */
    toJSON(): unknown;
    /** A 0-d array as a JavaScript value where one is asked for; more elements have none, for there are no operators. */
    [Symbol.toPrimitive](hint: string): string | number | bigint | boolean;

    /** Writes one value over all elements. */
    fill(value: ScalarLike): void;
    /** Writes values over all elements, broadcasting and casting them; returns this array. */
    assign(values: ArrayLike): this;
    /** All elements as JavaScript values in nested lists. */
    tolist(): ReturnType<typeof tolist<D>>;
    /** The elements in row-major order as a typed array of JavaScript's own. Returns a copy. */
    toTypedArray(): TypedArray;
  }
}

function assign(a: NDArray, values: ArrayLike): NDArray {
  if (arguments.length > 2) atMost(1, arguments.length - 1, "assign(values)");
  copyto(a, values, { casting: "unsafe" });
  return a;
}

function fill(a: NDArray, value: ScalarLike): void {
  if (arguments.length > 2) atMost(1, arguments.length - 1, "fill(value)");
  copyto(a, value, { casting: "unsafe" });
}

function asText(a: NDArray): string {
  if (arguments.length > 1) atMost(0, arguments.length - 1, "toString()");
  return textOf(a);
}

function lengthOf({ shape }: NDArray): number {
  if (shape.length === 0) throw new ShapeError("a 0-d array has no length (len() of unsized object)");
  return shape[0];
}

function primitive(a: NDArray, hint: string): unknown {
  if (hint === "string") return textOf(a);
  if (a.ndim === 0 && a.descr.kind !== "c") return item(a);
  throw new DTypeError("only 0-dimensional arrays can be converted to JavaScript values; for a + b call add(a, b)");
}

const methods = {
  ...shared,
  take,
  repeat,
  nonzero,
  diagonal,
  toString: asText,
  toJSON: (a: NDArray) => jsonOf(a, tolist),
  [Symbol.toPrimitive]: primitive,
  [CONSOLES[0]]: inspected,
  [CONSOLES[1]]: (a: NDArray) => inspected(a, undefined),
  round,
  tolist,
  toTypedArray,
  assign,
  fill,
  at,
  set,
  item,
  reshape,
  transpose,
  ravel,
  flatten,
  squeeze,
  swapaxes,
  copy,
  astype,
  view,
  var: variance,
  std,
  cumsum,
  cumprod,
  argmax,
  argmin,
  sort: sortInPlace,
  argsort,
  partition: partitionInPlace,
  argpartition,
  searchsorted,
  [Symbol.iterator]: iterate,
};
const inPlace = {
  iadd: u.add,
  isub: u.subtract,
  imul: u.multiply,
  itruediv: u.divide,
  ifloordiv: u.floorDivide,
  imod: u.remainder,
  ipow: power,
  iand: u.bitwiseAnd,
  ior: u.bitwiseOr,
  ixor: u.bitwiseXor,
  ilshift: u.leftShift,
  irshift: u.rightShift,
};
const properties = { T: transpose, real, imag, length: lengthOf, [Symbol.toStringTag]: tagOf };

type Any = (...args: unknown[]) => unknown;

function define(name: PropertyKey, descriptor: PropertyDescriptor): void {
  Object.defineProperty(NDArray.prototype, name, { configurable: true, ...descriptor });
}
for (const name of Reflect.ownKeys(methods)) {
  const f = (methods as unknown as Record<PropertyKey, Any>)[name]; // a table of functions
  define(name, {
    writable: true,
    value(this: NDArray, ...args: unknown[]) {
      return f(this, ...args);
    },
  });
}
for (const [name, f] of Object.entries(inPlace as Record<string, Any>)) {
  const signature = takes(`${name}(y)`);
  define(name, {
    writable: true,
    value(this: NDArray, y: ArrayLike) {
      if (arguments.length > 1) signature.count(arguments.length);
      return f(this, y, { out: this });
    },
  });
}
for (const name of Reflect.ownKeys(properties)) {
  const f = (properties as Record<PropertyKey, Any>)[name]; // a table of functions
  define(name, {
    get(this: NDArray) {
      return f(this);
    },
  });
}

markEnd(new Error("where the methods of nbytes end"));
