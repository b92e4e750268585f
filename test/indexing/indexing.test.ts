import { describe, expect, test } from "vitest";
import type { NDArray } from "../../src/index.js";
import { arange, array, memory, newaxis, set as setItems, slice, zeros } from "../../src/index.js";
import text from "../oracle/indexing.json?raw";
import { refusalDifference } from "../support/compare.js";
import { type Described, decodeIndex, described, type IndexItem, type Nested } from "../support/indices.js";
import { layoutsOf, untouched } from "../support/layouts.js";
import { arrayOf, isRefusal, peek, poke, type Refusal, values } from "../support/oracle.js";

type Read = readonly [shape: readonly number[], text: string, index: readonly IndexItem[], answer: Described | Refusal];
type Write = readonly [
  shape: readonly number[],
  text: string,
  index: readonly IndexItem[],
  value: number | Nested<number>,
  answer: readonly number[] | Refusal,
];
const { basic, advanced, set } = JSON.parse(text) as {
  basic: readonly Read[];
  advanced: readonly Read[];
  set: readonly Write[];
};

function counting(shape: readonly number[]): Uint8Array {
  return new Uint8Array(Int16Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) => i).buffer);
}
function base(shape: readonly number[]): NDArray {
  return arrayOf("int16", counting(shape), shape);
}
const titled = <T extends Read | Write>(cases: readonly T[]) =>
  cases.map((c) => [JSON.stringify(c[0]), c[1], c] as const);

describe("basic indexing gives views", () => {
  test.each(titled(basic))("arange%s.at('%s') is NumPy's view", (_shape, _text, [shape, python, index, answer]) => {
    memory.scope(() => {
      const a = base(shape);
      for (const run of [() => a.at(...index.map(decodeIndex)), () => a.at(python)]) {
        if (isRefusal(answer)) expect(refusalDifference(answer, run)).toBeNull();
        else expect(described(run(), a)).toEqual(answer);
      }
    });
  });
});

describe("advanced indexing gives copies", () => {
  test.each(titled(advanced))(
    "arange%s.at(%s) is NumPy's copy, from every layout",
    (_shape, _text, [shape, , index, answer]) => {
      memory.scope(() => {
        for (const layout of layoutsOf(shape)) {
          const a = layout.make("int16");
          poke(a, counting(shape));
          const run = () => a.at(...index.map(decodeIndex));
          if (isRefusal(answer)) expect(refusalDifference(answer, run)).toBeNull();
          else {
            const got = described(run(), a);
            // NumPy's copies keep an order of axes of its own; ours are C-contiguous.
            expect([got.shape, got.shares, got.values]).toEqual([answer.shape, false, answer.values]);
          }
        }
      });
    },
  );
});

const write = setItems as (a: NDArray, ...indexAndValue: unknown[]) => void;

describe("set writes through", () => {
  test.each(titled(set))(
    "arange%s.set([%s], value) leaves NumPy's elements, in every layout",
    (_shape, _text, [shape, , index, value, answer]) => {
      memory.scope(() => {
        for (const layout of layoutsOf(shape)) {
          const a = layout.make("int16");
          poke(a, counting(shape));
          const before = peek(a),
            items = index.map(decodeIndex);
          const given = typeof value === "number" ? value : array(value as number[], { dtype: "int16" });
          const run = () => write(a, ...(items.length === 0 ? ["..."] : items), given);
          if (isRefusal(answer)) {
            expect(refusalDifference(answer, run)).toBeNull();
            expect(peek(a), "nothing changed").toEqual(before);
          } else {
            run();
            expect(Array.from(values("int16", peek(a)) as ArrayLike<number>)).toEqual(answer);
            expect(untouched(a)).toBeNull();
          }
        }
      });
    },
  );
});

describe("issue 7.13: set reads an index as at does", () => {
  test("set(0, 1, 5) writes one element, set([0, 1], 5) the rows that at([0, 1]) gives", () => {
    memory.scope(() => {
      const a = zeros([3, 2]);
      a.set(0, 1, 5);
      expect(a.tolist()).toEqual([
        [0, 5],
        [0, 0],
        [0, 0],
      ]);
      a.set([0, 1], 7);
      expect(a.tolist()).toEqual([
        [7, 7],
        [7, 7],
        [0, 0],
      ]);
      expect(a.at([0, 1]).tolist()).toEqual([
        [7, 7],
        [7, 7],
      ]);
    });
  });

  test("set([true, false], 5) is a mask", () => {
    using a = zeros(2);
    a.set([true, false], 5);
    expect(a.tolist()).toEqual([5, 0]);
  });

  test.each<[string, unknown[]]>([
    ["an integer and a slice", [1, slice(1, 3)]],
    ["a text of items", ["::-1, 2"]],
    ["ellipsis and a bigint", ["...", -1n]],
    ["newaxis beside a slice", [newaxis, slice(0, 2), "0"]],
    [
      "lists of integers for each axis",
      [
        [0, 2],
        [1, 3],
      ],
    ],
    ["a mask beside a slice", [[true, false, true], slice(null, null, 2)]],
    ["integers in typed arrays", [Int32Array.of(2, 0), 1]],
    ["an empty list", [[]]],
    ["a single bool", [true]],
  ])("set(index, value) writes just the elements that at(index) gives: %s", (_, index) => {
    memory.scope(() => {
      const a = arange(12).reshape([3, 4]),
        read = a.at as (...items: unknown[]) => NDArray;
      const chosen = new Set(
        Array.from(
          read
            .call(a, ...index)
            .ravel()
            .toTypedArray(),
          Number,
        ),
      );
      const want = a.tolist() as number[][];
      write(a, ...index, -1);
      expect(a.tolist()).toEqual(want.map((row) => row.map((v) => (chosen.has(v) ? -1 : v))));
    });
  });

  test("set(value) and set([slice, …], value) are refused with the spellings that work", () => {
    using a = zeros([2, 2]);
    expect(() => write(a, 5)).toThrow('x.set("...", 5) writes all elements');
    expect(() => write(a, [slice(1), 0], 5)).toThrow("set(a, slice(1), 0, value)");
    expect(() => write(a, 0, 2, 5)).toThrow("index 2 is out of bounds for axis 1 with size 2");
    expect(a.sum()).toBe(0);
  });
});
