import * as np from "nbytes";
import { creating } from "./edgeCreating.js";
import { indexing } from "./edgeIndexing.js";
import { moving } from "./edgeMoving.js";
import { products } from "./edgeProducts.js";
import { sorting } from "./edgeSorting.js";
import {
  type Arg,
  array,
  arrayLike,
  axes,
  axis,
  besideShape,
  type Call,
  type Draw,
  DTYPES,
  dtypeOf,
  INTEGERS,
  integer,
  none,
  number,
  ofArray,
  plain,
  REALS,
  scalar,
  shapeOf,
} from "./edgeValues.js";

// How each public function is called: one line, or one generator, for each.

/** Makes a random call; null where the draw makes no sense. */
export type Generator = (d: Draw) => Call | null;
type Calls = Readonly<Record<string, Generator>>;
type Any = (...args: unknown[]) => unknown;

/** NumPy's name of one here: each capital is an underscore and a small letter. */
export function numpyName(name: string): string {
  return NAMES[name] ?? name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
// biome-ignore format: a table
const NAMES: Readonly<Record<string, string>> = {
  atleast1d: "atleast_1d", atleast2d: "atleast_2d", atleast3d: "atleast_3d", expm1: "expm1", log1p: "log1p",
  bitwiseLeftShift: "bitwise_left_shift", bitwiseRightShift: "bitwise_right_shift",
};

const given = (args: readonly Arg[]): unknown[] => args.map((arg) => arg.given);
const shapeIn = ({ given }: Arg): readonly number[] => np.asarray(given as np.NDArray).shape;

// What a function gives without options tells the shape and the dtype of an `out`.
function outFor(d: Draw, name: string, args: readonly Arg[], cast: boolean, options: object = {}): Arg | null {
  try {
    const result = ((np as unknown as Record<string, Any>)[name] as Any)(...given(args), options);
    const whole = /^(nan)?arg|^count/.test(name) ? ({ dtype: "int32" } as const) : {};
    const plainly = result instanceof np.NDArray ? result : np.array(result as number, whole);
    const dtype = cast && d.once(3) ? dtypeOf(d) : plainly.dtype;
    const shape = d.once(10) ? shapeOf(d) : plainly.shape;
    return ofArray(array(d, dtype, shape, true));
  } catch {
    return null;
  }
}

// Of what is cast to an integer dtype, only small numbers: C leaves the rest open.
const CASTINGS = ["no", "equiv", "safe", "same_kind", "unsafe"] as const;

function ufuncOptions(d: Draw, name: string, args: readonly Arg[]): Record<string, Arg> | undefined {
  const options: Record<string, Arg> = {};
  if (d.once(4)) {
    options.dtype = plain(dtypeOf(d));
  }
  if (d.once(8))
    options.casting = plain(d.of(args.some(({ given }) => isPlainScalar(given)) ? ["safe", "same_kind"] : CASTINGS));
  if (d.once(5)) {
    const out = outFor(d, name, args, true);
    if (out !== null) options.out = out;
    if (out !== null && d.once(2)) options.where = weak(arrayLike(d, ["bool"], besideShape(d, shapeIn(out))));
  }
  return Object.keys(options).length === 0 ? undefined : options;
}

const ufunc =
  (name: string, operands: (d: Draw, tame: boolean) => Arg[]): Generator =>
  (d) => {
    const tame = d.once(3),
      args = operands(d, tame),
      options = tame ? ufuncOptions(d, name, args) : undefined;
    // Where a dtype is asked for, a value alone is weak: NumPy takes a Python value for one of its own dtype first.
    if (options?.dtype !== undefined && args.every(({ given }) => isPlainScalar(given))) return null;
    return { f: numpyName(name), args, ...(options && { options }) };
  };
const one = (d: Draw, tame: boolean): Arg[] => [arrayLike(d, DTYPES, shapeOf(d), tame)];
const two = (d: Draw, tame: boolean): Arg[] => {
  const shape = shapeOf(d),
    x = arrayLike(d, DTYPES, shape, tame),
    beside = Array.isArray(x.given) || ArrayBuffer.isView(x.given) || x.given instanceof np.NDArray;
  const y =
    d.once(3) && beside
      ? tame
        ? number(d.below(9), true)
        : scalar(d, true)
      : arrayLike(
          d,
          d.once(2) && beside ? [np.asarray(x.given as np.NDArray).dtype] : DTYPES,
          besideShape(d, shape),
          tame,
        );
  // A number alone is float64, beside an array it is weak.
  const other = Array.isArray(y.given) || ArrayBuffer.isView(y.given) || y.given instanceof np.NDArray;
  const first = beside || !other ? x : weak(x);
  const second = other ? y : beside ? weak(y) : y;
  return d.once(2) ? [first, second] : [second, first];
};
function weak(x: Arg): Arg {
  if (typeof x.given === "number") return number(x.given, true);
  if (typeof x.given === "bigint") return integer(x.given);
  if (typeof x.given === "boolean") return { given: x.given, told: { s: ["bool", x.given ? "1" : "0"] } };
  if (!(x.given instanceof np.NDArray) && typeof x.given === "object" && x.given !== null && "im" in x.given) {
    const { re, im } = x.given as np.Complex;
    const text = (n: number): string => (Object.is(n, -0) ? "-0" : String(n));
    return { given: x.given, told: { s: ["complex", text(re), text(im)] } };
  }
  return x;
}

// biome-ignore format: a table
const UNARY = [
  "abs", "absolute", "acos", "acosh", "arccos", "arccosh", "arcsin", "arcsinh", "arctan", "arctanh", "asin", "asinh", "atan",
  "atanh", "bitwiseCount", "bitwiseInvert", "bitwiseNot", "cbrt", "ceil", "conj", "conjugate", "cos", "cosh", "deg2rad", "degrees", "exp", "exp2", "expm1",
  "fabs", "floor", "invert", "isfinite", "isinf", "isnan", "log", "log10", "log1p", "log2", "logicalNot", "negative",
  "positive", "rad2deg", "radians", "reciprocal", "rint", "sign", "signbit", "sin", "sinh", "spacing", "sqrt", "square", "tan", "tanh",
  "trunc",
];
// biome-ignore format: a table
const BINARY = [
  "add", "arctan2", "atan2", "bitwiseAnd", "bitwiseLeftShift", "bitwiseOr", "bitwiseRightShift", "bitwiseXor", "copysign",
  "divide", "equal", "floatPower", "floorDivide", "fmax", "fmin", "fmod", "gcd", "greater", "greaterEqual", "heaviside",
  "hypot", "lcm", "leftShift", "less", "lessEqual", "logaddexp", "logaddexp2", "logicalAnd", "logicalOr", "logicalXor",
  "maximum", "minimum", "mod", "multiply", "nextafter", "notEqual", "power", "remainder", "rightShift", "subtract",
  "trueDivide",
];

const all = (names: readonly string[], make: (name: string) => Generator): Calls =>
  Object.fromEntries(names.map((name) => [name, make(name)]));

const reduction =
  (name: string, takes: readonly string[], oneAxis = false): Generator =>
  (d) => {
    const tame = d.once(3),
      shape = shapeOf(d),
      x = arrayLike(d, DTYPES, shape, tame);
    const args = [x, oneAxis ? axis(d, shape.length) : axes(d, shape.length)];
    const options: Record<string, Arg> = {};
    for (const key of takes) {
      if (!d.once(4)) continue;
      if (key === "keepdims") options.keepdims = plain(d.once(2));
      else if (key === "initial") options.initial = scalar(d, true);
      else if (key === "where") options.where = weak(arrayLike(d, ["bool"], besideShape(d, shape)));
      else if (key === "dtype" && tame) options.dtype = plain(dtypeOf(d));
      else if (key === "ddof" || key === "correction") options[key] = number(d.of([0, 1, 2, 0.5, -1, 7]), true);
    }
    if (takes.includes("out") && tame && d.once(4)) {
      const out = outFor(
        d,
        name,
        args,
        false,
        Object.fromEntries(Object.entries(options).map(([k, v]) => [k, v.given])),
      );
      if (out !== null) options.out = out;
    }
    return { f: numpyName(name), args, options };
  };

function running(d: Draw, f: string): Call {
  const shape = shapeOf(d),
    options: Record<string, Arg> = {};
  if (d.once(2) || shape.length > 1) options.axis = axis(d, shape.length);
  if (d.once(3)) options.includeInitial = plain(true);
  return { f, args: [arrayLike(d, DTYPES, shape)], options };
}

const ALL = ["keepdims", "where", "out"];
const reductions: Calls = {
  sum: reduction("sum", [...ALL, "initial", "dtype"]),
  prod: reduction("prod", [...ALL, "initial", "dtype"]),
  min: reduction("min", [...ALL, "initial"]),
  amin: reduction("amin", [...ALL, "initial"]),
  max: reduction("max", [...ALL, "initial"]),
  amax: reduction("amax", [...ALL, "initial"]),
  any: reduction("any", ALL),
  all: reduction("all", ALL),
  countNonzero: reduction("countNonzero", ["keepdims"]),
  mean: reduction("mean", [...ALL, "dtype"]),
  var: reduction("var", [...ALL, "dtype", "ddof", "correction"]),
  std: reduction("std", [...ALL, "dtype", "ddof", "correction"]),
  argmax: reduction("argmax", ["keepdims", "out"], true),
  argmin: reduction("argmin", ["keepdims", "out"], true),
  cumsum: reduction("cumsum", ["dtype"], true),
  cumprod: reduction("cumprod", ["dtype"], true),
  nancumsum: reduction("nancumsum", ["dtype"], true),
  nancumprod: reduction("nancumprod", ["dtype"], true),
  cumulativeSum: (d) => running(d, "cumulative_sum"),
  cumulativeProd: (d) => running(d, "cumulative_prod"),
  ptp: reduction("ptp", ["keepdims"]),
  diff: (d) => {
    const shape = shapeOf(d);
    return { f: "diff", args: [arrayLike(d, DTYPES, shape), integer(d.of([0, 1, 2, 3, -1])), axis(d, shape.length)] };
  },
  // Large integers would be as many bins.
  bincount: (d) => {
    const n = d.of([0, 1, 3, 8, 30]),
      dtype = d.of<np.DType>([...DTYPES.slice(0, 10), "complex64"]),
      x = ofArray(array(d, dtype, d.once(12) ? shapeOf(d) : [n], !/^(bool|u?int8)$/.test(dtype)));
    // Of nothing NumPy gives counts, with weights too.
    const weighed = (x.given as np.NDArray).size > 0 && d.once(2),
      weights = weighed ? ofArray(array(d, dtypeOf(d), [d.once(10) ? n + 1 : n])) : none;
    return { f: "bincount", args: [x, weights], options: { minlength: integer(d.of([0, 0, 3, 50, -1])) } };
  },
  ediff1d: (d) => ({ f: "ediff1d", args: [arrayLike(d)] }),
  nansum: reduction("nansum", [...ALL, "initial", "dtype"]),
  nanprod: reduction("nanprod", [...ALL, "initial", "dtype"]),
  nanmin: reduction("nanmin", [...ALL, "initial"]),
  nanmax: reduction("nanmax", [...ALL, "initial"]),
  nanmean: reduction("nanmean", [...ALL, "dtype"]),
  nanvar: reduction("nanvar", [...ALL, "dtype", "ddof", "correction"]),
  nanstd: reduction("nanstd", [...ALL, "dtype", "ddof", "correction"]),
  nanargmax: reduction("nanargmax", ["keepdims", "out"], true),
  nanargmin: reduction("nanargmin", ["keepdims", "out"], true),
};

const round = (f: string): Generator => {
  return (d) => {
    const x = arrayLike(d);
    return { f, args: d.once(3) ? [x] : [x, integer(d.of([0, 1, 2, 3, -1, -2, -3, 5, 20, -20, 400, -400]))] };
  };
};
const bound = (d: Draw, shape: readonly number[], dtypes: readonly np.DType[]): Arg =>
  d.once(4) ? none : d.once(2) ? scalar(d, true) : weak(arrayLike(d, dtypes, besideShape(d, shape)));

const comparing = (f: string, takes: readonly string[]): Generator => {
  return (d) => {
    const args = two(d, takes.includes("rtol") || d.once(2)),
      options: Record<string, Arg> = {};
    if (takes.includes("rtol") && d.once(3)) options.rtol = number(d.of([0, 0.1, 1e-9, 2]));
    if (takes.includes("atol") && d.once(3)) options.atol = number(d.of([0, 0.5, 1e-9, 3]));
    if (takes.includes("equalNan") && d.once(2)) options.equalNan = plain(d.once(2));
    return { f, args, ...(Object.keys(options).length > 0 && { options }) };
  };
};

const isPlainScalar = (value: unknown): boolean =>
  !(Array.isArray(value) || ArrayBuffer.isView(value) || value instanceof np.NDArray);

const choosing: Calls = {
  where: (d) => {
    const args = two(d, false);
    return { f: "where", args: [arrayLike(d, DTYPES, besideShape(d, shapeIn(args[0]))), ...args] };
  },
  clip: (d) => {
    const shape = shapeOf(d),
      dtype = dtypeOf(d, REALS),
      x = ofArray(array(d, dtype, shape));
    const near = d.once(2) ? [dtype] : REALS;
    return { f: "clip", args: [x, bound(d, shape, near), bound(d, shape, near)] };
  },
  nanToNum: (d) => {
    const options: Record<string, Arg> = {};
    for (const key of ["nan", "posinf", "neginf"]) if (d.once(4)) options[key] = number(d.of([1, -2, 0.5]));
    return { f: "nan_to_num", args: [arrayLike(d)], options };
  },
  copyto: (d) => {
    const shape = shapeOf(d),
      x = ofArray(array(d, dtypeOf(d), shape)),
      value = d.once(3) ? scalar(d, true) : weak(arrayLike(d, DTYPES, besideShape(d, shape), true));
    const options: Record<string, Arg> = {};
    if (d.once(2)) options.where = weak(arrayLike(d, ["bool"], besideShape(d, shape)));
    // A JavaScript value has the dtype of the target, where NumPy asks for that of Python's.
    if (d.once(2)) options.casting = plain(isPlainScalar(value.given) ? d.of(["safe", "same_kind"]) : d.of(CASTINGS));
    return { f: "copyto", args: [x, value], options, writes: true };
  },
  round: round("round"),
  around: round("around"),
  isclose: comparing("isclose", ["rtol", "atol", "equalNan"]),
  allclose: comparing("allclose", ["rtol", "atol", "equalNan"]),
  arrayEqual: comparing("array_equal", ["equalNan"]),
  arrayEquiv: comparing("array_equiv", []),
  canCast: (d) => ({
    f: "can_cast",
    args: [
      d.once(8) ? scalar(d, false) : d.once(2) ? plain(dtypeOf(d)) : arrayOf(d),
      plain(dtypeOf(d)),
      ...(d.once(2) ? [plain(d.of([...CASTINGS, "none", "same_value"]))] : []),
    ],
  }),
  iscomplex: (d) => ({ f: "iscomplex", args: [arrayLike(d)] }),
  isreal: (d) => ({ f: "isreal", args: [arrayLike(d)] }),
  isposinf: (d) => ({ f: "isposinf", args: [arrayLike(d)] }),
  isneginf: (d) => ({ f: "isneginf", args: [arrayLike(d)] }),
  iscomplexobj: (d) => ({ f: "iscomplexobj", args: [arrayLike(d)] }),
  isrealobj: (d) => ({ f: "isrealobj", args: [arrayLike(d)] }),
  promoteTypes: (d) => ({ f: "promote_types", args: [plain(dtypeOf(d)), plain(dtypeOf(d))] }),
  iinfo: (d) => ({ f: "iinfo", args: [d.once(2) ? arrayOf(d, d.once(2) ? INTEGERS : DTYPES) : plain(dtypeOf(d))] }),
  finfo: (d) => ({ f: "finfo", args: [d.once(2) ? arrayOf(d) : plain(dtypeOf(d))] }),
};
function arrayOf(d: Draw, among: readonly np.DType[] = DTYPES): Arg {
  return ofArray(array(d, dtypeOf(d, among), shapeOf(d)));
}

/** A generator for each function that NumPy has too. */
export const calls: Calls = {
  ...all(UNARY, (name) => ufunc(name, one)),
  ...all(BINARY, (name) => ufunc(name, two)),
  // An `out` for each result is no array: the oracle of ufuncs has them.
  divmod: (d) => ({ f: "divmod", args: two(d, d.once(2)) }),
  modf: (d) => ({ f: "modf", args: one(d, d.once(2)) }),
  frexp: (d) => ({ f: "frexp", args: one(d, d.once(2)) }),
  // Of arrays: NumPy takes Python's 2 for a float16 there, and 6 beside a 0-d float32 for nothing.
  ldexp: (d) => {
    const shape = shapeOf(d),
      y = ofArray(array(d, dtypeOf(d), besideShape(d, shape), true));
    return { f: "ldexp", args: [ofArray(array(d, dtypeOf(d), shape)), y] };
  },
  ...reductions,
  ...choosing,
  ...creating,
  ...moving,
  ...indexing,
  ...sorting,
  ...products,
};

/** Functions that are not called here, and why. */
export const EXCLUDED: Readonly<Record<string, string>> = {
  asStrided: "NumPy reads what lies outside; here it is refused (test/every/safety.test.ts)",
  array2string: "words: the oracle of printing has them (test/text/printing.test.ts)",
  arrayRepr: "words: the oracle of printing has them (test/text/printing.test.ts)",
  arrayStr: "words: the oracle of printing has them (test/text/printing.test.ts)",
  ...Object.fromEntries(
    ["resultType", "minScalarType", "isdtype", "issubdtype", "commonType", "broadcastShapes"].map((name) => [
      name,
      "judged whole by the oracle: test/array/dtypeQueries.test.ts",
    ]),
  ),
  ...Object.fromEntries(
    ["sinc", "i0", "angle", "realIfClose", "bartlett", "blackman", "hamming", "hanning", "kaiser"].map((name) => [
      name,
      "NumPy rounds each step, and float16 thrice: the oracle judges it (test/signal/)",
    ]),
  ),
  ndim: "gives whole numbers, no arrays: test/array/about.test.ts",
  shape: "gives whole numbers, no arrays: test/array/about.test.ts",
  size: "gives whole numbers, no arrays: test/array/about.test.ts",
  fix: "is trunc, which is judged; NumPy's own takes no options of ufuncs (test/signal/signal.test.ts)",
  pow: "is power, which is judged within its own bound (test/signal/signal.test.ts)",
  isscalar: "asks of JavaScript values",
  isfortran: "asks of a layout, which the judge has not: test/array/about.test.ts",
  isNDArrayError: "is this library's own",
  formatBytes: "is this library's own",
  iterate: "is this library's own",
  lazy: "is this library's own",
  slice: "is Python's, and judged as an index (test/fuzz/indexing.ts)",
  load: "judged by test/fuzz/npy.ts",
  save: "judged by test/fuzz/npy.ts",
  factorize: "is pandas's: test/table/ judges it",
  table: "is no function of NumPy's: test/table/ judges it",
  readCsv: "is pandas's: test/files/text/readCsv.test.ts judges it",
  loadtxt: "reads texts: test/files/text/ judges it",
  toCsv: "is pandas's: test/files/text/toCsv.test.ts judges it",
  loadInto: "is this library's own",
  genfromtxt: "reads texts: test/files/text/ judges it",
  savetxt: "writes texts: test/files/text/ judges it",
  savez: "judged by test/files/numpy.node.test.ts",
  savezCompressed: "judged by test/files/numpy.node.test.ts",
  gradient: "its order of roundings is free: test/statistics/differences.test.ts",
  trapezoid: "its sums are judged beside the sizes of their terms: test/statistics/differences.test.ts",
  mayShareMemory: "needs views of one memory, which the judge has not: test/array/overlap.test.ts",
  sharesMemory: "needs views of one memory, which the judge has not: test/array/overlap.test.ts",
  partition: "leaves an order open: test/sorting/ judges it by its ranks",
  argpartition: "leaves an order open: test/sorting/ judges it by its ranks",
  empty: "has no values to judge",
  emptyLike: "has no values to judge",
};
