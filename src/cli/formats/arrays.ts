import { closeSync, fstatSync, openSync, readSync, writeFileSync } from "node:fs";
import { open } from "node:fs/promises";
import { basename } from "node:path";
import { plain } from "../../base/plain.js";
import { PREFIX, readHeader } from "../../files/npyHeader.js";
import { type Pull, pullOf, type Source } from "../../files/source.js";
import { isArchive, membersOf, openMember } from "../../files/zip.js";
import * as np from "../../index.js";
import { Progress } from "../frame/progress.js";
import { type Columns, type Content, type Fact, type Format, isArray, type Place, refuse, release } from "./format.js";

/** Files of one array. */
export const npy: Format = {
  endings: [".npy"],
  read: async (place) => contentOf(await watched(place, (file) => np.load<np.Loaded>(file))),
  facts: headers,
  write: (place, content) => {
    const array = onlyArray(content, place.path);
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

// A file as a Blob, which is read piece by piece.
async function watched<T>({ file, path, io }: Place, load: (file: np.BlobLike) => Promise<T>): Promise<T> {
  const handle = await open(file),
    { size } = await handle.stat(),
    progress = new Progress(io, plain(path), size);
  const piece = async (from: number, to: number): Promise<ArrayBuffer> => {
    const bytes = new Uint8Array(Math.max(0, to - from)),
      { bytesRead } = await handle.read(bytes, 0, bytes.length, from);
    await progress.at(to);
    return bytes.buffer.slice(0, bytesRead);
  };
  try {
    return await load({
      size,
      slice: (from = 0, to = size) => ({ arrayBuffer: () => piece(from, Math.min(to, size)) }),
      arrayBuffer: () => piece(0, size),
    });
  } finally {
    progress.end();
    await handle.close();
  }
}

// A file as a stream, which is written piece by piece.
async function written(
  { file, path, io }: Place,
  total: number,
  save: (file: np.NodeWritable) => Promise<void>,
): Promise<void> {
  const out = openSync(file, "w"),
    progress = new Progress(io, plain(path), total);
  let done = 0;
  try {
    await save({
      write(piece, next) {
        writeFileSync(out, piece);
        done += piece.length;
        void progress.at(done).then(() => next());
        return true;
      },
      end: (next) => next(),
      destroy: () => {},
      on: () => {},
    });
  } finally {
    progress.end();
    closeSync(out);
  }
}

function onlyArray(content: Content, path: string): np.NDArray {
  if ("array" in content) return content.array;
  const columns = Object.values(content.columns),
    [only] = columns;
  if (columns.length !== 1 || !isArray(only))
    return refuse(
      path,
      `a .npy file has one array, and these are ${columns.length} columns; write .npz, .csv or .json`,
    );
  return only;
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
