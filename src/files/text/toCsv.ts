import { takes } from "../../array/options.js";
import { type Bits, bitsOf, scientific } from "../../base/digits.js";
import type { Complex, DType } from "../../base/dtype.js";
import { textOf, utf8Of } from "../../base/host.js";
import { Categorical } from "../../table/factorize.js";
import { type Column, type ColumnLike, type Row, Table, table, valueAt } from "../../table/table.js";
import { drain, drainLate, isLateSink, type LateSink, openSink } from "../sink.js";
import { CHUNK, joined, type PathLike, textChunks } from "../source.js";
import { MISSING } from "./csvOptions.js";
import { checkApart, controlByte, NONE } from "./dialect.js";
import { pythonText } from "./percent.js";

/** What `toCsv` takes. */
export interface ToCsvOptions {
  /** The character between fields: a comma. */
  delimiter?: string;
  /** The character around texts that hold delimiters, quotes or line ends. */
  quotechar?: string;
  newline?: string;
  /** Whether the first record has the names. */
  header?: boolean;
  /** What stands for NaN and for no string: nothing. */
  missing?: string;
}

const TO_CSV = takes("toCsv(table, to)", {
  delimiter: "string",
  quotechar: "string",
  newline: "string",
  header: "boolean",
  missing: "string",
});

/**
 * Writes a table, or what `table` makes one of, as CSV: what `readCsv` reads. `to` is a path, or a stream, with which it
 * returns a promise; without one the text is returned. Floats are written in the fewest digits that give them back, whole
 * ones as `1.0`. A table needs no engine memory, and 64 KiB of text are held at a time; a file appears when it is whole.
 *
 * @example
 * toCsv({ x: [1, 2.5], s: ["a", "b,c"] }).split("\n") // x,s,1.0,a,2.5,"b,c",
 */
export function toCsv(
  columns: Table | Readonly<Record<string, ColumnLike>> | readonly Row[],
  to?: undefined,
  options?: ToCsvOptions,
): string;
export function toCsv(
  columns: Table | Readonly<Record<string, ColumnLike>> | readonly Row[],
  to: PathLike,
  options?: ToCsvOptions,
): void;
export function toCsv(
  columns: Table | Readonly<Record<string, ColumnLike>> | readonly Row[],
  to: LateSink,
  options?: ToCsvOptions,
): Promise<void>;
export function toCsv(
  columns: Table | Readonly<Record<string, ColumnLike>> | readonly Row[],
  to?: PathLike | LateSink,
  options?: ToCsvOptions,
): string | Promise<void> | undefined {
  const dialect = dialectOf(TO_CSV.read(options, arguments.length));
  if (isLateSink(to)) return late(columns, to, dialect);
  using whole = tableOf(columns);
  const pieces = piecesOf(whole, dialect);
  if (to === undefined) return textOf(joined([...pieces]));
  drain(pieces, openSink(to, "toCsv"));
}

async function late(columns: Parameters<typeof toCsv>[0], to: LateSink, dialect: Dialect): Promise<void> {
  using whole = tableOf(columns);
  await drainLate(piecesOf(whole, dialect), to, "toCsv");
}

// A table of views, or one of what makes a table: either ends with the writing.
function tableOf(columns: Parameters<typeof toCsv>[0]): Table {
  return columns instanceof Table ? columns.select(columns.columns) : table(columns);
}

interface Dialect extends Required<ToCsvOptions> {
  /** What makes quotes necessary. */
  readonly special: RegExp;
}

function dialectOf({
  delimiter = ",",
  quotechar = '"',
  newline = "\n",
  header = true,
  missing = "",
}: ToCsvOptions): Dialect {
  checkApart({
    delimiter: controlByte(delimiter, "delimiter"),
    quote: controlByte(quotechar, "quotechar"),
    comment: NONE,
    comments: [],
    utf8: true,
  });
  const escaped = (delimiter + quotechar).replace(/[\\\]^-]/g, "\\$&");
  return { delimiter, quotechar, newline, header, missing, special: new RegExp(`[${escaped}\r\n]|^\\s|\\s$`) };
}

function* piecesOf(from: Table, dialect: Dialect): Generator<Uint8Array, void, void> {
  const names = from.columns,
    columns = names.map((name) => from.at(name)),
    { delimiter, newline, header } = dialect,
    // A line of nothing is no row.
    missing = columns.length === 1 && dialect.missing === "" ? "NA" : dialect.missing;
  const line = (texts: readonly string[]): string => texts.join(delimiter) + newline;
  let text = header && names.length > 0 ? line(names.map((name) => quoted(name, dialect, name === ""))) : "";
  for (let i = 0; i < from.length; i++) {
    text += line(columns.map((column) => cellOf(column, i, dialect, missing)));
    if (text.length < CHUNK / 4) continue;
    yield* textChunks(text);
    text = "";
  }
  yield utf8Of(text);
}

function cellOf(column: Column, i: number, dialect: Dialect, missing: string): string {
  const value = valueAt(column, i);
  if (value === null) return missing;
  // A text that would be taken for a missing value is quoted.
  if (typeof value === "string") return quoted(value, dialect, value === missing || MISSING.includes(value.trim()));
  return column instanceof Categorical
    ? missing
    : numberText(value as number | bigint | boolean | Complex, column.dtype, missing); // an element
}

function quoted(text: string, { quotechar, special }: Dialect, always: boolean): string {
  return always || special.test(text)
    ? quotechar + text.replaceAll(quotechar, quotechar + quotechar) + quotechar
    : text;
}

function numberText(x: number | bigint | boolean | Complex, dtype: DType, missing: string): string {
  if (typeof x === "object") {
    const im = pythonText(x.im);
    return `${pythonText(x.re)}${/^[-+]/.test(im) ? "" : "+"}${im}j`;
  }
  if (typeof x !== "number") return pythonText(x);
  if (Number.isNaN(x)) return missing;
  const bits = bitsOf(dtype);
  if (bits < 64) return pythonText(fewest(x, bits));
  return dtype === "float64" ? pythonText(x) : String(x);
}

// The number of the fewest digits that give a float of a smaller dtype back.
function fewest(x: number, bits: Bits): number {
  if (!Number.isFinite(x)) return x;
  const [whole, fraction, exponent] = scientific(bits, x, { precision: null, least: 0, unique: true });
  return Number(`${whole}.${fraction}e${exponent}`);
}
