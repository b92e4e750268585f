import * as fc from "fast-check";
import { expect, test } from "vitest";
import * as np from "../../../src/index.js";

const { memory } = np;
const live = (): number => memory.usage().live;

test("pool.take() gives an array of the pool's shape and dtype, and the pool's label is the owner's name", () => {
  using pool = memory.pool({ shape: [2, 3], dtype: "int16", label: "frames" });
  using a = pool.take();
  expect([a.shape, a.dtype, a.flags.ownData, a.writeable]).toEqual([[2, 3], "int16", true, true]);
  expect([pool.shape, pool.dtype, memory.bufferOf(a).owner, memory.bufferOf(a).op]).toEqual([
    [2, 3],
    "int16",
    "frames",
    "pool",
  ]);
});

test("a released array is unusable, whoever has the memory since", () => {
  using pool = memory.pool({ shape: 4, fill: 7 });
  const a = pool.take(),
    { address, id } = a;
  pool.release(a);
  const b = pool.take();
  expect([b.address, b.id === id]).toEqual([address, false]);
  expect(() => a.tolist()).toThrow(np.DisposedError);
  expect(() => np.add(b, 1, { out: a })).toThrow(`array #${id} (float64, shape [4]) was disposed by its pool`);
  expect(b.tolist()).toEqual([7, 7, 7, 7]);
  pool.release(b);
});

test("pool.release(a) ends the views of a, so that nobody reads the next tenant through them", () => {
  using pool = memory.pool({ shape: 3, initial: 1, fill: 1 });
  const a = pool.take(),
    view = a.at("1:"),
    { address } = a;
  pool.release(a);
  expect(pool.stats).toEqual({ hits: 1, misses: 0, free: 1, taken: 0, viewed: 0, bytes: 24 });
  using b = pool.take();
  expect([b.address, view.disposed]).toEqual([address, true]);
  expect(() => view.item(0)).toThrow(
    `view #${view.id} (float64, shape [2]) has ended: array #${a.id} (float64, shape [3]), which it views, was disposed by its pool`,
  );
});

test("a view that a scope returns keeps a pool's elements, and the memory comes back with the last view", () => {
  using pool = memory.pool({ shape: 3, initial: 1, fill: 1 });
  const [view, address] = memory.scope(() => {
    const a = pool.take();
    return [a.at("1:"), a.address] as const;
  });
  expect(pool.stats).toEqual({ hits: 1, misses: 0, free: 0, taken: 0, viewed: 1, bytes: 24 });
  const b = pool.take();
  b.set(0, 5);
  expect([b.address === address, view.tolist(), b.tolist()]).toEqual([false, [1, 1], [5, 1, 1]]);
  view.dispose();
  expect(pool.stats).toEqual({ hits: 1, misses: 1, free: 1, taken: 1, viewed: 0, bytes: 48 });
  const c = pool.take();
  expect([c.address, c.tolist()]).toEqual([address, [1, 1, 1]]);
  pool.release(b);
  pool.release(c);
});

test("pool.release(a) refuses what was given back, a view, another pool's array and what is no array", () => {
  using pool = memory.pool({ shape: 3, initial: 2, label: "mine" });
  using other = memory.pool({ shape: 3 });
  const a = pool.take(),
    view = a.at("1:");
  using foreign = other.take();
  using plain = np.zeros(3);
  const before = live();
  const wrong: [() => void, string][] = [
    [() => pool.release(foreign), `array #${foreign.id} (float64, shape [3]) was not taken from the pool "mine"`],
    [() => pool.release(plain), `array #${plain.id} (float64, shape [3]) was not taken from the pool "mine"`],
    [() => pool.release(view), `array #${view.id} (float64, shape [2]) is a view; release the array that was taken`],
    [() => pool.release(3 as unknown as np.NDArray), 'the pool "mine" takes back arrays, not number'],
  ];
  for (const [run, words] of wrong) {
    expect(run).toThrow(np.PoolError);
    expect(run).toThrow(words);
  }
  view.dispose();
  pool.release(a);
  expect(() => pool.release(a)).toThrow(np.PoolError);
  expect(() => pool.release(a)).toThrow("was disposed by its pool; an array is released once");
  expect([live(), pool.stats.free]).toEqual([before, 2]);
});

test("memory.pool({ fill }) writes its value before each use, -0 and complex numbers too", () => {
  for (const [dtype, fill] of [
    ["float64", 0],
    ["float64", -0],
    ["bool", true],
    ["int64", 0n],
    ["float16", 1.5],
    ["complex128", { re: 1, im: -2 }],
  ] as const) {
    using pool = memory.pool({ shape: [2], dtype, fill });
    for (let i = 0; i < 2; i++) {
      using a = pool.take();
      expect(a.tolist()).toEqual([fill, fill]);
      a.set("...", 1);
    }
  }
});

test("`using`, dispose and a scope give a taken array back as release does", () => {
  using pool = memory.pool({ shape: 3, initial: 1 });
  const ends = [
    () => {
      using a = pool.take();
      return a.address;
    },
    () => {
      const a = pool.take();
      a.dispose();
      a.dispose();
      return pool.stats.free;
    },
    () => memory.scope(() => pool.take().size),
  ];
  for (const end of ends) end();
  expect(pool.stats).toEqual({ hits: 3, misses: 0, free: 1, taken: 0, viewed: 0, bytes: 24 });
});

test("pool.dispose() frees what is inside; what is taken stays its user's", () => {
  const before = live(),
    pool = memory.pool({ shape: 10, initial: 3 }),
    a = pool.take();
  expect(live() - before).toBe(240);
  pool.dispose();
  pool.dispose();
  expect(live() - before).toBe(80);
  a.set(0, 4);
  expect(a.item(0)).toBe(4);
  expect(() => pool.take()).toThrow(np.DisposedError);
  pool.release(a);
  expect(live()).toBe(before);
});

test("a pool of at most max arrays says what holds them", () => {
  using pool = memory.pool({ shape: [2, 2], max: 2, label: "small" });
  const a = pool.take(),
    view = memory.scope(() => pool.take().at(0));
  expect(() => pool.take()).toThrow(np.PoolError);
  expect(() => pool.take()).toThrow(
    'the pool "small" lends at most 2 arrays of float64 [2, 2]: 1 taken and 1 held by views that a scope returned; release() one, or raise max',
  );
  expect(pool.stats.misses).toBe(2);
  view.dispose();
  const c = pool.take();
  expect(String(pool)).toBe('pool "small" of float64 [2, 2]: 2 taken, 0 free, 64 B; 1 hit, 2 misses');
  pool.release(a);
  pool.release(c);
});

test("pool({ … }) refuses impossible numbers, and frees what it had if memory runs out", () => {
  const before = live();
  expect(() => memory.pool({ shape: 3, initial: 1.5 })).toThrow(
    "takes an integer that is not negative as initial, not 1.5",
  );
  expect(() => memory.pool({ shape: 3, max: -1 })).toThrow("takes an integer that is not negative as max, not -1");
  expect(() => memory.pool({ shape: 3, initial: 3, max: 2 })).toThrow("a pool of at most 2 arrays cannot begin with 3");
  expect(() => memory.pool({ shape: -1 })).toThrow(np.ValueError);
  expect(() => memory.pool({ shape: 3, dtype: "int8", fill: 300 })).toThrow(np.OverflowError);
  expect(() => memory.pool({ shape: [2 ** 28], initial: 3 })).toThrow(np.OutOfMemoryError);
  expect(live()).toBe(before);
});

test("a pool used inside a scope outlives it, and its arrays come back", () => {
  const before = live();
  const pool = memory.scope(() => {
    const made = memory.pool({ shape: 5, initial: 2 });
    made.take();
    return made;
  });
  expect([pool.stats.free, live() - before]).toEqual([2, 80]);
  pool.dispose();
  expect(live()).toBe(before);
});

test("after any program of takes, views and ends, nobody reads another's elements and no byte is lost", () => {
  const steps = fc.array(fc.tuple(fc.nat(4), fc.nat(20)), { maxLength: 60 });
  fc.assert(
    fc.property(steps, (program) => {
      const before = live(),
        pool = memory.pool({ shape: 4, dtype: "int32", initial: 2 });
      const held: { array: np.NDArray<"int32">; value: number; taken: boolean }[] = [];
      for (const [kind, at] of program) {
        const one = held[at % Math.max(1, held.length)];
        if (kind < 2 || one === undefined) {
          const array = pool.take();
          array.set("...", held.length);
          held.push({ array, value: held.length, taken: true });
        } else if (one.array.disposed) expect(() => one.array.item(0)).toThrow(np.DisposedError);
        else if (kind === 2 && one.taken) pool.release(one.array);
        else if (kind === 3) one.array.dispose();
        else held.push({ array: one.array.view(), value: one.value, taken: false });
        for (const { array, value } of held) if (!array.disposed) expect(array.item(0)).toBe(value);
        const { free, taken, viewed, bytes } = pool.stats;
        expect([live() - before, 16 * (free + taken + viewed)]).toEqual([bytes, bytes]);
        expect(taken).toBe(held.filter((h) => h.taken && !h.array.disposed).length);
      }
      pool.dispose();
      for (const { array } of held) array.dispose();
      expect(live()).toBe(before);
    }),
  );
});
