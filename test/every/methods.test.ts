import { describe, expect, test } from "vitest";
import * as np from "../../src/index.js";

describe("an array where JavaScript wants something else", () => {
  test("String(a) and a template print as NumPy does", () => {
    using a = np.array([1, 2.5]);
    expect(String(a)).toBe("[1.  2.5]");
    expect(`${a}`).toBe("[1.  2.5]");
  });

  test("JSON.stringify(a) gives nested lists", () => {
    using a = np.array([
      [1, 2],
      [3, 4],
    ]);
    expect(JSON.stringify({ a })).toBe('{"a":[[1,2],[3,4]]}');
  });

  test("Number(a) is the value of a 0-d array, and an error that names add() for any other", () => {
    using zero = np.array(7),
      one = np.array([7]);
    expect(Number(zero)).toBe(7);
    expect(() => Number(one)).toThrow("only 0-dimensional arrays can be converted");
    expect(() => `${one}${(one as unknown as number) + 1}`).toThrow("call add(a, b)");
  });
});

describe("methods", () => {
  test("in place they write into the array and return it, and allocate nothing", () => {
    using a = np.array([1, 2, 3]),
      b = np.array([4, 5, 6]);
    const { id, address } = a;
    const t = np.memory.trace(() => a.iadd(b).imul(2).isub(1).itruediv(3).ipow(2));
    expect(t.allocs).toBe(0);
    expect(t.result).toBe(a);
    expect([a.id, a.address]).toEqual([id, address]);
    expect(a.tolist()).toEqual([9, (13 / 3) ** 2, (17 / 3) ** 2].map((x, i) => (i === 0 ? 9 : x)));
  });

  test("assign(values) broadcasts and casts into the array", () => {
    using a = np.zeros([2, 2], { dtype: "int8" });
    expect(a.assign([1.9, -2]).tolist()).toEqual([
      [1, -2],
      [1, -2],
    ]);
  });

  test("for (const row of a) goes along the first axis", () => {
    using a = np.array([
      [1, 2],
      [3, 4],
    ]);
    expect([...a].map((row) => (row as np.NDArray).tolist())).toEqual([
      [1, 2],
      [3, 4],
    ]);
    expect([...a.ravel()]).toEqual([1, 2, 3, 4]);
  });
});
