import { close } from "../../array/destination.js";
import { drop, live, MAKER, NDArray } from "../../array/ndarray.js";
import { takes } from "../../array/options.js";
import { atMost } from "../../base/arity.js";
import { type Descr, type DType, descrOf } from "../../base/dtype.js";
import { ArgumentError, DisposedError, PoolError, ValueError } from "../../base/errors.js";
import { checkShape, frozenCopy, rowMajor, type ShapeLike } from "../../base/layout.js";
import { plain } from "../../base/plain.js";
import { formatBytes } from "../../base/units.js";
import { memory } from "../../core/instance.js";
import { checkElement, type ScalarLike } from "../../core/scalar.js";
import { fill } from "../../creating/creation.js";
import { allocate, free, reclaim, siteFor } from "../../heap/allocate.js";
import { type Buffer, homeOf, setHome } from "../../heap/buffer.js";
import { canCollect } from "../../heap/collector.js";
import { setOwner } from "../../heap/listener.js";
import type { FreedBy } from "../../heap/reasons.js";
import { counted } from "../common/text.js";
import { HELD } from "../common/values.js";

/** What `memory.pool` takes. */
export interface PoolOptions<D extends DType> {
  /** The shape of every array. */
  shape: ShapeLike;
  /** Their dtype, float64 if not given. */
  dtype?: D;
  /** Arrays allocated at once: none by default. */
  initial?: number;
  /** The most arrays at once, lent or free. Without it the pool grows as it is asked. */
  max?: number;
  /** What every element is when an array is taken. Without it an array holds what its last user left. */
  fill?: ScalarLike;
  /** What reports call it. */
  label?: string;
}

/** What a pool did and has. */
export interface PoolStats {
  /** Arrays taken that had been used before, and that had to be allocated. */
  readonly hits: number;
  readonly misses: number;
  /** Arrays ready to be taken, arrays taken, and arrays that scopes gave back, but for views they returned. */
  readonly free: number;
  readonly taken: number;
  readonly viewed: number;
  /** Bytes of all of them. */
  readonly bytes: number;
}

/**
 * Arrays of one shape and dtype that are lent and come back, so that a loop allocates nothing. A taken array is an
 * array as any other. However its life ends (`release`, `dispose`, `using`, a scope), its memory comes back and its
 * views end; after a scope it comes back with the last view that the scope returned. The handle itself is gone then: using it is a `DisposedError`, whoever took the memory since.
 */
export class Pool<D extends DType = DType> implements Disposable {
  readonly #shape: readonly number[];
  readonly label: string;
  readonly #descr: Descr<D>;
  readonly #strides: readonly number[];
  readonly #max: number;
  readonly #fill: ScalarLike | undefined;
  // Zeros are bytes of 0, whatever the dtype; but -0 is not.
  readonly #clears: boolean;
  readonly #free: Buffer[] = [];
  // All buffers it made, free or lent. Lent ones are not held, so that a forgotten array is collected as any other.
  #made: { readonly slot: Buffer["slot"]; readonly serial: number }[] = [];
  #pruneAt = 64;
  #hits = 0;
  #misses = 0;
  #open = true;
  readonly #home = {
    back: (buffer: Buffer, by: FreedBy, site: number): void => {
      if (this.#open) this.#free.push(buffer);
      else free(buffer, by, site);
    },
  };

  /** @internal Pools are made by `memory.pool`. */
  constructor(options: PoolOptions<D>) {
    const { shape, dtype, initial = 0, max, fill: value, label = "pool" } = options;
    this.#shape = frozenCopy(checkShape(shape));
    this.label = plain(label);
    this.#descr = descrOf(dtype ?? ("float64" as D));
    this.#strides = rowMajor(this.#shape, this.#descr.itemsize);
    this.#max = max ?? Number.POSITIVE_INFINITY;
    this.#fill = value;
    this.#clears = value === false || value === 0n || Object.is(value, 0);
    if (value !== undefined) checkElement(value, this.#descr.code);
    if (initial > this.#max) throw new ValueError(`a pool of at most ${max} arrays cannot begin with ${initial}`);
    if (initial > MOST_BLOCKS)
      throw new ValueError(`a pool cannot begin with ${initial} arrays of ${this.#what}: more than memory can hold`);
    try {
      for (let i = 0; i < initial; i++) this.#free.push(this.#allocate());
    } catch (error) {
      this.dispose();
      throw error;
    }
    // The first one allocated is the first one lent.
    this.#free.reverse();
  }

  /** The shape of every array. */
  get shape(): readonly number[] {
    return this.#shape;
  }

  get dtype(): D {
    return this.#descr.name;
  }

  /**
   * An array to use: the one that came back last, or a new one. Errors: a `PoolError` if `max` arrays are lent; a
   * `DisposedError` if the pool was disposed.
   */
  take(): NDArray<D> {
    if (arguments.length > 0) atMost(0, arguments.length, "take()");
    if (!this.#open) throw new DisposedError(`the pool "${this.label}" was disposed`);
    let buffer = this.#free.pop();
    if (buffer !== undefined) this.#hits++;
    else {
      this.#checkRoom();
      buffer = this.#free.pop() ?? this.#allocate();
      this.#misses++;
    }
    const a = new NDArray(buffer, this.#descr, this.#shape, this.#strides, 0, null, true, MAKER);
    if (this.#fill === undefined) return a;
    if (this.#clears) new Uint8Array(memory.buffer, buffer.pointer, buffer.nbytes).fill(0);
    else fill(a, this.#fill);
    close("pool", [], a);
    return a;
  }

  /**
   * Takes an array back. It is disposed and its views end, so that none shows what its next user writes. Errors: a `PoolError` for an array that was given back or disposed before, is a view, or was not taken here.
   */
  release(a: NDArray<DType>): void {
    if (arguments.length > 1) atMost(1, arguments.length, "release(a)");
    if (!(a instanceof NDArray)) throw new PoolError(`the pool "${this.label}" takes back arrays, not ${typeof a}`);
    if (a.disposed) throw new PoolError(`${textOfDisposal(a)}; an array is released once`);
    const what = `array #${a.id} (${a.dtype}, shape [${a.shape.join(", ")}])`;
    if (homeOf(a.buffer) !== this.#home) throw new PoolError(`${what} was not taken from the pool "${this.label}"`);
    if (a.base !== null) throw new PoolError(`${what} is a view; release the array that was taken, #${a.base.id}`);
    drop(a, "pool", siteFor(a.buffer.nbytes, this.release, "release"));
  }

  /** What it lent and has. */
  get stats(): PoolStats {
    this.#prune();
    let viewed = 0;
    for (const { slot } of this.#made) {
      const buffer = slot.ref?.deref();
      if (buffer !== undefined && buffer.refcount > 0 && !buffer.owned) viewed++;
    }
    const free = this.#free.length,
      taken = this.#made.length - free - viewed;
    return { hits: this.#hits, misses: this.#misses, free, taken, viewed, bytes: this.#made.length * this.#nbytes };
  }

  /** Frees what is inside; a second call does nothing. What is taken stays its user's, and is freed when disposed. */
  dispose(): void {
    atMost(0, arguments.length, "dispose()");
    this.#end(this.#free.length > 0 ? siteFor(this.#nbytes, this.dispose, "dispose") : 0);
  }

  [Symbol.dispose](): void {
    this.#end(null);
  }

  // What `using` frees is told of the line that made it, as it is of arrays.
  #end(site: number | null): void {
    if (!this.#open) return;
    this.#open = false;
    for (const buffer of this.#free.splice(0)) free(buffer, "pool", site ?? buffer.site);
  }

  /** @internal The memory it keeps or lends. */
  [HELD](): [string, unknown][] {
    this.#prune();
    const buffers = this.#made.flatMap(({ slot }) => slot.ref?.deref() ?? []);
    return buffers.map((buffer, i) => [`[${i}]`, buffer]);
  }

  toString(): string {
    atMost(0, arguments.length, "toString()");
    const { hits, misses, free, taken, viewed, bytes } = this.stats;
    const held = viewed === 0 ? "" : `, ${viewed} held by views`;
    return `pool "${this.label}" of ${this.#what}: ${taken} taken, ${free} free${held}, ${formatBytes(bytes)}; ${counted(hits, "hit")}, ${counted(misses, "miss")}`;
  }

  get #nbytes(): number {
    return this.#shape.reduce((n, length) => n * length, this.#descr.itemsize);
  }

  get #what(): string {
    return `${this.#descr.name} [${this.#shape.join(", ")}]`;
  }

  #allocate(): Buffer {
    const buffer = allocate(this.#nbytes, "pool", this.#descr, this.#shape, null);
    setHome(buffer, this.#home);
    setOwner(buffer, this.label);
    this.#made.push({ slot: buffer.slot, serial: buffer.serial });
    if (this.#made.length >= this.#pruneAt) this.#prune();
    return buffer;
  }

  // Leaves out what was freed since: forgotten arrays that were collected.
  #prune(): void {
    this.#made = this.#made.filter(({ slot, serial }) => slot.pointer !== 0 && slot.serial === serial);
    this.#pruneAt = Math.max(64, 2 * this.#made.length);
  }

  #checkRoom(): void {
    if (this.#made.length < this.#max) return;
    this.#prune();
    if (this.#made.length >= this.#max && canCollect) {
      reclaim();
      this.#prune();
    }
    if (this.#made.length < this.#max) return;
    const { taken, viewed } = this.stats,
      held = viewed === 0 ? "" : ` and ${viewed} held by views that a scope returned`;
    throw new PoolError(
      `the pool "${this.label}" lends at most ${counted(this.#max, "array")} of ${this.#what}: ${taken} taken${held}; ` +
        "release() one, or raise max",
    );
  }
}

// Of 64 bytes, the smallest: more do not fit into 4 GiB.
const MOST_BLOCKS = 2 ** 26;

const POOL = takes(
  "memory.pool()",
  { shape: "anything", dtype: "dtype", initial: "size", max: "size", fill: "scalar", label: "string" },
  "memory.pool({ shape: [1000] })",
);

function textOfDisposal(a: NDArray<DType>): string {
  try {
    live(a);
    return "";
  } catch (error) {
    return (error as Error).message;
  }
}

/**
 * Makes a pool of arrays of one shape and dtype: `take()` lends one, `release(a)` takes it back, and after the first
 * round nothing is allocated. `using pool = memory.pool({ shape: [1000, 1000], initial: 10, fill: 0 })`. A pool belongs
 * to no scope: dispose it.
 */
export function pool<D extends DType = "float64">(options: PoolOptions<D>): Pool<D> {
  if (options === undefined)
    throw new ArgumentError("memory.pool takes the arrays' shape: memory.pool({ shape: [1000] })");
  return new Pool<D>(POOL.read(options, arguments.length));
}
