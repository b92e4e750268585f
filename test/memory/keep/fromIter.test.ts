import { expect, test } from "vitest";
import * as np from "../../../src/index.js";

const { memory } = np;
const live = (): number => memory.usage().live;

function* numbers(n: number, read: { count: number } = { count: 0 }): Generator<number> {
  for (let i = 0; i < n; i++) {
    read.count++;
    yield i;
  }
}

test("memory.fromIter(iterable, dtype) owns its elements, of its exact size", () => {
  const before = live();
  using a = memory.fromIter(numbers(21), "int16");
  expect([a.tolist(), a.flags.ownData, a.buffer.nbytes, live() - before]).toEqual([[...numbers(21)], true, 42, 42]);
  expect(memory.bufferOf(a)).toMatchObject({ op: "fromIter", owner: "array", refcount: 1 });
  using none = memory.fromIter([]);
  expect([none.shape, none.dtype]).toEqual([[0], "float64"]);
});

test("memory.fromIter(iterable, dtype, { count }) reads no more than it needs", () => {
  const read = { count: 0 };
  using a = memory.fromIter(numbers(100, read), "float64", { count: 3 });
  using none = memory.fromIter(numbers(100, read), "float64", { count: 0 });
  expect([a.tolist(), none.size, read.count]).toEqual([[0, 1, 2], 0, 3]);
});

test("memory.fromIter in NumPy's words: too few items, values that do not fit; nothing is left behind", () => {
  const before = live();
  const fails: [() => unknown, string][] = [
    [
      () => memory.fromIter([1, 2, 3], "float64", { count: 5 }),
      "iterator too short: Expected 5 but iterator had only 3 items.",
    ],
    [() => memory.fromIter([1, 300], "int8"), "integer 300 is out of bounds for int8"],
    [() => memory.fromIter([1, 300], "int8", { count: 2 }), "integer 300 is out of bounds for int8"],
    [() => memory.fromIter([1, "a" as unknown as number], "float64", { count: 2 }), "not string"],
    [
      () => memory.fromIter([1], "float64", { count: -1 }),
      "memory.fromIter() takes an integer that is not negative as count, not -1",
    ],
    [() => memory.fromIter([{ re: 0, im: 1 }], "float64"), "a complex number is no element of float64"],
  ];
  for (const [run, words] of fails) {
    expect(run).toThrow(np.NDArrayError);
    expect(run).toThrow(words);
  }
  expect(live()).toBe(before);
});

test("an iterable that throws, or allocates, does no harm", () => {
  const before = live();
  for (const options of [{}, { count: 10 }]) {
    const failing = function* (): Generator<number> {
      yield 1;
      throw new RangeError("on purpose");
    };
    expect(() => memory.fromIter(failing(), "float64", options)).toThrow("on purpose");
  }
  const allocating = function* (): Generator<number> {
    for (let i = 1; i <= 30; i++) {
      using a = np.full(10_000 * i, i);
      yield a.item(-1);
    }
  };
  using a = memory.scope(() => memory.fromIter(allocating(), "float64"));
  expect(np.sum(a)).toBe(465);
  expect(live() - before).toBe(240);
});

test("memory.fromIter inside a scope belongs to it", () => {
  const before = live();
  memory.scope(() => memory.fromIter([1, 2]).size);
  memory.scope(() => memory.fromIter([1, 2], "int8", { count: 2 }).size);
  expect(live()).toBe(before);
});

test("memory.fromIter of a proxy that is revoked, or refuses its iterator, is refused in the library's own words", () => {
  const { proxy, revoke } = Proxy.revocable<number[]>([], {});
  revoke();
  const trap = {
    get: () => {
      throw new Error("no");
    },
  };
  for (const value of [proxy, new Proxy([1], trap)])
    expect(() => memory.fromIter(value)).toThrow(/^memory\.fromIter takes an iterable, not /);
});
