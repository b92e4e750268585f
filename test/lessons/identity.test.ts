// Which array is which, who shares memory, and who counts as holding it.
import { expect, test } from "vitest";
import * as np from "../../src/index.js";

const { memory, slice } = np;

test("lesson 9: a second name for an array is the same array and costs nothing", () => {
  using x = np.arange(5);
  const t = memory.trace(() => {
    const y = x;
    return [y === x, y.id === x.id];
  });
  expect(t.result).toEqual([true, true]);
  expect([t.allocs, t.allocated]).toEqual([0, 0]);
});

test("lesson 10: a copy is another array with memory of its own", () => {
  using x = np.arange(5);
  const t = memory.trace(() => x.copy());
  using z = t.result;
  expect(z.id).not.toBe(x.id);
  expect(z.buffer.serial).not.toBe(x.buffer.serial);
  expect([t.allocs, t.allocated, t.copied]).toEqual([1, 40, 40]);
  expect(np.sharesMemory(x, z)).toBe(false);
});

test("lesson 11: writing an element leaves the array where it is", () => {
  using x = np.arange(5);
  const before = { id: x.id, address: x.address, version: x.buffer.version };
  const t = memory.trace(() => x.set(2, 3.5));
  expect(x.tolist()).toEqual([0, 1, 3.5, 3, 4]);
  expect({ id: x.id, address: x.address, version: x.buffer.version }).toEqual({
    ...before,
    version: before.version + 1,
  });
  expect(t.allocs).toBe(0);
});

test("lesson 12: an item is a number of JavaScript; an index that keeps the array is a view, new each time", () => {
  using x = np.arange(5);
  const t = memory.trace(() => x.item(1));
  expect([t.result, t.allocs]).toEqual([1, 0]);
  using a = x.at(1);
  using b = x.at(1);
  expect(a.id).not.toBe(b.id);
  expect(a.buffer).toBe(b.buffer);
  expect(a.ndim).toBe(0);
});

test("lesson 13: a list of arrays holds references: two entries may lead to one array", () => {
  using nums = np.arange(3);
  using other = np.arange(4);
  const graph = memory.graph([nums, nums, other, ["adfs"]]);
  const target = graph.nodes.find((node) => node.label.startsWith(`#${nums.id} `))!;
  expect(graph.edges.filter((edge) => edge.to === target.id)).toHaveLength(2);
  expect(memory.sizeOf([nums, nums, other], { deep: true }).payload).toBe(24 + 32);
});

test("lesson 14: rebinding a name allocates; the old array still reads the old values", () => {
  let x = np.arange(3);
  const y = x;
  const t = memory.trace(() => {
    x = np.empty(1e8);
  });
  expect([t.allocs, t.allocated]).toEqual([1, 800_000_000]);
  expect(y.tolist()).toEqual([0, 1, 2]);
  x.dispose();
  y.dispose();
});

test("lesson 15: a name moved to a new array leaves the other name alone; writing through one shows in both", () => {
  let a = np.array([1, 2, 3]);
  const b = a;
  a = np.array([4, 5, 6]);
  expect(b.tolist()).toEqual([1, 2, 3]);
  a.dispose();
  a = b;
  const t = memory.trace(() => [4, 5, 6].forEach((value, i) => void a.set(i, value)));
  expect(b.tolist()).toEqual([4, 5, 6]);
  expect([t.allocs, t.allocated]).toEqual([0, 0]);
  b.dispose();
});

test("lesson 15: assigning an array allocates nothing; a list first crosses into core memory, for that call", () => {
  using a = np.array([1, 2, 3]);
  using values = np.array([4, 5, 6]);
  const fromArray = memory.trace(() => a.assign(values));
  expect([a.tolist(), fromArray.allocs, fromArray.allocated]).toEqual([[4, 5, 6], 0, 0]);
  const fromList = memory.trace(() => a.assign([7, 8, 9]));
  expect([a.tolist(), fromList.scratchPeak, fromList.retained]).toEqual([[7, 8, 9], 24, 0]);
  expect(fromList.events[0]).toMatchObject({ kind: "scratch", nbytes: 24, reason: "host-boundary" });
});

test("lessons 16, 17: a buffer counts the arrays on it that live: names, calls and lists do not count", () => {
  using x = np.arange(5);
  const y = x,
    list = [x, y, { x }],
    count = (a: np.NDArray): number => a.buffer.refcount;
  expect(list).toHaveLength(3);
  expect(x.buffer.refcount).toBe(1);
  expect(count(x)).toBe(1);
  const v = x.at(slice());
  expect([x.buffer.refcount, v.buffer.refcount]).toEqual([2, 2]);
  v.dispose();
  expect(x.buffer.refcount).toBe(1);
});

test("lesson 27: a dtype is one name: equal dtypes are identical", () => {
  using x = np.zeros(3);
  using y = np.ones([2, 2]);
  expect(x.dtype === y.dtype && x.descr === y.descr).toBe(true);
  expect(x.dtype === "float64").toBe(true);
});
