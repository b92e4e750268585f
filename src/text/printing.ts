import { addressOf } from "../array/destination.js";
import { endedText, NDArray, shapeOf, stridesOf } from "../array/ndarray.js";
import { type Descr, type DType, partDescr } from "../base/dtype.js";
import { view } from "../core/instance.js";
import { inOrder } from "../loops/ordered.js";
import { arrayRepr, arrayStr } from "./format.js";

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

const FACTORS = [0x85ebca6b, 0xc2b2ae35, 0x9e3779b1, 0x27d4eb2f];

// Four sums of 32-bit words, which take turns. Every step is one to one: a change of one word changes its sum.
function hashOf(a: NDArray<DType>): string {
  const hash = Int32Array.from(FACTORS),
    add = adderOf(a.descr, hash);
  inOrder(shapeOf(a), [addressOf(a)], [stridesOf(a)], Number.MAX_SAFE_INTEGER, -1, (p) => {
    for (let i = 0; i < p.rows; i++) add(p.at[0] + i * p.row[0], p.cols, p.col[0]);
  });
  // What differs in a few bits is to look different.
  return [...hash].map((h) => (Math.imul(h ^ (h >>> 15), FACTORS[1]) >>> 0).toString(16).padStart(8, "0")).join("");
}

/** Adds a row of elements, `step` bytes apart, to the sums. */
type Adder = (at: number, count: number, step: number) => void;

// Elements of one value are one word or pair of words: of true any byte, of NaN any of its kinds.
function adderOf(descr: Descr, hash: Int32Array): Adder {
  const { kind, itemsize } = descr;
  let turn = 0;
  const mix = (word: number): void => {
    turn = (turn + 1) & 3;
    const h = Math.imul(hash[turn] ^ word, FACTORS[turn]);
    hash[turn] = h ^ (h >>> 15);
  };
  const single = (at: number): void => {
    const bits = view.getInt32(at, true);
    mix(kind !== "i" && kind !== "u" && (bits & 0x7fffffff) > 0x7f800000 ? 0x7fc00000 : bits);
  };
  const double = (at: number): void => {
    const low = view.getInt32(at, true),
      high = view.getInt32(at + 4, true),
      top = high & 0x7fffffff;
    const nan = kind !== "i" && kind !== "u" && (top > 0x7ff00000 || (top === 0x7ff00000 && low !== 0));
    mix(nan ? 0 : low);
    mix(nan ? 0x7ff80000 : high);
  };
  const half = (at: number): void => {
    const bits = view.getUint16(at, true);
    mix(kind === "f" && (bits & 0x7fff) > 0x7c00 ? 0x7e00 : bits);
  };
  const byte = (at: number): void => mix(kind === "b" ? Number(view.getUint8(at) !== 0) : view.getUint8(at));
  const width = partDescr(descr).itemsize,
    parts = itemsize / width,
    one = width === 8 ? double : width === 4 ? single : width === 2 ? half : byte;
  return (at, count, step) => {
    for (let i = 0; i < count; i++) for (let k = 0; k < parts; k++) one(at + i * step + k * width);
  };
}
