import { addressOf } from "../../array/destination.js";
import { make, type NDArray, shapeOf, stridesOf, viewOf } from "../../array/ndarray.js";
import { takes } from "../../array/options.js";
import { Temporaries } from "../../array/temporaries.js";
import { type Descr, type DType, descrOf } from "../../base/dtype.js";
import { ValueError } from "../../base/errors.js";
import { sizeOfShape } from "../../base/layout.js";
import { memory } from "../../core/instance.js";
import type { Dialect } from "./dialect.js";
import { rowsIn } from "./lines.js";
import {
  type Converters,
  checkConverters,
  DIALECT,
  type DialectOptions,
  dialectOf,
  pickedOf,
  usecolsOf,
} from "./options.js";
import { isLateText, type LateTextSource, latePieces, nameOf, piecesOf, type TextSource } from "./pieces.js";
import { Rows } from "./rows.js";
import { Scanner } from "./scanner.js";

/** What `loadtxt` takes; NumPy's names and defaults. */
export interface LoadtxtOptions<D extends DType = DType> extends DialectOptions {
  dtype?: D | undefined;
  /** Lines to leave out at the beginning, comments and blank ones too. */
  skiprows?: number;
  /** The fields to read, from 0 on, in this order; negative ones count from the end. */
  usecols?: number | readonly number[] | null;
  /** Rows to read at most; blank lines and comments are none. */
  maxRows?: number | null;
  /** The least number of axes: 0, 1 or 2. */
  ndmin?: number;
  /** Whether to give the columns, as the rows of the result. */
  unpack?: boolean;
  /** Functions from a field's text to its value: one for all fields, or one by the number of its field. */
  converters?: Converters | null;
}

const LOADTXT = takes("loadtxt(source)", {
  dtype: "dtype?",
  ...DIALECT,
  skiprows: "size",
  usecols: "anything",
  maxRows: "size?",
  ndmin: "size",
  unpack: "boolean",
  converters: "anything",
});

/**
 * Reads numbers from a text, a row a line, into an array of `dtype`, float64 by default. `source` is a path, bytes,
 * `{ text }`, a list of lines; with a `Blob`, a `Response` or a stream it returns a promise. A string is a path. Axes of
 * length 1 are left out, as in NumPy. Where the text can be read twice its lines are counted first, and memory is the
 * array's alone; a stream's array grows. Every float64 is the one nearest to its decimal. Errors: a `ParseError` with
 * file, line and column for what is no number, for another number of columns and for quotes that are never closed; a
 * `FileError` for a path.
 */
export function loadtxt<D extends DType = "float64">(source: TextSource, options?: LoadtxtOptions<D>): NDArray<D>;
export function loadtxt<D extends DType = "float64">(
  source: LateTextSource,
  options?: LoadtxtOptions<D>,
): Promise<NDArray<D>>;
export function loadtxt<D extends DType = "float64">(
  source: TextSource | LateTextSource,
  options?: LoadtxtOptions<D>,
): NDArray<D> | Promise<NDArray<D>> {
  const read = LOADTXT.read(options, arguments.length),
    plan = planOf(read);
  if (isLateText(source)) return late(source, read, plan);
  using job = new Loading<D>(nameOf(source), read, plan);
  job.expected = rowsIn(piecesOf(source, "loadtxt"), plan.dialect, read.skiprows ?? 0, read.maxRows);
  for (const piece of piecesOf(source, "loadtxt")) if (job.feed(piece)) break;
  return job.finish();
}

async function late<D extends DType>(source: unknown, read: LoadtxtOptions<D>, plan: Plan): Promise<NDArray<D>> {
  using job = new Loading<D>(nameOf(source), read, plan);
  for await (const piece of latePieces(source, "loadtxt")) if (job.feed(piece)) break;
  return job.finish();
}

/** What the options say, checked before anything is read. */
interface Plan {
  readonly dialect: Dialect;
  readonly descr: Descr;
  readonly usecols: readonly number[] | null;
}

function planOf({ dtype = "float64", ndmin = 0, usecols, converters, ...rest }: LoadtxtOptions): Plan {
  if (ndmin > 2) throw new ValueError(`Illegal value of ndmin keyword: ${ndmin}`);
  checkConverters(converters);
  return { dialect: dialectOf(rest), descr: descrOf(dtype), usecols: usecolsOf(usecols) };
}

/** An array that is being read. */
class Loading<D extends DType> {
  /** How many rows there will be, if that is known. */
  expected: number | null = null;
  readonly #work = new Temporaries("loadtxt");
  readonly #scanner: Scanner;
  readonly #options: LoadtxtOptions<D>;
  readonly #plan: Plan;
  #skip: number;
  #target: Rows | null = null;
  #columns = 0;
  #room = 0;
  #out: NDArray | null = null;

  constructor(name: string, options: LoadtxtOptions<D>, plan: Plan) {
    this.#scanner = new Scanner(plan.dialect, { op: "loadtxt", name });
    this.#options = options;
    this.#plan = plan;
    this.#skip = options.skiprows ?? 0;
  }

  /** Reads a piece of the text; true if nothing more is wanted. */
  feed(piece: Uint8Array): boolean {
    this.#scanner.window.add(piece);
    return this.#read();
  }

  #read(): boolean {
    const { maxRows } = this.#options;
    this.#skip = this.#scanner.skipLines(this.#skip);
    if (this.#skip > 0) return false;
    if (maxRows === 0) return true;
    if (this.#target === null && !this.#begin()) return false;
    while (this.#scanner.scan(this.#target!, this.#room) === "full") {
      if (this.#room === maxRows) return true;
      this.#resize(Math.max(this.#room + 1, Math.ceil(this.#room * 1.5)));
    }
    return false;
  }

  // Learns from the first record how many columns there are.
  #begin(): boolean {
    const record = this.#scanner.peek();
    if (record === null) return false;
    const { usecols, descr } = this.#plan,
      picked = pickedOf(usecols, this.#options.converters, record.fields);
    this.#columns = picked.from?.length ?? picked.fields;
    this.#resize(this.expected ?? 1024);
    const { itemsize } = descr,
      row = this.#columns * itemsize;
    this.#target = new Rows(this.#scanner, descr, picked, () => [addressOf(this.#out!), row, itemsize]);
    return true;
  }

  // Makes the array anew, for so many rows; those that are read are copied.
  #resize(rows: number): void {
    const { maxRows } = this.#options,
      { descr } = this.#plan,
      before = this.#out;
    this.#room = Math.max(1, maxRows === null || maxRows === undefined ? rows : Math.min(rows, maxRows));
    const shape = this.#shape(this.#room),
      out = this.#work.use(make(shape, descr, "loadtxt", before === null ? "host-boundary" : "growth"));
    if (before !== null) {
      const nbytes = Math.min(this.#scanner.row * this.#columns, sizeOfShape(shape)) * descr.itemsize;
      new Uint8Array(memory.buffer).copyWithin(addressOf(out), addressOf(before), addressOf(before) + nbytes);
      this.#work.drop(before);
    }
    this.#out = out;
  }

  #shape(rows: number): number[] {
    const { ndmin = 0 } = this.#options,
      columns = this.#columns;
    if (ndmin === 2) return [rows, columns];
    const squeezed = [rows, columns].filter((n) => n !== 1);
    return squeezed.length === 0 && ndmin === 1 ? [1] : squeezed;
  }

  /** The array, once the text has ended or nothing more is wanted. */
  finish(): NDArray<D> {
    const { window } = this.#scanner;
    window.end();
    this.#read();
    if (this.#target === null) this.#columns = this.#plan.usecols?.length ?? 1;
    const { row } = this.#scanner;
    if (this.#out === null) this.#out = this.#work.use(make(this.#emptyShape(), this.#plan.descr, "loadtxt"));
    else if (row < this.#room) this.#trim(row);
    const out = this.#out as unknown as NDArray<D>; // the dtype is the one that was asked for
    if (this.#options.unpack !== true || out.ndim < 2) return this.#work.release(out);
    return viewOf(out, out.descr, [...shapeOf(out)].reverse(), [...stridesOf(out)].reverse(), 0);
  }

  #emptyShape(): number[] {
    const columns = this.#columns;
    return columns === 1 && this.#options.ndmin !== 2 ? [0] : [0, columns];
  }

  #trim(rows: number): void {
    this.#room = rows;
    const { maxRows } = this.#options;
    if (rows > 0 && maxRows !== 0) this.#resize(rows);
  }

  /** Gives up what was read, unless it is finished. */
  [Symbol.dispose](): void {
    this.#work[Symbol.dispose]();
  }
}
