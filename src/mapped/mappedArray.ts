import { type ArrayLike, copyInto } from "../array/convert.js";
import { close } from "../array/destination.js";
import { live, MAKER, make, type NDArray, shapeOf, stridesOf, viewOf } from "../array/ndarray.js";
import type { IndexItem } from "../array/slices.js";
import { Temporaries } from "../array/temporaries.js";
import { atMost } from "../base/arity.js";
import { canCast, type Descr, type DType, type Scalar } from "../base/dtype.js";
import {
  ArgumentError,
  DisposedError,
  DTypeError,
  IndexError,
  ReadOnlyError,
  ShapeError,
  ValueError,
} from "../base/errors.js";
import {
  assignedStrides,
  cutAt,
  frozenCopy,
  partsOf,
  rowMajor,
  sameShape,
  shapeText,
  sizeOfShape,
} from "../base/layout.js";
import { shown } from "../base/shown.js";
import { formatBytes } from "../base/units.js";
import { slot, slots } from "../core/box.js";
import { readElement } from "../core/element.js";
import { checkElement, isScalar, type ScalarLike, writeElement } from "../core/scalar.js";
import { selectOf } from "../indexing/subscript.js";
import { Applied, Fed } from "../operations/expression.js";
import { castTo, type EvaluateOptions, fedOp, inPieces, Lazy, nodeIn } from "../operations/lazy.js";
import type { MapMode } from "./handle.js";
import type { Pages } from "./pages.js";
import { eachRun } from "./runs.js";

/** A file that is mapped. @internal */
export interface Mapping {
  readonly name: string;
  readonly pages: Pages;
  readonly mode: MapMode;
  readonly open: boolean;
  /** Says that it is closed. */
  end(): void;
}

/** Where the elements of a mapped array lie in its file. @internal */
export interface Layout {
  readonly shape: readonly number[];
  readonly strides: readonly number[];
  readonly offset: number;
}

/** Elements that are moved at a time. */
const BLOCK = 32_768;

const mapped = fedOp("mapped");

/** The elements of a mapped array in an expression. */
class MappedNode extends Fed {
  constructor(
    readonly mapping: Mapping,
    descr: Descr,
    readonly layout: Layout,
  ) {
    super(mapped, descr, layout.shape, (first, n, at) => {
      const { pages } = checked(mapping);
      eachRun(layout, descr.itemsize, first, n, (from, nbytes, done) => pages.load(from, at + done, nbytes));
    });
  }
}

function checked(mapping: Mapping): Mapping {
  if (mapping.open) return mapping;
  throw new DisposedError(`the mapped array of ${mapping.name} was closed`);
}

/**
 * An array whose elements are in a file: of that only pages are in memory, `cache` bytes at most. It is a lazy expression:
 * ufuncs of it are expressions, reductions stream through it, `evaluate()` reads it into an array. An index of integers
 * and slices gives another mapped array and reads nothing. Made by `openMemmap`; `close()` ends it, and with it what was
 * made of it.
 */
export class MappedArray<D extends DType = DType> extends Lazy<D> implements Disposable {
  readonly #node: MappedNode;
  readonly #mapping: Mapping;
  readonly #layout: Layout;
  readonly #descr: Descr<D>;

  /** Whether a value is a mapped array of this engine. */
  static override [Symbol.hasInstance](value: unknown): value is MappedArray {
    return typeof value === "object" && value !== null && #mapping in value;
  }

  /** @internal Mapped arrays are made by `openMemmap`. */
  constructor(mapping: Mapping, descr: Descr<D>, layout: Layout, maker: typeof MAKER) {
    const node = new MappedNode(mapping, descr, layout);
    super(node, maker);
    this.#node = node;
    this.#mapping = mapping;
    this.#descr = descr;
    this.#layout = layout;
  }

  /** How the file was opened. */
  get mode(): MapMode {
    return this.#mapping.mode;
  }

  /** Whether it was closed. */
  get closed(): boolean {
    return !this.#mapping.open;
  }

  /** Bytes from one element of an axis to the next, in the file. */
  get strides(): readonly number[] {
    return frozenCopy(this.#layout.strides);
  }

  /** Bytes of the file that are in memory, in pages; and bytes that were read of it so far. */
  get stats(): { readonly cached: number; readonly read: number } {
    const { bytes, read } = this.#mapping.pages;
    return { cached: bytes, read };
  }

  /**
   * The elements that an index of integers and slices selects, mapped too: nothing is read. Errors: an `IndexError` for
   * an index out of range, and for arrays of indices and masks, which are for arrays in memory.
   */
  at(...index: readonly IndexItem[]): MappedArray<D> {
    return new MappedArray(checked(this.#mapping), this.#descr, this.#select(index, "at"), MAKER);
  }

  /** One element as a JavaScript value; reads the page it is on. */
  item(...index: readonly number[]): Scalar<D> {
    const { pages } = checked(this.#mapping),
      { shape, offset } = this.#select(index, "item");
    if (sizeOfShape(shape) !== 1) throw new ValueError("can only convert an array of size 1 to a JavaScript scalar");
    const at = slot(slots.result);
    pages.load(offset, at, this.#descr.itemsize);
    return readElement(this.#descr, at) as Scalar<D>; // of this dtype
  }

  /**
   * Writes a value to the elements an index selects: `m.set(0, 0, 1)`, `m.set("...", add(m, 1))`. The value is a number,
   * an array that broadcasts, or an expression of the same shape, which is streamed. Errors: those of `at`; a
   * `ReadOnlyError`; a `ShapeError`; nothing is written then.
   */
  set(...indexAndValue: readonly [...index: IndexItem[], value: ArrayLike | Lazy]): void {
    const mapping = checked(this.#mapping);
    if (mapping.mode === "r")
      throw new ReadOnlyError(`assignment destination is read-only: ${mapping.name} is mapped with mode "r"`);
    if (indexAndValue.length < 2)
      throw new ArgumentError('set takes an index, then the value: m.set("...", 5) writes all elements');
    const items = indexAndValue.slice(0, -1) as readonly IndexItem[], // all but the last are items of the index
      value = indexAndValue[indexAndValue.length - 1] as ArrayLike | Lazy,
      layout = this.#select(items, "set");
    if (value instanceof Lazy) return this.#stream(layout, value);
    if (isScalar(value)) checkElement(value, this.#descr.code);
    if (isScalar(value) && sizeOfShape(layout.shape) === 1) return this.#setOne(layout, value);
    this.#assign(layout, value);
  }

  /**
   * Reads blocks of at most `n` elements (65,536) in row-major order, as arrays of as many axes. Each is disposed when the
   * next is asked for: copy what is to stay.
   */
  *blocks(n = 65_536): Generator<NDArray<D>, void, undefined> {
    atMost(1, arguments.length, "blocks(n)");
    checked(this.#mapping);
    if (!Number.isInteger(n) || n < 1)
      throw new ValueError(`a block has a whole number of elements above 0, not ${shown(n)}`);
    const { shape } = this.#layout,
      { below, step } = cutAt(shape, n);
    for (let first = 0; first < this.size; ) {
      for (const part of partsOf(shape, first, Math.min(this.size, first + below * step))) {
        using work = new Temporaries("blocks");
        const block = work.use(make(part.shape, this.#descr, "blocks", "host-boundary"));
        this.#node.feed(part.first, block.size, block.buffer.pointer);
        yield block;
        first = part.first + sizeOfShape(part.shape);
      }
    }
  }

  /**
   * Reads the elements into an array: its bytes, and no scratch. Returns a copy, or `out`. Errors: those of a lazy
   * expression's `evaluate`, and a `FileError`.
   */
  override evaluate(): NDArray<D>;
  override evaluate<O extends DType>(options: { out: NDArray<O> }): NDArray<O>;
  override evaluate(options?: EvaluateOptions): NDArray;
  override evaluate(options?: EvaluateOptions): NDArray {
    atMost(1, arguments.length, "evaluate()");
    if (options !== undefined) return super.evaluate(options);
    checked(this.#mapping);
    using work = new Temporaries("evaluate");
    const out = work.use(make(this.#layout.shape, this.#descr, "evaluate", "host-boundary"));
    this.#node.feed(0, out.size, out.buffer.pointer);
    close("evaluate", [], out);
    return work.release(out) as unknown as NDArray; // of whatever dtype
  }

  /** Writes what was written to the disk; after that a kill of the process loses nothing of it. */
  flush(): void {
    atMost(0, arguments.length, "flush()");
    checked(this.#mapping).pages.flush();
  }

  /** Flushes, and closes the file. A second call does nothing. */
  close(): void {
    atMost(0, arguments.length, "close()");
    const mapping = this.#mapping;
    if (!mapping.open) return;
    if (mapping.mode !== "r") mapping.pages.flush();
    mapping.end();
    mapping.pages.close();
  }

  /** What `using` calls at the end of its block: `close`. */
  [Symbol.dispose](): void {
    this.close();
  }

  override toString(): string {
    atMost(0, arguments.length, "toString()");
    const { name, mode, open } = this.#mapping,
      what = `${this.dtype} [${this.#layout.shape.join(", ")}], ${formatBytes(this.nbytes)} of ${name}`;
    return open
      ? `mapped array ${what}, mode ${mode}, ${formatBytes(this.stats.cached)} in memory`
      : `closed mapped array ${what}`;
  }

  #select(index: readonly IndexItem[], op: string): Layout {
    using work = new Temporaries(op);
    const { shape, strides, offset } = this.#layout,
      s = selectOf(shape, strides, offset, index, work);
    if (s.picked.length > 0)
      throw new IndexError(`${op} of a mapped array takes integers and slices: evaluate() reads it into an array`);
    return s;
  }

  #store(layout: Layout, first: number, n: number, at: number): void {
    const { pages } = checked(this.#mapping);
    eachRun(layout, this.#descr.itemsize, first, n, (to, nbytes, done) => pages.store(to, at + done, nbytes));
  }

  #setOne(layout: Layout, value: ScalarLike): void {
    const at = slot(slots.result);
    writeElement(this.#descr.code, at, value);
    this.#store(layout, 0, 1, at);
  }

  // Block by block, each made in one array of scratch.
  #assign(layout: Layout, value: ArrayLike): void {
    using work = new Temporaries("set");
    const x = work.array(value, isScalar(value) ? this.dtype : undefined),
      strides = assignedStrides(shapeOf(x), stridesOf(x), layout.shape);
    if (strides === null)
      throw new ShapeError(
        `could not broadcast input array from shape ${shapeText(shapeOf(x))} into shape ${shapeText(layout.shape)}`,
      );
    const size = sizeOfShape(layout.shape),
      room = work.use(make([Math.min(size, BLOCK)], this.#descr, "set", "host-boundary"));
    for (let first = 0; first < size; first += BLOCK) {
      for (const part of partsOf(layout.shape, first, Math.min(size, first + BLOCK))) {
        live(x);
        const offset = part.start.reduce((at, index, k) => at + index * strides[k], x.offset),
          from = work.use(viewOf(x, x.descr, part.shape, strides, offset)),
          block = work.use(viewOf(room, this.#descr, part.shape, rowMajor(part.shape, this.itemsize), 0));
        copyInto(block, from);
        this.#store(layout, part.first, block.size, room.buffer.pointer);
        work.drop(from);
        work.drop(block);
      }
    }
  }

  #stream(layout: Layout, value: Lazy): void {
    if (shapeText(value.shape) !== shapeText(layout.shape))
      throw new ShapeError(
        `could not broadcast input array from shape ${shapeText(value.shape)} into shape ${shapeText(layout.shape)}`,
      );
    if (!canCast(value.dtype, this.dtype, "same_kind"))
      throw new DTypeError(
        `Cannot cast array data from dtype('${value.dtype}') to dtype('${this.dtype}') according to the rule 'same_kind'`,
      );
    refuseShifted(nodeIn(value), this.#mapping, layout);
    const size = sizeOfShape(layout.shape);
    inPieces(castTo(value, this.#descr), "set", (pieces) => {
      for (let first = 0; first < size; first += BLOCK) {
        const n = Math.min(BLOCK, size - first);
        this.#store(layout, first, n, pieces(first, n));
      }
    });
  }
}

// What is read of the file while it is written must lie just where it is written.
function refuseShifted(node: unknown, mapping: Mapping, layout: Layout): void {
  if (node instanceof MappedNode && node.mapping === mapping && !sameLayout(node.layout, layout))
    throw new ValueError("the expression reads other elements of the file than it is written to: evaluate() it first");
  if (node instanceof Applied) for (const operand of node.operands) refuseShifted(operand, mapping, layout);
}

function sameLayout(a: Layout, b: Layout): boolean {
  return a.offset === b.offset && sameShape(a.shape, b.shape) && sameShape(a.strides, b.strides);
}
