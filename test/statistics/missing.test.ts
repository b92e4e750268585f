import * as np from "nbytes";
import { describe, expect, test } from "vitest";

// The values are NumPy's: test/reducing/reductions.test.ts. Here is what they cost, and what they leave as it was.

const FORMS = {
  nansum: np.nansum,
  nanprod: np.nanprod,
  nanmean: np.nanmean,
} as const;

describe.each(Object.entries(FORMS))("%s(a)", (_, f) => {
  test("takes a mask of one byte for each element, and no copy of the array", () => {
    using a = np.arange(10_000);
    a.set(7, Number.NaN);
    const before = np.memory.usage().live,
      { peak } = np.memory.trace(() => f(a));
    expect(peak).toBe(10_000);
    expect(np.memory.usage().live).toBe(before);
  });

  test("of integers takes nothing", () => {
    using a = np.arange(10_000, { dtype: "int32" });
    expect(np.memory.trace(() => f(a)).allocated).toBe(0);
  });
});

test("nanvar(a) and nanstd(a) take the mask, an array of deviations and the mean", () => {
  using a = np.arange(10_000);
  for (const f of [np.nanvar, np.nanstd]) expect(np.memory.trace(() => f(a)).peak).toBe(90_008);
});

test("nanmax(a) and nanmin(a) take nothing, but where a result may stand for none: then a mask", () => {
  using a = np.arange(10_000);
  a.set(7, Number.NaN);
  for (const f of [np.nanmax, np.nanmin]) expect(np.memory.trace(() => f(a)).allocated).toBe(0);
  a.set(9, Number.NEGATIVE_INFINITY);
  const { peak, result } = np.memory.trace(() => np.nanmin(a));
  expect([peak, result]).toEqual([10_000, Number.NEGATIVE_INFINITY]);
  using out = np.zeros(2);
  np.nanmax(
    np.array([
      [Number.NaN, Number.NaN],
      [1, Number.NaN],
    ]),
    1,
    { out },
  );
  expect(out.tolist()).toEqual([Number.NaN, 1]);
});

test("nanargmax(a) and nanargmin(a) take nothing: their kernels see what is missing", () => {
  using a = np.arange(10_000);
  a.set(9_999, Number.NaN);
  for (const f of [np.nanargmax, np.nanargmin]) expect(np.memory.trace(() => f(a)).allocated).toBe(0);
  expect([np.nanargmax(a), np.nanargmin(a)]).toEqual([9_998, 0]);
});

test("nanargmax(a, axis, { out }) leaves out as it was where a slice is all NaN", () => {
  using a = np.array([
    [1, 2],
    [Number.NaN, Number.NaN],
  ]);
  using out = np.full(2, 7, { dtype: "int32" });
  expect(() => np.nanargmax(a, 1, { out })).toThrow("All-NaN slice encountered");
  expect(out.tolist()).toEqual([7, 7]);
  np.nanargmax(a, 0, { out });
  expect(out.tolist()).toEqual([0, 0]);
});

test("nanargmin(a) goes over pieces that are all NaN: 200,000 elements with numbers in the last piece alone", () => {
  using a = np.full(200_000, Number.NaN);
  a.set("199990:", 5);
  a.set(199_995, 3);
  expect([np.nanargmin(a), np.nanargmax(a), np.nanmin(a), np.nansum(a)]).toEqual([199_995, 199_990, 3, 48]);
});

test("nanmax(a, axis, { where }) without initial is refused as NumPy does, where: true is not", () => {
  const a = [1, Number.NaN];
  expect(() => np.nanmax(a, 0, { where: [true, true] })).toThrow(
    "reduction operation 'fmax' does not have an identity",
  );
  expect(np.nanmax(a, null, { where: true })).toBe(1);
  expect(() => np.nanmin([])).toThrow("zero-size array to reduction operation fmin which has no identity");
});

test("nansum(a, axis, { where }) refuses a mask that is not of bools", () => {
  expect(() => np.nansum([1, 2], null, { where: [1, 0] })).toThrow("Cannot cast array data from dtype('float64')");
});
