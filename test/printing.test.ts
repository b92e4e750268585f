import { expect, test } from "vitest";
import { arrayRepr, memory } from "../src/index.js";
import text from "./oracle/printing.json?raw";
import { arrayOf, decode, type Shaped } from "./oracle.js";

const { cases } = JSON.parse(text) as { cases: readonly (Shaped & { readonly str: string; readonly repr: string })[] };

const titled = cases.map((c, i) => [i, c.dtype, `(${c.shape.join()})`, c.str.split("\n")[0].slice(0, 40), c] as const);

test.each(titled)("String(a) and arrayRepr(a) print as NumPy: %i: %s %s %s", (_i, _dtype, _shape, _first, c) => {
  memory.scope(() => {
    const a = arrayOf(c.dtype, decode(c.data), c.shape);
    expect(String(a)).toBe(c.str);
    expect(arrayRepr(a)).toBe(c.repr);
  });
});
