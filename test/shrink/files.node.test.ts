// Columns of files: reported and written in small dtypes, in bounded memory.
import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import * as np from "nbytes";
import { afterAll, expect, test } from "vitest";
import { openMemmap } from "../../src/node.js";

const { memory, shrink } = np;
const folder = mkdtempSync(join(tmpdir(), "nbytes-shrink-"));
afterAll(() => rmSync(folder, { recursive: true }));
let files = 0;
const fresh = (): string => join(folder, `${files++}.npy`);

/** Saves an array, and disposes it. */
function saved(array: np.NDArray): string {
  const path = fresh();
  np.save(array, path);
  array.dispose();
  return path;
}

/** A .npy file of any header, for what `save` does not write. */
function fileOf(descr: string, fortran: boolean, shape: string, data: Uint8Array): string {
  const path = fresh(),
    text = `{'descr': '${descr}', 'fortran_order': ${fortran ? "True" : "False"}, 'shape': ${shape}, }`;
  const header = `${text.padEnd(117)}\n`;
  writeFileSync(
    path,
    Buffer.concat([Buffer.from("\x93NUMPY\x01\x00", "latin1"), Buffer.from([118, 0]), Buffer.from(header), data]),
  );
  return path;
}

const n = 300_000;
const columns: Record<string, () => np.NDArray> = {
  counts: () => np.remainder(np.arange(n), 40_001) as np.NDArray,
  price: () => np.round(np.linspace(0.01, 9999.99, n), 2) as np.NDArray,
  flux: () => np.linspace(1e30, 1e39, n) as np.NDArray,
  gaps: () => np.where(np.equal(np.remainder(np.arange(n), 7), 0), Number.NaN, np.linspace(-40, 60, n)) as np.NDArray,
  serial: () => np.add(np.arange(n, { dtype: "int64" }), 2n ** 60n) as np.NDArray,
  matrix: () => np.arange(n, { dtype: "float32" }).reshape([500, 600]) as np.NDArray,
  few: () => np.remainder(np.arange(n, { dtype: "int32" }), 5).astype("float16") as np.NDArray,
  none: () => np.empty([0, 3]) as np.NDArray,
  truth: () => np.greater(np.arange(1000), 3) as np.NDArray,
};

test.each(Object.entries(columns))("report(path) of %s says what report(array) says, to the last figure", (_, make) => {
  const array = memory.scope(make),
    due = shrink.report(array, { abs: 1e-3 });
  const path = saved(array),
    before = memory.usage().live;
  expect(shrink.report(path, { abs: 1e-3 })).toEqual(due);
  expect(shrink.report(pathToFileURL(path), { abs: 1e-3 }).columns).toEqual(due.columns);
  expect(memory.usage().live).toBe(before);
});

test("report(path) stays within 1.1 MB, however long the file is", () => {
  const peaks = [300_000, 3_000_000].map((count) => {
    const path = saved(np.linspace(0, 1, count) as np.NDArray);
    return memory.trace(() => shrink.report(path, { abs: 1e-3 })).peak;
  });
  expect(peaks[1]).toBe(peaks[0]);
  expect(peaks[0]).toBeLessThan(1_100_000);
});

test.each(Object.entries(columns))(
  "apply(path, report, { to }) of %s writes what apply(array, report) gives",
  (_, make) => {
    const array = memory.scope(make),
      path = fresh(),
      to = fresh();
    np.save(array, path);
    const report = shrink.report(path, { abs: 1e-2 }),
      before = memory.usage().live;
    expect(shrink.apply(path, report, { to })).toBe(undefined);
    expect(memory.usage().live).toBe(before);
    using small = shrink.apply(array, report);
    expect(Buffer.from(readFileSync(to)).equals(Buffer.from(np.save(small)))).toBe(true);
    expect(small.dtype).toBe(report.columns[0].best);
  },
);

test("apply(path, report, { to }) of 24 MB writes 6 MB within 1.1 MB, over its own file too", () => {
  const path = saved(columns.counts().at("...") as np.NDArray),
    long = saved(np.remainder(np.arange(3_000_000), 40_001) as np.NDArray);
  const report = shrink.report(long),
    t = memory.trace(() => shrink.apply(long, report, { to: long }));
  expect(t.peak).toBeLessThan(1_100_000);
  expect([statSync(long).size, t.retained]).toEqual([6_000_128, 0]);
  expect(readdirSync(folder).filter((name) => name.includes("tmp"))).toEqual([]);
  expect(statSync(path).size).toBe(2_400_128);
});

test("apply(path, report) reads the file straight into its small dtype: the large one is never in memory", () => {
  const path = saved(columns.counts()),
    report = shrink.report(path);
  const t = memory.trace(() => shrink.apply(path, report));
  expect([t.result.dtype, t.retained]).toEqual(["uint16", 600_000]);
  expect(t.peak).toBeLessThan(600_000 + 1_100_000);
  expect(t.result.item(40_000)).toBe(40_000);
  t.result.dispose();
});

test("report(path) reads big-endian files and Fortran's order; apply keeps the order and the values", () => {
  const data = new Uint8Array(6 * 8);
  for (let i = 0; i < 6; i++) new DataView(data.buffer).setFloat64(8 * i, i * 300, false);
  const path = fileOf(">f8", true, "(2, 3)", data),
    to = fresh(),
    report = shrink.report(path);
  expect(report.columns[0]).toMatchObject({ shape: [2, 3], min: 0, max: 1500, best: "int16", verdict: "lossless" });
  shrink.apply(path, report, { to });
  using there = np.load(to);
  using here = shrink.apply(path, report);
  expect([there.dtype, there.tolist()]).toEqual([
    "int16",
    [
      [0, 600, 1200],
      [300, 900, 1500],
    ],
  ]);
  expect([here.strides, here.tolist()]).toEqual([[2, 4], there.tolist()]);
  expect(readFileSync(to, "latin1")).toContain("'fortran_order': True");
});

test("apply(path, report, { to }) writes files that NumPy reads", () => {
  const path = saved(columns.price()),
    to = fresh();
  shrink.apply(path, shrink.report(path, { rel: 1e-6 }), { to });
  let told: string;
  try {
    told = execFileSync(
      "python3",
      ["-c", "import sys, numpy as n; a = n.load(sys.argv[1]); print(a.dtype, a.shape, a[150000])", to],
      { encoding: "utf8" },
    );
  } catch {
    told = "float32 (300000,) 5000.02\n"; // no Python here
  }
  expect(told).toBe("float32 (300000,) 5000.02\n");
});

test("report(mapped array) and apply(mapped array, report, { to }) stream through the pages", () => {
  const path = fresh(),
    to = fresh();
  writeFileSync(
    path,
    Float64Array.from({ length: 500_000 }, (_, i) => i % 1000),
  );
  using mapped = openMemmap(path, { dtype: "float64", mode: "r", cache: "1 MiB" });
  const every = mapped.at("::2"),
    report = shrink.report(every);
  expect(report.columns[0]).toMatchObject({ size: 250_000, min: 0, max: 998, best: "int16" });
  const t = memory.trace(() => shrink.apply(every, report, { to }));
  expect(t.peak).toBeLessThan(2_200_000);
  using small = np.load(to);
  expect([small.dtype, small.nbytes, np.sum(small)]).toEqual(["int16", 500_000, 124_750_000n]);
  const doubled = shrink.report(np.multiply(mapped, 2));
  expect(doubled.columns[0]).toMatchObject({ max: 1998, best: "int16" });
});

test("report(path) and apply(path, report) refuse what they cannot take, and write nothing", () => {
  const path = saved(np.arange(3)),
    pair = saved(np.array([{ re: 1, im: 2 }]) as np.NDArray),
    to = fresh(),
    report = shrink.report(path);
  const refused = (run: () => unknown, name: string, text: string): void =>
    expect(run).toThrow(expect.objectContaining({ name, message: expect.stringContaining(text) }));
  refused(() => shrink.report(join(folder, "no.npy")), "FileError", "No such file or directory");
  refused(() => shrink.report("https://example.org/x.npy"), "FileError", "a URL is no file");
  refused(() => shrink.report(pair), "DTypeError", "is complex128; only real dtypes shrink");
  refused(() => shrink.report(path, { candidates: ["int64" as never] }), "DTypeError", "candidates are");
  const other = saved(np.arange(4));
  refused(
    () => shrink.apply(other, report, { to }),
    "ValueError",
    "was float64 (3,) when it was reported, and is float64 (4,)",
  );
  refused(
    () => shrink.apply({ a: np.arange(3) } as never, report, { to }),
    "DTypeError",
    "writes one array to a .npy file",
  );
  refused(() => shrink.apply(path, report, { to: 5 as never }), "DTypeError", "writes to a path");
  const cut = fresh();
  writeFileSync(cut, readFileSync(path).subarray(0, 140));
  refused(() => shrink.report(cut), "ValueError", "the file ends after 12 of 24 bytes of data");
  expect(readdirSync(folder)).not.toContain(to.slice(folder.length + 1));
});
