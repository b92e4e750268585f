import { live, make, NDArray, rawData, stridesOf } from "../array/ndarray.js";
import { takes } from "../array/options.js";
import { Temporaries } from "../array/temporaries.js";
import { type DType, descrOf } from "../base/dtype.js";
import { DTypeError, NDArrayError, ValueError } from "../base/errors.js";
import { shown } from "../base/shown.js";
import { unpackerOf } from "../columnar/codecs.js";
import type { Fill } from "../columnar/fill.js";
import { chosenNames } from "../columnar/names.js";
import { imported } from "../columnar/packages.js";
import { openRanges, type TableSource } from "../columnar/ranges.js";
import { MAKER } from "../table/factorize.js";
import { type Column, Table } from "../table/table.js";
import { columnOf, type Make } from "./columns.js";
import type { ArrowTable, Flechette } from "./flechette.js";
import { unlz4 } from "./lz4.js";
import { kindOf, nameOf } from "./types.js";
import { verify } from "./verify.js";

/** How Arrow is read. */
export interface ArrowOptions {
  /** The columns to read, in this order; all if not given. */
  columns?: readonly string[];
  /** What stands for missing values, by column: the column keeps its dtype then. */
  fill?: Fill;
}

const OPTIONS = { columns: "anything", fill: "anything" } as const;
const READ = takes("readArrow(source)", OPTIONS),
  BATCHES = takes("readArrowBatches(source)", OPTIONS),
  FROM = takes("fromArrow(table)", OPTIONS);

/** What is read of a file at a time, in JavaScript's heap. */
const PIECE = 2 ** 20;

/**
 * Reads an Arrow file or stream (IPC; Feather version 2) into a table. The file is read into engine memory, once, and a
 * column of numbers without nulls in one record batch is a view of it, as are the codes of a dictionary; so is nothing
 * copied of a file that is in an array of uint8 already. Other columns are copies: of several batches joined, with nulls,
 * bools, dates, strings. Dates and times are float64 milliseconds, decimals float64, what is missing NaN, unless `fill` says
 * what stands for it. Needs the package @uwdata/flechette. Errors: an `ImportError` without it; a `ValueError` for a file
 * that is damaged; a `DTypeError` that names a column of lists, structs or unions, unless `columns` leaves it out; a
 * `FileError` for a path that cannot be read.
 */
export async function readArrow(source: TableSource | NDArray<"uint8">, options?: ArrowOptions): Promise<Table> {
  const read = READ.read(options, arguments.length);
  using work = new Temporaries("readArrow");
  const file = await ArrowFile.open(source, work);
  return file.table(file.batches, read, work.op);
}

/**
 * Reads an Arrow file or stream by record batches: an async iterator of tables. Numbers without nulls are views of the
 * file, which stays in engine memory until the last of them is disposed. Errors: those of `readArrow`.
 */
export async function* readArrowBatches(
  source: TableSource | NDArray<"uint8">,
  options?: ArrowOptions,
): AsyncGenerator<Table, void, void> {
  const read = BATCHES.read(options, arguments.length);
  using work = new Temporaries("readArrowBatches");
  const file = await ArrowFile.open(source, work);
  for (const batch of file.batches) yield file.table([batch], read, work.op);
}

/** Makes a table of one of the package @uwdata/flechette. Returns a copy. Errors: those of `readArrow`. */
export function fromArrow(table: ArrowTable, options?: ArrowOptions): Table {
  const read = FROM.read(options, arguments.length);
  if (!Array.isArray(table?.children) || !Array.isArray(table.names))
    throw new DTypeError(
      `fromArrow takes a table of @uwdata/flechette, not ${shown(table)}: pass what else there is to readArrow as bytes`,
    );
  return new ArrowFile(table, null, "the table").table(null, read, "fromArrow");
}

class ArrowFile {
  readonly #table: ArrowTable;
  readonly #file: NDArray<DType> | null;
  readonly #name: string;
  readonly batches: readonly number[];
  constructor(table: ArrowTable, file: NDArray<DType> | null, name: string) {
    this.#table = table;
    this.#file = file;
    this.#name = name;
    const [first] = table.children;
    this.batches = (first?.data ?? []).map((_, i) => i);
  }

  static async open(source: TableSource | NDArray<"uint8">, work: Temporaries): Promise<ArrowFile> {
    const { op } = work;
    // What is named there is part of what flechette declares.
    const library = (await imported(
      op,
      "@uwdata/flechette",
      () => import("@uwdata/flechette"),
    )) as unknown as Flechette; // a part of what it declares
    const [file, name] = await loaded(source, work);
    try {
      // Engine memory may move while one waits: the bytes are asked for anew.
      await prepare(library, verify(rawData(file) as Uint8Array, name), op); // of uint8
      return new ArrowFile(library.tableFromIPC(rawData(file) as Uint8Array), file, name);
    } catch (error) {
      throw told(name, error);
    }
  }

  table(batches: readonly number[] | null, { columns, fill = {} }: ArrowOptions, op: string): Table {
    using work = new Temporaries(op);
    const { names, children } = this.#table,
      wanted = chosenNames(columns, names, `${op}: ${this.#name}`);
    chosenNames(Object.keys(fill), names, `${op}: ${this.#name}`);
    const made = new Map<string, Make>();
    try {
      for (const name of wanted) {
        const column = children[names.indexOf(name)];
        if (kindOf(column.type) === null) throw this.#unfit(name, op);
        const making = {
          name,
          file: this.#file!, // asked for where the elements lie in engine memory, which they do of a file alone
          where: this.#name,
          fill: fill[name],
          batches: batches ?? column.data.map((_, i) => i),
        };
        made.set(name, columnOf(column, making, work));
      }
    } catch (error) {
      throw told(this.#name, error);
    }
    const table = new Map<string, Column>();
    for (const [name, make] of made) table.set(name, make(work));
    for (const column of table.values()) work.release<DType>("codes" in column ? column.codes : column);
    return new Table(table, MAKER);
  }

  #unfit(name: string, op: string): DTypeError {
    const { names, children } = this.#table,
      others = names.filter((_, i) => kindOf(children[i].type) !== null).map(shown);
    return new DTypeError(
      `${op}: column ${shown(name)} of ${this.#name} has no dtype here (${nameOf(children[names.indexOf(name)].type)}); leave it out: columns: [${others.slice(0, 10).join(", ")}]`,
    );
  }
}

// The file in engine memory, and what errors call it.
async function loaded(
  source: TableSource | NDArray<"uint8">,
  work: Temporaries,
): Promise<readonly [NDArray<DType>, string]> {
  if (source instanceof NDArray) {
    live(source);
    if (source.dtype !== "uint8" || source.ndim !== 1 || stridesOf(source)[0] !== 1)
      throw new DTypeError(
        `${work.op} reads an array that holds a file: uint8 of one axis, packed, not ${source.dtype} of shape (${source.shape.join(", ")})`,
      );
    return [source, "this array"];
  }
  using ranges = await openRanges(source, work.op, "an Arrow file");
  const { size, name } = ranges;
  if (size === 0) throw new ValueError(`${name} is no Arrow file: it is empty`);
  const file = work.use(make([size], descrOf("uint8"), work.op, "host-boundary"));
  for (let at = 0; at < size; at += PIECE) {
    const piece = await ranges.read(at, Math.min(at + PIECE, size));
    rawData(file).set(piece, at);
  }
  return [file, name];
}

const LZ4 = 0,
  ZSTD = 1;

/** By how much Zstandard shrinks at most what is all alike; a block of its takes four bytes. */
const RATIO = 2 ** 17;

/** Sets what unpacks the buffers of files that are packed; what a program has set itself stays. */
async function prepare(library: Flechette, codecs: ReadonlySet<number>, op: string): Promise<void> {
  if (codecs.size === 0) return;
  const encode = (): never => {
    throw new ValueError("Arrow is written as it is, not packed");
  };
  const set = (id: number, unpack: (bytes: Uint8Array, size: number) => Uint8Array): void => {
    const decode = (bytes: Uint8Array): Uint8Array => {
      const size = sizeOf(bytes),
        made = unpack(bytes, size);
      if (made.length !== size) throw new ValueError(`a buffer of ${made.length} bytes, ${size} by its header`);
      // Elements are seen in it.
      return made.byteOffset % 8 === 0 ? made : made.slice();
    };
    if (library.getCompressionCodec(id) === null) library.setCompressionCodec(id, { encode, decode });
  };
  set(LZ4, unlz4);
  if (codecs.has(ZSTD) && library.getCompressionCodec(ZSTD) === null) set(ZSTD, await unpackerOf("ZSTD", op));
}

// The length of a packed buffer stands before it, and is not given with it.
function sizeOf({ buffer, byteOffset, length }: Uint8Array): number {
  const size = Number(new DataView(buffer, byteOffset - 8, 8).getBigInt64(0, true));
  if (size >= 0 && size <= length * RATIO) return size;
  throw new ValueError(`a buffer of ${size} bytes, packed in ${length}`);
}

// What a package throws is told in the library's way.
function told(name: string, cause: unknown): Error {
  if (cause instanceof NDArrayError) return cause;
  return new ValueError(`${name} is no Arrow file, or damaged: ${String((cause as Error | null)?.message)}`, { cause });
}
