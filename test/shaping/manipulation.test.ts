import { describe, expect, test } from "vitest";
import type { DType, NDArray } from "../../src/index.js";
import { NDArray as Arrays, arange, array, memory } from "../../src/index.js";
import text from "../oracle/manipulation.json?raw";
import { difference, Failures, refusalDifference } from "../support/compare.js";
import { type Described, decodeIndex, described, type IndexItem } from "../support/indices.js";
import { arrayOf, camel, decode, fn, isRefusal, peek, type Refusal, type Shaped } from "../support/oracle.js";

type Step = readonly [name: string, ...args: readonly unknown[]];
const { programs, joins, ranges } = JSON.parse(text) as {
  programs: readonly (readonly [readonly number[], readonly Step[], Described | Refusal])[];
  joins: readonly (readonly [
    string,
    readonly (readonly [readonly number[], DType])[],
    readonly unknown[],
    Shaped | Refusal,
  ])[];
  ranges: readonly (readonly [string, readonly unknown[], Shaped])[];
};

function base(shape: readonly number[]): NDArray {
  const size = shape.reduce((a, b) => a * b, 1);
  return arrayOf("int16", new Uint8Array(Int16Array.from({ length: size }, (_, i) => i).buffer), shape);
}

function run(start: NDArray, steps: readonly Step[]): NDArray {
  let a = start;
  for (const [name, ...args] of steps) {
    if (name === "at") a = a.at(...(args[0] as readonly IndexItem[]).map(decodeIndex));
    else if (name === "T") a = a.T;
    else if (name === "view" || name === "astype") a = a[name](args[0] as DType);
    else if (name === "copy") a = a.copy();
    else a = fn(name)(a, ...args) as NDArray;
  }
  return a;
}

describe("views and reshapes", () => {
  test.each(programs.map((p) => [JSON.stringify(p[0]), JSON.stringify(p[1]), p] as const))(
    "%s %s is NumPy's array",
    (_shape, _steps, [shape, steps, answer]) => {
      memory.scope(() => {
        const start = base(shape);
        if (isRefusal(answer)) expect(refusalDifference(answer, () => run(start, steps))).toBeNull();
        else expect(described(run(start, steps), start)).toEqual(answer);
      });
    },
  );
});

describe("concatenate and stack", () => {
  test.each(joins.map((j) => [j[0], JSON.stringify(j[1]), JSON.stringify(j[2]), j] as const))(
    "%s %s %s is NumPy's",
    (name, _in, _args, [, inputs, args, answer]) => {
      memory.scope(() => {
        const make = () =>
          inputs.map(([shape, dtype]) => {
            const size = shape.reduce((a, b) => a * b, 1);
            return arrayOf(
              "int16",
              new Uint8Array(Int16Array.from({ length: size }, (_, i) => i + 1).buffer),
              shape,
            ).astype(dtype);
          });
        if (isRefusal(answer)) expect(refusalDifference(answer, () => fn(name)(make(), ...args))).toBeNull();
        else {
          const result = fn(name)(make(), ...args) as NDArray;
          expect([result.dtype, result.shape]).toEqual([answer.dtype, answer.shape]);
          expect(difference(name, answer.dtype, peek(result), decode(answer.data))).toBeNull();
        }
      });
    },
  );
});

describe("ranges and constants", () => {
  test("arange, linspace, eye, zeros, ones, full are NumPy's to the bit", () => {
    const failures = new Failures();
    for (const [name, args, answer] of ranges) {
      memory.scope(() =>
        failures.try(`${camel(name)}(${JSON.stringify(args).slice(1, -1)})`, () => {
          const result = fn(name)(...args);
          if (!(result instanceof Arrays)) return "is no array";
          if (result.dtype !== answer.dtype || result.shape.join() !== answer.shape.join())
            return `is ${result.dtype} (${result.shape.join()})`;
          return difference(name, answer.dtype, peek(result as NDArray), decode(answer.data));
        }),
      );
    }
    failures.none();
  });

  test("arange(n, { dtype: 'int64' }) counts in bigints", () => {
    expect(arange(3, { dtype: "int64" }).tolist()).toEqual([0n, 1n, 2n]);
    expect(array([1, 2]).dtype).toBe("float64");
  });
});
