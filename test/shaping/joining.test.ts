import { describe, expect, test } from "vitest";
import { core } from "../../src/core/instance.js";
import {
  append,
  arange,
  array,
  arraySplit,
  clip,
  columnStack,
  concatenate,
  type DType,
  dstack,
  hstack,
  insert,
  memory,
  ones,
  delete as remove,
  repeat,
  roll,
  split,
  tile,
  transpose,
  unstack,
  vstack,
  zeros,
} from "../../src/index.js";

test("tile refuses counts that are none, in NumPy's words", () => {
  memory.scope(() => {
    const a = arange(3);
    expect(() => tile(a, Number.NaN)).toThrow("cannot convert float NaN to integer");
    expect(() => tile(a, [2, 1.5])).toThrow("1.5 cannot be interpreted as an integer");
    expect(() => tile(a, -1)).toThrow("negative dimensions are not allowed");
  });
});

describe("one allocation", () => {
  test.each(["concatenate", "append", "tile", "repeat", "roll", "insert", "delete"])(
    "%s allocates its result and nothing else",
    (name) => {
      memory.scope(() => {
        const a = arange(6).reshape([2, 3]);
        const b = arange(6, { dtype: "int8" }).reshape([3, 2]).T;
        const run: Record<string, () => unknown> = {
          concatenate: () => concatenate([a, b, a], 1),
          append: () => append(a, b, 0),
          tile: () => tile(b, [2, 2]),
          repeat: () => repeat(b, 3, 1),
          roll: () => roll(b, 2),
          insert: () => insert(b, 1, b.at(0), 0),
          delete: () => remove(b, 1, 1),
        };
        const before = core.allocationCount();
        run[name]();
        expect(core.allocationCount() - before).toBe(1);
      });
    },
  );

  test("concatenate(arrays, axis, { out }) allocates nothing, unless an input overlaps out", () => {
    memory.scope(() => {
      const out = zeros([4]);
      const parts = [array([1, 2], { dtype: "int8" }), array([3, 4])] as const;
      const before = core.allocationCount();
      expect(concatenate(parts, 0, { out })).toBe(out);
      expect(core.allocationCount() - before).toBe(0);
      expect(out.tolist()).toEqual([1, 2, 3, 4]);
      concatenate([out.at("2:"), out.at(":2")], 0, { out });
      expect(out.tolist()).toEqual([3, 4, 1, 2]);
    });
  });
});

test("a failed concatenate leaves nothing behind", () => {
  using a = zeros([2, 3]);
  const before = core.liveBytes();
  expect(() => concatenate([[[1, 2, 3]], a, [[1, 2]]])).toThrow(
    "all the input array dimensions except for the concatenation axis must match exactly, but along dimension 1, " +
      "the array at index 0 has size 3 and the array at index 2 has size 2",
  );
  expect(() => concatenate([])).toThrow("need at least one array to concatenate");
  expect(() => concatenate([[1.5]], 0, { dtype: "int8" })).toThrow(
    "Cannot cast array data from dtype('float64') to dtype('int8') according to the rule 'same_kind'",
  );
  expect(core.liveBytes()).toBe(before);
});

test("vstack, hstack, dstack and columnStack lay one-dimensional arrays as NumPy does", () => {
  memory.scope(() => {
    const [a, b] = [array([1, 2]), array([3, 4])];
    expect(vstack([a, b]).tolist()).toEqual([
      [1, 2],
      [3, 4],
    ]);
    expect(hstack([a, b]).tolist()).toEqual([1, 2, 3, 4]);
    expect(dstack([a, b]).tolist()).toEqual([
      [
        [1, 3],
        [2, 4],
      ],
    ]);
    expect(columnStack([a, b]).tolist()).toEqual([
      [1, 3],
      [2, 4],
    ]);
  });
});

test("split, arraySplit and unstack give views", () => {
  memory.scope(() => {
    const a = arange(7);
    const parts = arraySplit(a, 3);
    expect(parts.map((part) => part.tolist())).toEqual([
      [0, 1, 2],
      [3, 4],
      [5, 6],
    ]);
    expect(parts.every((part) => part.base === a)).toBe(true);
    expect(split(a, [2, 9]).map((part) => part.tolist())).toEqual([[0, 1], [2, 3, 4, 5, 6], []]);
    expect(() => split(a, 2)).toThrow("array split does not result in an equal division");
    expect(unstack(a.at(":6").reshape([2, 3]), 1).map((part) => part.tolist())).toEqual([
      [0, 3],
      [1, 4],
      [2, 5],
    ]);
  });
});

test("tile, repeat and roll read every layout", () => {
  memory.scope(() => {
    const a = transpose(arange(4).reshape([2, 2]));
    expect(tile(a, 2).tolist()).toEqual([
      [0, 2, 0, 2],
      [1, 3, 1, 3],
    ]);
    expect(repeat(a, 2).tolist()).toEqual([0, 0, 2, 2, 1, 1, 3, 3]);
    expect(repeat(a, [1, 2], 1).tolist()).toEqual([
      [0, 2, 2],
      [1, 3, 3],
    ]);
    expect(roll(a, 1).tolist()).toEqual([
      [3, 0],
      [2, 1],
    ]);
    expect(roll(a, 1, 0).tolist()).toEqual([
      [1, 3],
      [0, 2],
    ]);
  });
});

test("insert and delete put in and leave out", () => {
  memory.scope(() => {
    const a = arange(5);
    expect(remove(a, [1, -1]).tolist()).toEqual([0, 2, 3]);
    expect(remove(a, [true, false, true, false, false]).tolist()).toEqual([1, 3, 4]);
    expect(() => remove(a, 5)).toThrow("index 5 is out of bounds for axis 0 with size 5");
    expect(insert(a, [4, 0, 0], [7, 8, 9]).tolist()).toEqual([8, 9, 0, 1, 2, 3, 7, 4]);
    expect(insert(a.at(":4").reshape([2, 2]), 1, [7, 8], 1).tolist()).toEqual([
      [0, 7, 1],
      [2, 8, 3],
    ]);
  });
});

describe("issue 7.9: several dtypes promote as numpy.result_type promotes them", () => {
  test.each([
    [["int16", "uint16", "float32"], "float32"],
    [["uint16", "int16", "float16"], "float32"],
    [["int16", "uint16", "complex64"], "complex64"],
    [["uint8", "int8", "float16"], "float16"],
    [["int16", "uint16", "int16"], "int32"],
    [["int8", "uint64", "float32"], "float64"],
  ] as const)("concatenate of %j is %s, in any order", (dtypes, expected) => {
    const parts = dtypes.map((dtype: DType) => ones(1, { dtype }));
    for (const order of [
      [0, 1, 2],
      [2, 1, 0],
      [1, 2, 0],
    ])
      expect(concatenate(order.map((k) => parts[k])).dtype).toBe(expected);
  });

  test("clip(int16, uint16, float32) is float32", () => {
    expect(clip(ones(1, "int16"), ones(1, "uint16"), ones(1, "float32")).dtype).toBe("float32");
  });
});
