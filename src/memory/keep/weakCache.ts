import type { NDArray } from "../../array/ndarray.js";
import { atMost } from "../../base/arity.js";
import type { DType } from "../../base/dtype.js";
import { formatBytes } from "../../base/units.js";
import { counted } from "../common/text.js";
import { HELD } from "../common/values.js";
import { Weak } from "./weak.js";

/**
 * Arrays by key, none of which it keeps alive: an entry is gone from the moment its array is disposed or collected.
 */
export class WeakCache<K, A extends NDArray<DType> = NDArray<DType>> {
  readonly #entries = new Map<K, Weak<A>>();
  #pruneAt = 64;

  /** The very array that was stored, or undefined. */
  get(key: K): A | undefined {
    const array = this.#entries.get(key)?.deref();
    if (array === undefined) this.#entries.delete(key);
    return array;
  }

  /** Stores an array and returns it. Errors: a `DTypeError` for anything but an array. */
  set(key: K, array: A): A {
    this.#entries.set(key, new Weak(array));
    if (this.#entries.size >= this.#pruneAt) this.#pruneAt = Math.max(64, 2 * this.#prune());
    return array;
  }

  has(key: K): boolean {
    return this.get(key) !== undefined;
  }

  /** Forgets an entry; its array is not touched. True if there was one. */
  delete(key: K): boolean {
    const had = this.has(key);
    this.#entries.delete(key);
    return had;
  }

  /** Entries whose arrays live. */
  get size(): number {
    return this.#prune();
  }

  /** @internal It holds nothing. */
  [HELD](): [string, unknown][] {
    return [];
  }

  toString(): string {
    const arrays = [...this.#entries.values()].flatMap((weak) => weak.deref() ?? []),
      bytes = arrays.reduce((sum, { nbytes }) => sum + nbytes, 0);
    return `weak cache: ${counted(arrays.length, "array")}, ${formatBytes(bytes)}`;
  }

  #prune(): number {
    for (const [key, weak] of this.#entries) if (weak.deref() === undefined) this.#entries.delete(key);
    return this.#entries.size;
  }
}

/** Makes a cache that keeps no array alive. Python: `weakref.WeakValueDictionary`. */
export function weakCache<K, A extends NDArray<DType> = NDArray<DType>>(): WeakCache<K, A> {
  atMost(0, arguments.length, "memory.weakCache()");
  return new WeakCache<K, A>();
}
