import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { type Browser, chromium, type Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { browserFlags, findBrowser } from "../../../scripts/browser.mjs";
import * as np from "../../../src/index.js";
import { fastcount } from "../../lessons/fastcount.js";

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

/** A pool, a cache, a growable array, a scope, and arrays that are forgotten. */
async function pipeline(): Promise<void> {
  using frames = memory.pool({ shape: [100, 100], dtype: "float32", label: "frames", initial: 2 });
  using cache = memory.lruCache<number, np.NDArray>({ maxBytes: "40 kB", label: "features" });
  using means = memory.growable("float64", { capacity: 1 });
  for (let i = 0; i < 12; i++) {
    using frame = frames.take();
    np.add(frame, [i], { out: frame });
    memory.scope(() => void means.push(Number(np.multiply(frame, frame).mean())));
    cache.set(i % 5, np.ones(1000));
  }
  for (let i = 0; i < 7; i++) np.ones([10, 10]);
  await memory.collect();
}

const executablePath = findBrowser();
if (executablePath !== undefined) {
  let browser: Browser;
  beforeAll(async () => {
    browser = await chromium.launch({ executablePath, args: browserFlags });
  });
  afterAll(() => browser.close());

  /** Opens a report in a window of a width. */
  async function opened(text: string, width = 1200): Promise<Page> {
    const path = join(folder, "report.html");
    writeFileSync(path, text);
    const page = await browser.newPage({ viewport: { width, height: 900 } });
    await page.goto(pathToFileURL(path).href);
    return page;
  }

  const rowsOf = (page: Page, id: string): Promise<(string | null)[][]> =>
    page.$$eval(`#${id} tbody tr`, (rows) => rows.map((row) => [...row.children].map((cell) => cell.textContent)));

  test("a browser shows the exact figures of fastcount, the lines, and a timeline", async () => {
    const page = await opened(html);
    const figures = await page.$$eval("dd", (all) => all.map((dd) => [dd.id, dd.textContent]));
    expect(Object.fromEntries(figures)).toEqual({
      allocated: "19,000,000 B",
      arrays: "5",
      peak: "18,000,000 B",
      retained: "1,000,000 B",
      copied: "16,000,000 B",
      scratch: "0 B",
    });
    expect((await rowsOf(page, "lines")).map((cells) => cells.at(-1))).toEqual([
      "const na = np.isnan(x);",
      "using t = np.isnan(y);",
      "const lx = x.copy();",
      "const ly = y.copy();",
      "return np.logicalNot(na);",
    ]);
    expect(await page.locator("#timeline svg path").count()).toBe(1);
    expect(await page.locator("#map rect title").count()).toBeGreaterThan(3);
    expect(await rowsOf(page, "dtypes")).toEqual([
      ["float64", "4", "2", "16.0 MB", "16.0 MB"],
      ["bool", "4", "3", "3.00 MB", ""],
    ]);
    expect(await rowsOf(page, "freed")).toEqual([
      ["scope", "3", "17.0 MB"],
      ["using", "1", "1.00 MB"],
    ]);
    expect((await rowsOf(page, "cost")).map(([what]) => what)).toEqual([
      "finding lines",
      "JavaScript memory",
      "events dropped",
    ]);
  });

  test("a browser shows who kept and who freed, temporaries, and what forgetting cost", async () => {
    const t = await memory.traceAsync(pipeline, { maxEvents: 32 }),
      page = await opened(t.export("html"));
    expect(await rowsOf(page, "owners")).toEqual(
      t.owners().map(({ owner, allocs, allocated }) => [owner, String(allocs), np.formatBytes(allocated)]),
    );
    expect((await rowsOf(page, "owners")).map(([owner]) => owner).sort()).toEqual(
      ["array", "features", "frames", "growable"].sort(),
    );
    const freed = await rowsOf(page, "freed");
    expect(freed).toEqual(t.freed().map(({ by, frees, freed }) => [by, String(frees), np.formatBytes(freed)]));
    expect(Object.fromEntries(freed.map(([by, count]) => [by, count]))).toMatchObject({
      gc: "7",
      scope: "12",
      pool: "2",
      cache: "12",
    });
    expect((await rowsOf(page, "temporaries")).map(([, op]) => op)).toContain("add (scratch)");
    const cost = Object.fromEntries(await rowsOf(page, "cost"));
    expect(cost["events dropped"]).toBe(t.dropped.toLocaleString("en-US"));
    expect(cost["JavaScript memory"]).toBe(np.formatBytes(t.overhead.bytes));
    expect(cost["searching for forgotten arrays"]).toMatch(/^\d+ ms in 1 search$/);
    expect(cost["found by the collector"]).toBe("5.60 kB in 7 arrays");
    expect(cost["forgotten most by"]).toMatch(/^html\.node\.test\.ts:\d+$/);
  });

  test.each([1200, 400])(
    "in a window of %i pixels nothing but tables scrolls sideways, and no figure is cut",
    async (width) => {
      const page = await opened(html, width);
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(width);
      const cut = await page.$$eval("dd", (all) =>
        all.filter((dd) => dd.scrollWidth > dd.clientWidth).map((dd) => dd.id),
      );
      expect(cut).toEqual([]);
    },
  );
}
