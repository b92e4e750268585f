import * as np from "nbytes";
import { describe, expect, test } from "vitest";
import { createZarr, openZarr, saveZarr } from "../../src/node.js";

type Store = Map<string, Uint8Array<ArrayBuffer>>;

const utf8 = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text) as Uint8Array<ArrayBuffer>;

const good = {
  zarr_format: 2,
  shape: [4],
  chunks: [2],
  dtype: "<f8",
  compressor: null,
  fill_value: 0,
  order: "C",
  filters: null,
};
const told = (changes: object): string => JSON.stringify({ ...good, ...changes });
const open = (text: string) => openZarr(new Map([[".zarray", utf8(text)]]));

describe("openZarr(store) refuses metadata", () => {
  test.each<[string, string | object, string | RegExp]>([
    ["that is no JSON", "{", ".zarray of this store is no metadata of a Zarr array: it is no JSON object"],
    ["that is a list", "[1]", "it is no JSON object"],
    ["without a key", '{"zarr_format": 2}', "it has no shape"],
    ["of another format", { zarr_format: 3 }, "its format is 3, and 2 is read here"],
    ["of a negative shape", { shape: [-1] }, "its shape, [-1], is no list of whole numbers from 0 on"],
    ["of a shape of halves", { shape: [1.5] }, "is no list of whole numbers"],
    ["of a shape of texts", { shape: ["4"] }, 'its shape, ["4"], is no list of whole numbers'],
    ["of a shape beyond 2⁵³", { shape: [2 ** 63] }, "is no list of whole numbers"],
    [
      "of more elements than 2⁵³",
      { shape: [2 ** 40, 2 ** 40], chunks: [1, 1] },
      "has more axes or elements than any array",
    ],
    ["of 65 axes", { shape: Array(65).fill(1), chunks: Array(65).fill(1) }, "has more axes or elements than any array"],
    ["of negative chunks", { chunks: [-2] }, "its chunks, [-2], is no list of whole numbers from 0 on"],
    ["of chunks without elements", { chunks: [0] }, "a chunk has no elements"],
    ["of chunks of other axes", { chunks: [2, 2] }, "its chunks have 2 axes, and the array has 1"],
    ["of an unknown dtype", { dtype: "<f9" }, "descr is not a valid dtype descriptor: '<f9'"],
    ["of objects", { dtype: "|O" }, "Object arrays cannot be loaded when allow_pickle=False"],
    ["of texts", { dtype: "<U5" }, "it holds texts or raw bytes"],
    ["of dates", { dtype: "<M8[ns]" }, "save dates as integers"],
    ["of records", { dtype: [["x", "<f8"]] }, "its dtype is a structured one"],
    [
      "of blosc",
      { compressor: { id: "blosc" } },
      'its chunks are compressed by "blosc", and gzip, zlib and null are known',
    ],
    ["of a compressor without a name", { compressor: 5 }, "its chunks are compressed by undefined"],
    ["with filters", { filters: [{ id: "delta" }] }, 'it has filters, [{"id":"delta"}], which are not known here'],
    ["of another order", { order: "K" }, 'its order is "K", neither "C" nor "F"'],
    ["of another separator", { dimension_separator: "../" }, 'its dimension_separator is "../"'],
    ["of a fill value of words", { fill_value: "five" }, 'its fill_value, "five", is no float64'],
    ["of a fill value that is too large", { dtype: "|i1", fill_value: 500 }, "its fill_value, 500, is no int8"],
    ["of half a fill value", { dtype: "<i4", fill_value: 0.5 }, "its fill_value, 0.5, is no int32"],
    ["of no number as an integer", { dtype: "<i4", fill_value: "NaN" }, 'its fill_value, "NaN", is no int32'],
  ])("%s", async (_, text, sentence) => {
    const before = np.memory.usage().live,
      opened = open(typeof text === "string" ? text : told(text));
    await expect(opened).rejects.toThrow(sentence);
    await expect(opened.catch((error) => np.isNDArrayError(error))).resolves.toBe(true);
    expect(np.memory.usage().live).toBe(before);
  });

  test("of a megabyte and more", async () => {
    await expect(open(" ".repeat(2 ** 21))).rejects.toThrow("has 2097152 bytes: it is no metadata");
  });

  test("of attributes that are no object", async () => {
    const store = new Map([
      [".zarray", utf8(told({}))],
      [".zattrs", utf8("[1]")],
    ]);
    await expect(openZarr(store)).rejects.toThrow(".zattrs of this store is no JSON object");
  });
});

test("read() of an array larger than any memory is an OutOfMemoryError; a part of it is read", async () => {
  const z = await open(told({ shape: [2 ** 50] }));
  await expect(z.read()).rejects.toThrow(np.OutOfMemoryError);
  using part = await z.read("1125899906842620:");
  expect(part.tolist()).toEqual([0, 0, 0, 0]);
  const large = await open(told({ shape: [2 ** 40], chunks: [2 ** 40] }));
  using one = await large.read("5");
  expect(one.tolist()).toBe(0);
});

describe("a path or a store", () => {
  test.each(["../a", "a/../../b", "/etc", "./a", "a\\b", "a\0b"])(
    "that leads out of the store is refused: %j",
    async (path) => {
      await expect(openZarr(new Map(), { path })).rejects.toThrow("leads out of the store");
      await expect(saveZarr([1], new Map(), { path })).rejects.toThrow("leads out of the store");
    },
  );

  test("that is none is a DTypeError", async () => {
    for (const value of [5, null, {}, [1], np.zeros(3)])
      await expect(openZarr(value as Map<string, Uint8Array>)).rejects.toThrow(np.DTypeError);
    const { proxy, revoke } = Proxy.revocable(new Map<string, Uint8Array>(), {});
    revoke();
    await expect(openZarr(proxy)).rejects.toThrow(np.DTypeError);
  });

  test("without an array is told", async () => {
    await expect(openZarr(new Map())).rejects.toThrow("[ENOENT] No Zarr array: 'this store'");
    await expect(openZarr(new Map([["zarr.json", utf8("{}")]]))).rejects.toThrow("is of Zarr's format 3");
  });

  test("that gives no bytes is a DTypeError", async () => {
    await expect(openZarr({ get: () => "text" as unknown as Uint8Array })).rejects.toThrow("gave no bytes");
  });
});

describe("read() refuses a chunk", () => {
  const stored = async (compressor: "gzip" | "zlib" | null): Promise<Store> => {
    const store: Store = new Map();
    await saveZarr(np.arange(10), store, { chunks: 10, compressor });
    return store;
  };
  const reading = async (store: Store): Promise<np.NDArray> => (await openZarr(store)).read();

  test("of another length", async () => {
    const store = await stored(null);
    for (const n of [79, 81]) {
      store.set("0", new Uint8Array(n));
      await expect(reading(store)).rejects.toThrow(`chunk '0': it has ${n} bytes, not 80 (byte ${n})`);
    }
  });

  test.each(["gzip", "zlib"] as const)("of %s that is cut anywhere, or has a byte changed", async (id) => {
    const store = await stored(id),
      whole = store.get("0")!,
      before = np.memory.usage().live;
    const others: string[] = [];
    for (let n = 0; n < whole.length; n++) {
      const changed = whole.slice();
      changed[n] ^= 0x55;
      // What a header of gzip says of time and system is of no matter.
      const free = id === "gzip" && n > 3 && n < 10;
      for (const bytes of free ? [whole.slice(0, n)] : [whole.slice(0, n), changed]) {
        store.set("0", bytes);
        const name = await reading(store).then(String, (error: Error) => error.name);
        if (name !== "ValueError") others.push(`${n}: ${name}`);
      }
    }
    expect(others).toEqual([]);
    store.set("0", new Uint8Array([...whole, 0]));
    await expect(reading(store)).rejects.toThrow("bytes follow where");
    expect(np.memory.usage().live).toBe(before);
  });

  test("that inflates to more than its elements, at the first byte too many", async () => {
    const store = await stored("gzip"),
      bomb: Store = new Map();
    await saveZarr(np.zeros(100_000), bomb, { chunks: 100_000, compressor: "gzip" });
    store.set("0", bomb.get("0")!);
    await expect(reading(store)).rejects.toThrow("it has more than 80 bytes when inflated");
  });
});

test("createZarr and saveZarr refuse options that say nothing", async () => {
  const refused: [Parameters<typeof createZarr>[1], string][] = [
    [{ shape: [2, 2], chunks: [1] }, "chunks have a length for each axis: 2, not 1"],
    [{ shape: 2, chunks: 0 }, "a chunk has one element at least"],
    [{ shape: 2, compressor: "blosc" as "gzip" }, "compressor is null"],
    [{ shape: 2, compressor: { id: "gzip", level: 10 } }, "compressor is null"],
    [{ shape: 2, attrs: [1] as never }, "attrs are a plain object"],
    [{ shape: 2, attrs: { n: 1n } }, "attrs are a plain object that JSON can hold"],
    [{ shape: 2, dtype: "int8", fillValue: 300 }, "300"],
    [{} as { shape: number }, "createZarr takes a shape"],
  ];
  for (const [options, sentence] of refused) {
    const store: Store = new Map();
    await expect(createZarr(store, options)).rejects.toThrow(sentence);
    expect(store.size).toBe(0);
  }
});
