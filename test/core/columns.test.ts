import { beforeAll, expect, test } from "vitest";
import { type Core, freshCore } from "../support/coreInstance.js";

let core: Core;
let buffer: ArrayBuffer;
let box: Int32Array;
const X = 0xc0000;
const FIRST = 0xd0000;
const OUT = 0xe0000;
const codes = { uint8: 5, uint16: 6, uint32: 7, uint64: 8, float16: 9, float32: 10, float64: 11 } as const;

beforeAll(async () => {
  const fresh = await freshCore();
  core = fresh.exports;
  buffer = fresh.memory.buffer as ArrayBuffer;
  box = new Int32Array(buffer, core.boxAddress() >>> 0, 14);
});

test("runningSum rounds every sum to its dtype, and goes on from what is there", () => {
  const run = (dtype: "float32" | "float64", n: number, step: number): void => {
    box.set([1, n, OUT, 0, 0, X, 0, step]);
    core.runningSum(codes[dtype], core.boxAddress());
  };
  new Float32Array(buffer, X, 30_000).fill(0.1);
  new Float32Array(buffer, OUT, 1)[0] = 5;
  run("float32", 30_000, 4);
  let single = 5;
  for (let i = 0; i < 30_000; i++) single = Math.fround(single + Math.fround(0.1));
  expect(new Float32Array(buffer, OUT, 1)[0]).toBe(single);
  new Float64Array(buffer, X, 4).set([0.1, 100, 0.2, 100]);
  new Float64Array(buffer, OUT, 1)[0] = 0;
  run("float64", 2, 16);
  expect(new Float64Array(buffer, OUT, 1)[0]).toBe(0.1 + 0.2);
});

test("runningSum of float16 stops where one more is less than half a step", () => {
  // 0x3c00 is 1, and 0x6800 is 2048: above it halves are 2 apart, and 2049 is a tie that goes to the even 2048.
  new Uint16Array(buffer, X, 3000).fill(0x3c00);
  new Uint16Array(buffer, OUT, 1)[0] = 0;
  box.set([1, 3000, OUT, 0, 0, X, 0, 2]);
  core.runningSum(codes.float16, core.boxAddress());
  expect(new Uint16Array(buffer, OUT, 1)[0]).toBe(0x6800);
});

const arrays = { uint8: Uint8Array, uint16: Uint16Array, uint32: Uint32Array, uint64: BigUint64Array } as const;

/** Enters rows one after the other; returns how many values there are after each. */
function distinct(dtype: keyof typeof arrays, rows: readonly (readonly number[])[]): number[] {
  const { BYTES_PER_ELEMENT: width } = arrays[dtype];
  const put = (at: number, values: readonly number[]): void => {
    const to = new arrays[dtype](buffer, at, values.length) as unknown as Record<number, number | bigint>;
    values.forEach((value, i) => {
      to[i] = dtype === "uint64" ? BigInt(value) : value;
    });
  };
  put(FIRST, [rows[0][0]]);
  put(OUT, new Array<number>(512).fill(rows[0][0]));
  let count = 1;
  return rows.map((row) => {
    put(X, row);
    box.set([1, row.length, OUT, 0, 0, X, 0, width, FIRST, 0, 0, count, 256, 0]);
    count = core.distinct(codes[dtype], core.boxAddress());
    return count;
  });
}
const upTo = (n: number, from = 0): number[] => Array.from({ length: n }, (_, i) => from + i);

test.each(["uint8", "uint16", "uint32", "uint64"] as const)("distinct counts %s over several rows", (dtype) => {
  expect(distinct(dtype, [[7, 7, 7], [7], [0, 7, 3, 0], [255, 3]])).toEqual([1, 1, 3, 4]);
  expect(distinct(dtype, [upTo(256), upTo(256).reverse()])).toEqual([256, 256]);
});

test("distinct stops at one more than it may hold, and values that meet in the table are told apart", () => {
  expect(distinct("uint16", [upTo(200), upTo(57, 1000), upTo(9, 5000)])).toEqual([200, 257, 257]);
  const meeting = upTo(200).map((i) => i * 2 ** 40);
  expect(distinct("uint64", [meeting, meeting])).toEqual([200, 200]);
});
