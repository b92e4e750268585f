import * as fc from "fast-check";
import { expect, test } from "vitest";
import * as np from "../../../src/index.js";

const { memory } = np;
const live = (): number => memory.usage().live;

test("lruCache drops what was used least recently", () => {
  const before = live();
  using cache = memory.lruCache<string>({ maxEntries: 2 });
  const a = cache.set("a", np.zeros(1)),
    b = cache.set("b", np.zeros(2));
  expect(cache.get("a")).toBe(a);
  cache.set("c", np.zeros(3));
  expect([cache.has("a"), cache.has("b"), cache.has("c"), b.disposed]).toEqual([true, false, true, true]);
  expect(() => b.item(0)).toThrow("was disposed by its cache");
  expect(cache.stats).toEqual({ hits: 1, misses: 0, evictions: 1, expired: 0, entries: 2, bytes: 32 });
  cache.clear();
  expect(live()).toBe(before);
});

test("lruCache keeps an array beyond the scope that it was stored in", () => {
  using cache = memory.lruCache<string>({ maxBytes: "1 kB" });
  memory.scope(() => cache.set("x", np.arange(3)));
  const x = cache.get("x")!;
  expect([x.tolist(), cache.get("x") === x, cache.bytes]).toEqual([[0, 1, 2], true, 24]);
  x.dispose();
  expect(cache.get("x")!.tolist()).toEqual([0, 1, 2]);
  memory.scope(() => expect(cache.get("x")!.size).toBe(3));
  expect(cache.get("x")!.size).toBe(3);
});

test("lruCache counts a buffer once, and a view with the whole buffer behind it", () => {
  using cache = memory.lruCache<string>({ maxBytes: 100 });
  const a = np.zeros(10);
  cache.set("a", a);
  cache.set("same", a);
  cache.set("view", a.at(0));
  expect(cache.bytes).toBe(80);
  cache.delete("a");
  expect([cache.get("same")!.disposed, cache.bytes]).toEqual([false, 80]);
  cache.delete("same");
  cache.delete("view");
  expect([cache.bytes, a.disposed]).toEqual([0, true]);
  using large = np.zeros(1000);
  using view = large.at(0);
  expect(() => cache.set("small view", view)).toThrow(
    '8.00 kB do not fit into the cache "lruCache" of at most 100 B (a view of 8 B keeps them all: copy() it)',
  );
});

test("lruCache.set(key, array) of the same key replaces, disposing the array before", () => {
  using cache = memory.lruCache<string>({ maxBytes: 80 });
  const a = cache.set("k", np.zeros(10));
  cache.set("k", a);
  expect([a.disposed, cache.size]).toEqual([false, 1]);
  const b = cache.set("k", np.zeros(5));
  expect([a.disposed, cache.bytes, cache.stats.evictions]).toEqual([true, 40, 0]);
  cache.set("other", b);
  cache.set("third", np.zeros(5));
  cache.set("fourth", np.zeros(10));
  expect([cache.size, cache.bytes, b.disposed]).toEqual([1, 80, true]);
});

test("lruCache.set(other key, its own array) never disposes what it stores", () => {
  using cache = memory.lruCache<string>({ maxEntries: 1 });
  const a = cache.set("a", np.arange(3));
  expect(cache.set("b", cache.get("a")!)).toBe(a);
  expect([cache.size, cache.has("b"), a.tolist()]).toEqual([1, true, [0, 1, 2]]);
});

test("an evicted array whose memory a view still uses stays readable through the view", () => {
  const before = live();
  using cache = memory.lruCache<string>({ maxBytes: 80 });
  const view = cache.set("a", np.arange(10)).at("3:5");
  cache.set("b", np.zeros(10));
  expect([view.tolist(), cache.bytes, live() - before]).toEqual([[3, 4], 80, 160]);
  view.dispose();
  expect(live() - before).toBe(80);
});

test("lruCache refuses what it cannot hold, with nothing changed", () => {
  using cache = memory.lruCache<string>({ maxBytes: "1 kB", label: "features" });
  const a = cache.set("a", np.zeros(100));
  using large = np.zeros(1000);
  expect(() => cache.set("a", large)).toThrow(np.ValueError);
  expect(() => cache.set("a", large)).toThrow('8.00 kB do not fit into the cache "features" of at most 1.00 kB');
  expect(() => cache.set("a", 3 as unknown as np.NDArray)).toThrow(
    new np.DTypeError('the cache "features" holds arrays, not number'),
  );
  expect([cache.get("a"), large.disposed]).toEqual([a, false]);
  expect(memory.bufferOf(a).owner).toBe("features");
  expect(String(cache)).toBe(
    'cache "features": 800 B in 1 entry (at most 1.00 kB); 1 hit, 0 misses, 0 evicted, 0 expired',
  );
});

test("lruCache({ … }) refuses limits that are none; a disposed cache refuses all", () => {
  expect(() => memory.lruCache({ maxEntries: 0 })).toThrow("maxEntries is a number above 0, not 0");
  expect(() => memory.lruCache({ ttl: Number.NaN })).toThrow("ttl is a number above 0, not NaN");
  expect(() => memory.lruCache({ maxBytes: "much" as "1 B" })).toThrow(np.ValueError);
  const cache = memory.lruCache<number>(),
    a = cache.set(1, np.zeros(1));
  cache.dispose();
  cache.dispose();
  expect(a.disposed).toBe(true);
  expect(() => cache.get(1)).toThrow('the cache "lruCache" was disposed');
});

test("lruCache: after any program bytes ≤ maxBytes, entries ≤ maxEntries, and live bytes are the cache's", () => {
  const step = fc.record({ key: fc.nat(6), size: fc.nat(12), get: fc.boolean(), wait: fc.nat(3) });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      let now = 0;
      const before = live(),
        cache = memory.lruCache<number>({ maxBytes: 120, maxEntries: 4, ttl: 12, clock: () => now });
      for (const { key, size, get, wait } of steps) {
        now += wait;
        if (get) cache.get(key);
        else cache.set(key, np.zeros(size));
        expect(live() - before).toBe(cache.bytes);
        expect(cache.bytes <= 120 && cache.size <= 4).toBe(true);
      }
      cache.dispose();
      expect(live()).toBe(before);
    }),
  );
});
