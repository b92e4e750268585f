// Sums, products, quotients, signs and rounding, element by element.
export * from "../elementwise/arithmetic";
export * from "../elementwise/integers";
export * from "../elementwise/rounding";
