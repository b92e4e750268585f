import { closeSync, openSync, readFileSync, statSync, writeFileSync, writeSync } from "node:fs";
import { extname, resolve } from "node:path";
import { plain } from "../../base/plain.js";
import * as np from "../../index.js";
import { CliError, type Io, wrongUse } from "../frame/io.js";
import { Progress } from "../frame/progress.js";
import { writeWhole } from "../frame/writing.js";
import { type Column, type Columns, readCsv } from "./csv.js";

/** What a file holds: one array, or named ones and texts. */
export type Content = { readonly array: np.NDArray } | { readonly columns: Columns };

/** The formats, by the endings of their files. */
const formats = {
  ".npy": "npy",
  ".csv": "csv",
  ".tsv": "csv",
  ".txt": "csv",
  ".dat": "csv",
  ".json": "json",
} as const;
export type Format = (typeof formats)[keyof typeof formats];

/** The format of a file, by its ending. */
export function formatOf(path: string): Format {
  const ending = extname(path).toLowerCase(),
    found = (formats as Readonly<Record<string, Format>>)[ending];
  if (found === undefined)
    throw wrongUse(`${plain(path)}: files end with ${Object.keys(formats).join(", ")}, not '${plain(ending)}'`);
  return found;
}

/** Whether a column is an array. */
export function isArray(column: Column): column is np.NDArray {
  return column instanceof np.NDArray;
}

/** Reads a file. Its arrays are the caller's to dispose. */
export async function read(path: string, io: Io): Promise<Content> {
  const format = formatOf(path),
    file = resolve(io.cwd, path);
  return named(path, async () => {
    switch (format) {
      case "npy":
        return { array: np.load(readFileSync(file)) };
      case "json":
        return ofJson(readFileSync(file, "utf8"), path);
      case "csv": {
        const progress = new Progress(io, plain(path), statSync(file).size);
        try {
          return { columns: await readCsv(file, path, progress) };
        } finally {
          progress.end();
        }
      }
    }
  });
}

/** What `act` gives; an error of the engine says which file it is of. */
export async function named<T>(path: string, act: () => T | Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (error) {
    if (!np.isNDArrayError(error) || error.message.includes(path)) throw error;
    throw new CliError(`${plain(path)}: ${error.message}`);
  }
}

function ofJson(text: string, path: string): Content {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new CliError(`${plain(path)}: no JSON: ${(error as Error).message}`);
  }
  if (Array.isArray(value) && value.every((row) => typeof row === "object" && row !== null && !Array.isArray(row)))
    return { columns: ofRows(value) };
  if (Array.isArray(value)) return { array: np.array(value as number[]) }; // the engine refuses what is no number
  if (typeof value !== "object" || value === null)
    throw new CliError(`${plain(path)}: a list or an object was expected, not ${JSON.stringify(value)}`);
  return { columns: mapped(value as Record<string, unknown>, (list) => columnOf(Array.isArray(list) ? list : [list])) };
}

function ofRows(rows: readonly Readonly<Record<string, unknown>>[]): Columns {
  const names = new Set(rows.flatMap((row) => Object.keys(row)));
  return Object.fromEntries([...names].map((name) => [name, columnOf(rows.map((row) => row[name] ?? null))]));
}

function columnOf(list: readonly unknown[]): Column {
  if (list.length > 0 && list.every((one) => typeof one === "boolean")) return np.array(list as boolean[]);
  if (list.every((one) => typeof one === "number")) return whole(np.array(Float64Array.from(list as number[])));
  if (list.some((one) => typeof one === "number") && list.every((one) => one === null || typeof one === "number"))
    return np.array(Float64Array.from(list as (number | null)[], (one) => one ?? Number.NaN));
  if (list.every(Array.isArray)) return np.array(list as number[][]); // the engine refuses what is no number
  return list.map((one) => (one === null ? "" : typeof one === "string" ? one : JSON.stringify(one)));
}

function whole(array: np.NDArray<"float64">): np.NDArray {
  const { data } = array;
  if (!data.every(Number.isSafeInteger)) return array;
  using floats = array;
  return floats.astype("int64");
}

function mapped<A, B>(record: Readonly<Record<string, A>>, fn: (value: A) => B): Record<string, B> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, fn(value)]));
}

/** Writes what a file is to hold, whole or not at all. */
export async function write(path: string, content: Content, io: Io): Promise<void> {
  const format = formatOf(path),
    refuse = (why: string): never => {
      throw new CliError(`${plain(path)}: ${why}`);
    };
  await writeWhole(resolve(io.cwd, path), (temporary) => {
    switch (format) {
      case "npy":
        return writeFileSync(temporary, np.save(onlyArray(content, refuse)));
      case "json":
      case "csv":
        return writeText(temporary, path, content, format, io, refuse);
    }
  });
}

type Refuse = (why: string) => never;

function onlyArray(content: Content, refuse: Refuse): np.NDArray {
  if ("array" in content) return content.array;
  const columns = Object.values(content.columns),
    [only] = columns;
  if (columns.length !== 1 || !isArray(only))
    return refuse(`a .npy file has one array, and these are ${columns.length} columns; write .csv or .json`);
  return only;
}

/** As many rows go to the file at a time. */
const ROWS = 4096;

async function writeText(
  file: string,
  path: string,
  content: Content,
  format: "csv" | "json",
  io: Io,
  refuse: Refuse,
): Promise<void> {
  const out = openSync(file, "w"),
    put = (text: string): void => void writeSync(out, text);
  try {
    if (format === "json" && "array" in content && content.array.ndim !== 1)
      return put(`${jsonOf(content.array.tolist())}\n`);
    const columns = columnsOf(content, refuse),
      names = Object.keys(columns),
      rows = lengthOf(columns, refuse),
      mark = extname(path).toLowerCase() === ".csv" ? "," : extname(path).toLowerCase() === ".tsv" ? "\t" : " ";
    if (format === "csv" && "columns" in content) put(`${names.map((name) => csvCell(name, mark)).join(mark)}\n`);
    const progress = new Progress(io, plain(path), rows, "rows");
    if (format === "json") put("[");
    for (let at = 0; at < rows; at += ROWS) {
      const part = names.map((name) => sliceOf(columns[name], at, Math.min(rows, at + ROWS), format === "csv"));
      const lines = part[0].map((_, i) => {
        if (format === "csv") return part.map((cells) => csvCell(cells[i], mark)).join(mark);
        return "array" in content
          ? jsonOf(part[0][i])
          : jsonOf(Object.fromEntries(names.map((name, k) => [name, part[k][i]])));
      });
      put(format === "csv" ? `${lines.join("\n")}\n` : `${at === 0 ? "" : ","}\n${lines.join(",\n")}`);
      await progress.at(at + lines.length);
    }
    if (format === "json") put("\n]\n");
    progress.end();
  } finally {
    closeSync(out);
  }
}

// A matrix as its columns; anything else has none.
function columnsOf(content: Content, refuse: Refuse): Columns {
  if ("columns" in content) return content.columns;
  const { array } = content;
  if (array.ndim > 2)
    return refuse(`text has rows and columns, and this array ${array.ndim} axes; write .npy or .json`);
  if (array.ndim < 2) return { array: array.ndim === 0 ? np.reshape(array, [1]) : array };
  return Object.fromEntries(Array.from({ length: array.shape[1] }, (_, i) => [`column${i}`, array.at(`:, ${i}`)]));
}

function lengthOf(columns: Columns, refuse: Refuse): number {
  const lengths = Object.entries(columns).map(([name, column]) => {
    if (isArray(column) && column.ndim !== 1)
      return refuse(`'${plain(name)}' has ${column.ndim} axes, and a column one; write .json`);
    return isArray(column) ? column.size : column.length;
  });
  const [rows = 0] = lengths;
  if (lengths.some((length) => length !== rows))
    return refuse(`columns of ${[...new Set(lengths)].join(" and ")} rows; write .json`);
  return rows;
}

function sliceOf(column: Column, from: number, to: number, csv: boolean): readonly unknown[] {
  if (!isArray(column)) return column.slice(from, to);
  using part = column.at(np.slice(from, to));
  const list = part.tolist() as unknown[]; // of one axis
  // As Python writes floats: they stay floats when they are read again.
  return csv && column.dtype.startsWith("float")
    ? list.map((n) => (Number.isInteger(n) ? `${n}.0`.replace(/^(.*e.*)\.0$/, "$1") : n))
    : list;
}

// What is no number is missing, as JSON and most tables have it.
function csvCell(value: unknown, mark: string): string {
  if (typeof value === "number" && Number.isNaN(value)) return mark === " " ? "nan" : "";
  if (typeof value === "number" && !Number.isFinite(value)) return value < 0 ? "-inf" : "inf";
  const text = typeof value === "object" && value !== null ? complexText(value) : String(value);
  return text.includes(mark) || /["\r\n]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

function complexText(value: object): string {
  const { re, im } = value as { readonly re: number; readonly im: number }; // elements are numbers, or complex ones
  return `${re}${im < 0 ? "" : "+"}${im}j`;
}

// JSON has no integers of 64 bits of its own, but a reader may: all digits are written.
function jsonOf(value: unknown): string {
  if (typeof value === "bigint") return String(value);
  if (Array.isArray(value)) return `[${value.map(jsonOf).join(",")}]`;
  if (typeof value === "object" && value !== null)
    return `{${Object.entries(value)
      .map(([key, one]) => `${JSON.stringify(key)}:${jsonOf(one)}`)
      .join(",")}}`;
  return JSON.stringify(value);
}

/** Disposes all arrays of a file's content. */
export function release(content: Content): void {
  const columns = "array" in content ? [content.array] : Object.values(content.columns);
  for (const column of columns) if (isArray(column) && !column.disposed) column.dispose();
}
