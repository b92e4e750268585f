// Numbers in a list, in a typed array, in an array: what each takes where V8 keeps them.
import { expect, test } from "vitest";
import { collectGarbage } from "../../src/heap/collector.js";
import * as np from "../../src/index.js";

const { memory } = np;
const n = 1_000_000;

// ArrayBuffers are freed by another thread, some time after the collector found them: nothing here is let go.
const held: object[] = [];

/** What a value adds to V8's heap, to ArrayBuffers outside of it and to core memory, in whole MB. */
function megabytes(make: () => object): { heap: number; buffers: number; core: number } {
  const bytes = (): number[] => {
    collectGarbage();
    const { heapUsed, arrayBuffers } = process.memoryUsage();
    return [heapUsed, arrayBuffers, memory.usage().live];
  };
  const before = bytes();
  held.push(make());
  const [heap, buffers, core] = bytes().map((after, i) => Math.round((after - before[i]) / 1e6) + 0);
  return { heap, buffers, core };
}

function list(): unknown[] {
  const numbers = new Array<unknown>(n);
  for (let i = 0; i < n; i++) numbers[i] = i + 0.5;
  return numbers;
}

test("lessons 31, 33: a million numbers are 8 MB in a list, a typed array or an array, each in its own place", () => {
  expect(megabytes(list)).toEqual({ heap: 8, buffers: 0, core: 0 });
  expect(megabytes(() => new Float64Array(n))).toEqual({ heap: 0, buffers: 8, core: 0 });
  expect(megabytes(() => np.arange(n))).toEqual({ heap: 0, buffers: 0, core: 8 });
});

test("lessons 31, 33: one string pushed onto a list of a million numbers boxes them all: 8 MB become 28 MB", () => {
  const mixed = (): unknown[] => {
    const numbers = list();
    numbers.push("a word");
    return numbers;
  };
  expect(megabytes(mixed)).toEqual({ heap: 28, buffers: 0, core: 0 });
});

test("lesson 30: 100,000 points are 1,600,000 bytes in an array for each coordinate, 8 MB as objects", () => {
  const count = 100_000;
  const t = memory.trace(() => ({ x: np.zeros(count), y: np.zeros(count) }));
  expect([t.allocs, t.allocated]).toEqual([2, 1_600_000]);
  t.result.x.dispose();
  t.result.y.dispose();
  const objects = (): object[] => Array.from({ length: count }, (_, i) => ({ x: i + 0.5, y: i + 0.25 }));
  expect(megabytes(objects)).toEqual({ heap: 8, buffers: 0, core: 0 });
});
