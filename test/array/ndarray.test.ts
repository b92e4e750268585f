import { describe, expect, test } from "vitest";
import * as np from "../../src/index.js";

const { memory } = np;
const live = (): number => memory.usage().live;

describe("issue 7.18: dispose() of the array that owns a buffer ends its views", () => {
  test("a.dispose() frees the memory that views made in passing would hold", () => {
    const before = live();
    for (let i = 0; i < 100; i++) {
      const x = np.zeros(1000);
      x.at("::2").fill(1);
      x.reshape([10, 100]).T.at(0).sum();
      x.dispose();
      expect(live()).toBe(before);
    }
  });

  test("`using a` ends views too, and so do views of views", () => {
    const before = live();
    let v: np.NDArray, w: np.NDArray;
    {
      using a = np.arange(12);
      v = a.reshape([3, 4]);
      w = v.T.at("1:");
      expect([v.disposed, w.disposed]).toEqual([false, false]);
    }
    expect([v.disposed, w.disposed, live()]).toEqual([true, true, before]);
    for (const use of [() => v.sum(), () => v.T, () => w.set(0, 1), () => w.data, () => w.address])
      expect(use).toThrow(np.DisposedError);
  });

  test("v.dispose() of a view ends that view alone", () => {
    const before = live();
    const a = np.arange(4),
      v = a.at("1:"),
      w = a.at("2:");
    v.dispose();
    expect([a.disposed, v.disposed, w.tolist(), live() - before]).toEqual([false, true, [2, 3], 32]);
    expect(() => v.item(0)).toThrow(`array #${v.id} (float64, shape [3]) was disposed`);
    a.dispose();
    v.dispose();
    w.dispose();
    expect(live()).toBe(before);
  });

  test("a view that has ended never shows the array that has its memory next", () => {
    const a = np.full(100, 1),
      v = a.at("1:"),
      { address } = a;
    a.dispose();
    using b = np.full(100, 2);
    expect(b.address).toBe(address);
    expect(() => v.item(0)).toThrow(
      /^view #\d+ \(float64, shape \[99\]\) has ended: array #\d+ \(float64, shape \[100\]\)/,
    );
    expect(() => np.add(b, 1, { out: v })).toThrow(np.DisposedError);
  });

  test("a.dispose() leaves lazy copies of a, and of its views, their memory", () => {
    const before = live();
    const a = np.arange(4),
      v = a.at("1:"),
      c = a.copy({ lazy: true }),
      d = v.copy({ lazy: true }),
      e = c.at("2:");
    a.dispose();
    expect([v.disposed, c.tolist(), d.tolist(), e.tolist()]).toEqual([true, [0, 1, 2, 3], [1, 2, 3], [2, 3]]);
    c.set(0, 9);
    expect([c.tolist(), d.tolist()]).toEqual([
      [9, 1, 2, 3],
      [1, 2, 3],
    ]);
    c.dispose();
    expect([e.disposed, d.tolist()]).toEqual([true, [1, 2, 3]]);
    d.dispose();
    expect(live()).toBe(before);
  });

  test("a.dispose() frees nothing that a cache has taken over", () => {
    const before = live();
    using cache = memory.lruCache<string>();
    const a = np.arange(4),
      v = a.at("1:");
    cache.set("a", a);
    a.dispose();
    expect([cache.get("a")?.tolist(), v.tolist()]).toEqual([
      [0, 1, 2, 3],
      [1, 2, 3],
    ]);
    cache.clear();
    expect([v.tolist(), live() - before]).toEqual([[1, 2, 3], 32]);
    v.dispose();
    expect(live()).toBe(before);
  });

  test("what a scope or a deep copy returns as a view keeps its memory", () => {
    const before = live();
    const scoped = memory.scope(() => np.arange(4).at("1:")),
      tail = scoped.at("1:"),
      copied = memory.deepCopy([scoped, tail]);
    expect([scoped.tolist(), copied.map((a) => a.tolist())]).toEqual([
      [1, 2, 3],
      [
        [1, 2, 3],
        [2, 3],
      ],
    ]);
    for (const a of [scoped, tail, ...copied]) a.dispose();
    expect(live()).toBe(before);
  });

  test("a DisposedError of a view tells where its array was disposed, while a trace runs", () => {
    const a = np.arange(4),
      v = a.at("1:");
    memory.trace(() => a.dispose());
    expect(() => v.item(0)).toThrow(
      /which it views, was disposed, at ndarray.test.ts:\d+; copy\(\) the view, or keep its/,
    );
  });
});
