import { expect, test } from "vitest";
import * as np from "../../../src/index.js";

const { memory } = np;

test("weakCache: set returns the array, has and size count what lives, delete leaves the array alone", () => {
  const cache = memory.weakCache<string>();
  using a = np.zeros(2);
  const b = np.zeros(3);
  expect(cache.set("a", a)).toBe(a);
  cache.set("b", b);
  expect([cache.size, cache.has("a"), cache.has("c")]).toEqual([2, true, false]);
  b.dispose();
  expect([cache.size, cache.has("b"), cache.delete("b"), cache.delete("a"), cache.size]).toEqual([
    1,
    false,
    false,
    true,
    0,
  ]);
  expect(a.disposed).toBe(false);
});

test("a weakCache that is filled for long drops the keys of disposed arrays", () => {
  const cache = memory.weakCache<number>();
  for (let i = 0; i < 1000; i++) cache.set(i, np.zeros(1)).dispose();
  using last = np.zeros(1);
  cache.set(1000, last);
  expect([cache.size, cache.get(1000) === last]).toEqual([1, true]);
});
