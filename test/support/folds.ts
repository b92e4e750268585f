// Drives the folds of assembly/reducing/reductions.ts, and says in plain loops what they should give.
import { type Complex, type Descr, dtypes } from "../../src/base/dtype.js";
import { seeded } from "./coreHeap.js";
import { freshCore } from "./coreInstance.js";

export type Item = number | bigint | Complex;
export type Fold = "sum" | "prod" | "min" | "max" | "argmin" | "argmax" | "countNonzero" | "squaredDeviations";

/** Where the tests keep the elements, the means and the results. */
export const X = 0x200000;
export const Y = 0x100000;
export const OUT = 0x140000;

/** A fold over x; steps are in elements, outRow in bytes. */
export interface Run {
  cols: number;
  rows?: number;
  step?: number;
  row?: number;
  x?: number;
  outRow?: number;
  yRow?: number;
}

/** The dtype of a fold's results. */
export function resultOf(name: Fold, descr: Descr): Descr {
  if (name.startsWith("arg") || name === "countNonzero") return dtypes.int32;
  if (!"biu".includes(descr.kind) || name === "min" || name === "max") return descr;
  return descr.kind === "u" ? dtypes.uint64 : dtypes.int64;
}

/** A new core with room for the elements. */
export async function folds() {
  const { exports: core, memory } = await freshCore(128);
  memory.grow(64);
  const view = new DataView(memory.buffer);

  /** Writes a box and calls a kernel. */
  function call(name: Fold | "accumulateSquares", descr: Descr, words: readonly number[]): void {
    new Int32Array(memory.buffer, core.boxAddress() >>> 0, 14).set(words);
    core[name](descr.code, core.boxAddress());
  }

  /** Runs a fold. Gives its results, row by row. */
  function run(name: Fold, descr: Descr, { cols, rows = 1, step = 1, row = 0, x = X, outRow = 16, yRow = 0 }: Run) {
    const size = descr.itemsize;
    call(name, descr, [rows, cols, OUT, outRow, 0, x, row * size, step * size, Y, yRow * size, 0, 0, 0, 0]);
    const out = resultOf(name, descr);
    return Array.from({ length: rows }, (_, r) => read(out, OUT + r * outRow));
  }

  function read(descr: Descr, at: number): Item {
    if (descr.kind === "c") {
      const part = descr === dtypes.complex64 ? dtypes.float32 : dtypes.float64;
      return { re: read(part, at) as number, im: read(part, at + part.itemsize) as number };
    }
    if (descr.kind === "f") return descr.itemsize === 4 ? view.getFloat32(at, true) : view.getFloat64(at, true);
    const bits = 8 * descr.itemsize;
    const word = view.getBigUint64(at, true);
    return descr.kind === "i" ? BigInt.asIntN(bits, word) : BigInt.asUintN(bits, word);
  }

  function write(descr: Descr, at: number, items: readonly Item[], step = 1): void {
    items.forEach((item, i) => {
      const p = at + i * step * descr.itemsize;
      if (typeof item === "object") {
        const part = descr === dtypes.complex64 ? dtypes.float32 : dtypes.float64;
        write(part, p, [item.re, item.im]);
      } else if (typeof item === "number") {
        if (descr.itemsize === 4) view.setFloat32(p, item, true);
        else view.setFloat64(p, item, true);
      } else
        for (let byte = 0; byte < descr.itemsize; byte++)
          view.setUint8(p + byte, Number((item >> BigInt(8 * byte)) & 255n));
    });
  }

  return { view, call, run, read, write };
}

// ── seeded items: a fifth are zeros, another fifth the extremes of the dtype, so that there are ties ──

export function itemsOf(descr: Descr, count: number, seed = 1): Item[] {
  const random = seeded(seed);
  const round = descr.itemsize === 4 || descr === dtypes.complex64 ? Math.fround : (x: number) => x;
  const float = () => (random() < 0.2 ? 0 : round((random() - 0.5) * 10 ** Math.floor(random() * 6)));
  const bits = BigInt(8 * descr.itemsize);
  const integer = () => {
    const kind = random();
    if (descr.kind === "b") return kind < 0.5 ? 0n : 1n;
    const half = () => BigInt(random() * 2 ** 32);
    const extremes = [0n, 0n, 1n << (bits - 1n), (1n << (bits - 1n)) - 1n, (1n << bits) - 1n];
    const word = kind < 0.4 ? extremes[Math.floor(kind * 12.5)]! : (half() << 32n) | half();
    return descr.kind === "i" ? BigInt.asIntN(Number(bits), word) : BigInt.asUintN(Number(bits), word);
  };
  const item = () => (descr.kind === "c" ? { re: float(), im: float() } : descr.kind === "f" ? float() : integer());
  return Array.from({ length: count }, item);
}

/** Items whose product neither vanishes nor overflows: odd, or near 1. */
export function factorsOf(descr: Descr, count: number): Item[] {
  const random = seeded(2);
  const round = descr.itemsize === 4 || descr === dtypes.complex64 ? Math.fround : (x: number) => x;
  return itemsOf(descr, count).map((item) => {
    if (typeof item === "bigint") return item | 1n;
    if (typeof item === "number") return round(random() < 0.5 ? -1 - random() / 1000 : 1 - random() / 1000);
    const turn = 6 * random();
    return { re: round(Math.cos(turn)), im: round(Math.sin(turn)) };
  });
}

// ── plain references ──

/** The compensated sum (Neumaier), and the sum of sizes. */
export function exactSum(values: readonly number[]): { total: number; size: number } {
  let [total, lost, size] = [0, 0, 0];
  for (const value of values) {
    const next = total + value;
    lost += Math.abs(total) >= Math.abs(value) ? total - next + value : value - next + total;
    total = next;
    size += Math.abs(value);
  }
  return { total: total + lost, size };
}

const isNaNItem = (x: Item) => (typeof x === "object" ? Number.isNaN(x.re) || Number.isNaN(x.im) : Number.isNaN(x));
const isZero = (x: Item) => (typeof x === "object" ? x.re === 0 && x.im === 0 : Number(x) === 0);
const less = (x: Item, y: Item) =>
  typeof x === "object" && typeof y === "object" ? x.re < y.re || (x.re === y.re && x.im < y.im) : x < y;

/** The index of the first NaN, else of the first item that no other is `before`. */
function firstOf(items: readonly Item[], before: (x: Item, y: Item) => boolean): number {
  let best = 0;
  for (let i = 1; i < items.length && !isNaNItem(items[best]!); i++) {
    if (isNaNItem(items[i]!) || before(items[i]!, items[best]!)) best = i;
  }
  return best;
}

/** What the folds that do not round give. */
export function exactly(name: Fold, items: readonly Item[]): Item {
  const chosen = firstOf(items, name.endsWith("min") ? less : (x, y) => less(y, x));
  if (name.startsWith("arg")) return BigInt(chosen);
  if (name === "countNonzero") return BigInt(items.filter((item) => !isZero(item)).length);
  return items[chosen]!;
}

export function wrapped(descr: Descr, join: (x: bigint, y: bigint) => bigint, items: readonly Item[]): bigint {
  const wrap = descr.kind === "u" ? BigInt.asUintN : BigInt.asIntN;
  return (items as bigint[]).reduce((total, item) => wrap(64, join(total, item)));
}

export const same = (x: Item, y: Item): boolean =>
  typeof x === "object" && typeof y === "object"
    ? same(x.re, y.re) && same(x.im, y.im)
    : x === y || (Number.isNaN(x) && Number.isNaN(y));
export const unit = (descr: Descr) => (descr === dtypes.float32 || descr === dtypes.complex64 ? 2 ** -24 : 2 ** -53);

// An item passes at most through the additions of one chain of a leaf, of joining four chains, the halves and the
// lanes, and of what is left over: pairwise summation errs by at most so many units of Σ|x|.
export const additions = (descr: Descr) => (512 * descr.itemsize) / 64 + 2 + 7 + 2 + 6;

function parts(items: readonly Item[]): number[][] {
  if (typeof items[0] === "number") return [items as number[]];
  return [(items as Complex[]).map(({ re }) => re), (items as Complex[]).map(({ im }) => im)];
}

/** Both parts of a sum are within the bound of the compensated sums. */
export function sumIsNear(sum: Item, items: readonly Item[], descr: Descr): boolean {
  return parts([sum]).every(([value], i) => {
    const { total, size } = exactSum(parts(items)[i]!);
    return Math.abs(value! - total) <= additions(descr) * unit(descr) * size;
  });
}

export function productIsNear(product: Item, items: readonly Item[], descr: Descr): boolean {
  const pair = (x: Item): Complex => (typeof x === "object" ? x : { re: Number(x), im: 0 });
  const times = (x: Complex, y: Complex) => ({ re: x.re * y.re - x.im * y.im, im: x.re * y.im + x.im * y.re });
  const exact = items.map(pair).reduce(times);
  const error = Math.hypot(pair(product).re - exact.re, pair(product).im - exact.im);
  return error <= 4 * items.length * unit(descr) * Math.hypot(exact.re, exact.im);
}
