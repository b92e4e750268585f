import { expect, test } from "vitest";
import * as np from "../../../src/index.js";

// What people put into console.log: every thing of the namespace `memory` says what it is.

const { memory } = np;
const inspected = Symbol.for("nodejs.util.inspect.custom");

test("String(value) of a pool, a cache, a scope, a budget and their like tells their state, and console.log the same", () => {
  using scope = memory.open("epoch");
  using budget = memory.limit({ live: "1 MB", copies: 2 }, "strict");
  using tracing = memory.tracing({ label: "since then" });
  const x = np.zeros(10),
    growable = memory.growable("float64"),
    weak = memory.weak(x),
    cache = memory.weakCache<string>();
  for (const value of [1, 2, 3, 4, 5]) growable.push(value);
  cache.set("x", x);
  x.copy();
  const told: [unknown, string | RegExp][] = [
    [scope, 'scope "epoch": 2 arrays, 160 B'],
    [budget, 'budget "strict": 224 B of 1.00 MB live, 2 copies of 2 copies'],
    [tracing, /^since then: 4 arrays, 256 B allocated, peak 224 B,/],
    [growable, "growable float64: 5 of 8 elements, 64 B; grown 2 times, 4 elements moved"],
    [weak, `weak #${x.id} float64 [10]`],
    [cache, "weak cache: 1 array, 80 B"],
  ];
  for (const [value, text] of told) {
    expect(String(value)).toMatch(text);
    expect((value as Record<symbol, () => string>)[inspected]()).toBe(String(value));
  }
  x.dispose();
  expect([String(weak), String(cache)]).toEqual(["weak, and empty", "weak cache: 0 arrays, 0 B"]);
  growable.dispose();
});

test("String(await memory.collect()) tells what was forgotten, or that the collector cannot be called", async () => {
  const found = await memory.collect();
  expect(String(found)).toMatch(
    found.available ? /^(nothing was forgotten|\d+ forgotten arrays?, .* freed)$/ : /cannot be called/,
  );
});
