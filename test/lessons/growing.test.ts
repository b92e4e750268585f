// Arrays that grow, and what growing costs.
import { expect, test } from "vitest";
import * as np from "../../src/index.js";

const { memory } = np;
const live = (): number => memory.usage().live;

test("lesson 44: a growable array grows as CPython's lists do: 4, 8, 16, 24, 32, 40, 52, 64, 76", () => {
  using list = memory.growable("float64");
  const capacities = new Set<number>();
  for (let i = 0; i < 70; i++) {
    list.push(i);
    capacities.add(list.capacity);
  }
  expect([...capacities]).toEqual([4, 8, 16, 24, 32, 40, 52, 64, 76]);
});

test("lesson 44: 10,000 values one by one: 47 arrays and 83,136 elements moved; doubling needs 13 and 16,380", () => {
  const push = (growth?: number): { reallocations: number; moved: number } => {
    using list = memory.growable("float64", growth === undefined ? {} : { growth });
    for (let i = 0; i < 10_000; i++) list.push(i);
    return list.stats;
  };
  const eighth = memory.trace(() => push()),
    double = memory.trace(() => push(2));
  expect(eighth.result).toEqual({ reallocations: 47, moved: 83_136 });
  expect(double.result).toEqual({ reallocations: 13, moved: 16_380 });
  expect([eighth.allocs, double.allocs]).toEqual([47, 13]);
  // The price of fewer copies is memory that is not used: 640 elements too many against 6,384.
  expect([eighth.peak, double.peak]).toEqual([8 * (9452 + 10_640), 8 * (8192 + 16_384)]);
});

test("lesson 44: a new array for each value: 10,000 arrays and 49,995,000 elements moved", () => {
  const t = memory.trace(
    () => {
      let a = np.empty(0);
      for (let i = 0; i < 10_000; i++) {
        using before = a;
        a = np.append(before, i);
      }
      return a;
    },
    { level: "events" },
  );
  using a = t.result;
  expect([a.size, a.item(-1)]).toEqual([10_000, 9999]);
  const { calls, allocs, copied, scratch } = t.ops().find(({ op }) => op === "append")!;
  // Each call takes 8 bytes of scratch for its number, and copies all that was there and the number.
  expect([calls, allocs, scratch]).toEqual([10_000, 20_000, 80_000]);
  expect((copied - scratch) / 8 - calls).toBe(49_995_000);
});

test("lesson 44: every growth is a copy, and says so", () => {
  const t = memory.trace(() => {
    using list = memory.growable("int16");
    for (let i = 0; i < 20; i++) list.push(i);
  });
  const reasons = t.events.filter((e) => e.kind === "alloc").map((e) => [e.nbytes, e.reason]);
  expect(reasons).toEqual([
    [8, undefined],
    [16, "growth"],
    [32, "growth"],
    [48, "growth"],
  ]);
});

test("lesson 45: clear keeps the memory, shrinkToFit gives it back", () => {
  const before = live();
  using list = memory.growable("float64");
  for (let i = 0; i < 1000; i++) list.push(i);
  const full = live() - before;
  expect(full).toBe(8 * list.capacity);
  list.clear();
  expect([list.length, live() - before]).toEqual([0, full]);
  list.push(1, 2, 3);
  list.shrinkToFit();
  expect([list.capacity, live() - before]).toEqual([3, 24]);
  list.clear();
  list.shrinkToFit();
  expect([list.capacity, live() - before]).toEqual([0, 0]);
});

test("lesson 76: pop never makes the capacity smaller", () => {
  using list = memory.growable("int32");
  for (let i = 0; i < 17; i++) list.push(i);
  const popped = Array.from({ length: 17 }, () => list.pop());
  expect([popped[0], popped[16], list.length, list.capacity]).toEqual([16, 0, 0, 24]);
});

test("lesson 76: an array holds no mixed data, and the error names what does", () => {
  expect(() => np.array([1, "hello", 3.14] as unknown as number[])).toThrow(
    "keep mixed data in a column for each kind",
  );
  using list = memory.growable("float64");
  expect(() => list.push("hello" as unknown as number)).toThrow("keep mixed data in a column for each kind");
});
