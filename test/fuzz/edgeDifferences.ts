import { asarray, NDArray } from "nbytes";
import type { Call } from "./edgeValues.js";

// What is refused here though NumPy gives something. Each is a sentence of README.md, which the test looks for.

interface Difference {
  readonly sentence: string;
  readonly isOf: (name: string, call: Call) => boolean;
}

const isFraction = (value: unknown): boolean => typeof value === "number" && !Number.isSafeInteger(value);
const numbersIn = (value: unknown): unknown[] => [value instanceof NDArray ? value.tolist() : value].flat(9);
const isBefore = (value: unknown): boolean => (typeof value === "number" || typeof value === "bigint") && value < 0;
const SPREAD = ["mean", "var", "std", "nanmean", "nanvar", "nanstd"];

export const DIFFERENCES: readonly Difference[] = [
  {
    sentence: "**Positions and counts are whole.**",
    isOf: (name, { args }) =>
      ["repeat", "put", "take", "roll", "split", "arraySplit", "hsplit", "vsplit"].includes(name) &&
      numbersIn(args[1].given).some(isFraction),
  },
  {
    sentence: "`insert` takes no position before the first",
    isOf: (name, { args }) => name === "insert" && numbersIn(args[1].given).some(isBefore),
  },
  {
    sentence: "**Means and variances are floats or complex**",
    isOf: (name, { options }) =>
      SPREAD.includes(name) && !/float|complex/.test(String(options?.dtype?.given ?? "float")),
  },
  {
    sentence: "complex numbers in no real one",
    isOf: (name, { args, options }) =>
      /^(nan)?(var|std)$/.test(name) &&
      /complex/.test(asarray(args[0].given as NDArray).dtype) &&
      /float/.test(String(options?.dtype?.given)),
  },
  {
    sentence: "`reshape` takes -1 for one length, and no other negative number",
    isOf: (name, { args }) => name === "reshape" && [args[1].given].flat().some((n) => (n as number) < -1),
  },
  {
    sentence: "in `where` too",
    isOf: (name, { args }) =>
      name === "where" && args.some(({ given }) => typeof given === "bigint" || Number.isInteger(given)),
  },
  {
    sentence: "`linspace` between complex ends has no real dtype",
    isOf: (name, { args, options }) =>
      name === "linspace" &&
      args.some(({ given }) => typeof given === "object") &&
      !String(options?.dtype?.given ?? "complex").startsWith("complex"),
  },
  {
    sentence: "A bigint is int64",
    isOf: (name, { args }) =>
      name === "arange" && args.some(({ given }) => typeof given === "bigint" && BigInt.asIntN(64, given) !== given),
  },
];

/** Whether a refusal is one of the differences that README.md names. */
export const isNamed = (name: string, call: Call): boolean => DIFFERENCES.some(({ isOf }) => isOf(name, call));
