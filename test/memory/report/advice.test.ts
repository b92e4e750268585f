import { describe, expect, test } from "vitest";
import * as np from "../../../src/index.js";

const { memory } = np;

/** The kinds and operations that are advised of a program over `x`. */
function advised(program: (x: np.NDArray<"float64">) => unknown): string[] {
  using x = np.arange(6);
  const t = memory.scope(() => memory.trace(() => program(x)));
  return t.advice().map(({ kind, op }) => `${kind} ${op}`);
}

describe("issue 7.16: advice() is given only where it can be carried out", () => {
  test("an array that a scope lets go, and that is disposed once more by hand, is no `out` for what the scope keeps", () => {
    const program = (again: boolean) => (x: np.NDArray) => {
      let a: np.NDArray | null = null;
      const b = memory.scope(() => {
        a = np.multiply(x, 2) as np.NDArray;
        return np.add(a, 1);
      });
      if (again) a!.dispose();
      return np.sum(b);
    };
    expect(advised(program(false))).toEqual(["out add"]);
    expect(advised(program(true))).toEqual([]);
  });

  test("an array that a weak reference sees end is no `out`, nor is its end put off", () => {
    const program = (watched: "a" | "b" | "no one") => (x: np.NDArray) => {
      const b = memory.scope(() => {
        const a = np.multiply(x, 2);
        if (watched === "a") memory.weak(a);
        return np.add(a, 1);
      });
      if (watched === "b") memory.weak(b);
      return np.sum(b);
    };
    expect(advised(program("no one"))).toEqual(["out add"]);
    expect(advised(program("a"))).toEqual([]);
    expect(advised(program("b"))).toEqual([]);
    expect(
      advised((x) =>
        memory.scope(() => {
          const copy = x.copy();
          memory.weak(copy);
          return np.sum(copy);
        }),
      ),
    ).toEqual([]);
  });

  test("a lazy copy that was made when its original was written is no `out`", () => {
    expect(
      advised((x) =>
        memory.scope(() => {
          const lazy = x.copy({ lazy: true });
          x.set(0, 5);
          return np.add(lazy, 1);
        }),
      ),
    ).toEqual([]);
  });

  test("the original in a copy's place needs to know every line that disposes the copy", () => {
    const prepared = (x: np.NDArray): np.NDArray => {
      return x.copy();
    };
    const alias = advised((x) => {
      using copy = prepared(x);
      return np.sum(copy);
    });
    expect(alias).toEqual([]);
    const declared = advised((x) => {
      using copy = x.copy();
      return np.sum(copy);
    });
    expect(declared).toEqual(["original copy"]);
    const twice = advised((x) => {
      const copy = x.copy(),
        other = copy;
      copy.dispose();
      other.dispose();
    });
    expect(twice).toEqual([]);
    const once = memory.trace(() => {
      const copy = prepared(np.zeros(3) as np.NDArray);
      copy.dispose();
    });
    const [advice] = once.advice().filter(({ kind }) => kind === "original");
    expect(advice?.disposals?.map(({ source }) => source)).toEqual(["copy.dispose();"]);
    expect(once.advice().map(({ kind }) => kind)).toEqual(["original", "scope"]);
    memory.collect();
  });
});

describe("issue 7.18: odd limits of a trace, and growth while an array is read, leak nothing", () => {
  test.each([0, 1, 2, 2 ** 40])(
    "trace(fn, { maxEvents: %d }) keeps as many events, exact sums, and nothing else",
    (most) => {
      const { live, buffers } = memory.usage();
      for (const level of ["events", "lines", "stacks"] as const) {
        const t = memory.trace(
          () =>
            memory.scope(() => {
              const a = np.add([1, 2], [3, 4]);
              np.sqrt(a);
            }),
          { maxEvents: most, level },
        );
        const all = memory.trace(() => memory.scope(() => void np.sqrt(np.add([1, 2], [3, 4]))), { level });
        expect([t.events.length, t.dropped]).toEqual([
          Math.min(most, all.events.length),
          Math.max(0, all.events.length - most),
        ]);
        expect([t.allocs, t.frees, t.retained]).toEqual([all.allocs, all.frees, 0]);
        expect(t.timeline().points.length).toBeLessThanOrEqual(most);
        expect(String(t)).toContain("retained 0 B");
        expect(() => [t.export("html"), t.export("json"), t.export("svg"), t.advice(), t.copies()]).not.toThrow();
      }
      expect(memory.usage()).toMatchObject({ live, buffers });
    },
  );

  test("array(a.data) reads all elements though memory grows for it, and a refusal leaves nothing", () => {
    const before = memory.usage();
    memory.scope(() => {
      const { reserved, live } = memory.usage();
      // More than half of what is left: the copy makes memory grow.
      const n = Math.ceil((reserved - live) / 8) + 1000;
      const a = np.arange(n);
      const b = np.array(a.data);
      expect([b.size, b.item(0), b.item(n - 1)]).toEqual([n, 0, n - 1]);
      const held = memory.usage().live;
      using _ = memory.limit({ live: 100 });
      expect(() => np.array(a.data)).toThrow(np.MemoryBudgetError);
      expect(memory.usage().live).toBe(held);
    });
    expect(memory.usage()).toMatchObject({ live: before.live, buffers: before.buffers });
  });
});
