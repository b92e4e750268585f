import type { ArrayLike } from "../array/convert.js";
import { byCode, type Descr, dtypes, isInexact } from "../base/dtype.js";
import { copyKernel } from "../core/boxes.js";
import { type Chapter, KernelRef, type KernelsOf } from "../core/chapter.js";
import { arithmetic } from "../core/chapters/arithmetic.js";
import { comparisons } from "../core/chapters/comparisons.js";
import { extremes } from "../core/chapters/extremes.js";
import { math } from "../core/chapters/math.js";
import type { Kernel } from "../core/instance.js";
import { apply, define, signatureOf, type UfuncOptions } from "../operations/apply.js";
import type { Loops } from "../operations/loops.js";
import type { Op, Traits } from "../operations/op.js";
import type { BinaryUfunc, UnaryUfunc } from "../operations/signatures.js";

// The op table of the facade: one documented line for each operation. The chapter and its export are the kernel, checked
// against asc's types; the row says which dtypes there are loops for. Every operation returns a new array, or `out`.

// Names, since a bundler takes the reading of a property for something that is done.
const { bool, uint8 } = dtypes;

// Functions, not arrows: how many arguments there are costs nothing to ask.
function one(op: Op) {
  return function (x: ArrayLike, options?: UfuncOptions) {
    if (arguments.length > 2) signatureOf(op, 1).count(arguments.length);
    return apply(op, [x], options);
  };
}
function two(op: Op) {
  return function (x: ArrayLike, y: ArrayLike, options?: UfuncOptions) {
    if (arguments.length > 3) signatureOf(op, 2).count(arguments.length);
    return apply(op, [x, y], options);
  };
}

function unary<E extends object, L extends Loops>(
  chapter: Chapter<E>,
  kernel: KernelsOf<E>,
  row: L,
  name: string = kernel,
  traits?: Traits,
): UnaryUfunc<L> {
  return ownKernel(name, new KernelRef(chapter, kernel), row, traits);
}

function ownKernel<L extends Loops>(name: string, kernel: Kernel | KernelRef, row: L, traits?: Traits): UnaryUfunc<L> {
  return one(define(name, row, null, kernel, traits)) as UnaryUfunc<L>;
}

function binary<E extends object, L extends Loops>(
  chapter: Chapter<E>,
  kernel: KernelsOf<E>,
  row: L,
  name: string = kernel,
  traits?: Traits,
): BinaryUfunc<L> {
  return two(define(name, row, null, new KernelRef(chapter, kernel), traits)) as BinaryUfunc<L>;
}

type Comparison = KernelsOf<(typeof comparisons)["kernels"]>;

function comparison(name: Comparison): BinaryUfunc<"any", "bool"> {
  const op = define(name, "any", bool, new KernelRef(comparisons, name), { exact: true });
  return two(op) as BinaryUfunc<"any", "bool">;
}

// A test is a comparison that does not look at its second operand; what it finds is a byte.
function test<L extends Loops, G extends "bool" | "uint8">(
  name: Comparison,
  row: L,
  resultDtype: Descr<G>,
): UnaryUfunc<L, G> {
  return one(define(name, row, resultDtype, new KernelRef(comparisons, name))) as UnaryUfunc<L, G>;
}

function unlessWhole(name: "floor" | "ceil" | "trunc"): Kernel {
  return (code, box) => (isInexact(byCode[code]) ? arithmetic.kernels[name](code, box) : copyKernel(code, box));
}

/**
 * The sums of each pair; the logical or of bools.
 *
 * @example
 * add([1, 2, 3], 10) // [11. 12. 13.]
 * add([[0], [10]], [1, 2]) // [[ 1. 2.] [11. 12.]]
 */
export const add = binary(arithmetic, "add", "any");
/**
 * The differences x - y.
 *
 * @example
 * subtract([5, 7], [1, 2]) // [4. 5.]
 */
export const subtract = binary(arithmetic, "subtract", "numbers");
/**
 * The products of each pair; the logical and of bools.
 *
 * @example
 * multiply([1, 2, 3], 2) // [2. 4. 6.]
 */
export const multiply = binary(arithmetic, "multiply", "any");
/**
 * The quotients x / y; integers give float64. Also `trueDivide`.
 *
 * @example
 * divide([1, 2, 3], 2) // [0.5 1. 1.5]
 */
export const divide = binary(arithmetic, "divide", "quotient");
/** The quotients x / y; integers give float64. NumPy: `true_divide`, another name of `divide`. */
export const trueDivide = divide;
/** The largest integers not above x / y, as Python's `//`; an integer divided by 0 gives 0. NumPy: `floor_divide`. */
export const floorDivide = binary(arithmetic, "floorDivide", "real");
/** What `floorDivide` leaves: the result has the divisor's sign, as Python's `%`. */
export const remainder = binary(arithmetic, "remainder", "real");
/** Another name of `remainder`. */
export const mod = remainder;
/** What division towards zero leaves: the result has the dividend's sign, as C's `fmod`. */
export const fmod = binary(arithmetic, "fmod", "real");
/**
 * Whether each pair is equal.
 *
 * @example
 * equal([1, 2, 3], 2) // [False True False]
 */
export const equal = comparison("equal");
/** Whether each pair differs. NumPy: `not_equal`. */
export const notEqual = comparison("notEqual");
/**
 * Whether x < y.
 *
 * @example
 * less([1, 2, 3], 2) // [ True False False]
 */
export const less = comparison("less");
/** Whether x <= y. NumPy: `less_equal`. */
export const lessEqual = comparison("lessEqual");
/** Whether x > y. */
export const greater = comparison("greater");
/** Whether x >= y. NumPy: `greater_equal`. */
export const greaterEqual = comparison("greaterEqual");

/**
 * Whether each element is NaN; complex if either part is.
 *
 * @example
 * isnan([1, NaN]) // [False True]
 */
export const isnan = test("isnan", "float", bool);
/** Whether each element is infinite; complex if either part is. */
export const isinf = test("isinf", "float", bool);
/** Whether each element is neither infinite nor NaN. */
export const isfinite = test("isfinite", "float", bool);
/** Whether each element's sign bit is set: true for -0. */
export const signbit = test("signbit", "realFloat", bool);

/** The bits that both have; the logical and of bools. NumPy: `bitwise_and`. */
export const bitwiseAnd = binary(comparisons, "bitwiseAnd", "bits");
/** The bits that either has; the logical or of bools. NumPy: `bitwise_or`. */
export const bitwiseOr = binary(comparisons, "bitwiseOr", "bits");
/** The bits that one of both has; the exclusive or of bools. NumPy: `bitwise_xor`. */
export const bitwiseXor = binary(comparisons, "bitwiseXor", "bits");
/** The bits turned over; the logical not of bools. Also `bitwiseNot`. */
export const invert = unary(comparisons, "invert", "bits");
/** How many bits of each integer's magnitude are set, as uint8. NumPy: `bitwise_count`. */
export const bitwiseCount = test("bitwiseCount", "integer", uint8);
/** Another name of `invert`. NumPy: `bitwise_not`. */
export const bitwiseNot = invert;
/** Another name of `invert`. NumPy: `bitwise_invert`. */
export const bitwiseInvert = invert;
/** x shifted left by y bits; a shift by the dtype's width or more gives 0. NumPy: `left_shift`. */
export const leftShift = binary(comparisons, "leftShift", "integer");
/** x shifted right by y bits, keeping the sign. NumPy: `right_shift`. */
export const rightShift = binary(comparisons, "rightShift", "integer");
/** Whether both are true. NumPy: `logical_and`. */
export const logicalAnd = binary(comparisons, "bitwiseAnd", "truth", "logicalAnd");
/** Whether either is true. NumPy: `logical_or`. */
export const logicalOr = binary(comparisons, "bitwiseOr", "truth", "logicalOr");
/** Whether one of both is true. NumPy: `logical_xor`. */
export const logicalXor = binary(comparisons, "bitwiseXor", "truth", "logicalXor");
/** Whether each element is false: 0, or false. NumPy: `logical_not`. */
export const logicalNot = unary(comparisons, "invert", "truth", "logicalNot");
/** The greatest common divisors of each pair. */
export const gcd = binary(arithmetic, "gcd", "whole");
/** The lowest common multiples of each pair. */
export const lcm = binary(arithmetic, "lcm", "whole");

/**
 * The larger of each pair; NaN wins.
 *
 * @example
 * maximum([1, 5], [3, 2]) // [3. 5.]
 */
export const maximum = binary(extremes, "maximum", "any");
/**
 * The smaller of each pair; NaN wins.
 *
 * @example
 * minimum([1, 5], 3) // [1. 3.]
 */
export const minimum = binary(extremes, "minimum", "any");
/** The larger of each pair; NaN loses. */
export const fmax = binary(extremes, "fmax", "any");
/** The smaller of each pair; NaN loses. */
export const fmin = binary(extremes, "fmin", "any");

/** The elements with their signs turned. */
export const negative = unary(arithmetic, "negative", "numbers");
/** The elements as they are. Returns a copy. */
export const positive = ownKernel("positive", copyKernel, "numbers");
/** -1, 0 or 1 by sign; complex z / |z|. */
export const sign = unary(arithmetic, "sign", "numbers");
/** The squares. */
export const square = unary(arithmetic, "square", "counted");
/** 1 / x in the elements' own dtype. */
export const reciprocal = unary(arithmetic, "reciprocal", "counted");
/** The distances from 0 of real numbers, as floats. */
export const fabs = unary(arithmetic, "absolute", "realFloat", "fabs");

/**
 * The non-negative square roots; NaN below 0.
 *
 * @example
 * sqrt([1, 4, 9]) // [1. 2. 3.]
 */
export const sqrt = unary(math, "sqrt", "float");
/** The cube roots. */
export const cbrt = unary(math, "cbrt", "realFloat");
/**
 * e to the power of each element.
 *
 * @example
 * exp([0, 1]) // [1. 2.71828183]
 */
export const exp = unary(math, "exp", "float");
/** 2 to the power of each element. */
export const exp2 = unary(math, "exp2", "float");
/** exp(x) - 1, exact near 0. */
export const expm1 = unary(math, "expm1", "float");
/**
 * The natural logarithms.
 *
 * @example
 * log([1, 10]) // [0. 2.30258509]
 */
export const log = unary(math, "log", "float");
/** The logarithms to base 2. */
export const log2 = unary(math, "log2", "float");
/** The logarithms to base 10. */
export const log10 = unary(math, "log10", "float");
/** log(1 + x), exact near 0. */
export const log1p = unary(math, "log1p", "float");
/** The sines of angles in radians. */
export const sin = unary(math, "sin", "float");
/** The cosines of angles in radians. */
export const cos = unary(math, "cos", "float");
/** The tangents of angles in radians. */
export const tan = unary(math, "tan", "float");
/** The angles in [-π/2, π/2] with these sines. Also `asin`. */
export const arcsin = unary(math, "arcsin", "float");
/** The angles in [0, π] with these cosines. Also `acos`. */
export const arccos = unary(math, "arccos", "float");
/** The angles in [-π/2, π/2] with these tangents. Also `atan`. */
export const arctan = unary(math, "arctan", "float");
/** The hyperbolic sines. */
export const sinh = unary(math, "sinh", "float");
/** The hyperbolic cosines. */
export const cosh = unary(math, "cosh", "float");
/** The hyperbolic tangents. */
export const tanh = unary(math, "tanh", "float");
/** The inverse hyperbolic sines. Also `asinh`. */
export const arcsinh = unary(math, "arcsinh", "float");
/** The inverse hyperbolic cosines. Also `acosh`. */
export const arccosh = unary(math, "arccosh", "float");
/** The inverse hyperbolic tangents. Also `atanh`. */
export const arctanh = unary(math, "arctanh", "float");
/** Radians as degrees. */
export const degrees = unary(math, "degrees", "realFloat");
/** Degrees as radians. */
export const radians = unary(math, "radians", "realFloat");
/** The largest whole numbers not above the elements; integers stay as they are. */
export const floor = ownKernel("floor", unlessWhole("floor"), "ordered");
/** The smallest whole numbers not below the elements; integers stay as they are. */
export const ceil = ownKernel("ceil", unlessWhole("ceil"), "ordered");
/** The elements without their fractions; integers stay as they are. */
export const trunc = ownKernel("trunc", unlessWhole("trunc"), "ordered");
/** Another name of `trunc`. */
export const fix = trunc;
/** The nearest whole numbers; halves go to the even one. */
export const rint = unary(arithmetic, "rint", "float");

/** The angles of the points (y, x) from the positive x axis, in [-π, π]. Also `atan2`. */
export const arctan2 = binary(math, "arctan2", "realFloat");
/** √(x² + y²) without intermediate overflow. */
export const hypot = binary(math, "hypot", "realFloat");
/** The sizes of x with the signs of y. */
export const copysign = binary(arithmetic, "copysign", "realFloat");
/** The next float after x in the direction of y. */
export const nextafter = binary(math, "nextafter", "realFloat", "nextafter", { halves: true });
/** The distances to the next float away from zero, with the sign of the element; of float16 to the next one up. NaN at infinities. */
export const spacing = unary(math, "spacing", "realFloat", "spacing", { halves: true });
/** log(exp(x) + exp(y)) without overflow. */
export const logaddexp = binary(math, "logaddexp", "realFloat");
/** log2(2**x + 2**y) without overflow. */
export const logaddexp2 = binary(math, "logaddexp2", "realFloat");
/** 0 below zero, 1 above, and the second operand at zero. */
export const heaviside = binary(math, "heaviside", "realFloat");

// NumPy 2's second names.
export {
  arccos as acos,
  arccosh as acosh,
  arcsin as asin,
  arcsinh as asinh,
  arctan as atan,
  arctan2 as atan2,
  arctanh as atanh,
  degrees as rad2deg,
  leftShift as bitwiseLeftShift,
  radians as deg2rad,
  rightShift as bitwiseRightShift,
};
