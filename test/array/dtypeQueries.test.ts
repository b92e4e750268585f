import { describe, expect, test } from "vitest";
import type { DType, StandardKind } from "../../src/index.js";
import * as np from "../../src/index.js";
import text from "../oracle/special.json?raw";
import { DTYPES, type Refusal } from "../support/oracle.js";

// Questions to dtypes and shapes, as NumPy answers them (scripts/oracle_special.py).

const numpy = JSON.parse(text) as {
  readonly types: {
    readonly isdtype: Record<string, string>;
    readonly issubdtype: Record<string, string>;
    readonly minScalarType: readonly (readonly [value: string, dtype: DType])[];
    readonly common: Record<DType, readonly (DType | Refusal)[]>;
    readonly weak: Record<DType, readonly DType[]>;
  };
  readonly shapes: readonly (readonly (number | number[] | Refusal)[])[];
};
const bits = (answer: string): boolean[] => [...answer].map((bit) => bit === "1");

test.each(Object.entries(numpy.types.isdtype))("isdtype(dtype, '%s') is NumPy's", (kind, answer) => {
  expect(DTYPES.map((dtype) => np.isdtype(dtype, kind as StandardKind))).toEqual(bits(answer));
});

test("isdtype takes dtypes and lists, and refuses other words", () => {
  expect(np.isdtype("int16", ["bool", "integral"])).toBe(true);
  expect(np.isdtype("int16", "int16")).toBe(true);
  expect(np.isdtype("int16", ["float32", "bool"])).toBe(false);
  expect(np.isdtype("bool", "bool")).toBe(true);
  expect(() => np.isdtype("int16", "whole" as never)).toThrow(
    "kind argument is a string, but 'whole' is not a known kind name.",
  );
  expect(() => np.isdtype("int16", 3 as never)).toThrow(np.DTypeError);
});

test.each(Object.entries(numpy.types.issubdtype))("issubdtype(dtype, '%s') is NumPy's", (kind, answer) => {
  expect(DTYPES.map((dtype) => np.issubdtype(dtype, kind as np.AbstractKind))).toEqual(bits(answer));
});

test("issubdtype takes arrays and dtypes, and refuses other words", () => {
  expect(np.issubdtype(np.ones(2, "float32"), "float32")).toBe(true);
  expect(np.issubdtype("float32", "float64")).toBe(false);
  expect(() => np.issubdtype("float32", "foo" as never)).toThrow(np.DTypeError);
});

test.each(numpy.types.minScalarType)("minScalarType(%s) is %s", (value, dtype) => {
  const number = Number(value.replace("inf", "Infinity"));
  // Text that shows a float is one to NumPy; a whole JavaScript number counts as an integer where one holds it.
  const whole = Number.isInteger(number) && /[.e]/.test(value) && Math.abs(number) < 2 ** 64;
  if (!whole) expect(np.minScalarType(number)).toBe(dtype);
});

test("minScalarType of arrays, bigints, booleans and complex numbers", () => {
  expect(np.minScalarType(np.array(-5, "int64"))).toBe("int8");
  expect(np.minScalarType(np.array(300, "float64"))).toBe("float16");
  expect(np.minScalarType(np.array([1, 2], "int64"))).toBe("int64");
  expect(np.minScalarType(2n ** 63n)).toBe("uint64");
  expect(np.minScalarType(true)).toBe("bool");
  expect(np.minScalarType({ re: 1, im: 2 })).toBe("complex64");
  expect(np.minScalarType({ re: 1e50, im: 2 })).toBe("complex128");
  expect(() => np.minScalarType(2n ** 64n)).toThrow(np.OverflowError);
  expect(() => np.minScalarType("1" as never)).toThrow(np.DTypeError);
});

describe.each(DTYPES)("of %s", (a) => {
  test("commonType is NumPy's", () => {
    numpy.types.common[a].forEach((answer, k) => {
      const ask = () => np.commonType(np.ones(1, a), np.ones(1, DTYPES[k]));
      if (typeof answer === "string") expect(ask()).toBe(answer);
      else expect(ask).toThrow(answer.message);
    });
  });

  test("resultType beside values is NumPy's, and beside dtypes what promoteTypes says", () => {
    expect([1, 0.5, true, { re: 0, im: 1 }].map((value) => np.resultType(a, value))).toEqual(numpy.types.weak[a]);
    for (const b of DTYPES) expect(np.resultType(np.ones(1, a), b)).toBe(np.promoteTypes(a, b));
  });
});

test("resultType of values alone, and of nothing", () => {
  expect(np.resultType(1, 2n)).toBe("float64");
  expect(np.resultType(true, 2n)).toBe("int64");
  expect(() => np.resultType()).toThrow("at least one array or dtype is required");
});

test.each(numpy.shapes.map((row) => [row.slice(0, -1), row[row.length - 1]] as const))(
  "broadcastShapes of %j is NumPy's",
  (shapes, answer) => {
    const ask = () => np.broadcastShapes(...(shapes as number[][]));
    if (Array.isArray(answer)) expect(ask()).toEqual(answer);
    else expect(ask).toThrow((answer as Refusal).message);
  },
);
