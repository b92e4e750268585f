import { describe, expect, test } from "vitest";
import * as np from "../../src/index.js";

// Values are judged in ufuncs.test.ts; here is what only functions of two results, or of mixed operands, can do.

const { memory } = np;

test("divmod(x, y) gives two arrays, and asks for no other memory", () => {
  const x = np.arange(5),
    t = memory.trace(() => np.divmod(x, 3)),
    [quotient, rest] = t.result;
  expect([quotient.tolist(), rest.tolist()]).toEqual([
    [0, 0, 0, 1, 1],
    [0, 1, 2, 0, 1],
  ]);
  expect(t.events.filter(({ kind }) => kind === "alloc").map(({ op, nbytes }) => [op, nbytes])).toEqual([
    ["divmod", 40],
    ["divmod", 40],
  ]);
});

test("modf(x, { out: [a, b] }) writes both and returns them; null stands for a new array", () => {
  const a = np.zeros(2),
    b = np.zeros(2, { dtype: "float32" });
  const found = np.modf([1.5, -2.25], { out: [a, b] });
  expect(found[0]).toBe(a);
  expect(found[1]).toBe(b);
  expect([a.tolist(), b.tolist()]).toEqual([
    [0.5, -0.25],
    [1, -2],
  ]);
  const [fraction, whole] = np.modf([7.5], { out: [null, np.zeros(1)] });
  expect([fraction.tolist(), whole.tolist()]).toEqual([[0.5], [7]]);
});

test("modf(x, { out }) whose arrays are one, or x itself, is as if they were not", () => {
  const a = np.array([1.5, 2.25]);
  np.modf(a, { out: [a, null] });
  expect(a.tolist()).toEqual([0.5, 0.25]);
  const x = np.array([1.5, 2.25]);
  const [fraction, whole] = np.modf(x, { out: [x, x] });
  expect(fraction).toBe(whole);
  expect(x.tolist()).toEqual([1, 2]);
  const y = np.array([1.5, 2.5, 3.5]);
  const [part] = np.modf(y.at(np.slice(0, 2)), { out: [y.at(np.slice(1, 3)), null] });
  expect(part.tolist()).toEqual([0.5, 0.5]);
});

test("divmod(x, y, { where }) leaves elements as they are, in new arrays 0", () => {
  const where = [true, false, true],
    [q, r] = np.divmod([7, 8, 9], 4, { where });
  expect([q.tolist(), r.tolist()]).toEqual([
    [1, 0, 2],
    [3, 0, 1],
  ]);
  const out = [np.full(3, -1), np.full(3, -2)] as const;
  np.divmod([7, 8, 9], 4, { where, out });
  expect(out.map((x) => x.tolist())).toEqual([
    [1, -1, 2],
    [3, -2, 1],
  ]);
});

test("frexp(x, { out }) casts its exponents, of float16 and into other dtypes too", () => {
  const exponents = np.zeros(3, { dtype: "int8" });
  const [m] = np.frexp(np.array([1, 0.75, -6], { dtype: "float16" }), { out: [np.zeros(3), exponents] });
  expect([m.tolist(), exponents.tolist()]).toEqual([
    [0.5, 0.75, -0.75],
    [1, 0, 3],
  ]);
});

test("ldexp(x, y) has the dtype of x: integers beside it have no say", () => {
  expect(np.ldexp(np.array([1, 3], { dtype: "float32" }), np.array([4, -1], { dtype: "int64" })).dtype).toBe("float32");
  expect(np.ldexp(np.array([1], { dtype: "int8" }), 3).dtype).toBe("float16");
  expect(np.ldexp(0.5, 3).tolist()).toBe(4);
  // A number is float64, as NumPy's 2.0 is there.
  for (const dtype of ["int8", "uint16", "int64"] as const)
    expect(np.ldexp(2, np.ones(2, dtype)).dtype).toBe("float64");
  expect(np.ldexp(1, [9007199254740991n, -9007199254740991n]).tolist()).toEqual([Number.POSITIVE_INFINITY, 0]);
  const out = np.zeros(2);
  expect(np.ldexp([1, 2], 3, { out })).toBe(out);
  expect(out.tolist()).toEqual([8, 16]);
});

describe("what they refuse writes nothing", () => {
  const x = np.array([1.5, 2]),
    a = np.zeros(2);
  test.each([
    ["modf(x, { out: a })", () => np.modf(x, { out: a as never }), "'out' must be a list of arrays"],
    ["modf(x, { out: [a] })", () => np.modf(x, { out: [a] as never }), "exactly one entry per ufunc output"],
    ["modf(x, { out: [a, 1] })", () => np.modf(x, { out: [a, 1] as never }), "return arrays must be arrays"],
    [
      "modf(x, { out: [null, int32] })",
      () => np.modf(x, { out: [null, np.zeros(2, { dtype: "int32" })] }),
      "Cannot cast ufunc 'modf' output 2 from dtype('float64') to dtype('int32') with casting rule 'same_kind'",
    ],
    ["modf(x, { out: [of 3, null] })", () => np.modf(x, { out: [np.zeros(3), null] }), "broadcast"],
    [
      "frexp(x, { dtype })",
      () => np.frexp(x, { dtype: "float64" }),
      "No loop matching the specified signature and casting was found for ufunc frexp",
    ],
    ["ldexp(x, float)", () => np.ldexp(x, np.array([1, 2])), "not supported for the input types"],
    ["ldexp(x, uint64)", () => np.ldexp(x, np.array([1, 2], { dtype: "uint64" })), "not supported for the input types"],
    ["ldexp(x, 0.5)", () => np.ldexp(x, 0.5), "not supported for the input types"],
    [
      "divmod(lazy, 2)",
      () => np.divmod(np.lazy(x) as never, 2),
      "divmod takes no lazy expression: evaluate() it first",
    ],
    ["ldexp(x, lazy)", () => np.ldexp(x, np.lazy(a) as never), "ldexp takes no lazy expression: evaluate() it first"],
    ["modf(complex)", () => np.modf(np.zeros(1, { dtype: "complex64" })), "not supported for the input types"],
  ] as const)("%s", (_, call, sentence) => {
    expect(call).toThrow(sentence);
    expect(a.tolist()).toEqual([0, 0]);
  });
});
