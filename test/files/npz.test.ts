import type * as Public from "nbytes";
import * as np from "nbytes";
import { describe, expect, test } from "vitest";
import { crc32, tableCrc } from "../../src/files/crc.js";
import { byLibrary, deflater } from "../../src/files/deflate.js";
import { Inflate } from "../../src/files/inflate.js";
import { joined, pullOf, sourceOf } from "../../src/files/source.js";
import { DTYPES } from "../support/oracle.js";

type Bytes = Uint8Array<ArrayBuffer>;

/** Arrays of every dtype and shape: contiguous, transposed, strided, empty, of no axes. */
function samples(): Record<string, np.NDArray> {
  const found: Record<string, np.NDArray> = {};
  for (const dtype of DTYPES) found[dtype] = np.arange(24).reshape([2, 3, 4]).astype(dtype).T as np.NDArray;
  found.strided = np.arange(200_000).at("::3") as np.NDArray;
  found.empty = np.zeros([0, 3]) as np.NDArray;
  found.none = np.array(7) as np.NDArray;
  return found;
}

describe.each([
  ["savez", np.savez],
  ["savezCompressed", np.savezCompressed],
] as const)("%s", (name, write) => {
  test(`load(${name}(arrays)) gives all arrays back, by name`, () => {
    np.memory.scope(() => {
      const arrays = samples(),
        back = np.load<Public.Arrays>(write(arrays));
      expect(Object.keys(back)).toEqual(Object.keys(arrays));
      for (const [key, x] of Object.entries(arrays)) {
        expect([back[key].dtype, back[key].shape], key).toEqual([x.dtype, x.shape]);
        expect(np.arrayEqual(back[key], x), key).toBe(true);
      }
    });
  });

  test(`load(${name}(…)) reads a member when it is asked for, once, and anew after it was disposed`, () => {
    np.memory.scope(() => {
      const x = np.arange(1000),
        bytes = write({ x, y: np.zeros(10) });
      const t = np.memory.trace(() => np.load<Public.Arrays>(bytes));
      expect(t.allocs).toBe(0);
      const { x: first } = t.result;
      expect(t.result.x).toBe(first);
      first.dispose();
      expect(t.result.x.sum()).toBe(499_500);
      const one = np.memory.trace(() => t.result.y.size);
      expect([one.allocs, one.allocated]).toEqual([1, 80]);
    });
  });

  test(`${name} takes lists and typed arrays, and leaves nothing`, () => {
    const before = np.memory.usage().live;
    const bytes = write({ x: [[1, 2]], y: new Int16Array([3]), "é z": 5 });
    expect(np.memory.usage().live).toBe(before);
    const back = np.load<Public.Arrays>(bytes);
    expect([back.x.tolist(), back.y.dtype, back["é z"].item()]).toEqual([[[1, 2]], "int16", 5]);
    for (const array of Object.values(back)) array.dispose();
    expect(np.memory.usage().live).toBe(before);
  });

  test(`${name} refuses what is no object of arrays, and names that lead out`, () => {
    for (const wrong of [null, 3, [1], "x", np.zeros(2)]) expect(() => write(wrong as never)).toThrow(np.DTypeError);
    for (const key of ["../x", "/x", "a/../../b", "C:x", "a\0b"])
      expect(() => write({ [key]: [1] }), key).toThrow("leads out");
    expect(() => write({ x: [1] }, 7 as never)).toThrow(np.DTypeError);
    expect(Object.keys(np.load<Public.Arrays>(write({})))).toEqual([]);
  });
});

test("savez goes to and load comes from streams and Blobs, in promises", async () => {
  using x = np.arange(100_000);
  for (const write of [np.savez, np.savezCompressed]) {
    const chunks: Bytes[] = [];
    await write({ x }, new WritableStream<Bytes>({ write: (chunk) => void chunks.push(chunk) }));
    expect(Math.max(...chunks.map(({ length }) => length))).toBeLessThanOrEqual(65_536);
    const bytes = joined(chunks);
    expect(bytes.length).toBe(write({ x }).length);
    for (const source of [new Blob([bytes]), new Response(bytes), new Blob([bytes]).stream()]) {
      const back = await np.load<Public.Arrays>(source);
      using y = back.x;
      expect(np.arrayEqual(x, y)).toBe(true);
    }
  }
});

test("savez allocates nothing, and its bytes are those of its arrays and of its headers", () => {
  using x = np.zeros([1000, 1000]);
  const t = np.memory.trace(() => np.savez({ x, y: x.T }).length);
  expect([t.allocs, t.peak]).toEqual([0, 0]);
  expect(t.result).toBe(2 * (8_000_000 + 128 + 30 + 46 + 2 * 5) + 22);
});

/** All that a stream of deflate holds. */
function inflated(bytes: Uint8Array, size: number): Uint8Array {
  const inflate = new Inflate(pullOf(sourceOf(bytes, "")), (what, at) => new np.ValueError(`${what} at ${at}`)),
    into = new Uint8Array(size + 1);
  return into.subarray(0, inflate.read(into));
}

/** Bytes that deflate makes much, little or nothing of. */
function contents(): Bytes[] {
  let seed = 1;
  const random = (): number => {
    seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0;
    return seed >>> 16;
  };
  const of = (n: number, byte: (i: number) => number): Bytes => Uint8Array.from({ length: n }, (_, i) => byte(i));
  return [
    of(0, () => 0),
    of(1, () => 7),
    of(300_000, () => 0),
    of(150_000, random),
    of(150_000, () => random() & 3),
    of(150_000, (i) => i >> 5),
    of(150_000, (i) => (i % 33_000 < 300 ? i : random() & 1)),
    of(90_000, () => Math.floor((random() & 255) ** 4 / 2 ** 24)),
  ];
}

test("what deflaters make inflates to what it was, in pieces or at once", () => {
  for (const [i, bytes] of contents().entries()) {
    for (const make of [deflater, byLibrary]) {
      const deflate = make(),
        parts: Uint8Array[] = [];
      for (let at = 0; at < bytes.length; at += 50_000) parts.push(...deflate(bytes.subarray(at, at + 50_000)));
      const packed = joined([...parts, ...deflate(null)]),
        back = inflated(packed, bytes.length);
      expect([i, back.length, crc32(back)]).toEqual([i, bytes.length, crc32(bytes)]);
    }
  }
});

test("crc32 is that of zip archives, by tables too", () => {
  const check = Uint8Array.from("123456789", (c) => c.charCodeAt(0));
  expect([crc32(check), tableCrc(check)]).toEqual([0xcbf43926, 0xcbf43926]);
  expect(tableCrc(check.subarray(4), tableCrc(check.subarray(0, 4)))).toBe(0xcbf43926);
  for (const bytes of contents()) expect(tableCrc(bytes)).toBe(crc32(bytes));
});
