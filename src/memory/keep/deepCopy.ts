import { copyAs } from "../../array/convert.js";
import { live, NDArray, refuseStranger, viewOf } from "../../array/ndarray.js";
import { takes } from "../../array/options.js";
import { Temporaries } from "../../array/temporaries.js";
import { type DType, dtypes } from "../../base/dtype.js";
import { ArgumentError } from "../../base/errors.js";
import type { Buffer } from "../../heap/buffer.js";
import { Lazy } from "../../operations/lazy.js";
import { arraysIn, classOf, HELD, hiddenIn } from "../common/values.js";

type AnyArray = NDArray<DType>;

const DEEP_COPY = takes("memory.deepCopy(value)");

/**
 * Copies a value with all arrays in it; arrays that share memory in the original share it in the copy. Arrays, plain
 * objects, instances of classes (with their prototype), lists, maps, sets, dates, patterns and typed arrays are copied,
 * cycles too; functions are shared. Python: `copy.deepcopy`. Errors, before anything is copied: an `ArgumentError` for
 * what cannot be copied because it cannot be seen (private fields, promises, weak references) or is the package's own
 * (pools, caches, lazy expressions).
 */
export function deepCopy<T>(value: T): T {
  DEEP_COPY.count(arguments.length);
  check(value, new Set());
  const bases = new Map<Buffer, AnyArray>(),
    copies = new Map<unknown, unknown>();
  const arrays = [...arraysIn(value)];
  for (const a of arrays) live(a);
  const users = new Map<unknown, number>();
  for (const { buffer } of arrays) users.set(buffer, (users.get(buffer) ?? 0) + 1);
  // The views among the copies hold the buffers that they share.
  using work = new Temporaries("deepCopy");
  try {
    for (const a of arrays) {
      const { buffer } = a;
      if (users.get(buffer)! > 1 && !bases.has(buffer)) bases.set(buffer, work.use(wholeBuffer(a)));
    }
    return copyOf(value, copies, bases) as T;
  } catch (error) {
    for (const copy of copies.values()) if (copy instanceof NDArray) work.use(copy);
    throw error;
  }
}

// Throws for what no copy can be made of.
function check(value: unknown, seen: Set<unknown>): void {
  if (typeof value !== "object" || value === null || seen.has(value) || value instanceof NDArray) return;
  seen.add(value);
  refuseStranger(value);
  const hidden = hiddenIn(value);
  if (hidden !== null)
    throw new ArgumentError(`deepCopy cannot copy ${hidden}: they cannot be seen; give the class a copy of its own`);
  if (HELD in value || value instanceof Lazy || isNative(value))
    throw new ArgumentError(
      `deepCopy cannot copy a ${classOf(value)}: what it holds is its own; copy the arrays in it`,
    );
  for (const member of membersToCopy(value)) check(member, seen);
}

function membersToCopy(value: object): unknown[] {
  const properties = ArrayBuffer.isView(value)
    ? []
    : Object.values(Object.getOwnPropertyDescriptors(value)).map((p) => p.value);
  if (value instanceof Map) for (const pair of value) for (const one of pair) properties.push(one);
  if (value instanceof Set) for (const one of value) properties.push(one);
  return properties;
}

// Objects of the runtime, which keep what they are to themselves; those that can be made anew are known below.
function isNative(value: object): boolean {
  if (value instanceof Map || value instanceof Set || value instanceof Date || value instanceof RegExp) return false;
  if (Array.isArray(value) || value instanceof Error || ArrayBuffer.isView(value) || value instanceof ArrayBuffer)
    return false;
  const tag = Object.prototype.toString.call(value);
  return tag !== "[object Object]" && !Object.hasOwn(value, Symbol.toStringTag) && isOfRuntime(value);
}

function isOfRuntime(value: object): boolean {
  const made: unknown = Object.getPrototypeOf(value)?.constructor;
  return typeof made !== "function" || Function.prototype.toString.call(made).includes("[native code]");
}

// A copy of all bytes of a buffer, for the views that are to share it.
function wholeBuffer(a: AnyArray): AnyArray {
  using work = new Temporaries("deepCopy");
  const all = work.use(viewOf(a, dtypes.uint8, [a.buffer.nbytes], [1], 0));
  return copyAs(all, "uint8", "deepCopy", "requested");
}

function copyOf(value: unknown, copies: Map<unknown, unknown>, bases: ReadonlyMap<Buffer, AnyArray>): unknown {
  if (typeof value !== "object" || value === null) return value;
  const known = copies.get(value);
  if (known !== undefined) return known;
  if (value instanceof NDArray) {
    const copy = arrayCopy(value, bases);
    copies.set(value, copy);
    return copy;
  }
  const copy = emptyCopy(value);
  copies.set(value, copy);
  if (ArrayBuffer.isView(value)) return copy;
  const inside = (member: unknown): unknown => copyOf(member, copies, bases);
  if (copy instanceof Map) for (const [k, v] of value as Map<unknown, unknown>) copy.set(inside(k), inside(v));
  if (copy instanceof Set) for (const member of value as Set<unknown>) copy.add(inside(member));
  for (const name of Reflect.ownKeys(value)) {
    const property = Object.getOwnPropertyDescriptor(value, name);
    // A proxy may name what it has not.
    if (property === undefined) continue;
    // The length of a list and the like are there already.
    if (Object.getOwnPropertyDescriptor(copy, name)?.configurable === false) continue;
    Object.defineProperty(copy, name, "value" in property ? { ...property, value: inside(property.value) } : property);
  }
  return copy;
}

// An object of the same kind and prototype, without members.
function emptyCopy(value: object): object {
  if (ArrayBuffer.isView(value)) {
    if (!(value instanceof DataView)) return (value as Uint8Array).slice();
    return new DataView(value.buffer.slice(value.byteOffset, value.byteOffset + value.byteLength));
  }
  const prototype: object | null = Object.getPrototypeOf(value);
  const made = Array.isArray(value)
    ? new Array(value.length)
    : value instanceof Map
      ? new Map()
      : value instanceof Set
        ? new Set()
        : value instanceof Date
          ? new Date(value.getTime())
          : value instanceof RegExp
            ? new RegExp(value.source, value.flags)
            : value instanceof ArrayBuffer
              ? value.slice(0)
              : Object.create(prototype);
  return Object.getPrototypeOf(made) === prototype ? made : Object.setPrototypeOf(made, prototype);
}

function arrayCopy(a: AnyArray, bases: ReadonlyMap<Buffer, AnyArray>): AnyArray {
  const base = bases.get(a.buffer);
  if (base === undefined) return copyAs(a, a.dtype, "deepCopy", "requested");
  return viewOf(base, a.descr, a.shape, a.strides, a.offset, a.writeable);
}
