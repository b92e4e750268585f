import { formatBytes } from "nbytes";
import { threeFigures } from "../src/shrink/numbers.js";

// How figures are written, in the terminal and in the report alike.

const units: readonly [seconds: number, name: string][] = [
  [1, "s"],
  [1e-3, "ms"],
  [1e-6, "µs"],
  [1e-9, "ns"],
];

/** Seconds in three figures with a unit: `8.40 ms`, `45.0 ns`. */
export function formatTime(seconds: number): string {
  // A value that rounds up to the next unit is written in it: 1.00 ms, never 1000 µs.
  const [unit, name] = units.find(([unit]) => Number((seconds / unit).toPrecision(3)) >= 1) ?? units[3];
  return `${threeFigures(seconds / unit)} ${name}`;
}

/** A ratio: two decimals, fewer from 10 on. */
export function formatRatio(ratio: number): string {
  return ratio >= 99.95 ? ratio.toFixed(0) : ratio >= 9.995 ? ratio.toFixed(1) : ratio.toFixed(2);
}

/** A whole number with commas: `1,000,000`. */
export function formatCount(n: number): string {
  return n.toLocaleString("en-US");
}

/** A number of bytes as a multiple of the number of elements, `19n`; without the `n` if there are none. */
export function formatMultiple(nbytes: number, n: number): string {
  const multiple = nbytes / n;
  return nbytes === 0 ? "0" : `${Number.isInteger(multiple) ? multiple : multiple.toFixed(2)}n`;
}

// As the package's own reports write them; the module holds nothing else.
export { errorText as formatError, percentText as formatPercent } from "../src/shrink/numbers.js";
export { formatBytes };
