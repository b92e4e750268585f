import { describe, expect, test } from "vitest";
import {
  append,
  arange,
  array,
  asStrided,
  columnStack,
  concatenate,
  dstack,
  hstack,
  lazy,
  memory,
  NDArray,
  NDArrayError,
  repeat,
  stack,
  sum,
  ValueError,
  vstack,
  zeros,
} from "../../src/index.js";

type Loose = Record<string, unknown>;

/** Tries to write every property that can be reached from an object by its prototypes; returns those that took it. */
function writeAll(object: object, value: unknown): string[] {
  const taken: string[] = [];
  for (let o: object | null = object; o !== null && o !== Object.prototype; o = Object.getPrototypeOf(o)) {
    for (const name of Object.getOwnPropertyNames(o)) {
      const found = Object.getOwnPropertyDescriptor(o, name)!;
      if (o !== object && found.get === undefined) continue;
      try {
        (object as Loose)[name] = value;
        taken.push(name);
      } catch (error) {
        expect(error).toBeInstanceOf(TypeError);
      }
    }
  }
  return taken;
}

describe("issue 7.3: what is reached from an array cannot be written", () => {
  test("a.shape, a.strides, a.offset, a.size and all else of an array take no other value", () => {
    memory.scope(() => {
      const a = arange(6).reshape([2, 3]);
      // What refuses structured clone must be a property of the array's own; a fixed one would cost 500 ns an array.
      expect(writeAll(a, 1e9)).toEqual(["uncloneable"]);
      expect([a.shape, a.strides, a.offset, a.size, a.sum()]).toEqual([[2, 3], [24, 8], 0, 6, 15]);
    });
  });

  test("a.shape and a.strides are lists that nobody can change", () => {
    memory.scope(() => {
      const a = arange(6).reshape([2, 3]),
        b = zeros([2, 3]);
      for (const list of [a.shape, a.strides, b.shape, b.buffer.shape] as number[][]) {
        expect(() => list.reverse()).toThrow(TypeError);
        expect(() => list.push(1)).toThrow(TypeError);
        expect(() => {
          list[0] = 1e9;
        }).toThrow(TypeError);
      }
      expect(a.add(b).tolist()).toEqual([
        [0, 1, 2],
        [3, 4, 5],
      ]);
    });
  });

  test("a.buffer: its address, bytes, generation, handles and slot take no other value", () => {
    memory.scope(() => {
      const a = arange(6),
        other = zeros(6);
      const before = other.buffer.slot.pointer;
      for (const name of ["pointer", "nbytes", "generation", "refcount", "slot", "shape"]) {
        expect(() => {
          (a.buffer as unknown as Loose)[name] = 64;
        }, name).toThrow(TypeError);
      }
      for (const name of ["pointer", "ref", "sharedFrom"]) {
        expect(() => {
          (a.buffer.slot as unknown as Loose)[name] = before;
        }, name).toThrow(TypeError);
      }
      expect([a.sum(), other.sum()]).toEqual([15, 0]);
    });
  });

  test("a.copy({ lazy: true }): who reads whose memory is out of reach", () => {
    memory.scope(() => {
      const a = arange(6),
        b = a.copy({ lazy: true });
      expect("copyOnWrite" in a.buffer || "copyOnWrite" in b.buffer).toBe(false);
    });
  });

  test("lazy(a): what an expression reads is out of reach, and new Lazy(…) is refused", () => {
    memory.scope(() => {
      const e = lazy(arange(6)).add(1),
        Made = e.constructor as unknown as new (...args: unknown[]) => unknown;
      expect(Reflect.ownKeys(e)).toEqual([]);
      expect(writeAll(e, 1e9)).toEqual([]);
      expect(() => (e.shape as number[]).push(1e9)).toThrow(TypeError);
      expect(() => new Made(arange(6))).toThrow("not by new Lazy");
      expect(e.sum()).toBe(21);
    });
  });

  test("memory.limit(…): its handle cannot tell it of allocations", () => {
    memory.scope(() => {
      using budget = memory.limit({ live: 1000 });
      for (const name of ["born", "died", "ran", "allowing", "live"]) expect(name in budget, name).toBe(false);
      zeros(10);
      expect(budget.left("live")).toBe(920);
      expect(() => budget.left("bytes" as "live")).toThrow(
        "a limit is one of live, allocated, allocs, copies, not 'bytes'",
      );
    });
  });

  test("a.descr is the dtype's row, and frozen", () => {
    using a = zeros(2);
    expect(() => {
      (a.descr as unknown as { itemsize: number }).itemsize = 1e6;
    }).toThrow(TypeError);
    expect(a.nbytes).toBe(16);
  });

  test("new a.constructor(…) is refused", () => {
    using a = zeros(2);
    const Made = a.constructor as unknown as new (...args: unknown[]) => unknown;
    expect(() => new Made(a.buffer, a.descr, [1e9], [8], 0, null, true)).toThrow("not by new");
    expect(Object.create(NDArray.prototype) instanceof NDArray).toBe(false);
  });

  test("trace.events and lists that reports hand out change no array", () => {
    memory.scope(() => {
      let a!: NDArray;
      const t = memory.trace(() => {
        a = zeros([2, 3]);
      });
      for (const event of t.events) expect(Object.isFrozen(event.shape)).toBe(true);
      expect(a.shape).toEqual([2, 3]);
    });
  });
});

describe("issue 7.3: what a caller passes is read once, and kept by nobody", () => {
  test("asStrided(x, shape, { strides }) copies the lists it was given", () => {
    memory.scope(() => {
      const shape = [2, 2],
        strides = [16, 8];
      const v = asStrided(arange(4), shape, { strides });
      shape[0] = 1e9;
      strides[0] = 1e9;
      expect([v.shape, v.strides, v.sum()]).toEqual([[2, 2], [16, 8], 6]);
    });
  });

  test.each([
    ["a stride of NaN", [Number.NaN], 0],
    ["a fraction", [4.5], 0],
    ["a stride beyond what numbers tell apart", [2 ** 53], 0],
    ["a fraction as offset", [8], 0.5],
    ["an offset beyond the buffer", [8], 2 ** 40],
  ])("asStrided refuses %s", (_, strides, offset) => {
    using x = arange(4);
    expect(() => asStrided(x, [2], { strides, offset })).toThrow(ValueError);
  });

  test("pool.shape cannot be written, so that no array is larger than its buffer", () => {
    using pool = memory.pool({ shape: [2, 3] });
    expect(() => {
      (pool as unknown as Loose).shape = [1e9];
    }).toThrow(TypeError);
    expect(Object.isFrozen(pool.shape)).toBe(true);
  });
});

// One such list once ended the process: it was copied before its first item was looked at.
test.each(Object.entries({ append, array, columnStack, concatenate, dstack, hstack, repeat, stack, sum, vstack }))(
  "issue 7.3: %s of a list of 2**32 - 1 holes refuses the first",
  (_, fn) => {
    const holes = new Array(2 ** 32 - 1);
    const call = fn as unknown as (...args: unknown[]) => unknown; // each is given nonsense
    expect(() => call(holes, holes)).toThrow(NDArrayError);
  },
);
