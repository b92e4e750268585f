// Roots, powers, exponentials, logarithms, trigonometry.
export * from "../elementwise/math";
export * from "../elementwise/power";
export * from "../elementwise/special";
