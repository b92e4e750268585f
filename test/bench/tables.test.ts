import { expect, test } from "vitest";
import {
  formatCount,
  formatError,
  formatMultiple,
  formatPercent,
  formatRatio,
  formatTime,
} from "../../bench/format.js";
import { barChart, escapeHtml, htmlTable } from "../../bench/html.js";
import { heights, paint, tableText, useColours, wrap } from "../../bench/tables.js";

const table = {
  columns: [{ title: "way" }, { title: "time" }, { title: "result", align: "left" }],
  rows: [
    ["copying", "8.40 ms", "reference"],
    ["in place", "830 µs", { text: "equal", tone: "good" }],
  ],
} as const;

test("tableText(...) puts names left and figures right, without blanks at the ends of lines", () => {
  expect(tableText(table)).toBe(
    ["  way          time  result", "  copying   8.40 ms  reference", "  in place   830 µs  equal"].join("\n"),
  );
});

test("tableText(...) is coloured only when colours are on", () => {
  expect(paint("good", "equal")).toBe("equal");
  useColours(true);
  try {
    expect(paint("good", "equal")).toBe("\x1b[32mequal\x1b[0m");
    expect(tableText(table).split("\n")[2]).toBe("  in place   830 µs  \x1b[32mequal    \x1b[0m");
  } finally {
    useColours(false);
  }
});

test("formatTime(seconds) writes three figures with a unit, and never 1000 of one", () => {
  expect([8.4e-3, 45e-9, 1.234e-4, 2.5, 75, 0.9996e-3, 999.6e-9, 144, 1234].map(formatTime)).toEqual([
    "8.40 ms",
    "45.0 ns",
    "123 µs",
    "2.50 s",
    "75.0 s",
    "1.00 ms",
    "1.00 µs",
    "144 s",
    "1234 s",
  ]);
});

test("formatMultiple(nbytes, n) is a multiple of n", () => {
  expect([19_000, 1_000, 0, 12_500].map((nbytes) => formatMultiple(nbytes, 1000))).toEqual([
    "19n",
    "1n",
    "0",
    "12.50n",
  ]);
});

test("other figures are short", () => {
  expect([0.2345, 1, 12.345, 145.2].map(formatRatio)).toEqual(["0.23", "1.00", "12.3", "145"]);
  expect([0, 1.9073e-6, 0.015617, 16].map(formatError)).toEqual(["0", "1.91e-6", "0.0156", "16.0"]);
  expect([0.75, 0.4375, 0].map(formatPercent)).toEqual(["75 %", "43.8 %", "0 %"]);
  expect(formatCount(1_000_000)).toBe("1,000,000");
});

test("heights(values, most) draws one character for each value", () => {
  expect(heights([0, 1, 4, 8], 8)).toBe(" ▁▄█");
});

test("wrap(text) breaks lines at blanks", () => {
  expect(wrap("aa bb cc", 5, 1)).toBe(" aa bb\n cc");
});

test("htmlTable(...) and charts escape what they are given", () => {
  expect(escapeHtml('<a href="x">&')).toBe("&lt;a href=&quot;x&quot;&gt;&amp;");
  const html = htmlTable({ columns: [{ title: "<b>" }], rows: [["x < y"]] }, "a & b");
  expect(html).toContain("&lt;b&gt;");
  expect(html).toContain('<th scope="row" class="left">x &lt; y</th>');
  expect(html).toContain("<figcaption>a &amp; b</figcaption>");
  expect(barChart("t", [{ label: "<i>", value: 1, text: "1", colour: 1 }])).toContain("&lt;i&gt;");
});

test("barChart(...) draws bars in proportion to the longest", () => {
  const html = barChart("t", [
    { label: "a", value: 4, text: "4", colour: 1 },
    { label: "b", value: 1, text: "1", colour: 2, part: 0.5 },
  ]);
  expect([...html.matchAll(/<rect class="([^"]*)" width="([^"]*)"/g)].map(([, kind, width]) => [kind, width])).toEqual([
    ["c1", "100.00%"],
    ["c2 light", "25.00%"],
    ["c2", "12.50%"],
  ]);
});
