import { type ArrayLike, array, tolist } from "../array/convert.js";
import { live, NDArray, refuseStranger, shapeOf, stridesOf, viewOf } from "../array/ndarray.js";
import { takes } from "../array/options.js";
import { Temporaries } from "../array/temporaries.js";
import type { DType } from "../base/dtype.js";
import { ArgumentError, DTypeError, ShapeError, ValueError } from "../base/errors.js";
import { plain } from "../base/plain.js";
import { isList, nearest, printAsText, shown } from "../base/shown.js";
import { readElement } from "../core/element.js";
import { compress, type Indices, take } from "../indexing/picking.js";
import { argsort } from "../sorting/order.js";
import { Categorical, type CodeDType, factorize, MAKER } from "./factorize.js";
import { columnsOfRows, type Row } from "./rows.js";

export type { Row } from "./rows.js";

/** A column: numbers, or strings as codes and categories. */
export type Column = NDArray<DType> | Categorical;

/** What a column is made of. */
export type ColumnLike = Column | ArrayLike | readonly (string | null)[];

const TABLE = takes("table(columns)"),
  SORT_BY = takes("sortBy(name)", { descending: "boolean" });

/** How many rows are printed from either end of a table that is too long. */
const SHOWN = 5;

/**
 * A table: columns by name, each a packed array of one axis, all of one length. `select` and `head` give tables of views,
 * `rows` and `sortBy` copies.
 */
export class Table {
  readonly #columns: ReadonlyMap<string, Column>;
  /** The number of rows. */
  readonly length: number;
  /** @internal Made by `table` and `readCsv`. */
  constructor(columns: ReadonlyMap<string, Column>, maker: typeof MAKER) {
    if (maker !== MAKER) throw new ArgumentError("tables are made by table(columns) and readCsv, not by new Table");
    this.#columns = columns;
    const [first] = columns.values();
    this.length = first === undefined ? 0 : lengthOf(first);
  }

  /** The names of the columns. */
  get columns(): string[] {
    return [...this.#columns.keys()];
  }

  /** The dtypes by name; `category` for strings. */
  get dtypes(): Record<string, DType | "category"> {
    const dtypes: Record<string, DType | "category"> = {};
    for (const [name, column] of this.#columns)
      dtypes[name] = column instanceof Categorical ? "category" : column.dtype;
    return dtypes;
  }

  /** Bytes of all columns. */
  get nbytes(): number {
    let sum = 0;
    for (const column of this.#columns.values()) sum += column.nbytes;
    return sum;
  }

  /** A column. Errors: a `ValueError` for a name that there is not. */
  at(name: string): Column {
    const column = this.#columns.get(name);
    if (column !== undefined) return column;
    const meant = nearest(String(name), this.columns);
    throw new ValueError(
      `no column ${shown(name)}: ${meant === undefined ? `there are ${this.columns.slice(0, 10).join(", ")}` : `did you mean '${meant}'?`}`,
    );
  }

  /** The column of a name, which holds numbers. Errors: a `DTypeError` for strings. */
  array(name: string): NDArray<DType> {
    const column = this.at(name);
    if (column instanceof NDArray) return column;
    throw new DTypeError(`column '${name}' holds strings: table.at('${name}').codes are its codes`);
  }

  /** A table of some columns, in this order. Its columns are views. */
  select(names: readonly string[]): Table {
    return this.#map(names, (column) => cut(column, this.length));
  }

  /** The first rows, five if not told. The columns are views. */
  head(count = 5): Table {
    if (!(Number.isInteger(count) && count >= 0))
      throw new ValueError(`head takes a number of rows, not ${shown(count)}`);
    return this.#map(this.columns, (column) => cut(column, Math.min(count, this.length)));
  }

  /** The rows where a mask is true, or those at integers. The columns are copies. */
  rows(which: ArrayLike): Table {
    using work = new Temporaries("rows");
    const given = work.array(which);
    if (given.dtype !== "bool")
      return this.#map(this.columns, (column) => each(column, (a) => take(a, which as Indices, 0))); // take refuses what is none
    if (given.size !== this.length)
      throw new ShapeError(`a mask of ${given.size} elements does not fit a table of ${this.length} rows`);
    return this.#map(this.columns, (column) => each(column, (a) => compress(given, a, 0)));
  }

  /** The rows in the order of a column; those that are equal stay in theirs. The columns are copies. */
  sortBy(name: string, options?: { descending?: boolean }): Table {
    const { descending = false } = SORT_BY.read(options, arguments.length),
      column = this.at(name);
    using keys = column instanceof Categorical ? ranksOf(column) : cut(column, this.length);
    using order = argsort(keys, 0, { stable: true });
    if (!descending || this.length === 0) return this.rows(order);
    using turned = viewOf(order, order.descr, [this.length], [-4], 4 * (this.length - 1));
    return this.rows(turned);
  }

  #map(names: readonly string[], make: (column: Column) => Column): Table {
    const columns = new Map<string, Column>();
    for (const name of names) columns.set(name, make(this.at(name)));
    return new Table(columns, MAKER);
  }

  /** A row as an object. */
  row(index: number): Row {
    const row: Record<string, unknown> = {};
    for (const [name, column] of this.#columns) row[name] = valueAt(column, index);
    return row;
  }

  /** All rows as objects: numbers, bigints, bools, complex numbers, strings and null. */
  toRows(): Row[] {
    return Array.from({ length: this.length }, (_, i) => this.row(i));
  }

  /** The rows as objects; 64-bit integers are strings of digits, as JSON keeps them. */
  toJSON(): Row[] {
    return Array.from({ length: this.length }, (_, i) => {
      const row: Record<string, unknown> = {};
      for (const [name, column] of this.#columns) {
        const value = valueAt(column, i);
        row[name] = typeof value === "bigint" ? String(value) : value;
      }
      return row;
    });
  }

  /** The rows as aligned text, the first and the last five of many. */
  toString(): string {
    const many = this.length > 2 * SHOWN + 2,
      shownRows = many
        ? [...Array(SHOWN).keys(), -1, ...Array.from({ length: SHOWN }, (_, i) => this.length - SHOWN + i)]
        : [...Array(this.length).keys()];
    const lines = [["", ...this.columns], ...shownRows.map((i) => this.#cells(i))];
    const widths = lines[0].map((_, k) => Math.max(...lines.map((line) => line[k].length)));
    const text = lines.map((line) =>
      line
        .map((cell, k) => cell.padStart(widths[k]))
        .join("  ")
        .trimEnd(),
    );
    return `${text.join("\n")}\n[${this.length} rows × ${this.columns.length} columns, ${this.nbytes} B]`;
  }

  #cells(i: number): string[] {
    if (i < 0) return ["…", ...this.columns.map(() => "…")];
    return [String(i), ...[...this.#columns.values()].map((column) => cellOf(valueAt(column, i)))];
  }

  /** Gives all columns up. */
  dispose(): void {
    for (const column of this.#columns.values()) column.dispose();
  }

  /** What `using` calls at the end of its block. */
  [Symbol.dispose](): void {
    for (const column of this.#columns.values()) column[Symbol.dispose]();
  }
}
printAsText(Table);

function cellOf(value: unknown): string {
  if (typeof value !== "object" || value === null) return plain(String(value));
  const { re, im } = value as { re: number; im: number }; // the only objects among elements
  return `${re}${im < 0 ? "" : "+"}${im}j`;
}

function lengthOf(column: Column): number {
  return column instanceof Categorical ? column.length : column.size;
}

/** The element of a column at a row; null for no string. @internal */
export function valueAt(column: Column, i: number): unknown {
  if (column instanceof Categorical) return column.item(i);
  live(column);
  return readElement(column.descr, column.address + i * stridesOf(column)[0]);
}

function each(column: Column, make: (a: NDArray<DType>) => NDArray<DType>): Column {
  if (!(column instanceof Categorical)) return make(column);
  return new Categorical(make(column.codes) as NDArray<CodeDType>, column.categories, MAKER); // picking keeps the dtype
}

function cut<C extends Column>(column: C, count: number): C {
  // `each` gives a column of the same kind.
  return each(column, (a) => viewOf(a, a.descr, [count], stridesOf(a), a.offset)) as C;
}

// Codes whose order is that of their strings; none is last.
function ranksOf({ codes, categories }: Categorical): NDArray<DType> {
  const order = [...categories.keys()].sort((a, b) => (categories[a] < categories[b] ? -1 : 1)),
    ranks = new Int32Array(categories.length);
  for (const [rank, code] of order.entries()) ranks[code] = rank;
  return array(Int32Array.from(tolist(codes) as number[], (code) => ranks[code] ?? categories.length)); // codes have one axis
}

/**
 * Makes a table of columns by name, or of rows as JSON has them. Arrays are not copied: the table has views of them. Lists
 * become arrays, lists of strings codes and categories (`factorize`). Errors: a `ShapeError` for columns of different
 * lengths, or of more than one axis.
 */
export function table(columns: Readonly<Record<string, ColumnLike>> | readonly Row[]): Table {
  TABLE.count(arguments.length);
  if (isList(columns)) return table(columnsOfRows(columns as readonly Row[]) as Record<string, ColumnLike>); // lists of one kind
  if (typeof columns !== "object" || columns === null)
    throw new ArgumentError(`table takes columns by name, or rows, not ${shown(columns)}`);
  refuseStranger(columns);
  const made = new Map<string, Column>();
  try {
    for (const [name, value] of Object.entries(columns as Record<string, ColumnLike>)) made.set(name, columnOf(value));
    let first: [string, number] | null = null;
    for (const [name, column] of made) {
      if (column instanceof NDArray && column.ndim !== 1)
        throw new ShapeError(`column '${name}' has ${column.ndim} axes, and a column has one`);
      first ??= [name, lengthOf(column)];
      if (lengthOf(column) !== first[1])
        throw new ShapeError(
          `columns have one length: '${first[0]}' has ${first[1]} rows, '${name}' ${lengthOf(column)}`,
        );
    }
    return new Table(made, MAKER);
  } catch (error) {
    for (const column of made.values()) column.dispose();
    throw error;
  }
}

function columnOf(value: ColumnLike): Column {
  if (value instanceof Categorical) return cut(value, value.length);
  if (value instanceof NDArray) return viewOf(value, value.descr, shapeOf(value), stridesOf(value), value.offset);
  const strings = isList(value) && value.some((item) => typeof item === "string");
  return strings ? factorize(value as readonly string[]) : array(value as ArrayLike);
}
