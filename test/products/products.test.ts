import { describe, expect, test } from "vitest";
import * as np from "../../src/index.js";
import text from "../oracle/products.json?raw";
import { DTYPES, decode } from "../support/oracle.js";
import { bytesOf, layouts, operand } from "./operands.js";

// NumPy's products (scripts/oracle_products.py) of whole numbers, whose sums are exact in every dtype.

interface Row {
  readonly f: keyof typeof functions;
  readonly shapes: readonly [number[], number[]];
  readonly dtypes: readonly [np.DType, np.DType];
  readonly dtype: np.DType;
  readonly shape: readonly number[];
  readonly data: string;
}
const functions = { matmul: np.matmul, matvec: np.matvec, vecdot: np.vecdot, vecmat: np.vecmat };
const rows = (JSON.parse(text) as { products: Row[] }).products;

describe.each(DTYPES)("products of %s are NumPy's", (dtype) => {
  const own = rows.filter((row) => row.dtypes[0] === dtype);
  test.each(layouts)("%s, and into out", (_, laid) => {
    for (const { f, shapes, dtypes, shape, data, ...row } of own) {
      const x = laid(operand(shapes[0], dtypes[0], 3)),
        y = laid(operand(shapes[1], dtypes[1], 2)),
        what = `${f} ${dtypes} ${shapes.map((s) => `(${s})`)}`;
      const call = functions[f],
        found = call(x, y);
      expect([found.dtype, found.shape], what).toEqual([row.dtype, shape]);
      expect(bytesOf(found), what).toEqual([...decode(data)]);
      const out = laid(np.ones(shape, { dtype: row.dtype }) as np.NDArray);
      expect(call(x, y, { out })).toBe(out);
      expect(bytesOf(out), what).toEqual([...decode(data)]);
    }
  });
});

test("matmul(x, y) of many blocks is vecdot of every row and column", () => {
  for (const dtype of ["int16", "float16", "float32", "float64", "complex64", "complex128"] as const) {
    const x = operand([70, 200], dtype, 3),
      y = operand([200, 140], dtype, 2),
      rows = np.reshape(np.conj(x) as np.NDArray, [70, 1, 200]);
    const due = np.vecdot(rows, y.T);
    expect(np.arrayEqual(np.matmul(x, y), due), dtype).toBe(true);
    expect(np.arrayEqual(np.matmul(x, y.T.copy().T), due), dtype).toBe(true);
  }
});

test("vecdot(x, y) of lanes longer than a call goes on with the sum", () => {
  const x = np.ones(5_000_001);
  expect(np.vecdot(x, x).tolist()).toBe(5_000_001);
  expect(np.vecdot(np.full(70_000, 3, { dtype: "int8" }), np.ones(70_000, { dtype: "int8" })).tolist()).toBe(80);
  expect(np.vecdot(np.ones(70_000, { dtype: "int8" }), np.ones(70_000)).tolist()).toBe(70_000);
});

test("vecdot(x, y, { axis, axes, keepdims }) are NumPy's", () => {
  const x = np.reshape(np.arange(6), [2, 3]);
  expect(np.vecdot(x, x, { axis: 0 }).tolist()).toEqual([9, 17, 29]);
  expect(np.vecdot(x, x, { axis: 0, keepdims: true }).tolist()).toEqual([[9, 17, 29]]);
  expect(np.vecdot(x, x, { keepdims: true }).tolist()).toEqual([[5], [50]]);
  expect(np.vecdot(x, x, { axes: [0, 0] }).tolist()).toEqual([9, 17, 29]);
  expect(np.vecdot(x, x, { axes: [[0], [0], []] }).tolist()).toEqual([9, 17, 29]);
  expect(np.vecdot(x, x, { axes: [0, 0, 1], keepdims: true }).tolist()).toEqual([[9], [17], [29]]);
  expect(np.vecdot(x, x.T, { axes: [1, 0] }).tolist()).toEqual([5, 50]);
});

test("matmul(x, y, { axes }) finds the matrices where they lie", () => {
  const x = np.reshape(np.arange(6), [2, 3]);
  expect(
    np
      .matmul(x, x, {
        axes: [
          [0, 1],
          [1, 0],
          [0, 1],
        ],
      })
      .tolist(),
  ).toEqual([
    [5, 14],
    [14, 50],
  ]);
  expect(np.matmul(x, [1, 1, 1], { axes: [[0, 1], 0, 0] }).tolist()).toEqual([3, 12]);
  const stack = np.reshape(np.arange(12), [2, 3, 2]);
  expect(np.matmul(stack, [1, 1], { axes: [[1, 2], 0, 0] }).shape).toEqual([3, 2]);
});

test("matmul(x, y, { dtype, out }) computes in dtype, casts into out, and broadcasts to it", () => {
  const x = np.array([[1.5, 2.5]]),
    y = np.array([[2], [4]]);
  const narrow = np.matmul(x, y, { dtype: "float16" });
  expect([narrow.dtype, narrow.tolist()]).toEqual(["float16", [[13]]]);
  expect(np.matmul(x, y, { out: np.zeros([1, 1], "float32") }).tolist()).toEqual([[13]]);
  expect(np.matmul(x, y, { out: np.zeros([3, 1, 1]) }).tolist()).toEqual([[[13]], [[13]], [[13]]]);
  // What is computed in float32 is rounded to the loop's float16 before it is cast to float64.
  const third = np.array([1 / 3], { dtype: "float16" });
  const out = np.zeros([]);
  np.vecdot(third, third, { out });
  expect(out.tolist()).toBe(np.multiply(third, third).item());
});

test("matmul(x, y, { out: x }) is as if out were not an operand", () => {
  const x = np.array([
    [1, 2],
    [3, 4],
  ]);
  np.matmul(x, x, { out: x });
  expect(x.tolist()).toEqual([
    [7, 10],
    [15, 22],
  ]);
  np.matmul(x, [1, 1], { out: x.at(0) });
  expect(x.tolist()).toEqual([
    [17, 37],
    [15, 22],
  ]);
});

test("matmul(x, y) allocates its result and nothing else, whatever the dtypes and the order of its operands", () => {
  const x = operand([40, 90], "int32", 3).T.copy().T,
    y = operand([90, 50], "float32", 2).T.copy().T;
  for (const [call, bytes] of [
    [() => np.matmul(x, y), 40 * 50 * 8],
    [() => np.matvec(x, y.at(":, 0")), 40 * 8],
    [() => np.vecmat(x.at(":, 0"), x), 90 * 4],
    [() => np.vecdot(x, y.at(":, 0")), 40 * 8],
  ] as const) {
    const report = np.memory.trace(call);
    expect([report.allocated, report.copies.length]).toEqual([bytes, 0]);
  }
  const out = np.zeros([40, 50]);
  expect(np.memory.trace(() => np.matmul(x, y, { out })).allocated).toBe(0);
  const square = np.ones([20, 20]),
    inPlace = np.memory.trace(() => np.matmul(square, square, { out: square }));
  expect(inPlace.allocated).toBe(20 * 20 * 8);
});

const a = (): np.NDArray => np.ones([2, 3]),
  SIGNATURE = "gufunc signature (n?,k),(k,m?)->(n?,m?)";
test.each([
  [
    "matmul(2 × 3, 4 × 5)",
    () => np.matmul(a(), np.ones([4, 5])),
    `matmul: Input operand 1 has a mismatch in its core dimension 0, with ${SIGNATURE} (size 4 is different from 3)`,
  ],
  [
    "matmul(of 4, 2 × 3)",
    () => np.matmul(np.ones(4), a()),
    `matmul: Input operand 1 has a mismatch in its core dimension 0, with ${SIGNATURE} (size 2 is different from 4)`,
  ],
  [
    "matmul(2, x)",
    () => np.matmul(2, a()),
    "matmul: Input operand 0 does not have enough dimensions (has 0, gufunc core with signature (n?,k),(k,m?)->(n?,m?) requires 1)",
  ],
  [
    "matvec(of 3, of 3)",
    () => np.matvec(np.ones(3), np.ones(3)),
    "matvec: Input operand 0 does not have enough dimensions (has 1, gufunc core with signature (m,n),(n)->(m) requires 2)",
  ],
  [
    "vecdot(of 3, of 4)",
    () => np.vecdot(np.ones(3), np.ones(4)),
    "vecdot: Input operand 1 has a mismatch in its core dimension 0, with gufunc signature (n),(n)->() (size 4 is different from 3)",
  ],
  ["vecdot(of 3, of 1)", () => np.vecdot(np.ones(3), np.ones(1)), "(size 1 is different from 3)"],
  [
    "matmul(x, y, { axis })",
    () => np.matmul(a(), a().T, { axis: 0 }),
    "matmul: axis can only be used with a single shared core dimension, not with the 3 distinct ones implied by signature (n?,k),(k,m?)->(n?,m?).",
  ],
  [
    "matmul(x, y, { keepdims })",
    () => np.matmul(a(), a().T, { keepdims: true }),
    "matmul does not support keepdims: its signature (n?,k),(k,m?)->(n?,m?) requires output 0 to have 2 core dimensions, but keepdims can only be used when all inputs have the same number of core dimensions and all outputs have no core dimensions.",
  ],
  [
    "matvec(x, y, { keepdims })",
    () => np.matvec(a(), np.ones(3), { keepdims: true }),
    "matvec does not support keepdims: its signature (m,n),(n)->(m) requires input 1 to have 1 core dimensions",
  ],
  [
    "vecdot(x, y, { axis: 2 })",
    () => np.vecdot(a(), a(), { axis: 2 }),
    "axis 2 is out of bounds for array of dimension 2",
  ],
  [
    "vecdot(x, y, { axis, axes })",
    () => np.vecdot(a(), a(), { axis: 0, axes: [0, 0] }),
    "cannot specify both 'axis' and 'axes'",
  ],
  [
    "vecdot(x, y, { axes: [0] })",
    () => np.vecdot(a(), a(), { axes: [0] }),
    "axes should be a list with an entry for all 3 inputs and outputs; entries for outputs can only be omitted if none of them has core axes.",
  ],
  [
    "vecdot(x, y, { axes: [[0, 1], [0], []] })",
    () => np.vecdot(a(), a(), { axes: [[0, 1], [0], []] }),
    "vecdot: operand 0 has 1 core dimensions, but 2 dimensions are specified by axes tuple.",
  ],
  [
    "vecdot(x, y, { axes: [0, 0, 1] })",
    () => np.vecdot(a(), a(), { axes: [0, 0, 1] }),
    "vecdot: operand 2 has 0 core dimensions, but the axes item is a single integer.",
  ],
  [
    "matmul(x, y, { axes: [[0, 0], …] })",
    () =>
      np.matmul(a(), a(), {
        axes: [
          [0, 0],
          [1, 0],
          [0, 1],
        ],
      }),
    "axes item 0 has value 0 repeated",
  ],
  [
    "matmul(x, y, { out of another core axis })",
    () => np.matmul(a(), a().T, { out: np.ones([3, 3]) }),
    `matmul: Output operand 0 has a mismatch in its core dimension 0, with ${SIGNATURE} (size 3 is different from 2)`,
  ],
  [
    "matmul(x, y, { out: int32 })",
    () => np.matmul(a(), a().T, { out: np.ones([2, 2], "int32") }),
    "Cannot cast ufunc 'matmul' output from dtype('float64') to dtype('int32') with casting rule 'same_kind'",
  ],
  [
    "matmul(x, y, { dtype: int32 })",
    () => np.matmul(a(), a().T, { dtype: "int32" }),
    "Cannot cast ufunc 'matmul' input 0 from dtype('float64') to dtype('int32') with casting rule 'same_kind'",
  ],
  [
    "matmul(2 × …, 3 × …)",
    () => np.matmul(np.ones([2, 2, 3]), np.ones([3, 3, 2])),
    "operands could not be broadcast together with remapped shapes [original->remapped]: (2,2,3)->(2,newaxis,newaxis) (3,3,2)->(3,newaxis,newaxis)  and requested shape (2,2)",
  ],
  [
    "vecdot(4 × 2 × 3, 3 × 3)",
    () => np.vecdot(np.ones([4, 2, 3]), np.ones([3, 3])),
    "operands could not be broadcast together with remapped shapes [original->remapped]: (4,2,3)->(4,2) (3,3)->(3)  and requested shape ()",
  ],
  [
    "vecdot(x, y, { out of 3 })",
    () => np.vecdot(a(), a(), { out: np.ones(3) }),
    "operands could not be broadcast together with remapped shapes [original->remapped]: (2,3)->(2,) (2,3)->(2,) (3,)->(3,)  and requested shape ()",
  ],
] as const)("%s is refused in NumPy's sentence", (_, call, sentence) => {
  expect(call).toThrow(sentence);
});
