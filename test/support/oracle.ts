import { memory } from "../../src/core/instance.js";
import type { DType, NDArray } from "../../src/index.js";
import * as nbytes from "../../src/index.js";
import poolsText from "../oracle/pools.json?raw";

// Reads what scripts/oracle.py wrote. Elements are bytes here, and are read and written by their
// addresses: no function of the engine stands between a value of NumPy's and the check.

/** A function of the package called by a name from a table: its types are not known to the table. */
export type Call = (...args: readonly unknown[]) => unknown;
const named = nbytes as unknown as Record<string, Call | undefined>;

/** NumPy's answer: a dtype and elements, or what it threw. */
export type Answer = readonly [DType, string] | Refusal;
export interface Refusal {
  readonly error: string;
  readonly message: string;
}
export interface Shaped {
  readonly dtype: DType;
  readonly shape: readonly number[];
  readonly data: string;
}

/** Whether NumPy threw. */
export function isRefusal(answer: object): answer is Refusal {
  return "error" in answer;
}

export const DTYPES: readonly DType[] = [
  "bool",
  "int8",
  "int16",
  "int32",
  "int64",
  "uint8",
  "uint16",
  "uint32",
  "uint64",
  "float16",
  "float32",
  "float64",
  "complex64",
  "complex128",
];
const WIDTH = [1, 1, 2, 4, 8, 1, 2, 4, 8, 2, 4, 8, 8, 16];

export function itemsize(dtype: DType): number {
  return WIDTH[DTYPES.indexOf(dtype)];
}

/** The dtype behind a letter of a type table; `!` is a refusal. */
export function dtypeOf(letter: string): DType | null {
  return letter === "!" ? null : DTYPES[letter.charCodeAt(0) - 97];
}

/** NumPy's name by the package's one rule: `count_nonzero` is `countNonzero`. */
export function camel(name: string): string {
  return name.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());
}

/** The package's function of a NumPy name. */
export function fn(name: string): Call {
  const call = named[camel(name)];
  if (call === undefined) throw new Error(`the package has no ${camel(name)}`);
  return call;
}

export function decode(base64: string): Uint8Array {
  const text = atob(base64),
    bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
  return bytes;
}

const stored = JSON.parse(poolsText) as Record<string, Record<string, string>> & {
  sizes: { N: number; GRID: number; SHORT: number; LONG: number };
};
export const sizes = stored.sizes;
const decoded = new Map<string, Uint8Array>();

/** The elements of an input pool. */
export function pool(dtype: DType, name: string): Uint8Array {
  const key = `${dtype} ${name}`;
  const bytes = decoded.get(key) ?? decode(stored[dtype][name]);
  decoded.set(key, bytes);
  return bytes;
}

// ---------------------------------------------------------------- elements by address

// All of engine memory; made anew each time, for it may have grown.
function heap(): Uint8Array {
  return new Uint8Array(memory.buffer);
}

// Byte offsets of the elements in row-major order, from the first one.
function offsets(shape: readonly number[], strides: readonly number[]): Float64Array {
  const all = new Float64Array(shape.reduce((size, n) => size * n, 1));
  // From the last axis to the first, what is there so far is repeated beside itself.
  let length = all.length > 0 ? 1 : 0;
  for (let axis = shape.length - 1; axis >= 0 && length > 0; axis--) {
    const inner = length,
      step = strides[axis];
    for (let i = 1; i < shape[axis]; i++) {
      for (let k = 0; k < inner; k++) all[length++] = all[k] + i * step;
    }
  }
  return all;
}

/** The elements of an array of any layout, in row-major order. */
export function peek(array: NDArray): Uint8Array {
  const all = heap(),
    width = array.itemsize,
    bytes = new Uint8Array(array.nbytes),
    start = array.address;
  if (array.flags.cContiguous) return all.slice(start, start + array.nbytes);
  const from = offsets(array.shape, array.strides);
  let at = 0;
  for (let i = 0; i < from.length; i++) for (let b = 0; b < width; b++) bytes[at++] = all[start + from[i] + b];
  return bytes;
}

/** Writes elements in row-major order; fewer bytes than the array has are repeated. */
export function poke(array: NDArray, bytes: Uint8Array): void {
  const all = heap(),
    width = array.itemsize,
    start = array.address;
  const to = offsets(array.shape, array.strides);
  let at = 0;
  for (let i = 0; i < to.length; i++)
    for (let b = 0; b < width; b++) all[start + to[i] + b] = bytes[at++ % bytes.length];
}

/** A contiguous array with these elements. */
export function arrayOf(dtype: DType, bytes: Uint8Array, shape: readonly number[]): NDArray {
  const array: NDArray = nbytes.zeros(shape, { dtype });
  heap().set(bytes.subarray(0, array.nbytes), array.address);
  return array;
}

/** The elements of any result: an array, or the JavaScript value of a full reduction. */
export function bytesOf(result: unknown, dtype: DType): Uint8Array {
  if (result instanceof nbytes.NDArray) return peek(result as NDArray);
  const array = nbytes.array(result as number, { dtype }) as NDArray;
  return peek(array);
}

function halfValue(bits: number): number {
  const exponent = (bits >> 10) & 31,
    fraction = bits & 1023,
    sign = bits & 0x8000 ? -1 : 1;
  if (exponent === 31) return fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY;
  return exponent === 0 ? sign * fraction * 2 ** -24 : sign * (1024 + fraction) * 2 ** (exponent - 25);
}

/** Elements as JavaScript values: numbers or bigints, two for each complex number. */
export function values(dtype: DType, bytes: Uint8Array): ArrayLike<number | bigint> {
  const b = bytes.slice().buffer;
  switch (dtype) {
    case "bool":
    case "uint8":
      return new Uint8Array(b);
    case "int8":
      return new Int8Array(b);
    case "int16":
      return new Int16Array(b);
    case "uint16":
      return new Uint16Array(b);
    case "int32":
      return new Int32Array(b);
    case "uint32":
      return new Uint32Array(b);
    case "int64":
      return new BigInt64Array(b);
    case "uint64":
      return new BigUint64Array(b);
    case "float16":
      return Array.from(new Uint16Array(b), halfValue);
    case "float32":
    case "complex64":
      return new Float32Array(b);
    default:
      return new Float64Array(b);
  }
}
