import { array, iinfo, type NDArray } from "nbytes";
import { describe, expect, test } from "vitest";

describe("issue 7.9: astype(dtype, { casting: 'same_value' }) keeps what fits, at the ends of every integer dtype", () => {
  const INTEGERS = ["int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64"] as const;
  test.each(INTEGERS)("from %s", (from) => {
    const { min, max } = iinfo(from);
    for (const to of INTEGERS) {
      const into = iinfo(to);
      for (const value of [min, min + 1n, max / 2n, max - 1n, max, into.max, into.min, into.max + 1n, 0n]) {
        if (value < min || value > max) continue;
        const cast = (): NDArray => array([value], from).astype(to, { casting: "same_value" });
        if (value < into.min || value > into.max) expect(cast).toThrow(/would change/);
        else expect(BigInt(cast().item(0) as number)).toBe(value);
      }
    }
  });
});

test("issue 7.9: astype('float16', { casting: 'same_value' }) refuses integers that are infinite there, at both ends", () => {
  for (const dtype of ["int32", "int64"] as const)
    for (const end of [iinfo(dtype).min, iinfo(dtype).max])
      expect(() => array([end], dtype).astype("float16", { casting: "same_value" })).toThrow(/would change/);
  expect(array([-32768], "int16").astype("float16", { casting: "same_value" }).tolist()).toEqual([-32768]);
});
