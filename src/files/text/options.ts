import { ArgumentError, DTypeError, ValueError } from "../../base/errors.js";
import { utf8Of } from "../../base/host.js";
import { isList, shown } from "../../base/shown.js";
import { checkApart, controlByte, type Dialect, isUtf8, NONE } from "./dialect.js";
import type { Converter, Picked } from "./rows.js";

/** How a text is divided; NumPy's names and defaults. */
export interface DialectOptions {
  /** The character between fields; null: any run of blanks. */
  delimiter?: string | null;
  /** What begins a comment, or several such: `#`; null: nothing. */
  comments?: string | readonly string[] | null;
  /** The character around fields that hold delimiters or newlines; null: none. */
  quotechar?: string | null;
  /** `utf-8`, or `latin1`. */
  encoding?: string | null;
}

/** The kinds of `DialectOptions`. */
export const DIALECT = {
  delimiter: "string?",
  comments: "anything",
  quotechar: "string?",
  encoding: "string?",
} as const;

/** How a text is divided, by its options. */
export function dialectOf({ delimiter, comments = "#", quotechar, encoding }: DialectOptions): Dialect {
  const marks = comments === null ? [] : isList(comments) ? comments : [comments];
  for (const mark of marks) {
    if (typeof mark !== "string")
      throw new DTypeError(`comments must be a string or a list of them, not ${shown(mark)}`);
    if (mark === "") throw new ArgumentError("comments cannot contain an empty string");
  }
  const [first] = marks as string[],
    single = marks.length === 1 && first.length === 1;
  const dialect = {
    delimiter: controlByte(delimiter, "delimiter"),
    comment: single ? controlByte(first, "comments") : NONE,
    comments: single ? [] : (marks as string[]).map(utf8Of),
    quote: controlByte(quotechar, "quotechar"),
    utf8: isUtf8(encoding),
  };
  checkApart(dialect);
  return dialect;
}

/** The columns that are asked for: an integer, or a list of them. Errors: NumPy's. */
export function usecolsOf(value: unknown): readonly number[] | null {
  if (value === undefined || value === null) return null;
  const list: readonly unknown[] = isList(value) ? value : [value];
  return list.map((column) => {
    if (Number.isSafeInteger(column)) return column as number; // as was asked
    throw new DTypeError(
      `usecols must be an int or a sequence of ints but it contains ${list === value ? "at least one element" : "a value"} of another kind: ${shown(column)}`,
    );
  });
}

/** Functions for fields: one for all, or by the field's number, which may be negative. */
export type Converters = Converter | Readonly<Record<number, Converter>>;

/** Refuses what are no converters. */
export function checkConverters(value: unknown): void {
  if (value === undefined || value === null || typeof value === "function") return;
  const functions = typeof value === "object" && !isList(value) && Object.values(value);
  if (functions === false)
    throw new DTypeError("converters must be a dictionary mapping columns to converter functions or a single callable");
  for (const [key, made] of Object.entries(value as object)) {
    if (!/^-?\d+$/.test(key))
      throw new DTypeError(`keys of the converters dictionary must be integers; got ${shown(key)}`);
    if (typeof made !== "function")
      throw new DTypeError(`values of the converters dictionary must be callable, but the value for key ${key} is not`);
  }
}

/** Which fields are read of records as the first one is. */
export function pickedOf(
  usecols: readonly number[] | null,
  converters: Converters | null | undefined,
  first: number,
): Picked {
  const any = converters !== null && converters !== undefined;
  if (usecols === null)
    return { fields: first, loose: false, from: null, converters: any ? convertersOf(converters, first, first) : null };
  const from = usecols.map((field) => {
    const at = field < 0 ? field + first : field;
    if (at < 0 || at >= first) throw new ValueError(`invalid column index ${field} at row 1 with ${first} columns`);
    return at;
  });
  const loose = usecols.every((field) => field >= 0),
    fields = loose ? Math.max(-1, ...from) + 1 : first;
  return { fields, loose, from, converters: any ? convertersOf(converters, fields, first) : null };
}

function convertersOf(converters: Converters, fields: number, first: number): (Converter | undefined)[] {
  if (typeof converters === "function") return new Array<Converter>(fields).fill(converters);
  const found = new Array<Converter | undefined>(fields).fill(undefined);
  for (const [key, converter] of Object.entries(converters)) {
    const at = Number(key) < 0 ? Number(key) + first : Number(key);
    if (at < 0 || at >= first)
      throw new ValueError(`converter specified for column ${key}, which is invalid for the number of fields ${first}`);
    found[at] = converter as Converter; // checkConverters looked
  }
  return found;
}
