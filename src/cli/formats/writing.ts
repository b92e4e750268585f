import { closeSync, openSync, writeSync } from "node:fs";
import { extname } from "node:path";
import { plain } from "../../base/plain.js";
import * as np from "../../index.js";
import { Progress } from "../frame/progress.js";
import { type Column, type Columns, type Content, isArray, type Place, refuse } from "./format.js";

/** As many rows go to the file at a time. */
const ROWS = 4096;

/** Writes columns as text, row by row. */
export async function writeText({ file, path, io }: Place, content: Content, format: "csv" | "json"): Promise<void> {
  const out = openSync(file, "w"),
    put = (text: string): void => void writeSync(out, text);
  try {
    if (format === "json" && "array" in content && content.array.ndim !== 1)
      return put(`${jsonOf(content.array.tolist())}\n`);
    const columns = columnsOf(content, path),
      names = Object.keys(columns),
      rows = lengthOf(columns, path),
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

/** A matrix as its columns; anything else has none. */
export function columnsOf(content: Content, path: string): Columns {
  if ("columns" in content) return content.columns;
  const { array } = content;
  if (array.ndim > 2)
    return refuse(path, `text has rows and columns, and this array ${array.ndim} axes; write .npy or .json`);
  if (array.ndim < 2) return { array: array.ndim === 0 ? np.reshape(array, [1]) : array };
  return Object.fromEntries(Array.from({ length: array.shape[1] }, (_, i) => [`column${i}`, array.at(`:, ${i}`)]));
}

function lengthOf(columns: Columns, path: string): number {
  const lengths = Object.entries(columns).map(([name, column]) => {
    if (isArray(column) && column.ndim !== 1)
      return refuse(path, `'${plain(name)}' has ${column.ndim} axes, and a column one; write .npz`);
    return isArray(column) ? column.size : column.length;
  });
  const [rows = 0] = lengths;
  if (lengths.some((length) => length !== rows))
    return refuse(path, `columns of ${[...new Set(lengths)].join(" and ")} rows; write .npz`);
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
