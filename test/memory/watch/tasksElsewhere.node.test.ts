import { AsyncLocalStorage } from "node:async_hooks";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type * as nbytes from "../../../src/index.js";

// Hosts that cannot tell tasks apart, or only those that began in a function that was run for them.

const real = process.getBuiltinModule;
const pause = (ms = 1): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
let np: typeof nbytes;

const as = (modules: unknown) => async (): Promise<void> => {
  process.getBuiltinModule = modules as typeof real;
  vi.resetModules();
  // The sources one by one: of what other tests load, there is one for a process.
  np = (await import("../../../src/index.js?sources")) as unknown as typeof nbytes; // the same module
};
afterEach(() => {
  process.getBuiltinModule = real;
});

describe("issue 7.19: in a browser", () => {
  beforeEach(as(undefined));

  test("memory.open() and memory.scope(fn) in one job are as everywhere", () => {
    const { memory } = np,
      outer = memory.open(),
      a = np.ones(3),
      inner = memory.open();
    inner.keep(a);
    const b = memory.scope(() => np.zeros(2).at(0).copy());
    inner.close();
    expect([a.disposed, b.disposed]).toEqual([false, true]);
    outer.close();
    expect([a.disposed, memory.usage().live]).toEqual([true, 0]);
  });

  test("memory.scope(async fn) is refused, and frees what was born until then", async () => {
    const { memory } = np;
    expect(() => memory.scope(async () => np.zeros(10))).toThrow(
      /^scope\(\) of an async function needs a host that can tell this task's arrays from those of others: here, put the/,
    );
    expect(memory.usage().live).toBe(0);
    const later = np.zeros(3);
    await pause();
    expect(later.disposed).toBe(false);
  });

  test("memory.open() across an await refuses to close, and has disposed nobody's arrays", async () => {
    const { memory } = np;
    const task = async (): Promise<void> => {
      const s = memory.open("task");
      np.zeros(1);
      await pause(3);
      expect(() => s.close()).toThrow(/^scope "task" was open across an await, which needs a host that can tell/);
      s.close();
    };
    const running = task(),
      arrays = [np.zeros(2)];
    await null;
    arrays.push(np.zeros(3));
    await pause();
    arrays.push(memory.scope(() => np.zeros(4)));
    await running;
    expect(arrays.map((a) => a.disposed)).toEqual([false, false, false]);
    expect(memory.scope(() => np.zeros(4).sum())).toBe(0);
  });

  test("memory.limit() across an await refuses nobody after it, and says so when it ends", async () => {
    const { memory } = np;
    const task = async (): Promise<void> => {
      const limit = memory.limit({ allocs: 1 }, "mine");
      np.zeros(1);
      expect(() => np.zeros(1)).toThrow(np.MemoryBudgetError);
      await pause(3);
      expect(() => limit.close()).toThrow(/^limit "mine" was in force across an await, which needs/);
    };
    const running = task();
    await pause();
    expect([np.zeros(2).size, np.zeros(3).size]).toEqual([2, 3]);
    await running;
  });
});

describe("issue 7.19: with AsyncLocalStorage alone, as Deno and Bun have it", () => {
  beforeEach(as((name: string) => (name === "node:async_hooks" ? { AsyncLocalStorage } : undefined)));

  test("await memory.scope(async fn) is exact", async () => {
    const { memory } = np,
      made: nbytes.NDArray[] = [];
    const task = (n: number): Promise<nbytes.NDArray> =>
      memory.scope(async () => {
        made.push(np.zeros(n));
        await pause(n);
        memory.scope(() => made.push(np.zeros(n)));
        const inner = await memory.scope(async () => {
          await pause(n);
          return np.zeros(n);
        });
        made.push(inner);
        await pause(n);
        expect(inner.disposed).toBe(false);
        return np.zeros(n);
      });
    const running = Promise.all([task(3), task(1), task(2)]),
      beside = np.zeros(7);
    await pause(2);
    const later = np.zeros(8);
    const results = await running;
    expect(results.map((a) => a.disposed)).toEqual([false, false, false]);
    expect(made.map((a) => a.disposed)).toEqual(Array(9).fill(true));
    expect([beside.disposed, later.disposed]).toEqual([false, false]);
  });

  test("memory.open() across an await refuses to close, also inside a scope that goes on", async () => {
    const { memory } = np,
      others: nbytes.NDArray[] = [];
    const task = memory.scope(async () => {
      const s = memory.open("inner");
      await pause();
      const mine = np.zeros(2);
      expect(() => s.close()).toThrow(/^scope "inner" was open across an await.* await memory.scope\(async/);
      expect(mine.disposed).toBe(false);
      return [mine];
    });
    others.push(np.zeros(1));
    await null;
    others.push(np.zeros(1));
    const [mine] = await task;
    expect([mine, ...others].map((a) => a.disposed)).toEqual([false, false, false]);
  });
});
