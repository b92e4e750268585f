import type { DTypeOf } from "../array/convert.js";
import type { NDArray } from "../array/ndarray.js";
import {
  byCode,
  type Complex,
  type DType,
  type DTypeWithin,
  type Exactly,
  type Held,
  type Promote,
} from "../base/dtype.js";

// Which dtype an operation computes in, for each dtype its operands promote to. `null`: it refuses. The types below
// read the same rows as the calls do.

const integers = {
  int8: "int8",
  int16: "int16",
  int32: "int32",
  int64: "int64",
  uint8: "uint8",
  uint16: "uint16",
  uint32: "uint32",
  uint64: "uint64",
} as const;
const floats = { float16: "float16", float32: "float32", float64: "float64" } as const;
const complexes = { complex64: "complex64", complex128: "complex128" } as const;
const noFloats = { float16: null, float32: null, float64: null } as const;
const noComplex = { complex64: null, complex128: null } as const;
/** The smallest float that holds every value of an integer dtype, as NumPy's float functions choose it. */
const smallestFloats = {
  bool: "float16",
  int8: "float16",
  int16: "float32",
  int32: "float64",
  int64: "float64",
  uint8: "float16",
  uint16: "float32",
  uint32: "float64",
  uint64: "float64",
} as const;
const float64s = {
  bool: "float64",
  int8: "float64",
  int16: "float64",
  int32: "float64",
  int64: "float64",
  uint8: "float64",
  uint16: "float64",
  uint32: "float64",
  uint64: "float64",
} as const;

/** The rows an operation chooses from. */
export const loops = {
  /** Every dtype in itself: add, multiply, maximum, comparisons. */
  any: { bool: "bool", ...integers, ...floats, ...complexes },
  /** All but bool: subtract, negative. */
  numbers: { bool: null, ...integers, ...floats, ...complexes },
  /** A bool counts as int8: power, square. */
  counted: { bool: "int8", ...integers, ...floats, ...complexes },
  /** The same without complex numbers: floorDivide, remainder. */
  real: { bool: "int8", ...integers, ...floats, ...noComplex },
  /** Every real dtype in itself: floor, clip. */
  ordered: { bool: "bool", ...integers, ...floats, ...noComplex },
  /** Integers become float64: divide, sinc. */
  quotient: { ...float64s, ...floats, ...complexes },
  /** The same without complex numbers: i0. */
  realQuotient: { ...float64s, ...floats, ...noComplex },
  /** Everything becomes float64 or complex128: floatPower. */
  wide: {
    ...float64s,
    float16: "float64",
    float32: "float64",
    float64: "float64",
    complex64: "complex128",
    complex128: "complex128",
  },
  /** The smallest float that holds an integer dtype: exp, sin, isnan. */
  float: { ...smallestFloats, ...floats, ...complexes },
  /** The same without complex numbers: arctan2, hypot. */
  realFloat: { ...smallestFloats, ...floats, ...noComplex },
  /** Bits: bitwiseAnd, invert. */
  bits: { bool: "bool", ...integers, ...noFloats, ...noComplex },
  /** Integers alone: gcd. */
  whole: { bool: null, ...integers, ...noFloats, ...noComplex },
  /** Bits, where a bool counts as int8: leftShift. */
  integer: { bool: "int8", ...integers, ...noFloats, ...noComplex },
  /** Truth values: logicalAnd. */
  truth: {
    bool: "bool",
    int8: "bool",
    int16: "bool",
    int32: "bool",
    int64: "bool",
    uint8: "bool",
    uint16: "bool",
    uint32: "bool",
    uint64: "bool",
    float16: "bool",
    float32: "bool",
    float64: "bool",
    complex64: "bool",
    complex128: "bool",
  },
} as const satisfies Record<string, Record<DType, DType | null>>;

/** The name of a row of `loops`. */
export type Loops = keyof typeof loops;

/** The code an operation computes in for each promoted code; 255 where it refuses. */
export function loopCodes(row: Loops, codeOf: (dtype: DType) => number): Uint8Array {
  return Uint8Array.from(byCode, ({ name }) => {
    const loop = loops[row][name];
    return loop === null ? 255 : codeOf(loop);
  });
}

type Integral<N extends number> = `${N}` extends `${bigint}` ? true : false;
type BesideInteger<D extends DType> =
  Held<D> extends Held<infer E extends DTypeWithin<"i" | "u" | "f" | "c">> ? E : D extends "bool" ? "int64" : D;
type BesideFraction<D extends DType> =
  Held<D> extends Held<infer E extends DTypeWithin<"f" | "c">> ? E : D extends DTypeWithin<"f" | "c"> ? D : "float64";
type BesideComplex<D extends DType> = D extends "complex64" | "complex128"
  ? D
  : D extends "float16" | "float32"
    ? "complex64"
    : "complex128";

/**
 * The dtype of an array of dtype D beside a JavaScript value S. Literal numbers are told apart; a plain `number` may
 * be whole or not, so beside an integer array it gives the honest union.
 */
export type Beside<D extends DType, S> = S extends boolean
  ? D
  : S extends bigint
    ? BesideInteger<D>
    : S extends number
      ? number extends S
        ? BesideInteger<D> | BesideFraction<D>
        : Integral<S> extends true
          ? BesideInteger<D>
          : BesideFraction<D>
      : S extends Complex
        ? BesideComplex<D>
        : DType;

type ScalarValue = number | bigint | boolean | Complex;

/** The dtype two operands promote to. */
export type PromoteOperands<X, Y> =
  X extends NDArray<infer A>
    ? Y extends NDArray<infer B>
      ? Promote<A, B>
      : Y extends ScalarValue
        ? Beside<A, Y>
        : Promote<A, DTypeOf<Y>>
    : Y extends NDArray<infer B>
      ? X extends ScalarValue
        ? Beside<B, X>
        : Promote<DTypeOf<X>, B>
      : Promote<DTypeOf<X>, DTypeOf<Y>>;

/** The dtypes that the row L computes in themselves. */
type Own<L extends Loops> = { [D in DType]: (typeof loops)[L][D] extends D ? D : never }[DType];

/** The dtype an operation with the row L computes in. */
export type LoopOf<L extends Loops, D extends DType> =
  Held<D> extends Held<infer E extends Own<L>> ? E : Exclude<(typeof loops)[L][D], null>;

/** The dtype of an operand beside another. */
export type DTypeBeside<X, Y> = X extends ScalarValue
  ? Y extends NDArray<infer B>
    ? Beside<B, X>
    : DTypeOf<X>
  : DTypeOf<X>;

// `X extends unknown` keeps the compiler from working these out for operands that it does not know yet, which takes it
// most of a second, at the first call of every program.

/** The dtype an operation with the row L computes one operand in. */
export type PromoteOne<L extends Loops, X> = X extends unknown ? LoopOf<L, DTypeOf<X>> : never;

/** The dtype an operation with the row L computes two operands in. */
export type PromotePair<L extends Loops, X, Y> = X extends unknown
  ? L extends "float" | "realFloat"
    ? // Each operand finds its own float first: int8 and uint8 both fit float16.
      Promote<LoopOf<L, DTypeBeside<X, Y>>, LoopOf<L, DTypeBeside<Y, X>>>
    : LoopOf<L, PromoteOperands<X, Y>>
  : never;

/** The dtype that arrays promote to when they are joined. */
export type Joined<A> = A extends readonly [infer X]
  ? DTypeOf<X>
  : A extends readonly [infer X, infer Y]
    ? Promote<DTypeOf<X>, DTypeOf<Y>>
    : A extends readonly [infer X, ...infer R]
      ? R extends readonly X[]
        ? Promote<DTypeOf<X>, DTypeOf<X>>
        : PromoteMany<DTypesOf<A>>
      : A extends readonly (infer X)[]
        ? Promote<DTypeOf<X>, DTypeOf<X>>
        : DType;

type DTypesOf<A> = A extends readonly [infer X, ...infer R] ? [DTypeOf<X>, ...DTypesOf<R>] : [];

// Of three dtypes and more the floats come first, as in `promoteAll`: int16, uint16 and float32 are float32.
type PromoteMany<T extends readonly DType[]> = Folded<FloatsOf<T>, OthersOf<T>>;
type IsFloat<D extends DType> = D extends DTypeWithin<"f" | "c"> ? true : false;
type FloatsOf<T> = T extends readonly [infer D extends DType, ...infer R]
  ? [...([IsFloat<D>] extends [true] ? [D] : []), ...FloatsOf<R>]
  : [];
type OthersOf<T> = T extends readonly [infer D extends DType, ...infer R]
  ? [...([IsFloat<D>] extends [true] ? [] : [D]), ...OthersOf<R>]
  : [];
type Folded<A, B> = A extends readonly [infer X extends DType, infer Y extends DType, ...infer R]
  ? Folded<[Promote<X, Y>, ...R], B>
  : B extends readonly [infer X extends DType, ...infer R]
    ? Folded<A extends readonly [infer Y extends DType] ? [Promote<Y, X>] : [X], R>
    : A extends readonly [infer X]
      ? X
      : DType;

/** The dtype an operation with the row L computes three operands in. */
export type PromoteThree<L extends Loops, X, Y, Z> = X extends unknown ? LoopOf<L, PromoteAll<X, Y, Z>> : never;

// Arrays before JavaScript values; `null` is none.
type PromoteAll<X, Y, Z> = Y extends null
  ? Z extends null
    ? DTypeOf<X>
    : PromoteOperands<X, Z>
  : Z extends null
    ? PromoteOperands<X, Y>
    : X extends ScalarValue
      ? PromoteOperands<NDArray<PromoteOperands<Y, Z>>, X>
      : Z extends ScalarValue
        ? PromoteOperands<NDArray<PromoteOperands<X, Y>>, Z>
        : Y extends ScalarValue
          ? PromoteOperands<NDArray<PromoteOperands<X, Z>>, Y>
          : PromoteArrays<DTypeOf<X>, DTypeOf<Y>, DTypeOf<Z>>;

// Two of one dtype are a pair with the third, also where the dtype is still a parameter.
type PromoteArrays<A extends DType, B extends DType, C extends DType> =
  Exactly<A> extends Exactly<B> ? Promote<A, C> : PromoteMany<[A, B, C]> & DType;
