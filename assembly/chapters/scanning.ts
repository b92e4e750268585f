// Running sums and products along an axis.
export * from "../reducing/scan";
