// Forgotten arrays, and the collector that finds them.
import { expect, test } from "vitest";
import { collectGarbage } from "../../src/heap/collector.js";
import * as np from "../../src/index.js";
import { lineOf } from "../support/lineOf.js";
import text from "./collecting.node.test.js?raw";

const { memory } = np;
const live = (): number => memory.usage().live;

class Holder {
  other: Holder | null = null;
  constructor(readonly data: np.NDArray) {}
}

function cycle(): void {
  const a = new Holder(np.arange(1e7)),
    b = new Holder(np.arange(1e7));
  a.other = b;
  b.other = a;
}

test("lessons 21, 23: two arrays in a cycle of objects: 160,000,000 bytes wait for collect(), then none", async () => {
  await memory.collect();
  const before = live(),
    count = memory.buffers().length;
  cycle();
  expect(live() - before).toBe(160_000_000);
  collectGarbage();
  // The collector has found them; their memory comes back when the engine looks.
  expect([live() - before, memory.usage().pendingGc]).toEqual([160_000_000, 160_000_000]);
  expect(memory.buffers()).toHaveLength(count);
  expect(await memory.collect()).toEqual({ arrays: 2, bytes: 160_000_000, available: true });
  expect([live() - before, memory.usage().pendingGc]).toEqual([0, 0]);
});

test("lesson 21: a scope frees a cycle at once, without the collector", () => {
  const before = live();
  memory.scope(cycle);
  expect(live() - before).toBe(0);
});

test("lessons 24, 25: a weak handle and a weak cache lose an array that is forgotten", async () => {
  const cache = memory.weakCache<string>();
  const forget = (): np.memory.Weak<np.NDArray> => memory.weak(cache.set("a", np.zeros(1000)));
  const w = forget();
  const { arrays } = await memory.collect();
  expect([arrays, w.deref(), cache.size]).toEqual([1, undefined, 0]);
});

test("lesson 23: what a cache or a pool holds is not forgotten; an array taken and forgotten is", async () => {
  await memory.collect();
  using cache = memory.lruCache<string>({ maxBytes: "1 MB" });
  using pool = memory.pool({ shape: 1000, initial: 3, max: 3 });
  memory.scope(() => cache.set("a", np.zeros(1000)));
  expect(await memory.collect()).toEqual({ arrays: 0, bytes: 0, available: true });
  const forget = (): void => {
    pool.take();
    pool.take();
  };
  forget();
  expect(pool.stats.free).toBe(1);
  expect(await memory.collect()).toEqual({ arrays: 2, bytes: 16_000, available: true });
  expect(pool.stats).toMatchObject({ free: 1, taken: 0, bytes: 8000 });
});

test("lesson 23: a pool at its max looks for forgotten arrays before it refuses", () => {
  using pool = memory.pool({ shape: 10, max: 2 });
  for (let i = 0; i < 20; i++) expect(pool.take().size).toBe(10);
});

test("lesson 26: past a threshold of forgotten bytes a warning is given once, and names the busiest line", async () => {
  await memory.collect();
  const warnings: [text: string, bytes: number][] = [];
  using _ = memory.warnForgotten("20 MB", (text, { bytes }) => warnings.push([text, bytes]));
  const forget = (): void => {
    for (let i = 0; i < 3; i++) np.zeros(1e6);
    np.ones(1e6);
  };
  for (let i = 0; i < 3; i++) {
    forget();
    await memory.collect();
  }
  expect(warnings.map(([, bytes]) => bytes)).toEqual([32_000_000]);
  const line = lineOf(text, "i < 3; i++) np." + "zeros(1e6)");
  expect(warnings[0][0]).toMatch(/^32\.0 MB in 4 arrays were forgotten, and freed only when the collector ran/);
  expect(warnings[0][0]).toContain(`most by collecting.node.test.ts:${line}`);
});

test("lesson 26: the warning of a threshold that was ended is not given", async () => {
  await memory.collect();
  const warnings: string[] = [];
  const large = memory.warnForgotten("7 MB", (text) => warnings.push(`large: ${text}`));
  using _ = memory.warnForgotten(4000, (text) => warnings.push(text.slice(0, 19)));
  large[Symbol.dispose]();
  (() => np.zeros(1e6))();
  await memory.collect();
  expect(warnings).toEqual(["8.00 MB in 1 array "]);
});
