import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as np from "nbytes";
import { afterAll, describe, expect, test } from "vitest";
import type { SyncAccessHandle } from "../../src/mapped/handle.js";
import { openMemmap } from "../../src/node.js";

const folder = mkdtempSync(join(tmpdir(), "nbytes-mapped-"));
afterAll(() => rmSync(folder, { recursive: true }));
let files = 0;
const fresh = (): string => join(folder, `${files++}.dat`);

/** A file of float64: 0, 1, 2 … */
function counting(n: number): string {
  const path = fresh();
  writeFileSync(
    path,
    Float64Array.from({ length: n }, (_, i) => i),
  );
  return path;
}

describe("a mapped array as an expression", () => {
  test("sum, mean, min, max and std stream through it", () => {
    const n = 300_001,
      m = openMemmap(counting(n), { dtype: "float64", mode: "r" });
    using x = np.arange(n);
    expect(np.sum(m)).toBe(np.sum(x));
    expect(np.mean(m)).toBe(np.mean(x));
    expect(np.min(m)).toBe(0);
    expect(np.max(m)).toBe(n - 1);
    expect(np.sum(np.multiply(m, m))).toBe(np.sum(np.multiply(x, x)));
    expect(np.sum(np.greater(m, 5))).toBe(n - 6);
    m.close();
  });

  test("views of any step give what the array gives", () => {
    const shape = [7, 11, 13],
      m = openMemmap(counting(7 * 11 * 13), { dtype: "float64", shape, mode: "r", cache: 65_536 });
    const x = np.arange(7 * 11 * 13).reshape(shape);
    for (const index of [
      "1:, ::-1",
      "..., 3",
      "::2, 1:9:3, ::-2",
      "3, None, :, 4:5",
      "::-1, ::-1, ::-1",
      "2, 3, 4",
      "5:5",
    ]) {
      const view = m.at(index).evaluate();
      expect(view.shape, index).toEqual(x.at(index).shape);
      expect(np.arrayEqual(view, x.at(index)), index).toBe(true);
      expect(np.sum(np.add(m.at(index), 1)), index).toBe(np.sum(np.add(x.at(index), 1)));
      const out = np.zeros([...view.shape].reverse()).T;
      expect(np.arrayEqual(m.at(index).evaluate({ out }), x.at(index)), index).toBe(true);
      expect(
        np.arrayEqual(np.add(m.at(index), x.at(index)).evaluate({ out }), np.multiply(x.at(index), 2)),
        index,
      ).toBe(true);
    }
    m.close();
  });

  test("evaluate() beside an array that would repeat it is refused before anything is made", () => {
    using m = openMemmap(counting(3), { dtype: "float64", mode: "r" });
    const x = np.ones([2, 3]),
      live = np.memory.usage().live;
    expect(() => np.add(m, x).evaluate()).toThrow(
      "a mapped array of shape (3,) cannot be repeated to (2,3) while it is read: evaluate() it first",
    );
    expect(np.memory.usage().live).toBe(live);
  });

  test("blocks(n) gives the elements in order, in arrays that end when the next is asked for", () => {
    using m = openMemmap(counting(1000), { dtype: "float64", shape: [10, 100], mode: "r" });
    const shapes: string[] = [];
    let total = 0;
    for (const block of m.blocks(250)) {
      shapes.push(String(block.shape));
      total += np.sum(block);
    }
    expect(shapes).toEqual(["2,100", "2,100", "2,100", "2,100", "2,100"]);
    expect(total).toBe(499_500);
  });
});

describe("set(…)", () => {
  const dtypes = ["bool", "int8", "uint16", "int64", "float16", "float32", "complex128"] as const;
  test.each(dtypes)("of %s writes numbers, arrays and expressions wherever an index points", (dtype) => {
    const path = fresh(),
      shape = [5, 6, 7];
    using m = openMemmap(path, { dtype, shape, mode: "w+", offset: 24, cache: 65_536 });
    const x = np.zeros(shape, dtype) as np.NDArray;
    const values = np.arange(42).reshape([6, 7]).astype(dtype) as np.NDArray;
    m.set(1, values);
    x.set(1, values);
    m.set("::-2, 3", 1);
    x.set("::-2, 3", 1);
    m.set("2:4, ::2, 1:5", values.at("::-2, 2:6"));
    x.set("2:4, ::2, 1:5", values.at("::-2, 2:6"));
    m.set("0", np.logicalNot(m.at("0")));
    x.set("0", np.logicalNot(x.at("0")));
    expect(np.arrayEqual(m.evaluate(), x)).toBe(true);
    m.flush();
    const bytes = readFileSync(path);
    expect(bytes.length).toBe(24 + x.nbytes);
    expect(bytes.subarray(24)).toEqual(Buffer.from(x.data.buffer, x.data.byteOffset, x.nbytes));
  });

  test("evaluate() takes no second argument", () => {
    using m = openMemmap(counting(2), { dtype: "float64", mode: "r" });
    expect(() => (m.evaluate as (...args: unknown[]) => unknown).call(m, {}, 1)).toThrow(/at most 1 argument/);
  });

  test("of what does not fit writes nothing", () => {
    using m = openMemmap(counting(6), { dtype: "float64", shape: [2, 3], mode: "r+" });
    expect(() => m.set(0, [1, 2])).toThrow("could not broadcast input array from shape (2,) into shape (3,)");
    expect(() => m.set(5, 1)).toThrow("index 5 is out of bounds for axis 0 with size 2");
    expect(() => m.set([0, 1], 1)).toThrow("set of a mapped array takes integers and slices");
    expect(() => m.set("...", np.add(np.lazy(np.ones(3)), 1))).toThrow("could not broadcast");
    expect(() => m.set("...", np.add(m, { re: 0, im: 1 }))).toThrow("Cannot cast array data from dtype('complex128')");
    expect(() => m.set("0, 1:", np.add(m.at("0, :2"), 1))).toThrow("the expression reads other elements of the file");
    expect(np.arrayEqual(m.evaluate(), np.arange(6).reshape([2, 3]))).toBe(true);
  });

  test("with mode c stays in memory, whatever the cache", () => {
    const path = counting(30_000);
    using m = openMemmap(path, { dtype: "float64", mode: "c", cache: 65_536 });
    m.set("...", np.negative(m));
    expect(np.sum(m)).toBe(-449_985_000);
    m.flush();
    using again = openMemmap(path, { dtype: "float64", mode: "r" });
    expect(np.sum(again)).toBe(449_985_000);
  });
});

test("flush() leaves everything on the disk, and a kill loses nothing of it", () => {
  const path = fresh();
  using m = openMemmap(path, { dtype: "int32", shape: 100, mode: "w+" });
  m.set("10:20", 7);
  m.flush();
  const read =
    "const b=require('fs').readFileSync(process.argv[1]);console.log(new Int32Array(b.buffer,b.byteOffset,100).slice(9,21).join())";
  expect(String(execFileSync(process.execPath, ["-e", read, path]))).toBe("0,7,7,7,7,7,7,7,7,7,7,0\n");
});

describe("openMemmap(…) refuses", () => {
  test.each([
    ["a file that is not there", () => openMemmap(join(folder, "none"), { mode: "r" }), "No such file or directory"],
    ["a folder", () => openMemmap(folder, { mode: "r" }), /only a regular file|Is a directory/],
    ["another mode", () => openMemmap(counting(1), { mode: "rw" as "r" }), "mode must be one of"],
    ["w+ without a shape", () => openMemmap(fresh(), { mode: "w+" }), "shape must be given if mode == 'w+'"],
    [
      "more elements than there are",
      () => openMemmap(counting(2), { dtype: "float64", shape: 3, mode: "r" }),
      "mmap length is greater than file size",
    ],
    [
      "half an element",
      () => openMemmap(counting(2), { dtype: "float64", offset: 4, mode: "r" }),
      "not a multiple of the data-type size",
    ],
    ["what is no file", () => openMemmap(5 as unknown as string), "openMemmap takes a file to map"],
  ])("%s", (_, open, message) => {
    const { live } = np.memory.usage();
    expect(open).toThrow(message);
    expect(np.memory.usage().live).toBe(live);
  });

  test("any use after close()", () => {
    const m = openMemmap(counting(2), { dtype: "float64", mode: "r" }),
      view = m.at(0);
    m.close();
    m.close();
    for (const use of [
      () => m.at(0),
      () => m.item(0),
      () => m.flush(),
      () => np.sum(m),
      () => view.evaluate(),
      () => [...m.blocks()],
    ])
      expect(use).toThrow(/the mapped array of '.*' was closed/);
    expect(String(m)).toMatch(/^closed mapped array float64 \[2\], 16 B of '/);
  });
});

test("sharesMemory(m, a) refuses a mapped array, which has no memory of the engine's, by its name", () => {
  using m = openMemmap(counting(2), { dtype: "float64", mode: "r" });
  const refused = np.sharesMemory as (a: unknown, b: unknown) => boolean;
  expect(() => refused(m, np.ones(2))).toThrow("this takes an array, not a MappedArray: make one with array(…)");
});

test("openMemmap(handle) takes what a worker of a browser has", () => {
  let bytes = new Uint8Array(0);
  const handle: SyncAccessHandle = {
    read(into, { at }) {
      const part = bytes.subarray(at, at + into.length);
      into.set(part);
      return part.length;
    },
    write(from, { at }) {
      if (bytes.length < at + from.length) this.truncate(at + from.length);
      bytes.set(from, at);
      return from.length;
    },
    getSize: () => bytes.length,
    truncate(size) {
      const before = bytes.subarray(0, size);
      bytes = new Uint8Array(size);
      bytes.set(before);
    },
    flush() {},
    close() {},
  };
  const m = openMemmap(handle, { dtype: "int16", shape: [3, 4], mode: "w+" });
  m.set("...", np.arange(12).reshape([3, 4]).astype("int16"));
  m.close();
  expect([...new Int16Array(bytes.buffer)]).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
});
