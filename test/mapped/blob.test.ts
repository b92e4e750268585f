import * as np from "nbytes";
import { afterEach, describe, expect, test } from "vitest";
import { load, openMemmap } from "../../src/node.js";

interface Host {
  FileReaderSync?: unknown;
  readonly XMLHttpRequest?: unknown;
}
const host = globalThis as Host; // what a browser has, and Node has not
const own = host.FileReaderSync;
afterEach(() => {
  if (own === undefined) delete host.FileReaderSync;
  else host.FileReaderSync = own;
});

const numbers = Float64Array.from({ length: 20_000 }, (_, i) => i);

// Node's Blobs give no bytes at once; what a worker has reads those that are given here.
const bytes = new Uint8Array(numbers.buffer);
const blobOf = (all: Uint8Array<ArrayBuffer>) => ({
  size: all.length,
  bytes: all,
  arrayBuffer: async () => all.slice().buffer,
  slice: (from = 0, to = all.length) => blobOf(all.slice(from, to)),
});
class Reader {
  readAsArrayBuffer(part: ReturnType<typeof blobOf>): ArrayBuffer {
    return part.bytes.slice().buffer;
  }
}

describe("openMemmap(blob)", () => {
  test("reads pages where a worker's FileReaderSync gives them", () => {
    host.FileReaderSync = Reader;
    using m = openMemmap(blobOf(bytes), { dtype: "float64", mode: "r", cache: "64 KiB" });
    expect([m.size, m.item(7), np.sum(m)]).toEqual([20_000, 7, 199_990_000]);
    expect(m.stats.cached).toBe(65_536);
    expect(() => m.set(0, 1)).toThrow(np.ReadOnlyError);
    using c = openMemmap(blobOf(bytes), { dtype: "float64", mode: "c" });
    c.set("...", np.add(c, 1));
    expect([np.sum(c), np.sum(m)]).toEqual([200_010_000, 199_990_000]);
  });

  test("of a .npy file is what load(blob, { mmapMode }) gives", () => {
    host.FileReaderSync = Reader;
    using m = load(blobOf(np.save(numbers)), { mmapMode: "r" });
    expect([m.dtype, np.max(m)]).toEqual(["float64", 19_999]);
  });

  test("refuses modes that write", () => {
    for (const mode of ["r+", "w+"] as const)
      expect(() => openMemmap(blobOf(bytes), { shape: 3, mode })).toThrow("a Blob is read-only");
  });

  test("reads real Blobs in a page, by a request that is waited for; a host that cannot says so", () => {
    const blob = new Blob([bytes, Uint8Array.from({ length: 256 }, (_, i) => i)]);
    const open = () => openMemmap(blob, { mode: "r" });
    if (own === undefined && host.XMLHttpRequest === undefined) {
      expect(open).toThrow("this host gives no Blob's bytes at once: map the file by its path");
      return;
    }
    using m = open();
    using tail = m.at("160000:").evaluate();
    expect(tail.tolist()).toEqual(Array.from({ length: 256 }, (_, i) => i));
    using again = openMemmap(blob, { dtype: "float64", shape: 20_000, mode: "r" });
    expect(np.sum(again)).toBe(199_990_000);
  });
});
