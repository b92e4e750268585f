import { readdirSync, statSync } from "node:fs";
import { basename, extname, join, resolve } from "node:path";
import { plain } from "../../base/plain.js";
import * as np from "../../index.js";
import { CliError, type Io, wrongUse } from "../frame/io.js";
import { writeWhole } from "../frame/writing.js";
import { npy, npz } from "./arrays.js";
import { arrow } from "./arrow.js";
import { csv } from "./csv.js";
import { type Content, type Fact, type Format, isArray, type Place, release } from "./format.js";
import { json } from "./json.js";
import { parquet } from "./parquet.js";
import { zarr } from "./zarr.js";

// Files by their paths: the ending decides the format, here and nowhere else.

const formats: readonly Format[] = [npy, npz, csv, json, parquet, arrow, zarr];

/** The format of a file, by its ending. */
export function formatOf(path: string): Format {
  const ending = extname(path).toLowerCase(),
    found = formats.find(({ endings }) => endings.includes(ending));
  if (found !== undefined) return found;
  const all = formats.flatMap(({ endings }) => endings);
  throw wrongUse(`${plain(path)}: files end with ${all.join(", ")}, not '${plain(ending)}'`);
}

/** The format of a file that is to be written. */
export function writable(path: string): Required<Pick<Format, "write">> {
  const { write } = formatOf(path);
  if (write !== undefined) return { write };
  const all = formats.flatMap((format) => (format.write === undefined ? [] : format.endings));
  throw wrongUse(`${plain(path)}: files that are written end with ${all.join(", ")}`);
}

/** Reads a file, or its first `rows`. Its arrays are the caller's to dispose. */
export function read(path: string, io: Io, rows?: number): Promise<Content> {
  const format = formatOf(path);
  return named(path, () => format.read(placeOf(path, io), rows));
}

/** What a file holds. */
export function facts(path: string, io: Io): Promise<readonly Fact[]> {
  const format = formatOf(path),
    place = placeOf(path, io);
  return named(path, async () => {
    if (format.facts !== undefined) return format.facts(place);
    const content = await format.read(place);
    try {
      return factsOf(content, path);
    } finally {
      release(content);
    }
  });
}

/** Writes what a file is to hold, whole or not at all. */
export async function write(path: string, content: Content, io: Io): Promise<void> {
  const format = writable(path);
  await writeWhole(resolve(io.cwd, path), (file) => format.write({ ...placeOf(path, io), file }, content));
}

function placeOf(path: string, io: Io): Place {
  const file = resolve(io.cwd, path);
  return { file, target: file, path, io };
}

/** The bytes of a file, or of all files of a directory. */
export function sizeOf(path: string, { cwd }: Pick<Io, "cwd">): number {
  const file = resolve(cwd, path),
    stats = statSync(file);
  if (!stats.isDirectory()) return stats.size;
  return readdirSync(file, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, { parentPath, name }) => sum + statSync(join(parentPath, name)).size, 0);
}

function factsOf(content: Content, path: string): Fact[] {
  const columns = "array" in content ? { [basename(path)]: content.array } : content.columns;
  return Object.entries(columns).map(([name, column]) => {
    if (!isArray(column)) return { name, dtype: "text", shape: [column.length] };
    const { dtype, shape, nbytes } = column;
    return { name, dtype, shape: [...shape], bytes: nbytes };
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
