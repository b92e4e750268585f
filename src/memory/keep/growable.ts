import { type ArrayLike, copyInto } from "../../array/convert.js";
import { close } from "../../array/destination.js";
import { adopted, drop, enter, make, type NDArray, readElement, shapeOf, viewOf } from "../../array/ndarray.js";
import { takes } from "../../array/options.js";
import { Temporaries } from "../../array/temporaries.js";
import { atMost } from "../../base/arity.js";
import { type Descr, type DType, descrOf, type Scalar } from "../../base/dtype.js";
import { DisposedError, DTypeError, ValueError } from "../../base/errors.js";
import { rowMajor } from "../../base/layout.js";
import { shown } from "../../base/shown.js";
import { formatBytes } from "../../base/units.js";
import { memory } from "../../core/instance.js";
import { checkElement, isScalar, type ScalarLike, writeElement } from "../../core/scalar.js";
import { siteFor } from "../../heap/allocate.js";
import { setOwner } from "../../heap/listener.js";
import type { FreedBy } from "../../heap/reasons.js";
import { counted } from "../common/text.js";
import { HELD } from "../common/values.js";

/** What `memory.growable` takes. */
export interface GrowableOptions {
  /** Elements there is room for from the start: 0. */
  capacity?: number;
  /** How much larger it gets when it is full: 1.125, by CPython's rule for lists; any other factor above 1 as it is. */
  growth?: number;
}

/** What growing took. */
export interface GrowableStats {
  /** Times that memory was asked for, and elements that were moved into it. */
  readonly reallocations: number;
  readonly moved: number;
}

/**
 * A one-dimensional array that grows at its end: memory for more elements than it has, and when that is full, larger
 * memory into which they move (reason `growth`).
 */
export class Growable<D extends DType = DType> implements Disposable {
  readonly #descr: Descr<D>;
  readonly #growth: number;
  readonly #op: string;
  #storage: NDArray<D> | null = null;
  #length = 0;
  #reallocations = 0;
  #moved = 0;
  #open = true;

  /** @internal Growable arrays are made by `memory.growable`. */
  constructor(dtype: D, { capacity = 0, growth = 1.125 }: GrowableOptions, op = "growable") {
    this.#descr = descrOf(dtype);
    this.#growth = growth;
    this.#op = op;
    if (!Number.isFinite(growth) || growth <= 1)
      throw new ValueError(`growth is a factor above 1, not ${shown(growth)}`);
    if (capacity > 0) this.#storage = this.#allocate(capacity);
  }

  get dtype(): D {
    return this.#descr.name;
  }

  /** Elements it has. */
  get length(): number {
    return this.#length;
  }

  /** Elements it has room for. */
  get capacity(): number {
    return this.#storage?.size ?? 0;
  }

  /** Bytes of its memory, unused ones too. */
  get nbytes(): number {
    return this.capacity * this.#descr.itemsize;
  }

  get stats(): GrowableStats {
    return { reallocations: this.#reallocations, moved: this.#moved };
  }

  /** @internal Its memory. */
  [HELD](): [string, unknown][] {
    return this.#storage === null ? [] : [["storage", this.#storage]];
  }

  toString(): string {
    atMost(0, arguments.length, "toString()");
    const grown = `grown ${counted(this.#reallocations, "time")}, ${counted(this.#moved, "element")} moved`;
    return `growable ${this.dtype}: ${this.length} of ${counted(this.capacity, "element")}, ${formatBytes(this.nbytes)}; ${grown}`;
  }

  /** Adds values at the end; returns the new length. Errors, with nothing added: a value that the dtype cannot hold. */
  push(...values: readonly ScalarLike[]): number {
    const { code, itemsize } = this.#descr;
    for (const value of values) checkValue(value, code);
    if (values.length === 0) return this.#length;
    const { buffer } = this.#room(values.length);
    let at = buffer.pointer + this.#length * itemsize;
    for (const value of values) {
      writeElement(code, at, value);
      at += itemsize;
    }
    buffer.version++;
    this.#length += values.length;
    return this.#length;
  }

  /**
   * Adds all elements of an array, a list or a typed array at the end, in row-major order and cast as `astype` casts;
   * returns the new length. Python: `list.extend`.
   */
  extend(values: ArrayLike): number {
    atMost(1, arguments.length, "extend(values)");
    using work = new Temporaries(this.#op);
    const from = work.array(values, this.dtype);
    if (from.size === 0) return this.#length;
    const storage = this.#room(from.size),
      { itemsize } = this.#descr;
    const strides = rowMajor(shapeOf(from), itemsize),
      end = work.use(viewOf(storage, this.#descr, shapeOf(from), strides, this.#length * itemsize));
    copyInto(end, from);
    close(this.#op, [from], storage);
    this.#length += from.size;
    return this.#length;
  }

  /** Takes the last element away and returns it; undefined if there is none. The capacity stays. */
  pop(): Scalar<D> | undefined {
    atMost(0, arguments.length, "pop()");
    this.#check();
    if (this.#length === 0) return undefined;
    const at = this.#storage!.buffer.pointer + --this.#length * this.#descr.itemsize;
    return readElement(this.#descr, at) as Scalar<D>;
  }

  /**
   * The elements as an array. Returns a view, which shows later writes until the memory is next replaced by larger; the
   * old memory then lives as long as the view does.
   */
  toArray(): NDArray<D> {
    atMost(0, arguments.length, "toArray()");
    this.#check();
    const { itemsize } = this.#descr;
    if (this.#storage === null) return make([0], this.#descr, this.#op);
    return viewOf(this.#storage, this.#descr, [this.#length], [itemsize], 0);
  }

  /** Takes all elements away. The capacity stays. */
  clear(): void {
    atMost(0, arguments.length, "clear()");
    this.#check();
    this.#length = 0;
  }

  /** Gives unused memory back: the elements move into memory of their size, none if there are none. */
  shrinkToFit(): void {
    atMost(0, arguments.length, "shrinkToFit()");
    this.#check();
    if (this.#length === this.capacity) return;
    if (this.#length > 0) this.#move(this.#length);
    else {
      drop(this.#storage!, "resize");
      this.#storage = null;
    }
  }

  /** Gives its memory up, which ends its views. A second call does nothing, and any other use is a `DisposedError`. */
  dispose(): void {
    atMost(0, arguments.length, "dispose()");
    this.#end("dispose");
  }

  [Symbol.dispose](): void {
    this.#end("using");
  }

  /** Ends as an array of its own, of its exact size. @internal */
  detach(): NDArray<D> {
    atMost(0, arguments.length, "detach()");
    this.shrinkToFit();
    const storage = this.#storage;
    if (storage === null) return this.toArray();
    storage.buffer.owner = "array";
    this.#storage = null;
    this.#open = false;
    return adopted(storage);
  }

  #end(by: FreedBy): void {
    if (!this.#open) return;
    this.#open = false;
    if (this.#storage !== null) drop(this.#storage, by, siteFor(this.nbytes, this.#end, "dispose"));
    this.#storage = null;
    this.#length = 0;
  }

  #check(): void {
    if (!this.#open) throw new DisposedError(`the growable array of ${this.dtype} was disposed`);
  }

  #room(more: number): NDArray<D> {
    this.#check();
    const needed = this.#length + more;
    if (needed > this.capacity) {
      const factor = this.#growth;
      this.#move(factor === 1.125 ? listCapacity(needed, this.#length) : factorCapacity(needed, this.capacity, factor));
    }
    return this.#storage!;
  }

  #move(capacity: number): void {
    const old = this.#storage,
      n = this.#length,
      next = this.#allocate(capacity);
    if (n > 0 && old !== null) {
      const bytes = n * this.#descr.itemsize;
      new Uint8Array(memory.buffer, next.buffer.pointer, bytes).set(
        new Uint8Array(memory.buffer, old.buffer.pointer, bytes),
      );
      close(this.#op, [old], next);
    }
    if (old !== null) drop(old, "resize");
    this.#moved += n;
    this.#storage = next;
  }

  // Its memory outlives the scope in which it happens to grow.
  #allocate(capacity: number): NDArray<D> {
    const scope = enter(null);
    try {
      const storage = make([capacity], this.#descr, this.#op, this.#length > 0 ? "growth" : null);
      setOwner(storage.buffer, "growable");
      this.#reallocations++;
      return storage;
    } finally {
      enter(scope);
    }
  }
}

const GROWABLE = takes("memory.growable(dtype)", { capacity: "size", growth: "anything" });

/** Checks that a value can be an element; a `DTypeError` if it is no number, bigint, boolean or complex number. */
export function checkValue(value: ScalarLike, code: number): void {
  if (!isScalar(value)) {
    throw new DTypeError(
      `an array holds numbers, bigints, booleans and complex numbers, not ${typeof value}; keep mixed data in a column for each kind`,
    );
  }
  checkElement(value, code);
}

/**
 * The capacity that CPython gives a list of `length` which is to hold `needed`: an eighth more, in fours: 4, 8, 16, 24,
 * 32, 40, 52, 64, 76, … (`list_resize` in Objects/listobject.c). @internal
 */
export function listCapacity(needed: number, length: number): number {
  const fours = (n: number): number => n - (n % 4);
  const capacity = fours(needed + Math.floor(needed / 8) + 6);
  return needed - length > capacity - needed ? fours(needed + 3) : capacity;
}

function factorCapacity(needed: number, capacity: number, factor: number): number {
  return Math.max(4, needed, Math.ceil(capacity * factor));
}

/**
 * Makes an array that grows by `push` and `extend`. By default it grows as CPython's lists do, by an eighth. It belongs
 * to no scope: dispose it.
 */
export function growable<D extends DType = "float64">(dtype?: D, options?: GrowableOptions): Growable<D> {
  return new Growable(dtype ?? ("float64" as D), GROWABLE.read(options, arguments.length));
}
