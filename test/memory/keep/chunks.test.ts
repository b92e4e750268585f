import * as fc from "fast-check";
import { expect, test } from "vitest";
import * as np from "../../../src/index.js";

const { memory } = np;

function shapes(a: np.NDArray, n?: number): (readonly number[])[] {
  return [...memory.blocks(a, n)].map((block) => block.shape);
}

test("memory.blocks(a, n) gives whole rows where they fit, and parts of rows where not", () => {
  using m = np.zeros([5, 4]);
  using c = np.zeros([2, 3, 4]);
  using s = np.zeros([]);
  using e = np.zeros([3, 0]);
  expect(shapes(m, 20)).toEqual([[5, 4]]);
  expect(shapes(m, 9)).toEqual([
    [2, 4],
    [2, 4],
    [1, 4],
  ]);
  expect(shapes(m, 3)).toEqual(
    new Array(5)
      .fill([
        [1, 3],
        [1, 1],
      ])
      .flat(),
  );
  expect(shapes(c, 8)).toEqual([
    [1, 2, 4],
    [1, 1, 4],
    [1, 2, 4],
    [1, 1, 4],
  ]);
  expect([shapes(s, 1), shapes(e, 1), shapes(m)]).toEqual([[[]], [], [[5, 4]]]);
});

test("memory.blocks(a, n) covers every element once, in row-major order, whatever the layout", () => {
  const axes = fc.array(fc.nat(5), { minLength: 1, maxLength: 4 });
  fc.assert(
    fc.property(axes, fc.integer({ min: 1, max: 30 }), fc.boolean(), (shape, n, transposed) => {
      using a = np.arange(shape.reduce((x, y) => x * y, 1)).reshape(shape);
      using t = transposed ? a.T : a.view();
      const seen: unknown[] = [];
      for (const block of memory.blocks(t, n)) {
        expect(block.size <= n && block.base !== null).toBe(true);
        seen.push(...memory.scope(() => block.ravel().tolist() as number[]));
      }
      expect(seen).toEqual(memory.scope(() => t.ravel().tolist()));
    }),
    { numRuns: 60 },
  );
});

test("a block is disposed when the next is asked for, and at the end of a loop that breaks", () => {
  using a = np.arange(10);
  const kept: np.NDArray[] = [];
  for (const block of memory.blocks(a, 4)) {
    kept.push(block);
    if (kept.length === 2) break;
  }
  expect(kept.map((block) => block.disposed)).toEqual([true, true]);
  expect(a.buffer.refcount).toBe(1);
});

test("what is written into a block is written into the array", () => {
  using a = np.zeros([4, 2]);
  let k = 0;
  for (const block of memory.blocks(a, 2)) block.iadd(++k);
  expect(a.tolist()).toEqual([
    [1, 1],
    [2, 2],
    [3, 3],
    [4, 4],
  ]);
});

test("memory.blocks(a, n) refuses wrong sizes and disposed arrays at the call", () => {
  const a = np.zeros(3);
  for (const n of [0, -1, 1.5, Number.NaN])
    expect(() => memory.blocks(a, n)).toThrow(`a block has a whole number of elements above 0, not ${n}`);
  a.dispose();
  expect(() => memory.blocks(a, 1)).toThrow(np.DisposedError);
});
