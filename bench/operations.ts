import {
  add,
  astype,
  countNonzero,
  exp,
  isnan,
  lazy,
  less,
  mean,
  memory,
  multiply,
  slice,
  sqrt,
  std,
  sum,
  where,
} from "nbytes";
import { files } from "./files.js";
import type { Arrays, InputName, Typed } from "./inputs.js";

/** An operation as nbytes, NumPy and a plain loop do it. */
export interface Operation {
  readonly name: string;
  readonly reads: readonly InputName[];
  /** A new array, which is disposed in the timed call; a value; or, with `writes`, an input that was written into. */
  readonly ours: (inputs: Arrays) => unknown;
  readonly numpy: string;
  /** A loop over typed arrays, into one that is there already: the best case of plain JavaScript. */
  readonly loop?: Loop;
  readonly writes?: boolean;
  /** Whether sums or functions may be rounded in another order: then 12 digits must agree, else all bits. */
  readonly rounds?: boolean;
  /** Whether it is in the short table too. */
  readonly short?: boolean;
}

type Result = Float64Array | Float32Array | Int16Array | Uint8Array;
type Loop =
  | { readonly into: "value"; readonly run: (inputs: Typed) => number | Result }
  | { readonly into: "float64"; readonly run: (inputs: Typed, out: Float64Array) => void }
  | { readonly into: "float32"; readonly run: (inputs: Typed, out: Float32Array) => void }
  | { readonly into: "int16"; readonly run: (inputs: Typed, out: Int16Array) => void }
  | { readonly into: "bool"; readonly run: (inputs: Typed, out: Uint8Array) => void };

const results = { float64: Float64Array, float32: Float32Array, int16: Int16Array, bool: Uint8Array };

/** A loop as a call without arguments that gives its result. */
export function prepared(loop: Loop, inputs: Typed, n: number): () => number | Result {
  if (loop.into === "value") return () => loop.run(inputs);
  const out = new results[loop.into](n),
    run = loop.run as (inputs: Typed, out: Result) => void;
  return () => {
    run(inputs, out);
    return out;
  };
}

// Each loop is written out: one that took its operation as a function would be slower than what people write.
const arithmetic: readonly Operation[] = [
  {
    name: "x + y",
    reads: ["x", "y"],
    short: true,
    ours: ({ x, y }) => add(x, y),
    numpy: "np.add(x, y)",
    loop: {
      into: "float64",
      run: ({ x, y }, out) => {
        for (let i = 0; i < out.length; i++) out[i] = x[i] + y[i];
      },
    },
  },
  {
    name: "x + y into out",
    reads: ["x", "y", "out"],
    short: true,
    writes: true,
    ours: ({ x, y, out }) => add(x, y, { out }),
    numpy: "np.add(x, y, out=out)",
  },
  {
    name: "x * y",
    reads: ["x", "y"],
    short: true,
    ours: ({ x, y }) => multiply(x, y),
    numpy: "np.multiply(x, y)",
    loop: {
      into: "float64",
      run: ({ x, y }, out) => {
        for (let i = 0; i < out.length; i++) out[i] = x[i] * y[i];
      },
    },
  },
  {
    name: "x < y",
    reads: ["x", "y"],
    short: true,
    ours: ({ x, y }) => less(x, y),
    numpy: "np.less(x, y)",
    loop: {
      into: "bool",
      run: ({ x, y }, out) => {
        for (let i = 0; i < out.length; i++) out[i] = x[i] < y[i] ? 1 : 0;
      },
    },
  },
  { name: "sqrt(x)", reads: ["x"], ours: ({ x }) => sqrt(x), numpy: "np.sqrt(x)" },
  {
    name: "exp(x)",
    reads: ["x"],
    rounds: true,
    ours: ({ x }) => exp(x),
    numpy: "np.exp(x)",
    loop: {
      into: "float64",
      run: ({ x }, out) => {
        for (let i = 0; i < out.length; i++) out[i] = Math.exp(x[i]);
      },
    },
  },
];

const expressions: readonly Operation[] = [
  {
    name: "sqrt(x*x + y*y)",
    reads: ["x", "y"],
    ours: ({ x, y }) => memory.scope(() => sqrt(add(multiply(x, x), multiply(y, y)))),
    numpy: "np.sqrt(x * x + y * y)",
  },
  {
    name: "sqrt(x*x + y*y), lazy",
    reads: ["x", "y"],
    ours: ({ x, y }) => {
      const [a, b] = [lazy(x), lazy(y)];
      return sqrt(add(multiply(a, a), multiply(b, b))).evaluate();
    },
    numpy: "np.sqrt(x * x + y * y)",
  },
];

const casts: readonly Operation[] = [
  {
    name: "float64 to float32",
    reads: ["x"],
    short: true,
    ours: ({ x }) => astype(x, "float32"),
    numpy: "x.astype(np.float32)",
    loop: {
      into: "float32",
      run: ({ x }, out) => {
        for (let i = 0; i < out.length; i++) out[i] = x[i];
      },
    },
  },
  {
    name: "float32 to float64",
    reads: ["x32"],
    short: true,
    ours: ({ x32 }) => astype(x32, "float64"),
    numpy: "x32.astype(np.float64)",
    loop: {
      into: "float64",
      run: ({ x32 }, out) => {
        for (let i = 0; i < out.length; i++) out[i] = x32[i];
      },
    },
  },
  {
    name: "float64 to int16",
    reads: ["large"],
    short: true,
    ours: ({ large }) => astype(large, "int16"),
    numpy: "large.astype(np.int16)",
    loop: {
      into: "int16",
      run: ({ large }, out) => {
        for (let i = 0; i < out.length; i++) out[i] = large[i];
      },
    },
  },
  {
    name: "int16 to float64",
    reads: ["x16"],
    short: true,
    ours: ({ x16 }) => astype(x16, "float64"),
    numpy: "x16.astype(np.float64)",
    loop: {
      into: "float64",
      run: ({ x16 }, out) => {
        for (let i = 0; i < out.length; i++) out[i] = x16[i];
      },
    },
  },
];

const missing: readonly Operation[] = [
  {
    name: "x[mask] = 0",
    reads: ["filled", "mask"],
    short: true,
    writes: true,
    ours: ({ filled, mask }) => {
      filled.set(mask, 0);
      return filled;
    },
    numpy: "fill(filled, mask)",
    loop: {
      into: "value",
      run: ({ mask, filled }) => {
        for (let i = 0; i < filled.length; i++) if (mask[i]) filled[i] = 0;
        return filled;
      },
    },
  },
  { name: "isnan(x)", reads: ["gaps"], ours: ({ gaps }) => isnan(gaps), numpy: "np.isnan(gaps)" },
  {
    name: "countNonzero(mask)",
    reads: ["mask"],
    ours: ({ mask }) => countNonzero(mask),
    numpy: "np.count_nonzero(mask)",
    loop: {
      into: "value",
      run: ({ mask }) => {
        let count = 0;
        for (let i = 0; i < mask.length; i++) count += mask[i];
        return count;
      },
    },
  },
  {
    name: "where(mask, x, y)",
    reads: ["mask", "x", "y"],
    ours: ({ mask, x, y }) => where(mask, x, y),
    numpy: "np.where(mask, x, y)",
    loop: {
      into: "float64",
      run: ({ mask, x, y }, out) => {
        for (let i = 0; i < out.length; i++) out[i] = mask[i] ? x[i] : y[i];
      },
    },
  },
  {
    name: "x[indices]",
    reads: ["x", "index"],
    ours: ({ x, index }) => x.at(index),
    numpy: "x[index]",
    loop: {
      into: "float64",
      run: ({ x, index }, out) => {
        for (let i = 0; i < out.length; i++) out[i] = x[index[i]];
      },
    },
  },
];

const layouts: readonly Operation[] = [
  {
    name: "matrix + row",
    reads: ["grid", "row"],
    short: true,
    ours: ({ grid, row }) => add(grid, row),
    numpy: "grid + row",
  },
  {
    name: "matrix + column",
    reads: ["grid", "column"],
    short: true,
    ours: ({ grid, column }) => add(grid, column),
    numpy: "grid + column",
  },
  { name: "x + scalar", reads: ["x"], short: true, ours: ({ x }) => add(x, 0.5), numpy: "x + 0.5" },
  {
    name: "x[::2] + y[::2]",
    reads: ["wide", "wide2", "out"],
    short: true,
    writes: true,
    ours: ({ wide, wide2, out }) => {
      using x = wide.at(everySecond);
      using y = wide2.at(everySecond);
      return add(x, y, { out });
    },
    numpy: "np.add(wide[::2], wide2[::2], out=out)",
  },
];
const everySecond = slice(null, null, 2);

const reductions: readonly Operation[] = [
  {
    name: "sum(x)",
    reads: ["x"],
    short: true,
    rounds: true,
    ours: ({ x }) => sum(x),
    numpy: "np.sum(x)",
    loop: {
      into: "value",
      run: ({ x }) => {
        let total = 0;
        for (let i = 0; i < x.length; i++) total += x[i];
        return total;
      },
    },
  },
  { name: "std(x)", reads: ["x"], rounds: true, ours: ({ x }) => std(x), numpy: "np.std(x)" },
  {
    name: "mean(matrix, 0)",
    reads: ["grid"],
    rounds: true,
    ours: ({ grid }) => mean(grid, 0),
    numpy: "np.mean(grid, 0)",
  },
  {
    name: "mean(matrix, 1)",
    reads: ["grid"],
    rounds: true,
    ours: ({ grid }) => mean(grid, 1),
    numpy: "np.mean(grid, 1)",
  },
];

export const operations: readonly Operation[] = [
  ...arithmetic,
  ...expressions,
  ...casts,
  ...missing,
  ...layouts,
  ...reductions,
  ...files,
];
