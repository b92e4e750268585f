import fc from "fast-check";
import { describe, expect, test } from "vitest";
import * as np from "../../src/index.js";
import { allCalls, changed, finished } from "../support/calls.js";

// Copies that are made when they, or what they were made from, are written.

const { memory } = np;

/** What a call did to memory. */
function bill(run: () => unknown): [allocs: number, allocated: number, copied: number] {
  const { allocs, allocated, copied } = memory.trace(run);
  return [allocs, allocated, copied];
}

test("copy(a, { lazy: true }) takes nothing, reads the same elements, and owns itself", () => {
  using x = np.arange(6);
  const t = memory.trace(() => x.copy({ lazy: true }));
  using y = t.result;
  expect([t.allocs, t.allocated, t.retained]).toEqual([0, 0, 0]);
  expect([y.tolist(), y.base, y.flags.ownData, y.flags.writeable]).toEqual([x.tolist(), null, true, true]);
  expect([np.sharesMemory(x, y), np.mayShareMemory(x, y), y.address === x.address]).toEqual([false, false, true]);
  expect(np.add(x, y).tolist()).toEqual([0, 2, 4, 6, 8, 10]);
});

test("copy(a, { lazy: true }) is made once, by the first that writes it", () => {
  using x = np.arange(1000);
  using y = x.copy({ lazy: true });
  expect(bill(() => y.set(0, 7))).toEqual([1, 8000, 8000]);
  expect(bill(() => y.iadd(1))).toEqual([0, 0, 0]);
  expect([x.item(0), y.item(0), y.item(999)]).toEqual([0, 8, 1000]);
  expect(memory.bufferOf(y).reason).toBe("requested");
});

test("copy(a, { lazy: true }) is made when the original is written, and by each that is lent", () => {
  using x = np.arange(1000);
  using y = x.copy({ lazy: true });
  using z = y.copy({ lazy: true });
  using last = x.at("990:").copy({ lazy: true });
  expect(bill(() => x.set("...", 0))).toEqual([3, 2 * 8000 + 80, 2 * 8000 + 80]);
  expect(bill(() => x.set("...", 1))).toEqual([0, 0, 0]);
  expect([x.item(5), y.item(5), z.item(5), last.tolist()]).toEqual([
    1,
    5,
    5,
    [990, 991, 992, 993, 994, 995, 996, 997, 998, 999],
  ]);
});

test("views of a lazy copy follow it when it is made", () => {
  using x = np.arange(6);
  using y = x.copy({ lazy: true });
  using v = y.at("::-1");
  v.set(0, 99);
  expect([x.tolist(), y.tolist(), v.tolist()]).toEqual([
    [0, 1, 2, 3, 4, 5],
    [0, 1, 2, 3, 4, 99],
    [99, 4, 3, 2, 1, 0],
  ]);
});

test("a typed array taken out forces the copy; of an array whose data was taken, copies are made at once", () => {
  using x = np.arange(3);
  using y = x.copy({ lazy: true });
  expect(bill(() => y.data)).toEqual([1, 24, 24]);
  y.data[0] = 9;
  expect(x.tolist()).toEqual([0, 1, 2]);
  expect(bill(() => y.copy({ lazy: true }))).toEqual([1, 24, 24]);
  using z = x.copy({ lazy: true });
  x.data[0] = 5;
  expect(z.tolist()).toEqual([0, 1, 2]);
});

test("what is no run of memory, and the arrays of pools and growables, are copied at once", () => {
  using pool = memory.pool({ shape: [4] });
  using growable = memory.growable("float64");
  growable.push(1, 2);
  const several = [np.arange(6).at("::2"), np.ones([3, 2]).T, pool.take(), growable.toArray()];
  for (const a of several) expect(bill(() => a.copy({ lazy: true }))[0]).toBe(1);
  pool.release(several[2]);
});

test("the original's memory stays until its last lazy copy is made or gone", () => {
  const before = memory.usage().live;
  const x = np.arange(1000),
    y = x.copy({ lazy: true }),
    z = x.copy({ lazy: true });
  expect(memory.usage().live - before).toBe(8000);
  expect(x.buffer.refcount).toBe(3);
  x.dispose();
  expect(memory.usage().live - before).toBe(8000);
  y.iadd(1);
  expect(memory.usage().live - before).toBe(16000);
  z.dispose();
  expect(memory.usage().live - before).toBe(8000);
  expect(y.item(1)).toBe(2);
  y.dispose();
  expect(memory.usage().live - before).toBe(0);
  expect(() => z.item(0)).toThrow(np.DisposedError);
});

test("a scope keeps the memory that a lazy copy which it returns still reads", () => {
  const before = memory.usage().live;
  using y = memory.scope(() => np.arange(10).copy({ lazy: true }));
  expect([y.item(9), memory.usage().live - before]).toEqual([9, 80]);
});

test("an error that writes nothing makes no copy either", () => {
  using x = np.arange(6);
  using y = x.copy({ lazy: true });
  using wrong = np.ones(5);
  using nine = np.array([9], { dtype: "int32" });
  using table = np.ones([1, 2]);
  const before = memory.usage();
  expect(() => np.add(x, wrong, { out: y })).toThrow(np.ShapeError);
  expect(() => y.set(10, 1)).toThrow(np.IndexError);
  expect(() => np.copyto(y, wrong)).toThrow(np.ShapeError);
  expect(() => np.put(x, nine, wrong)).toThrow(np.IndexError);
  expect(() => np.sum(table, 0, { out: y })).toThrow(np.ValueError);
  expect(memory.usage()).toEqual(before);
  expect(y.address).toBe(x.address);
});

test("a budget or the end of memory refuses the copy before anything is written", () => {
  using x = np.arange(1000);
  using y = x.copy({ lazy: true });
  {
    using _ = memory.limit({ live: 7999 }, "small");
    expect(() => y.iadd(1)).toThrow(np.MemoryBudgetError);
    expect(() => x.iadd(1)).toThrow(np.MemoryBudgetError);
  }
  expect([x.item(1), y.item(1), y.address === x.address]).toEqual([1, 1, true]);
});

test("info, sizeOf and graph tell that a lazy copy has no memory of its own", () => {
  using x = np.arange(1000);
  using y = x.copy({ lazy: true });
  const { id } = memory.bufferOf(x);
  expect(memory.bufferOf(y)).toMatchObject({ borrowedFrom: id, blockBytes: 0, nbytes: 8000 });
  expect(String(memory.info(y))).toContain(`no block yet: the memory of #${id} until either is written`);
  expect(memory.sizeOf([x, y], { deep: true }).payload).toBe(8000);
  expect(memory.graph(y).nodes[0].label).toContain("0 B, copied when written");
  y.iadd(1);
  expect(memory.bufferOf(y).borrowedFrom).toBeUndefined();
  expect(memory.sizeOf([x, y], { deep: true }).payload).toBe(16000);
});

test.each<[string, np.DType, (out: np.NDArray) => unknown]>([
  ["nanToNum(a, { copy: false })", "float64", (out) => np.nanToNum(out, { copy: false, nan: 9 })],
  ["take(a, indices, axis, { out })", "float64", (out) => np.take(np.ones(9), [0, 1, 2, 3, 4, 5], 0, { out })],
  ["concatenate(arrays, axis, { out })", "float64", (out) => np.concatenate([np.ones(2), np.ones(4)], 0, { out })],
  ["sum(a, axis, { out })", "float64", (out) => np.sum(np.ones([3, 6]), 0, { out })],
  ["sum(a, axis, { out }) of another dtype", "float32", (out) => np.sum(np.ones([3, 6]), 0, { out, dtype: "float64" })],
  ["mean(a, axis, { out })", "float64", (out) => np.mean(np.ones([3, 6]), 0, { out })],
  ["argmax(a, axis, { out })", "int32", (out) => np.argmax(np.eye(6), 1, { out: out as np.NDArray<"int32"> })],
  [
    "random(shape, { out })",
    "float64",
    (out) => np.random.defaultRng(1).random(undefined, { out: out as np.NDArray<"float64"> }),
  ],
  ["evaluate({ out })", "float64", (out) => np.add(np.lazy(out), 1).evaluate({ out })],
  ["set(a, slice, values)", "float64", (out) => out.set("1:3", np.ones(2))],
  ["set(a, slice, value)", "float64", (out) => out.set("1:3", 7)],
])("%s writes a lazy copy or its original, never both", (_, dtype, write) => {
  memory.scope(() => {
    const values = (): np.NDArray => np.array([2, 3, Number.NaN, 5, 6, 7]).astype(dtype);
    const expected = values();
    write(expected);
    const x = values(),
      y = x.copy({ lazy: true });
    write(y);
    expect([x.tolist(), y.tolist()]).toEqual([values().tolist(), expected.tolist()]);
    const z = values(),
      w = z.copy({ lazy: true });
    write(z);
    expect([w.tolist(), z.tolist()]).toEqual([values().tolist(), expected.tolist()]);
  });
});

test("a random program has the same values with lazy copies as with copies made at once", () => {
  const kinds = ["make", "copy", "copy", "view", "add", "set", "mask", "evaluate", "dispose", "data"] as const;
  const step = fc.record({
    kind: fc.constantFrom(...kinds),
    which: fc.nat(30),
    value: fc.integer({ min: -9, max: 9 }),
  });
  const outcome = (steps: readonly { kind: (typeof kinds)[number]; which: number; value: number }[], lazy: boolean) =>
    memory.scope(() => {
      const arrays: np.NDArray<"float64">[] = [np.arange(7)];
      for (const { kind, which, value } of steps) {
        const a = arrays[which % arrays.length];
        if (kind === "make") arrays.push(np.full(7, value));
        else if (kind === "copy") arrays.push(a.copy({ lazy }));
        else if (kind === "view") arrays.push(a.at(value < 0 ? "::-1" : "1:"));
        else if (kind === "add") np.add(a, value, { out: a });
        else if (kind === "set") a.set("...", value);
        else if (kind === "mask") a.set(np.greater(a, 0), value);
        else if (kind === "evaluate") np.multiply(np.lazy(a), value).evaluate({ out: a });
        else if (kind === "data" && a.contiguous) a.data.fill(value);
        else if (kind === "dispose" && arrays.length > 1) {
          a.dispose();
          // Its views have ended with it.
          arrays.splice(0, arrays.length, ...arrays.filter((other) => !other.disposed));
          if (arrays.length === 0) arrays.push(np.arange(7));
        }
      }
      return arrays.map((a) => a.tolist());
    });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      const { live } = memory.usage();
      expect(outcome(steps, true)).toEqual(outcome(steps, false));
      expect(memory.usage().live).toBe(live);
    }),
    { numRuns: 500 },
  );
});

describe("every public function", () => {
  const plain = (a: np.NDArray): unknown => [a.dtype, a.shape, a.tolist()];
  const calls = allCalls();

  test.each([
    ["lazy copies in place of its arrays leaves the originals as they were", (x: np.NDArray) => x.copy({ lazy: true })],
    ["arrays of which there are lazy copies leaves the copies as they were", (x: np.NDArray) => x],
  ])("given %s, and writes what it should", (_, given) => {
    for (const { name, args, run } of calls) {
      memory.scope((scope) => {
        const expected: np.NDArray[] = [],
          others: [np.NDArray, unknown][] = [],
          used: np.NDArray[] = [];
        finished(run(changed(args(), (x) => keep(expected, x))));
        finished(
          run(
            changed(args(), (x) => {
              const y = given(x),
                other = y === x ? x.copy({ lazy: true }) : x;
              others.push([other, plain(other)]);
              return keep(used, y);
            }),
          ),
        );
        // What the call itself disposes has no values any more.
        const alive = (a: np.NDArray): boolean => !a.disposed;
        expect([name, used.filter(alive).map(plain)]).toEqual([name, expected.filter(alive).map(plain)]);
        for (const [other, before] of others) if (alive(other)) expect([name, plain(other)]).toEqual([name, before]);
        for (const [other] of others) scope.keep(other).dispose();
      });
    }
  });

  function keep(list: np.NDArray[], a: np.NDArray): np.NDArray {
    list.push(a);
    return a;
  }
});
