import { plain } from "../../base/plain.js";
import * as np from "../../index.js";
import { CliError, type Io } from "../frame/io.js";

// What all formats of files have in common: what is in a file, and how it is read, told of and written.

/** A column: numbers as an array, texts as they are. */
export type Column = np.NDArray | readonly string[];

/** Named columns of a table, or the arrays of a file. */
export type Columns = Readonly<Record<string, Column>>;

/** What a file holds: one array, or named ones and texts. */
export type Content = { readonly array: np.NDArray } | { readonly columns: Columns };

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
}

/** A file that is read or written. */
export interface Place {
  /** Its absolute path; what is written has a temporary one. */
  readonly file: string;
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

/** Disposes all arrays of a file's content. */
export function release(content: Content): void {
  const columns = "array" in content ? [content.array] : Object.values(content.columns);
  for (const column of columns) if (isArray(column) && !column.disposed) column.dispose();
}
