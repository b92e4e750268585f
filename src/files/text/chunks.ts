import { copyInto } from "../../array/convert.js";
import { addressOf } from "../../array/destination.js";
import { make, type NDArray, viewOf } from "../../array/ndarray.js";
import { Temporaries } from "../../array/temporaries.js";
import { type Descr, descrOf, dtypes } from "../../base/dtype.js";
import { type ParseError, ValueError } from "../../base/errors.js";
import { textOf } from "../../base/host.js";
import { nearest, shown } from "../../base/shown.js";
import { type ScalarLike, writeElement } from "../../core/scalar.js";
import { Factors, MAKER } from "../../table/factorize.js";
import { type Column, Table } from "../../table/table.js";
import { type ColumnDType, type CsvPlan, checkApart } from "./csvOptions.js";
import { type Dialect, NONE, parseError, type Where } from "./dialect.js";
import { raggedError } from "./rows.js";
import { type ColumnKind, Scanner, type Target } from "./scanner.js";
import { elementOf, floatOf, kindOf, looseElementOf, OTHER, orMissing, SKIPPED, truthOf } from "./values.js";

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
  /** The number that stands for a missing value, if there is one; of several the scan does not know. */
  readonly sentinel: number;
  readonly #several: boolean;
  /** How many rows the text has, its header too, if that is known; at most those of a chunk. */
  expected: number | null = null;
  readonly #work: Temporaries;
  readonly #scanner: Scanner;
  readonly #plan: CsvPlan;
  #skip: number;
  #readings: Reading[] | null = null;
  #line: string | null = null;
  #order: readonly string[] | null = null;
  /** Rows that there is room for; 0 between two chunks. */
  #room = 0;
  /** Whether the dtypes may still change. */
  #open = true;
  /** Rows and records left out before this chunk. */
  #before = 0;
  #skippedBefore = 0;

  constructor(
    where: Where,
    plan: CsvPlan,
    /** Is told the names of the columns when they are known. */
    readonly named: (names: readonly string[]) => void = () => {},
  ) {
    this.#scanner = new Scanner(plan.dialect, where, plan.skips);
    this.#work = new Temporaries(where.op);
    this.#plan = plan;
    this.#skip = plan.skip;
    const numbers = new Set([...plan.missing].map(floatOf).filter((x) => x !== undefined && !Number.isNaN(x)));
    this.#several = numbers.size > 1;
    this.sentinel = [...numbers][0] ?? Number.NaN;
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

  // Reads the names, and learns how many columns there are.
  #begin(): boolean {
    const scanner = this.#scanner,
      { header, names: given, prefix } = this.#plan;
    this.#skip = scanner.skipLines(this.#skip);
    if (this.#skip > 0) return false;
    if (this.#line === null && header === "line") {
      this.#line = scanner.line();
      if (this.#line === null) return false;
    }
    const first = header === "line" ? null : scanner.peek(true);
    if (header !== "line" && first === null) return false;
    const told = first === null ? namesOf(this.#line!, this.#plan.dialect) : first.texts,
      names = given ?? (header === null ? told.map((_, i) => `${prefix}${i}`) : told),
      { line } = scanner.window;
    if (names.length !== told.length)
      throw parseError(scanner.where, `${names.length} names for ${told.length} columns`, line);
    checkApart(names, (twice) => parseError(scanner.where, `two columns are called ${shown(twice)}: pass names`, line));
    if (header === "record") scanner.pass(first!);
    this.#name(names);
    return true;
  }

  #name(names: readonly string[]): void {
    const { columns, dtypes, dtype } = this.#plan,
      order = columns?.map((column) => this.#nameOf(column, names)) ?? null;
    for (const name of dtypes.keys()) this.#nameOf(name, names);
    this.named(names);
    this.fields = names.length;
    this.#order = order;
    this.#open = false;
    this.#readings = names.map((name): Reading => {
      const known = dtypes.get(name) ?? dtype,
        wanted = order?.includes(name) ?? true;
      this.#open ||= wanted && known === null;
      return { name, wanted, fixed: known !== null, kind: known ?? "int64", array: null, codes: null, factors: null };
    });
  }

  #nameOf(column: string | number, names: readonly string[]): string {
    if (typeof column === "string") {
      if (names.includes(column)) return column;
      throw this.#unknown(column, names);
    }
    const name = names.at(column);
    if (name !== undefined) return name;
    throw new ValueError(`invalid column index ${column} at row 1 with ${names.length} columns`);
  }

  #unknown(name: string, names: readonly string[]): ValueError {
    const meant = nearest(name, names),
      hint = meant === undefined ? `there are ${names.slice(0, 10).join(", ")}` : `did you mean '${meant}'?`;
    return new ValueError(`no column ${shown(name)} in ${this.#scanner.where.name}: ${hint}`);
  }

  // Begins a chunk.
  #start(): void {
    const { rows, header } = this.#plan,
      known = this.expected === null ? ROOM : this.expected - Number(header !== null);
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
    const out = this.#work.use(make([rows], descr, this.#work.op, before === null ? "host-boundary" : "growth")),
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
    const { lenient, missing } = this.#plan,
      empties = lenient === null && missing.has("");
    this.columns = this.#readings!.map(({ wanted, kind }) => {
      if (!wanted) return SKIPPED;
      if (kind === "category" || this.#several) return OTHER;
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
      missing = this.#isMissing(text, column);
    if (kind === "category") {
      reading.codes![row] = missing && !quoted ? -1 : reading.factors!.code(text);
      return;
    }
    const descr: Descr = dtypes[kind],
      value = this.#valueOf(text, reading, column, descr, missing);
    if (value === undefined) this.#unfit(row, column, text, missing);
    else writeElement(descr.code, addressOf(reading.array!) + row * descr.itemsize, value);
  }

  #isMissing(text: string, column: number): boolean {
    const { missing, lenient } = this.#plan,
      inner = text.trim();
    return lenient === null ? missing.has(inner) : inner === "" || lenient.missing(column).has(inner);
  }

  #valueOf(text: string, reading: Reading, column: number, descr: Descr, missing: boolean): ScalarLike | undefined {
    const { lenient } = this.#plan;
    if (lenient !== null) {
      const value = looseElementOf(text, descr);
      if (value === null && reading.fixed)
        throw this.#scanner.failure(`Python integer ${text.trim()} out of bounds for ${descr.name}`, column);
      if (value !== undefined && value !== null) return value;
      return missing || (lenient.loose && reading.fixed) ? lenient.filling(column, descr) : undefined;
    }
    if (missing) return descr.kind === "f" || descr.kind === "c" ? Number.NaN : undefined;
    const value = elementIn(text, descr);
    // A float keeps the sign of -0.
    return value === 0n && text.includes("-") && this.#widens(reading) ? undefined : value;
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
    if (this.#plan.lenient !== null) return raggedError(this.#scanner.where, fields, this.fields, line);
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
    const order = this.#order;
    return new Table(order === null ? columns : new Map(order.map((name) => [name, columns.get(name)!])), MAKER);
  }

  // The last chunk is shorter: its columns are copied, so that they are no longer than their rows.
  #column(reading: Reading, rows: number): Column {
    const { array, codes, factors } = reading;
    reading.array = reading.codes = reading.factors = null;
    if (array === null) return factors!.categorical(codes!.subarray(0, rows), this.#work.op);
    return this.#work.release(rows === this.#room ? array : this.#anew(array, array.descr, rows));
  }

  /** Gives up what was read. */
  [Symbol.dispose](): void {
    this.#work[Symbol.dispose]();
  }
}

function elementIn(text: string, descr: Descr): ReturnType<typeof elementOf> {
  return (descr.kind === "b" ? truthOf(text) : undefined) ?? elementOf(text, descr);
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

// The names in a line, which may be a comment.
function namesOf(line: string, { delimiter, comment, comments }: Dialect): string[] {
  const marks = comment === NONE ? comments.map(textOf) : [String.fromCharCode(comment)],
    mark = marks.find((mark) => line.includes(mark)),
    text = (mark === undefined ? line : line.split(mark).slice(1).join("")).trim();
  return delimiter === NONE ? text.split(/\s+/) : text.split(String.fromCharCode(delimiter)).map((name) => name.trim());
}
