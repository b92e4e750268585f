// Operations of two results, and those whose operands differ in dtype.
export * from "../elementwise/pairs";
