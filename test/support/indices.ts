import type { DType, NDArray } from "../../src/index.js";
import { array, ellipsis, newaxis, slice } from "../../src/index.js";
import { peek, values } from "./oracle.js";

// Index programs as scripts/oracle_arrays.py writes them.

/** An index item in JSON: an integer, "...", null for newaxis, a slice, integers, a mask. */
export type IndexItem =
  | number
  | "..."
  | null
  | { readonly slice: readonly [number | null, number | null, number | null] }
  | { readonly array: Nested<number> }
  | { readonly mask: Nested<boolean> };
export type Nested<T> = readonly (T | Nested<T>)[];

/** The item as `at` and `set` take it. */
export function decodeIndex(item: IndexItem) {
  if (typeof item === "number") return item;
  if (item === null) return newaxis;
  if (item === "...") return ellipsis;
  if ("slice" in item) return slice(...item.slice);
  if ("mask" in item) return array(item.mask as boolean[], { dtype: "bool" });
  return array(item.array as number[], { dtype: "int32" });
}

/** What the oracle tells of a result. */
export interface Described {
  readonly dtype: DType;
  readonly shape: readonly number[];
  /** null for an axis of length 1, whose stride says nothing. */
  readonly strides: readonly (number | null)[];
  /** Whether it has elements in common with the array it came from, and then where it begins in it. */
  readonly shares: boolean;
  readonly offset?: number;
  readonly writeable: boolean;
  readonly values: readonly (number | readonly [number, number])[];
}

/** The same of an array of the package's. */
export function described(a: NDArray, start: NDArray): Described {
  const shares = a.size > 0 && (a.base ?? a) === (start.base ?? start);
  const flat = Array.from(values(a.dtype, peek(a)) as ArrayLike<number>);
  const pairs = a.dtype.startsWith("complex");
  return {
    dtype: a.dtype,
    shape: a.shape,
    strides: a.strides.map((s, i) => (a.shape[i] === 1 ? null : s)),
    shares,
    writeable: a.flags.writeable,
    ...(shares ? { offset: a.address - start.address } : {}),
    values: pairs ? flat.flatMap((re, i) => (i % 2 ? [] : [[re, flat[i + 1]] as const])) : flat,
  };
}
