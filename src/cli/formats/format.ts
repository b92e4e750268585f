import { plain } from "../../base/plain.js";
import * as np from "../../index.js";
import { CliError, type Io } from "../frame/io.js";

// What all formats of files have in common: what is in a file, and how it is read, told of and written.

/** The texts of a column: a list of them, or codes and categories. */
export interface Texts {
  readonly length: number;
  slice(from: number, to: number): readonly string[];
}

/** A column: numbers as an array, or texts. */
export type Column = np.NDArray | Texts;

/** Named columns of a table, or the arrays of a file. */
export type Columns = Readonly<Record<string, Column>>;

/** What a file holds: one array, or named ones and texts; `shape` is the file's, if no more than the first rows were read. */
export type Content =
  | { readonly array: np.NDArray; readonly shape?: readonly number[] }
  | { readonly columns: Columns };

/** What is known of an array or a column in a file. */
export interface Fact {
  readonly name: string;
  readonly dtype: string;
  readonly shape: readonly number[];
  /** C: rows lie one after the other; F: columns do. */
  readonly order?: "C" | "F";
  /** Bytes of its elements in memory. */
  readonly bytes?: number;
  readonly version?: string;
  readonly bigEndian?: true;
  /** Bytes in the file, if it is compressed there. */
  readonly packed?: number;
  readonly missing?: number;
  /** What it is in the file, where that says more. */
  readonly stored?: string;
}

/** A file that is read or written. */
export interface Place {
  /** Its absolute path; what is written has a temporary one, and is moved to `target`. */
  readonly file: string;
  readonly target: string;
  /** Its path as it was given, for messages and by its ending. */
  readonly path: string;
  readonly io: Io;
}

/** A format of files. */
export interface Format {
  /** What its files end with. */
  readonly endings: readonly string[];
  /** Reads all of a file, or no more than its first `rows`. The arrays are the caller's to dispose. */
  read(place: Place, rows?: number): Content | Promise<Content>;
  /** What a file holds, where that is known without reading all of it. */
  facts?(place: Place): readonly Fact[] | Promise<readonly Fact[]>;
  /** Writes a file, if files of this format are written here. */
  write?(place: Place, content: Content): void | Promise<void>;
}

/** Refuses what a file cannot hold. */
export function refuse(path: string, why: string): never {
  throw new CliError(`${plain(path)}: ${why}`);
}

/** Whether a column is an array. */
export function isArray(column: Column): column is np.NDArray {
  return column instanceof np.NDArray;
}

/** Texts as the package's tables have them; one that is missing is empty, as in text files. */
export class Codes implements Texts {
  constructor(readonly of: np.Categorical) {}

  get length(): number {
    return this.of.length;
  }

  slice(from: number, to: number): string[] {
    const { length } = this;
    return Array.from({ length: Math.max(0, Math.min(to, length) - from) }, (_, i) => this.of.item(from + i) ?? "");
  }
}

/** The columns of a table of the package, which are the caller's from now on. */
export function columnsOfTable(table: np.Table): Columns {
  return Object.fromEntries(
    table.columns.map((name) => {
      const column = table.at(name);
      return [name, column instanceof np.Categorical ? new Codes(column) : column];
    }),
  );
}

/** A table of the package with views of columns. */
export function tableOf(columns: Columns): np.Table {
  const given = Object.entries(columns).map(([name, column]): [string, np.ColumnLike] => {
    if (isArray(column)) return [name, column];
    return [name, column instanceof Codes ? column.of : np.factorize(column.slice(0, column.length))];
  });
  return np.table(Object.fromEntries(given));
}

/** Disposes all arrays of a file's content. */
export function release(content: Content): void {
  const columns = "array" in content ? [content.array] : Object.values(content.columns);
  for (const column of columns) {
    const array = column instanceof Codes ? column.of.codes : column;
    if (array instanceof np.NDArray && !array.disposed) array.dispose();
  }
}

/** The one array of a file that can hold no more. */
export function onlyArray(content: Content, path: string, what: string): np.NDArray {
  if ("array" in content) return content.array;
  const columns = Object.values(content.columns),
    [only] = columns;
  if (columns.length === 1 && isArray(only)) return only;
  return refuse(path, `${what} has one array, and these are ${columns.length} columns; write .npz, .csv or .json`);
}
