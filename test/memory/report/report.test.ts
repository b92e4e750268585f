import { describe, expect, test } from "vitest";
import * as np from "../../../src/index.js";

const { memory } = np;

test("copies() gives each copy its reason in words, and says which were needless", () => {
  using x = np.arange(1000);
  const t = memory.trace(() =>
    memory.scope(() => {
      const needless = x.copy();
      np.sum(needless);
      const written = x.copy();
      written.set(0, 1);
      x.astype("float32");
      x.at(np.less(x, 500));
    }),
  );
  const rows = t
    .copies()
    .map(({ op, reason, nbytes, needless, why }) => [op, reason, nbytes, needless, why.split(";")[0]]);
  expect(rows).toEqual([
    ["copy", "requested", 8000, true, "asked for"],
    ["copy", "requested", 8000, false, "asked for"],
    ["astype", "dtype", 4000, false, "float64 → float32: another dtype has other bytes"],
    ["at", "advanced-index", 4000, false, "a mask or a list of indices cannot be told by strides"],
  ]);
  expect(String(t.copies())).toMatch(
    /^copies: 24,000 B, of them needless 8,000 B\n line +bytes +reason +operation +why\n/,
  );
  expect(String(t.copies())).toContain("NEEDLESS: use the original");
});

test("a copy is not called needless if its original was written, or disposed, or if its bytes were given out", () => {
  const t = memory.trace(() =>
    memory.scope(() => {
      const x = np.zeros(10),
        first = x.copy();
      x.set(0, 1);
      first.dispose();
      const second = x.copy();
      x.dispose();
      second.dispose();
      const y = np.zeros(10),
        third = y.copy();
      third.data[0] = 1;
      third.dispose();
    }),
  );
  expect(t.copies().map((copy) => copy.needlessBytes)).toEqual([0, 0, 0]);
});

test("a copy that is still alive is not called needless", () => {
  using x = np.zeros(10);
  const t = memory.trace(() => x.copy());
  expect(t.copies()[0].needless).toBe(false);
  t.result.dispose();
});

test("temporaries() are freed soon, or read once", () => {
  using x = np.arange(100);
  const t = memory.trace(() =>
    memory.scope(() => {
      const twice = np.multiply(x, 2);
      const kept = np.add(twice, 1);
      np.sqrt(kept);
      np.exp(kept);
    }),
  );
  const rows = t.temporaries().map(({ op, nbytes, lifetime, reads }) => [op, nbytes, lifetime, reads]);
  expect(rows).toEqual([
    ["multiply", 800, 3, 1],
    ["sqrt", 800, 1, 0],
    ["exp", 800, 0, 0],
  ]);
  expect(t.temporaries({ threshold: 10 })).toHaveLength(4);
});

test("advice() is given only where the values stay the same", () => {
  using x = np.arange(100);
  const advised = memory.trace(() =>
    memory.scope(() => {
      const a = np.multiply(x, 2);
      const b = np.add(a, 1);
      return b;
    }),
  );
  expect(advised.advice().map(({ saves, text }) => [saves, text])).toEqual([
    [800, "add(…, { out: a }): a is not used again"],
  ]);
  const read = memory.trace(() =>
    memory.scope(() => {
      const a = np.multiply(x, 2);
      const b = np.add(a, 1);
      return b.item(0)! + (a.item(0) as number);
    }),
  );
  expect(read.advice()).toEqual([]);
  const other = memory.trace(() => memory.scope(() => void np.greater(np.multiply(x, 2), 1)));
  expect(other.advice()).toEqual([]);
  const viewed = memory.trace(() =>
    memory.scope(() => {
      const a = np.multiply(x, 2),
        v = a.at("1:");
      np.add(a, 1);
      return v.size;
    }),
  );
  expect(viewed.advice()).toEqual([]);
  advised.result.dispose();
});

test("advice() counts a line in a loop once, with all its bytes", () => {
  using x = np.arange(100);
  const t = memory.trace(() => {
    for (let i = 0; i < 500; i++) {
      using a = np.multiply(x, 2);
      np.add(a, 1).dispose();
    }
  });
  expect(t.advice().map(({ saves, text }) => [saves, text])).toEqual([
    [400_000, "add(…, { out: a }): a is not used again, 500 times"],
  ]);
});

test("atPeak() tells what was live at the highest moment, also what is dead since", () => {
  const t = memory.trace(() => {
    using a = np.zeros(10);
    {
      using b = np.zeros(20);
      using c = np.ones(5);
      expect(a.size + b.size + c.size).toBe(35);
    }
    np.zeros(7).dispose();
  });
  const peak = t.atPeak();
  expect([t.peak, peak.live]).toEqual([280, 280]);
  expect(peak.statistics("op").map(({ key, size, count, average }) => [key, size, count, average])).toEqual([
    ["zeros", 240, 2, 120],
    ["ones", 40, 1, 40],
  ]);
  expect(t.atEnd().live).toBe(0);
});

test("dtypes() sums by dtype", () => {
  const t = memory.trace(() => memory.scope(() => void np.equal(np.zeros(10), np.zeros(10, { dtype: "int16" }))));
  expect(t.dtypes().map(({ op, allocs, allocated }) => [op, allocs, allocated])).toEqual([
    ["float64", 1, 80],
    ["int16", 1, 20],
    ["bool", 1, 10],
  ]);
});

test("timeline() draws live bytes in the order of events", () => {
  const t = memory.trace(() => {
    const arrays = [1, 2, 3, 4].map((k) => np.zeros(k * 125));
    for (const array of arrays) array.dispose();
  });
  expect(t.timeline().points.map((p) => p.live)).toEqual([1000, 3000, 6000, 10_000, 9000, 7000, 4000, 0]);
  expect(String(t.timeline({ width: 16 })).split("\n")).toEqual([
    "  10.0 kB │      ██▄▄",
    "          │      ████▄▄",
    "          │    ████████",
    "          │  ▄▄██████████",
    "      0 B │▄▄████████████",
    "          └────────────────",
    "           8 events, in order",
  ]);
  expect(t.timeline().toSvg()).toMatch(/^<svg .*<title>Live bytes after each of 8 events, at most 10,000 B<\/title>/);
});

test("at the level stacks, sums and snapshots know the callers", () => {
  const inner = (): np.NDArray => np.zeros(10);
  const outer = (): np.NDArray => inner();
  const t = memory.trace(() => outer(), { level: "stacks" });
  const [{ key, size }] = t.atEnd().statistics("stack");
  expect(key).toMatch(/^report\.test\.ts:\d+ < report\.test\.ts:\d+ < report\.test\.ts:\d+/);
  expect(size).toBe(80);
  expect(t.export("collapsed")).toMatch(/outer \(report\.test\.ts:\d+\);inner \(report\.test\.ts:\d+\) 80\n$/);
  t.result.dispose();
});

test("what a pool lends is no `out` for others: advice() leaves it alone", () => {
  const t = memory.trace(() => {
    using pool = memory.pool({ shape: 10, initial: 1 });
    for (let i = 0; i < 3; i++) {
      using a = pool.take();
      np.add(a, 1).dispose();
    }
  });
  expect(t.advice()).toEqual([]);
});

test("without lines, advice() tells the results of two operations apart", () => {
  using x = np.zeros(10);
  const t = memory.trace(
    () => {
      for (const op of [np.exp, np.sqrt]) {
        using a = op(x);
        np.add(a, 1).dispose();
      }
    },
    { level: "events" },
  );
  expect(t.advice().map(({ text }) => text)).toEqual([
    "add(…, { out }): the result of exp is not used again",
    "add(…, { out }): the result of sqrt is not used again",
  ]);
});

test("ops(), dtypes(), owners() and temporaries() print themselves", () => {
  const t = memory.trace(() => {
    using x = np.arange(1000);
    using _ = np.sqrt(np.add(x, [1]));
  });
  expect(String(t.ops())).toBe(
    [
      "  operation  calls  allocs  allocated  scratch  copied",
      "  add            1       2    8.01 kB      8 B     8 B",
      "  arange                 1    8.00 kB",
      "  sqrt           1       1    8.00 kB",
    ].join("\n"),
  );
  expect(String(t.dtypes()).split("\n")).toHaveLength(2);
  expect(String(t.owners())).toBe("  owner  allocs  allocated\n  array       4    24.0 kB");
  expect(String(t.temporaries())).toMatch(
    /^ line +bytes +arrays +reads +lifetime +operation +source\n +\d+ +8\.00 kB +1 +1 +3 +arange /,
  );
});

test("at the level events a report has no lines, though those of large arrays are known", () => {
  const t = memory.trace(() => np.empty(3_000_000).dispose(), { level: "events" });
  expect(t.lines().rows).toHaveLength(1);
  expect(String(t)).toMatch(/\n {2}operation .*\n {2}empty /);
  expect(t.export("html")).not.toContain('id="lines"');
});

test("export('html') shows at the level counters what is counted, and no table that is empty", () => {
  const html = memory.trace(() => np.zeros(10).dispose(), { level: "counters" }).export("html");
  expect([...html.matchAll(/<section id="([\w-]+)"/g)].map(([, id]) => id)).toEqual(["freed", "map", "cost"]);
  expect(html).not.toContain('id="scratch"');
});

test("advice() stays the same when the arrays of a trace are gone and their memory serves others", () => {
  using x = np.ones(1000);
  const t = memory.trace(() => {
    using doubled = np.multiply(x, 2);
    const result = np.add(x, 1);
    np.sum(doubled);
    return result;
  });
  expect(t.advice()).toEqual([]);
  t.result.dispose();
  memory.trace(() => np.add(x, 2).dispose());
  expect(t.advice()).toEqual([]);
});

test("advice() tells how an evaluated expression is written into an array: evaluate({ out })", () => {
  using x = np.ones(1000);
  const t = memory.trace(() =>
    memory.scope(() => {
      const doubled = np.multiply(x, 2);
      np.sum(doubled);
      return np.sqrt(np.add(np.lazy(x), 1)).evaluate();
    }),
  );
  using _ = t.result;
  expect(t.advice().map(({ saves, text }) => [saves, text])).toEqual([
    [8000, "evaluate({ out: doubled }): doubled is not used again"],
  ]);
  expect(t.ops().map(({ op, calls, allocated }) => [op, calls, allocated])).toContainEqual(["sqrt", 1, 0]);
});

describe("issue 7.16: advice that would change a value or save nothing is not given", () => {
  const advised = (program: (x: np.NDArray<"float64">) => unknown): string[] => {
    using x = np.arange(6);
    return memory.scope(() => memory.trace(() => memory.scope(() => program(x))).advice()).map(({ text }) => text);
  };

  test("evaluate() over its own input takes as much scratch as it spares", () => {
    expect(advised((x) => np.sqrt(np.add(np.lazy(np.multiply(x, 2)), 1)).evaluate())).toEqual([]);
  });

  test("roll(), repeat() and tile() give other elements than the original", () => {
    expect(advised((x) => void [np.roll(x, 1), np.repeat(x, 1), np.tile(x, 1), np.flip(x).copy()])).toEqual([]);
  });

  test("round() takes no out", () => {
    expect(advised((x) => np.round(np.multiply(x, 2), 1))).toEqual([]);
  });

  test("add(…, { where }) leaves elements as they are, which in an old array are not 0", () => {
    expect(advised((x) => np.add(np.multiply(x, 2), 1, { where: np.greater(x, 2) }))).toEqual([]);
  });

  test("copy() of a view that is disposed first, and of a transpose, is needed", () => {
    expect(
      advised((x) => {
        const view = x.at("1:"),
          copy = view.copy();
        view.dispose();
        np.sum(copy);
      }),
    ).toEqual([]);
    expect(advised((x) => np.sum(x.reshape([2, 3]).T.copy()))).toEqual([]);
  });

  test("add(a, 1) that outlives its `using a` is not written into it", () => {
    expect(
      advised((x) => {
        using a = np.multiply(x, 2);
        return np.add(a, 1);
      }),
    ).toEqual([]);
  });

  test("an array that is written later as `out` is in use", () => {
    expect(
      advised((x) => {
        const a = np.multiply(x, 2),
          b = np.subtract(x, 1);
        np.multiply(x, 3, { out: a });
        return b;
      }),
    ).toEqual([]);
  });

  test("a line that can only sometimes be written so is left alone", () => {
    expect(
      advised((x) => {
        const results = [];
        for (let i = 0; i < 3; i++) results.push(np.add(x, i));
        return results[2];
      }),
    ).toEqual([]);
  });

  test("what is advised is told as data: kind, operation, variable, and which allocation takes the place of which", () => {
    using x = np.arange(6);
    const t = memory.trace(() =>
      memory.scope(() => {
        const a = np.multiply(x, 2);
        const b = a.copy();
        b.dispose();
        return np.add(a, 1);
      }),
    );
    using _ = t.result;
    const told = t.advice().map(({ site: _, disposals, ...rest }) => ({
      ...rest,
      ...(disposals === undefined ? {} : { disposals: disposals.map(({ source }) => source) }),
    }));
    expect(told).toEqual([
      {
        kind: "original",
        op: "copy",
        disposals: ["b.dispose();"],
        spared: [{ array: 2, by: 1 }],
        saves: 48,
        text: "the original instead of copy(), and no dispose: neither was written while the copy lived",
      },
      {
        kind: "out",
        op: "add",
        name: "a",
        spared: [{ array: 3, by: 1 }],
        saves: 48,
        text: "add(…, { out: a }): a is not used again",
      },
    ]);
  });
});
