// The larger and the smaller of each pair, limits, and what stands for NaN.
export * from "../elementwise/extremes";
export * from "../elementwise/nan";
