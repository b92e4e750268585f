// The public names, by topic, and nothing else; both entries give them.

export type { UfuncOptions } from "./call.js";
export type { LoopOptions } from "./op.js";
export { type ArrayLike, array, asarray, type DTypeOf, type NestedList, tolist, toTypedArray } from "./convert.js";
export {
  type DTypeOption,
  empty,
  emptyLike,
  eye,
  full,
  fullLike,
  identity,
  type LikeOptions,
  ones,
  onesLike,
  zeros,
  zerosLike,
} from "./creation.js";
export {
  type Casting,
  type Complex,
  type DType,
  type Promote,
  promoteTypes,
  type Scalar,
  type TypedArray,
  type TypedArrayLike,
  type TypedArrayOf,
} from "./dtype.js";
export { type DiagonalOptions, diag, diagonal } from "./diagonals.js";
export { canCast, type DTypeLike, type FloatInfo, finfo, type IntegerInfo, iinfo } from "./limits.js";
export { allclose, arrayEqual, arrayEquiv, type CloseOptions, type EqualOptions, isclose } from "./closeness.js";
export * from "./errors.js";
export { array2string, arrayRepr, arrayStr, formatBytes, type PrintOptions } from "./format.js";
export { type AstypeOptions, ascontiguousarray, astype, type CopyOptions, copy } from "./copying.js";
export * from "./indexing.js";
export * from "./joining.js";
export * from "./manipulation.js";
export {
  argwhere,
  compress,
  extract,
  flatnonzero,
  nonzero,
  place,
  put,
  putAlongAxis,
  type TakeOptions,
  take,
  takeAlongAxis,
} from "./picking.js";
export { insert, type Positions, remove as delete } from "./insertion.js";
export { repeat, roll, tile } from "./rearranging.js";
export { asStrided, imag, real, slidingWindowView, view } from "./views.js";
export { argmax, argmin } from "./extremes.js";
export { type Flags, NDArray } from "./ndarray.js";
export { type EvaluateOptions, Lazy, lazy } from "./lazy.js";
export { floatPower, power } from "./powers.js";
export * as random from "./random.js";
export { arange, type LinspaceOptions, linspace } from "./ranges.js";
export type { AxisLike, ReductionOptions } from "./reduce.js";
export { all, amax, amin, any, countNonzero, max, min, prod, sum } from "./reductions.js";
export { around, type Rounded, type RoundOptions, round } from "./rounding.js";
export * from "./selection.js";
export * as shrink from "./shrink/index.js";
export type {
  BinaryUfunc,
  FoldFunction,
  Magnitude,
  MeanDType,
  ReductionFunction,
  TernaryUfunc,
  UnaryUfunc,
  VarianceDType,
  WholeOptions,
} from "./signatures.js";
export { type MeanOptions, mean, std, type VarianceOptions, var } from "./statistics.js";
export * from "./ufuncs.js";
export { type BytesLike, load, save } from "./npy.js";
export type { Bytes } from "./units.js";

import "./lazyMethods.js";
import "./memory/userStack.js";
import "./methods.js";

export * as memory from "./memory/index.js";
export { mayShareMemory, sharesMemory } from "./overlap.js";
