import { drop, enter, live, MAKER, NDArray, shapeOf, stridesOf } from "../../array/ndarray.js";
import { takes } from "../../array/options.js";
import { atMost } from "../../base/arity.js";
import type { DType } from "../../base/dtype.js";
import { DisposedError, DTypeError, ValueError } from "../../base/errors.js";
import { now } from "../../base/host.js";
import { plain } from "../../base/plain.js";
import { shown } from "../../base/shown.js";
import { type Bytes, formatBytes, parseBytes } from "../../base/units.js";
import { siteFor } from "../../heap/allocate.js";
import type { Buffer } from "../../heap/buffer.js";
import { setOwner } from "../../heap/listener.js";
import { counted } from "../common/text.js";
import { HELD, keyName } from "../common/values.js";

/** What `memory.lruCache` takes. Without a limit it keeps everything. */
export interface LruCacheOptions {
  /** The most bytes of the buffers it keeps alive, as a number or with a unit: `"20 MB"`. */
  maxBytes?: Bytes;
  /** The most entries. */
  maxEntries?: number;
  /** Milliseconds after which an entry is dropped. */
  ttl?: number;
  /** What tells the time in milliseconds: `performance.now` if not given. */
  clock?: () => number;
  /** What reports call it. */
  label?: string;
}

/** What a cache did and holds. */
export interface LruCacheStats {
  readonly hits: number;
  readonly misses: number;
  /** Entries dropped to make room, and because they were too old. */
  readonly evictions: number;
  readonly expired: number;
  readonly entries: number;
  readonly bytes: number;
}

interface Entry<K, A> {
  readonly key: K;
  /** The array that was stored; when its holder disposed it, another one on the same elements. */
  array: A;
  /** The cache's own hold on the memory, never given out. */
  readonly hold: A;
  readonly born: number;
}

/**
 * Arrays by key, limited in bytes, in number and in age. It takes over what is stored in it: an array stored inside a
 * scope outlives the scope, and the one used least recently is disposed when room is needed. A view that its user made
 * stays good; then the memory lives on, but no longer as the cache's.
 */
export class LruCache<K, A extends NDArray<DType> = NDArray<DType>> implements Disposable {
  readonly label: string;
  readonly #maxBytes: number;
  readonly #maxEntries: number;
  readonly #ttl: number;
  readonly #clock: () => number;
  // Least recently used first; and in the order in which they were stored, for their age.
  readonly #entries = new Map<K, Entry<K, A>>();
  readonly #byAge = new Set<Entry<K, A>>();
  // How many entries lie on a buffer: its bytes count once.
  readonly #buffers = new Map<Buffer, number>();
  #bytes = 0;
  #hits = 0;
  #misses = 0;
  #evictions = 0;
  #expired = 0;
  #open = true;

  /** @internal Caches are made by `memory.lruCache`. */
  constructor({ maxBytes, maxEntries, ttl, clock, label = "lruCache" }: LruCacheOptions) {
    this.label = plain(label);
    this.#maxBytes = maxBytes === undefined ? Number.POSITIVE_INFINITY : parseBytes(maxBytes);
    this.#maxEntries = limit("maxEntries", maxEntries);
    this.#ttl = limit("ttl", ttl);
    this.#clock = clock ?? now;
  }

  /** The array of a key, now the most recently used; undefined if there is none. It stays the cache's: do not dispose it. */
  get(key: K): A | undefined {
    if (arguments.length > 1) atMost(1, arguments.length, "get(key)");
    this.#check();
    this.#dropOld();
    const entry = this.#entries.get(key);
    if (entry === undefined) {
      this.#misses++;
      return undefined;
    }
    this.#hits++;
    this.#entries.delete(key);
    this.#entries.set(key, entry);
    if (entry.array.disposed) entry.array = held(entry.hold);
    return entry.array;
  }

  /**
   * Stores an array, disposing as many of the least recently used as its bytes need, and returns it. A view counts with
   * the whole buffer that it keeps alive. Errors, with nothing changed: a `ValueError` if it is larger than the cache.
   */
  set(key: K, array: A): A {
    if (arguments.length > 2) atMost(2, arguments.length, "set(key, array)");
    this.#check();
    if (!(array instanceof NDArray))
      throw new DTypeError(`the cache "${this.label}" holds arrays, not ${typeof array}`);
    live(array);
    this.#checkFits(array);
    this.#dropOld();
    const hold = held(array),
      before = this.#entries.get(key);
    if (before !== undefined) this.#remove(before, array);
    this.#makeRoom(hold.buffer, array);
    const entry = { key, array, hold, born: this.#ttl === Number.POSITIVE_INFINITY ? 0 : this.#clock() };
    this.#entries.set(key, entry);
    this.#byAge.add(entry);
    const { buffer } = hold,
      entries = this.#buffers.get(buffer) ?? 0;
    this.#buffers.set(buffer, entries + 1);
    if (entries === 0) {
      this.#bytes += buffer.nbytes;
      buffer.keepers++;
    }
    if (buffer.owner === "array") setOwner(buffer, this.label);
    return array;
  }

  /** Whether there is an entry; its turn does not change. */
  has(key: K): boolean {
    if (arguments.length > 1) atMost(1, arguments.length, "has(key)");
    this.#check();
    this.#dropOld();
    return this.#entries.has(key);
  }

  /** Drops an entry and disposes its array. True if there was one. */
  delete(key: K): boolean {
    atMost(1, arguments.length, "delete(key)");
    this.#check();
    const entry = this.#entries.get(key);
    if (entry !== undefined) this.#remove(entry);
    return entry !== undefined;
  }

  /** Drops all entries. */
  clear(): void {
    atMost(0, arguments.length, "clear()");
    for (const entry of [...this.#entries.values()]) this.#remove(entry);
  }

  /** The number of entries. */
  get size(): number {
    this.#dropOld();
    return this.#entries.size;
  }

  /** Bytes of the buffers it keeps alive: never more than `maxBytes`. */
  get bytes(): number {
    this.#dropOld();
    return this.#bytes;
  }

  get stats(): LruCacheStats {
    this.#dropOld();
    return {
      hits: this.#hits,
      misses: this.#misses,
      evictions: this.#evictions,
      expired: this.#expired,
      entries: this.#entries.size,
      bytes: this.#bytes,
    };
  }

  /** Drops all entries and ends; a second call does nothing. */
  dispose(): void {
    atMost(0, arguments.length, "dispose()");
    this.clear();
    this.#open = false;
  }

  // What `using` frees is told of the line that made it, as it is of arrays.
  [Symbol.dispose](): void {
    for (const entry of this.#entries.values()) this.#remove(entry, undefined, entry.hold.buffer.site);
    this.dispose();
  }

  /** @internal Its arrays by their keys. */
  [HELD](): [string, unknown][] {
    this.#dropOld();
    return [...this.#entries.values()].map(({ key, hold }) => [keyName(key), hold]);
  }

  toString(): string {
    atMost(0, arguments.length, "toString()");
    const { entries, bytes, hits, misses, evictions, expired } = this.stats;
    const most = Number.isFinite(this.#maxBytes) ? `at most ${formatBytes(this.#maxBytes)}` : "no maxBytes";
    return `cache "${this.label}": ${formatBytes(bytes)} in ${counted(entries, "entry")} (${most}); ${counted(hits, "hit")}, ${counted(misses, "miss")}, ${evictions} evicted, ${expired} expired`;
  }

  #check(): void {
    if (!this.#open) throw new DisposedError(`the cache "${this.label}" was disposed`);
  }

  #checkFits(array: A): void {
    const { nbytes } = array.buffer;
    if (nbytes <= this.#maxBytes) return;
    const whole = array.nbytes === nbytes ? "" : ` (a view of ${formatBytes(array.nbytes)} keeps them all: copy() it)`;
    throw new ValueError(
      `${formatBytes(nbytes)} do not fit into the cache "${this.label}" of at most ${formatBytes(this.#maxBytes)}${whole}`,
    );
  }

  #makeRoom(buffer: Buffer, keep: A): void {
    for (const oldest of this.#entries.values()) {
      const more = this.#buffers.has(buffer) ? 0 : buffer.nbytes;
      if (this.#bytes + more <= this.#maxBytes && this.#entries.size < this.#maxEntries) return;
      this.#evictions++;
      this.#remove(oldest, keep);
    }
  }

  #dropOld(): void {
    if (this.#byAge.size === 0 || this.#ttl === Number.POSITIVE_INFINITY) return;
    const now = this.#clock();
    for (const entry of this.#byAge) {
      if (now - entry.born < this.#ttl) return;
      this.#expired++;
      this.#remove(entry);
    }
  }

  // The array is disposed with its entry, unless it is the one about to be stored or another entry's too.
  #remove(entry: Entry<K, A>, keep?: A, site = siteFor(entry.hold.buffer.nbytes, this.#remove, "lruCache")): void {
    const { key, array, hold } = entry,
      { buffer } = hold;
    this.#entries.delete(key);
    this.#byAge.delete(entry);
    const left = this.#buffers.get(buffer)! - 1;
    if (left > 0) this.#buffers.set(buffer, left);
    else {
      this.#buffers.delete(buffer);
      this.#bytes -= buffer.nbytes;
      buffer.keepers--;
      if (buffer.owner === this.label) buffer.owner = "array";
    }
    if (array !== keep && (left === 0 || !this.#uses(array))) drop(array, "cache", site);
    drop(hold, "cache", site);
  }

  #uses(array: A): boolean {
    for (const entry of this.#entries.values()) if (entry.array === array) return true;
    return false;
  }
}

// Another array on the same elements, which belongs to no scope.
function held<A extends NDArray<DType>>(of: A): A {
  const scope = enter(null);
  try {
    return new NDArray(
      of.buffer,
      of.descr,
      shapeOf(of),
      stridesOf(of),
      of.offset,
      of.base ?? of,
      of.writeable,
      MAKER,
    ) as A;
  } finally {
    enter(scope);
  }
}

const LRU_CACHE = takes("memory.lruCache()", {
  maxBytes: "anything",
  maxEntries: "anything",
  ttl: "anything",
  clock: "function",
  label: "string",
});

function limit(name: string, value: number | undefined): number {
  if (value === undefined) return Number.POSITIVE_INFINITY;
  if (typeof value !== "number" || !(value > 0))
    throw new ValueError(`${name} is a number above 0, not ${shown(value)}`);
  return value;
}

/**
 * Makes a cache that drops what was used least recently, limited in bytes, in entries and in age. It belongs to no scope:
 * dispose it. Python: `functools.lru_cache` and `cachetools.TTLCache`, but measured in bytes.
 */
export function lruCache<K, A extends NDArray<DType> = NDArray<DType>>(options: LruCacheOptions = {}): LruCache<K, A> {
  return new LruCache<K, A>(LRU_CACHE.read(options, arguments.length));
}
