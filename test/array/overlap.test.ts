import { describe, expect, test } from "vitest";
import * as np from "../../src/index.js";

type Array64 = np.NDArray<"float64">;

/** `length` elements from `first` on, in a shape. */
const part = (b: Array64, first: number, shape: number[]): Array64 =>
  np.reshape(b.at(np.slice(first, first + shape.reduce((n, m) => n * m, 1))), shape);

const SHAPES = [
  [8, 40],
  [40, 8],
  [60, 60],
  [200, 130],
  [5, 7, 90],
];

describe("issue 7.7: `out` may overlap an operand, whatever the order in which the others lie", () => {
  const shifts = [0, 1, 3, 17, 64, 2048];
  for (const shape of SHAPES) {
    const n = shape.reduce((p, m) => p * m, 1);

    test(`add(x, y.T, { out }) with x before and behind out, ${shape}`, () => {
      np.memory.scope(() => {
        const y = np.transpose(np.reshape(np.arange(n), [...shape].reverse()));
        for (const shift of shifts.filter((s) => s < n)) {
          for (const [from, to] of [
            [shift, 0],
            [0, shift],
          ]) {
            const b = np.arange(2 * n),
              x = part(b, from, shape),
              out = part(b, to, shape),
              right = np.add(x.copy(), y);
            np.add(x, y, { out });
            expect([shift, np.countNonzero(np.notEqual(out, right))]).toEqual([shift, 0]);
          }
        }
      });
    });

    test(`copyto(out, x, { where: mask.T }), ${shape}`, () => {
      np.memory.scope(() => {
        const mask = np.transpose(np.equal(np.remainder(np.reshape(np.arange(n), [...shape].reverse()), 3), 0));
        for (const shift of shifts.filter((s) => s < n)) {
          const b = np.arange(2 * n),
            x = part(b, shift, shape),
            out = part(b, 0, shape),
            right = np.where(mask, x, out);
          np.copyto(out, x, { where: mask });
          expect([shift, np.countNonzero(np.notEqual(out, right))]).toEqual([shift, 0]);
        }
      });
    });

    test(`lazy expressions into an out that overlaps, ${shape}`, () => {
      np.memory.scope(() => {
        const y = np.transpose(np.reshape(np.arange(n), [...shape].reverse()));
        for (const shift of shifts.filter((s) => s < n)) {
          const b = np.arange(2 * n),
            x = part(b, shift, shape),
            out = part(b, 0, shape),
            right = np.multiply(np.add(x, y), x);
          np.multiply(np.add(np.lazy(x), y), x).evaluate({ out });
          expect([shift, np.countNonzero(np.notEqual(out, right))]).toEqual([shift, 0]);
        }
      });
    });
  }

  test("reductions and searches whose out is part of what they read", () => {
    np.memory.scope(() => {
      const b = np.arange(12),
        x = np.reshape(b, [3, 4]);
      np.sum(x, 1, { out: b.at("3:6") });
      expect(b.tolist()).toEqual([0, 1, 2, 6, 22, 38, 6, 7, 8, 9, 10, 11]);
      const i = np.reshape(np.arange(12, { dtype: "int32" }), [3, 4]).copy();
      np.argmax(i, 1, { out: i.at(":, 3") as np.NDArray<"int32"> });
      expect(i.tolist()).toEqual([
        [0, 1, 2, 3],
        [4, 5, 6, 3],
        [8, 9, 10, 3],
      ]);
      const m = np.reshape(np.array([true, false, false, true, true, false]), [2, 3]);
      np.any(np.ones([2, 3]), 0, { where: m, out: m.at("0") });
      expect(m.tolist()).toEqual([
        [true, true, false],
        [true, true, false],
      ]);
    });
  });

  test("add(x, x shifted, { out }) copies no more than NumPy's one array of out's size", () => {
    np.memory.scope(() => {
      const b = np.arange(200),
        out = part(b, 50, [10, 10]);
      const t = np.memory.trace(() => np.add(part(b, 45, [10, 10]), 1, { out }));
      expect(t.allocated).toBe(800);
    });
  });
});

describe("issue 7.9: arrays that overlap themselves are written as in NumPy, from a copy and in order", () => {
  // Values from NumPy 2.4.6: `x = arange(6.)`, then z = as_strided(x, …).
  const cases: [string, number[], number[], (z: Array64) => unknown, number[]][] = [
    ["add(z, 1, { out: z })", [2, 2], [8, 8], (z) => np.add(z, 1, { out: z }), [1, 2, 3, 3, 4, 5]],
    ["multiply(z, 10, { out: z })", [2, 3], [16, 8], (z) => np.multiply(z, 10, { out: z }), [0, 10, 20, 30, 40, 5]],
    [
      "add(x, 100, { out: z }), nothing shared",
      [3, 2],
      [8, 16],
      (z) => np.add(np.reshape(np.arange(6), [3, 2]), 100, { out: z }),
      [100, 102, 104, 103, 105, 5],
    ],
    [
      "copyto(z, x), nothing shared",
      [3, 2],
      [8, 16],
      (z) => np.copyto(z, np.reshape(np.arange(6), [3, 2])),
      [0, 2, 1, 3, 5, 5],
    ],
    ["add(z, 1, { out: z }), columns apart", [3, 2], [8, 16], (z) => np.add(z, 1, { out: z }), [1, 2, 3, 4, 5, 5]],
    ["negative(z, { out: z })", [2, 2], [8, 8], (z) => np.negative(z, { out: z }), [-0, -1, -2, 3, 4, 5]],
    [
      "add(x, z, { out: z }), a repeated row",
      [3, 4],
      [0, 8],
      (z) => np.add(np.reshape(np.arange(12), [3, 4]), z, { out: z }),
      [8, 10, 12, 14, 4, 5],
    ],
  ];
  test.each(cases)("%s", (_, shape, strides, write, right) => {
    np.memory.scope(() => {
      const x = np.arange(6);
      write(np.asStrided(x, shape, { strides }));
      expect(x.tolist()).toEqual(right);
    });
  });

  test("copyto(z, x, { where }) goes along the longest steps of z first, and along none at all last", () => {
    np.memory.scope(() => {
      const x = np.zeros(3),
        z = np.asStrided(x, [2, 2, 2], { strides: [0, 8, 8] }),
        mask = np.array([1, 0, 1, 1, 1, 1, 0, 1]).astype("bool").reshape([2, 2, 2]);
      np.copyto(z, np.arange(1, 9).reshape([2, 2, 2]), { where: mask });
      expect(x.tolist()).toEqual([5, 3, 8]);
    });
  });

  test("place(z, mask, values) writes what was there too, in order", () => {
    np.memory.scope(() => {
      const x = np.array([1, 2, 3]),
        z = np.asStrided(x, [2, 2], { strides: [8, 8] }),
        first = np.array([false, true, false, false]).reshape([2, 2]);
      np.place(z, first, [5, 6]);
      expect(x.tolist()).toEqual([1, 2, 3]);
      np.place(z, np.logicalNot(first), [7, 8, 9]);
      expect(x.tolist()).toEqual([7, 8, 9]);
    });
  });

  // Values from NumPy 2.4.6: what is left of n values written onto one place.
  const ones = (n: number): np.NDArray => np.ones(n) as unknown as np.NDArray;
  const down = (n: number, dtype: np.DType = "float64"): np.NDArray => np.arange(n, { dtype }).at("::-1") as np.NDArray;
  const onto = (n: number, dtype: np.DType = "float64"): np.NDArray =>
    np.asStrided(np.zeros(1, { dtype }), [n], { strides: [0] }) as np.NDArray;
  const kept: [string, (out: np.NDArray) => unknown, np.NDArray, number][] = [
    ["positive(x, { out }) of x backwards: the last", (out) => np.positive(down(6), { out }), onto(6), 0],
    ["add(x, 1, { out }): the last", (out) => np.add(down(6), 1, { out }), onto(6), 1],
    ["add(x, y, { out }), both backwards: the last", (out) => np.add(down(6), down(6), { out }), onto(6), 0],
    ["positive(x, { out }) cast: the first", (out) => np.positive(down(6), { out }), onto(6, "float32"), 5],
    ["add(x, [1], { out }): the first", (out) => np.add(down(6), [1], { out }), onto(6), 6],
    [
      "positive(x, { out, where }) backwards: the first",
      (out) => np.positive(down(6), { out, where: np.ones(6, "bool").at("::-1") }),
      onto(6),
      5,
    ],
    ["add(int32, 0.5, { out }): the last", (out) => np.add(down(6, "int32"), 0.5, { out }), onto(6), 0.5],
    [
      "add(int32, 0.5, { out }) of 20,000, cast in pieces: the first",
      (out) => np.add(down(20_000, "int32"), 0.5, { out }),
      onto(20_000),
      19_999.5,
    ],
    ["add(x, ones, { out }) of x backwards: the last", (out) => np.add(down(6), ones(6), { out }), onto(6), 1],
  ];
  test.each(kept)("one place: %s", (_, write, out, left) => {
    write(out);
    expect((out.at(0) as np.NDArray).item()).toBe(left);
  });

  test("large windows: add(z, 1, { out: z }) beyond a tile and a call", () => {
    np.memory.scope(() => {
      const n = 70_000,
        x = np.arange(n + 2),
        z = np.asStrided(x, [3, n], { strides: [8, 8] });
      np.add(z, 1, { out: z });
      expect(np.countNonzero(np.notEqual(x, np.arange(1, n + 3)))).toBe(0);
    });
  });
});

describe.each([
  ["sharesMemory", np.sharesMemory],
  ["mayShareMemory", np.mayShareMemory],
] as const)("%s(a, b)", (_, shares) => {
  test("refuses an array that was disposed, and a view of one, on either side", () => {
    using kept = np.zeros(3);
    const x = np.zeros(3),
      view = x.at("1:");
    x.dispose();
    for (const gone of [x, view])
      for (const [a, b] of [
        [gone, kept],
        [kept, gone],
        [gone, gone],
      ])
        expect(() => shares(a, b)).toThrow(np.DisposedError);
  });

  test("refuses what is no array, and names it", () => {
    const refused = shares as (a: unknown, b: unknown) => boolean;
    using x = np.zeros(3);
    expect(() => refused(x, [1])).toThrow("this takes an array, not a list");
    expect(() => refused(np.lazy(x), x)).toThrow("this takes an array, not a lazy expression");
  });
});
