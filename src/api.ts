// The public names, by topic, and nothing else; all entries give them. Methods are with `whole.ts`.

export type { UfuncOptions } from "./operations/apply.js";
export type { LoopOptions } from "./operations/op.js";
export {
  type ArrayLike,
  array,
  asarray,
  type DTypeOf,
  type NestedList,
  tolist,
  toTypedArray,
} from "./array/convert.js";
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
} from "./creating/creation.js";
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
} from "./base/dtype.js";
export { type DiagonalOptions, diag, diagonal } from "./shaping/diagonals.js";
export {
  broadcastShapes,
  iscomplexobj,
  isfortran,
  isrealobj,
  isscalar,
  ndim,
  shape,
  size,
} from "./array/about.js";
export {
  type AbstractKind,
  commonType,
  isdtype,
  issubdtype,
  minScalarType,
  resultType,
  type StandardKind,
} from "./array/dtypeQueries.js";
export { e, eulerGamma, inf, nan, pi } from "./base/constants.js";
export { canCast, type DTypeLike, type FloatInfo, finfo, type IntegerInfo, iinfo } from "./array/limits.js";
export {
  allclose,
  arrayEqual,
  arrayEquiv,
  type CloseOptions,
  type EqualOptions,
  isclose,
} from "./statistics/closeness.js";
export * from "./base/errors.js";
export { array2string, arrayRepr, arrayStr, formatBytes, type PrintOptions } from "./text/format.js";
export { type AstypeOptions, ascontiguousarray, astype, type CopyOptions, copy } from "./shaping/copy.js";
export * from "./indexing/indexing.js";
export * from "./shaping/joining.js";
export * from "./shaping/manipulation.js";
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
} from "./indexing/picking.js";
export { insert, type Positions, remove as delete } from "./indexing/insertion.js";
export { repeat, roll, tile } from "./indexing/rearranging.js";
export { asStrided, imag, real, slidingWindowView, view } from "./array/reinterpret.js";
export { argmax, argmin } from "./reducing/argextremes.js";
export { type Flags, NDArray } from "./array/ndarray.js";
export { type EvaluateOptions, Lazy, lazy } from "./operations/lazy.js";
export { type CrossOptions, cross, type TraceOptions, trace } from "./products/cross.js";
export { dot, inner, outer, type ProductOptions, vdot } from "./products/dot.js";
export { matmul, matvec, vecdot, vecmat } from "./products/products.js";
export { kron, type TensorAxes, tensordot } from "./products/tensors.js";
export { divmod, frexp, ldexp, modf } from "./elementwise/pairs.js";
export {
  angle,
  iscomplex,
  isneginf,
  isposinf,
  isreal,
  type OutOption,
  realIfClose,
} from "./elementwise/parts.js";
export { floatPower, pow, power } from "./elementwise/powers.js";
export * as random from "./creating/random.js";
export { arange, type LinspaceOptions, linspace } from "./creating/ranges.js";
export type { AxisLike, ReductionOptions } from "./operations/reduce.js";
export { all, amax, amin, any, countNonzero, max, min, prod, sum } from "./reducing/reductions.js";
export { around, type Rounded, type RoundOptions, round } from "./elementwise/rounding.js";
export * from "./elementwise/clip.js";
export * from "./elementwise/copyto.js";
export * from "./elementwise/magnitude.js";
export * from "./elementwise/nanToNum.js";
export * from "./elementwise/where.js";
export type { PartitionOptions, Ranks, SortKind, SortOptions } from "./sorting/arguments.js";
export { argpartition, argsort, lexsort } from "./sorting/order.js";
export { type SearchFunction, type SearchOptions, searchsorted } from "./sorting/search.js";
export { partition, sort } from "./sorting/sort.js";
export * as shrink from "./shrink/index.js";
export type {
  ArrayReduction,
  BinaryUfunc,
  FoldFunction,
  Magnitude,
  MeanDType,
  ReductionFunction,
  TernaryUfunc,
  UnaryUfunc,
  VarianceDType,
  WholeOptions,
} from "./operations/signatures.js";
export {
  type ArrayCumulativeFunction,
  type ArrayCumulativeOptions,
  type CumulativeFunction,
  type CumulativeOptions,
  cumprod,
  cumsum,
  cumulativeProd,
  cumulativeSum,
  nancumprod,
  nancumsum,
} from "./statistics/cumulative.js";
export { type BincountOptions, bincount } from "./statistics/counting.js";
export {
  type DiffOptions,
  diff,
  type Ediff1dOptions,
  ediff1d,
  type PtpOptions,
  ptp,
  type TrapezoidOptions,
  trapezoid,
} from "./statistics/differences.js";
export { type GradientOptions, gradient, type Spacing } from "./statistics/gradient.js";
export {
  nanargmax,
  nanargmin,
  nanmax,
  nanmean,
  nanmin,
  nanprod,
  nanstd,
  nansum,
  nanvar,
} from "./statistics/missing.js";
export { type MeanOptions, mean, std, type VarianceOptions, var } from "./statistics/statistics.js";
export * from "./elementwise/ufuncs.js";
export { type ByColumn, type GenfromtxtOptions, genfromtxt } from "./files/text/genfromtxt.js";
export { type LoadIntoOptions, loadInto } from "./files/text/loadInto.js";
export { type LoadtxtOptions, loadtxt } from "./files/text/loadtxt.js";
export type { Converters, DialectOptions } from "./files/text/options.js";
export type { LateTextSource, TextSource } from "./files/text/pieces.js";
export type { ColumnDType, CsvOptions } from "./files/text/csvOptions.js";
export { type CsvReader, readCsv } from "./files/text/readCsv.js";
export type { Converter } from "./files/text/rows.js";
export { type ToCsvOptions, toCsv } from "./files/text/toCsv.js";
export { type SavetxtOptions, savetxt } from "./files/text/savetxt.js";
export { type Loaded, load, save } from "./files/npy.js";
export type { Arrays } from "./files/npz.js";
export { type Named, savez, savezCompressed } from "./files/savez.js";
export type { LateSink, NodeWritable, WritableBytes } from "./files/sink.js";
export type { BlobLike, BytesLike, ByteStream, LateSource, PathLike, ResponseLike } from "./files/source.js";
export { i0, sinc } from "./signal/special.js";
export { bartlett, blackman, hamming, hanning, kaiser } from "./signal/windows.js";
export type { Bytes } from "./base/units.js";

export { Categorical, type CodeDType, factorize } from "./table/factorize.js";
export { type Column, type ColumnLike, type Row, Table, table } from "./table/table.js";
export * as memory from "./memory/index.js";
export { mayShareMemory, sharesMemory } from "./array/overlap.js";
