import { allclose, array, arrayEqual, arrayEquiv } from "nbytes";
import { expect, test } from "vitest";

test("issue 7.9: arrayEquiv(float16, 0.1) is false: no float16 is 0.1; isclose is", () => {
  const x = array([0.1], "float16");
  expect([arrayEquiv(x, 0.1), arrayEquiv(0.5, array([0.5], "float16")), allclose(x, 0.1)]).toEqual([false, true, true]);
  expect(arrayEqual(array(2n ** 64n - 1n, "uint64"), 2n ** 64n - 1n)).toBe(true);
  expect(arrayEqual(array(2n ** 64n - 2n, "uint64"), 2n ** 64n - 1n)).toBe(false);
  expect(arrayEquiv(array([-Infinity], "float16"), -(2n ** 62n))).toBe(false);
});
