import { expect, test } from "vitest";
import * as np from "../../../src/index.js";

// What holds in every host. `unattributed` tells whether other tasks were counted: in browsers they are.

const { memory } = np;
const levels = ["counters", "events", "lines", "stacks"] as const;

/** Lets other tasks run: not at once, but after a timer. */
const pause = (ms = 1): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

test.each(levels)("memory.traceAsync(fn, { level: '%s' }) counts across awaits, to the byte", async (level) => {
  const before = memory.usage();
  const t = await memory.traceAsync(
    async () => {
      const a = np.zeros(100);
      await pause();
      const b = np.add(a, [1]);
      await null;
      a.dispose();
      return b;
    },
    { level },
  );
  const after = memory.usage();
  expect([t.allocs, t.allocated, t.frees, t.peak, t.retained, t.copied]).toEqual([3, 1608, 2, 1608, 800, 8]);
  expect([t.allocs, t.frees, t.retained]).toEqual([
    after.allocs - before.allocs,
    after.frees - before.frees,
    after.live - before.live,
  ]);
  expect(t.result.shape).toEqual([100]);
  t.result.dispose();
});

test("another task's work is counted if, and only if, the trace says `unattributed`", async () => {
  const mine = async (): Promise<number> => {
    const a = np.zeros(10);
    await pause(5);
    a.dispose();
    return a.nbytes;
  };
  const [t] = await Promise.all([
    memory.traceAsync(mine, { label: "mine" }),
    pause().then(() => np.zeros(1000).dispose()),
  ]);
  expect([t.allocs, t.allocated, t.frees, t.retained]).toEqual(t.unattributed ? [2, 8080, 2, 0] : [1, 80, 1, 0]);
  expect(String(t)).toMatch(t.unattributed ? /went on across an await/ : /^mine: 1 array, 80 B allocated/);
  expect(t.label).toBe("mine");
});

test("memory.traceAsync(fn) of a function that is not async is done with its value, and nothing else is counted", async () => {
  const promise = memory.traceAsync(() => np.zeros(3));
  np.zeros(1000).dispose();
  const t = await promise;
  using a = t.result;
  expect([a.nbytes, t.allocs, t.allocated, t.unattributed]).toEqual([24, 1, 24, false]);
});

test("memory.traceAsync(fn) passes a failure on and ends its trace, whether fn rejects or throws", async () => {
  const failing = [
    async () => {
      np.zeros(10).dispose();
      await pause();
      throw new RangeError("on purpose");
    },
    () => {
      throw new RangeError("on purpose");
    },
  ];
  for (const fn of failing) {
    const { live } = memory.usage();
    await expect(memory.traceAsync(fn, { level: "stacks" })).rejects.toThrow("on purpose");
    const t = memory.trace(() => np.zeros(5).dispose());
    expect([t.allocs, t.retained, memory.usage().live]).toEqual([1, 0, live]);
  }
  await expect(memory.traceAsync(async () => 1, { level: "line" as "lines" })).rejects.toThrow(np.ValueError);
});

test("traces nest: traceAsync in traceAsync, and trace inside", async () => {
  const outer = await memory.traceAsync(async () => {
    np.zeros(10).dispose();
    const inner = await memory.traceAsync(async () => {
      await pause();
      return memory.trace(() => np.zeros(5).dispose());
    });
    expect([inner.allocs, inner.allocated, inner.result.allocated]).toEqual([1, 40, 40]);
    await null;
    np.zeros(7).dispose();
  });
  expect([outer.allocs, outer.allocated, outer.peak]).toEqual([3, 176, 80]);
});

test("memory.traceAsync(fn) tells the same of a function without awaits as memory.trace(fn)", async () => {
  const x = np.ones(1000),
    y = np.ones(1000, { dtype: "int16" });
  const program = (): unknown =>
    memory.scope((scope) => {
      const total = np.sum(np.multiply(np.lazy(y), 2));
      np.add(x, y).at("::2").copy().iadd(1);
      scope.keep(x.copy({ lazy: true })).dispose();
      return total;
    });
  const plain = memory.trace(program, { label: "program" }),
    t = await memory.traceAsync(program, { label: "program" });
  const tables = (report: typeof plain): unknown => [report.ops(), report.dtypes(), report.freed(), report.events];
  expect(tables(t)).toEqual(tables(plain));
  for (const a of [x, y]) a.dispose();
});
