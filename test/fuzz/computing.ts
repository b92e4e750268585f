import * as np from "nbytes";
import { elementwise } from "../../src/operations/apply.js";
import type { Step } from "./steps.js";
import { type Draw, DTYPES, isView, type Operand, type View } from "./views.js";

// Steps that compute: every elementwise operation that the library defines, reductions, and lazy expressions.

type Fn = (...args: unknown[]) => np.NDArray;
const functions = np as unknown as Record<string, Fn | undefined>; // looked up by name

const NAMES = [...elementwise].filter((name) => typeof functions[name] === "function" && name !== "clip");
const UNARY = NAMES.filter((name) => functions[name]!.length === 2),
  BINARY = NAMES.filter((name) => functions[name]!.length === 3);

/** Those that compare, test or only move bits, and plain arithmetic: most overlap is tried with them. */
const PLAIN_UNARY =
    "negative absolute square isnan isinf isfinite signbit logicalNot invert floor conjugate sign".split(" "),
  PLAIN_BINARY = (
    "add subtract multiply maximum minimum fmax fmin equal notEqual less lessEqual greater greaterEqual " +
    "logicalAnd logicalOr logicalXor bitwiseAnd bitwiseOr bitwiseXor floorDivide remainder copysign"
  ).split(" ");

// The dtype of the result is what is computed in: a `dtype` means the same to NumPy.
const ownDType = new Map(NAMES.map((name) => [name, givesItsOwn(name)]));
function givesItsOwn(name: string): boolean {
  return ["float64", "int32"].some((dtype) => {
    try {
      const one = np.ones([1], { dtype: dtype as np.DType });
      const given = functions[name]!.length === 2 ? functions[name]!(one) : functions[name]!(one, one);
      return given.dtype === dtype && name !== "absolute";
    } catch {
      return false; // no loop for this dtype
    }
  });
}

const EXACT = new Set([...PLAIN_UNARY, ...PLAIN_BINARY]);

export function ufunc(draw: Draw): Step {
  const { random, x } = draw;
  if (random.chance(0.06)) return clip(draw);
  const plain = random.chance(0.6),
    f = random.chance(0.3) ? random.of(plain ? PLAIN_UNARY : UNARY) : random.of(plain ? PLAIN_BINARY : BINARY),
    pair = functions[f]!.length === 3;
  const args = !pair ? [x] : random.chance(0.5) ? [x, draw.operand()] : [draw.operand(0.1), x];
  const out = random.chance(0.25) ? x : random.maybe(0.4, () => draw.target());
  const options: Record<string, string> = {};
  // A result that is not exact may fall on either side of what a cast to integers cuts.
  if (out !== undefined && EXACT.has(f) && random.chance(0.5)) options.casting = "unsafe";
  else if (random.chance(0.02) && args.every(isView)) options.casting = random.of(["no", "equiv", "safe", "same_kind"]);
  if (ownDType.get(f) === true && EXACT.has(f) && random.chance(0.08)) options.dtype = random.of(DTYPES);
  return { kind: "ufunc", f, args, out, where: random.maybe(0.2, () => draw.mask()), options };
}

function clip(draw: Draw): Step {
  const { random, x } = draw;
  const end = (): Operand => (random.chance(0.2) ? null : draw.operand(0.5));
  const args = [x, end(), end()],
    out = random.maybe(0.4, () => draw.target());
  const options: Record<string, string> = out !== undefined && random.chance(0.5) ? { casting: "unsafe" } : {};
  return { kind: "ufunc", f: "clip", args, out, where: random.maybe(0.2, () => draw.mask()), options };
}

const FOLDS =
  "sum sum prod min max min max any all any all countNonzero argmax argmin argmax argmin mean var std".split(" ");
const FLOATS: readonly np.DType[] = ["float16", "float32", "float64", "complex64", "complex128"],
  REAL = FLOATS.slice(0, 3);

export function folding(draw: Draw): Step {
  const { random, x, ndim } = draw,
    f = random.of(FOLDS),
    one = f.startsWith("arg"),
    isComplex = draw.bases[x.base].dtype.startsWith("complex"),
    axis = axes(draw, one);
  const keepdims = random.chance(0.3),
    over = axis === null ? x.shape.map((_, i) => i) : [axis].flat().map((i) => (i < 0 ? i + ndim : i));
  const shape = x.shape.flatMap((n, i) => (over.includes(i) ? (keepdims ? [1] : []) : [n]));
  const options: Record<string, string | number | boolean> = { ...(keepdims && { keepdims }) };
  if (/^(sum|prod)$/.test(f) && random.chance(0.15)) options.dtype = random.of(DTYPES);
  if (f === "mean" && random.chance(0.15)) options.dtype = random.of(FLOATS);
  // A variance is real here, whatever dtype is asked for; of complex numbers in a real dtype NumPy's is neither.
  if (/^(var|std)$/.test(f) && !isComplex && random.chance(0.15)) options.dtype = random.of(REAL);
  if (/^(var|std)$/.test(f) && random.chance(0.4)) options.ddof = random.of([0, 1, 1, 2, 0.5]);
  if (/^(sum|prod|min|max)$/.test(f) && random.chance(0.5)) options.initial = random.int(0, 4);
  const same = /^(sum|prod|min|max|any|all)$/.test(f);
  return {
    kind: "fold",
    f,
    args: [x],
    axis,
    out: same && options.dtype === undefined ? random.maybe(0.3, () => draw.view(x.base, shape, 0)) : undefined,
    where: !one && random.chance(0.25) ? draw.mask() : undefined,
    options,
  };
}

function axes({ random, x, ndim }: Draw, one: boolean): number | number[] | null {
  if (ndim === 0 || random.chance(0.4)) return null;
  if (one || random.chance(0.6)) return random.int(random.chance(0.3) ? -ndim : 0, ndim);
  return random.shuffled(x.shape.map((_, i) => i)).slice(0, random.int(1, ndim + 1));
}

/** An expression: an operand, or an operation of expressions. */
export type Tree = { readonly operand: View | number } | { readonly f: string; readonly args: readonly Tree[] };

const LAZY_UNARY = ["negative", "floor", "square", "isnan", "signbit", "logicalNot", "sign"],
  LAZY_BINARY = ["add", "subtract", "multiply", "maximum", "minimum", "less", "equal", "logicalAnd", "fmin"];

export function lazily(draw: Draw): Step {
  const { random, x } = draw;
  const tree = (depth: number): Tree => {
    if (depth === 0 || random.chance(0.2)) return { operand: random.chance(0.4) ? x : draw.operand() };
    // An operation of numbers alone would be no expression.
    const array = (): Tree => ({ operand: random.chance(0.5) ? x : draw.operand(0) });
    if (random.chance(0.3)) return { f: random.of(LAZY_UNARY), args: [array()] };
    return { f: random.of(LAZY_BINARY), args: random.shuffled([array(), tree(depth - 1)]) };
  };
  // The first operand is there always: it gives the shape.
  const whole: Tree = { f: random.of(LAZY_BINARY), args: [{ operand: x }, tree(random.int(0, 3))] };
  const out = random.chance(0.2) ? x : random.maybe(0.4, () => draw.target(undefined, 0));
  return { kind: "lazy", f: "evaluate", args: [], out, more: [whole] };
}
