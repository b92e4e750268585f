import { describe, expect, test } from "vitest";
import * as np from "../../../src/index.js";

const { memory } = np;

describe("issue 7.17: sizeOf(…, { deep: true }) sees into the package's own containers", () => {
  test("a pool's free and lent memory counts, a growable array's storage, a cache's arrays; a weak cache holds nothing", () => {
    using pool = memory.pool({ shape: 100, initial: 2 });
    using lent = pool.take();
    using list = memory.growable("float64", { capacity: 50 });
    using cache = memory.lruCache<string>();
    cache.set("a", np.zeros(10) as unknown as np.NDArray);
    const weak = memory.weakCache();
    weak.set("lent", lent as unknown as np.NDArray);
    const bytes = (value: unknown): number => memory.sizeOf(value, { deep: true }).payload;
    expect([bytes(pool), bytes(list), bytes(cache), bytes(weak)]).toEqual([1600, 400, 80, 0]);
    expect([bytes(pool), bytes(list), bytes(cache)]).toEqual([pool.stats.bytes, list.nbytes, cache.bytes]);
    expect(bytes({ pool, lent, cache, list })).toBe(2080);
    expect(memory.sizeOf(pool).reachable).toBe(1600);
    expect(memory.graph({ pool, lent }).nodes.reduce((sum, { nbytes }) => sum + nbytes, 0)).toBe(1600);
  });

  test("what cannot be seen is said: private fields, weak references, promises", () => {
    class Model {
      readonly #weights = np.zeros(10);
      dispose(): void {
        this.#weights.dispose();
      }
    }
    const model = new Model(),
      size = memory.sizeOf([model, new WeakMap(), Promise.resolve()], { deep: true });
    expect(size.unseen).toEqual(["private fields of Model", "what a WeakMap holds", "what a Promise holds"]);
    expect(String(size)).toContain("not seen: private fields of Model");
    expect(memory.sizeOf({ a: 1 }, { deep: true }).unseen).toEqual([]);
    model.dispose();
  });

  test("a disposed array inside a value is told as such, an own one is a DisposedError", () => {
    const gone = np.zeros(3);
    gone.dispose();
    expect(memory.sizeOf([gone], { deep: true }).tree()).toContain(": disposed");
    expect(() => memory.sizeOf(gone)).toThrow(np.DisposedError);
  });
});

describe("issue 7.17: memory.graph", () => {
  test("graph(base) tells the views that others hold", () => {
    using base = np.zeros(6);
    const views = [base.at("1:"), base.at("2:")];
    const { nodes, edges } = memory.graph(base);
    expect(nodes.map(({ kind, nbytes }) => [kind, nbytes])).toEqual([
      ["array", 48],
      ["view", 0],
    ]);
    expect(nodes[1].label).toBe("2 views held elsewhere");
    expect(edges).toHaveLength(1);
    for (const view of views) view.dispose();
  });

  test("graph(base) shows each view that a trace saw with its shape, dtype and line, ten at most", () => {
    using base = np.zeros([4, 6]);
    const views: np.NDArray[] = [base.at("1:") as np.NDArray];
    memory.trace(() => {
      views.push(base.T as np.NDArray, base.view("int32") as unknown as np.NDArray);
    });
    const { nodes, edges } = memory.graph(base);
    expect(nodes.slice(1).map(({ kind, nbytes, label }) => [kind, nbytes, label.replace(/\d+$/, "N")])).toEqual([
      ["view", 0, `#${views[1].id} float64 [6, 4]\nview of 192 B\nmade at values.test.ts:N`],
      ["view", 0, `#${views[2].id} int32 [4, 12]\nview of 192 B\nmade at values.test.ts:N`],
      ["view", 0, "and 1 view more held elsewhere"],
    ]);
    expect(edges.map(({ kind, to }) => [kind, to])).toEqual(edges.map(() => ["views", nodes[0].id]));
    memory.trace(() => {
      for (let i = 0; i < 30; i++) views.push(base.at("1:") as np.NDArray);
    });
    const many = memory.graph(base).nodes;
    expect([many.length, many[11].label]).toEqual([12, "and 23 views more held elsewhere"]);
    expect(memory.graph(base, views).nodes.filter(({ kind }) => kind === "view")).toHaveLength(33);
    for (const view of views) view.dispose();
    expect(memory.graph(base).nodes).toHaveLength(1);
  });

  test("containers have no bytes of their own, and a map of one entry is a map of one", () => {
    using x = np.zeros(6);
    const { nodes } = memory.graph(new Map([["x", x]]));
    expect(nodes.map(({ label, nbytes }) => [label.split("\n")[0], nbytes])).toEqual([
      ["Map of 1", 0],
      [`#${x.id} float64 [6]`, 48],
    ]);
  });
});

describe("issue 7.17: deepCopy", () => {
  test("an instance is copied with its prototype and its arrays", () => {
    class Layer {
      weights = np.ones(3);
      next: Layer | null = null;
      get total(): number {
        return np.sum(this.weights);
      }
    }
    memory.scope(() => {
      const layer = new Layer();
      layer.next = layer;
      const copy = memory.deepCopy(layer);
      expect(copy).toBeInstanceOf(Layer);
      expect([copy === layer, copy.next === copy, copy.weights === layer.weights]).toEqual([false, true, false]);
      copy.weights.iadd(1);
      expect([layer.total, copy.total]).toEqual([3, 6]);
    });
  });

  test("dates, patterns, byte buffers, data views and members with symbols are copied", () => {
    const key = Symbol("key"),
      value = { date: new Date(5), pattern: /a+/gi, bytes: new Uint8Array([1, 2]).buffer, [key]: [1] };
    const copy = memory.deepCopy(value);
    expect(copy).toEqual(value);
    expect(copy.date).not.toBe(value.date);
    expect(copy.bytes).not.toBe(value.bytes);
    expect(copy[key]).not.toBe(value[key]);
  });

  test("two lazy copies are two arrays in the copy", () => {
    memory.scope(() => {
      const x = np.arange(3),
        y = np.ones(3),
        pair = [x.copy({ lazy: true }), y.copy({ lazy: true })] as const;
      expect(memory.deepCopy([pair, pair]).map(([a, b]) => [a.tolist(), b.tolist()])).toEqual([
        [
          [0, 1, 2],
          [1, 1, 1],
        ],
        [
          [0, 1, 2],
          [1, 1, 1],
        ],
      ]);
    });
  });

  class Private {
    readonly #x = 1;
    get x(): number {
      return this.#x;
    }
  }
  test.each([
    ["private fields", new Private(), "private fields of Private"],
    ["a promise", Promise.resolve(), "what a Promise holds"],
    ["a pool", memory.pool({ shape: 2 }), "a Pool"],
    ["a cache", memory.lruCache(), "an? LruCache"],
  ])("%s cannot be copied, and nothing is", (_, value, what) => {
    using x = np.zeros(3);
    const { buffers } = memory.usage();
    expect(() => memory.deepCopy({ x, value })).toThrow(new RegExp(`deepCopy cannot copy ${what}`));
    expect(memory.usage().buffers).toBe(buffers);
  });
});

test("issue 7.17: the bar of memory.map() is free only where nothing lives", () => {
  memory.scope(() => {
    const small = np.zeros(1);
    const bar = /│(.*?)│/.exec(String(memory.map()))?.[1] ?? "";
    expect(bar).toHaveLength(48);
    const cell = Math.floor((small.address / memory.usage().reserved) * 48);
    expect("█▒").toContain(bar[cell]);
  });
});

test("issue 7.17: usage().views counts the views that live: not those of disposed arrays, lazy copies, or a cache's hold", () => {
  const { views } = memory.usage();
  memory.scope(() => {
    const x = np.zeros(6),
      kept = [x.at("1:"), x.at("2:"), x.copy({ lazy: true })];
    using cache = memory.lruCache<string>();
    cache.set("y", np.zeros(3) as unknown as np.NDArray);
    expect(memory.usage().views).toBe(views + 2);
    kept[0].dispose();
    expect(memory.usage().views).toBe(views + 1);
    x.dispose();
    expect(memory.usage().views).toBe(views);
  });
  expect(memory.usage().views).toBe(views);
});
