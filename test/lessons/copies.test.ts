// Views, copies, and work in place.
import { expect, test } from "vitest";
import * as np from "../../src/index.js";

const { memory } = np;

test("lesson 35: a view is the shallow copy of an array: another handle, the same bytes", () => {
  using x = np.arange(6);
  const t = memory.trace(() => x.at("..."));
  using v = t.result;
  expect(t.allocated).toBe(0);
  expect(v.id).not.toBe(x.id);
  expect(v.buffer).toBe(x.buffer);
  v.set(0, 99);
  expect(x.item(0)).toBe(99);
});

test("lesson 36: a copy is independent of its original", () => {
  using x = np.arange(3);
  using y = x.copy();
  expect(y.tolist()).toEqual(x.tolist());
  expect(y === x).toBe(false);
  y.set(0, 9);
  expect(x.tolist()).toEqual([0, 1, 2]);
});

test("lesson 36: deepCopy of a structure copies each array once: what was shared is shared in the copy", () => {
  using a = np.arange(3);
  const t = memory.trace(() => memory.deepCopy([a, a, { list: [a], name: "a" }] as const));
  const [first, second, rest] = t.result;
  expect([t.allocs, t.allocated]).toEqual([1, 24]);
  expect(first).toBe(second);
  expect(rest.list[0]).toBe(first);
  expect(first.id).not.toBe(a.id);
  first.set(0, 7);
  expect([a.tolist(), second.tolist()]).toEqual([
    [0, 1, 2],
    [7, 1, 2],
  ]);
  first.dispose();
});

test("lesson 36: deepCopy keeps two views of one buffer on one buffer, and copies only what a lone view shows", () => {
  const before = memory.usage().live;
  const run = memory.trace(() =>
    memory.scope(() => {
      const x = np.arange(6),
        v = x.at("2:"),
        pair = memory.deepCopy({ x, v });
      pair.v.set(0, 50);
      expect(pair.x.tolist()).toEqual([0, 1, 50, 3, 4, 5]);
      expect(pair.x.buffer.refcount).toBe(2);
      const lone = memory.deepCopy(v);
      expect(lone.buffer.nbytes).toBe(32);
      return x.tolist();
    }),
  );
  expect(run.result).toEqual([0, 1, 2, 3, 4, 5]);
  expect(memory.usage().live).toBe(before);
});

test("lesson 36: deepCopy of a structure that holds itself ends", () => {
  using a = np.arange(3);
  const loop: { a: typeof a; self?: unknown } = { a };
  loop.self = loop;
  const copy = memory.deepCopy(loop);
  expect(copy.self).toBe(copy);
  copy.a.dispose();
});

test("lesson 37: five rows that are one row: broadcastTo is read-only, 24 real bytes behind 120", () => {
  using row = np.zeros(3);
  using trap = np.broadcastTo(row, [5, 3]);
  expect(trap.strides).toEqual([0, 8]);
  expect(trap.flags.writeable).toBe(false);
  expect([trap.nbytes, trap.buffer.nbytes]).toEqual([120, 24]);
  expect(() => trap.set(0, 0, 1)).toThrow("5 rows share one row; call .copy()");
});

test("lesson 37: rows of zeros([5, 3]), or of tile, are independent, and take 120 bytes", () => {
  using a = np.zeros([5, 3]);
  expect(a.buffer.nbytes).toBe(120);
  a.set(0, 0, 1);
  expect(a.at(":, 0").tolist()).toEqual([1, 0, 0, 0, 0]);
  using row = np.zeros(3);
  using b = np.tile(row, [5, 1]);
  expect(b.buffer.nbytes).toBe(120);
  b.set(0, 0, 1);
  expect(b.at(":, 0").tolist()).toEqual([1, 0, 0, 0, 0]);
});

test("lesson 38: x += 1 in place allocates nothing; x + 1 allocates an array", () => {
  using x = np.zeros(1000);
  const { id, address } = x;
  const inPlace = memory.trace(() => x.iadd(1));
  expect([inPlace.allocs, inPlace.allocated, inPlace.result.id, x.address]).toEqual([0, 0, id, address]);
  const copying = memory.trace(() => np.add(x, 1));
  expect([copying.allocs, copying.allocated]).toEqual([1, 8000]);
  copying.result.dispose();
});

test("lesson 39: nanToNum in place takes one pass and no byte; NumPy takes 5 n for masks", () => {
  const values = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 1.5];
  using x = np.array(values);
  const { id } = x;
  const t = memory.trace(() => np.nanToNum(x, { copy: false }));
  expect(t.result.id).toBe(id);
  expect([t.allocs, t.peak, t.scratchPeak]).toEqual([0, 0, 0]);
  expect(x.tolist()).toEqual([0, 1.7976931348623157e308, -1.7976931348623157e308, 1.5]);
  using y = np.array(values);
  const copying = memory.trace(() => np.nanToNum(y));
  expect([copying.allocs, copying.peak]).toEqual([1, 32]);
  expect(copying.result.tolist()).toEqual(x.tolist());
  copying.result.dispose();
});

test("lesson 43: an array cannot grow: one element more is a new array of 8 (n + 1) bytes", () => {
  using x = np.empty(1e6);
  using six = np.array([6]);
  const joined = memory.trace(() => np.append(x, six));
  expect([joined.allocs, joined.allocated, joined.copied]).toEqual([1, 8_000_008, 8_000_008]);
  const number = memory.trace(() => np.append(x, 6));
  expect([number.allocs, number.scratchPeak, number.retained]).toEqual([2, 8, 8_000_008]);
  const cut = memory.trace(() => np.delete(x, 0));
  expect([cut.allocs, cut.allocated]).toEqual([1, 7_999_992]);
  for (const { events } of [joined, number, cut]) expect(events.find((e) => e.kind === "alloc")?.reason).toBe("join");
  for (const { result } of [joined, number, cut]) result.dispose();
});

test("lesson 75: a lazy copy takes 0 bytes until the first write, then one copy on the writer's line", () => {
  using x = np.arange(1000);
  const t = memory.trace(() => {
    const y = x.copy({ lazy: true });
    const before = [memory.usage().live, np.sum(y), y.at("10:").item(0)];
    y.set(0, 7);
    y.set(1, 8);
    return { y, before, live: memory.usage().live };
  });
  using y = t.result.y;
  expect([t.allocs, t.allocated, t.peak]).toEqual([1, 8000, 8000]);
  expect(t.result.live - (t.result.before[0] as number)).toBe(8000);
  expect(t.result.before.slice(1)).toEqual([499500, 10]);
  const [row] = t.lines().rows;
  expect([t.lines().rows.length, row.source?.trim(), row.copies]).toEqual([1, "y.set(0, 7);", 1]);
  expect([x.item(0), y.item(0)]).toEqual([0, 7]);
});

test("lesson 75: writing the original makes the copy too, and a typed array taken out forces it", () => {
  using x = np.arange(1000);
  using y = x.copy({ lazy: true });
  using z = x.copy({ lazy: true });
  expect(memory.trace(() => z.data).allocated).toBe(8000);
  expect(memory.trace(() => x.iadd(1)).allocated).toBe(8000);
  expect(memory.trace(() => x.iadd(1)).allocated).toBe(0);
  expect([x.item(0), y.item(0), z.item(0)]).toEqual([2, 0, 0]);
});
