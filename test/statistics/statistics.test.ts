import { array, mean, var as variance } from "nbytes";
import { expect, test } from "vitest";

test("issue 7.9: var(complex, { dtype: real }) is refused, with where= too; mean(0-d, -1, { where, out }) is NaN", () => {
  const z = array([{ re: 1, im: 1 }], "complex64");
  for (const where of [undefined, [true]])
    expect(() => variance(z, null, { dtype: "float32", ...(where && { where }) })).toThrow(
      "the var of complex numbers has no float32",
    );
  const out = array(11);
  mean(array(2), -1, { where: false, out });
  expect(out.item()).toBeNaN();
  expect(() => mean(array(2), -1, { out })).toThrow("axis -1 is out of bounds for array of dimension 0");
});
