import { describe, expect, test } from "vitest";
import * as np from "../../src/index.js";
import { memory } from "../../src/index.js";

// Notes are folded at 80 columns: the fold depends on the length of this file's name.
const text = (report: { toString(): string }): string => String(report).replace(/\n {14}(?!`)/g, " ");

describe("issue 7.18: reports say which views hold memory, and which ended with their array", () => {
  test("memory.trace names a view whose array a scope let go", () => {
    const t = memory.trace(() => memory.scope(() => np.zeros(1_000_000).at("0:10")));
    expect(text(t)).toMatch(
      /80 B view \(holding\.test\.ts:\d+\) holds 8\.00 MB of zeros \(holding\.test\.ts:\d+\): copy\(\) it/,
    );
    expect(text(memory.snapshot())).toContain("80 B view (holding.test.ts:");
    expect(memory.summary()).toContain("holds 8.00 MB of zeros");
    expect(text(memory.mostCommon())).toContain("holds 8.00 MB of zeros");
    t.result.dispose();
    expect(memory.summary()).not.toContain("holds 8.00 MB of zeros");
  });

  test("memory.snapshot names it without a trace, but not its line", () => {
    using view = memory.scope(() => np.zeros(1_000_000).at("0:10"));
    expect(text(memory.snapshot())).toContain("1 view holds 8.00 MB of zeros: copy() it");
    expect(view.size).toBe(10);
  });

  test("memory.trace counts the views that dispose ended, and their error says where they were made", () => {
    const kept: np.NDArray[] = [];
    const t = memory.trace(() => {
      for (let i = 0; i < 3; i++) {
        const a = np.zeros(1_000_000);
        kept.push(a.at("0:10") as np.NDArray);
        a.dispose();
      }
    });
    expect(text(t)).toMatch(/dispose ended 3 views made at holding\.test\.ts:\d+ \(80 B of 8\.00 MB each\)/);
    expect(() => kept[0].sum()).toThrow(/has ended: .*; the view was made at holding\.test\.ts:\d+; copy\(\) the view/);
  });

  test("memory.leaks tells of ended views that are still held, and not of those used in passing", () => {
    const kept: np.NDArray[] = [];
    const keeping = memory.leaks(() => {
      const a = np.zeros(100_000);
      kept.push(a.at("0:10") as np.NDArray);
      a.dispose();
    });
    expect(text(keeping)).toMatch(/^no leaks in 3 runs\n {2}dispose ended 1 view made at holding\.test\.ts:\d+/);
    expect(kept.length).toBe(4);
  });

  test("memory.leaks names the view that holds a leak", () => {
    const kept: np.NDArray[] = [];
    const found = memory.leaks(() => {
      const view = memory.scope(() => np.zeros(100_000).at("0:10"));
      kept.push(view as np.NDArray);
    });
    expect(found.found[0].heldBy).toMatch(/^80 B view \(holding\.test\.ts:\d+\): copy\(\) what is kept$/);
    for (const view of kept) view.dispose();
  });

  test("memory.trace says that a view was disposed and its array never was", () => {
    const t = memory.trace(() => {
      using m = np.arange(12).reshape([3, 4]);
      return m.size;
    });
    expect(text(t)).toMatch(
      /arange \(holding\.test\.ts:\d+\) was never disposed, only its view \(holding\.test\.ts:\d+\)/,
    );
    expect(text(t)).toContain("name the array, or memory.scope");
  });

  test("memory.limit's error names the view that holds what is in use", () => {
    using _ = memory.limit({ live: "8 MB" });
    using view = memory.scope(() => np.zeros(500_000).at("0:10"));
    expect(() => np.zeros(1_000_000)).toThrow(/views {5}80 B view \(.*\) holds 4\.00 MB of zeros/);
    expect(view.size).toBe(10);
  });
});

describe("issue 7.18: memory.trace names what was never given back", () => {
  const leave = (): void => {
    const a = np.zeros(1000);
    const b = np.ones(500);
    a.at("1:");
    b.set(0, 2);
  };

  test("by variable and line", () => {
    expect(text(memory.trace(leave))).toMatch(
      /left {10}12\.0 kB never given back: a \(\d+\), b \(\d+\)\n {14}`using` or memory\.scope, unless it is to stay/,
    );
  });

  test("but not what is returned, in a scope, in a pool, or held by a value that cannot be seen through", () => {
    const pool = memory.pool({ shape: [10], dtype: "float64" });
    const silent = [
      memory.trace(() => [np.zeros(10), { x: np.zeros(10).at("1:") }, new Map([[1, np.zeros(3)]])]),
      memory.trace(() => {
        const x = np.zeros(10);
        return () => x;
      }),
      memory.trace(() => pool.take()),
      memory.scope(() => memory.trace(leave)),
      memory.trace(() => memory.scope(leave)),
    ];
    for (const one of silent) expect(text(one)).not.toContain("never given back");
    using tracing = memory.tracing();
    leave();
    expect(text(tracing)).not.toContain("never given back");
  });
});
