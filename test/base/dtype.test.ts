import { expect, test } from "vitest";
import {
  byCode,
  type Computed,
  computedDescr,
  type DType,
  dtypes,
  floatLimitsOf,
  isInexact,
  isInteger,
  isStorageOnly,
  type Part,
  partDescr,
} from "../../src/base/dtype.js";

const names = Object.keys(dtypes) as DType[];
const where = (holds: (descr: (typeof byCode)[number]) => boolean): string =>
  byCode
    .filter(holds)
    .map(({ name }) => name)
    .join(" ");

test("byCode[code] is the row of that code", () => {
  expect(byCode.map(({ code }) => code)).toEqual(names.map((_, i) => i));
  expect(byCode.map(({ name }) => name)).toEqual(names);
});

test("computedDescr(descr) is the row itself, but for float16, which is only stored", () => {
  expect(where((descr) => computedDescr(descr) !== descr)).toBe("float16");
  expect(where(isStorageOnly)).toBe("float16");
  expect(computedDescr(dtypes.float16)).toBe(dtypes.float32);
  for (const descr of byCode) expect(isStorageOnly(computedDescr(descr))).toBe(false);
});

test("partDescr(descr) is the row itself, but for complex numbers: two parts fill one element", () => {
  expect(where((descr) => partDescr(descr) !== descr)).toBe("complex64 complex128");
  for (const descr of byCode.filter(({ kind }) => kind === "c")) {
    const part = partDescr(descr);
    expect([part.kind, part.itemsize * 2, part.array]).toEqual(["f", descr.itemsize, descr.array]);
  }
});

test("isInteger(descr) and isInexact(descr) leave bool alone", () => {
  expect(where(isInteger)).toBe("int8 int16 int32 int64 uint8 uint16 uint32 uint64");
  expect(where(isInexact)).toBe("float16 float32 float64 complex64 complex128");
});

test("floatLimitsOf(dtype) are the largest number and the step after 1", () => {
  expect(floatLimitsOf("float16")).toEqual({ max: 65504, eps: 0.0009765625 });
  expect(floatLimitsOf("float32")).toEqual({ max: 3.4028234663852886e38, eps: 1.1920928955078125e-7 });
  expect(floatLimitsOf("float64")).toEqual({ max: Number.MAX_VALUE, eps: Number.EPSILON });
});

test("Part<D> and Computed<D> say what the table says", () => {
  const parts: [Part<"complex64">, Part<"complex128">, Part<"int8">] = ["float32", "float64", "int8"];
  const computed: [Computed<"float16">, Computed<"complex64">] = ["float32", "complex64"];
  expect(parts).toEqual([dtypes.complex64.part, dtypes.complex128.part, dtypes.int8.part]);
  expect(computed).toEqual([dtypes.float16.computed, dtypes.complex64.computed]);
});
