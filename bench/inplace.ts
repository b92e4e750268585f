import { add, clip, copyto, multiply, type NDArray, nanToNum, where } from "nbytes";

// One operation at a time, into a new array and over the array it reads. Each pair gives equal values; what differs is
// where they are written.

type Float64 = NDArray<"float64">;

/** The operands: two arrays of one shape, x with missing values, and a random mask. */
export interface Operands {
  readonly x: Float64;
  readonly y: Float64;
  readonly mask: NDArray<"bool">;
}

/** A job two ways: into a new array, and in place. Both return the array that holds the result. */
export interface Pair {
  readonly name: string;
  readonly copying: { readonly code: string; readonly run: (operands: Operands) => NDArray };
  readonly inPlace: { readonly code: string; readonly run: (operands: Operands) => NDArray };
}

export const pairs: readonly Pair[] = [
  {
    name: "x + 1",
    copying: { code: "add(x, 1)", run: ({ x }) => add(x, 1) },
    inPlace: { code: "x.iadd(1)", run: ({ x }) => x.iadd(1) },
  },
  {
    name: "x * y",
    copying: { code: "multiply(x, y)", run: ({ x, y }) => multiply(x, y) },
    inPlace: { code: "x.imul(y)", run: ({ x, y }) => x.imul(y) },
  },
  {
    name: "NaN to 0",
    copying: { code: "nanToNum(x)", run: ({ x }) => nanToNum(x) },
    inPlace: { code: "nanToNum(x, { copy: false })", run: ({ x }) => nanToNum(x, { copy: false }) },
  },
  {
    name: "clip",
    copying: { code: "clip(x, -1, 1)", run: ({ x }) => clip(x, -1, 1) },
    inPlace: { code: "clip(x, -1, 1, { out: x })", run: ({ x }) => clip(x, -1, 1, { out: x }) },
  },
  {
    name: "masked fill",
    copying: { code: "where(mask, 0, x)", run: ({ x, mask }) => where(mask, 0, x) },
    inPlace: {
      code: "copyto(x, 0, { where: mask })",
      run: ({ x, mask }) => {
        copyto(x, 0, { where: mask });
        return x;
      },
    },
  },
];
