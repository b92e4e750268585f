import { copyInto } from "../../array/convert.js";
import { addressOf } from "../../array/destination.js";
import { make, type NDArray, viewOf } from "../../array/ndarray.js";
import { Temporaries } from "../../array/temporaries.js";
import { type Descr, descrOf, dtypes } from "../../base/dtype.js";
import { type ParseError, ValueError } from "../../base/errors.js";
import { nearest, shown } from "../../base/shown.js";
import { writeElement } from "../../core/scalar.js";
import { Factors, MAKER } from "../../table/factorize.js";
import { type Column, Table } from "../../table/table.js";
import { type ColumnDType, type CsvPlan, checkApart } from "./csvOptions.js";
import { parseError, type Where } from "./dialect.js";
import { type ColumnKind, Scanner, type Target } from "./scanner.js";
import { elementOf, kindOf, OTHER, orMissing, SKIPPED } from "./values.js";

// The tables of a CSV file. What a column is nobody says, perhaps: it is taken for int64 until a field is none, and then
// for float64 (what is read is converted), bool (of the first field only) or strings (the chunk is read once more).

/** Rows of a chunk that room is made for at first, if nothing is known of the text. */
const ROOM = 65536;

/** A column while it is read. */
interface Reading {
  readonly name: string;
  readonly wanted: boolean;
  /** Whether its dtype was given. */
  readonly fixed: boolean;
  kind: ColumnDType;
  array: NDArray | null;
  codes: Int32Array | null;
  factors: Factors | null;
}

/** What is thrown to read the chunk once more: a column of it has become another. */
const AGAIN = Symbol("again");

/** A text that comes in pieces and goes in tables. */
export class Chunks implements Target {
  columns: readonly ColumnKind[] = [];
  fields = 0;
  moved = false;
  readonly alike = 0;
  readonly loose = false;
  readonly calls = false;
  /** How many rows the text has, its header too, if that is known; at most those of a chunk. */
  expected: number | null = null;
  readonly #work = new Temporaries("readCsv");
  readonly #scanner: Scanner;
  readonly #plan: CsvPlan;
  #skip: number;
  #readings: Reading[] | null = null;
  /** Rows that there is room for; 0 between two chunks. */
  #room = 0;
  /** Whether the dtypes may still change. */
  #open = true;
  /** Rows and records left out before this chunk. */
  #before = 0;
  #skippedBefore = 0;

  constructor(where: Where, plan: CsvPlan) {
    this.#scanner = new Scanner(plan.dialect, where, plan.skips);
    this.#plan = plan;
    this.#skip = plan.skip;
  }

  /** Records that were left out. */
  get skipped(): number {
    return this.#scanner.skipped;
  }

  /** Takes the next piece of the text. */
  add(piece: Uint8Array): void {
    this.#scanner.window.add(piece);
  }

  /** Says that there is no more. */
  end(): void {
    this.#scanner.window.end();
  }

  /** The next table; null if more text must come first, or none is left. */
  next(): Table | null {
    const scanner = this.#scanner;
    if (this.#readings === null && !this.#begin()) return null;
    for (;;) {
      if (this.#before > 0 && this.#room === 0 && !scanner.more()) return null;
      if (this.#room === 0) this.#start();
      const stop = this.#scan();
      if (stop === "more") return null;
      if (stop === "again") continue;
      if (stop === "full" && this.#room < this.#plan.rows) {
        this.#resize(Math.min(2 * this.#room, this.#plan.rows));
        continue;
      }
      // A file of no rows is an empty table, which has its columns.
      if (scanner.row === 0 && this.#before > 0) return null;
      if (scanner.row === 0) this.#before = 1;
      return this.#table();
    }
  }

  #scan(): "more" | "full" | "end" | "again" {
    try {
      return this.#scanner.scan(this, this.#room);
    } catch (error) {
      if (error !== AGAIN) throw error;
      this.#drop();
      this.#scanner.restart(this.#skippedBefore);
      this.#scanner.window.rewind();
      return "again";
    }
  }

  // Reads the names.
  #begin(): boolean {
    const scanner = this.#scanner,
      { header, names: given, columns, dtypes } = this.#plan;
    this.#skip = scanner.skipLines(this.#skip);
    if (this.#skip > 0) return false;
    const first = scanner.peek(true);
    if (first === null) return false;
    const names = given ?? (header ? first.texts : first.texts.map((_, i) => String(i)));
    if (names.length !== first.fields)
      throw parseError(scanner.where, `${names.length} names for ${first.fields} columns`, scanner.window.line);
    checkApart(names, (twice) =>
      parseError(scanner.where, `two columns are called ${shown(twice)}: pass names`, scanner.window.line),
    );
    for (const name of [...(columns ?? []), ...dtypes.keys()])
      if (!names.includes(name)) throw this.#unknown(name, names);
    if (header) scanner.pass(first);
    this.fields = names.length;
    this.#open = false;
    this.#readings = names.map((name): Reading => {
      const fixed = dtypes.has(name),
        wanted = columns?.includes(name) ?? true;
      this.#open ||= wanted && !fixed;
      return { name, wanted, fixed, kind: dtypes.get(name) ?? "int64", array: null, codes: null, factors: null };
    });
    return true;
  }

  #unknown(name: string, names: readonly string[]): ValueError {
    const meant = nearest(name, names),
      hint = meant === undefined ? `there are ${names.slice(0, 10).join(", ")}` : `did you mean '${meant}'?`;
    return new ValueError(`no column ${shown(name)} in ${this.#scanner.where.name}: ${hint}`);
  }

  // Begins a chunk.
  #start(): void {
    const { rows, header } = this.#plan,
      known = this.expected === null ? ROOM : this.expected - Number(header);
    this.#skippedBefore = this.#scanner.skipped;
    if (this.#open) this.#scanner.window.keep();
    this.#resize(Math.max(1, Math.min(rows, known)));
  }

  // Makes the columns, or makes them longer.
  #resize(rows: number): void {
    this.#room = rows;
    for (const reading of this.#readings!) {
      const { wanted, kind, array, codes } = reading;
      if (!wanted) continue;
      if (kind !== "category") reading.array = this.#anew(array, descrOf(kind), rows);
      else {
        reading.codes = new Int32Array(rows);
        if (codes !== null) reading.codes.set(codes);
        reading.factors ??= new Factors();
      }
    }
    this.#told();
  }

  // An array of so many rows, with those that are read.
  #anew(before: NDArray | null, descr: Descr, rows: number): NDArray {
    const out = this.#work.use(make([rows], descr, "readCsv", before === null ? "host-boundary" : "growth")),
      { row } = this.#scanner;
    if (before === null) return out;
    if (row > 0) {
      using to = viewOf(out, descr, [row], [descr.itemsize], 0);
      using from = viewOf(before, before.descr, [row], [before.itemsize], 0);
      copyInto(to, from);
    }
    this.#work.drop(before);
    return out;
  }

  // Tells the scan what the columns are.
  #told(): void {
    this.moved = true;
    const empties = this.#plan.missing.has("");
    this.columns = this.#readings!.map(({ wanted, kind }) => {
      if (!wanted) return SKIPPED;
      if (kind === "category") return OTHER;
      return empties ? orMissing(kindOf(dtypes[kind])) : kindOf(dtypes[kind]);
    });
  }

  #drop(): void {
    for (const reading of this.#readings!) {
      if (reading.array !== null) this.#work.drop(reading.array);
      reading.array = reading.codes = reading.factors = null;
    }
    this.#room = 0;
  }

  place(column: number): readonly [at: number, step: number] {
    const array = this.#readings![column].array!;
    return [addressOf(array), array.itemsize];
  }

  field(row: number, column: number, text: string, quoted: boolean): void {
    const reading = this.#readings![column],
      { kind } = reading,
      missing = this.#plan.missing.has(text.trim());
    if (kind === "category") {
      reading.codes![row] = missing && !quoted ? -1 : reading.factors!.code(text);
      return;
    }
    const descr: Descr = dtypes[kind];
    let value = missing && (descr.kind === "f" || descr.kind === "c") ? Number.NaN : elementIn(text, descr);
    if (reading.kind === "int64" && value === 0n && text.includes("-") && this.#widens(reading)) value = undefined;
    if (value === undefined) this.#unfit(row, column, text, missing);
    else writeElement(descr.code, addressOf(reading.array!) + row * descr.itemsize, value);
  }

  #widens({ fixed }: Reading): boolean {
    return this.#open && !fixed;
  }

  // A field that its column cannot hold: a wider dtype where that may still be chosen, an error that says what to pass.
  #unfit(row: number, column: number, text: string, missing: boolean): void {
    const reading = this.#readings![column],
      { name, kind } = reading,
      first = this.#before + row === 0;
    const wider = kind === "int64" ? widerThan(text, missing, first) : "category";
    if (!this.#widens(reading)) {
      const hint = reading.fixed ? "" : `; the first chunk had ${kind}: pass dtypes: { ${name}: '${wider}' }`;
      throw this.#scanner.failure(
        `could not convert string ${shown(text)} to ${kind} in column ${shown(name)}${hint}`,
        column,
      );
    }
    reading.kind = wider;
    if (wider === "category") throw AGAIN;
    reading.array = this.#anew(reading.array, dtypes[wider], this.#room);
    this.#told();
    this.field(row, column, text, false);
  }

  ragged(row: number, fields: number, line: number): ParseError {
    const where = `at row ${this.#before + row + 1}`;
    return parseError(this.#scanner.where, `Expected ${this.fields} fields, saw ${fields} ${where}`, line);
  }

  #table(): Table {
    const { row, window } = this.#scanner;
    if (this.#open) window.release();
    this.#open = this.#plan.each;
    this.#before += row;
    const columns = new Map<string, Column>();
    for (const reading of this.#readings!) if (reading.wanted) columns.set(reading.name, this.#column(reading, row));
    this.#room = 0;
    this.#scanner.row = 0;
    const { columns: order } = this.#plan;
    return new Table(order === null ? columns : new Map(order.map((name) => [name, columns.get(name)!])), MAKER);
  }

  // The last chunk is shorter: its columns are copied, so that they are no longer than their rows.
  #column(reading: Reading, rows: number): Column {
    const { array, codes, factors } = reading;
    reading.array = reading.codes = reading.factors = null;
    if (array === null) return factors!.categorical(codes!.subarray(0, rows), "readCsv");
    return this.#work.release(rows === this.#room ? array : this.#anew(array, array.descr, rows));
  }

  /** Gives up what was read. */
  [Symbol.dispose](): void {
    this.#work[Symbol.dispose]();
  }
}

function elementIn(text: string, descr: Descr): ReturnType<typeof elementOf> {
  if (descr.kind !== "b") return elementOf(text, descr);
  const word = text.trim().toLowerCase();
  return word === "true" ? true : word === "false" ? false : elementOf(text, descr);
}

// What a column of int64 becomes that has a field which is none. Digits that no float64 has stay as they are, a text.
function widerThan(text: string, missing: boolean, first: boolean): "bool" | "float64" | "category" {
  const inner = text.trim();
  if (missing) return "float64";
  if (first && /^(true|false)$/i.test(inner)) return "bool";
  const value = elementOf(inner, dtypes.float64);
  if (typeof value !== "number") return "category";
  if (!/^[+-]?\d+$/.test(inner)) return "float64";
  const exact = Number.isFinite(value) && BigInt(inner.replace("+", "")) === BigInt(value);
  return exact ? "float64" : "category";
}
