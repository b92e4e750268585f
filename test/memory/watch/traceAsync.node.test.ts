import { expect, test } from "vitest";
import * as np from "../../../src/index.js";
import { attach, detach } from "../../../src/memory/record/listeners.js";
import { lineOf } from "../../support/lineOf.js";
import text from "./traceAsync.node.test.js?raw";

// Where the host has AsyncLocalStorage, a trace has the work of its own task, and no other's.

const { memory } = np;
const levels = ["counters", "events", "lines", "stacks"] as const;
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Makes and frees so many arrays of `size`, with other tasks' turns between; returns one more. */
async function rounds(size: number, count: number): Promise<np.NDArray> {
  for (let i = 0; i < count; i++) {
    using a = np.zeros(size);
    await pause(1);
    using b = np.add(a, 1);
    await Promise.resolve();
    b.iadd(1);
  }
  return np.zeros(size);
}

test.each(levels)("two tasks in turns have each their own bill, to the byte, at the level %s", async (level) => {
  const { live } = memory.usage();
  const [first, second] = await Promise.all([
    memory.traceAsync(() => rounds(100, 4), { level }),
    memory.traceAsync(() => rounds(1000, 6), { level }),
  ]);
  const sums = ({ allocs, allocated, frees, peak, retained, unattributed }: np.memory.Report): unknown[] => [
    allocs,
    allocated,
    frees,
    peak,
    retained,
    unattributed,
  ];
  expect(sums(first)).toEqual([9, 7200, 8, 1600, 800, false]);
  expect(sums(second)).toEqual([13, 104_000, 12, 16_000, 8000, false]);
  if (level !== "counters") {
    expect(first.ops().map(({ op, calls, allocs }) => [op, calls, allocs])).toEqual([
      ["zeros", 0, 5],
      ["add", 8, 4],
    ]);
    expect(new Set(first.events.map(({ shape }) => shape?.[0]))).toEqual(new Set([100, undefined]));
  }
  for (const { result } of [first, second]) result.dispose();
  expect(memory.usage().live).toBe(live);
});

test("timers and promises that the task starts are its own, as long as it lasts", async () => {
  let late: Promise<void> | undefined;
  const t = await memory.traceAsync(async () => {
    late = pause(5).then(() => np.zeros(1000).dispose());
    await new Promise<void>((resolve) => {
      setTimeout(() => {
        np.zeros(10).dispose();
        queueMicrotask(() => {
          np.zeros(20).dispose();
          resolve();
        });
      }, 1);
    });
  });
  await late;
  expect([t.allocs, t.allocated]).toEqual([2, 240]);
});

test("what is born in the trace counts as freed if another task frees it, and so does what the task frees of others'", async () => {
  const older = np.zeros(3),
    shared: np.NDArray[] = [];
  const mine = async (): Promise<void> => {
    shared.push(np.zeros(10), np.zeros(20));
    await pause(10);
    older.dispose();
  };
  const other = async (): Promise<void> => {
    await pause(1);
    using _ = np.zeros(1000);
    shared[0].dispose();
  };
  const [t] = await Promise.all([memory.traceAsync(mine), other()]);
  expect([t.allocs, t.allocated, t.frees, t.retained]).toEqual([2, 240, 2, 240 - 80 - 24]);
  shared[1].dispose();
});

test("the collector frees for the task what was born of it, and not what others forgot", async () => {
  const forget = (size: number): void => {
    for (let i = 0; i < 3; i++) np.ones(size);
  };
  await memory.collect();
  const t = await memory.traceAsync(async () => {
    forget(10);
    await pause(5);
    return memory.collect();
  });
  expect([t.frees, t.retained]).toEqual([3, 0]);
  const [other] = await Promise.all([
    memory.traceAsync(async () => {
      await pause(5);
      return memory.collect();
    }),
    pause(1).then(() => forget(20)),
  ]);
  expect([other.result.arrays, other.frees, other.retained]).toEqual([3, 0, 0]);
});

test("at the level lines nobody looks for the lines of other tasks", async () => {
  const sites: number[] = [];
  const deaf = { sited: false, allowing() {}, died() {}, viewed() {}, ran() {} };
  const listener = { ...deaf, born: ({ site }: { site: number }) => void sites.push(site) };
  attach(listener);
  const [t] = await Promise.all([
    memory.traceAsync(async () => {
      await pause(10);
      const mine = np.zeros(10);
      return mine.nbytes;
    }),
    pause(1).then(() => np.zeros(20).dispose()),
  ]);
  detach(listener);
  expect(t.lines().rows.map(({ site }) => site.line)).toEqual([lineOf(text, "const mine" + " = np.zeros(10)")]);
  expect(sites.map((site) => site > 0)).toEqual([false, true]);
});

test("a listener that wants lines gets them also from others than the task", async () => {
  using all = memory.tracing();
  const [t] = await Promise.all([memory.traceAsync(() => pause(10)), pause(1).then(() => np.zeros(10).dispose())]);
  expect([t.allocs, all.stop().lines().rows.length]).toEqual([0, 1]);
});

test("traces at the level stacks keep their callers, in whatever order they end", async () => {
  const inner = (): number => np.zeros(10).nbytes;
  const task = (ms: number) => memory.traceAsync(async () => pause(ms).then(() => inner()), { level: "stacks" });
  for (const t of await Promise.all([task(1), task(10)]))
    expect(t.export("collapsed")).toMatch(/;inner \(traceAsync\.node\.test\.ts:\d+\) 80\n$/);
});

test("what a trace has left behind is no part of a later one", async () => {
  let late: Promise<np.memory.Trace<void>> | undefined;
  const outer = await memory.traceAsync(async () => {
    late = pause(5).then(() => memory.traceAsync(() => pause(5).then(() => np.zeros(10).dispose())));
  });
  const beside = memory.traceAsync(() => pause(30));
  expect([outer.allocs, (await late!).allocs, (await beside).allocs]).toEqual([0, 1, 0]);
});

test("memory.limit and memory.tracing beside it count it too", async () => {
  using all = memory.tracing();
  using budget = memory.limit({ allocated: 1000 }, "small");
  const t = await memory.traceAsync(async () => {
    np.zeros(50).dispose();
    await pause(1);
    expect(() => np.zeros(100)).toThrow(np.MemoryBudgetError);
    np.zeros(10).dispose();
  });
  expect([t.allocs, t.allocated, t.frees, t.retained]).toEqual([2, 480, 2, 0]);
  expect([budget.left("allocated"), all.stop().allocated]).toEqual([520, 480]);
});
