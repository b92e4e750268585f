import { describe, expect, test } from "vitest";
import * as np from "../../src/index.js";
import text from "../oracle/printing.json?raw";
import { arrayOf, DTYPES, decode, type Shaped } from "../support/oracle.js";

const { arrayRepr, memory } = np;
const { cases } = JSON.parse(text) as { cases: readonly (Shaped & { readonly str: string; readonly repr: string })[] };

const titled = cases.map((c, i) => [i, c.dtype, `(${c.shape.join()})`, c.str.split("\n")[0].slice(0, 40), c] as const);

test.each(titled)("String(a) and arrayRepr(a) print as NumPy: %i: %s %s %s", (_i, _dtype, _shape, _first, c) => {
  memory.scope(() => {
    const a = arrayOf(c.dtype, decode(c.data), c.shape);
    expect(String(a)).toBe(c.str);
    expect(arrayRepr(a)).toBe(c.repr);
  });
});

describe("issue 7.23: the tag of a large array tells its values, whatever its layout", () => {
  const tag = (a: np.NDArray<np.DType>): string => Object.prototype.toString.call(a);

  test.each(DTYPES)("the tag of %s changes with any element, and not with the layout", (dtype) => {
    const a = np.astype(np.remainder(np.arange(3000), 100), dtype).reshape([50, 60]);
    expect(tag(a.T.copy().T)).toBe(tag(a));
    for (const k of [0, 1, 1777, 2999]) {
      const changed = a.copy();
      changed.set(Math.floor(k / 60), k % 60, changed.item(Math.floor(k / 60), k % 60) ? 0 : 1);
      const other = np.arrayEqual(changed, a) ? np.add(changed, 1) : changed;
      expect(tag(other)).not.toBe(tag(a));
    }
  });

  test("NaN is NaN and true is true whatever their bits are, and -0 is not 0", () => {
    const of = (bits: bigint): np.NDArray<"float64"> => np.full(2000, bits, { dtype: "uint64" }).view("float64");
    expect(tag(of(0xfff0000000000001n))).toBe(tag(of(0x7ff8000000000000n)));
    expect(tag(of(0x8000000000000000n))).not.toBe(tag(of(0n)));
    const bools = (byte: number): np.NDArray<"bool"> => np.full(2000, byte, { dtype: "uint8" }).view("bool");
    expect(tag(bools(255))).toBe(tag(bools(1)));
  });
});
