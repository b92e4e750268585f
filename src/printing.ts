import type { Complex, DType } from "./dtype.js";
import { readElement } from "./element.js";
import { arrayRepr, arrayStr } from "./format.js";
import { endedText, NDArray } from "./ndarray.js";

// What arrays tell those who only look: consoles, templates, JSON, and the tools that compare values. None of it throws
// because an array was disposed.

/** What `String(a)` and templates show; of what was disposed, a sentence. */
export function textOf(a: NDArray<DType>): string {
  return a.disposed ? `[${endedText(a)}]` : arrayStr(a);
}

/** What consoles print; below the depth that was asked for, only what kind of array it is. */
export function inspected(a: NDArray<DType>, depth: unknown): string {
  if (!(a instanceof NDArray)) return "NDArray {}"; // the prototype itself
  if (a.disposed) return `[${endedText(a)}]`;
  if (typeof depth === "number" && depth < 0) return `[NDArray ${a.dtype} [${a.shape.join(", ")}]]`;
  return arrayRepr(a);
}

/**
 * Nested lists for `JSON.stringify`: 64-bit integers as strings of their digits, for JSON's readers would round them. What
 * was disposed is a sentence: test runners write values as JSON when they tell that a test failed.
 */
export function jsonOf(a: NDArray<DType>, tolist: (a: NDArray<DType>) => unknown): unknown {
  if (a instanceof NDArray && a.disposed) return textOf(a);
  const list = tolist(a);
  return a.dtype === "int64" || a.dtype === "uint64" ? digitsOf(list) : list;
}

function digitsOf(item: unknown): unknown {
  return Array.isArray(item) ? item.map(digitsOf) : String(item);
}

const EXACT = 1000;

/**
 * What `Object.prototype.toString` says after "object". Tools that compare values (`node:assert`, Jest, Vitest, Chai)
 * ask for it first and see nothing else of an array, whose fields are private: so it is the same for arrays of one dtype,
 * one shape and the same values, and for no others. NaN is NaN and -0 is not 0, as in lists. Small arrays are written
 * out, with all digits; larger ones are summarised, with 128 bits of a hash. A disposed array is equal to itself only.
 */
export function tagOf(a: NDArray<DType>): string {
  if (!(a instanceof NDArray)) return "NDArray";
  if (a.disposed) return endedText(a);
  const text = arrayRepr(a, { floatmode: "unique" });
  return a.size <= EXACT ? text : `${text} #${hashOf(a)}`;
}

const words = new DataView(new ArrayBuffer(8));
const FACTORS = [0x85ebca6b, 0xc2b2ae35, 0x9e3779b1, 0x27d4eb2f];

// A change of one element changes each of the four numbers: every step is one to one.
function hashOf(a: NDArray<DType>): string {
  const hash = Int32Array.from(FACTORS);
  const mix = (): void => {
    const low = words.getInt32(0),
      high = words.getInt32(4);
    for (let k = 0; k < 4; k++) {
      const h = Math.imul(hash[k] ^ low, FACTORS[k]);
      const g = Math.imul(h ^ (h >>> 15) ^ high, FACTORS[3 - k]);
      hash[k] = g ^ (g >>> 13);
    }
  };
  const add = (x: number): void => {
    words.setFloat64(0, Number.isNaN(x) ? Number.NaN : x);
    mix();
  };
  const addItem = (item: number | bigint | boolean | Complex): void => {
    if (typeof item === "bigint") {
      words.setBigInt64(0, item);
      mix();
    } else if (typeof item === "object") {
      add(item.re);
      add(item.im);
    } else add(Number(item));
  };
  const { shape, strides, descr } = a;
  const walk = (axis: number, at: number): void => {
    if (axis === shape.length) addItem(readElement(descr, at));
    else for (let i = 0; i < shape[axis]; i++) walk(axis + 1, at + i * strides[axis]);
  };
  walk(0, a.buffer.pointer + a.offset);
  return [...hash].map((h) => (h >>> 0).toString(16).padStart(8, "0")).join("");
}
