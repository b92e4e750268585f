import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as np from "nbytes";
import { afterAll, expect, test } from "vitest";
import { createZarr, openZarr, saveZarr } from "../../src/node.js";
import { DTYPES } from "../support/oracle.js";
import { pythonWith } from "../support/python.js";

const folder = mkdtempSync(join(tmpdir(), "nbytes-zarr-"));
afterAll(() => rmSync(folder, { recursive: true }));
const at = (name: string): string => join(folder, name);

// Reads each array, and writes it again in another way: other chunks, the other order of bytes and of axes.
const SCRIPT = `
import glob, os, sys, numpy as np, zarr
folder, n = sys.argv[1], 0
for path in sorted(glob.glob(folder + "/*.zarr")):
    z = zarr.open(path, mode="r")
    a, expected = z[...], np.load(path.replace(".zarr", ".npy"))
    assert a.dtype == expected.dtype and a.shape == expected.shape and a.tobytes() == np.ascontiguousarray(expected).tobytes(), path
    assert z.attrs["name"] == os.path.basename(path), path
    big = a.astype(a.dtype.newbyteorder(">"))
    zarr.open(path.replace(".zarr", ".back"), mode="w", shape=a.shape, dtype=big.dtype, chunks=7,
              order="F" if z.order == "C" else "C", compressor=zarr.GZip())[...] = big
    n += 1
print("all the same", n)
`;

const python = pythonWith("zarr");

test.skipIf(python === null)("Python's Zarr reads what saveZarr writes, and openZarr what it writes", async () => {
  let n = 0;
  for (const dtype of DTYPES)
    for (const order of ["C", "F"] as const) {
      const name = `${dtype}-${order}`,
        compressor = ([null, "gzip", "zlib"] as const)[n++ % 3];
      using x = np.arange(600).reshape([20, 30]).astype(dtype);
      np.save(x, at(`${name}.npy`));
      await saveZarr(x, at(`${name}.zarr`), { chunks: [8, 9], order, compressor, attrs: { name: `${name}.zarr` } });
    }
  const { stdout, stderr } = spawnSync(python!, ["-c", SCRIPT, folder], { encoding: "utf8" });
  expect(stderr + stdout).toBe(`all the same ${n}\n`);
  for (const dtype of DTYPES)
    for (const order of ["C", "F"]) {
      const z = await openZarr(at(`${dtype}-${order}.back`));
      using a = await z.read();
      using expected = np.load(at(`${dtype}-${order}.npy`));
      expect(np.save(a)).toEqual(np.save(expected));
      await z.write("2:5, ::-2", 1);
      expected.set("2:5, ::-2", 1);
      using changed = await (await openZarr(at(`${dtype}-${order}.back`))).read();
      expect(np.save(changed)).toEqual(np.save(expected));
    }
});

test("saveZarr(a, path) leaves whole files and no others", async () => {
  const z = await saveZarr(np.arange(10), `${at("files.zarr")}/`, { chunks: 4, path: "group/x" });
  expect(readdirSync(at("files.zarr"), { recursive: true }).sort()).toEqual(
    [
      ".zgroup",
      "group",
      "group/.zgroup",
      "group/x",
      ...[".zarray", "0", "1", "2"].map((name) => `group/x/${name}`),
    ].sort(),
  );
  using part = await z.read("3:5");
  expect(part.tolist()).toEqual([3, 4]);
  await saveZarr([1, 2], at("files.zarr"), { path: "group/x", overwrite: true });
  expect(readdirSync(at("files.zarr/group/x")).sort()).toEqual([".zarray", "0"]);
});

test("openZarr(path) tells what is there instead of an array", async () => {
  await expect(openZarr(at("none.zarr"))).rejects.toThrow("[ENOENT] No Zarr array");
  writeFileSync(at("file"), "text");
  await expect(openZarr(at("file"))).rejects.toThrow(np.FileError);
  await expect(saveZarr([1], at("file/x.zarr"))).rejects.toThrow(np.FileError);
  expect(existsSync(at("none.zarr"))).toBe(false);
});

test("createZarr(path) of an array larger than memory takes none, and a chunk is read and written alone", async () => {
  const before = np.memory.usage().live,
    z = await createZarr(at("large.zarr"), {
      shape: [1e6, 1e6],
      dtype: "float32",
      chunks: [1000, 1000],
      fillValue: Number.NaN,
    });
  expect(np.memory.usage().live).toBe(before);
  await z.write("999999, 999990:", np.arange(10));
  const t = await np.memory.traceAsync(async () => {
    using part = await z.read("-1, -11:");
    expect(part.tolist()).toEqual([Number.NaN, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  });
  expect(t.peak).toBe(4_000_000 + 44);
});
