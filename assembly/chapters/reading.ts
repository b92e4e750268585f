// Delimited text, scanned into columns of numbers.
export * from "../text/scan";
