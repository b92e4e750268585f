import { describe, expect, test } from "vitest";
import type { NDArray } from "../src/index.js";
import { array, memory } from "../src/index.js";
import { refusalDifference } from "./compare.js";
import { type Described, decodeIndex, described, type IndexItem, type Nested } from "./indices.js";
import { layoutsOf, untouched } from "./layouts.js";
import text from "./oracle/indexing.json?raw";
import { arrayOf, isRefusal, peek, poke, type Refusal, values } from "./oracle.js";

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
          const run = () => a.set(items.length === 1 ? items[0] : items, given);
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
