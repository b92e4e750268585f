import { type ArrayLike, copyInto } from "../array/convert.js";
import { close } from "../array/destination.js";
import { live, MAKER, make, type NDArray, shapeOf, stridesOf, viewOf } from "../array/ndarray.js";
import { type IndexItem, Slice } from "../array/slices.js";
import { Temporaries } from "../array/temporaries.js";
import { atMost } from "../base/arity.js";
import type { Descr, DType } from "../base/dtype.js";
import { ArgumentError, IndexError, ShapeError } from "../base/errors.js";
import { assignedStrides, frozenCopy, shapeText, sizeOfShape } from "../base/layout.js";
import { BRAND, printAsText, shown } from "../base/shown.js";
import { formatBytes } from "../base/units.js";
import { memory } from "../core/instance.js";
import { checkElement, isScalar, type ScalarLike } from "../core/scalar.js";
import { fill } from "../creating/creation.js";
import { dataPieces, swapBytes } from "../files/npyData.js";
import { type Compressor, packed, unpack } from "./codec.js";
import type { Metadata } from "./metadata.js";
import { type Part, partsIn, type Selected, selectedBy } from "./selection.js";
import type { Hierarchy } from "./store.js";

/**
 * An array in chunks, each a file of a directory or a value of a store, of which one at a time is in memory. Made by
 * `openZarr` and `createZarr`. Whoever reads or writes other chunks at the same time, in this process or another, is not
 * disturbed.
 */
export class ZarrArray<D extends DType = DType> {
  readonly #store: Hierarchy;
  readonly #prefix: string;
  readonly #meta: Metadata;
  /** What `.zattrs` says: names and values of the user's own. */
  readonly attrs: Readonly<Record<string, unknown>>;

  /** @internal Made by functions. */
  constructor(
    store: Hierarchy,
    prefix: string,
    meta: Metadata,
    attrs: Readonly<Record<string, unknown>>,
    maker: typeof MAKER,
  ) {
    if (maker !== MAKER)
      throw new ArgumentError("Zarr arrays are made by openZarr and createZarr, not by new ZarrArray");
    this.#store = store;
    this.#prefix = prefix;
    this.#meta = meta;
    this.attrs = attrs;
  }

  /** The name of the dtype. */
  get dtype(): D {
    return this.#descr.name;
  }

  /** Lengths of the axes. */
  get shape(): readonly number[] {
    return frozenCopy(this.#meta.shape);
  }

  /** Lengths of a chunk; those at the ends of axes may reach beyond the array. */
  get chunks(): readonly number[] {
    return frozenCopy(this.#meta.chunks);
  }

  /** How many chunks there are along each axis. Zarr: `cdata_shape`. */
  get cdataShape(): readonly number[] {
    const { shape, chunks } = this.#meta;
    return shape.map((length, k) => Math.ceil(length / chunks[k]));
  }

  /** The number of chunks. */
  get nchunks(): number {
    return sizeOfShape(this.cdataShape);
  }

  /** The order of elements within a chunk. */
  get order(): "C" | "F" {
    return this.#meta.order;
  }

  /** How chunks are compressed. */
  get compressor(): Compressor {
    return this.#meta.compressor;
  }

  /** What elements are that no chunk holds; null is zeros. */
  get fillValue(): ScalarLike | null {
    return this.#meta.fill;
  }

  /** The number of axes. */
  get ndim(): number {
    return this.#meta.shape.length;
  }

  /** The number of elements. */
  get size(): number {
    return sizeOfShape(this.#meta.shape);
  }

  /** Bytes of one element. */
  get itemsize(): number {
    return this.#meta.descr.itemsize;
  }

  /** Bytes of all elements, not compressed. */
  get nbytes(): number {
    return this.size * this.itemsize;
  }

  // What the metadata says, D claims.
  get #descr(): Descr<D> {
    return this.#meta.descr as Descr<D>;
  }

  /**
   * Reads what an index of integers and slices selects: `await z.read("1:3, ::2")`; without one all. One chunk is in memory
   * beside the result. Returns a copy. Errors: an `IndexError`; a `ValueError` for a chunk that is damaged.
   */
  async read(...index: readonly IndexItem[]): Promise<NDArray<D>> {
    const s = selectedBy(index, this.#meta.shape, "read");
    using work = new Temporaries("read");
    const out = work.use(make(s.shape, this.#descr, "read", "host-boundary"));
    const roomFor = this.#roomOnce(work);
    for (const part of this.#parts(s)) {
      const to = this.#within(out, stridesOf(out), s, part, work),
        found = await this.#load(part.chunk, roomFor);
      live(out);
      if (found === null) this.#fill(to);
      else {
        const from = this.#cut(found, s, part, work);
        copyInto(to, from);
        work.drop(from);
      }
      work.drop(to);
    }
    close("read", [], out);
    return work.release(out);
  }

  /**
   * Writes a value to the elements that an index selects: `await z.write("0", 5)`. The value is a number or an array that
   * broadcasts. A chunk of which a part is written is read first. Errors: those of `read`; a `ShapeError`; a `FileError`.
   */
  async write(...indexAndValue: readonly [...index: IndexItem[], value: ArrayLike]): Promise<void> {
    if (indexAndValue.length === 0)
      throw new ArgumentError('write takes an index, then the value: z.write("...", 5) writes all elements');
    // All but the last are items of the index.
    const s = selectedBy(indexAndValue.slice(0, -1) as readonly IndexItem[], this.#meta.shape, "write"),
      value = indexAndValue[indexAndValue.length - 1] as ArrayLike;
    if (isScalar(value)) checkElement(value, this.#descr.code);
    using work = new Temporaries("write");
    const x = work.array(value, isScalar(value) ? this.dtype : undefined),
      strides = assignedStrides(shapeOf(x), stridesOf(x), s.shape);
    if (strides === null)
      throw new ShapeError(
        `could not broadcast input array from shape ${shapeText(shapeOf(x))} into shape ${shapeText(s.shape)}`,
      );
    const roomFor = this.#roomOnce(work);
    for (const part of this.#parts(s)) {
      live(x);
      const from = this.#within(x, strides, s, part, work);
      // A whole chunk of this dtype goes from where it lies.
      const asIs = x.dtype === this.dtype && !this.#meta.swapped && s.ranges.every(({ step }) => step === 1);
      if (asIs && this.#isWhole(s, part, false)) await this.#save(part.chunk, from);
      else await this.#merge(s, part, from, roomFor(), work);
      work.drop(from);
    }
  }

  /**
   * Reads chunk after chunk, the last axis first: each an array, less what reaches beyond the ends, which is disposed when the
   * next is asked for. One chunk is in memory.
   */
  async *blocks(): AsyncGenerator<NDArray<D>, void, undefined> {
    atMost(0, arguments.length, "blocks()");
    using work = new Temporaries("blocks");
    const s = selectedBy([], this.#meta.shape, "blocks");
    for (const part of this.#parts(s)) {
      const room = this.#room(work),
        found = await this.#load(part.chunk, () => room),
        block = this.#cut(found ?? room, s, part, work);
      if (found === null) this.#fill(block);
      yield block;
      work.drop(block);
      work.drop(room);
    }
  }

  /**
   * The slices of a chunk, by its place in the grid: `await z.read(...z.region(0, 2))`. Errors: an `IndexError` for a place
   * that the grid does not have.
   */
  region(...chunk: readonly number[]): Slice[] {
    const { shape, chunks } = this.#meta,
      grid = this.cdataShape;
    if (chunk.length !== grid.length || chunk.some((i, k) => !Number.isInteger(i) || i < 0 || i >= grid[k]))
      throw new IndexError(`the grid of chunks has the shape ${shapeText(grid)}, and no chunk ${shown(chunk)}`);
    return chunk.map((i, k) => new Slice(i * chunks[k], Math.min((i + 1) * chunks[k], shape[k]), null));
  }

  /** The places of all chunks in the grid, the last axis first. */
  *places(): Generator<readonly number[], void, undefined> {
    atMost(0, arguments.length, "places()");
    for (const { chunk } of this.#parts(selectedBy([], this.#meta.shape, "places"))) yield chunk;
  }

  toString(): string {
    atMost(0, arguments.length, "toString()");
    const { shape, chunks, compressor } = this.#meta;
    const packing = compressor === null ? "not compressed" : `${compressor.id} ${compressor.level}`;
    return `Zarr array ${this.dtype} [${shape.join(", ")}] in ${this.nchunks} chunks of [${chunks.join(", ")}], ${formatBytes(this.nbytes)}, ${packing}`;
  }

  /** The same for `JSON.stringify`. */
  toJSON(): string {
    return String(this);
  }

  #parts({ ranges }: Selected): Iterable<Part> {
    return partsIn(ranges, this.#meta.chunks);
  }

  // Memory for a chunk, its elements packed as they are in the store.
  #room(work: Temporaries): NDArray<D> {
    const { chunks, order } = this.#meta,
      lengths = order === "F" ? [...chunks].reverse() : chunks;
    return work.use(make(lengths, this.#descr, work.op, "host-boundary"));
  }

  // The same room at each call, made at the first.
  #roomOnce(work: Temporaries): () => NDArray<D> {
    let room: NDArray<D> | null = null;
    return () => {
      room ??= this.#room(work);
      return room;
    };
  }

  #key(chunk: readonly number[]): string {
    return this.#prefix + (chunk.length === 0 ? "0" : chunk.join(this.#meta.separator));
  }

  // Reads a chunk into the room that `roomFor` gives; null if there is none.
  async #load(chunk: readonly number[], roomFor: () => NDArray<D>): Promise<NDArray<D> | null> {
    const found = await this.#store.read(this.#key(chunk));
    if (found === null) return null;
    using source = found;
    const room = roomFor();
    live(room);
    unpack(this.#meta.compressor, source, new Uint8Array(memory.buffer, room.buffer.pointer, room.nbytes));
    if (this.#meta.swapped) swapBytes(room);
    return room;
  }

  // Elements in the shape of a chunk.
  async #save(chunk: readonly number[], x: NDArray<DType>): Promise<void> {
    using work = new Temporaries("write");
    const order = this.#meta.order === "C" ? x : work.use(reversed(x));
    await this.#store.write(this.#key(chunk), packed(this.#meta.compressor, dataPieces(order)));
  }

  async #merge(s: Selected, part: Part, from: NDArray<DType>, room: NDArray<D>, work: Temporaries): Promise<void> {
    const found = this.#isWhole(s, part, true) ? null : await this.#load(part.chunk, () => room);
    live(room);
    live(from);
    if (found === null && !this.#isWhole(s, part, false)) this.#fill(room);
    const to = this.#cut(room, s, part, work);
    copyInto(to, from);
    work.drop(to);
    if (this.#meta.swapped) swapBytes(room);
    await this.#save(part.chunk, this.#meta.order === "C" ? room : work.use(reversed(room)));
  }

  // Whether a part is all of a chunk: all that the array has of it, or the chunk itself.
  #isWhole({ ranges }: Selected, { chunk, counts }: Part, inArray: boolean): boolean {
    const { shape, chunks } = this.#meta;
    return counts.every((n, k) => {
      const end = inArray ? Math.min(chunks[k], shape[k] - chunk[k] * chunks[k]) : chunks[k];
      return n === end && Math.abs(ranges[k].step) === 1;
    });
  }

  // A part of a chunk that is in memory, with as many axes as the array.
  #cut(room: NDArray<D>, { ranges }: Selected, part: Part, work: Temporaries): NDArray<D> {
    const own = this.#meta.order === "F" ? [...stridesOf(room)].reverse() : stridesOf(room),
      offset = part.from.reduce((at, index, k) => at + index * own[k], 0);
    const strides = own.map((stride, k) => stride * ranges[k].step);
    return work.use(viewOf(room, this.#descr, part.counts, strides, offset));
  }

  // The same part of what is read into or written from, with as many axes as the array.
  #within<E extends DType>(
    x: NDArray<E>,
    strides: readonly number[],
    { axes }: Selected,
    { counts, before }: Part,
    work: Temporaries,
  ): NDArray<E> {
    const steps = axes.map((axis) => (axis < 0 ? 0 : strides[axis])),
      offset = before.reduce((at, k, axis) => at + k * steps[axis], x.offset);
    return work.use(viewOf(x, x.descr, counts, steps, offset));
  }

  #fill(out: NDArray<DType>): void {
    fill(out, this.#meta.fill ?? 0);
  }
}

Object.defineProperty(ZarrArray.prototype, BRAND, { value: true });
printAsText(ZarrArray);

function reversed<E extends DType>(x: NDArray<E>): NDArray<E> {
  return viewOf(x, x.descr, [...shapeOf(x)].reverse(), [...stridesOf(x)].reverse(), x.offset);
}
