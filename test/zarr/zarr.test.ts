import * as np from "nbytes";
import { describe, expect, test } from "vitest";
import { createZarr, openZarr, saveZarr, type ZarrStore } from "../../src/node.js";
import text from "../oracle/zarr.json?raw";

// Arrays that Python's Zarr wrote (scripts/oracle_zarr.py), and those that are written here, in stores that are Maps.

interface Row {
  readonly name: string;
  readonly path?: string;
  readonly files: Readonly<Record<string, string>>;
  readonly npy: string;
}
const rows = JSON.parse(text) as Row[]; // what the script writes

const bytesOf = (base64: string): Uint8Array<ArrayBuffer> => Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));
const storeOf = ({ files }: Pick<Row, "files">): Map<string, Uint8Array> =>
  new Map(Object.entries(files).map(([key, value]) => [key, bytesOf(value)]));
const optionsOf = ({ path }: Row): { path?: string } => (path === undefined ? {} : { path });
const json = (store: Map<string, Uint8Array>, key = ".zarray"): Record<string, unknown> =>
  JSON.parse(new TextDecoder().decode(store.get(key))) as Record<string, unknown>; // .zarray is an object

const counted = (): np.NDArray<"int32"> => np.arange(35, { dtype: "int32" }).reshape([5, 7]);

test.each(rows)("read() of Zarr's array, $name, gives NumPy's elements", async (row) => {
  using expected = np.load(bytesOf(row.npy));
  const z = await openZarr(storeOf(row), optionsOf(row));
  using a = await z.read();
  expect(np.save(a)).toEqual(np.save(expected));
  expect([z.dtype, z.shape]).toEqual([expected.dtype, expected.shape]);
});

test("write(…) of what read() gave leaves an array that reads the same, whatever Zarr wrote", async () => {
  for (const row of rows) {
    const store = storeOf(row),
      z = await openZarr(store, optionsOf(row));
    using a = await z.read();
    for (const key of store.keys()) if (/\d$/.test(key)) store.delete(key);
    await z.write("...", a);
    using again = await (await openZarr(store, optionsOf(row))).read();
    expect(np.save(again), row.name).toEqual(np.save(a));
  }
});

describe("saveZarr(a, store)", () => {
  test("writes the metadata that Python's Zarr writes", async () => {
    for (const row of rows.filter(({ name }) => !name.includes(">"))) {
      const expected = json(storeOf(row), `${row.path === undefined ? "" : `${row.path}/`}.zarray`);
      if (expected.dimension_separator !== undefined) continue; // keys with dots are written here
      const z = await openZarr(storeOf(row), optionsOf(row)),
        store = new Map<string, Uint8Array<ArrayBuffer>>(),
        { chunks, order, compressor, fillValue } = z;
      using a = await z.read();
      await saveZarr(a, store, { chunks, order, compressor, fillValue });
      expect(json(store), row.name).toEqual(expected);
    }
  });

  test("cuts the longest axis in halves until a chunk has 4 MiB, if chunks are not given", async () => {
    const store = new Map<string, Uint8Array<ArrayBuffer>>();
    const z = await createZarr(store, { shape: [3000, 1000, 2], dtype: "float32" });
    expect(z.chunks).toEqual([750, 500, 2]);
    expect(String(z)).toBe("Zarr array float32 [3000, 1000, 2] in 8 chunks of [750, 500, 2], 24.0 MB, not compressed");
  });

  test("writes whole chunks from where the elements lie, others from a chunk in memory", async () => {
    using a = np.ones([64, 64]);
    const t = await np.memory.traceAsync(async () => {
      await saveZarr(a, new Map(), { chunks: [16, 16] });
    });
    expect([t.peak, t.retained]).toEqual([0, 0]);
    const edges = await np.memory.traceAsync(async () => {
      await saveZarr(a, new Map(), { chunks: [20, 20], compressor: "gzip" });
    });
    expect([edges.peak, edges.retained]).toEqual([20 * 20 * 8, 0]);
  });

  test("makes groups above a path, which list what they have when they are opened", async () => {
    const store = new Map<string, Uint8Array<ArrayBuffer>>();
    await saveZarr([1, 2], store, { path: "a/b/one" });
    await saveZarr([3], store, { path: "a/two", attrs: { unit: "m" } });
    expect(store.has("a/b/.zgroup") && store.has(".zgroup")).toBe(true);
    await expect(openZarr(store, { path: "a" })).rejects.toThrow(
      "this store, 'a' is a Zarr group: open one of its arrays, { path: … }: 'a/b/one', 'a/two'",
    );
    expect((await openZarr(store, { path: "/a//two/".slice(1) })).attrs).toEqual({ unit: "m" });
    await expect(saveZarr([1], store, { path: "a/two/below" })).rejects.toThrow(
      "'a/two' of this store contains an array",
    );
  });

  test("refuses an array that is there, and replaces it if overwrite says so", async () => {
    const store = new Map<string, Uint8Array<ArrayBuffer>>([["other", Uint8Array.of(1)]]);
    await saveZarr([1, 2, 3, 4], store, { chunks: 1 });
    await expect(saveZarr([5], store)).rejects.toThrow("contains an array: { overwrite: true } replaces it");
    await saveZarr([5], store, { overwrite: true });
    expect([...store.keys()].sort()).toEqual([".zarray", "0", "other"]);
  });

  test("keeps a fill value of any dtype exactly", async () => {
    for (const [dtype, fillValue, told] of [
      ["int64", -(2n ** 63n), "-9223372036854775808"],
      ["uint64", 2n ** 64n - 1n, "18446744073709551615"],
      ["float64", Number.NaN, '"NaN"'],
      ["float32", -Infinity, '"-Infinity"'],
      ["float64", -0, "-0.0"],
      ["complex128", { re: 1, im: Infinity }, '[1, "Infinity"]'],
      ["bool", true, "true"],
      ["int8", null, "null"],
    ] as const) {
      const store = new Map<string, Uint8Array<ArrayBuffer>>();
      await createZarr(store, { shape: 3, dtype, fillValue });
      expect(new TextDecoder().decode(store.get(".zarray"))).toContain(`"fill_value": ${told},`);
      const z = await openZarr(store);
      expect(z.fillValue).toEqual(fillValue);
      using a = await z.read("1");
      expect(a.tolist()).toEqual(fillValue ?? 0);
    }
  });
});

describe("read(…)", () => {
  const indices = [
    ":",
    "1:4, 2",
    "::-1, ::2",
    "-1, ::-3",
    "..., None, 4",
    "3:3",
    "2, 3",
    "4:0:-2, 6:1:-4",
    "..., 0:7:5",
  ];
  test.each(["C", "F"] as const)("selects what at(…) selects, in chunks of order %s", async (order) => {
    using a = counted();
    const z = await saveZarr(a, new Map(), { chunks: [2, 3], order, compressor: { id: "zlib", level: 2 } });
    for (const index of indices) {
      using part = await z.read(index);
      using expected = a.at(index);
      expect([part.shape, part.tolist()], index).toEqual([expected.shape, expected.tolist()]);
    }
    using part = await z.read(np.slice(1, 3), 4n);
    expect(part.tolist()).toEqual([11, 18]);
  });

  test("has one chunk in memory beside the result", async () => {
    const z = await saveZarr(np.ones([100, 100]), new Map(), { chunks: [10, 10], compressor: "gzip" });
    const t = await np.memory.traceAsync(async () => {
      (await z.read("5:, 5:")).dispose();
    });
    expect([t.peak, t.retained]).toEqual([95 * 95 * 8 + 10 * 10 * 8, 0]);
  });

  test("asks a store for the chunks that it needs, and no others", async () => {
    const asked: string[] = [],
      map = new Map<string, Uint8Array<ArrayBuffer>>();
    await saveZarr(counted(), map, { chunks: [2, 3] });
    const store: ZarrStore = {
      async get(key) {
        asked.push(key);
        return map.get(key)?.buffer;
      },
    };
    const z = await openZarr(store);
    using _ = await z.read("3, ::-1");
    expect(asked).toEqual([".zarray", ".zattrs", "1.2", "1.1", "1.0"]);
    await expect(z.write("0", 1)).rejects.toThrow("this store has no set(key, bytes): it is read-only");
  });
});

describe("write(…)", () => {
  test.each(["C", "F"] as const)("changes what set(…) changes, in chunks of order %s", async (order) => {
    using a = counted();
    const z = await saveZarr(a, new Map(), { chunks: [2, 3], order });
    for (const [index, value] of [
      ["1:4, 2", 5],
      ["::-1, ::2", np.arange(4)],
      ["4", [[9], [8], [7], [6], [5], [4], [3]].map(([x]) => x)],
      ["::-1, ::-1", np.arange(35, { dtype: "float64" }).reshape([5, 7])],
      ["2:0:-1, 1:6", np.ones([2, 5], "int32")],
    ] as const) {
      a.set(index, value as np.ArrayLike);
      await z.write(index, value as np.ArrayLike);
      using all = await z.read();
      expect(all.tolist(), index).toEqual(a.tolist());
    }
  });

  test("refuses what does not fit, before anything is written", async () => {
    const store = new Map<string, Uint8Array<ArrayBuffer>>(),
      z = await createZarr(store, { shape: [5, 7], dtype: "int8", chunks: 3 });
    await expect(z.write("1", [1, 2])).rejects.toThrow(
      "could not broadcast input array from shape (2,) into shape (7,)",
    );
    await expect(z.write("...", 1000)).rejects.toThrow(np.OverflowError);
    await expect(z.write("9", 1)).rejects.toThrow("index 9 is out of bounds for axis 0 with size 5");
    await expect(z.write([1, 2], 1)).rejects.toThrow("write of a Zarr array takes integers and slices");
    await expect((z.write as () => Promise<void>)()).rejects.toThrow(np.ArgumentError);
    expect([...store.keys()]).toEqual([".zarray"]);
  });

  test("fills what lies behind the end of the array with the fill value", async () => {
    const store = new Map<string, Uint8Array<ArrayBuffer>>(),
      z = await createZarr(store, { shape: 3, dtype: "uint8", chunks: 2, fillValue: 9 });
    await z.write("...", 1);
    expect([...store.get("1")!]).toEqual([1, 9]);
  });
});

describe("blocks() and places()", () => {
  test("go through the chunks, one in memory at a time", async () => {
    using a = counted();
    const z = await saveZarr(a, new Map(), { chunks: [2, 3], order: "F" });
    const sums: number[] = [],
      t = await np.memory.traceAsync(async () => {
        for await (const block of z.blocks()) sums.push(np.countNonzero(block));
      });
    expect(sums).toEqual([5, 6, 2, 6, 6, 2, 3, 3, 1]);
    expect([t.peak, t.retained]).toEqual([2 * 3 * 4, 0]);
    expect([...z.places()].slice(0, 4)).toEqual([
      [0, 0],
      [0, 1],
      [0, 2],
      [1, 0],
    ]);
    expect(z.region(2, 2).map(String)).toEqual(["4:5", "6:7"]);
    expect([z.cdataShape, z.nchunks]).toEqual([[3, 3], 9]);
    expect(() => z.region(3, 0)).toThrow(np.IndexError);
    expect(() => z.region(0)).toThrow(np.IndexError);
  });
});
