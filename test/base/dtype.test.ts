import { expect, test } from "vitest";
import {
  byCode,
  type Casting,
  type Computed,
  canCast,
  computedDescr,
  type DType,
  dtypes,
  floatLimitsOf,
  isInexact,
  isInteger,
  isStorageOnly,
  limitsOf,
  type Part,
  partDescr,
  promoteAll,
  promotion,
} from "../../src/base/dtype.js";
import castingText from "../oracle/casting.json?raw";
import typesText from "../oracle/types.json?raw";
import { dtypeOf } from "../support/oracle.js";

const names = Object.keys(dtypes) as DType[];
const where = (holds: (descr: (typeof byCode)[number]) => boolean): string =>
  byCode
    .filter(holds)
    .map(({ name }) => name)
    .join(" ");

const types = JSON.parse(typesText) as {
  promote: Record<DType, string>;
  promote_three: Record<DType, readonly string[]>;
};
const casting = JSON.parse(castingText) as { can_cast: Record<Casting, readonly string[]> };

test("promotion is numpy.result_type of every two dtypes", () => {
  for (const a of names) expect([a, Object.values(promotion[a])]).toEqual([a, [...types.promote[a]].map(dtypeOf)]);
});

test("promoteAll(codes) is numpy.result_type of every three dtypes, in whatever order", () => {
  for (const a of byCode)
    for (const b of byCode) {
      const found = byCode.map((c) => byCode[promoteAll([a.code, b.code, c.code])].name);
      expect([a.name, b.name, found]).toEqual([a.name, b.name, [...types.promote_three[a.name][b.code]].map(dtypeOf)]);
    }
});

test.each(Object.entries(casting.can_cast) as [Casting, string[]][])(
  "canCast(from, to, '%s') is numpy.can_cast of every pair",
  (rule, rows) => {
    for (const from of byCode)
      expect([from.name, byCode.map(({ name }) => Number(canCast(from.name, name, rule))).join("")]).toEqual([
        from.name,
        rows[from.code],
      ]);
  },
);

test("limitsOf(dtype) are the ends of the integers", () => {
  expect([limitsOf("int8"), limitsOf("uint16"), limitsOf("int64")]).toEqual([
    [-128n, 127n],
    [0n, 65535n],
    [-(2n ** 63n), 2n ** 63n - 1n],
  ]);
});

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
