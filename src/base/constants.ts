// NumPy's constants, as literals: a bundler takes the reading of Math.PI for something that is done.

/** The ratio of a circle's circumference to its diameter. */
// biome-ignore lint/suspicious/noApproximativeNumericConstant: see above
export const pi = 3.141592653589793;
/** The base of the natural logarithm. */
// biome-ignore lint/suspicious/noApproximativeNumericConstant: see above
export const e = 2.718281828459045;
/** Euler's constant γ, the limit of 1 + 1/2 + … + 1/n - log(n). NumPy: `euler_gamma`. */
export const eulerGamma = 0.5772156649015329;
/** Positive infinity. */
export const inf = Infinity;
/** Not a number. */
export const nan = NaN;
