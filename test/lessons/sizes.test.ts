// What an array weighs, and how to ask.
import { expect, test } from "vitest";
import * as np from "../../src/index.js";

const { memory } = np;

test("lesson 1: an array of n float64 has 8 n bytes, whatever n", () => {
  using x = np.random.defaultRng(1).standardNormal([5]);
  expect([x.itemsize, x.nbytes, x.size]).toEqual([8, 40, 5]);
  for (const n of [0, 1, 5, 1e7]) {
    using a = np.empty(n);
    expect(a.nbytes).toBe(8 * n);
  }
  using many = np.empty(1e7);
  expect(many.nbytes).toBe(80_000_000);
});

test("lesson 2: what an array reports as nbytes is what was allocated, to the byte", () => {
  const t = memory.trace(() => memory.scope(() => [np.zeros(10).nbytes, np.zeros([3, 4]).nbytes]));
  expect(t.result).toEqual([80, 96]);
  expect([t.allocs, t.allocated]).toEqual([2, 80 + 96]);
});

test("lesson 3: a smaller dtype makes smaller arrays: float32 has 4 bytes an item, int16 has 2", () => {
  using x = np.zeros(5, { dtype: "float32" });
  using n = np.array([3, 4, 2, -2], { dtype: "int16" });
  expect([x.itemsize, n.itemsize, n.nbytes]).toEqual([4, 2, 8]);
});

test("lesson 4: the data weighs 80,000,000 bytes; the header beside it has the same size for every n", () => {
  using big = np.empty(1e7);
  using small = np.empty(8);
  expect(memory.sizeOf(big).payload).toBe(80_000_000);
  expect(memory.sizeOf(big).header).toBe(16);
  expect(memory.sizeOf(small).header).toBe(16);
  expect(memory.sizeOf(big).total).toBe(80_000_064);
});

test("lesson 5: asking for the size of a list of arrays says little, unless it is asked deeply", () => {
  using x = np.empty(1e7);
  const list = [3, x];
  const shallow = memory.sizeOf(list);
  expect([shallow.payload, shallow.reachable]).toEqual([0, 80_000_000]);
  expect(String(shallow)).toContain("+ 80.0 MB reachable");
  expect(memory.sizeOf(list, { deep: true }).payload).toBe(80_000_000);
});

test("lesson 6: a buffer counts once however often it is held, a copy counts again, a view adds nothing", () => {
  using x = np.empty(1e7);
  using y = x.copy();
  using v = np.broadcastTo(x, [2, 1e7]);
  const deep = (value: unknown): number => memory.sizeOf(value, { deep: true }).payload;
  expect(deep([x, x])).toBe(80_000_000);
  expect(deep([x, y])).toBe(160_000_000);
  expect(deep([x, v])).toBe(80_000_000);
  expect(memory.sizeOf([x, v], { deep: true }).shared).toBe(80_000_000);
});

test("lesson 6: an object that holds itself is measured all the same", () => {
  using x = np.empty(1000);
  const loop: Record<string, unknown> = { x, inside: new Map([["again", new Set([x])]]) };
  loop.self = loop;
  const size = memory.sizeOf(loop, { deep: true });
  expect(size.payload).toBe(8000);
  expect(size.tree().split("\n")).toEqual([
    "Object of 3",
    `  .x  float64 [1000] #${x.id}: 8,000 B in buffer #${x.buffer.serial}`,
    "  .inside  Map of 1",
    '    ["again"]  Set of 1',
    `      {0}  float64 [1000] #${x.id}: 8,000 B in buffer #${x.buffer.serial}, counted above`,
    "    key  string of 5",
    "  .self  (a cycle, or met before)",
  ]);
});

test("lesson 5: typed arrays in a value are told apart: they lie in JavaScript's memory", () => {
  const numbers = new Float64Array(1000);
  const size = memory.sizeOf({ numbers, same: numbers.subarray(10) }, { deep: true });
  expect([size.payload, size.host]).toEqual([0, 8000]);
});

test("lesson 7: saved, an array is its data and a header of a multiple of 64 bytes", () => {
  using five = np.arange(5);
  using many = np.empty(1e7);
  expect(np.save(five).length).toBe(168);
  expect(np.save(many).length).toBe(80_000_128);
  for (const shape of [[], [0], [3, 4], new Array(30).fill(1)])
    for (const dtype of ["bool", "int64", "complex128"] as const) {
      using a = np.zeros(shape, { dtype });
      expect((np.save(a).length - a.nbytes) % 64).toBe(0);
    }
});

test("lesson 8: a thousand random numbers take 19,281 characters as JSON, 2.37 times their file of bytes", () => {
  using x = np.random.defaultRng(7).random([1000]);
  const bytes = np.save(x).length,
    text = JSON.stringify(x.tolist()).length;
  expect([bytes, text, (text / bytes).toFixed(2)]).toEqual([8128, 19_281, "2.37"]);
});
