import { isPlain, takes } from "../../array/options.js";
import { type DType, descrOf } from "../../base/dtype.js";
import { ArgumentError, DTypeError, ValueError } from "../../base/errors.js";
import { isList, shown } from "../../base/shown.js";
import type { Dialect } from "./dialect.js";
import { type DialectOptions, dialectOf } from "./options.js";
import type { Lenient } from "./rows.js";
import type { Skips } from "./scanner.js";

/** What a column holds: numbers of a dtype, or strings as codes and categories. */
export type ColumnDType = DType | "category";

/** What `readCsv` takes; the names are those of `loadtxt`. */
export interface CsvOptions extends DialectOptions {
  /** Rows of a chunk at most: 65,536. `Infinity`: the whole file. */
  chunkRows?: number;
  /** The columns to read, in this order; all if not given. */
  columns?: readonly string[] | null;
  /** Dtypes by name; `category` for strings. What is not named is seen from the first chunk: int64, float64, bool or category. */
  dtypes?: Readonly<Record<string, ColumnDType>> | null;
  /** The texts that stand for nothing where they are not quoted: NaN in a float, no string in a category. */
  missing?: readonly string[];
  /** Whether the first record has the names; else columns are called `0`, `1`, … */
  header?: boolean;
  /** The names of the columns, in place of those. */
  names?: readonly string[] | null;
  /** Lines to leave out at the beginning. */
  skiprows?: number;
  /** Whether the dtypes seen in the first chunk hold for the file, or each chunk may have wider ones. */
  infer?: "first" | "each";
  /** Whether records that cannot be read are errors, or left out and counted: `reader.skipped`. */
  onError?: "throw" | "skip";
}

const READ_CSV = takes("readCsv(source)", {
  chunkRows: "limit",
  columns: "anything",
  dtypes: "anything",
  missing: "anything",
  header: "boolean",
  names: "anything",
  skiprows: "size",
  infer: "string",
  onError: "string",
  // Null is no character here, where what is not given is the comma.
  delimiter: "anything",
  comments: "anything",
  quotechar: "anything",
  encoding: "string?",
});

/** The texts that are missing values where nothing else is said. */
export const MISSING: readonly string[] = ["", "NA", "N/A", "n/a", "#N/A", "NaN", "nan", "null", "NULL", "None"];

/** What the options say, checked before anything is read. */
export interface CsvPlan {
  readonly dialect: Dialect;
  readonly rows: number;
  /** By name, or by number. */
  readonly columns: readonly (string | number)[] | null;
  readonly dtypes: ReadonlyMap<string, ColumnDType>;
  /** The dtype of what those do not name; null: it is seen. */
  readonly dtype: ColumnDType | null;
  readonly missing: ReadonlySet<string>;
  /** Whether the names are in the text: in its first record, or in its first line, which may be a comment. */
  readonly header: "record" | "line" | null;
  readonly names: readonly string[] | null;
  /** What comes before the numbers of columns that have no name. */
  readonly prefix: string;
  readonly skip: number;
  readonly each: boolean;
  readonly skips: Skips;
  /** What becomes of what cannot be read; null: an error. */
  readonly lenient: Lenient | null;
}

/** Reads the options of `readCsv`. */
export function csvPlanOf(options: CsvOptions | undefined, count: number): CsvPlan {
  const read = READ_CSV.read(options, count),
    { chunkRows = 65536, delimiter = ",", comments = null, quotechar = '"', encoding } = read,
    { header = true, infer = "first", onError = "throw" } = read;
  if (chunkRows !== Number.POSITIVE_INFINITY && !(Number.isInteger(chunkRows) && chunkRows > 0))
    throw new ValueError(`chunkRows is a number of rows from 1 on, or Infinity, not ${shown(chunkRows)}`);
  return {
    dialect: dialectOf({ delimiter, comments, quotechar, encoding }),
    rows: chunkRows,
    columns: namesIn(read.columns, "columns"),
    dtypes: dtypesIn(read.dtypes),
    dtype: null,
    missing: new Set(textsIn(read.missing ?? MISSING, "missing")),
    header: header ? "record" : null,
    prefix: "",
    names: namesIn(read.names, "names"),
    skip: read.skiprows ?? 0,
    each: oneOf(infer, ["first", "each"], "infer") === "each",
    skips: oneOf(onError, ["throw", "skip"], "onError") === "skip" ? "all" : "none",
    lenient: null,
  };
}

function oneOf(value: string, words: readonly string[], name: string): string {
  if (words.includes(value)) return value;
  throw new ValueError(`${name} is ${words.map((word) => `'${word}'`).join(" or ")}, not ${shown(value)}`);
}

/** A list of strings. Errors: a `DTypeError` for anything else. */
export function textsIn(value: unknown, name: string): readonly string[] {
  if (!isList(value)) throw new DTypeError(`${name} is a list of strings, not ${shown(value)}`);
  const wrong = value.find((text) => typeof text !== "string");
  if (wrong !== undefined || value.includes(undefined))
    throw new DTypeError(`${name} is a list of strings, which ${shown(wrong)} is not`);
  return value as readonly string[]; // as was found
}

/** A list of names, none of them twice; null if there is none. */
export function namesIn(value: unknown, name: string): readonly string[] | null {
  if (value === undefined || value === null) return null;
  const texts = textsIn(value, name);
  checkApart(texts, (twice) => new ArgumentError(`${name} has ${shown(twice)} twice`));
  return texts;
}

/** Refuses names of which one comes twice. */
export function checkApart(names: readonly string[], error: (twice: string) => Error): void {
  const seen = new Set<string>();
  for (const name of names) {
    if (seen.has(name)) throw error(name);
    seen.add(name);
  }
}

function dtypesIn(value: unknown): ReadonlyMap<string, ColumnDType> {
  if (value === undefined || value === null) return new Map();
  if (!isPlain(value)) throw new DTypeError(`dtypes is an object of dtypes by name, not ${shown(value)}`);
  return new Map(
    Object.entries(value as object).map(([name, dtype]: [string, unknown]) => [
      name,
      dtype === "category" ? dtype : descrOf(dtype as DType).name, // descrOf refuses what is none
    ]),
  );
}
