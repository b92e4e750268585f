import { copyAs } from "../convert.js";
import { type DType, dtypes } from "../dtype.js";
import { drop, NDArray, viewOf } from "../ndarray.js";
import { arraysIn } from "./values.js";

type AnyArray = NDArray<DType>;

/**
 * Copies a value with all arrays in it; arrays that share memory in the original share it in the copy. Arrays, plain
 * objects, maps, sets and typed arrays are copied, cycles too; other objects are taken over as they are. Python: `copy.deepcopy`.
 */
export function deepCopy<T>(value: T): T {
  const bases = new Map<number, AnyArray>(),
    copies = new Map<unknown, unknown>();
  const arrays = [...arraysIn(value)] as unknown as AnyArray[];
  const sharing = arrays.filter((a) => arrays.some((b) => b !== a && b.buffer === a.buffer));
  try {
    for (const a of sharing) {
      const { serial } = a.buffer;
      if (!bases.has(serial)) bases.set(serial, wholeBuffer(a));
    }
    return copyOf(value, copies, bases) as T;
  } finally {
    // The views among the copies hold the buffers from here on.
    for (const base of bases.values()) drop(base, "operation");
  }
}

// A copy of all bytes of a buffer, for the views that are to share it.
function wholeBuffer(of: AnyArray): AnyArray {
  const all = viewOf(of, dtypes.uint8, [of.buffer.nbytes], [1], 0);
  try {
    return copyAs(all, "uint8", "deepCopy", "requested") as unknown as AnyArray;
  } finally {
    drop(all, "operation");
  }
}

function copyOf(value: unknown, copies: Map<unknown, unknown>, bases: ReadonlyMap<number, AnyArray>): unknown {
  if (typeof value !== "object" || value === null) return value;
  const known = copies.get(value);
  if (known !== undefined) return known;
  const keep = <C>(copy: C): C => {
    copies.set(value, copy);
    return copy;
  };
  if (value instanceof NDArray) return keep(arrayCopy(value as unknown as AnyArray, bases));
  if (ArrayBuffer.isView(value) && !(value instanceof DataView)) return keep((value as Uint8Array).slice());
  if (Array.isArray(value)) {
    const list = keep([] as unknown[]);
    for (const member of value) list.push(copyOf(member, copies, bases));
    return list;
  }
  if (value instanceof Map) {
    const map = keep(new Map());
    for (const [k, v] of value) map.set(copyOf(k, copies, bases), copyOf(v, copies, bases));
    return map;
  }
  if (value instanceof Set) {
    const set = keep(new Set());
    for (const member of value) set.add(copyOf(member, copies, bases));
    return set;
  }
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) return value;
  const copy = keep(Object.create(prototype as object | null) as Record<string, unknown>);
  for (const [name, member] of Object.entries(value)) copy[name] = copyOf(member, copies, bases);
  return copy;
}

function arrayCopy(a: AnyArray, bases: ReadonlyMap<number, AnyArray>): AnyArray {
  const base = bases.get(a.buffer.serial);
  if (base === undefined) return copyAs(a, a.dtype, "deepCopy", "requested") as unknown as AnyArray;
  return viewOf(base, a.descr, a.shape, a.strides, a.offset, a.writeable) as unknown as AnyArray;
}
