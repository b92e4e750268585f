import { describe, expect, test } from "vitest";
import * as np from "../../src/index.js";
import text from "../oracle/ulp.json?raw";

// How far the float functions are from the truth, in units of the last place, where they were found to be worst:
// `scripts/ulp.py` measures them and writes these inputs.

type Function = (...args: np.NDArray<"float64">[]) => np.NDArray<"float64">;
const rows = JSON.parse(text) as Record<string, number[][]>;

/** The distance from a number to the next larger in size. */
function ulp(x: number): number {
  return Math.max(2 ** (Math.floor(Math.log2(Math.abs(x))) - 52), Number.MIN_VALUE);
}

describe("issue 7.11: float functions are right to one unit of the last place", () => {
  test.each(Object.keys(rows))("%s of its worst inputs is within 1 ulp of the truth", (name) => {
    const f = (np as unknown as Record<string, Function>)[name],
      arity = rows[name][0].length - 2;
    const inputs = Array.from({ length: arity }, (_, k) => np.array(rows[name].map((row) => row[k])));
    const got = f(...inputs).tolist() as number[];
    const errors = rows[name].map((row, i) => Math.abs(got[i] - row[arity] - row[arity + 1]) / ulp(row[arity]));
    expect(errors.filter((error) => !(error <= 1))).toEqual([]);
  });

  test("cos(0) is 1, and every function is exact where its value is", () => {
    const at = (f: (x: number) => np.NDArray, x: number): unknown => f(x).item();
    const exact: [(x: number) => np.NDArray, number, number][] = [
      [np.cos, 0, 1],
      [np.cos, -0, 1],
      [np.cosh, 0, 1],
      [np.exp, 0, 1],
      [np.exp2, -3, 0.125],
      [np.log, 1, 0],
      [np.log2, 8, 3],
      [np.log10, 1000, 3],
      [np.arccos, 1, 0],
      [np.arccosh, 1, 0],
      [np.cbrt, 27, 3],
    ].map(([f, x, y]) => [f as (x: number) => np.NDArray, x as number, y as number]);
    expect(exact.map(([f, x]) => at(f, x))).toEqual(exact.map(([, , y]) => y));
  });

  test("functions through the origin keep the sign of zero and the smallest numbers", () => {
    const names = "sin tan arcsin arctan sinh tanh arcsinh arctanh expm1 log1p".split(" ");
    for (const name of names) {
      const f = (np as unknown as Record<string, Function>)[name];
      for (const x of [0, -0, 5e-324, -5e-324, 1e-310]) expect([name, f(np.array([x])).item(0)]).toEqual([name, x]);
    }
  });

  test("sin, cos and tan of float32 are float64's, rounded", () => {
    const x = np.linspace(-300, 300, 20001, { dtype: "float32" });
    for (const f of [np.sin, np.cos, np.tan, np.tanh] as Function[]) {
      const got = f(x as never).toTypedArray() as Float32Array,
        want = f(x.astype("float64")).toTypedArray() as Float64Array;
      const steps = (v: number): number => 2 ** (Math.floor(Math.log2(Math.abs(v))) - 23);
      expect(got.filter((v, i) => Math.abs(v - want[i]) > steps(want[i])).length).toBe(0);
    }
  });
});
