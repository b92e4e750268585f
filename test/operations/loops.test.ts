import {
  absolute,
  add,
  array,
  greaterEqual,
  isNDArrayError,
  lazy,
  memory,
  multiply,
  NDArray,
  ones,
  subtract,
  sum,
} from "nbytes";
import { describe, expect, test } from "vitest";

test("issue 7.9: subtract(float16, 2n ** 62n): a bigint is the float16 nearest to it, infinity", () => {
  expect(subtract(array([Infinity, 0], "float16"), 2n ** 62n).tolist()).toEqual([NaN, -Infinity]);
});

describe("issue 7.9: absolute(complex, { dtype }) has NumPy's loops", () => {
  const z = array([{ re: -3, im: 4 }], "complex128");
  test("a dtype that holds the magnitudes has them; to another the numbers are cast first, if they may be", () => {
    expect(absolute(z, { dtype: "float64" }).tolist()).toEqual([5]);
    expect(absolute(z, { dtype: "float32", casting: "unsafe" }).tolist()).toEqual([3]);
    expect(absolute(z, { dtype: "int8", casting: "unsafe" }).tolist()).toEqual([3]);
    expect(absolute(z.astype("complex64"), { dtype: "float64" }).tolist()).toEqual([5]);
  });

  test("it is refused in NumPy's words, which name absolute", () => {
    expect(() => absolute(z, { dtype: "float32" })).toThrow(
      "Cannot cast ufunc 'absolute' input from dtype('complex128') to dtype('float32') with casting rule 'same_kind'",
    );
    expect(() => absolute(z, { dtype: "complex128" })).toThrow(
      "No loop matching the specified signature and casting was found for ufunc absolute",
    );
  });
});

test("issue 7.9: comparisons of int8 and uint64 have no loop without casts", () => {
  expect(() => greaterEqual(ones(1, "int8"), ones(1, "uint64"), { casting: "no" })).toThrow(
    "Cannot cast ufunc 'greaterEqual' input 0 from dtype('int8') to dtype('int64') with casting rule 'no'",
  );
  expect(() => greaterEqual(ones(1, "uint64"), ones(1, "int8"), { casting: "equiv" })).toThrow(
    /input 1 from dtype\('int8'\)/,
  );
  expect(greaterEqual(ones(1, "int64"), ones(1, "uint64"), { casting: "no" }).tolist()).toEqual([true]);
});

describe("issue 7.9: { dtype: 'float16' }: operands are float16 first, as NumPy casts them", () => {
  test.each(["int32", "uint64", "float64"] as const)("multiply(%s, %s, { dtype: 'float16' })", (dtype) => {
    const x = array([2049, 99999], dtype as "float64"),
      y = array([3, 0], dtype as "float64"),
      options = { dtype: "float16" } as const;
    const out = ones(2, "float16");
    expect(multiply(x, y, options).tolist()).toEqual([6144, NaN]);
    expect(multiply(x, y, { ...options, out }).tolist()).toEqual([6144, NaN]);
    expect(multiply(lazy(x), y, options).evaluate().tolist()).toEqual([6144, NaN]);
    expect(
      multiply(lazy(add(lazy(x), 0)), y, options)
        .evaluate()
        .tolist(),
    ).toEqual([6144, NaN]);
  });
  test("sum(int32, axis, { dtype: 'float16' })", () => {
    expect(
      sum(
        array(
          [
            [99999, -99999],
            [2049, 2049],
          ],
          "int32",
        ),
        1,
        { dtype: "float16" },
      ).tolist(),
    ).toEqual([NaN, 4096]);
  });
  test("whichever allocation is refused, nothing is left behind", () => {
    const x = ones([10, 10], "int32"),
      y = ones([10, 10], "float64"),
      line = y.at("0"),
      before = memory.usage().live;
    let refused = 0;
    for (let allocs = 0; allocs < 4; allocs++) {
      for (const call of [
        () => multiply(x, y, { dtype: "float16" }),
        () => sum(x, 0, { dtype: "float16" }),
        () => sum(x, 0, { dtype: "uint8", out: line }),
      ]) {
        try {
          using _ = memory.limit({ allocs });
          const made = call();
          if (made instanceof NDArray && made.base === null && made.dtype === "float16") made.dispose();
        } catch (error) {
          expect(isNDArrayError(error)).toBe(true);
          refused++;
        }
        expect(memory.usage().live).toBe(before);
      }
    }
    expect(refused).toBeGreaterThan(5);
  });
  test("what float16 holds anyway is not copied", () => {
    const x = ones(1000, "int8"),
      out = ones(1000, "float16"),
      t = memory.trace(() => void multiply(x, x, { dtype: "float16", out }));
    expect(t.allocated).toBe(0);
  });
});
