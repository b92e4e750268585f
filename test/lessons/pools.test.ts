// Memory that is used again instead of being asked for anew.
import { expect, test } from "vitest";
import * as np from "../../src/index.js";

const { memory } = np;
const live = (): number => memory.usage().live;

test("lesson 42: a mask that is used again is one array less", () => {
  using x = np.array([1, Number.NaN, 3]);
  using y = np.array([Number.NaN, 2, 3]);
  const fresh = memory.trace(() => {
    using first = np.isnan(x);
    using second = np.isnan(y);
    return [np.countNonzero(first), np.countNonzero(second)];
  });
  const reused = memory.trace(() => {
    using mask = np.isnan(x);
    const first = np.countNonzero(mask);
    np.isnan(y, { out: mask });
    return [first, np.countNonzero(mask)];
  });
  expect(reused.result).toEqual(fresh.result);
  expect([fresh.allocs, reused.allocs]).toEqual([2, 1]);
});

test("lesson 50: a temporary array lives as long as its block, also when the block throws", () => {
  const before = live(),
    inside: number[] = [];
  const body = (fails: boolean): void => {
    using t = np.zeros([1000, 1000]);
    inside.push(live() - before);
    if (fails) throw new Error(`on purpose, with ${t.nbytes} bytes`);
  };
  body(false);
  expect(() => body(true)).toThrow("on purpose, with 8000000 bytes");
  expect(() => memory.scope(() => body(true))).toThrow("on purpose");
  expect([inside, live() - before]).toEqual([[8_000_000, 8_000_000, 8_000_000], 0]);
});

test("lesson 51: a pool allocates its 10 arrays up front, and then nothing in 1,000,000 rounds", () => {
  const made = memory.trace(() => memory.pool({ shape: 5, initial: 10, fill: 0 }));
  using pool = made.result;
  expect([made.allocs, made.allocated, pool.stats.free]).toEqual([10, 400, 10]);
  const addresses = new Set<number>();
  const rounds = memory.trace(
    () => {
      for (let i = 0; i < 1_000_000; i++) {
        const a = pool.take();
        addresses.add(a.address);
        pool.release(a);
      }
    },
    { level: "counters" },
  );
  expect([rounds.allocs, rounds.allocated, addresses.size]).toEqual([0, 0, 1]);
  expect(pool.stats).toEqual({ hits: 1_000_000, misses: 0, free: 10, taken: 0, viewed: 0, bytes: 400 });
});

test("lesson 51: the same memory comes back, cleared", () => {
  using pool = memory.pool({ shape: 5, dtype: "int32", initial: 10, fill: 0 });
  const a = pool.take(),
    { address } = a;
  a.set("...", [1, 2, 3, 4, 5]);
  expect(a.tolist()).toEqual([1, 2, 3, 4, 5]);
  pool.release(a);
  using b = pool.take();
  expect([b.address, b.tolist()]).toEqual([address, [0, 0, 0, 0, 0]]);
});

test("lesson 51: an eleventh array is a miss; ten hits before it were none", () => {
  using pool = memory.pool({ shape: 5, initial: 10 });
  const taken = Array.from({ length: 11 }, () => pool.take());
  expect(pool.stats).toEqual({ hits: 10, misses: 1, free: 0, taken: 11, viewed: 0, bytes: 440 });
  for (const a of taken) pool.release(a);
  expect(pool.stats.free).toBe(11);
});

test("lesson 51: an array is released once", () => {
  using pool = memory.pool({ shape: 5 });
  const a = pool.take();
  pool.release(a);
  expect(() => pool.release(a)).toThrow(np.PoolError);
  expect(pool.stats.free).toBe(1);
});

test("lesson 17: calls and lists do not count as handles; release ends all", () => {
  using pool = memory.pool({ shape: 5 });
  const a = pool.take(),
    { buffer } = a,
    list = [a, a],
    view = a.at("1:"),
    other = a.at("2:");
  const pass = (array: np.NDArray): number => array.buffer.refcount;
  expect([pass(a), list.length]).toEqual([3, 2]);
  view.dispose();
  expect(buffer.refcount).toBe(2);
  pool.release(a);
  expect([buffer.refcount, other.disposed]).toEqual([0, true]);
});
