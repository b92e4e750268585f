import * as np from "../../src/index.js";
import { peek } from "../support/oracle.js";

// Operands of products, as scripts/oracle_products.py makes them.

/** An array's bytes; of complex numbers without the sign of a zero, which is left to BLAS. */
export const bytesOf = (a: np.NDArray<np.DType>): number[] => [
  ...peek((a.dtype.startsWith("complex") ? np.add(a, 0) : a.copy()) as np.NDArray),
];

/** Whole numbers from -3 to 3; complex ones have imaginary parts too. */
export function operand(shape: readonly number[], dtype: np.DType, step: number): np.NDArray {
  const size = shape.reduce((a, b) => a * b, 1),
    n = np.multiply(np.arange(size, { dtype: "int64" }), step);
  const part = (modulus: number, less: number): np.NDArray =>
    np.subtract(np.remainder(n, modulus), less).astype(dtype, { casting: "unsafe" }) as np.NDArray;
  const x = dtype.startsWith("complex") ? np.add(part(7, 3), np.multiply(part(5, 2), { re: 0, im: 1 })) : part(7, 3);
  return np.reshape(x, [...shape]) as np.NDArray;
}

/** The same elements laid out otherwise. */
export const layouts: readonly (readonly [string, (x: np.NDArray) => np.NDArray])[] = [
  ["as they lie", (x) => x],
  ["transposed", (x) => x.T.copy().T],
  ["backwards", (x) => np.flip(np.flip(x).copy())],
  ["a view of every second", (x) => (x.ndim === 0 ? x : np.repeat(x, 2, -1).at("..., ::2"))],
];
