import type * as Public from "nbytes";
import * as np from "nbytes";
import { afterEach, beforeEach, describe, expect, test } from "vitest";

// Archives and files that lie. Each is refused with a typed error that says where, and no counter has moved.

type Bytes = Uint8Array<ArrayBuffer>;

let before: readonly number[];
const counters = (): readonly number[] => {
  const { live, allocs, frees, peak } = np.memory.usage();
  return [live, allocs, frees, peak];
};

let packed: Bytes, stored: Bytes;
beforeEach(() => {
  const x = np.arange(1000);
  packed = np.savezCompressed({ x });
  stored = np.savez({ x, y: [1, 2, 3] });
  x.dispose();
  before = counters();
});
afterEach(() => expect(counters()).toEqual(before));

/** Where a record of the archive begins, by its signature; `last`: the last of them. */
function find(bytes: Bytes, signature: number, last = false): number {
  const view = new DataView(bytes.buffer),
    found: number[] = [];
  for (let at = 0; at + 4 <= bytes.length; at++) if (view.getUint32(at, true) === signature) found.push(at);
  return found.at(last ? -1 : 0)!;
}
const LOCAL = 0x04034b50,
  ENTRY = 0x02014b50,
  END = 0x06054b50;

/** The bytes with a number in a record's field. */
function put(bytes: Bytes, signature: number, field: number, width: 2 | 4, value: number, last = false): Bytes {
  const copy = bytes.slice(),
    view = new DataView(copy.buffer),
    at = find(copy, signature, last) + field;
  if (width === 2) view.setUint16(at, value, true);
  else view.setUint32(at, value, true);
  return copy;
}

/** Reads all arrays of an archive, and gives them up. */
function read(bytes: Bytes): void {
  np.memory.scope(() => void Object.values(np.load<Public.Arrays>(bytes)));
}

describe("load refuses, before it takes memory,", () => {
  const lies: readonly (readonly [string, () => Bytes, string])[] = [
    ["an archive that was cut off", () => stored.slice(0, -1), "it has no end record"],
    ["bytes behind the end record", () => Uint8Array.from([...stored, 0]), "it has no end record"],
    ["a directory elsewhere", () => put(stored, END, 16, 4, 5), "does not end where the end record begins"],
    ["a directory of another size", () => put(stored, END, 12, 4, 2 ** 31), "does not end where the end record begins"],
    ["more members than the directory holds", () => put(stored, END, 10, 2, 3), "no 3 entries fit"],
    ["far more members", () => put(stored, END, 10, 2, 60_000), "no 60000 entries fit"],
    ["fewer members", () => put(stored, END, 10, 2, 1), "its directory of 1 entries ends at byte"],
    ["several volumes", () => put(stored, END, 4, 2, 7), "several volumes"],
    ["an encrypted member", () => put(stored, ENTRY, 8, 2, 1), "member 'x.npy' is encrypted"],
    ["a method of its own", () => put(stored, ENTRY, 10, 2, 12), "'x.npy' has method 12"],
    ["a name that is too long", () => put(stored, ENTRY, 28, 2, 60_000), "entry 0 of its directory, at byte"],
    ["two members in one place", () => put(stored, ENTRY, 42, 4, 0, true), "overlaps what begins at byte"],
    [
      "a member in the directory",
      () => put(stored, ENTRY, 42, 4, stored.length - 60, true),
      "reaches into the directory",
    ],
    ["a stored member of two sizes", () => put(stored, ENTRY, 24, 4, 5), "declares 5 bytes, which its"],
    ["a bomb", () => put(packed, ENTRY, 24, 4, 2 ** 32 - 2), "declares 4294967294 bytes, which its"],
    ["no extra field for 64 bits", () => put(stored, ENTRY, 24, 4, 2 ** 32 - 1), "declares 4294967295 bytes"],
  ];
  test.each(lies)("%s", (_, bytes, error) => {
    expect(() => np.load(bytes())).toThrow(error);
    try {
      np.load(bytes());
    } catch (thrown) {
      expect(thrown).toBeInstanceOf(np.ValueError);
    }
  });

  test.each(["../x.npy", "/xx.npy", "..\\x.npy", "C:x.npy", "a/../b.x"])("a member of the name %s", (name) => {
    const bytes = np.savez({ ["n".repeat(name.length - 4)]: [1] });
    before = counters();
    const text = [...name].map((c) => c.charCodeAt(0));
    for (const [signature, field] of [
      [LOCAL, 30],
      [ENTRY, 46],
    ])
      bytes.set(text, find(bytes, signature) + field);
    expect(() => np.load(bytes)).toThrow("has a name that leads out of the archive");
  });

  test("sizes of 64 bits beyond all files", () => {
    const extra = [1, 0, 8, 0, 0, 0, 0, 0, 0, 0, 0, 128],
      at = find(stored, END);
    // A directory of one entry whose size stands in the extra field.
    const entry = put(stored.slice(find(stored, ENTRY), find(stored, ENTRY) + 51), ENTRY, 30, 2, extra.length);
    new DataView(entry.buffer).setUint32(24, 2 ** 32 - 1, true);
    const start = find(stored, ENTRY),
      end = put(put(stored.slice(at), END, 12, 4, entry.length + extra.length), END, 10, 2, 1);
    const bytes = Uint8Array.from([...stored.slice(0, start), ...entry, ...extra, ...end]) as Bytes;
    expect(() => np.load(bytes)).toThrow("the size is 9223372036854775808");
  });
});

describe("load refuses, with the member's name,", () => {
  const lies: readonly (readonly [string, () => Bytes, string])[] = [
    ["bytes that were changed", () => stored.with(300, 77) as Bytes, "member 'x.npy': Bad CRC-32: 0x"],
    ["another checksum", () => put(stored, ENTRY, 16, 4, 1), "not 0x00000001"],
    ["another name", () => stored.with(30, 0x7a) as Bytes, "its header at byte 0 has another name"],
    ["another method", () => put(stored, LOCAL, 8, 2, 8), "has another method than the directory"],
    ["a header that is too long", () => put(stored, LOCAL, 28, 2, 5000), "overlap what begins at byte"],
    ["a size that is too small", () => put(packed, ENTRY, 24, 4, 8000), "the file ends after 7872 of 8000 bytes"],
    [
      "a size that is a byte too small",
      () => put(packed, ENTRY, 24, 4, 8127),
      "the file ends after 7999 of 8000 bytes",
    ],
    ["a size that is too large", () => put(packed, ENTRY, 24, 4, 8129), "it ends after 8128 of 8129 bytes"],
    ["deflated bytes that are none", () => packed.with(35, 7) as Bytes, "invalid block type, at byte 1 of them"],
  ];
  test.each(lies)("%s", (_, bytes, error) => {
    const arrays = np.load<Public.Arrays>(bytes()),
      { live } = np.memory.usage();
    expect(() => arrays.x).toThrow(np.ValueError);
    expect(() => arrays.x).toThrow(error);
    expect(() => arrays.x).toThrow("member 'x.npy': ");
    // The memory of an array is taken before all its bytes are known; it is given back.
    expect(np.memory.usage().live).toBe(live);
    before = counters();
  });
});

test("load of a spoiled archive refuses it, or gives its arrays, and leaves nothing", () => {
  let seed = 7;
  const below = (n: number): number => {
    seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((seed / 2 ** 32) * n);
  };
  let refused = 0;
  const live = np.memory.usage().live;
  for (let i = 0; i < 120; i++) {
    const bytes = (i % 2 ? packed : stored).slice();
    // Headers and directories are where it matters.
    const ends = i % 2 ? [60, 140] : [60, 250];
    for (let k = below(3); k >= 0; k--) {
      const at = below(2) ? below(ends[0]) : bytes.length - 1 - below(ends[1]);
      bytes[at] = below(256);
    }
    try {
      read(below(8) ? bytes : bytes.slice(0, below(bytes.length)));
    } catch (error) {
      if (!np.isNDArrayError(error)) throw error;
      refused++;
    }
    expect(np.memory.usage().live, `archive ${i}`).toBe(live);
  }
  expect(refused).toBeGreaterThan(80);
  before = counters();
});
