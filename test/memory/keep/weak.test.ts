import { expect, test } from "vitest";
import * as np from "../../../src/index.js";

const { memory } = np;

test("memory.weak(a) takes live arrays only", () => {
  const a = np.zeros(2);
  a.dispose();
  expect(() => memory.weak(a)).toThrow(np.DisposedError);
  expect(() => memory.weak(3 as unknown as np.NDArray)).toThrow(
    new np.DTypeError("a number cannot be held weakly: only arrays can"),
  );
  expect(() => memory.weak({} as unknown as np.NDArray)).toThrow("an object cannot be held weakly");
});

test("memory.weak(view) ends with the view, not with the memory", () => {
  using a = np.arange(4);
  const v = a.at("1:"),
    w = memory.weak(v);
  expect(w.deref()).toBe(v);
  v.dispose();
  expect(w.deref()).toBeUndefined();
});

test("a weak handle ends at the end of the scope", () => {
  const w = memory.scope(() => memory.weak(np.zeros(3)));
  expect(w.deref()).toBeUndefined();
});
