import { expect, test } from "vitest";
import * as np from "../../src/index.js";

// Elements made to defeat the pivots of a selection: McIlroy's adversary (A killer adversary for quicksort, 1999) decides
// what is less only when it is asked, and so that each pivot is as bad as it can be.

const FEW = 24;

/** Ranks of n elements among which the medians of three medians of three are bad pivots, one after the other. */
function adverse(n: number, target: number): number[] {
  const rank = new Array<number>(n).fill(Number.POSITIVE_INFINITY),
    items = Array.from({ length: n }, (_, i) => i);
  let solid = 0,
    candidate = -1;
  const less = (x: number, y: number): boolean => {
    if (rank[x] === rank[y] && x !== y) rank[x === candidate ? x : y] = solid++;
    if (rank[x] === Number.POSITIVE_INFINITY) candidate = x;
    else if (rank[y] === Number.POSITIVE_INFINITY) candidate = y;
    return rank[x] < rank[y];
  };
  const swap = (i: number, j: number): void => {
    [items[i], items[j]] = [items[j], items[i]];
  };
  const middle = (i: number, j: number, k: number): number => {
    const xy = less(items[i], items[j]);
    if (xy === less(items[j], items[k])) return j;
    return xy === less(items[k], items[i]) ? i : k;
  };
  // As assembly/sorting/select.ts goes, without its way out.
  let low = 0,
    high = n;
  while (high - low > FEW) {
    const step = Math.floor((high - low) / 9),
      at = low + (step >> 1),
      of = (i: number): number => middle(at + i * step, at + (i + 1) * step, at + (i + 2) * step);
    swap(low, middle(of(0), of(3), of(6)));
    let to = low + 1;
    for (let i = to; i < high; i++) if (less(items[i], items[low])) swap(i, to++);
    if (target >= to) low = to;
    else {
      swap(low, --to);
      if (target === to) break;
      high = to;
    }
  }
  for (let i = 0; i < n; i++) if (rank[i] === Number.POSITIVE_INFINITY) rank[i] = solid++;
  return rank;
}

test.each(["int32", "int64", "float32", "float64"] as const)(
  "partition(a, kth) and argpartition(a, kth) of %s that defeat their pivots go by medians of medians",
  (dtype) => {
    for (const [n, kth] of [
      [3000, 2990],
      [20_000, 19_000],
    ]) {
      using a = np.array(adverse(n, kth), { dtype }) as np.NDArray;
      using divided = np.partition(a, kth),
        order = np.argpartition(a, kth),
        taken = np.take(a, order);
      for (const x of [divided, taken]) {
        expect(Number(x.item(kth))).toBe(kth);
        expect(Number(np.max(x.at(`:${kth}`)))).toBe(kth - 1);
        expect(Number(np.min(x.at(`${kth}:`)))).toBe(kth);
      }
      expect(np.arrayEqual(np.sort(order), np.arange(n, { dtype: "int32" }))).toBe(true);
    }
  },
);

test("sort(a) of 64-bit integers of both signs near 0 goes by all their bits", () => {
  using a = np.random.defaultRng(3).integers(-(2 ** 20), 2 ** 20, 40_000);
  const want = BigInt64Array.from(a.toTypedArray() as BigInt64Array).sort();
  using sorted = np.sort(a);
  expect(sorted.toTypedArray()).toEqual(want);
});
