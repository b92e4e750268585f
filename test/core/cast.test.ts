import { beforeAll, describe, expect, test } from "vitest";
import { type Core, freshCore } from "../support/coreInstance.js";

// The real dtypes in the order of their codes, read and written by JavaScript itself: integers as bigint, bool as 0
// and 1, float16 by its bits.
const dtypes = [
  { name: "bool", bytes: 1, kind: "bool" },
  { name: "int8", bytes: 1, kind: "int" },
  { name: "int16", bytes: 2, kind: "int" },
  { name: "int32", bytes: 4, kind: "int" },
  { name: "int64", bytes: 8, kind: "int" },
  { name: "uint8", bytes: 1, kind: "uint" },
  { name: "uint16", bytes: 2, kind: "uint" },
  { name: "uint32", bytes: 4, kind: "uint" },
  { name: "uint64", bytes: 8, kind: "uint" },
  { name: "float16", bytes: 2, kind: "float" },
  { name: "float32", bytes: 4, kind: "float" },
  { name: "float64", bytes: 8, kind: "float" },
] as const;
type Real = (typeof dtypes)[number];
const [float16, float32, float64] = [9, 10, 11];

const X = 0x40000;
const OUT = 0x90000;
const GUARD = 0xa5;

let core: Core;
let view: DataView<ArrayBuffer>;
let box: Int32Array<ArrayBuffer>;

beforeAll(async () => {
  const fresh = await freshCore(64);
  core = fresh.exports;
  fresh.memory.grow(16);
  view = new DataView(fresh.memory.buffer as ArrayBuffer);
  box = new Int32Array(view.buffer, core.boxAddress() >>> 0, 14);
});

// ── a plain reference ──

/** The value of a half: sign, 5 bits of exponent, 10 of significand. */
function decodeHalf(bits: number): number {
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 1023;
  const sign = bits & 0x8000 ? -1 : 1;
  if (exponent === 31) return fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY;
  return sign * (exponent ? (1024 + fraction) * 2 ** (exponent - 25) : fraction * 2 ** -24);
}

// All finite halves from 0 on, and where the next would be: a float64 holds them and the middles between them exactly.
const ladder = Array.from({ length: 0x7c00 }, (_, bits) => decodeHalf(bits)).concat(65536);

/** The half nearest to x, by search; of two equally near the one with an even last bit. */
function encodeHalf(x: number): number {
  if (Number.isNaN(x)) return 0x7e00;
  const sign = x < 0 || Object.is(x, -0) ? 0x8000 : 0;
  const size = Math.min(Math.abs(x), 65536);
  let low = 0;
  for (let high = 0x7c00; high - low > 1; ) {
    const middle = (low + high) >> 1;
    if (ladder[middle]! <= size) low = middle;
    else high = middle;
  }
  const centre = (ladder[low]! + ladder[low + 1]!) / 2;
  return sign | (size > centre || (size === centre && low % 2 === 1) ? low + 1 : low);
}

/** An integer as float32 with a single rounding: all bits below the 53rd are one that says whether any was set. */
function integerToFloat32(n: bigint): number {
  const size = n < 0n ? -n : n;
  const cut = BigInt(Math.max(0, size.toString(2).length - 53));
  const top = ((size >> cut) | (size & ((1n << cut) - 1n) ? 1n : 0n)) << cut;
  return Math.fround(Number(n < 0n ? -top : top));
}

function floatToInteger(x: number, to: Real): bigint {
  const bits = BigInt(8 * to.bytes);
  const [least, most] = to.kind === "int" ? [-(1n << (bits - 1n)), (1n << (bits - 1n)) - 1n] : [0n, (1n << bits) - 1n];
  if (Number.isNaN(x)) return 0n;
  if (!Number.isFinite(x)) return x < 0 ? least : most;
  const n = BigInt(Math.trunc(x));
  return n < least ? least : n > most ? most : n;
}

/** The item that `item`, of dtype `from`, becomes in `to`. */
function convert(item: number | bigint, to: Real): number | bigint {
  if (to.kind === "bool") return Number(item) !== 0 ? 1n : 0n;
  if (to.kind === "int" || to.kind === "uint") {
    if (typeof item === "number") return floatToInteger(item, to);
    return to.kind === "int" ? BigInt.asIntN(8 * to.bytes, item) : BigInt.asUintN(8 * to.bytes, item);
  }
  if (to.bytes === 8) return Number(item);
  if (to.bytes === 4) return typeof item === "bigint" ? integerToFloat32(item) : Math.fround(item);
  return decodeHalf(encodeHalf(Number(item)));
}

// ── items in memory ──

function write(at: number, dtype: Real, item: number | bigint): void {
  if (dtype.kind !== "float") {
    for (let i = 0; i < dtype.bytes; i++) view.setUint8(at + i, Number((BigInt(item) >> BigInt(8 * i)) & 255n));
  } else if (dtype.bytes === 2) view.setUint16(at, encodeHalf(Number(item)), true);
  else if (dtype.bytes === 4) view.setFloat32(at, Number(item), true);
  else view.setFloat64(at, Number(item), true);
}

function read(at: number, dtype: Real): number | bigint {
  if (dtype.kind === "float") {
    if (dtype.bytes === 2) return decodeHalf(view.getUint16(at, true));
    return dtype.bytes === 4 ? view.getFloat32(at, true) : view.getFloat64(at, true);
  }
  let item = 0n;
  for (let i = dtype.bytes - 1; i >= 0; i--) item = (item << 8n) | BigInt(view.getUint8(at + i));
  return dtype.kind === "int" ? BigInt.asIntN(8 * dtype.bytes, item) : item;
}

/** Calls the kernel; `x` and `out` are `[address, row step, step]`. */
function cast(from: number, to: number, rows: number, cols: number, out: number[], x: number[]): void {
  box.set([rows, cols, ...out, ...x, 0, 0, 0, 0, 0, 0]);
  core.cast(from, to, core.boxAddress());
}

/** Casts one contiguous row. */
function castRow(from: number, to: number, n: number): void {
  cast(from, to, 1, n, [OUT, 0, dtypes[to]!.bytes], [X, 0, dtypes[from]!.bytes]);
}

// ── values ──

/** Seeded 32-bit numbers (mulberry32). */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return (t ^ (t >>> 14)) >>> 0;
  };
}

/** The edges of every dtype, and numbers of every size; each as the dtype holds it. */
function samples(dtype: Real): (number | bigint)[] {
  const next = random(7);
  if (dtype.kind !== "float") {
    const edges = Array.from({ length: 65 }, (_, k) => [(1n << BigInt(k)) - 1n, 1n << BigInt(k), -(1n << BigInt(k))]);
    const traps = [65519n, 65520n, 2n ** 24n + 1n, 2n ** 53n + 1n, 2n ** 62n + 2n ** 38n + 1n, -3n];
    const any = Array.from({ length: 200 }, () => (BigInt(next()) << 32n) | BigInt(next())).map(
      (n) => n >> BigInt(next() % 64),
    );
    return [...edges.flat(), ...traps, ...any].map((n) => convert(n, dtype));
  }
  const powers = [7, 8, 15, 16, 31, 32, 63, 64].flatMap((k) => [-1, -0.5, 0, 0.5, 1].map((d) => 2 ** k + d));
  const few = [0, -0, 0.1, 0.5, 0.99, 1.5, 255.5, 65519.99, 65520, 2 ** -24, 2 ** -25, 3e-8, 1e-40, 5e-324, 1e300];
  const special = [Number.NaN, Number.POSITIVE_INFINITY];
  const any = Array.from({ length: 200 }, () => (next() / 2 ** 31 - 1) * 2 ** ((next() % 140) - 60));
  return [...powers, ...few, ...special, ...any].flatMap((x) => [x, -x]).map((x) => convert(x, dtype));
}

const layouts = [
  { name: "contiguous", step: 1, reverse: false },
  { name: "strided", step: 3, reverse: false },
  { name: "reversed", step: -1, reverse: true },
];

describe.each(dtypes.map((dtype, code) => ({ ...dtype, code })))("cast($name, …)", (from) => {
  test.each(dtypes.map((dtype, code) => ({ ...dtype, code })))("to $name: contiguous, strided, reversed", (to) => {
    const items = samples(from);
    const expected = items.map((item) => convert(item, to));
    for (const [i, item] of items.entries()) write(X + i * from.bytes, from, item);
    for (const { name, step, reverse } of layouts) {
      new Uint8Array(view.buffer, OUT, 0x8000).fill(GUARD);
      const n = items.length;
      const out = OUT + 64 + (reverse ? (n - 1) * to.bytes : 0);
      const x = X + (reverse ? (n - 1) * from.bytes : 0);
      cast(from.code, to.code, 1, n, [out, 0, step * to.bytes], [x, 0, reverse ? -from.bytes : from.bytes]);
      const pitch = Math.abs(step) * to.bytes;
      const got = items.map((_, i) => read(OUT + 64 + i * pitch, to));
      expect(got, name).toEqual(expected);
      expect(view.getUint8(OUT + 63), `before, ${name}`).toBe(GUARD);
      expect(view.getUint8(OUT + 64 + (n - 1) * pitch + to.bytes), `after, ${name}`).toBe(GUARD);
    }
  });
});

describe("cast(…, box) walks a box", () => {
  test("of rows apart, int16 to float64, and leaves what lies between", () => {
    const short = dtypes[2];
    for (let i = 0; i < 100; i++) write(X + 2 * i, short, BigInt(i - 50));
    new Uint8Array(view.buffer, OUT, 0x1000).fill(GUARD);
    cast(2, float64, 3, 21, [OUT, 25 * 8, 8], [X, 30 * 2, 2]);
    const rows = [0, 1, 2].map((r) => Array.from(new Float64Array(view.buffer, OUT + r * 25 * 8, 21)));
    expect(rows).toEqual([0, 1, 2].map((r) => Array.from({ length: 21 }, (_, c) => 30 * r + c - 50)));
    expect(view.getUint8(OUT + 21 * 8)).toBe(GUARD);
  });

  test("with step 0 repeats one element", () => {
    view.setFloat32(X, 2.5, true);
    cast(float32, 3, 2, 9, [OUT, 36, 4], [X, 0, 0]);
    expect(Array.from(new Int32Array(view.buffer, OUT, 18))).toEqual(new Array(18).fill(2));
  });
});

describe("cast from float16", () => {
  test.each([
    { name: "float32", to: float32, read: (i: number) => view.getFloat32(OUT + 4 * i, true) },
    { name: "float64", to: float64, read: (i: number) => view.getFloat64(OUT + 8 * i, true) },
  ])("to $name is exact for each of the 65,536 halves", ({ to, read }) => {
    const wrong: number[] = [];
    for (let base = 0; base < 65536; base += 16384) {
      new Uint16Array(view.buffer, X, 16384).set(Uint16Array.from({ length: 16384 }, (_, i) => base + i));
      castRow(float16, to, 16384);
      for (let i = 0; i < 16384; i++) if (!Object.is(read(i), decodeHalf(base + i))) wrong.push(base + i);
    }
    expect(wrong.slice(0, 20)).toEqual([]);
  });
});

describe("cast to float16 rounds once, to nearest even", () => {
  // Every half, the middle to the next one, and the nearest numbers on both sides of that middle.
  test.each([
    { name: "float32", from: float32, close: 2 ** -23, array: Float32Array },
    { name: "float64", from: float64, close: 2 ** -52, array: Float64Array },
    { name: "float64, too near for float32", from: float64, close: 2 ** -30, array: Float64Array },
  ])("from $name, at all halves and around all middles", ({ from, close, array }) => {
    const wrong: string[] = [];
    for (let base = 0; base < 0x7c00; base += 0x0400) {
      const items = new array(4 * 0x0400);
      for (let i = 0; i < 0x0400; i++) {
        const middle = (ladder[base + i]! + ladder[base + i + 1]!) / 2;
        const sign = i % 3 ? 1 : -1;
        items.set(
          [ladder[base + i]!, middle, middle * (1 - close), middle * (1 + close)].map((x) => sign * x),
          4 * i,
        );
      }
      new array(view.buffer, X, items.length).set(items);
      const size = items.BYTES_PER_ELEMENT;
      cast(from, float16, 1, items.length, [OUT, 0, 2], [X, 0, size]);
      // The same once more one by one, since no row of a single element takes the vector loop.
      cast(from, float16, items.length, 1, [OUT + 0x4000, 2, 2], [X, size, size]);
      for (const at of [OUT, OUT + 0x4000]) {
        const got = new Uint16Array(view.buffer, at, items.length);
        for (const [i, x] of items.entries()) if (got[i] !== encodeHalf(x)) wrong.push(`${x}: ${got[i]}`);
      }
    }
    expect(wrong.slice(0, 20)).toEqual([]);
  });
});

describe("cast gives what NumPy 2.4.6 gave", () => {
  const replay = (from: number, to: number, pairs: string) => {
    const [source, target] = [dtypes[from]!, dtypes[to]!];
    const cases = pairs.split(/\s+/).map((pair) => pair.split(":") as [string, string]);
    for (const [i, [text]] of cases.entries()) {
      write(X + i * source.bytes, source, source.kind === "float" ? Number(text) : BigInt(text));
    }
    castRow(from, to, cases.length);
    const got = cases.map(([text], i) => {
      const bytes = Array.from(new Uint8Array(view.buffer, OUT + i * target.bytes, target.bytes)).reverse();
      return `${text}:${bytes.map((byte) => byte.toString(16).padStart(2, "0")).join("")}`;
    });
    expect(got).toEqual(pairs.split(/\s+/));
  };

  test("float64 to float16", () => {
    replay(
      float64,
      float16,
      `0.0:0000 -0.0:8000 -2.5:c100 0.1:2e66 65504.0:7bff 65519.99999999999:7bff 65520.0:7c00 1e+300:7c00
      -1e+300:fc00 5.960464477539063e-08:0001 2.9802322387695312e-08:0000 2.980232238769532e-08:0001
      2.980232238769531e-08:0000 8.940696716308594e-08:0002 6.103515624999999e-05:0400 6.0975e-05:03ff
      1.00048828125:3c00 1.0004882812500002:3c01 1.0004882812499998:3c00 1.00146484375:3c02
      1.0014648437499998:3c01 2049.0:6800 2049.0000000001:6801 2050.9999999999:6801 -3.0000000001e-08:8001`,
    );
  });

  test("int64 to float16", () => {
    replay(
      4,
      float16,
      `0:0000 1:3c00 2047:67ff 2049:6800 2050:6801 2051:6802 4097:6c00 4099:6c01 65504:7bff 65519:7bff 65520:7c00
      65536:7c00 9007199254740993:7c00 -2049:e800 -65519:fbff -65520:fc00 -9223372036854775808:fc00`,
    );
  });

  test("int64 to float32 and uint64 to float64", () => {
    replay(
      4,
      float32,
      `16777217:4b800000 16777219:4b800002 33554438:4c000002 4611686293305294848:5e800000
      4611686293305294849:5e800001 4611686843061108735:5e800001 -4611686293305294849:de800001`,
    );
    replay(
      8,
      float64,
      `9223372036854776832:43e0000000000000 9223372036854776833:43e0000000000001
      9223372036854778880:43e0000000000002 18446744073709551615:43f0000000000000`,
    );
  });
});
