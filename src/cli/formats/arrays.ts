import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import { basename } from "node:path";
import { plain } from "../../base/plain.js";
import { PREFIX, readHeader } from "../../files/npyHeader.js";
import { type Pull, pullOf, type Source } from "../../files/source.js";
import { isArchive, membersOf, openMember } from "../../files/zip.js";
import * as np from "../../index.js";
import { Progress } from "../frame/progress.js";
import {
  type Columns,
  type Content,
  type Fact,
  type Format,
  isArray,
  onlyArray,
  type Place,
  refuse,
  release,
} from "./format.js";
import { watched, written } from "./pieces.js";

/** Files of one array. */
export const npy: Format = {
  endings: [".npy"],
  read: async (place, rows) =>
    (rows === undefined ? null : await firstRows(place, rows)) ??
    contentOf(await watched(place, (file) => np.load<np.Loaded>(file))),
  facts: headers,
  write: (place, content) => {
    const array = onlyArray(content, place.path, "a .npy file");
    return written(place, array.nbytes, (file) => np.save(array, file));
  },
};

/** Archives of arrays by name. */
export const npz: Format = {
  endings: [".npz"],
  read: async (place) => contentOf(await members(place)),
  facts: headers,
  write: (place, content) => {
    const arrays = "array" in content ? { arr_0: content.array } : numeric(content.columns, place.path),
      total = Object.values(arrays).reduce((sum, { nbytes }) => sum + nbytes, 0);
    return written(place, total, (file) => np.savez(arrays, file));
  },
};

// Of a file that can be mapped no more is read than is wanted.
async function firstRows({ file, path }: Place, rows: number): Promise<Content | null> {
  const [fact] = reading(file, (source) =>
    isArchive(source) ? [] : [factOf(path, start(pullOf(source)), source.size)],
  );
  if (fact === undefined || fact.bigEndian === true || fact.shape.length === 0) return null;
  const { load } = await import("../../node.js");
  using mapped = load(file, { mmapMode: "r" });
  return { array: mapped.at(np.slice(0, rows)).evaluate(), shape: fact.shape };
}

// What a file is its bytes say, as they do to NumPy; not its name.
const contentOf = (loaded: np.Loaded): Content =>
  loaded instanceof np.NDArray ? { array: loaded } : { columns: loaded };

// The members of an archive one by one.
async function members({ file, path, io }: Place): Promise<np.Loaded> {
  const loaded = np.load<np.Loaded>(file);
  if (loaded instanceof np.NDArray) return loaded;
  const names = Object.keys(loaded),
    progress = new Progress(io, plain(path), names.length, "arrays"),
    arrays: Record<string, np.NDArray> = {};
  try {
    for (const [i, name] of names.entries()) {
      arrays[name] = loaded[name];
      await progress.at(i + 1);
    }
    return arrays;
  } catch (error) {
    release({ columns: arrays });
    throw error;
  } finally {
    progress.end();
  }
}

function numeric(columns: Columns, path: string): Record<string, np.NDArray> {
  const texts = Object.keys(columns).filter((name) => !isArray(columns[name]));
  if (texts.length > 0) refuse(path, `arrays hold no texts, as in '${plain(texts[0])}'; write .csv or .json`);
  return columns as Record<string, np.NDArray>; // none of them is texts
}

// Of an array its header is enough: it tells dtype, shape and order.
function factOf(name: string, start: Uint8Array, size: number): Fact {
  const { descr, shape, fortran, swapped } = readHeader(start, size);
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

function headers({ file, path }: Place): Fact[] {
  return reading(file, (source) =>
    isArchive(source) ? factsOfArchive(source) : [factOf(basename(path), start(pullOf(source)), source.size)],
  );
}

function factsOfArchive(source: Source): Fact[] {
  return membersOf(source)
    .filter(({ name }) => !name.endsWith("/"))
    .map((member) => {
      const { pull } = openMember(source, member),
        fact = factOf(member.name.replace(/\.npy$/, ""), start(pull), member.size);
      return member.deflated ? { ...fact, packed: member.packed } : fact;
    });
}

function start(pull: Pull): Uint8Array {
  const bytes = new Uint8Array(PREFIX);
  return bytes.subarray(0, pull(bytes));
}

function reading<T>(file: string, act: (source: Source) => T): T {
  const from = openSync(file, "r");
  try {
    return act({
      name: "the file",
      size: fstatSync(from).size,
      read: (at, into) => readSync(from, into, 0, into.length, at),
      [Symbol.dispose](): void {},
    });
  } finally {
    closeSync(from);
  }
}
