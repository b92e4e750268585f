import * as np from "../../src/index.js";

// One call of every public function, for tests that hold for all of them: what they allocate is told, what they refuse
// leaves no trace. `calls.test.ts` fails when a function has none.

/** The arrays a call is made with: a and b float64 [3, 4], i int32 [3, 4], mask bool [3, 4], z complex128 [3], v float64 [4]. */
export interface Given {
  readonly a: np.NDArray<"float64">;
  readonly b: np.NDArray<"float64">;
  readonly i: np.NDArray<"int32">;
  readonly mask: np.NDArray<"bool">;
  readonly z: np.NDArray<"complex128">;
  readonly v: np.NDArray<"float64">;
}

/** New arrays for a call. */
export function given(): Given {
  return {
    a: np.reshape(np.arange(1, 13), [3, 4]).copy(),
    b: np.full([3, 4], 2.5),
    i: np.reshape(np.arange(12, { dtype: "int32" }), [3, 4]).copy(),
    mask: np.greater(np.reshape(np.arange(12), [3, 4]), 5),
    z: np.array([
      { re: 1, im: 2 },
      { re: 0, im: -1 },
      { re: 3, im: 0 },
    ]),
    v: np.arange(4),
  };
}

/** One call. */
export type Call = (g: Given) => unknown;

const unary = (
  names: string[],
  pick: (g: Given) => np.NDArray = (g) => g.a as unknown as np.NDArray,
): [string, Call][] => names.map((name) => [name, (g) => functionOf(name)(pick(g))]);
const binary = (names: string[], pick: (g: Given) => [unknown, unknown]): [string, Call][] =>
  names.map((name) => [name, (g) => functionOf(name)(...pick(g))]);

function functionOf(name: string): (...args: unknown[]) => unknown {
  return (np as unknown as Record<string, (...args: unknown[]) => unknown>)[name];
}

const integers = (g: Given): np.NDArray => g.i as unknown as np.NDArray;
const pair = (g: Given): [unknown, unknown] => [g.a, g.b];
const integerPair = (g: Given): [unknown, unknown] => [g.i, 3];

/** The name of each public function, and a call of it that succeeds. */
export const calls: readonly (readonly [string, Call])[] = [
  ...unary([
    "abs",
    "absolute",
    "acos",
    "acosh",
    "arccos",
    "arccosh",
    "arcsin",
    "arcsinh",
    "arctan",
    "arctanh",
    "asin",
    "asinh",
  ]),
  ...unary([
    "atan",
    "atanh",
    "cbrt",
    "ceil",
    "conj",
    "conjugate",
    "cos",
    "cosh",
    "deg2rad",
    "degrees",
    "exp",
    "exp2",
    "expm1",
  ]),
  ...unary([
    "fabs",
    "floor",
    "isfinite",
    "isinf",
    "isnan",
    "log",
    "log10",
    "log1p",
    "log2",
    "logicalNot",
    "negative",
    "positive",
  ]),
  ...unary([
    "rad2deg",
    "radians",
    "reciprocal",
    "rint",
    "sign",
    "signbit",
    "sin",
    "sinh",
    "sqrt",
    "square",
    "tan",
    "tanh",
    "trunc",
  ]),
  ...unary(["around", "round", "nanToNum"]),
  ...unary(["bitwiseNot", "invert"], integers),
  ...binary(
    ["add", "arctan2", "atan2", "copysign", "divide", "equal", "floatPower", "floorDivide", "fmax", "fmin", "fmod"],
    pair,
  ),
  ...binary(
    ["greater", "greaterEqual", "heaviside", "hypot", "less", "lessEqual", "logaddexp", "logaddexp2", "logicalAnd"],
    pair,
  ),
  ...binary(
    ["logicalOr", "logicalXor", "maximum", "minimum", "mod", "multiply", "nextafter", "notEqual", "power"],
    pair,
  ),
  ...binary(["remainder", "subtract", "trueDivide"], pair),
  ...binary(["bitwiseAnd", "bitwiseOr", "bitwiseXor", "gcd", "lcm", "leftShift", "rightShift"], integerPair),
  ...binary(["bitwiseLeftShift", "bitwiseRightShift"], integerPair),
  ["clip", ({ a, b }) => np.clip(a, 1, b)],
  ["where", ({ mask, a, i }) => np.where(mask, a, i)],
  ["lazy", ({ a }) => np.lazy(a)],
  ["lazy", ({ a, v }) => np.sqrt(np.add(np.lazy(a), v)).evaluate()],
  ["lazy", ({ a, b }) => np.sum(np.multiply(np.lazy(a), b))],
  ["copyto", ({ a, v, mask }) => np.copyto(a, v, { where: mask })],
  ...unary([
    "all",
    "amax",
    "amin",
    "any",
    "argmax",
    "argmin",
    "countNonzero",
    "max",
    "mean",
    "min",
    "prod",
    "std",
    "sum",
    "var",
  ]),
  ["sum", ({ a }) => np.sum(a, 0, { keepdims: true })],
  ["mean", ({ i }) => np.mean(i, 1)],
  ["var", ({ i, mask }) => np.var(i, 0, { where: mask })],
  ["std", ({ z }) => np.std(z)],
  ["min", ({ a }) => np.min(a, -1)],
  ["argmax", ({ a }) => np.argmax(a, 0)],
  ["any", ({ mask }) => np.any(mask, 1)],
  ["countNonzero", ({ mask }) => np.countNonzero(mask, 0)],
  ["sort", ({ a }) => np.sort(a, 0)],
  ["sort", ({ a }) => a.T.sort(0, { stable: true })],
  ["partition", ({ z }) => np.partition(z, 1)],
  ["argsort", ({ i }) => np.argsort(i, null)],
  ["argpartition", ({ a }) => np.argpartition(a, [0, 2], 1)],
  ["lexsort", ({ a, i }) => np.lexsort([i, a])],
  ["searchsorted", ({ v, i }) => np.searchsorted(v, i, { side: "right", sorter: [0, 1, 2, 3] })],
  ["array", ({ a }) => np.array(a)],
  ["asarray", ({ a }) => np.asarray(a, { dtype: "float32" })],
  ["arange", () => np.arange(2, 20, 3)],
  ["linspace", () => np.linspace(0, 1, 7)],
  ["empty", () => np.empty([2])],
  ["zeros", () => np.zeros([2])],
  ["ones", () => np.ones([2])],
  ["full", () => np.full([2], 7)],
  ["eye", () => np.eye(3)],
  ["identity", () => np.identity(3)],
  ...unary(["emptyLike", "zerosLike", "onesLike"]),
  ["fullLike", ({ a }) => np.fullLike(a, 3)],
  ["copy", ({ a }) => np.copy(a.T)],
  ["astype", ({ a }) => np.astype(a, "int16")],
  ["ascontiguousarray", ({ a }) => np.ascontiguousarray(a.T)],
  ["at", ({ a, mask }) => np.at(a, mask)],
  ["at", ({ a }) => np.at(a, [2, 0])],
  ["at", ({ a }) => np.at(a, "1:, ::-1")],
  ["set", ({ a, mask }) => np.set(a, mask, 0)],
  ["set", ({ a }) => np.set(a, "0", a.at("1"))],
  ["item", ({ a }) => np.item(a, 1, 2)],
  ["iterate", ({ a }) => [...np.iterate(a)]],
  ["tolist", ({ a }) => np.tolist(a)],
  ["toTypedArray", ({ a }) => np.toTypedArray(a.T)],
  ["reshape", ({ a }) => np.reshape(a.T, [12])],
  ...unary([
    "ravel",
    "flatten",
    "transpose",
    "permuteDims",
    "matrixTranspose",
    "squeeze",
    "flip",
    "fliplr",
    "flipud",
    "rot90",
  ]),
  ...unary(["atleast1d", "atleast2d", "atleast3d", "view", "real", "diagonal", "diag"]),
  ["imag", ({ z }) => np.imag(z)],
  ["swapaxes", ({ a }) => np.swapaxes(a, 0, 1)],
  ["moveaxis", ({ a }) => np.moveaxis(a, 0, 1)],
  ["expandDims", ({ a }) => np.expandDims(a, 1)],
  ["broadcastTo", ({ v }) => np.broadcastTo(v, [3, 4])],
  ["broadcastArrays", ({ a, v }) => np.broadcastArrays(a, v)],
  ["asStrided", ({ v }) => np.asStrided(v, [2, 2], { strides: [8, 8] })],
  ["slidingWindowView", ({ v }) => np.slidingWindowView(v, 2)],
  ["concatenate", ({ a, i }) => np.concatenate([a, i])],
  ["concat", ({ a, i }) => np.concat([a, i], 1)],
  ["stack", ({ a, b }) => np.stack([a, b])],
  ["vstack", ({ a, v }) => np.vstack([a, v])],
  ["hstack", ({ a, b }) => np.hstack([a, b])],
  ["dstack", ({ a, b }) => np.dstack([a, b])],
  ["columnStack", ({ v }) => np.columnStack([v, v])],
  ["append", ({ v }) => np.append(v, 6)],
  ["delete", ({ v }) => np.delete(v, 1)],
  ["insert", ({ v }) => np.insert(v, 1, 9)],
  ["split", ({ v }) => np.split(v, 2)],
  ["arraySplit", ({ v }) => np.arraySplit(v, 3)],
  ["hsplit", ({ a }) => np.hsplit(a, 2)],
  ["vsplit", ({ a }) => np.vsplit(a, 3)],
  ["unstack", ({ a }) => np.unstack(a)],
  ["tile", ({ v }) => np.tile(v, 3)],
  ["repeat", ({ v }) => np.repeat(v, 2)],
  ["roll", ({ v }) => np.roll(v, 1)],
  ["take", ({ a }) => np.take(a, [1, 0], 1)],
  ["put", ({ a }) => np.put(a, [0, 5], [9, 8])],
  ["takeAlongAxis", ({ a }) => np.takeAlongAxis(a, np.argmax(a, 1, { keepdims: true }), 1)],
  ["putAlongAxis", ({ a }) => np.putAlongAxis(a, np.argmax(a, 1, { keepdims: true }), 0, 1)],
  ["compress", ({ a }) => np.compress([true, false, true], a, 0)],
  ["extract", ({ a, mask }) => np.extract(mask, a)],
  ["place", ({ a, mask }) => np.place(a, mask, [1, 2])],
  ...unary(["nonzero", "flatnonzero", "argwhere"]),
  ["allclose", ({ a, b }) => np.allclose(a, b)],
  ["isclose", ({ a, b }) => np.isclose(a, b)],
  ["arrayEqual", ({ a, b }) => np.arrayEqual(a, b)],
  ["arrayEquiv", ({ a, b }) => np.arrayEquiv(a, b)],
  ["array2string", ({ a }) => np.array2string(a)],
  ["arrayRepr", ({ a }) => np.arrayRepr(a)],
  ["arrayStr", ({ a }) => np.arrayStr(a)],
  ["save", ({ a }) => np.save(a.T)],
  ["load", ({ a }) => np.load(np.save(a))],
  ["sharesMemory", ({ a }) => np.sharesMemory(a, a.T)],
  ["mayShareMemory", ({ a }) => np.mayShareMemory(a, a.T)],
];

/** Public functions that take no array and give none. */
export const others = ["canCast", "finfo", "formatBytes", "iinfo", "isNDArrayError", "promoteTypes", "slice"];
