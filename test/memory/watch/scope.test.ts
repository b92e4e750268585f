import { expect, test } from "vitest";
import * as np from "../../../src/index.js";

const { memory } = np;
const live = (): number => memory.usage().live;

test("memory.scope(fn) frees what was born in it, and keeps what is returned inside objects, lists, maps and sets", () => {
  const before = live();
  const kept = memory.scope(() => {
    np.zeros(1000);
    const [a, b, c, d] = [1, 2, 3, 4].map((k) => np.zeros(k));
    return { a, list: [b], map: new Map([["c", c]]), set: new Set([d]) };
  });
  expect(live() - before).toBe(8 + 16 + 24 + 32);
  for (const array of [kept.a, kept.list[0], kept.map.get("c")!, ...kept.set]) array.dispose();
  expect(live()).toBe(before);
});

test("memory.scope(fn) frees everything when the function throws", () => {
  const before = live();
  expect(() =>
    memory.scope((s) => {
      s.keep(np.zeros(10).at("1:")).dispose();
      np.zeros(1000);
      throw new RangeError("on purpose");
    }),
  ).toThrow("on purpose");
  expect(live()).toBe(before);
});

test("memory.scope(fn) keeps the buffer of a view that it returns", () => {
  const before = live(),
    v = memory.scope(() => np.arange(100).at("10:12"));
  expect(v.tolist()).toEqual([10, 11]);
  expect([live() - before, v.buffer.refcount]).toEqual([800, 1]);
  v.dispose();
  expect(live()).toBe(before);
});

test("what an inner scope returns belongs to the outer one", () => {
  const before = live();
  const inner = memory.scope(() => {
    const a = memory.scope(() => np.zeros(10));
    expect(a.size).toBe(10);
    return live() - before;
  });
  expect([inner, live() - before]).toEqual([80, 0]);
});

test("memory.open() lasts until it is disposed, and keep() lets an array outlive it", () => {
  const before = live();
  let kept: np.NDArray;
  {
    using s = memory.open("epoch");
    kept = s.keep(np.zeros(10));
    np.zeros(20);
    expect([s.label, s.arrays.length, live() - before]).toEqual(["epoch", 1, 240]);
  }
  expect(live() - before).toBe(80);
  kept.dispose();
});

test("scopes that close out of order each free their own", () => {
  const before = live(),
    first = memory.open("first");
  np.zeros(1);
  const second = memory.open("second");
  np.zeros(10);
  first.close();
  expect(live() - before).toBe(80);
  const late = np.zeros(100);
  second.close();
  second.close();
  expect(live()).toBe(before);
  expect(late.disposed).toBe(true);
  const after = np.zeros(3);
  expect(after.disposed).toBe(false);
  after.dispose();
});

test("a long loop that disposes as it goes does not make its scope grow", () => {
  memory.scope((s) => {
    for (let i = 0; i < 1000; i++) np.zeros(1).dispose();
    expect(s.arrays).toHaveLength(0);
  });
});
