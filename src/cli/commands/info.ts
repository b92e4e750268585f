import { closeSync, fstatSync, openSync, readSync, statSync } from "node:fs";
import { basename, resolve } from "node:path";
import { inflateRawSync } from "node:zlib";
import { plain } from "../../base/plain.js";
import { type Header, PREFIX, readHeader } from "../../files/npyHeader.js";
import { membersOf } from "../../files/zip.js";
import { formatBytes } from "../../index.js";
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
  readonly bigEndian?: true;
  /** Bytes in the archive, if it is deflated there. */
  readonly packed?: number;
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
      return reading(file, (bytes, size) => [npyFact(basename(path), bytes(0, PREFIX), size)]);
    case "npz":
      return reading(file, npzFacts);
    case "csv":
      return textFacts(file, path, io);
    case "json":
      return jsonFacts(path, io);
  }
}

type ReadAt = (at: number, length: number) => Uint8Array;

function reading<T>(file: string, act: (bytes: ReadAt, size: number) => T): T {
  const open = openSync(file, "r");
  try {
    const bytesAt: ReadAt = (at, length) => {
      const bytes = new Uint8Array(length);
      return bytes.subarray(0, readSync(open, bytes, 0, length, at));
    };
    return act(bytesAt, fstatSync(open).size);
  } finally {
    closeSync(open);
  }
}

function npyFact(name: string, start: Uint8Array, size: number): Fact {
  const { descr, shape, fortran, swapped }: Header = readHeader(start, size);
  return {
    name,
    dtype: descr.name,
    shape,
    order: fortran && shape.length > 1 ? "F" : "C",
    bytes: shape.reduce((product, n) => product * n, descr.itemsize),
    version: `${start[6]}.${start[7]}`,
    ...(swapped ? { bigEndian: true } : {}),
  };
}

function npzFacts(bytesAt: ReadAt, size: number): Fact[] {
  const source = {
    name: "the archive",
    size,
    read: (at: number, into: Uint8Array): number => {
      const bytes = bytesAt(at, into.length);
      into.set(bytes);
      return bytes.length;
    },
    [Symbol.dispose](): void {},
  };
  return membersOf(source)
    .filter(({ name }) => !name.endsWith("/"))
    .map(({ name, at, packed, size: whole, deflated }) => {
      const local = bytesAt(at, 30),
        // Behind its own header with name and extra field, whose lengths it tells.
        start = at + 30 + (local[26] | (local[27] << 8)) + (local[28] | (local[29] << 8)),
        bytes = bytesAt(start, Math.min(packed, PREFIX + 4096));
      // The beginning of what is deflated, as far as it goes.
      const first = deflated ? inflateRawSync(bytes, { finishFlush: 2 }) : bytes,
        fact = npyFact(name.replace(/\.npy$/, ""), first, whole);
      return deflated ? { ...fact, packed } : fact;
    });
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
    fact.bytes === undefined ? "" : formatBytes(fact.bytes),
    notesOf(fact).join(", "),
  ]);
  return [`${plain(file)}: ${formatBytes(bytes)}`, ...table(rows, "<<<<><")];
}

function notesOf({ version, bigEndian, packed, bytes, missing }: Fact): string[] {
  return [
    ...(version === undefined ? [] : [`header ${version}`]),
    ...(bigEndian === undefined ? [] : ["big-endian"]),
    ...(packed === undefined || bytes === undefined ? [] : [`deflated to ${formatBytes(packed)}`]),
    ...(missing === undefined ? [] : [`${missing.toLocaleString("en-US")} missing`]),
  ];
}
