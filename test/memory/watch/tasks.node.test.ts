import { afterEach, describe, expect, test } from "vitest";
import * as np from "../../../src/index.js";

// Several tasks at once, each with scopes and limits of its own.

const { memory } = np;
const live = (): number => memory.usage().live;
const pause = (ms = 1): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

// What a scope did not free is freed here: each test begins with nothing.
const made: np.NDArray[] = [];
const zeros = (n: number): np.NDArray => {
  const a = np.zeros(n);
  made.push(a);
  return a;
};
afterEach(() => {
  for (const a of made.splice(0)) a.dispose();
});

describe("issue 7.19: each task has its own scopes", () => {
  test("memory.open() in three tasks at once keeps each task's result, and frees the rest", async () => {
    const before = live();
    const task = async (n: number, ms: number): Promise<np.NDArray> => {
      using s = memory.open(`task ${n}`);
      const a = np.full(10, n);
      await pause(ms);
      const b = np.add(a, 1);
      await pause(ms);
      return s.keep(np.multiply(b, a));
    };
    const results = await Promise.all([task(1, 6), task(2, 12), task(3, 2)]);
    expect(results.map((a) => a.item(0))).toEqual([2, 6, 12]);
    expect(live() - before).toBe(240);
    for (const a of results) a.dispose();
  });

  test("memory.open() does not have what its caller makes while the task waits, in the same job or later", async () => {
    let inside = 0;
    const task = async (): Promise<void> => {
      using s = memory.open("task");
      zeros(1);
      await pause(10);
      zeros(2);
      inside = s.arrays.length;
      expect(String(s)).toBe('scope "task": 2 arrays, 24 B');
    };
    const running = task(),
      same = zeros(10);
    await null;
    const later = zeros(11);
    await pause();
    const timed = zeros(12);
    await running;
    expect([inside, ...made.map((a) => a.disposed)]).toEqual([2, true, false, false, false, true]);
    for (const a of [same, later, timed]) expect(a.disposed).toBe(false);
  });

  test("memory.open() has what functions do that its function awaits, and timers and promises that they start", async () => {
    const helper = async (n: number): Promise<void> => {
      zeros(n);
      await null;
      zeros(n);
      await pause();
      zeros(n);
    };
    const task = async (): Promise<number> => {
      using s = memory.open();
      await helper(1);
      await Promise.all([helper(2), helper(3)]);
      await new Promise<void>((resolve) => setTimeout(() => resolve(void zeros(4)), 1));
      await Promise.resolve(1).then(() => zeros(5));
      for await (const n of [6, 7]) zeros(n);
      return s.arrays.length;
    };
    expect(await task()).toBe(13);
    expect(made.every((a) => a.disposed)).toBe(true);
  });

  test("memory.open() after an await nests in the scope of its task, which frees what it keeps", async () => {
    const task = async (n: number): Promise<boolean[]> => {
      using _ = memory.open("outer");
      await pause(n);
      const kept = await (async () => {
        using inner = memory.open("inner");
        const a = zeros(n);
        await pause(n);
        return inner.keep(a);
      })();
      await pause(n);
      return [kept.disposed];
    };
    expect(await Promise.all([task(3), task(1), task(2)])).toEqual([[false], [false], [false]]);
    expect(made.map((a) => a.disposed)).toEqual([true, true, true]);
  });

  test("a kept array goes to no sibling's scope, where tasks begin in one job without being async functions", async () => {
    const task = (n: number, ms: number): Promise<np.NDArray> => {
      const s = memory.open(`task ${n}`),
        first = zeros(n);
      return pause(ms)
        .then(() => s.keep(np.add(first, n)))
        .finally(() => s.close());
    };
    const kept = await Promise.all([1, 2, 3].map((n) => task(n, 10 - 3 * n)));
    expect(kept.map((a) => a.disposed)).toEqual([false, false, false]);
    expect(made.map((a) => a.disposed)).toEqual([true, true, true]);
    for (const a of kept) a.dispose();
  });

  test("what may be another task's is left alone when a function returns with its scope open, and the scope tells it", async () => {
    const begin = (): { s: np.memory.Scope; done: Promise<void> } => {
      const s = memory.open("let go");
      zeros(1);
      return { s, done: pause(5).then(() => s.close()) };
    };
    const { s, done } = begin();
    zeros(2);
    await pause();
    zeros(3);
    expect(String(s)).toBe(
      'scope "let go": 1 array, 8 B; 1 array left to the collector, which other tasks may have made',
    );
    await done;
    expect(made.map((a) => a.disposed)).toEqual([true, false, false]);
  });

  test("a scope that a function returns open lasts as before, if it is closed in the same job", () => {
    const begin = (): np.memory.Scope => memory.open();
    const s = begin();
    zeros(1);
    void Promise.resolve().then(() => {});
    zeros(2);
    s.close();
    expect(made.map((a) => a.disposed)).toEqual([true, true]);
  });

  test("memory.open() after many quick turns of a loop is exact in the turn that awaits, and in a task that begins then", async () => {
    const turns = (): void => {
      for (let i = 0; i < 300; i++) memory.open().close();
    };
    const helper = async (): Promise<void> => {
      await pause();
      zeros(3);
    };
    const task = async (): Promise<number> => {
      for (let i = 0; i < 300; i++) {
        using s = memory.open();
        zeros(1).dispose();
        if (i < 299) continue;
        zeros(2);
        await helper();
        await pause();
        zeros(4);
        return s.arrays.length;
      }
      return 0;
    };
    const other = async (): Promise<number> => {
      using s = memory.open();
      await pause();
      zeros(5);
      return s.arrays.length;
    };
    turns();
    const running = [task(), other()];
    const beside = zeros(10);
    await pause();
    const later = zeros(11);
    expect(await Promise.all(running)).toEqual([3, 1]);
    expect([beside.disposed, later.disposed]).toEqual([false, false]);
    expect(made.filter((a) => !a.disposed)).toEqual([beside, later]);
  });

  test("an interval's second turn has nothing of the scope that its first one left open", async () => {
    let turns = 0,
      s: np.memory.Scope | undefined;
    await new Promise<void>((resolve) => {
      const timer = setInterval(() => {
        if (turns++ === 0) s = memory.open();
        else {
          zeros(turns);
          clearInterval(timer);
          resolve();
        }
      }, 1);
    });
    s!.close();
    expect(made[0].disposed).toBe(false);
  });
});

describe("issue 7.19: memory.scope of an async function", () => {
  test("await memory.scope(async fn) frees what was born on its behalf, and keeps what it resolves to", async () => {
    const task = (n: number, ms: number): Promise<{ kept: np.NDArray }> =>
      memory.scope(async (s) => {
        zeros(n);
        await pause(ms);
        s.keep(zeros(100 * n));
        setTimeout(() => zeros(n), 0);
        await pause(ms);
        return { kept: zeros(10 * n) };
      });
    const running = Promise.all([task(1, 3), task(2, 2), task(3, 4)]);
    const [beside] = [zeros(1000)];
    await pause();
    const later = zeros(1001);
    const results = await running;
    expect(made.filter((a) => !a.disposed).map((a) => a.size)).toEqual(
      expect.arrayContaining([1000, 1001, 10, 20, 30, 100, 200, 300]),
    );
    expect(made.filter((a) => !a.disposed)).toHaveLength(8);
    expect([beside.disposed, later.disposed, ...results.map(({ kept }) => kept.size)]).toEqual([
      false,
      false,
      10,
      20,
      30,
    ]);
  });

  test("scopes nest inside a task: what an inner one keeps belongs to the outer one", async () => {
    const task = async (n: number): Promise<boolean> =>
      memory.scope(async () => {
        const inner = await memory.scope(async () => {
          await pause(n);
          return zeros(n);
        });
        const sync = memory.scope(() => zeros(n + 10));
        await pause(n);
        return inner.disposed || sync.disposed;
      });
    expect(await Promise.all([task(2), task(1)])).toEqual([false, false]);
    expect(made.map((a) => a.disposed)).toEqual([true, true, true, true]);
  });

  test("await memory.scope(async fn) inside memory.open() gives its result to that scope", async () => {
    const task = async (): Promise<number> => {
      using s = memory.open();
      await memory.scope(async () => {
        await pause();
        return zeros(3);
      });
      return s.arrays.length;
    };
    expect(await Promise.all([task(), task()])).toEqual([1, 1]);
    expect(made.map((a) => a.disposed)).toEqual([true, true]);
  });

  test("memory.scope(() => promise) frees everything when the promise rejects, and passes the error on", async () => {
    const failing = async (): Promise<void> => {
      zeros(1);
      await pause();
      zeros(2);
      throw new RangeError("on purpose");
    };
    await expect(memory.scope(() => failing())).rejects.toThrow("on purpose");
    expect(made.map((a) => a.disposed)).toEqual([true, true]);
  });
});

describe("issue 7.19: memory.limit across an await", () => {
  test("memory.limit() counts what its own task does, and refuses no other", async () => {
    const limited = async (): Promise<string[]> => {
      using b = memory.limit({ allocs: 2, live: 1000 }, "mine");
      zeros(1);
      await pause(4);
      zeros(2);
      expect([b.left("allocs"), b.left("live")]).toEqual([0, 976]);
      expect(() => np.zeros(3)).toThrow('budget "mine" has none left');
      await pause();
      expect(() => np.zeros(3)).toThrow('budget "mine" has none left');
      return b.report.ops().map(({ op, allocs }) => `${op} ${allocs}`);
    };
    const other = async (): Promise<void> => {
      for (let i = 0; i < 5; i++) {
        zeros(1000);
        await pause(2);
      }
    };
    const running = limited();
    zeros(500);
    const [ops] = await Promise.all([running, other(), other()]);
    expect(ops).toEqual(["zeros 2"]);
  });
});

/** A chain of numbers that a seed begins. */
function stream(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

test.each([1, 2, 3, 4, 5, 6])(
  "issue 7.19: tasks in turns, at random (%i): scopes dispose all that their task made, and nothing else",
  async (seed) => {
    const next = stream(seed),
      wrong: string[] = [];
    type Mine = { a: np.NDArray; keep: boolean };
    const work = async (mine: Mine[], depth: number): Promise<void> => {
      for (let i = next(4); i >= 0; i--) {
        const choice = next(8);
        if (choice < 3) mine.push({ a: zeros(1 + next(9)), keep: false });
        else if (choice === 3) await null;
        else if (choice === 4) await pause(next(3));
        else if (depth > 2) await Promise.resolve();
        else if (choice === 5) await Promise.all([scoped(depth + 1), opened(depth + 1), work(mine, depth + 1)]);
        else if (choice === 6) void background.push(opened(depth + 1));
        else await work(mine, depth + 1);
        for (const { a } of mine) if (a.disposed) wrong.push(`#${a.id} of its task was disposed too early`);
      }
    };
    const ended = (mine: Mine[], what: string): void => {
      for (const { a, keep } of mine) if (a.disposed === keep) wrong.push(`${what} #${a.id}: kept ${keep}`);
    };
    const opened = async (depth: number): Promise<void> => {
      const mine: Mine[] = [],
        s = memory.open();
      await work(mine, depth);
      for (const one of mine) one.keep = depth === 0 && next(3) === 0;
      s.keep(mine.filter(({ keep }) => keep).map(({ a }) => a));
      s.close();
      ended(mine, "open");
    };
    const scoped = async (depth: number): Promise<void> => {
      const mine: Mine[] = [];
      await memory.scope(async () => work(mine, depth));
      ended(mine, "scope");
    };
    const background: Promise<void>[] = [],
      free: Mine[] = [];
    const tasks = Array.from({ length: 8 }, () => (next(2) === 0 ? opened(0) : scoped(0)));
    for (let i = 0; i < 20; i++) {
      free.push({ a: zeros(5), keep: true });
      await (next(2) === 0 ? null : pause());
    }
    await Promise.all(tasks);
    while (background.length > 0) await background.pop();
    ended(free, "free");
    expect(wrong).toEqual([]);
  },
);
