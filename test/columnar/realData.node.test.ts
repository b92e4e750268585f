import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { readArrow, writeArrow } from "../../src/arrow/index.js";
import * as np from "../../src/index.js";
import { readParquet, readParquetGroups, writeParquet } from "../../src/parquet/index.js";

// Real data, which others wrote: read, reported, made small, saved, and read again.

const { load, memory, savez, shrink, table } = np;
const data = join(dirname(createRequire(import.meta.url).resolve("vega-datasets")), "..", "data");

let folder: string, live: number;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "nbytes-real-"));
  live = memory.usage().live;
});
afterAll(() => {
  rmSync(folder, { recursive: true });
  expect(memory.usage().live).toBe(live);
});

/** Reports a table, makes its numbers small, saves them, and compares what is loaded; gives bytes before and after. */
async function through(
  t: np.Table,
  name: string,
): Promise<{ before: number; after: number; dtypes: Record<string, string> }> {
  const names = t.columns.filter((column) => t.dtypes[column] !== "category"),
    before = t.nbytes;
  using numbers = t.select(names);
  const arrays = Object.fromEntries(names.map((column) => [column, t.array(column).copy()])),
    report = shrink.report(numbers),
    small = shrink.apply(arrays, report);
  const path = join(folder, `${name}.npz`);
  savez(small, path);
  const loaded = load(path as `${string}.npz`),
    dtypes: Record<string, string> = {};
  let after = 0;
  for (const column of names) {
    using back = loaded[column];
    dtypes[column] = back.dtype;
    after += back.nbytes;
    expect(np.arrayEqual(back, t.array(column), { equalNan: true })).toBe(true);
  }
  for (const column of t.columns) {
    const codes = t.at(column);
    if ("codes" in codes) after += codes.nbytes;
  }
  for (const array of Object.values(small)) array.dispose();
  await roundTrips(t, name);
  return { before, after, dtypes };
}

// The same table by way of both formats.
async function roundTrips(t: np.Table, name: string): Promise<void> {
  await writeParquet(t, join(folder, `${name}.parquet`));
  await writeArrow(t, join(folder, `${name}.arrow`));
  for (const back of [
    await readParquet(join(folder, `${name}.parquet`)),
    await readArrow(join(folder, `${name}.arrow`)),
  ]) {
    using _ = back;
    expect(back.dtypes).toEqual(t.dtypes);
    for (const column of t.columns) {
      const one = back.at(column);
      // Lists of so many strings are compared as one.
      if ("codes" in one) expect(String(one.tolist()) === String(t.at(column).tolist())).toBe(true);
      else expect(np.arrayEqual(one, t.array(column), { equalNan: true })).toBe(true);
    }
  }
}

test("readParquet of a row group of the flights (Polars, Zstandard): int64 shrinks to int16, dates stay float64", async () => {
  using flights = await readParquet(join(data, "flights-3m.parquet"), { rowGroups: [10] });
  expect([flights.length, flights.nbytes]).toEqual([272_730, 272_730 * 28]);
  const { before, after, dtypes } = await through(flights, "flights");
  expect(dtypes).toEqual({ date: "float64", delay: "int16", distance: "int16" });
  expect([before, after]).toEqual([272_730 * 28, 272_730 * 16]);
}, 120_000);

test("shrink.report(readParquetGroups(path)) of 3,000,000 flights takes one row group's memory, and less than a MiB of its own", async () => {
  const t = await memory.traceAsync(() =>
    shrink.report(readParquetGroups(join(data, "flights-3m.parquet"), { columns: ["delay", "distance"] })),
  );
  expect(t.result.columns.map(({ name, best }) => [name, best])).toEqual([
    ["delay", "int16"],
    ["distance", "int16"],
  ]);
  expect(t.peak).toBeLessThan(272_730 * 16 + 2 ** 20);
}, 120_000);

test("readArrow of 200,000 flights is three views of the file, and no copy", async () => {
  const path = join(data, "flights-200k.arrow"),
    { length } = readFileSync(path);
  const t = await memory.traceAsync(async () => await readArrow(path));
  using flights = t.result;
  expect([t.allocs, t.peak, flights.length]).toEqual([1, length, 200_000]);
  expect(flights.dtypes).toEqual({ delay: "int16", distance: "int16", time: "float32" });
  expect((await through(flights, "flights-200k")).dtypes).toEqual({
    delay: "int16",
    distance: "int16",
    time: "float32",
  });
}, 120_000);

test("table(rows) of movies.json: 3,201 films, titles that are numbers are strings, what is missing is NaN or no string", async () => {
  const rows = JSON.parse(readFileSync(join(data, "movies.json"), "utf8")) as Record<string, unknown>[];
  using movies = table(rows);
  expect([movies.length, movies.columns.length, movies.dtypes.Title, movies.dtypes["US Gross"]]).toEqual([
    3201,
    16,
    "category",
    "float64",
  ]);
  expect(JSON.parse(JSON.stringify(movies))).toEqual(
    rows.map((row) => ({ ...row, Title: row.Title === null ? null : String(row.Title) })),
  );
  await through(movies, "movies");
}, 120_000);

test("readCsv of Seattle's weather: 1,461 days", async () => {
  for await (const weather of np.readCsv(join(data, "seattle-weather.csv"))) {
    using _ = weather;
    expect(weather.length).toBe(1461);
    await through(weather, "weather");
  }
}, 120_000);
