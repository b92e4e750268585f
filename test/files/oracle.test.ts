import type * as Public from "nbytes";
import * as np from "nbytes";
import { describe, expect, test } from "vitest";
import text from "../oracle/files.json?raw";

// Files that NumPy wrote (scripts/oracle_files.py), each beside its array's file in the form that `save` writes.

interface Row {
  readonly name: string;
  readonly file: string;
  readonly plain: string;
}
interface Archive {
  readonly name: string;
  readonly file: string;
  readonly arrays: Readonly<Record<string, string>>;
}
const { npy, npz } = JSON.parse(text) as { npy: Row[]; npz: Archive[] }; // what the script writes

const bytesOf = (base64: string): Uint8Array<ArrayBuffer> => Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));
const base64Of = (bytes: Uint8Array): string => btoa(String.fromCharCode(...bytes));

test.each(npy)("load of NumPy's file, $name, saves as NumPy's plain one", ({ file, plain }) => {
  using a = np.load(bytesOf(file));
  expect(base64Of(np.save(a))).toBe(plain);
});

test("load of NumPy's files from Blobs, Responses and streams of small pieces", async () => {
  for (const { name, file, plain } of npy.filter((_, i) => i % 5 === 0)) {
    const bytes = bytesOf(file);
    const small = new ReadableStream({
      start(controller) {
        for (let at = 0; at < bytes.length; at += 7) controller.enqueue(bytes.subarray(at, at + 7));
        controller.close();
      },
    });
    for (const source of [new Blob([bytes]), new Response(bytes), small]) {
      using a = await np.load(source);
      expect(base64Of(np.save(a)), name).toBe(plain);
    }
  }
});

describe.each(npz)("load of an archive by $name", ({ file, arrays }) => {
  test("gives every array, by name", () => {
    np.memory.scope(() => {
      const found = np.load<Public.Arrays>(bytesOf(file));
      expect(Object.keys(found).sort()).toEqual(Object.keys(arrays).sort());
      for (const [name, plain] of Object.entries(arrays)) expect(base64Of(np.save(found[name])), name).toBe(plain);
    });
  });

  test("leaves nothing when it is cut short anywhere", () => {
    const bytes = bytesOf(file),
      { live } = np.memory.usage();
    for (let n = 0; n < bytes.length; n += 13) expect(() => np.load(bytes.slice(0, n))).toThrow(np.ValueError);
    expect(np.memory.usage().live).toBe(live);
  });
});
