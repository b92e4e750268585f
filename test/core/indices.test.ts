import { beforeAll, expect, test } from "vitest";
import { type Core, freshCore } from "../support/coreInstance.js";

let core: Core;
let buffer: ArrayBuffer;
let box: Int32Array;
const X = 0xc0000;
const Y = 0xd0000;
const OUT = 0xe0000;

beforeAll(async () => {
  const fresh = await freshCore();
  core = fresh.exports;
  buffer = fresh.memory.buffer as ArrayBuffer;
  box = new Int32Array(buffer, core.boxAddress() >>> 0, 14);
});

const codes = { int8: 1, int16: 2, int32: 3, int64: 4, uint8: 5, uint16: 6, uint32: 7, uint64: 8 } as const;
const arrays = {
  int8: Int8Array,
  int16: Int16Array,
  int32: Int32Array,
  int64: BigInt64Array,
  uint8: Uint8Array,
  uint16: Uint16Array,
  uint32: Uint32Array,
  uint64: BigUint64Array,
} as const;
type Name = keyof typeof codes;

/** Runs `offsets` over one row of indices; y adds 1,000 to each if `plus` is set. */
function offsets(
  name: Name,
  indices: readonly number[],
  length: number,
  stride: number,
  mode = 0,
  plus = false,
): [number, number[]] {
  const itemsize = arrays[name].BYTES_PER_ELEMENT;
  const values = new arrays[name](buffer, X, indices.length) as unknown as { [i: number]: number | bigint };
  indices.forEach((index, i) => {
    values[i] = name.endsWith("64") ? BigInt(index) : index;
  });
  new Uint32Array(buffer, Y, 64).fill(plus ? 1000 : 0);
  box.set([1, indices.length, OUT, 0, 4, X, 0, itemsize, Y, 0, plus ? 4 : 0, length, mode, stride]);
  const beyond = core.offsets(codes[name], core.boxAddress()) >>> 0;
  return [beyond, Array.from(new Int32Array(buffer, OUT, indices.length))];
}

test.each(Object.keys(codes) as Name[])("offsets counts %s from the front, in bytes", (name) => {
  const signed = name.startsWith("int");
  const indices = signed ? [0, 6, -1, -7, 3, 2, -2, 5, 1] : [0, 6, 5, 4, 3, 2, 1, 0, 6];
  const want = indices.map((i) => 8 * (i < 0 ? i + 7 : i));
  expect(offsets(name, indices, 7, 8)).toEqual([0, want]);
  expect(offsets(name, indices, 7, 8, 0, true)).toEqual([0, want.map((at) => at + 1000)]);
  expect(offsets(name, indices, 7, -8)).toEqual([0, want.map((at) => 0 - at)]);
});

test.each(Object.keys(codes) as Name[])("offsets reports the first %s that is out of range", (name) => {
  const bad = name.startsWith("int") ? -8 : 7;
  expect(offsets(name, [0, 1, 2, 3, 4, bad, 7], 7, 8)[0]).toBe(6);
  expect(offsets(name, [bad, 0], 7, 8)[0]).toBe(1);
  expect(offsets(name, [0], 0, 8)[0]).toBe(1);
});

test("offsets takes far integers for what they are, not for their low bits", () => {
  expect(offsets("int64", [2 ** 32, 0], 7, 8)[0]).toBe(1);
  expect(offsets("uint64", [2 ** 53], 7, 8)[0]).toBe(1);
  expect(offsets("int32", [-(2 ** 31)], 7, 8)[0]).toBe(1);
  expect(offsets("uint32", [2 ** 32 - 1], 7, 8)[0]).toBe(1);
});

test("offsets wraps around in mode 1 and takes the nearest end in mode 2", () => {
  expect(offsets("int32", [-8, -1, 7, 15, 3], 7, 1, 1)).toEqual([0, [6, 6, 0, 1, 3]]);
  expect(offsets("int32", [-8, -1, 7, 15, 3], 7, 1, 2)).toEqual([0, [0, 0, 6, 6, 3]]);
  expect(offsets("uint8", [255, 3], 7, 1, 1)).toEqual([0, [3, 3]]);
  expect(offsets("int64", [-(2 ** 40), 2 ** 40], 7, 1, 2)).toEqual([0, [0, 6]]);
});
