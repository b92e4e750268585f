import { readFileSync, statSync } from "node:fs";
import { basename, resolve } from "node:path";
import { plain } from "../../base/plain.js";
import * as np from "../../index.js";
import { type Action, flag } from "../frame/command.js";
import { FINE, FOUND, type Io, paint, print, printJson } from "../frame/io.js";
import { Progress } from "../frame/progress.js";
import { table } from "../frame/table.js";
import { told } from "../frame/told.js";
import { formatOf, isArray, named, read, release } from "./content.js";
import { csvFacts } from "./csv.js";

/** What is known of an array or a column in a file. */
interface Fact {
  readonly name: string;
  readonly dtype: string;
  readonly shape: readonly number[];
  /** C: rows lie one after the other; F: columns do. */
  readonly order?: "C" | "F";
  /** Bytes of its elements in memory. */
  readonly bytes?: number;
  readonly version?: string;
  readonly missing?: number;
}

interface FileFacts {
  readonly file: string;
  readonly bytes: number;
  readonly arrays: readonly Fact[];
}

export const info: Action = async (given, io) => {
  const found: FileFacts[] = [];
  let failed = false;
  for (const path of given.operands) {
    try {
      const bytes = statSync(resolve(io.cwd, path)).size;
      found.push({ file: path, bytes, arrays: await named(path, () => factsOf(path, io)) });
    } catch (error) {
      if (given.operands.length === 1) throw error;
      failed = true;
      io.stderr.write(`${paint(io.stderr, io.env, "red", "nbytes info:")} ${told(error).message}\n`);
    }
  }
  if (flag(given, "json")) printJson(io, found);
  else for (const one of found) print(io, ...linesOf(one));
  return failed ? FOUND : FINE;
};

function factsOf(path: string, io: Io): Fact[] | Promise<Fact[]> {
  const file = resolve(io.cwd, path);
  switch (formatOf(path)) {
    case "npy":
      return [npyFact(basename(path), readFileSync(file))];
    case "csv":
      return textFacts(file, path, io);
    case "json":
      return jsonFacts(path, io);
  }
}

function npyFact(name: string, file: Uint8Array): Fact {
  using array = np.load(file);
  const { dtype, shape, nbytes, flags } = array;
  return {
    name,
    dtype,
    shape: [...shape],
    order: flags.cContiguous ? "C" : "F",
    bytes: nbytes,
    version: `${file[6]}.${file[7]}`,
  };
}

async function textFacts(file: string, path: string, io: Io): Promise<Fact[]> {
  const progress = new Progress(io, plain(path), statSync(file).size);
  try {
    const columns = await csvFacts(file, path, progress);
    return columns.map(({ name, kind, rows, missing }) => ({
      name,
      dtype: kind === "text" ? "text" : kind === "integer" ? "int64" : "float64",
      shape: [rows],
      ...(kind === "text" ? {} : { bytes: 8 * rows }),
      ...(missing > 0 ? { missing } : {}),
    }));
  } finally {
    progress.end();
  }
}

async function jsonFacts(path: string, io: Io): Promise<Fact[]> {
  const content = await read(path, io);
  try {
    const columns = "array" in content ? { [basename(path)]: content.array } : content.columns;
    return Object.entries(columns).map(([name, column]) => {
      if (!isArray(column)) return { name, dtype: "text", shape: [column.length] };
      const { dtype, shape, nbytes } = column;
      return { name, dtype, shape: [...shape], bytes: nbytes };
    });
  } finally {
    release(content);
  }
}

function linesOf({ file, bytes, arrays }: FileFacts): string[] {
  const rows = arrays.map((fact) => [
    fact.name,
    fact.dtype,
    `[${fact.shape.join(", ")}]`,
    fact.order ?? "",
    fact.bytes === undefined ? "" : np.formatBytes(fact.bytes),
    notesOf(fact).join(", "),
  ]);
  return [`${plain(file)}: ${np.formatBytes(bytes)}`, ...table(rows, "<<<<><")];
}

function notesOf({ version, missing }: Fact): string[] {
  return [
    ...(version === undefined ? [] : [`header ${version}`]),
    ...(missing === undefined ? [] : [`${missing.toLocaleString("en-US")} missing`]),
  ];
}
