import { DTypeError } from "../base/errors.js";
import { isList, shown } from "../base/shown.js";

// Rows as JSON has them, as columns. A key that a row has not, null and undefined are missing.

/** A row as JSON has it. */
export type Row = Readonly<Record<string, unknown>>;

/**
 * The columns of rows, in the order in which their names first appear, as lists that `table` makes columns of. Where any
 * value is a string, all are: numbers as `String` writes them. Numbers and bools that have missing values among them are
 * numbers, with NaN; so is what is missing throughout. Errors: a `DTypeError` that names row and column of what is neither.
 */
export function columnsOfRows(rows: readonly Row[]): Record<string, unknown[]> {
  const columns: Record<string, unknown[]> = Object.create(null);
  for (const [i, row] of rows.entries()) {
    if (typeof row !== "object" || row === null || isList(row))
      throw new DTypeError(`a row is an object, which ${shown(row)} (row ${i}) is not`);
    for (const name of Object.keys(row)) {
      columns[name] ??= new Array(rows.length).fill(null);
      columns[name][i] = row[name] ?? null;
    }
  }
  for (const [name, values] of Object.entries(columns)) columns[name] = alike(name, values);
  return columns;
}

function alike(name: string, values: readonly unknown[]): unknown[] {
  const kinds = new Set<string>();
  for (const [i, value] of values.entries()) {
    const kind = value === null ? "null" : typeof value;
    if (kind === "object" || kind === "function" || kind === "symbol")
      throw new DTypeError(
        `column ${shown(name)} has ${shown(value)} in row ${i}: columns hold numbers, strings and bools`,
      );
    kinds.add(kind);
  }
  if (kinds.has("string")) return values.map((value) => (value === null ? null : String(value)));
  // Of one kind, and none missing: as they are.
  if (kinds.size === 1 && !kinds.has("null")) return [...values];
  return values.map((value) => (value === null ? Number.NaN : Number(value)));
}
