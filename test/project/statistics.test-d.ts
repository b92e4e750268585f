// Types of differences, running sums and forms without NaN, checked by tsc: this file is compiled, never run.
import * as np from "../../src/index.js";

type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
const is = <_ extends true>(): void => {};

const f64 = np.zeros([2]);
const f32 = np.zeros([2], { dtype: "float32" });
const i32 = np.zeros([2], { dtype: "int32" });
const u8 = np.zeros([2], { dtype: "uint8" });
const bools = np.zeros([2], { dtype: "bool" });
const c64 = np.zeros([2], { dtype: "complex64" });

// Differences keep the dtype; what is put before them may change it.
const steps = np.diff(u8),
  stepsAfter = np.diff(u8, 1, -1, { prepend: f32 }),
  stepsOfAll = np.ediff1d(i32, { toEnd: 3 }),
  peak = np.ptp(f32),
  peaks = np.ptp(i32, 0);
is<Equal<typeof steps, np.NDArray<"uint8">>>();
is<Equal<typeof stepsAfter, np.NDArray>>();
is<Equal<typeof stepsOfAll, np.NDArray<"int32">>>();
is<Equal<typeof peak, number>>();
is<Equal<typeof peaks, np.NDArray<"int32">>>();

// Running sums widen integers; forms that leave NaN out give what the others give.
const running = np.cumsum(u8),
  runningFloats = f32.cumsum(0),
  runningTold = np.cumprod(i32, 0, { dtype: "float32" }),
  runningInto = np.nancumsum(f32, null, { out: f64 }),
  runningSum = np.cumulativeSum(bools, { axis: 0, includeInitial: true }),
  presentSum = np.nansum(f32),
  presentMean = np.nanmean(i32, 0),
  presentMost = np.nanmax(f32, 0, { keepdims: true }),
  presentIndex = np.nanargmax(f32),
  presentSpread = np.nanstd(c64);
is<Equal<typeof running, np.NDArray<"uint64">>>();
is<Equal<typeof runningFloats, np.NDArray<"float32">>>();
is<Equal<typeof runningTold, np.NDArray<"float32">>>();
is<Equal<typeof runningInto, np.NDArray<"float64">>>();
is<Equal<typeof runningSum, np.NDArray<"int64">>>();
is<Equal<typeof presentSum, number>>();
is<Equal<typeof presentMean, np.NDArray<"float64">>>();
is<Equal<typeof presentMost, np.NDArray<"float32">>>();
is<Equal<typeof presentIndex, number>>();
is<Equal<typeof presentSpread, number>>();
export const slopes: np.NDArray<"float32"> | np.NDArray<"float32">[] = np.gradient(f32, 0.5, { edgeOrder: 2 });

// Counts are int32, and weighed ones float64.
const counts = np.bincount(i32),
  weighed = np.bincount([0, 1, 1], f32, { minlength: 4 });
is<Equal<typeof counts, np.NDArray<"int32">>>();
is<Equal<typeof weighed, np.NDArray<"float64">>>();
