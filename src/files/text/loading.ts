import { addressOf } from "../../array/destination.js";
import { make, type NDArray, shapeOf, stridesOf, viewOf } from "../../array/ndarray.js";
import { Temporaries } from "../../array/temporaries.js";
import type { Descr, DType } from "../../base/dtype.js";
import { sizeOfShape } from "../../base/layout.js";
import { memory } from "../../core/instance.js";
import type { Dialect } from "./dialect.js";
import { rowsIn } from "./lines.js";
import { type Converters, pickedOf } from "./options.js";
import {
  isLateText,
  type LateTextSource,
  latePieces,
  nameOf,
  type Prepared,
  piecesOf,
  type TextSource,
} from "./pieces.js";
import { type Lenient, Rows } from "./rows.js";
import { Scanner } from "./scanner.js";

/** How a text becomes an array, checked before anything is read. */
export interface Plan {
  readonly op: string;
  readonly dialect: Dialect;
  readonly descr: Descr;
  readonly usecols: readonly number[] | null;
  readonly converters: Converters | null | undefined;
  /** Lines to leave out, and rows to read at most. */
  readonly skip: number;
  readonly most: number | null;
  readonly ndmin: number;
  readonly unpack: boolean;
  /** What becomes of what cannot be read; null: an error. */
  readonly lenient: Lenient | null;
}

/** Reads a text into an array: at once, or in a promise where it comes later. */
export function loading<D extends DType>(
  source: TextSource | LateTextSource | Prepared,
  plan: Plan,
): NDArray<D> | Promise<NDArray<D>> {
  if (isLateText(source)) return late(source, plan);
  using job = new Loading<D>(nameOf(source), plan);
  job.expected = rowsIn(piecesOf(source, plan.op), plan.dialect, plan.skip, plan.most);
  for (const piece of piecesOf(source, plan.op)) if (job.feed(piece)) break;
  return job.finish();
}

async function late<D extends DType>(source: unknown, plan: Plan): Promise<NDArray<D>> {
  using job = new Loading<D>(nameOf(source), plan);
  for await (const piece of latePieces(source, plan.op)) if (job.feed(piece)) break;
  return job.finish();
}

/** An array that is being read. */
class Loading<D extends DType> {
  /** How many rows there will be, if that is known. */
  expected: number | null = null;
  readonly #work: Temporaries;
  readonly #scanner: Scanner;
  readonly #plan: Plan;
  #skip: number;
  #target: Rows | null = null;
  #columns = 0;
  #room = 0;
  #out: NDArray | null = null;

  constructor(name: string, plan: Plan) {
    this.#scanner = new Scanner(
      plan.dialect,
      { op: plan.op, name },
      plan.lenient?.skipsRagged === true ? "ragged" : "none",
    );
    this.#work = new Temporaries(plan.op);
    this.#plan = plan;
    this.#skip = plan.skip;
  }

  /** Reads a piece of the text; true if nothing more is wanted. */
  feed(piece: Uint8Array): boolean {
    this.#scanner.window.add(piece);
    return this.#read();
  }

  #read(): boolean {
    const { most } = this.#plan;
    this.#skip = this.#scanner.skipLines(this.#skip);
    if (this.#skip > 0) return false;
    if (most === 0) return true;
    if (this.#target === null && !this.#begin()) return false;
    while (this.#scanner.scan(this.#target!, this.#room) === "full") {
      if (this.#room === most) return true;
      this.#resize(Math.max(this.#room + 1, Math.ceil(this.#room * 1.5)));
    }
    return false;
  }

  // Learns from the first record how many columns there are.
  #begin(): boolean {
    const record = this.#scanner.peek();
    if (record === null) return false;
    const { usecols, descr, converters, lenient } = this.#plan,
      picked = pickedOf(usecols, converters, record.fields);
    this.#columns = picked.from?.length ?? picked.fields;
    this.#resize(this.expected ?? 1024);
    const { itemsize } = descr,
      row = this.#columns * itemsize;
    this.#target = new Rows(this.#scanner, descr, picked, () => [addressOf(this.#out!), row, itemsize], lenient);
    return true;
  }

  // Makes the array anew, for so many rows; those that are read are copied.
  #resize(rows: number): void {
    const { most, descr, op } = this.#plan,
      before = this.#out;
    this.#room = Math.max(1, most === null ? rows : Math.min(rows, most));
    const shape = shapeFor(this.#room, this.#columns, this.#plan.ndmin),
      out = this.#work.use(make(shape, descr, op, before === null ? "host-boundary" : "growth"));
    if (before !== null) {
      const nbytes = Math.min(this.#scanner.row * this.#columns, sizeOfShape(shape)) * descr.itemsize;
      new Uint8Array(memory.buffer).copyWithin(addressOf(out), addressOf(before), addressOf(before) + nbytes);
      this.#work.drop(before);
    }
    this.#out = out;
  }

  /** The array, once the text has ended or nothing more is wanted. */
  finish(): NDArray<D> {
    const { window } = this.#scanner;
    window.end();
    this.#read();
    if (this.#target === null) this.#columns = this.#plan.usecols?.length ?? 1;
    const { row } = this.#scanner;
    if (this.#out === null) this.#out = this.#work.use(make(this.#emptyShape(), this.#plan.descr, this.#plan.op));
    else if (row < this.#room) this.#trim(row);
    const out = this.#out as unknown as NDArray<D>; // the dtype is the one that was asked for
    return this.#plan.unpack && out.ndim === 2 ? unpacked(out) : this.#work.release(out);
  }

  #emptyShape(): number[] {
    const columns = this.#columns;
    return columns === 1 && this.#plan.ndmin !== 2 ? [0] : [0, columns];
  }

  #trim(rows: number): void {
    this.#room = rows;
    if (rows > 0 && this.#plan.most !== 0) this.#resize(rows);
  }

  /** Gives up what was read, unless it is finished. */
  [Symbol.dispose](): void {
    this.#work[Symbol.dispose]();
  }
}

/** The shape of so many rows and columns: axes of length 1 are left out, as far as `ndmin` lets them. */
export function shapeFor(rows: number, columns: number, ndmin: number): number[] {
  if (ndmin === 2) return [rows, columns];
  const squeezed = [rows, columns].filter((n) => n !== 1);
  return squeezed.length === 0 && ndmin === 1 ? [1] : squeezed;
}

/** The columns as rows. Returns a view. */
export function unpacked<D extends DType>(out: NDArray<D>): NDArray<D> {
  return viewOf(out, out.descr, [...shapeOf(out)].reverse(), [...stridesOf(out)].reverse(), 0);
}
