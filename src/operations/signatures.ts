import type { ArrayLike, DTypeOf } from "../array/convert.js";
import type { NDArray } from "../array/ndarray.js";
import type { DType, DTypeWithin, Held, Part, Scalar } from "../base/dtype.js";
import type { ScalarLike } from "../core/scalar.js";
import type { UfuncOptions } from "./apply.js";
import type { Lazy, LazyOperand } from "./lazy.js";
import type { DTypeBeside, LoopOf, Loops, PromoteOne, PromotePair, PromoteThree } from "./loops.js";
import type { LoopOptions } from "./op.js";
import type { AxisLike, ReductionOptions } from "./reduce.js";
import type { PairOptions } from "./several.js";

// What elementwise functions and reductions are to TypeScript, as functions and as methods. In each interface the common
// call comes first; the last signature takes every option, since its errors are the ones that the compiler shows.

/** A lazy operand as the array it stands for; any other as it is. */
export type Stands<X> = X extends LazyOperand<infer D> ? NDArray<D> : X;
/** What may stand beside a lazy operand. */
export type BesideLazy = LazyOperand | NDArray<DType> | ScalarLike;
/** The options of a lazy operation: `out` is `evaluate`'s. */
export type LazyOptions = LoopOptions & { out?: undefined; where?: undefined };

/** Options that leave the dtype of the result to the operands. */
type Plain = { out?: undefined; dtype?: undefined };
type PlainOptions = UfuncOptions & Plain;
type PlainLazy = LazyOptions & { dtype?: undefined };
type Into<R extends DType> = UfuncOptions & { out: NDArray<R> };
type As<T extends DType> = UfuncOptions & { out?: undefined; dtype: T };
type LazyAs<T extends DType> = LazyOptions & { dtype: T };

/** The dtype of the absolute values of a dtype: complex numbers have real ones. */
export type Magnitude<D extends DType> = Part<D>;

/** What an operation gives: a dtype of its own G, the magnitudes, or what it computes in. */
type Gives<G, L extends Loops, X> = G extends DType ? G : G extends "magnitude" ? MagnitudeOf<X> : PromoteOne<L, X>;
type MagnitudeOf<X> = X extends unknown ? Magnitude<DTypeOf<X>> : never;
/** What it gives when it is told to compute in T. */
type Told<G, T extends DType> = G extends DType ? G : G extends "magnitude" ? Magnitude<T> : T;
type Pair<G, L extends Loops, X, Y> = G extends DType ? G : PromotePair<L, X, Y>;
type LazyPair<G, L extends Loops, X, Y> = Lazy<Pair<G, L, Stands<X>, Stands<Y>>>;

/** An elementwise function of one array: L names its loops, and G the dtype of every result if it is not the loop's. */
export interface UnaryUfunc<L extends Loops, G = null> {
  <const X extends ArrayLike>(x: X, options?: PlainOptions): NDArray<Gives<G, L, X>>;
  <R extends DType>(x: ArrayLike, options: Into<R>): NDArray<R>;
  <T extends DType>(x: ArrayLike, options: As<T>): NDArray<Told<G, T>>;
  <D extends DType>(x: Lazy<D>, options?: PlainLazy): Lazy<Gives<G, L, NDArray<D>>>;
  <T extends DType>(x: Lazy<DType>, options: LazyAs<T>): Lazy<Told<G, T>>;
  (x: ArrayLike, options?: UfuncOptions): NDArray<DType>;
}

/** An elementwise function of two arrays. */
export interface BinaryUfunc<L extends Loops, G = null> {
  <const X extends ArrayLike, const Y extends ArrayLike>(x: X, y: Y, options?: PlainOptions): NDArray<Pair<G, L, X, Y>>;
  <R extends DType>(x: ArrayLike, y: ArrayLike, options: Into<R>): NDArray<R>;
  <T extends DType>(x: ArrayLike, y: ArrayLike, options: As<T>): NDArray<Told<G, T>>;
  <X extends LazyOperand, const Y extends BesideLazy>(x: X, y: Y, options?: PlainLazy): LazyPair<G, L, X, Y>;
  <const X extends BesideLazy, Y extends LazyOperand>(x: X, y: Y, options?: PlainLazy): LazyPair<G, L, X, Y>;
  <T extends DType>(x: LazyOperand, y: BesideLazy, options: LazyAs<T>): Lazy<Told<G, T>>;
  <T extends DType>(x: BesideLazy, y: LazyOperand, options: LazyAs<T>): Lazy<Told<G, T>>;
  (x: ArrayLike, y: ArrayLike, options?: UfuncOptions): NDArray<DType>;
}

/** An elementwise function of three arrays, the last two of which may be left open with `null`. */
export interface TernaryUfunc<L extends Loops> {
  <const X extends ArrayLike, const Y extends ArrayLike | null, const Z extends ArrayLike | null>(
    x: X,
    y: Y,
    z: Z,
    options?: PlainOptions,
  ): NDArray<PromoteThree<L, X, Y, Z>>;
  <R extends DType>(x: ArrayLike, y: ArrayLike | null, z: ArrayLike | null, options: Into<R>): NDArray<R>;
  <T extends DType>(x: ArrayLike, y: ArrayLike | null, z: ArrayLike | null, options: As<T>): NDArray<T>;
  <X extends LazyOperand, const Y extends BesideLazy | null, const Z extends BesideLazy | null>(
    x: X,
    y: Y,
    z: Z,
    options?: PlainLazy,
  ): Lazy<PromoteThree<L, Stands<X>, Stands<Y>, Stands<Z>>>;
  <T extends DType>(x: LazyOperand, y: BesideLazy | null, z: BesideLazy | null, options: LazyAs<T>): Lazy<T>;
  (x: BesideLazy, y: LazyOperand, z: BesideLazy | null, options?: LazyOptions): Lazy<DType>;
  (x: BesideLazy, y: BesideLazy | null, z: LazyOperand, options?: LazyOptions): Lazy<DType>;
  (x: ArrayLike, y: ArrayLike | null, z: ArrayLike | null, options?: UfuncOptions): NDArray<DType>;
}

type PlainPair = PairOptions & Plain;
type PairAs<T extends DType> = PairOptions & { out?: undefined; dtype: T };
type IntoPair<A extends DType, B extends DType> = PairOptions & { out: readonly [NDArray<A>, NDArray<B>] };

/** An elementwise function of one array with two results: B is the second one's dtype if it is not the loop's. */
export interface UnaryPairUfunc<L extends Loops, B = null> {
  <const X extends ArrayLike>(x: X, options?: PlainPair): [NDArray<PromoteOne<L, X>>, NDArray<Gives<B, L, X>>];
  <R extends DType, S extends DType>(x: ArrayLike, options: IntoPair<R, S>): [NDArray<R>, NDArray<S>];
  <T extends DType>(x: ArrayLike, options: PairAs<T>): [NDArray<T>, NDArray<Told<B, T>>];
  (x: ArrayLike, options?: PairOptions): [NDArray<DType>, NDArray<DType>];
}

/** An elementwise function of two arrays with two results. */
export interface BinaryPairUfunc<L extends Loops> {
  <const X extends ArrayLike, const Y extends ArrayLike>(
    x: X,
    y: Y,
    options?: PlainPair,
  ): [NDArray<PromotePair<L, X, Y>>, NDArray<PromotePair<L, X, Y>>];
  <R extends DType, S extends DType>(x: ArrayLike, y: ArrayLike, options: IntoPair<R, S>): [NDArray<R>, NDArray<S>];
  <T extends DType>(x: ArrayLike, y: ArrayLike, options: PairAs<T>): [NDArray<T>, NDArray<T>];
  (x: ArrayLike, y: ArrayLike, options?: PairOptions): [NDArray<DType>, NDArray<DType>];
}

/** An elementwise function of an array and of integers beside it, which have no say in the dtype. */
export interface ScaledUfunc<L extends Loops> {
  <const X extends ArrayLike, const Y extends ArrayLike>(
    x: X,
    y: Y,
    options?: PlainOptions,
  ): NDArray<LoopOf<L, DTypeBeside<X, Y>>>;
  <R extends DType>(x: ArrayLike, y: ArrayLike, options: Into<R>): NDArray<R>;
  <T extends DType>(x: ArrayLike, y: ArrayLike, options: As<T>): NDArray<T>;
  (x: ArrayLike, y: ArrayLike, options?: UfuncOptions): NDArray<DType>;
}

// Methods take the array as `this`, so that they are one type for arrays of every dtype: comparing two array types, which
// the compiler does at nearly every call, does not look into them.

/** A function of one array as a method. */
export interface UnaryMethod<L extends Loops, G = null> {
  <X extends NDArray<DType>>(this: X, options?: PlainOptions): NDArray<Gives<G, L, X>>;
  <R extends DType>(this: NDArray<DType>, options: Into<R>): NDArray<R>;
  <T extends DType>(this: NDArray<DType>, options: As<T>): NDArray<Told<G, T>>;
  (this: NDArray<DType>, options?: UfuncOptions): NDArray<DType>;
}

/** A function of two arrays as a method of the first. */
export interface BinaryMethod<L extends Loops, G = null> {
  <X extends NDArray<DType>, const Y extends ArrayLike>(
    this: X,
    y: Y,
    options?: PlainOptions,
  ): NDArray<Pair<G, L, X, Y>>;
  <R extends DType>(this: NDArray<DType>, y: ArrayLike, options: Into<R>): NDArray<R>;
  <T extends DType>(this: NDArray<DType>, y: ArrayLike, options: As<T>): NDArray<Told<G, T>>;
  (this: NDArray<DType>, y: ArrayLike, options?: UfuncOptions): NDArray<DType>;
}

/** A function of three arrays as a method of the first. */
export interface TernaryMethod<L extends Loops> {
  <X extends NDArray<DType>, const Y extends ArrayLike | null, const Z extends ArrayLike | null>(
    this: X,
    y: Y,
    z: Z,
    options?: PlainOptions,
  ): NDArray<PromoteThree<L, X, Y, Z>>;
  <R extends DType>(this: NDArray<DType>, y: ArrayLike | null, z: ArrayLike | null, options: Into<R>): NDArray<R>;
  <T extends DType>(this: NDArray<DType>, y: ArrayLike | null, z: ArrayLike | null, options: As<T>): NDArray<T>;
  (this: NDArray<DType>, y: ArrayLike | null, z: ArrayLike | null, options?: UfuncOptions): NDArray<DType>;
}

/** A function of one array as a method of lazy expressions. */
export interface LazyUnaryMethod<L extends Loops, G = null> {
  <X extends LazyOperand>(this: X, options?: PlainLazy): Lazy<Gives<G, L, Stands<X>>>;
  <T extends DType>(this: LazyOperand, options: LazyAs<T>): Lazy<Told<G, T>>;
  (this: LazyOperand, options?: LazyOptions): Lazy<DType>;
}

/** A function of two arrays as a method of lazy expressions. */
export interface LazyBinaryMethod<L extends Loops, G = null> {
  <X extends LazyOperand, const Y extends BesideLazy>(this: X, y: Y, options?: PlainLazy): LazyPair<G, L, X, Y>;
  <T extends DType>(this: LazyOperand, y: BesideLazy, options: LazyAs<T>): Lazy<Told<G, T>>;
  (this: LazyOperand, y: BesideLazy, options?: LazyOptions): Lazy<DType>;
}

/** A function of three arrays as a method of lazy expressions. */
export interface LazyTernaryMethod<L extends Loops> {
  <X extends LazyOperand, const Y extends BesideLazy | null, const Z extends BesideLazy | null>(
    this: X,
    y: Y,
    z: Z,
    options?: PlainLazy,
  ): Lazy<PromoteThree<L, Stands<X>, Stands<Y>, Stands<Z>>>;
  <T extends DType>(this: LazyOperand, y: BesideLazy | null, z: BesideLazy | null, options: LazyAs<T>): Lazy<T>;
  (this: LazyOperand, y: BesideLazy | null, z: BesideLazy | null, options?: LazyOptions): Lazy<DType>;
}

/** The dtype of a sum: bools and integers widen to 64 bits. */
export type Wide<D extends DType> =
  Held<D> extends Held<infer E extends DTypeWithin<"f" | "c">>
    ? E
    : D extends "bool" | "int8" | "int16" | "int32" | "int64"
      ? "int64"
      : D extends "uint8" | "uint16" | "uint32" | "uint64"
        ? "uint64"
        : D;

/** The dtype of a mean: integers and bools give float64. */
export type MeanDType<D extends DType> =
  Held<D> extends Held<infer E extends DTypeWithin<"f" | "c">> ? E : D extends DTypeWithin<"f" | "c"> ? D : "float64";
/** The dtype of a variance: complex numbers give reals. */
export type VarianceDType<D extends DType> = Magnitude<MeanDType<D>>;

/** How a reduction finds the dtype of its results: one for all, or by a rule of its name. */
export type ReductionRule = DType | "same" | "wide" | "total" | "mean" | "variance";

type Reduced<R extends ReductionRule, D extends DType> = R extends DType
  ? R
  : R extends "wide" | "total"
    ? Wide<D>
    : R extends "mean"
      ? MeanDType<D>
      : R extends "variance"
        ? VarianceDType<D>
        : D;
type ReducedOf<R extends ReductionRule, X> = X extends unknown ? Reduced<R, DTypeOf<X>> : never;

// The value over all axes: the sum of bools is a count, and so a number.
type Answer<R extends ReductionRule, X> = R extends "total"
  ? X extends unknown
    ? [DTypeOf<X>] extends ["bool"]
      ? number
      : Scalar<ReducedOf<R, X>>
    : never
  : Scalar<ReducedOf<R, X>>;

/** A value over all axes, an array along some; an array too where `keepdims` asks for one. */
type Along<D extends DType, A, K, S = Scalar<D>> = A extends null | undefined
  ? K extends true
    ? NDArray<D>
    : S
  : NDArray<D>;

type Within = AxisLike | undefined;
type Keeping<K extends boolean> = { keepdims?: K; out?: undefined };
type PlainlyKeeping<K extends boolean> = Keeping<K> & { dtype?: undefined };

/** What a reduction takes that has a dtype of its own. */
export type ComparingOptions = Omit<ReductionOptions, "dtype">;
/** What a reduction of a lazy expression takes: it goes over all axes and gives a JavaScript value. */
export type WholeOptions = Pick<ReductionOptions, "dtype" | "initial">;

/** A reduction: R is its rule for dtypes, O what it takes after the axis, and W that of lazy expressions. */
export interface ReductionFunction<R extends ReductionRule, O = ComparingOptions, W = Pick<WholeOptions, "initial">> {
  <const X extends ArrayLike>(a: X): Answer<R, X>;
  <const X extends ArrayLike, A extends Within, K extends boolean = false>(
    a: X,
    axis: A,
    options?: O & PlainlyKeeping<K>,
  ): Along<ReducedOf<R, X>, A, K, Answer<R, X>>;
  <D extends DType>(a: ArrayLike, axis: Within, options: O & { out: NDArray<D> }): NDArray<D>;
  <D extends DType>(a: Lazy<D>, axis?: null, options?: W & { dtype?: undefined }): Answer<R, NDArray<D>>;
  (a: ArrayLike, axis?: AxisLike, options?: O): NDArray<DType> | Scalar<DType>;
}

/** A reduction of arrays, not of lazy expressions. */
export interface ArrayReduction<R extends ReductionRule, O> {
  <const X extends ArrayLike>(a: X): Answer<R, X>;
  <const X extends ArrayLike, A extends Within, K extends boolean = false>(
    a: X,
    axis: A,
    options?: O & PlainlyKeeping<K>,
  ): Along<ReducedOf<R, X>, A, K, Answer<R, X>>;
  <D extends DType>(a: ArrayLike, axis: Within, options: O & { out: NDArray<D> }): NDArray<D>;
  (a: ArrayLike, axis?: AxisLike, options?: O): NDArray<DType> | Scalar<DType>;
}

/** A reduction that computes in the dtype that it is told. */
export interface FoldFunction<R extends ReductionRule, O = ReductionOptions, W = WholeOptions>
  extends ReductionFunction<R, O, W> {
  <D extends DType, A extends Within, K extends boolean = false>(
    a: ArrayLike,
    axis: A,
    options: O & Keeping<K> & { dtype: D },
  ): Along<D, A, K>;
  <D extends DType>(a: Lazy<DType>, axis: null | undefined, options: W & { dtype: D }): Scalar<D>;
}

/** A reduction as a method. */
export interface ReductionMethod<R extends ReductionRule, O = ComparingOptions> {
  <X extends NDArray<DType>>(this: X): Answer<R, X>;
  <X extends NDArray<DType>, A extends Within, K extends boolean = false>(
    this: X,
    axis: A,
    options?: O & PlainlyKeeping<K>,
  ): Along<ReducedOf<R, X>, A, K, Answer<R, X>>;
  <D extends DType>(this: NDArray<DType>, axis: Within, options: O & { out: NDArray<D> }): NDArray<D>;
  (this: NDArray<DType>, axis?: AxisLike, options?: O): NDArray<DType> | Scalar<DType>;
}

/** A reduction that computes in the dtype that it is told, as a method. */
export interface FoldMethod<R extends ReductionRule, O = ReductionOptions> extends ReductionMethod<R, O> {
  <D extends DType, A extends Within, K extends boolean = false>(
    this: NDArray<DType>,
    axis: A,
    options: O & Keeping<K> & { dtype: D },
  ): Along<D, A, K>;
}

/** A reduction as a method of lazy expressions. */
export type LazyReductionMethod<R extends ReductionRule, W = Pick<WholeOptions, "initial">> = <X extends LazyOperand>(
  this: X,
  axis?: null,
  options?: W & { dtype?: undefined },
) => Answer<R, Stands<X>>;

/** A reduction that computes in the dtype that it is told, as a method of lazy expressions. */
export interface LazyFoldMethod<R extends ReductionRule> extends LazyReductionMethod<R, WholeOptions> {
  <D extends DType>(this: LazyOperand, axis: null | undefined, options: WholeOptions & { dtype: D }): Scalar<D>;
}
