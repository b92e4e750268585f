import { expect, test } from "vitest";
import { memory } from "../../../src/index.js";
import { nbytes } from "../running.js";

test("nbytes bench measures in place against copying, and dtypes: bytes are exact", async () => {
  const { live } = memory.usage();
  const { code, out, err } = await nbytes(["bench", "--size", "1000", "--json"]);
  expect({ code, err }).toEqual({ code: 0, err: "" });
  const { elements, results } = JSON.parse(out);
  expect(elements).toBe(1000);
  const of = (what: string, way: string) =>
    results.find((r: { what: string; way: string }) => r.what === what && r.way === way);
  expect(of("x + 1", "a new array")).toMatchObject({ suite: "inplace", allocated: 8000, peak: 8000, ratio: 1 });
  expect(of("x + 1", "out")).toMatchObject({ allocated: 0, peak: 0 });
  expect(of("sqrt(x * x + y * y)", "new arrays")).toMatchObject({ allocated: 32000 });
  expect(of("NaN to 0", "in place")).toMatchObject({ allocated: 1000 });
  expect(of("x + x", "int8")).toMatchObject({ suite: "dtypes", allocated: 0 });
  for (const { ms, ratio } of results) expect(ms > 0 && ratio > 0).toBe(true);
  expect(memory.usage().live).toBe(live);
});

test("nbytes bench prints a table, Markdown or a page", async () => {
  const [table, md, html] = await Promise.all(
    ["table", "md", "html"].map(
      async (format) => (await nbytes(["bench", "inplace", "--size", "10", "--format", format])).out,
    ),
  );
  expect(table).toMatch(
    /^10 elements, Node [\d.]+, \d+ processors\n +time {2}allocated +peak {2}ratio\nx \+ 1\n {2}a new array +[\d.]+ [µm]s +80 B +80 B\n/,
  );
  expect(table.split("\n").every((line) => line.length <= 80)).toBe(true);
  expect(md).toMatch(
    /\n\| what \| way \| time \| allocated \| peak \| ratio \|\n\|---\|---\|--:\|--:\|--:\|--:\|\n\| x \+ 1 \| a new array \|/,
  );
  expect(html).toMatch(/^<!doctype html>[\s\S]*<td>x \+ 1<\/td><td>a new array<\/td>/);
});

test.each([
  [["speed"], "nbytes bench: there is no suite 'speed': inplace, dtypes\n"],
  [["--format", "pdf"], "nbytes bench: --format is one of table, json, md, html, not 'pdf'\n"],
  [["--size", "0"], "nbytes bench: --size is at least 1\n"],
])("nbytes bench %j is wrong use", async (argv, err) => {
  expect(await nbytes(["bench", ...argv])).toEqual({ code: 2, out: "", err });
});
