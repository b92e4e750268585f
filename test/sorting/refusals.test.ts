import { describe, expect, test } from "vitest";
import * as np from "../../src/index.js";

// NumPy's sentences, said before anything is written or allocated.

const a = (): np.NDArray => np.array([3, 1, 2]) as unknown as np.NDArray;
const m = (): np.NDArray => np.zeros([2, 3]) as unknown as np.NDArray;
/** For what the types refuse as well. */
const wrong = <T>(value: unknown): T => value as T;

const refused: readonly (readonly [string, (x: np.NDArray, y: np.NDArray) => unknown, string, string])[] = [
  ["sort(a, 1)", (x) => np.sort(x, 1), "AxisError", "axis 1 is out of bounds for array of dimension 1"],
  ["sort(0-d)", () => np.sort(5), "AxisError", "axis -1 is out of bounds for array of dimension 0"],
  ["a.sort(null)", (x) => x.sort(wrong(null)), "DTypeError", "null cannot be interpreted as an integer"],
  [
    "sort(a, -1, { kind: 'x' })",
    (x) => np.sort(x, -1, { kind: wrong("x") }),
    "ValueError",
    "sort kind must be one of 'quick', 'heap', or 'stable' (got 'x')",
  ],
  [
    "argsort(a, -1, { kind, stable })",
    (x) => np.argsort(x, -1, { kind: "quicksort", stable: true }),
    "ValueError",
    "`kind` and keyword parameters can't be provided at the same time. Use only one of them.",
  ],
  [
    "a.sort(-1, { order })",
    (x) => x.sort(-1, { order: wrong("f") }),
    "ValueError",
    "Cannot specify order when the array has no fields.",
  ],
  ["partition(a, 5)", (x) => np.partition(x, 5), "ValueError", "kth(=5) out of bounds (3)"],
  ["a.partition(-4)", (x) => x.partition(-4), "ValueError", "kth(=-1) out of bounds (3)"],
  ["partition(a, 1.5)", (x) => np.partition(x, 1.5), "DTypeError", "Partition index must be integer"],
  ["partition(a, [])", (x) => np.partition(x, []), "DTypeError", "Partition index must be integer"],
  [
    "argpartition(a, true)",
    (x) => np.argpartition(x, wrong(true)),
    "ValueError",
    "Booleans unacceptable as partition index",
  ],
  [
    "partition(a, 0, -1, { kind: 'x' })",
    (x) => np.partition(x, 0, -1, { kind: wrong("x") }),
    "ValueError",
    "select kind must be 'introselect' (got 'x')",
  ],
  ["lexsort([])", () => np.lexsort([]), "DTypeError", "need sequence of keys with len > 0 in lexsort"],
  ["lexsort(5)", () => np.lexsort(wrong(5)), "DTypeError", "need sequence of keys with len > 0 in lexsort"],
  ["lexsort([a, m])", (x, y) => np.lexsort([x, y]), "ValueError", "all keys need to be the same shape"],
  ["lexsort([m], 2)", (_, y) => np.lexsort([y], 2), "AxisError", "axis 2 is out of bounds for array of dimension 2"],
  ["searchsorted(m, 1)", (_, y) => np.searchsorted(y, 1), "ValueError", "object too deep for desired array"],
  ["searchsorted(0-d, 1)", () => np.searchsorted(3, 1), "ValueError", "object of too small depth for desired array"],
  [
    "searchsorted(a, 1, { side: 'x' })",
    (x) => np.searchsorted(x, 1, { side: wrong("x") }),
    "ValueError",
    "search side must be 'left' or 'right' (got 'x')",
  ],
  [
    "searchsorted(a, 1, { sorter: two })",
    (x) => np.searchsorted(x, 1, { sorter: [1, 2] }),
    "ValueError",
    "sorter.size must equal a.size",
  ],
  [
    "searchsorted(a, v, { sorter: beyond })",
    (x) => np.searchsorted(x, [2, 3], { sorter: [1, 7, 0] }),
    "ValueError",
    "Sorter index out of range.",
  ],
  [
    "searchsorted(a, 2, { sorter: before })",
    (x) => np.searchsorted(x, 2, { sorter: [1, -1, 0] }),
    "ValueError",
    "Sorter index out of range.",
  ],
  [
    "searchsorted(a, 1, { sorter: fractions })",
    (x) => np.searchsorted(x, 1, { sorter: [1, 0.5, 0] }),
    "DTypeError",
    "sorter must only contain integers",
  ],
  [
    "searchsorted(a, 1, { sorter: matrix })",
    (x) => np.searchsorted(x, 1, { sorter: [[1, 2, 0]] }),
    "DTypeError",
    "could not parse sorter argument",
  ],
];

test.each(refused)("%s is NumPy's refusal, and nothing is kept or written", (_, call, name, sentence) => {
  np.memory.scope(() => {
    const x = a(),
      y = m(),
      { live } = np.memory.usage();
    let thrown: unknown = null;
    try {
      call(x, y);
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toBeInstanceOf(np.NDArrayError);
    expect([(thrown as Error).name, (thrown as Error).message]).toEqual([name, sentence]);
    expect(np.memory.usage().live).toBe(live);
    expect(x.tolist()).toEqual([3, 1, 2]);
  });
});

describe("arrays that cannot be written", () => {
  test("a.sort() and a.partition(0) are a ReadOnlyError", () => {
    using base = np.array([3, 1, 2]);
    const fixed = np.broadcastTo(base, [2, 3]);
    expect(() => fixed.sort()).toThrow(np.ReadOnlyError);
    expect(() => fixed.partition(0)).toThrow(np.ReadOnlyError);
    expect(base.tolist()).toEqual([3, 1, 2]);
  });
});
