import { describe, expect, test } from "vitest";
import * as np from "../../../src/index.js";
import { memory } from "../../../src/index.js";

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

  test("OutOfMemoryError of the engine itself names the view that holds memory, and where both were made", () => {
    const t = memory.trace(() => memory.scope(() => np.zeros(3_000_000).at("0:10")));
    expect(() => np.zeros(2 ** 29)).toThrow(
      /^Unable to allocate.*held by\n.*80 B view \(holding\.test\.ts:\d+\) holds 24\.0 MB of zeros \(holding\.test\.ts:\d+\): copy\(\) it/s,
    );
    t.result.dispose();
    expect(() => np.zeros(2 ** 29)).toThrow(/^Unable to allocate(?!.*holds 24\.0 MB)/s);
  });

  test("views() and advice() tell it as data, in JSON and HTML too", () => {
    const kept: np.NDArray[] = [];
    const t = memory.trace(() => {
      const a = np.zeros(1000);
      kept.push(a.at("0:10") as np.NDArray);
      a.dispose();
      return memory.scope(() => np.zeros(1_000_000).at("0:10"));
    });
    const told = t
      .views()
      .map(({ kind, count, nbytes, of, op, site, array }) => [
        kind,
        count,
        nbytes,
        of,
        op,
        site?.source,
        array?.source,
      ]);
    const line = 'return memory.scope(() => np.zeros(1_000_000).at("0:10"));';
    expect(told).toEqual([
      ["holds", 1, 80, 8_000_000, "zeros", line, line],
      ["ended", 1, 80, 8000, undefined, 'kept.push(a.at("0:10") as np.NDArray);', undefined],
    ]);
    const [advice] = t.advice();
    expect([advice.kind, advice.saves, advice.site?.source]).toEqual(["copy", 7_999_920, line]);
    expect(advice.text).toMatch(/^80 B view \(holding\.test\.ts:\d+\) holds 8\.00 MB of zeros \(.*\): copy\(\) it$/);
    const json = JSON.parse(t.export("json"));
    expect(json.views).toEqual(JSON.parse(JSON.stringify([...t.views()])));
    expect(json.advice).toEqual(JSON.parse(JSON.stringify(t.advice())));
    expect(t.export("html")).toMatch(/id="advice".*80 B view.*id="views".*dispose ended 1 view made at/s);
    expect(text(t.views())).toMatch(/holds\s+8\.00 MB\s+80 B view/);
    expect(JSON.stringify(JSON.parse(t.export("json", { source: false })).views)).not.toContain("kept.push");
    t.result.dispose();
  });

  test("memory.snapshot takes what views hold through JSON", () => {
    using view = memory.scope(() => np.zeros(1_000_000).at("0:10"));
    const again = memory.Snapshot.fromJSON(JSON.parse(JSON.stringify(memory.snapshot())));
    expect(text(again)).toContain("holds 8.00 MB of zeros");
    expect(view.size).toBe(10);
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

  test("as advice, in text, as data, in JSON and HTML, with the bytes that a scope gives back", () => {
    const t = memory.trace(leave),
      [advice] = t.advice(),
      [lineA, lineB] = t.lines().rows.map(({ site }) => site.line);
    const said = `never given back: a (line ${lineA}), b (line ${lineB}): \`using\` or memory.scope, unless it is to stay`;
    expect(t.advice()).toHaveLength(1);
    expect(advice).toMatchObject({ kind: "scope", op: "zeros", saves: 12_000, text: said });
    expect(advice.spared).toEqual([
      { array: 1, by: 0 },
      { array: 2, by: 0 },
    ]);
    expect(JSON.parse(t.export("json")).advice[0]).toMatchObject({ kind: "scope", saves: 12_000, text: said });
    expect(t.export("html")).toContain("never given back: a (line");
    expect(t.retained - memory.trace(() => memory.scope(leave)).retained).toBe(12_000);
    expect(memory.trace(leave, { source: false }).advice()[0].text).not.toContain("a (line");
  });

  test("and names the small view of an array without a name", () => {
    const seen: np.NDArray[] = [];
    const t = memory.trace(() => {
      seen.push(np.zeros(1000).at("0:10") as np.NDArray);
    });
    expect(text(t)).toMatch(/left {10}8\.00 kB never given back: holding\.test\.ts:\d+ \(its 80 B view\)/);
    expect(t.advice()[0].text).toMatch(/holding\.test\.ts:\d+ \(its 80 B view\)/);
    const far = memory.trace(() => {
      const whole = [np.zeros(1000)];
      seen.push(whole[0].at("0:10") as np.NDArray);
    });
    expect(far.advice()[0].text).toMatch(/: holding\.test\.ts:\d+ \(its 80 B view, holding\.test\.ts:\d+\)/);
    for (const view of seen) view.base!.dispose();
  });

  test("an array that was disposed is not what a function returned", () => {
    const t = memory.trace(() => {
      const a = memory.scope((s) => {
        const x = np.zeros(1000);
        s.keep(x.at("0:10"));
        return [x];
      });
      return a[0];
    });
    expect(t.advice().map(({ kind }) => kind)).toEqual([]);
    t.result.dispose();
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
