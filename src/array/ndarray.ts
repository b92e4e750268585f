import { atMost } from "../base/arity.js";
import { type Descr, type DType, dtypes, type TypedArrayOf } from "../base/dtype.js";
import { ArgumentError, DisposedError, DTypeError, ReadOnlyError, ValueError } from "../base/errors.js";
import { frozenCopy, isContiguous, rowMajor, sizeOfShape } from "../base/layout.js";
import { BRAND, named, shown } from "../base/shown.js";
import { strangeness } from "../base/strangers.js";
import { memory } from "../core/instance.js";
import { allocate, free, siteFor } from "../heap/allocate.js";
import { Buffer, countHandles, homeOf, Slot, setGeneration } from "../heap/buffer.js";
import { lazyCopiesOf, separate } from "../heap/copyOnWrite.js";
import { clock, listener } from "../heap/listener.js";
import { byHand, type CopyReason, endOf, type FreedBy } from "../heap/reasons.js";
import { notifyView } from "../heap/viewing.js";
import { type Flags, flagsOf, sharedElements } from "./flags.js";

/** @internal */
export { fromHalf, readElement } from "../core/element.js";
export type { Flags } from "./flags.js";

let lastId = 0;
/** What the constructor must be given: arrays are made here, never by who holds one. @internal */
export const MAKER = Symbol("maker");

/** What the handles of arrays that are gone hold instead of a buffer. */
const gone = new Buffer(new Slot());
setGeneration(gone, -(2 ** 30)); // that of no array

/**
 * An array's own lists, for what is called often: `a.shape` and `a.strides` are frozen copies of them, which are made
 * when they are first asked for. Never to be given out or changed. @internal
 */
export let shapeOf: (array: NDArray<DType>) => readonly number[];
/** @internal */ export let stridesOf: (array: NDArray<DType>) => readonly number[];
let endHandle: (array: NDArray<DType>, code: number) => void;
let leaveBase: (view: NDArray<DType>) => void, letGo: (owner: NDArray<DType>) => void;

/** What collects the arrays born in a scope; null outside. */
export interface Birthplace {
  born(array: NDArray): void;
}
let birthplace: Birthplace | null = null;
/** Puts a scope in place to receive new arrays; returns the one before. */
export function enter(scope: Birthplace | null): Birthplace | null {
  const before = birthplace;
  birthplace = scope;
  return before;
}

/** Gives an array that was made outside of any scope to the scope that is open now. @internal */
export function adopted<A extends NDArray<DType>>(array: A): A {
  birthplace?.born(array as unknown as NDArray); // whatever its dtype
  return array;
}

let whereDisposed: (array: NDArray, view?: NDArray<DType>) => string = () => "";

/** Gives the function that tells, for a `DisposedError`, where the array was disposed, and its view was made. */
export function setWhereDisposed(text: typeof whereDisposed): void {
  whereDisposed = text;
}

/** What has the prototype of arrays. Of such alone the private field is asked, which is quick in objects of few kinds. */
function Image() {}

/**
 * An n-dimensional array: a dtype, a shape and byte strides over a buffer in engine memory. Make one with `array`,
 * `zeros` and their like. A view is another `NDArray` on the same buffer; it ends with the array that owns the buffer,
 * when that is disposed. What nothing reaches any more is collected, where the host lets the engine find it.
 */
export class NDArray<D extends DType = DType> {
  /**
   * Whether a value is an array of this engine: no other has its private fields, be it an array of another copy of the
   * package, a proxy, or an object made in its image.
   */
  static [Symbol.hasInstance](value: unknown): value is NDArray {
    try {
      return value instanceof Image && #own in (value as object);
    } catch {
      return false; // a proxy whose trap throws
    }
  }

  // Nothing that reaches memory can be written from outside: these have getters only, and the lists are frozen.
  readonly #id: number;
  #base: NDArray | null;
  readonly #size: number;
  // The buffer of an array that owns one. A view comes to it through its base: what the base lets go is gone for all its
  // views, and no handle of what is gone reaches the buffer's object, which serves a later array.
  #own: Buffer;
  readonly #contiguous: boolean;
  readonly #writeable: boolean;
  readonly #descr: Descr<D>;
  readonly #shape: readonly number[];
  readonly #strides: readonly number[];
  readonly #offset: number;
  #generation: number;
  #shownShape: readonly number[] | null = null;
  #shownStrides: readonly number[] | null = null;
  /** @internal */ readonly uncloneable: () => string;

  /** @internal Arrays are made by functions, never by hand. */
  constructor(
    buffer: Buffer,
    descr: Descr<D>,
    shape: readonly number[],
    strides: readonly number[],
    offset: number,
    base: NDArray | null,
    writeable: boolean,
    maker: typeof MAKER,
  ) {
    if (maker !== MAKER)
      throw new ArgumentError("arrays are made by functions, as array and zeros, not by new NDArray");
    this.#id = ++lastId;
    this.#own = base === null ? buffer : gone;
    this.#generation = buffer.generation;
    this.#base = base;
    this.#descr = descr;
    this.uncloneable = descr.uncloneable;
    this.#shape = shape;
    this.#strides = strides;
    this.#offset = offset;
    this.#size = sizeOfShape(this.#shape);
    this.#contiguous = isContiguous(this.#shape, this.#strides, descr.itemsize);
    this.#writeable = writeable;
    countHandles(buffer, 1);
    if (base === null) buffer.owned = true;
    if (birthplace !== null) birthplace.born(this);
  }

  static {
    endHandle = (array, code) => {
      array.#generation = code;
    };
    leaveBase = (view) => {
      view.#base = nobody;
    };
    letGo = (owner) => {
      owner.#own = gone;
    };
    shapeOf = (array) => array.#shape;
    stridesOf = (array) => array.#strides;
  }

  /** A serial number, one for each array. */
  get id(): number {
    return this.#id;
  }

  /** The array whose buffer this one views, or null if it owns its buffer. Never a view itself. */
  get base(): NDArray | null {
    return this.#base;
  }

  /** Lengths of the axes, frozen. */
  get shape(): readonly number[] {
    this.#shownShape ??= frozenCopy(this.#shape);
    return this.#shownShape;
  }

  /** Bytes from one element to the next, for each axis, frozen. NumPy's sense. */
  get strides(): readonly number[] {
    this.#shownStrides ??= frozenCopy(this.#strides);
    return this.#shownStrides;
  }

  /** Bytes from the start of the buffer to the first element. */
  get offset(): number {
    return this.#offset;
  }

  /** The number of elements. */
  get size(): number {
    return this.#size;
  }

  /** The engine's memory behind the array. */
  get buffer(): Buffer {
    const base = this.#base;
    return base === null ? this.#own : base.#own;
  }

  /** True where elements lie in row-major order without gaps. @internal */
  get contiguous(): boolean {
    return this.#contiguous;
  }

  /** @internal */
  get descr(): Descr<D> {
    return this.#descr;
  }

  /** The buffer's generation this array was born with; once disposed, a negative number that tells by whom. @internal */
  get generation(): number {
    return this.#generation;
  }

  /** @internal */
  get writeable(): boolean {
    return this.#writeable;
  }

  /** The name of the dtype. */
  get dtype(): D {
    return this.descr.name;
  }

  /** The number of axes. */
  get ndim(): number {
    return this.#shape.length;
  }

  /** Bytes of one element. */
  get itemsize(): number {
    return this.descr.itemsize;
  }

  /** Bytes of all elements: `size * itemsize`, whatever the buffer behind a view holds. */
  get nbytes(): number {
    return this.size * this.descr.itemsize;
  }

  /** Whether the array was disposed, or is a view whose array was. */
  get disposed(): boolean {
    return this.buffer.generation !== this.generation;
  }

  /** The address of the first element in linear memory, in bytes. */
  get address(): number {
    live(this);
    return this.buffer.pointer + this.offset;
  }

  /** NumPy's flags of the array. */
  get flags(): Flags {
    return flagsOf(this, this.base === null);
  }

  /**
   * A typed array over the elements of a contiguous array: a view of engine memory, good until memory grows or the
   * array is disposed, so use it at once. float16 comes as bits, complex as pairs.
   */
  get data(): TypedArrayOf<D> {
    live(this);
    if (!this.contiguous) throw new ValueError("the data of a non-contiguous array is no typed array; copy() it first");
    separate(this.buffer);
    this.buffer.escaped = true;
    return rawData(this);
  }

  /** The address, the number of elements and their bytes, as Python's `array.buffer_info` tells. */
  bufferInfo(): { readonly address: number; readonly length: number; readonly nbytes: number } {
    atMost(0, arguments.length, "bufferInfo()");
    return { address: this.address, length: this.size, nbytes: this.nbytes };
  }

  /**
   * Gives the array up; any later use is a `DisposedError`. An array that owns its buffer frees it and ends its views:
   * `copy()` what must outlive it. A view only ends itself. A second call does nothing.
   */
  dispose(): void {
    if (arguments.length > 0) atMost(0, arguments.length, "dispose()");
    const { nbytes } = this.buffer;
    // The user stands right below this function: one frame is enough to look at.
    const site =
      (listener === null && nbytes < 2 ** 20) || this.disposed ? 0 : siteFor(nbytes, this.dispose, "dispose");
    drop(this, "dispose", site);
  }

  /** What `using` calls at the end of its block: `dispose`. */
  [Symbol.dispose](): void {
    drop(this, "using");
  }
}

Image.prototype = NDArray.prototype;
Object.defineProperty(NDArray.prototype, BRAND, { value: true });

/** What stands for the base of a view that was disposed. */
const nobody: NDArray = new NDArray(gone, dtypes.float64, [0], [8], 0, null, false, MAKER);
endHandle(nobody, -1);
lastId = 0;

/**
 * Refuses, in a sentence that names the cause, what only looks like an array of this engine: one of another copy of the
 * package, whose memory is elsewhere, a proxy of an array, or an object made in its image. An array of this engine, and
 * whatever does not look like one, passes.
 */
export function refuseStranger(value: unknown): void {
  if (typeof value !== "object" || value === null || value instanceof NDArray) return;
  const text = strangeness(value, NDArray.prototype);
  if (text !== null) throw new DTypeError(text);
}

/** Throws a `DisposedError` if the array's memory is gone, and a `DTypeError` if it is no array of this engine. */
export function live(array: NDArray<DType>): void {
  if (!(array instanceof NDArray)) refuse(array);
  liveAddress(array);
}

/** The address of the first element of what is known to be an array of this engine; `live` besides. */
export function liveAddress(array: NDArray<DType>): number {
  const { buffer } = array;
  if (buffer.generation !== array.generation) refuse(array);
  // Whatever uses an array comes through here, so a trace knows when it was last of use.
  if (listener !== null) buffer.touched = clock;
  return buffer.pointer + array.offset;
}

function refuse(array: NDArray<DType>): never {
  refuseStranger(array);
  if (array instanceof NDArray) throw new DisposedError(endedText(array));
  throw new DTypeError(`this takes an array, not ${shown(array)}: make one with array(…)`);
}

/** What is told of an array that was disposed, or of a view whose array was. @internal */
export function endedText(array: NDArray<DType>): string {
  const { base } = array;
  // What ended with its array still has the generation it was born with.
  if (base === null || array.generation < 0) return `${named("array", array)} was disposed${whereDisposed(array)}`;
  const cause = `${named("array", base)}, which it views, was disposed${whereDisposed(base, array)}`;
  return `${named("view", array)} has ended: ${cause}; copy() the view, or keep its array`;
}

/** Throws if the array is read-only or disposed. */
export function writable(array: NDArray<DType>, what = "assignment destination"): void {
  if (!(array instanceof NDArray)) {
    refuseStranger(array);
    throw new DTypeError(`${what} is an array, which ${shown(array)} is not`);
  }
  live(array);
  if (array.writeable) return;
  throw new ReadOnlyError(`${what} is read-only${sharedElements(array)}`);
}

/**
 * Ends one array's hold on its buffer, and frees the buffer if it was the last. What its user gives up by hand ends its
 * views too; for what the library itself lets go (scopes, temporaries, caches) a view that is left keeps the buffer.
 * `site` is the line that did it, 0 if the caller does not know. @internal
 */
export function drop(array: NDArray<DType>, by: FreedBy, site = 0): void {
  const { buffer, base } = array;
  if (buffer.generation !== array.generation) return byHand(by) ? listener?.again?.(array.id) : undefined;
  endHandle(array, endOf(by, site));
  if (base === null) {
    buffer.owned = false;
    if (buffer.refcount > 1 && byHand(by) && buffer.keepers === 0) endViews(buffer);
  } else leaveBase(array); // what has ended keeps nothing
  if (base !== null && byHand(by)) buffer.viewsGone++;
  if (countHandles(buffer, -1) > lazyCopiesOf(buffer)) return;
  letGo(base ?? array);
  if (buffer.refcount > 0) return;
  const home = homeOf(buffer);
  if (home === null) free(buffer, by, site);
  else home.back(buffer, by, site);
}
// A view that nobody named cannot be disposed: it must not hold the memory that its array gives back.
function endViews(buffer: Buffer): void {
  const views = buffer.refcount - 1 - lazyCopiesOf(buffer);
  if (views > 0 && listener !== null) listener.endedViews?.(buffer, views);
  countHandles(buffer, -views);
}

/** A new array over fresh memory, not cleared. `op` and `reason` are what the listener tells of it. @internal */
export function make<D extends DType>(
  shape: readonly number[],
  descr: Descr<D>,
  op: string,
  reason: CopyReason | null = null,
): NDArray<D> {
  const buffer = allocate(sizeOfShape(shape) * descr.itemsize, op, descr, shape, reason);
  return new NDArray(buffer, descr, shape, rowMajor(shape, descr.itemsize), 0, null, true, MAKER);
}

/** A new array on the same buffer. @internal */
export function viewOf<D extends DType>(
  of: NDArray<DType>,
  descr: Descr<D>,
  shape: readonly number[],
  strides: readonly number[],
  offset: number,
  writeable = of.writeable,
): NDArray<D> {
  live(of);
  const base = of.base ?? of;
  const view = new NDArray(of.buffer, descr, shape, strides, offset, base, writeable, MAKER);
  if (listener !== null) notifyView(view, of.buffer, shape, descr);
  return view;
}

/** A typed array over `size` elements from the first one on, made for the statement it is used in. @internal */
export function rawData<D extends DType>(array: NDArray<D>): TypedArrayOf<D> {
  const { array: Raw, itemsize } = array.descr;
  const count = (array.size * itemsize) / Raw.BYTES_PER_ELEMENT;
  return new Raw(memory.buffer, array.buffer.pointer + array.offset, count) as TypedArrayOf<D>;
}
