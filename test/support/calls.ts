import * as np from "../../src/index.js";

// The one list of calls. A line is a list of arguments and the functions that are sure to take it; calls.test.ts fails
// when a public function stands in no line. Functions and methods are also tried with arguments of many kinds, and what
// they take is called too. What holds of every public function is tested with these calls: what they allocate, leave
// behind and refuse (honest.test.ts, calls.test.ts), in every layout (boxes.test.ts), with lazy copies, in the fuzz.
// To add a function, write its name into the line of its arguments, or give it a line.

/** The arrays calls are made of: a and b float64 [3, 4], i int32 [3, 4], mask bool [3, 4], z complex128 [3], v float64 [4]. */
export interface Given {
  readonly a: np.NDArray<"float64">;
  readonly b: np.NDArray<"float64">;
  readonly i: np.NDArray<"int32">;
  readonly mask: np.NDArray<"bool">;
  readonly z: np.NDArray<"complex128">;
  readonly v: np.NDArray<"float64">;
}

/** New arrays for a call. */
function given(): Given {
  return {
    a: np.reshape(np.arange(1, 13), [3, 4]).copy(),
    b: np.full([3, 4], 2.5),
    i: np.reshape(np.arange(12, { dtype: "int32" }), [3, 4]).copy(),
    mask: np.greater(np.reshape(np.arange(12), [3, 4]), 5),
    z: complexes([1, 2], [0, -1], [3, 0]),
    v: np.arange(4),
  };
}

const floats = (): np.NDArray<"float64"> => np.array([3, 1, 2, 5, 4, 6]);
const integers = (): np.NDArray<"int32"> => np.array([3, 1, 2, 5, 4, 6], { dtype: "int32" });
const small = (): np.NDArray<"int32"> => np.array([1, 0, 2], { dtype: "int32" });
const bools = (): np.NDArray<"bool"> => np.array([true, false, true, false, true, true]);
const halves = (): np.NDArray<"float16"> => np.array([1, 2, 3, 4, 5, 6], { dtype: "float16" });
const square = (): np.NDArray<"float64"> => np.reshape(np.array([2, 1, 1, 3]), [2, 2]).copy();
const complexes = (...parts: [number, number][]): np.NDArray<"complex128"> =>
  np.array(parts.map(([re, im]) => ({ re, im })));

// Functions, then arguments; a.name is a method of its first argument.
const list: readonly (readonly [names: string, args: (given: Given) => readonly unknown[]])[] = [
  // Functions of one array.
  ["absolute fabs negative positive sign signbit sqrt cbrt square reciprocal conjugate", ({ a }) => [a]],
  ["exp exp2 expm1 log log2 log10 log1p degrees radians floor ceil trunc fix rint spacing", ({ a }) => [a]],
  ["sin cos tan arcsin arccos arctan sinh cosh tanh arcsinh arccosh arctanh", ({ a }) => [a]],
  ["isfinite isinf isnan logicalNot around round nanToNum", ({ a }) => [a]],
  ["abs conj deg2rad rad2deg acos acosh asin asinh atan atanh", ({ a }) => [a]],
  ["invert bitwiseNot bitwiseInvert bitwiseCount", ({ i }) => [i]],
  ["imag", ({ z }) => [z]],
  // Functions of two.
  ["add subtract multiply divide trueDivide floorDivide remainder mod fmod power pow floatPower", ({ a, b }) => [a, b]],
  ["maximum minimum fmax fmin arctan2 atan2 hypot copysign nextafter logaddexp logaddexp2", ({ a, b }) => [a, b]],
  ["heaviside equal notEqual less lessEqual greater greaterEqual", ({ a, b }) => [a, b]],
  ["logicalAnd logicalOr logicalXor allclose isclose arrayEqual arrayEquiv", ({ a, b }) => [a, b]],
  ["gcd lcm bitwiseAnd bitwiseOr bitwiseXor leftShift rightShift", ({ i }) => [i, 3]],
  ["bitwiseLeftShift bitwiseRightShift", ({ i }) => [i, 3]],
  ["modf frexp", ({ b }) => [b]],
  ["divmod vecdot vdot inner outer kron tensordot", ({ a, b }) => [a, b]],
  ["matmul dot", ({ a, b }) => [a, np.asarray(b).T]],
  ["cross", ({ z }) => [z, [1, 2, 3]]],
  ["trace", ({ a }) => [a]],
  ["matvec", ({ a, v }) => [a, v]],
  ["vecmat", ({ v, a }) => [v, np.asarray(a).T]],
  ["ldexp", ({ a, i }) => [a, i]],
  // Of three, and written down first.
  ["clip", ({ a, b }) => [a, 1, b]],
  ["where", ({ mask, a, i }) => [mask, a, i]],
  ["copyto", ({ a, v, mask }) => [a, v, { where: mask }]],
  ["lazy", ({ a }) => [a]],
  ["sqrt", ({ a, v }) => [np.add(np.lazy(a), v)]],
  ["sum", ({ a, b }) => [np.multiply(np.lazy(a), b)]],
  // Reductions.
  ["all any amax amin max min argmax argmin countNonzero mean prod std sum var", ({ a }) => [a]],
  ["diff", ({ a, v }) => [a, 2, 0, { prepend: 1, append: [v, v] }]],
  ["ediff1d", ({ a, v }) => [a, { toBegin: v, toEnd: 7 }]],
  ["trapezoid", ({ a, v }) => [a, v]],
  ["gradient", ({ a, v }) => [a, v, { axis: 1 }]],
  ["ptp", ({ a }) => [a, 1]],
  ["bincount", ({ v }) => [[0, 1, 1, 3], v, { minlength: 6 }]],
  ["cumsum cumprod nancumsum nancumprod", ({ a }) => [a, 1]],
  ["cumulativeSum cumulativeProd", ({ a }) => [a, { axis: 0, includeInitial: true }]],
  ["nanargmax nanargmin nanmax nanmean nanmin nanprod nanstd nansum nanvar", ({ a }) => [a, 0]],
  ["sum", ({ a }) => [a, 0, { keepdims: true }]],
  ["mean", ({ i }) => [i, 1]],
  ["var", ({ i, mask }) => [i, 0, { where: mask }]],
  ["std", ({ z }) => [z]],
  ["min", ({ a }) => [a, -1]],
  ["argmax", ({ a }) => [a, 0]],
  ["any", ({ mask }) => [mask, 1]],
  ["countNonzero", ({ mask }) => [mask, 0]],
  // Sorting, searching.
  ["sort", ({ a }) => [a, 0]],
  ["a.sort", ({ a }) => [a.T, 0, { stable: true }]],
  ["partition a.partition", ({ z }) => [z, 1]],
  ["argsort", ({ i }) => [i, null]],
  ["argpartition", ({ a }) => [a, [0, 2], 1]],
  ["lexsort", ({ a, i }) => [[i, a]]],
  ["searchsorted", ({ v, i }) => [v, i, { side: "right", sorter: [0, 1, 2, 3] }]],
  // New arrays, copies, conversions.
  ["array lazy emptyLike zerosLike onesLike iterate tolist", ({ a }) => [a]],
  ["asarray", ({ a }) => [a, { dtype: "float32" }]],
  ["arange", () => [2, 20, 3]],
  ["linspace", () => [0, 1, 7]],
  ["empty zeros ones", () => [[2]]],
  ["full", () => [[2], 7]],
  ["eye identity formatBytes isNDArrayError", () => [3]],
  ["fullLike", ({ a }) => [a, 3]],
  ["copy ascontiguousarray toTypedArray save", ({ a }) => [a.T]],
  ["astype", ({ a }) => [a, "int16"]],
  ["load", ({ a }) => [np.save(a)]],
  ["factorize", () => [["a", "b", "a"]]],
  ["table", ({ v }) => [{ x: v, y: [1, 2, 3, 4] }]],
  ["readCsv", () => [{ text: "a,b\n1,2" }]],
  ["loadtxt", () => [["1 2", "3 4"], { dtype: "float32" }]],
  ["toCsv", ({ v }) => [{ x: v, s: ["a", null, "b", "c,d"] }]],
  ["loadInto", ({ a, b }) => [a, np.save(b)]],
  ["genfromtxt", () => [["1,2", "3,"], { delimiter: "," }]],
  ["savetxt", ({ a }) => [a, undefined, { fmt: "%g" }]],
  ["savez savezCompressed", ({ a }) => [{ a }]],
  ["array2string arrayRepr arrayStr", ({ a }) => [a]],
  // Signals, complex parts.
  ["sinc i0 angle iscomplex isreal isposinf isneginf", ({ a }) => [a]],
  ["angle iscomplex realIfClose", ({ z }) => [z]],
  ["bartlett blackman hamming hanning", () => [5]],
  ["kaiser", () => [5, 8.6]],
  // Indices.
  ["at", ({ a, mask }) => [a, mask]],
  ["at", ({ a }) => [a, [2, 0]]],
  ["at", ({ a }) => [a, "1:, ::-1"]],
  ["set", ({ a, mask }) => [a, mask, 0]],
  ["set", ({ a }) => [a, "0", a.at("1")]],
  ["item", ({ a }) => [a, 1, 2]],
  ["slice", () => [0, 5, 2]],
  ["take", ({ a }) => [a, [1, 0], 1]],
  ["put", ({ a }) => [a, [0, 5], [9, 8]]],
  ["takeAlongAxis", ({ a }) => [a, np.argmax(a, 1, { keepdims: true }), 1]],
  ["putAlongAxis", ({ a }) => [a, np.argmax(a, 1, { keepdims: true }), 0, 1]],
  ["compress", ({ a }) => [[true, false, true], a, 0]],
  ["extract", ({ a, mask }) => [mask, a]],
  ["place", ({ a, mask }) => [a, mask, [1, 2]]],
  ["nonzero flatnonzero argwhere", ({ a }) => [a]],
  // Shapes.
  ["reshape", ({ a }) => [a.T, [12]]],
  ["ravel flatten transpose permuteDims matrixTranspose squeeze flip fliplr flipud rot90 unstack", ({ a }) => [a]],
  ["atleast1d atleast2d atleast3d view real diagonal diag", ({ a }) => [a]],
  ["swapaxes moveaxis", ({ a }) => [a, 0, 1]],
  ["expandDims", ({ a }) => [a, 1]],
  ["broadcastTo", ({ v }) => [v, [3, 4]]],
  ["broadcastArrays sharesMemory mayShareMemory", ({ a, v }) => [a, v]],
  ["asStrided", ({ v }) => [v, [2, 2], { strides: [8, 8] }]],
  ["slidingWindowView split tile repeat", ({ v }) => [v, 2]],
  ["concatenate", ({ a, i }) => [[a, i]]],
  ["concat", ({ a, i }) => [[a, i], 1]],
  ["stack hstack dstack", ({ a, b }) => [[a, b]]],
  ["vstack", ({ a, v }) => [[a, v]]],
  ["columnStack", ({ v }) => [[v, v]]],
  ["append", ({ v }) => [v, 6]],
  ["delete roll", ({ v }) => [v, 1]],
  ["insert", ({ v }) => [v, 1, 9]],
  ["arraySplit", ({ v }) => [v, 3]],
  ["hsplit", ({ a }) => [a, 2]],
  ["vsplit", ({ a }) => [a, 3]],
  // Dtypes.
  ["canCast promoteTypes resultType", () => ["int8", "float32"]],
  ["isdtype", () => ["int8", "integral"]],
  ["issubdtype", () => ["int8", "integer"]],
  ["minScalarType", ({ i }) => [np.asarray(i).at("0, 0")]],
  ["commonType", ({ a, i }) => [a, i]],
  ["shape ndim size iscomplexobj isrealobj isfortran isscalar", ({ a }) => [a]],
  ["broadcastShapes", () => [[2, 1], [3]]],
  ["iinfo", () => ["int8"]],
  ["finfo", () => ["float64"]],
  ["shrink.report", ({ a }) => [a]],
  ["shrink.sweep", () => [floats(), (column: np.NDArray) => column.sum()]],
  ["shrink.apply", () => [floats(), np.shrink.report(np.arange(1, 7))]],
];

/** Arguments of many kinds, for whatever takes them. */
export const kinds: readonly (() => unknown[])[] = [
  () => [floats()],
  () => [floats(), floats()],
  () => [floats(), [6, 5, 4, 3, 2, 1]],
  () => [floats().at("::-1"), integers()],
  () => [integers()],
  () => [integers(), integers()],
  () => [bools(), bools()],
  () => [halves(), floats()],
  () => [complexes([1, 2], [3, 4]), complexes([1, 2], [3, 4])],
  () => [square()],
  () => [square().transpose(), 0],
  () => [square(), 1, 0],
  () => [square(), square()],
  () => [floats(), 1],
  () => [floats(), 2, 3],
  () => [floats(), [2, 3]],
  () => [floats(), [2, 6]],
  () => [floats(), small()],
  () => [floats(), small(), 7],
  () => [floats(), bools(), 7],
  () => [floats(), bools(), [9, 9, 9, 9]],
  () => [bools(), floats(), floats()],
  () => [floats(), null, 3],
  () => [[floats(), floats()]],
  () => [[square(), square()], 1],
  () => [[2, 3]],
  () => [[2, 3], 7],
  () => [5],
  () => [0, 1, 5],
  () => [[1, 2, 3]],
  () => [new Float64Array(5)],
  () => [floats(), "float32"],
  () => [floats(), square()],
  () => [square(), [0, 1]],
  () => [np.zeros([1, 3, 1])],
  () => [np.zeros([1, 3, 1]), 0],
  () => [np.zeros([2, 3]), [0, 1], [1, 0]],
  () => [floats(), { out: np.zeros(6) }],
  () => [floats(), floats(), { out: np.zeros(6), where: [true, false, true, false, true, false] }],
  () => [square(), { axis: 0 }],
  () => [square(), 0, { keepdims: true }],
  () => [np.multiply(np.lazy(floats()), floats())],
  () => [np.lazy(square()), integers().at("::3")],
  () => [],
];

/** A call that succeeds. */
export interface Call {
  readonly name: string;
  /** Its arguments, made anew each time, so that what a call writes or disposes does not matter to the next. */
  args(): readonly unknown[];
  run(args?: readonly unknown[]): unknown;
}

type Callable = (...args: readonly unknown[]) => unknown;

/** Whether a value is a plain function, not a class. */
function isFunction(value: unknown): value is Callable {
  return typeof value === "function" && !/^class\b/.test(Function.prototype.toString.call(value));
}

const functions: ReadonlyMap<string, Callable> = new Map(
  [
    ...Object.entries(np),
    ...Object.entries(np.shrink).map(([name, value]) => [`shrink.${name}`, value] as const),
  ].flatMap(([name, value]) => (isFunction(value) ? [[name, value] as const] : [])),
);

// What is no accessor, as a function of the array.
const methods: ReadonlyMap<string, Callable> = new Map(
  Object.entries(Object.getOwnPropertyDescriptors(np.NDArray.prototype)).flatMap(([name, { value }]) => {
    if (!isFunction(value) || name === "constructor") return [];
    const method: Callable = (self, ...args) => {
      if (!(self instanceof np.NDArray)) throw new TypeError("not an array");
      return value.apply(self, args);
    };
    return [[`a.${name}`, method] as const];
  }),
);

/** The names of all public functions, and of the methods as a.name. */
export const names: readonly string[] = [...functions.keys()],
  methodNames: readonly string[] = [...methods.keys()];

const callOf = (name: string, f: Callable, args: () => readonly unknown[]): Call => ({
  name,
  args,
  run: (values = args()) => f(...values),
});

/** The calls that the list promises. */
export const calls: readonly Call[] = list.flatMap(([names, args]) =>
  names.split(" ").map((name) => {
    const f = functions.get(name) ?? methods.get(name);
    if (f === undefined) throw new Error(`there is no public function ${name}`);
    return callOf(name, f, () => args(given()));
  }),
);

/** All calls that succeed: those of the list, and functions and methods with whatever else they take. */
export function allCalls(): readonly Call[] {
  // A text would be the path of a file to what saves.
  const tried = [...functions, ...methods].flatMap(([name, f]) =>
    (/^save/.test(name) ? kinds.slice(0, 1) : kinds).map((args) => callOf(name, f, args)),
  );
  return [...calls, ...tried.filter(succeeds)];
}

// Errors without stacks: nobody reads them here, and lines take most of the time.
function succeeds(call: Call): boolean {
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 0;
  try {
    np.memory.scope(() => void finished(call.run()));
    return true;
  } catch {
    return false;
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
}

/** Arguments with each of their arrays changed, those in lists and options too. */
export function changed<T>(value: T, change: (array: np.NDArray) => np.NDArray): T;
export function changed(value: unknown, change: (array: np.NDArray) => np.NDArray): unknown {
  if (value instanceof np.NDArray) return change(value as np.NDArray);
  if (Array.isArray(value)) return value.map((member) => changed(member, change));
  // An instance of a class, as a report, is what its functions know.
  if (typeof value !== "object" || value === null || Object.getPrototypeOf(value) !== Object.prototype) return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, changed(member, change)]));
}

/** Takes the values of a generator and evaluates an expression, so that it has run. What comes later is not waited for. */
export function finished(value: unknown): unknown {
  if (value instanceof np.Lazy) return value.evaluate();
  if (isLater(value)) return "comes later";
  return typeof (value as Iterator<unknown> | null)?.next === "function" ? [...(value as Iterable<unknown>)] : value;
}

/** Whether a value gives its values later. */
export function isLater(value: unknown): value is AsyncIterableIterator<unknown> {
  return typeof (value as AsyncIterable<unknown> | null)?.[Symbol.asyncIterator] === "function";
}
