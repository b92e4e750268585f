// Comparisons, tests, bits and truth, element by element.
export * from "../elementwise/comparisons";
