// Folds along an axis, arg-extremes and counts.
export * from "../reducing/reductions";
