import { addressOf } from "../../array/destination.js";
import { make, type NDArray } from "../../array/ndarray.js";
import { takes } from "../../array/options.js";
import { Temporaries } from "../../array/temporaries.js";
import { type Descr, type DType, descrOf, dtypes } from "../../base/dtype.js";
import { type ParseError, ValueError } from "../../base/errors.js";
import { shown } from "../../base/shown.js";
import { memory } from "../../core/instance.js";
import { writeElement } from "../../core/scalar.js";
import { Factors, MAKER } from "../../table/factorize.js";
import { type Column, Table } from "../../table/table.js";
import { parseError } from "./dialect.js";
import { dialectOf } from "./options.js";
import { checkText, type LateTextSource, latePieces, nameOf, type TextSource } from "./pieces.js";
import { type ColumnKind, Scanner, type Target } from "./scanner.js";
import { elementOf, kindOf, OTHER, SKIPPED } from "./values.js";

/** What `readCsv` takes. */
export interface CsvOptions {
  /** Rows of a chunk: 65,536. */
  chunkRows?: number;
  /** The columns to read, by name; all if not given. */
  columns?: readonly string[] | null;
  /** Dtypes by name; `category` for strings. What is not named is seen from the first chunk: int64, float64, bool or category. */
  dtypes?: Readonly<Record<string, DType | "category">>;
  /** The texts that stand for nothing: NaN in a float, no string in a category. */
  missing?: readonly string[];
  delimiter?: string;
  quote?: string | null;
  comments?: string | null;
  /** Whether the first record has the names; else columns are called `0`, `1`, … */
  header?: boolean;
  /** Whether records that cannot be read are errors, or left out. */
  onError?: "throw" | "skip";
}

const READ_CSV = takes("readCsv(source)", {
  chunkRows: "size",
  columns: "anything",
  dtypes: "anything",
  missing: "anything",
  delimiter: "string",
  quote: "string?",
  comments: "string?",
  header: "boolean",
  onError: "string",
});

const MISSING = ["", "NA", "N/A", "n/a", "#N/A", "NaN", "nan", "null", "NULL", "None"];

/**
 * Reads a CSV file in chunks: an async iterator of tables, each of at most `chunkRows` rows. Engine memory is that of one
 * chunk's columns if each table is disposed before the next is asked for. Errors: a `ParseError` with file, line and column.
 */
export function readCsv(source: TextSource | LateTextSource, options?: CsvOptions): AsyncGenerator<Table, void, void> {
  const read = READ_CSV.read(options, arguments.length),
    job = new Chunks(nameOf(source), read);
  checkText(source, "readCsv");
  return chunksIn(source, job);
}

async function* chunksIn(source: unknown, made: Chunks): AsyncGenerator<Table, void, void> {
  using job = made;
  for await (const piece of latePieces(source, "readCsv")) {
    job.add(piece);
    for (let chunk = job.next(); chunk !== null; chunk = job.next()) yield chunk;
  }
  job.end();
  for (let chunk = job.next(); chunk !== null; chunk = job.next()) yield chunk;
}

type Kind = DType | "category";

/** The kinds that are tried, from the narrowest to the widest. */
const WIDER: Readonly<Partial<Record<Kind, Kind>>> = { bool: "category", int64: "float64", float64: "category" };

class Chunks implements Target {
  columns: readonly ColumnKind[] = [];
  readonly alike = 0;
  fields = 0;
  readonly loose = false;
  readonly calls = false;
  readonly #work = new Temporaries("readCsv");
  readonly #scanner: Scanner;
  readonly #options: CsvOptions;
  readonly #missing: ReadonlySet<string>;
  readonly #rows: number;
  #names: readonly string[] | null = null;
  #kinds: Kind[] = [];
  #wanted: boolean[] = [];
  #arrays: (NDArray | null)[] = [];
  #codes: (Int32Array | null)[] = [];
  #factors: (Factors | null)[] = [];
  /** Whether the dtypes may still change. */
  #open = true;
  #changed = false;
  #begun = false;

  constructor(name: string, options: CsvOptions) {
    const {
      chunkRows = 65536,
      missing = MISSING,
      delimiter = ",",
      quote = '"',
      comments = null,
      onError = "throw",
    } = options;
    if (chunkRows < 1) throw new ValueError("chunkRows is at least 1");
    if (onError !== "throw" && onError !== "skip")
      throw new ValueError(`onError is 'throw' or 'skip', not ${shown(onError)}`);
    this.#scanner = new Scanner(
      dialectOf({ delimiter, comments, quotechar: quote }),
      { op: "readCsv", name },
      onError === "skip",
    );
    this.#options = options;
    this.#rows = chunkRows;
    this.#missing = new Set(missing);
  }

  add(piece: Uint8Array): void {
    this.#scanner.window.add(piece);
  }

  end(): void {
    this.#scanner.window.end();
  }

  /** The next table; null if more text must come first, or none is left. */
  next(): Table | null {
    const scanner = this.#scanner;
    if (this.#names === null && !this.#begin()) return null;
    for (;;) {
      if (!this.#begun) this.#room();
      const stop = scanner.scan(this, this.#rows);
      if (stop === "more") return null;
      if (this.#changed) {
        this.#again();
        continue;
      }
      if (scanner.row === 0) return null;
      return this.#table();
    }
  }

  // Reads the names, and guesses from the first record.
  #begin(): boolean {
    const scanner = this.#scanner,
      { header = true, columns, dtypes: given = {} } = this.#options;
    const first = scanner.peek(true);
    if (first === null) return false;
    const names = header ? [...first.texts] : first.texts.map((_, i) => String(i));
    if (header) scanner.pass(first);
    if (new Set(names).size < names.length) throw parseError(scanner.where, "a column's name comes twice", 1);
    for (const name of [...(columns ?? []), ...Object.keys(given)])
      if (!names.includes(name))
        throw new ValueError(`no column ${shown(name)}: ${scanner.where.name} has ${names.join(", ")}`);
    this.#names = names;
    this.fields = names.length;
    this.#wanted = names.map((name) => columns?.includes(name) ?? true);
    this.#kinds = names.map((name) => given[name] ?? "int64");
    scanner.window.keep();
    return true;
  }

  // Makes the columns of a chunk.
  #room(): void {
    this.#begun = true;
    this.#scanner.row = 0;
    this.#arrays = this.#kinds.map((kind, i) =>
      this.#wanted[i] && kind !== "category"
        ? this.#work.use(make([this.#rows], descrOf(kind) as Descr, "readCsv", "host-boundary"))
        : null,
    );
    this.#codes = this.#kinds.map((kind, i) =>
      this.#wanted[i] && kind === "category" ? new Int32Array(this.#rows) : null,
    );
    this.#factors = this.#codes.map((codes) => (codes === null ? null : new Factors()));
    this.columns = this.#kinds.map((kind, i) =>
      !this.#wanted[i] ? SKIPPED : kind === "category" ? OTHER : kindOf(dtypes[kind]),
    );
  }

  // Another dtype fits the first chunk: it is read once more.
  #again(): void {
    this.#drop();
    this.#changed = false;
    this.#scanner.window.rewind();
    this.#scanner.window.keep();
    this.#scanner.skipped = 0;
  }

  #drop(): void {
    for (const array of this.#arrays) if (array !== null) this.#work.drop(array);
    this.#arrays = [];
    this.#begun = false;
  }

  place(column: number): readonly [at: number, step: number] {
    const array = this.#arrays[column]!;
    return [addressOf(array), array.itemsize];
  }

  field(row: number, column: number, text: string, quoted: boolean): void {
    const kind = this.#kinds[column],
      missing = !quoted && this.#missing.has(text.trim());
    if (kind === "category") {
      this.#codes[column]![row] = missing ? -1 : this.#factors[column]!.code(text);
      return;
    }
    const descr: Descr = dtypes[kind],
      value = missing && descr.kind === "f" ? Number.NaN : this.#valueOf(text, descr);
    if (value !== undefined) writeElement(descr.code, addressOf(this.#arrays[column]!) + row * descr.itemsize, value);
    else this.#unfit(row, column, text);
  }

  #valueOf(text: string, descr: Descr): ReturnType<typeof elementOf> {
    if (descr.kind !== "b") return elementOf(text, descr);
    const word = text.trim().toLowerCase();
    return word === "true" ? true : word === "false" ? false : elementOf(text, descr);
  }

  // A field that its column cannot hold: a wider dtype where that may still be chosen, an error that says what to pass.
  #unfit(row: number, column: number, text: string): void {
    const name = this.#names![column],
      kind = this.#kinds[column],
      fixed = this.#options.dtypes?.[name] !== undefined;
    if (this.#open && !fixed) {
      const truth = /^(true|false)$/i.test(text.trim()) && row === 0 && kind === "int64";
      this.#kinds[column] = truth ? "bool" : (WIDER[kind] ?? "category");
      this.#changed = true;
      // What is left of this reading is thrown away: the column takes anything.
      this.#retire(column);
      return;
    }
    const hint = fixed ? "" : `; the first chunk had ${kind}: pass dtypes: { ${name}: '${WIDER[kind] ?? "category"}' }`;
    throw this.#scanner.failure(
      `could not convert string ${shown(text)} to ${kind} in column '${name}'${hint}`,
      column,
    );
  }

  #retire(column: number): void {
    if (this.#kinds[column] !== "category") return;
    this.#codes[column] ??= new Int32Array(this.#rows);
    this.#factors[column] ??= new Factors();
  }

  ragged(row: number, fields: number, line: number): ParseError {
    return parseError(this.#scanner.where, `Expected ${this.fields} fields, saw ${fields} at row ${row + 1}`, line);
  }

  #table(): Table {
    const { row } = this.#scanner;
    if (this.#open) this.#scanner.window.release();
    this.#open = false;
    const columns = new Map<string, Column>();
    for (const [i, name] of this.#names!.entries()) {
      if (!this.#wanted[i]) continue;
      const array = this.#arrays[i];
      columns.set(
        name,
        array === null
          ? this.#factors[i]!.categorical(this.#codes[i]!.subarray(0, row), "readCsv")
          : this.#whole(array, row),
      );
    }
    this.#arrays = [];
    this.#begun = false;
    this.#scanner.row = 0;
    return new Table(columns, MAKER);
  }

  // The last chunk is shorter: its columns are copied, so that they are no longer than their rows.
  #whole(array: NDArray, rows: number): NDArray {
    if (rows === this.#rows) return this.#work.release(array);
    const out = make([rows], array.descr, "readCsv", "growth"),
      from = addressOf(array);
    new Uint8Array(memory.buffer).copyWithin(addressOf(out), from, from + out.nbytes);
    this.#work.drop(array);
    return out;
  }

  /** Gives up what was read. */
  [Symbol.dispose](): void {
    this.#work[Symbol.dispose]();
  }
}
