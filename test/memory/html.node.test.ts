import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { chromium } from "playwright-core";
import { afterAll, expect, test } from "vitest";
import { browserFlags, findBrowser } from "../../scripts/browser.mjs";
import * as np from "../../src/index.js";
import { fastcount } from "../lessons/fastcount.js";

const { memory } = np;
const n = 1_000_000;
using x = np.zeros(n);
using y = np.zeros(n);
const html = memory.trace(() => memory.scope(() => fastcount(x, y))).export("html");
const folder = mkdtempSync(join(tmpdir(), "nbytes-html-"));
afterAll(() => rmSync(folder, { recursive: true }));

test("export('html') is one page that asks for nothing else", () => {
  const addresses = html.match(/(?:src|href|url)\s*[=(]\s*["']?[^"')\s>]+/g) ?? [];
  expect(addresses.filter((address) => !address.includes("(#"))).toEqual([]);
  expect(html).not.toMatch(/<script|@import/);
});

const executablePath = findBrowser();
if (executablePath !== undefined) {
  test("a browser shows the exact figures of fastcount, the lines, and a timeline", async () => {
    const path = join(folder, "fastcount.html");
    writeFileSync(path, html);
    const browser = await chromium.launch({ executablePath, args: browserFlags });
    try {
      const page = await browser.newPage();
      await page.goto(pathToFileURL(path).href);
      const figures = await page.$$eval("dd", (all) => all.map((dd) => [dd.id, dd.textContent]));
      expect(Object.fromEntries(figures)).toEqual({
        allocated: "19,000,000 B",
        arrays: "5",
        peak: "18,000,000 B",
        retained: "1,000,000 B",
        copied: "16,000,000 B",
        scratch: "0 B",
      });
      const lines = await page.$$eval("#lines tbody tr", (rows) =>
        rows.map((row) => row.lastElementChild?.textContent),
      );
      expect(lines).toEqual([
        "const na = np.isnan(x);",
        "using t = np.isnan(y);",
        "const lx = x.copy();",
        "const ly = y.copy();",
        "return np.logicalNot(na);",
      ]);
      expect(await page.locator("#timeline svg path").count()).toBe(1);
      expect(await page.locator("#map rect title").count()).toBeGreaterThan(3);
    } finally {
      await browser.close();
    }
  });
}
