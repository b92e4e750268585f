import { copyInto } from "../../array/convert.js";
import { make, NDArray, viewOf } from "../../array/ndarray.js";
import { isPlain, takes } from "../../array/options.js";
import { Temporaries } from "../../array/temporaries.js";
import { type Descr, type DType, descrOf } from "../../base/dtype.js";
import { ArgumentError, DTypeError, ValueError } from "../../base/errors.js";
import { isList, shown } from "../../base/shown.js";
import { checkElement, isScalar, type ScalarLike } from "../../core/scalar.js";
import { MAKER } from "../../table/factorize.js";
import { Table } from "../../table/table.js";
import { Chunks } from "./chunks.js";
import { type CsvPlan, namesIn } from "./csvOptions.js";
import type { Dialect } from "./dialect.js";
import { cutAt, footOf, rowsIn } from "./lines.js";
import { loading, type Plan, shapeFor, unpacked } from "./loading.js";
import { type Converters, checkConverters, dialectOf, usecolsOf } from "./options.js";
import {
  checkText,
  isLateText,
  type LateTextSource,
  latePieces,
  nameOf,
  Prepared,
  piecesOf,
  type TextSource,
} from "./pieces.js";
import type { Lenient } from "./rows.js";

/** One value for all columns, one for each, or values by number or name of the column. */
export type ByColumn<T> = T | readonly T[] | Readonly<Record<string | number, T>>;

/** What `genfromtxt` takes; NumPy's names and defaults. */
export interface GenfromtxtOptions<D extends DType | null = DType | null> {
  /** The dtype of all columns; null: each column's is seen from its texts. */
  dtype?: D | undefined;
  /** The character between fields; null: any run of blanks. */
  delimiter?: string | null;
  comments?: string | readonly string[] | null;
  encoding?: string | null;
  /** Lines to leave out at the beginning, and records at the end. */
  skipHeader?: number;
  skipFooter?: number;
  /** The columns to read, by number or name. */
  usecols?: string | number | readonly (string | number)[] | null;
  /** The names of the columns, which make the result a table; true: they are in the first line, which may be a comment. */
  names?: true | string | readonly string[] | null;
  /** Texts that stand for missing values, beside the empty one. What is a number is none. */
  missingValues?: ByColumn<string> | null;
  /** What stands for missing values: NaN, -1 or false by default. */
  fillingValues?: ByColumn<ScalarLike> | null;
  converters?: Converters | null;
  /** Whether a text that is no element counts as missing; else it is an error. */
  loose?: boolean;
  /** Whether a line of another number of fields is an error; else it is left out. */
  invalidRaise?: boolean;
  maxRows?: number | null;
  unpack?: boolean;
  ndmin?: number;
}

const GENFROMTXT = takes("genfromtxt(source)", {
  dtype: "anything",
  delimiter: "string?",
  comments: "anything",
  encoding: "string?",
  skipHeader: "size",
  skipFooter: "size",
  usecols: "anything",
  names: "anything",
  missingValues: "anything",
  fillingValues: "anything",
  converters: "anything",
  loose: "boolean",
  invalidRaise: "boolean",
  maxRows: "size?",
  unpack: "boolean",
  ndmin: "size",
});

type Named = { names: true | string | readonly string[] };

/**
 * Reads numbers from a text that has missing values: as `loadtxt`, but what is empty or no number becomes NaN (-1 in
 * integers, false in bools), or what `fillingValues` says. With `names` it gives a table, which has those columns. NumPy
 * gives a structured array there. With `dtype: null` each column's dtype is seen: an array if all are the same, else a
 * table. Errors: a `ParseError` with file and line for another number of columns, unless `invalidRaise` is false.
 *
 * @example
 * genfromtxt(["1,2", "3,"], { delimiter: "," }).tolist() // 1,2,3,NaN
 */
export function genfromtxt(source: TextSource, options: GenfromtxtOptions & Named): Table;
export function genfromtxt(source: LateTextSource, options: GenfromtxtOptions & Named): Promise<Table>;
export function genfromtxt(source: TextSource, options: GenfromtxtOptions & { dtype: null }): NDArray<DType> | Table;
export function genfromtxt(
  source: LateTextSource,
  options: GenfromtxtOptions & { dtype: null },
): Promise<NDArray<DType> | Table>;
export function genfromtxt<D extends DType = "float64">(
  source: TextSource,
  options?: GenfromtxtOptions<D> & { names?: null | undefined },
): NDArray<D>;
export function genfromtxt<D extends DType = "float64">(
  source: LateTextSource,
  options?: GenfromtxtOptions<D> & { names?: null | undefined },
): Promise<NDArray<D>>;
export function genfromtxt(
  source: TextSource | LateTextSource,
  options?: GenfromtxtOptions,
): NDArray<DType> | Table | Promise<NDArray<DType> | Table> {
  const read = GENFROMTXT.read(options, arguments.length);
  const { dtype = "float64", names, skipFooter = 0, skipHeader = 0 } = read,
    dialect = dialectOf(read),
    lenient = new Leniency(read),
    asTable = dtype === null || (names !== undefined && names !== null);
  refuseTogether(read, asTable);
  const toArray = asTable ? null : arrayPlan(read, dialect, lenient),
    toTable = asTable ? tablePlan(read, dialect, lenient) : null,
    make = (text: Text): Made | Promise<Made> =>
      toTable === null ? loading(text, toArray!) : tableOf(text, toTable, read, lenient);
  checkText(source, "genfromtxt");
  if (skipFooter === 0) return make(source);
  const withoutFooter = (name: string, pieces: () => Iterable<Uint8Array>): Text => {
    const end = footOf(pieces(), dialect, skipHeader, skipFooter);
    return new Prepared(name, () => cutAt(pieces(), end));
  };
  if (!isLateText(source)) return make(withoutFooter(nameOf(source), () => piecesOf(source, "genfromtxt")));
  // The end must be known: a text that comes later is collected first.
  return collected(source).then((text) => make(withoutFooter(nameOf(source), () => text)));
}

type Text = TextSource | LateTextSource | Prepared;
type Made = NDArray<DType> | Table;

async function collected(source: LateTextSource): Promise<Uint8Array[]> {
  const pieces: Uint8Array[] = [];
  for await (const piece of latePieces(source, "genfromtxt")) pieces.push(piece.slice());
  return pieces;
}

// NumPy's, and what goes with arrays only.
function refuseTogether(
  { skipFooter = 0, maxRows, ndmin = 0, converters, names }: GenfromtxtOptions,
  asTable: boolean,
): void {
  if (maxRows === 0) throw new ValueError("'max_rows' must be at least 1.");
  if (skipFooter > 0 && maxRows !== null && maxRows !== undefined)
    throw new ValueError("The keywords 'skip_footer' and 'max_rows' can not be specified at the same time.");
  if (ndmin > 2) throw new ValueError(`Illegal value of ndmin keyword: ${ndmin}`);
  checkConverters(converters);
  if (asTable && converters !== null && converters !== undefined)
    throw new ArgumentError("converters are of arrays: a table's columns have none");
  const known = names === null || names === undefined || names === true || typeof names === "string" || isList(names);
  if (!known) throw new DTypeError(`names is true, a list of names, or one text of them, not ${shown(names)}`);
}

/** What becomes of what cannot be read. */
class Leniency implements Lenient {
  readonly loose: boolean;
  readonly skipsRagged: boolean;
  /** The names of the columns, once they are known. */
  names: readonly string[] = [];
  readonly #missing: (column: number, name: string) => unknown;
  readonly #filling: (column: number, name: string) => unknown;
  readonly #sets = new Map<number, ReadonlySet<string>>();
  constructor({ loose = true, invalidRaise = true, missingValues, fillingValues }: GenfromtxtOptions) {
    this.loose = loose;
    this.skipsRagged = !invalidRaise;
    this.#missing = byColumn(missingValues, (text) => typeof text === "string", "missingValues", "a string");
    this.#filling = byColumn(fillingValues, isScalar, "fillingValues", "a number");
  }

  missing(column: number): ReadonlySet<string> {
    let set = this.#sets.get(column);
    if (set === undefined) {
      const text = this.#missing(column, this.names[column]);
      set = new Set(text === undefined ? [""] : ["", ...(text as string).split(",").map((one) => one.trim())]); // as was checked
      this.#sets.set(column, set);
    }
    return set;
  }

  filling(column: number, { kind, code }: Descr): ScalarLike {
    const given = this.#filling(column, this.names[column]) as ScalarLike | undefined; // as was checked
    if (given === undefined) return kind === "b" ? false : kind === "f" || kind === "c" ? Number.NaN : -1;
    checkElement(given, code);
    return given;
  }
}

// What is given by column, as a function of the column. Errors: a `DTypeError` for what is not of the kind.
function byColumn(
  given: unknown,
  is: (value: unknown) => boolean,
  option: string,
  what: string,
): (column: number, name: string) => unknown {
  if (given === undefined || given === null) return () => undefined;
  const values = isList(given) ? given : isPlain(given) && !is(given) ? Object.values(given as object) : [given],
    wrong = values.find((value) => !is(value));
  if (wrong !== undefined)
    throw new DTypeError(`${option} is ${what}, a list or an object of them, which ${shown(wrong)} is not`);
  if (isList(given)) return (column) => given[column];
  if (values[0] === given) return () => given;
  const byName = given as Readonly<Record<string, unknown>>; // an object, as was asked
  return (column, name) => byName[name] ?? byName[column];
}

function arrayPlan(read: GenfromtxtOptions, dialect: Dialect, lenient: Lenient): Plan {
  return {
    op: "genfromtxt",
    dialect,
    descr: descrOf(read.dtype ?? "float64"),
    usecols: usecolsOf(read.usecols),
    converters: read.converters,
    skip: read.skipHeader ?? 0,
    most: read.maxRows ?? null,
    ndmin: read.ndmin ?? 0,
    unpack: read.unpack ?? false,
    lenient,
  };
}

function tablePlan(read: GenfromtxtOptions, dialect: Dialect, lenient: Lenient): CsvPlan {
  const { names, dtype = "float64" } = read;
  return {
    dialect,
    rows: read.maxRows ?? Number.POSITIVE_INFINITY,
    columns: columnsOf(read.usecols),
    dtypes: new Map(),
    dtype: dtype === null ? null : descrOf(dtype).name,
    missing: new Set(),
    header: names === true ? "line" : null,
    prefix: "f",
    names:
      names === true
        ? null
        : namesIn(typeof names === "string" ? names.split(",").map((name) => name.trim()) : names, "names"),
    skip: read.skipHeader ?? 0,
    each: false,
    skips: lenient.skipsRagged ? "ragged" : "none",
    lenient,
  };
}

function columnsOf(usecols: unknown): readonly (string | number)[] | null {
  const list = typeof usecols === "string" ? usecols.split(",").map((name) => name.trim()) : usecols;
  if (isList(list) && list.some((column) => typeof column === "string")) {
    const wrong = list.find((column) => typeof column !== "string" && !Number.isSafeInteger(column));
    if (wrong !== undefined) throw new DTypeError(`usecols has names and numbers, not ${shown(wrong)}`);
    return list as readonly (string | number)[]; // as was asked
  }
  return usecolsOf(list);
}

function tableOf(source: Text, plan: CsvPlan, read: GenfromtxtOptions, lenient: Leniency): Made | Promise<Made> {
  const chunks = new Chunks({ op: "genfromtxt", name: nameOf(source) }, plan, (names) => {
    lenient.names = names;
  });
  if (isLateText(source)) return lateTable(source, chunks, read);
  using job = chunks;
  job.expected = rowsIn(piecesOf(source, "genfromtxt"), plan.dialect, plan.skip, plan.rows + 1);
  for (const piece of piecesOf(source, "genfromtxt")) {
    job.add(piece);
    const table = job.next();
    if (table !== null) return finished(table, read);
  }
  return ended(job, read);
}

async function lateTable(source: LateTextSource, chunks: Chunks, read: GenfromtxtOptions): Promise<Made> {
  using job = chunks;
  for await (const piece of latePieces(source, "genfromtxt")) {
    job.add(piece);
    const table = job.next();
    if (table !== null) return finished(table, read);
  }
  return ended(job, read);
}

function ended(chunks: Chunks, read: GenfromtxtOptions): Made {
  chunks.end();
  return finished(chunks.next() ?? new Table(new Map(), MAKER), read);
}

// Without names columns of one dtype are an array.
function finished(table: Table, { names, unpack = false, ndmin = 0 }: GenfromtxtOptions): Made {
  const columns = table.columns.map((name) => table.at(name)),
    [first] = columns;
  if (names !== undefined && names !== null) return table;
  if (first === undefined) return make([0], descrOf("float64"), "genfromtxt"); // of a text of nothing
  if (!columns.every((column) => column instanceof NDArray && first instanceof NDArray && column.dtype === first.dtype))
    return table;
  using _ = table;
  using work = new Temporaries("genfromtxt");
  const { descr } = first as NDArray, // as was asked of all
    { itemsize } = descr,
    out = work.use(make(shapeFor(table.length, columns.length, ndmin), descr, "genfromtxt", "host-boundary"));
  for (const [i, column] of (columns as NDArray[]).entries()) {
    const place = work.use(viewOf(out, descr, [table.length], [columns.length * itemsize], i * itemsize));
    copyInto(place, column);
    work.drop(place);
  }
  return unpack && out.ndim === 2 ? unpacked(out) : work.release(out);
}
