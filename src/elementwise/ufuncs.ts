import type { ArrayLike } from "../array/convert.js";
import { byCode, type Descr, dtypes, isInexact } from "../base/dtype.js";
import { copyKernel } from "../core/boxes.js";
import { core, type Kernel, type KernelName } from "../core/instance.js";
import { apply, define, signatureOf, type UfuncOptions } from "../operations/apply.js";
import type { Loops } from "../operations/loops.js";
import type { Op, Traits } from "../operations/op.js";
import type { BinaryUfunc, UnaryUfunc } from "../operations/signatures.js";

// The op table of the facade: one documented line for each operation. The string is the kernel's export, checked
// against asc's types; the row says which dtypes there are loops for. Every operation returns a new array, or `out`.

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

function unary<L extends Loops>(kernel: KernelName | Kernel, row: L, name = String(kernel)): UnaryUfunc<L> {
  const op = define(name, row, null, kernel);
  return one(op) as UnaryUfunc<L>;
}

function binary<L extends Loops>(kernel: KernelName, row: L, name: string = kernel, traits?: Traits): BinaryUfunc<L> {
  const op = define(name, row, null, kernel, traits);
  return two(op) as BinaryUfunc<L>;
}

function comparison(name: KernelName): BinaryUfunc<"any", "bool"> {
  const op = define(name, "any", dtypes.bool, name, { exact: true });
  return two(op) as BinaryUfunc<"any", "bool">;
}

// A test is a comparison that does not look at its second operand; what it finds is a byte.
function test<L extends Loops, G extends "bool" | "uint8">(
  name: KernelName,
  row: L,
  resultDtype: Descr<G>,
): UnaryUfunc<L, G> {
  const op = define(name, row, resultDtype, name);
  return one(op) as UnaryUfunc<L, G>;
}

function unlessWhole(name: "floor" | "ceil" | "trunc"): Kernel {
  return (code, box) => (isInexact(byCode[code]) ? core[name](code, box) : copyKernel(code, box));
}

/**
 * The sums of each pair; the logical or of bools.
 *
 * @example
 * add([1, 2, 3], 10) // [11. 12. 13.]
 * add([[0], [10]], [1, 2]) // [[ 1. 2.] [11. 12.]]
 */
export const add = binary("add", "any");
/**
 * The differences x - y.
 *
 * @example
 * subtract([5, 7], [1, 2]) // [4. 5.]
 */
export const subtract = binary("subtract", "numbers");
/**
 * The products of each pair; the logical and of bools.
 *
 * @example
 * multiply([1, 2, 3], 2) // [2. 4. 6.]
 */
export const multiply = binary("multiply", "any");
/**
 * The quotients x / y; integers give float64. Also `trueDivide`.
 *
 * @example
 * divide([1, 2, 3], 2) // [0.5 1. 1.5]
 */
export const divide = binary("divide", "quotient");
/** The quotients x / y; integers give float64. NumPy: `true_divide`, another name of `divide`. */
export const trueDivide = divide;
/** The largest integers not above x / y, as Python's `//`; an integer divided by 0 gives 0. NumPy: `floor_divide`. */
export const floorDivide = binary("floorDivide", "real");
/** What `floorDivide` leaves: the result has the divisor's sign, as Python's `%`. */
export const remainder = binary("remainder", "real");
/** Another name of `remainder`. */
export const mod = remainder;
/** What division towards zero leaves: the result has the dividend's sign, as C's `fmod`. */
export const fmod = binary("fmod", "real");
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
export const isnan = test("isnan", "float", dtypes.bool);
/** Whether each element is infinite; complex if either part is. */
export const isinf = test("isinf", "float", dtypes.bool);
/** Whether each element is neither infinite nor NaN. */
export const isfinite = test("isfinite", "float", dtypes.bool);
/** Whether each element's sign bit is set: true for -0. */
export const signbit = test("signbit", "realFloat", dtypes.bool);

/** The bits that both have; the logical and of bools. NumPy: `bitwise_and`. */
export const bitwiseAnd = binary("bitwiseAnd", "bits");
/** The bits that either has; the logical or of bools. NumPy: `bitwise_or`. */
export const bitwiseOr = binary("bitwiseOr", "bits");
/** The bits that one of both has; the exclusive or of bools. NumPy: `bitwise_xor`. */
export const bitwiseXor = binary("bitwiseXor", "bits");
/** The bits turned over; the logical not of bools. Also `bitwiseNot`. */
export const invert = unary("invert", "bits");
/** How many bits of each integer's magnitude are set, as uint8. NumPy: `bitwise_count`. */
export const bitwiseCount = test("bitwiseCount", "integer", dtypes.uint8);
/** Another name of `invert`. NumPy: `bitwise_not`. */
export const bitwiseNot = invert;
/** x shifted left by y bits; a shift by the dtype's width or more gives 0. NumPy: `left_shift`. */
export const leftShift = binary("leftShift", "integer");
/** x shifted right by y bits, keeping the sign. NumPy: `right_shift`. */
export const rightShift = binary("rightShift", "integer");
/** Whether both are true. NumPy: `logical_and`. */
export const logicalAnd = binary("bitwiseAnd", "truth", "logicalAnd");
/** Whether either is true. NumPy: `logical_or`. */
export const logicalOr = binary("bitwiseOr", "truth", "logicalOr");
/** Whether one of both is true. NumPy: `logical_xor`. */
export const logicalXor = binary("bitwiseXor", "truth", "logicalXor");
/** Whether each element is false: 0, or false. NumPy: `logical_not`. */
export const logicalNot = unary("invert", "truth", "logicalNot");
/** The greatest common divisors of each pair. */
export const gcd = binary("gcd", "whole");
/** The lowest common multiples of each pair. */
export const lcm = binary("lcm", "whole");

/**
 * The larger of each pair; NaN wins.
 *
 * @example
 * maximum([1, 5], [3, 2]) // [3. 5.]
 */
export const maximum = binary("maximum", "any");
/**
 * The smaller of each pair; NaN wins.
 *
 * @example
 * minimum([1, 5], 3) // [1. 3.]
 */
export const minimum = binary("minimum", "any");
/** The larger of each pair; NaN loses. */
export const fmax = binary("fmax", "any");
/** The smaller of each pair; NaN loses. */
export const fmin = binary("fmin", "any");

/** The elements with their signs turned. */
export const negative = unary("negative", "numbers");
/** The elements as they are. Returns a copy. */
export const positive = unary(copyKernel, "numbers", "positive");
/** -1, 0 or 1 by sign; complex z / |z|. */
export const sign = unary("sign", "numbers");
/** The squares. */
export const square = unary("square", "counted");
/** 1 / x in the elements' own dtype. */
export const reciprocal = unary("reciprocal", "counted");
/** The distances from 0 of real numbers, as floats. */
export const fabs = unary("absolute", "realFloat", "fabs");

/**
 * The non-negative square roots; NaN below 0.
 *
 * @example
 * sqrt([1, 4, 9]) // [1. 2. 3.]
 */
export const sqrt = unary("sqrt", "float");
/** The cube roots. */
export const cbrt = unary("cbrt", "realFloat");
/**
 * e to the power of each element.
 *
 * @example
 * exp([0, 1]) // [1. 2.71828183]
 */
export const exp = unary("exp", "float");
/** 2 to the power of each element. */
export const exp2 = unary("exp2", "float");
/** exp(x) - 1, exact near 0. */
export const expm1 = unary("expm1", "float");
/**
 * The natural logarithms.
 *
 * @example
 * log([1, 10]) // [0. 2.30258509]
 */
export const log = unary("log", "float");
/** The logarithms to base 2. */
export const log2 = unary("log2", "float");
/** The logarithms to base 10. */
export const log10 = unary("log10", "float");
/** log(1 + x), exact near 0. */
export const log1p = unary("log1p", "float");
/** The sines of angles in radians. */
export const sin = unary("sin", "float");
/** The cosines of angles in radians. */
export const cos = unary("cos", "float");
/** The tangents of angles in radians. */
export const tan = unary("tan", "float");
/** The angles in [-π/2, π/2] with these sines. Also `asin`. */
export const arcsin = unary("arcsin", "float");
/** The angles in [0, π] with these cosines. Also `acos`. */
export const arccos = unary("arccos", "float");
/** The angles in [-π/2, π/2] with these tangents. Also `atan`. */
export const arctan = unary("arctan", "float");
/** The hyperbolic sines. */
export const sinh = unary("sinh", "float");
/** The hyperbolic cosines. */
export const cosh = unary("cosh", "float");
/** The hyperbolic tangents. */
export const tanh = unary("tanh", "float");
/** The inverse hyperbolic sines. Also `asinh`. */
export const arcsinh = unary("arcsinh", "float");
/** The inverse hyperbolic cosines. Also `acosh`. */
export const arccosh = unary("arccosh", "float");
/** The inverse hyperbolic tangents. Also `atanh`. */
export const arctanh = unary("arctanh", "float");
/** Radians as degrees. */
export const degrees = unary("degrees", "realFloat");
/** Degrees as radians. */
export const radians = unary("radians", "realFloat");
/** The largest whole numbers not above the elements; integers stay as they are. */
export const floor = unary(unlessWhole("floor"), "ordered", "floor");
/** The smallest whole numbers not below the elements; integers stay as they are. */
export const ceil = unary(unlessWhole("ceil"), "ordered", "ceil");
/** The elements without their fractions; integers stay as they are. */
export const trunc = unary(unlessWhole("trunc"), "ordered", "trunc");
/** The nearest whole numbers; halves go to the even one. */
export const rint = unary("rint", "float");

/** The angles of the points (y, x) from the positive x axis, in [-π, π]. Also `atan2`. */
export const arctan2 = binary("arctan2", "realFloat");
/** √(x² + y²) without intermediate overflow. */
export const hypot = binary("hypot", "realFloat");
/** The sizes of x with the signs of y. */
export const copysign = binary("copysign", "realFloat");
/** The next float after x in the direction of y. */
export const nextafter = binary("nextafter", "realFloat", "nextafter", { halves: true });
/** log(exp(x) + exp(y)) without overflow. */
export const logaddexp = binary("logaddexp", "realFloat");
/** log2(2**x + 2**y) without overflow. */
export const logaddexp2 = binary("logaddexp2", "realFloat");
/** 0 below zero, 1 above, and the second operand at zero. */
export const heaviside = binary("heaviside", "realFloat");

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
