// References that keep nothing alive, and caches that know their bytes.
import { expect, test } from "vitest";
import * as np from "../../src/index.js";

const { memory } = np;
const live = (): number => memory.usage().live;

test("lesson 24: a weak handle gives the array, and undefined right after dispose", () => {
  const a = np.arange(3),
    w = memory.weak(a);
  expect(w.deref()).toBe(a);
  expect(a.buffer.refcount).toBe(1);
  a.dispose();
  expect(w.deref()).toBeUndefined();
});

test("lesson 22: nodes that point at each other need no weak handle for their memory: a scope frees both", () => {
  class Node {
    other: Node | null = null;
    parent: np.memory.Weak<np.NDArray> | null = null;
    constructor(readonly data: np.NDArray) {}
  }
  const before = live();
  const child = memory.scope(() => {
    const a = new Node(np.zeros(1000)),
      b = new Node(np.zeros(1000));
    a.other = b;
    b.other = a;
    b.parent = memory.weak(a.data);
    expect([live() - before, b.parent.deref()]).toEqual([16_000, a.data]);
    return { parent: b.parent };
  });
  expect([live() - before, child.parent.deref()]).toEqual([0, undefined]);
});

test("lesson 25: a weak cache: a hit is the same array and allocates nothing; after dispose it is a miss", () => {
  const cache = memory.weakCache<string>(),
    a = np.arange(1000);
  cache.set("a", a);
  const t = memory.trace(() => cache.get("a"));
  expect([t.result?.id, t.allocs]).toEqual([a.id, 0]);
  a.dispose();
  expect([cache.get("a"), cache.size]).toEqual([undefined, 0]);
});

test("lesson 25: a number cannot be held weakly, and the error says so", () => {
  const cache = memory.weakCache<string>();
  expect(() => cache.set("sum", 42 as unknown as np.NDArray)).toThrow(
    new np.DTypeError("a number cannot be held weakly: only arrays can"),
  );
});

test("lesson 59: a cache limited in bytes never holds more; what it evicts is disposed", () => {
  const before = live();
  using cache = memory.lruCache<number>({ maxBytes: "80 kB" });
  const seen: number[] = [],
    arrays: np.NDArray[] = [];
  for (let i = 0; i < 100; i++) {
    arrays.push(cache.set(i, np.zeros(1000)));
    seen.push(live() - before);
  }
  expect([Math.max(...seen), cache.size, cache.stats.evictions]).toEqual([80_000, 10, 90]);
  expect(arrays.filter((a) => !a.disposed)).toHaveLength(10);
});

test("lesson 59: an evicted array that is still viewed lives on with its view", () => {
  const before = live();
  using cache = memory.lruCache<string>({ maxBytes: 8000 });
  const view = cache.set("old", np.arange(1000)).at("-1:");
  cache.set("new", np.zeros(1000));
  expect([view.item(0), cache.bytes, live() - before]).toEqual([999, 8000, 16_000]);
  view.dispose();
  expect(live() - before).toBe(8000);
});

test("lesson 59: a cached method does not keep its object: the cache holds arrays by key, and says so", () => {
  using cache = memory.lruCache<number>({ maxEntries: 2, label: "squares" });
  const squares = (n: number): np.NDArray =>
    cache.get(n) ??
    cache.set(
      n,
      memory.scope(() => np.square(np.arange(n))),
    );
  const first = squares(4);
  expect([squares(4) === first, first.tolist(), cache.stats.hits]).toEqual([true, [0, 1, 4, 9], 1]);
  expect(memory.bufferOf(first).owner).toBe("squares");
});

test("lesson 59: of a cache without a limit in bytes, the report of leaks says that it holds them", () => {
  using cache = memory.lruCache<number>({ label: "features" });
  let key = 0;
  const { found } = memory.leaks(() => void cache.set(key++, np.zeros(1000)), { warmups: 1, runs: 3 });
  expect(found.map(({ heldBy, perRun, countPerRun }) => [heldBy, perRun, countPerRun])).toEqual([
    ["features", 8000, 1],
  ]);
});

test("lesson 60: 1,000 entries are kept; after 300 s they are misses, and their bytes are back", () => {
  const before = live();
  let seconds = 0;
  using cache = memory.lruCache<number>({ maxEntries: 1000, ttl: 300_000, clock: () => 1000 * seconds });
  for (let i = 0; i < 1500; i++) cache.set(i, np.zeros(10));
  expect([cache.size, live() - before]).toEqual([1000, 80_000]);
  seconds = 299;
  expect(cache.get(1499)?.size).toBe(10);
  seconds = 300;
  expect([cache.get(1499), cache.size, cache.stats.expired, live() - before]).toEqual([undefined, 0, 1000, 0]);
});
