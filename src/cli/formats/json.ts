import { readFileSync } from "node:fs";
import { plain } from "../../base/plain.js";
import * as np from "../../index.js";
import { CliError } from "../frame/io.js";
import type { Column, Columns, Content, Format } from "./format.js";
import { writeText } from "./writing.js";

/** Lists, objects of lists, and lists of rows as objects. */
export const json: Format = {
  endings: [".json"],
  read: ({ file, path }) => ofJson(readFileSync(file, "utf8"), path),
  write: (place, content) => writeText(place, content, "json"),
};

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

function mapped<A, B>(record: Readonly<Record<string, A>>, fn: (value: A) => B): Record<string, B> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, fn(value)]));
}

// Integers that float64 holds exactly are int64.
function whole(array: np.NDArray<"float64">): np.NDArray {
  if (!array.data.every(Number.isSafeInteger)) return array;
  using floats = array;
  return floats.astype("int64");
}
