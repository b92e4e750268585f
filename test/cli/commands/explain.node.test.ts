import { expect, test } from "vitest";
import { evaluate } from "../../../src/cli/commands/expression.js";
import { memory, ones } from "../../../src/index.js";
import { nbytes } from "../running.js";

test("nbytes explain 'm.T.reshape(-1)' tells view and copy, bytes, strides and the reason", async () => {
  expect(await nbytes(["explain", "m.T.reshape(-1)", "--shape", "1000,1000"])).toEqual({
    code: 0,
    err: "",
    out: `m                            float64 [1000, 1000], strides [8000, 8]
.T            view      0 B  float64 [1000, 1000], strides [8, 8000]
.reshape(-1)  copy  8.00 MB  float64 [1000000], strides [8]
.reshape(-1) copies (strides): these elements do not lie in this order; if the
  order is free, ravel({ order: 'F' }) may be a view
`,
  });
});

test.each([
  ["m.reshape(-1)", "view", 0, undefined],
  ["m.T.ravel({ order: 'F' })", "view", 0, undefined],
  ["m.T.ravel()", "copy", 48, "strides"],
  ["m.at('1:')", "view", 0, undefined],
  ["m.at([0, 1])", "copy", 56, "advanced-index"],
  ["m.at(m.greater(0))", "copy", 48, "advanced-index"],
  ["m.astype('int8')", "copy", 6, "dtype"],
  ["m.copy()", "copy", 48, "requested"],
  ["add(m, 1)", "new", 48, undefined],
  ["m.iadd(1)", "in place", 0, undefined],
  ["m.sum()", "value", 0, undefined],
  ["concatenate([m, m.at('0:1')])", "copy", 72, "join"],
  ["slidingWindowView(m, [2, 2])", "view", 0, undefined],
  ["m.at(slice(0, 1))", "view", 0, undefined],
])("nbytes explain %j: %s", async (expression, kind, bytes, reason) => {
  const { out } = await nbytes(["explain", expression, "--shape", "2,3", "--json"]);
  expect(JSON.parse(out).steps.at(-1)).toMatchObject({ kind, bytes, ...(reason === undefined ? {} : { reason }) });
  if (reason === undefined) expect(JSON.parse(out).steps.at(-1)).not.toHaveProperty("reason");
});

test("nbytes explain --dtype is the array's", async () => {
  expect((await nbytes(["explain", "x.T", "--dtype", "int8", "--shape", "2,3"])).out).toMatch(
    /^x +int8 \[2, 3\], strides \[3, 1\]$/m,
  );
});

test.each([
  ["m.constructor", /^there is no property \.constructor here|\.constructor is no property here/],
  ["m.constructor.constructor('return process')()", /\.constructor is no property/],
  ["m.__proto__", /\.__proto__ is no property/],
  ["m.buffer", /\.buffer is no property/],
  ["process.exit(3)", /\.exit\(\) is no method/],
  ["eval('1')", /there is no function eval/],
  ["toString()", /there is no function toString/],
  ["load('/etc/passwd')", /there is no function load/],
  ["m.at(() => 1)", /column \d+ of the expression/],
  ["m.T; m", /column 4 of the expression: nothing more was expected/],
  ["m.T + n", /nothing more was expected/],
  ["add(m, n)", /column 8 of the expression: there is one array, m/],
  ["m[0]", /an index is written \.at/],
  ["1", /the expression names no array/],
  ["m.reshape(", /too early/],
  [`${"[".repeat(200)}m`, /too deep/],
  ["m.rehsape(3)", /did you mean reshape\?/],
  ["m.T.T.sum().x", /is asked of what is no array/],
  ["`m`", /'`' was not expected/],
])("nbytes explain %j is refused, and nothing of it is run", async (expression, why) => {
  const { code, out, err } = await nbytes(["explain", expression, "--shape", "2,3"]);
  expect({ code, out }).toEqual({ code: 2, out: "" });
  expect(err).toMatch(why);
  expect(err.split("\n")).toHaveLength(2);
});

test("nbytes explain of what NumPy refuses fails with its sentence", async () => {
  expect(await nbytes(["explain", "m.reshape(7)", "--shape", "2,3"])).toEqual({
    code: 1,
    out: "",
    err: "nbytes explain: cannot reshape array of size 6 into shape (7,)\n",
  });
  expect((await nbytes(["explain", "m.T", "--shape", "1e5,1e5"])).code).toBe(2);
});

test("evaluate runs each operation once, through its caller", () => {
  const texts: string[] = [];
  const { value } = memory.scope(() =>
    evaluate("add(m.T, m.at('0').reshape([2, 1]))", ones([2, 2]), ({ text, run }) => {
      texts.push(text);
      return run();
    }),
  );
  expect(texts).toEqual([".T", ".at('0')", ".reshape([2, 1])", "add(m.T, m.at('0').reshape([2, 1]))"]);
  expect(value).toMatchObject({ shape: [2, 2] });
});
