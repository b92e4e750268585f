import { type Descr, type DType, descrOf, dtypes, promoteCodes } from "../base/dtype.js";
import { DTypeError, ValueError } from "../base/errors.js";
import { sameShape } from "../base/layout.js";
import { isList, shown } from "../base/shown.js";
import { memory } from "../core/instance.js";
import { codeOfScalar, isScalar, plainScalar, type ScalarLike } from "../core/scalar.js";
import { live, NDArray, refuseStranger } from "./ndarray.js";

// What a list is as an array: its shape, its dtype and its elements in row-major order. Lists are read once, by index,
// as long as they were found to be: neither an iterator nor a length that changes can make more of them.

/** The elements of a typed array, found by what it is and not by what it says. */
export interface Typed {
  readonly descr: Descr;
  readonly shape: readonly number[];
  /** The bytes, to be read after the last allocation: engine memory may have moved by then. */
  bytes(): Uint8Array;
}

/** A list that was read: scalars, and whole arrays where the list holds arrays. */
export interface List {
  readonly shape: readonly number[];
  readonly code: number;
  readonly items: readonly (ScalarLike | NDArray | Typed)[];
  /** Whether all items are scalars. */
  readonly plain: boolean;
}

const typedNames: Record<string, DType> = {
  Int8Array: "int8",
  Uint8Array: "uint8",
  Uint8ClampedArray: "uint8",
  Int16Array: "int16",
  Uint16Array: "uint16",
  Int32Array: "int32",
  Uint32Array: "uint32",
  BigInt64Array: "int64",
  BigUint64Array: "uint64",
  Float16Array: "float16",
  Float32Array: "float32",
  Float64Array: "float64",
};

// The getters of every typed array of every realm. A property or a class of the same name has no part in them.
const prototype: object = Object.getPrototypeOf(Uint8Array.prototype);
function getter<T>(name: PropertyKey): (value: unknown) => T {
  const get = Object.getOwnPropertyDescriptor(prototype, name)!.get!;
  return (value) => Reflect.apply(get, value, []) as T; // what the specification says of the getter
}
const tagOf = getter<string | undefined>(Symbol.toStringTag),
  lengthOf = getter<number>("length"),
  bufferOf = getter<ArrayBufferLike>("buffer"),
  byteLengthOf = getter<number>("byteLength"),
  byteOffsetOf = getter<number>("byteOffset");

/** A typed array's elements; null if the value is none. Errors: a buffer that is detached. */
export function typedOf(value: unknown): Typed | null {
  const tag = typeof value === "object" ? tagOf(value) : undefined;
  if (tag === undefined) return null;
  const name = typedNames[tag];
  if (name === undefined) throw new DTypeError(`no dtype holds the elements of a ${tag}`);
  const length = lengthOf(value),
    buffer = bufferOf(value),
    at = byteOffsetOf(value),
    nbytes = byteLengthOf(value);
  const view = (of: ArrayBufferLike): Uint8Array => {
    try {
      return new Uint8Array(of, at, nbytes);
    } catch {
      throw new ValueError(`the buffer of this ${tag} is detached: its elements are gone`);
    }
  };
  view(buffer);
  const engine = buffer === memory.buffer;
  return { descr: descrOf(name), shape: [length], bytes: () => view(engine ? memory.buffer : buffer) };
}

function lengthGetter(prototype: object | undefined): ((value: unknown) => number | undefined) | null {
  const get = prototype && Object.getOwnPropertyDescriptor(prototype, "byteLength")?.get;
  if (!get) return null;
  return (value) => {
    try {
      return Reflect.apply(get, value, []) as number; // what the specification says of the getter
    } catch {
      return undefined;
    }
  };
}

// Buffers of every realm, and none in disguise: the getters look at what a value is.
const shared = (globalThis as { SharedArrayBuffer?: { prototype: object } }).SharedArrayBuffer,
  bufferLengths = [lengthGetter(ArrayBuffer.prototype), lengthGetter(shared?.prototype)];

/** The bytes of a buffer or of a view of one; null if the value is neither. Errors: a buffer that is detached. */
export function blobOf(value: unknown): { bytes(): Uint8Array } | null {
  if (typeof value !== "object" || value === null) return null;
  for (const lengthOf of bufferLengths) {
    if (lengthOf?.(value) === undefined) continue;
    return { bytes: () => bytesIn(value as ArrayBufferLike, 0, lengthOf(value)) }; // it has the length of one
  }
  if (!ArrayBuffer.isView(value)) return null;
  const of = (name: "buffer" | "byteOffset" | "byteLength"): unknown =>
    Reflect.apply(
      Object.getOwnPropertyDescriptor(tagOf(value) ? prototype : DataView.prototype, name)!.get!,
      value,
      [],
    );
  let buffer: ArrayBufferLike, at: number, length: number;
  try {
    // What the specification says of the getters; those of a detached DataView throw.
    [buffer, at, length] = [of("buffer") as ArrayBufferLike, of("byteOffset") as number, of("byteLength") as number];
  } catch {
    throw new ValueError("the buffer of this DataView is detached: its bytes are gone");
  }
  const engine = buffer === memory.buffer;
  return { bytes: () => bytesIn(engine ? memory.buffer : buffer, at, length) };
}

function bytesIn(buffer: ArrayBufferLike, at: number, length: number | undefined): Uint8Array {
  try {
    return new Uint8Array(buffer, at, length);
  } catch {
    throw new ValueError("the buffer of these bytes is detached: they are gone");
  }
}

function isBlock(value: unknown): value is NDArray | Typed {
  return value instanceof NDArray || (typeof value === "object" && value !== null && "bytes" in value);
}

/** Reads nested lists, whose innermost items are scalars or arrays. Errors: lists of different lengths; other items. */
export function readList(value: unknown): List {
  const shape = shapeOf(value),
    items: (ScalarLike | NDArray | Typed)[] = [];
  let plain = true;
  const visit = (item: unknown, depth: number): void => {
    const block = blockOf(item);
    if (block !== null) {
      if (!sameShape(block.shape, shape.slice(depth))) throw ragged(shape.slice(0, depth));
      plain = false;
      items.push(block);
    } else if (depth < shape.length) {
      if (!isList(item) || item.length !== shape[depth]) throw ragged(shape.slice(0, depth), item);
      for (let i = 0; i < shape[depth]; i++) visit(item[i], depth + 1);
    } else if (isScalar(item)) items.push(plainScalar(item));
    else if (isList(item)) throw ragged(shape);
    else throw noElement(item);
  };
  visit(value, 0);
  // Whatever ran while the list was read may have disposed an array in it.
  for (const item of items) if (item instanceof NDArray) live(item);
  return { shape, code: codeOf(items), items, plain };
}

function blockOf(item: unknown): NDArray | Typed | null {
  if (typeof item !== "object" || item === null) return null;
  if (item instanceof NDArray) {
    live(item);
    return item;
  }
  return isList(item) ? null : typedOf(item);
}

// The lengths along the first items; `visit` finds out whether the others agree.
function shapeOf(value: unknown): number[] {
  const shape: number[] = [];
  let item = value;
  while (isList(item)) {
    shape.push(item.length);
    // A list that contains itself has no end.
    if (shape.length > 64)
      throw new ValueError(
        "setting an array element with a sequence. The requested array would exceed the maximum number of dimension of 64.",
      );
    item = item[0];
  }
  return [...shape, ...(blockOf(item)?.shape ?? [])];
}

function codeOf(items: readonly (ScalarLike | NDArray | Typed)[]): number {
  let code = -1;
  for (const item of items) {
    const next = isBlock(item) ? item.descr.code : codeOfScalar(item);
    code = code < 0 || next === code ? next : promoteCodes(code, next);
  }
  return code < 0 ? dtypes.float64.code : code;
}

function ragged(shape: readonly number[], item?: unknown): ValueError {
  refuseStranger(item);
  return new ValueError(
    "setting an array element with a sequence. The requested array has an inhomogeneous shape after " +
      `${shape.length} dimensions. The detected shape was (${shape.join(", ")}${shape.length === 1 ? "," : ""}) + inhomogeneous part.`,
  );
}

/** Why a value is no array and no element of one: with what to do instead, where there is something. */
export function noElement(value: unknown): DTypeError {
  refuseStranger(value);
  const what = shown(value);
  if (/ (ArrayBuffer|SharedArrayBuffer|DataView)$/.test(what))
    return new DTypeError(`${what} has bytes but no dtype: pass a typed array over it, as new Float64Array(buffer)`);
  if (what === "a lazy expression") return new DTypeError("a lazy expression is no array yet: evaluate() it first");
  if (typeof value === "object" && value !== null && Symbol.iterator in value)
    return new DTypeError(`an array is not made from ${what}: pass [...x], or memory.fromIter(x, dtype)`);
  return new DTypeError(
    `an array holds numbers, bigints, booleans and complex numbers, not ${what}; keep mixed data in a column for each kind`,
  );
}
