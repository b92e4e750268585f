// Counting in bins.
export * from "../counting/tally";
