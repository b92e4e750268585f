// Special functions.
export * from "../elementwise/special";
