import { expect, test } from "vitest";
import * as np from "../../../src/index.js";
import { lineOf } from "../../support/lineOf.js";
import text from "./fragmentation.test.js?raw";

const { memory } = np;

// A block of 8,000 bytes takes 8,064 with its header, in units of 64.
const SPAN = 8064;

test("map().fragmentation tells the holes that freeing every second array leaves, and the line that keeps them apart", () => {
  memory.scope(() => {
    memory.start();
    const gone: np.NDArray[] = [];
    for (let i = 0; i < 50; i++) {
      gone.push(np.empty(1000));
      np.zeros([1000]);
    }
    const line = lineOf(text, "      np.zeros" + "([1000]);");
    memory.stop();
    expect(memory.map().fragmentation).toBe(null);
    for (const array of gone) array.dispose();
    const found = memory.map().fragmentation!;
    expect(found).toMatchObject({ holes: 50, bytes: 50 * SPAN, largest: SPAN });
    expect(found.by).toEqual([
      { what: `zeros float64 [1000] fragmentation.test.ts:${line}`, count: 50, nbytes: 400_000, holes: 50 * SPAN },
    ]);
    expect(found.text).toBe(
      `fragmented  403 kB in 50 holes, at most 8.06 kB in one: kept apart by
            50 × zeros float64 [1000] fragmentation.test.ts:${line}
            of a memory.pool, which makes its arrays together, they leave one
            block of 403 kB; a memory.scope that ends them with what lay between
            them leaves no hole`,
    );
    expect(String(memory.map())).toContain(found.text);
    expect(memory.summary()).toContain(found.text);
  });
});

test("the same arrays of a pool leave one block of the bytes that the advice tells, and no word of it", () => {
  memory.scope(() => {
    using pool = memory.pool({ shape: [1000], initial: 50 });
    const gone: np.NDArray[] = [];
    for (let i = 0; i < 50; i++) {
      gone.push(np.empty(1000));
      pool.take();
    }
    const before = memory.map().regions.filter(({ kind }) => kind === "free");
    for (const array of gone) array.dispose();
    const map = memory.map(),
      after = map.regions.filter(({ kind }) => kind === "free");
    expect(map.fragmentation).toBe(null);
    expect(memory.summary()).not.toContain("fragmented  ");
    expect(after.reduce((sum, { span }) => sum + span, 0) - before.reduce((sum, { span }) => sum + span, 0)).toBe(
      50 * SPAN,
    );
    expect(Math.max(...after.map(({ span }) => span))).toBeGreaterThanOrEqual(50 * SPAN);
  });
});

test("map().fragmentation is quiet where holes are few, small, or one of them is most of the memory", () => {
  memory.scope(() => {
    const arrays = Array.from({ length: 40 }, () => np.empty(10));
    for (let i = 0; i < 40; i += 2) arrays[i].dispose();
    expect(memory.map().fragmentation).toBe(null);
  });
  memory.scope(() => {
    const arrays = Array.from({ length: 12 }, (_, i) => np.empty(i === 0 ? 100_000 : 1000));
    for (let i = 0; i < 12; i += 2) arrays[i].dispose();
    expect(memory.map().holes).toBeGreaterThanOrEqual(5);
    expect(memory.map().fragmentation).toBe(null);
  });
  expect(memory.map().fragmentation).toBe(null);
});
