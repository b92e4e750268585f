import type { ArrayLike } from "../array/convert.js";
import { blobOf } from "../array/lists.js";
import type { NDArray } from "../array/ndarray.js";
import { takes } from "../array/options.js";
import { Temporaries } from "../array/temporaries.js";
import type { DType } from "../base/dtype.js";
import { collectNpy, npyPieces, npySize, pullNpy, RUN } from "./npyData.js";
import { PREFIX } from "./npyHeader.js";
import { type Arrays, openArrays } from "./npz.js";
import { ByteSink, drain, drainLate, isLateSink, type LateSink, openSink } from "./sink.js";
import {
  type BlobLike,
  type BytesLike,
  chunksOf,
  isLate,
  joined,
  type LateSource,
  openSource,
  type PathLike,
  pullOf,
  sourceOf,
} from "./source.js";
import { isArchive } from "./zip.js";

const SAVE = takes("save(a, to)"),
  LOAD = takes("load(source)", null, "load(path, { mmapMode }) is that of nbytes/node");

const WHAT = "a .npy or .npz file";

/**
 * Writes an array as a .npy file: a header of a multiple of 64 bytes, then the elements in row-major order, straight from
 * engine memory. Without `to` it gives the bytes. A path is written under a temporary name, which becomes the file's when
 * all is there; a stream (a `WritableStream`, a `Writable` of Node) is written in chunks of 64 KiB, and ended. Errors: a
 * `FileError` for a path that cannot be written; a `DTypeError` for what is neither.
 *
 * @example
 * save(array([1, 2, 3])).length // 152
 */
export function save(a: ArrayLike): Uint8Array<ArrayBuffer>;
export function save(a: ArrayLike, to: PathLike): void;
export function save(a: ArrayLike, to: LateSink): Promise<void>;
export function save(a: ArrayLike, to?: PathLike | LateSink): Uint8Array<ArrayBuffer> | Promise<void> | void {
  SAVE.count(arguments.length);
  if (to !== undefined && isLateSink(to)) return saveLate(a, to);
  using work = new Temporaries("save");
  const x = work.array(a);
  if (to !== undefined) return drain(npyPieces(x, RUN), openSink(to, "save"));
  const bytes = new ByteSink(npySize(x));
  drain(npyPieces(x, RUN), bytes);
  return bytes.bytes;
}

async function saveLate(a: ArrayLike, to: LateSink): Promise<void> {
  using work = new Temporaries("save");
  await drainLate(npyPieces(work.array(a)), to, "save");
}

/** What files hold: an array, or those of an archive by name. */
export type Loaded = NDArray<DType> | Arrays;

/**
 * Reads an array from a .npy file: versions 1 to 3, any of the fourteen dtypes in either byte order; or the arrays of an
 * .npz archive, by name, each read when it is first asked for. A path and bytes (an `ArrayBuffer`, a `SharedArrayBuffer`,
 * a typed array or a `DataView` of any realm) are read at once; for a `Blob`, a `Response` or a stream it gives a promise.
 * Bytes behind the elements are left alone. Returns a copy, read straight to where it lies; files in Fortran order give an
 * array whose first axis varies fastest, as in NumPy. Errors: a `ValueError` for what is no such file, or too short; a
 * `DTypeError` for what is no source, and for elements that this engine has no dtype for; a `FileError` for a path that
 * cannot be read.
 *
 * @example
 * load(save(array([1, 2, 3]))).tolist() // 1,2,3
 */
export function load<T extends Loaded = NDArray<DType>>(source: BytesLike): T;
export function load(source: `${string}.npz`): Arrays;
export function load<T extends Loaded = NDArray<DType>>(source: PathLike): T;
export function load<T extends Loaded = NDArray<DType>>(source: LateSource): Promise<T>;
export function load(source: PathLike | BytesLike | LateSource): Loaded | Promise<Loaded> {
  LOAD.count(arguments.length);
  if (blobOf(source) === null && isLate(source)) return loadLate(source);
  using opened = openSource(source, "load", WHAT);
  // An archive opens its source again for each array that is asked for.
  if (isArchive(opened)) return openArrays(opened, () => openSource(source, "load", WHAT));
  return pullNpy(pullOf(opened), opened.size, "load");
}

async function loadLate(from: LateSource): Promise<Loaded> {
  const chunks = chunksOf(from, "load", WHAT);
  using _ = { [Symbol.dispose]: () => void chunks.return() };
  const first: Uint8Array[] = [];
  let have = 0,
    ended = false;
  while (have < PREFIX && !ended) {
    const { done, value } = await chunks.next();
    if (done === true) ended = true;
    else {
      first.push(value.slice());
      have += value.length;
    }
  }
  const prefix = joined(first);
  if (!isArchive(sourceOf(prefix, ""))) return await collectNpy(prefix, ended, chunks, "load", sizeOf(from));
  // An archive's directory is at its end: there is no way but to have it all.
  const all: Uint8Array[] = [prefix];
  for await (const chunk of chunks) all.push(chunk.slice());
  const bytes = joined(all);
  return openArrays(sourceOf(bytes, "these bytes"), () => sourceOf(bytes, "these bytes"));
}

function sizeOf(from: LateSource): number | undefined {
  const { size, slice } = from as Partial<BlobLike>; // what is no Blob cannot be cut
  return typeof size === "number" && slice !== undefined ? size : undefined;
}
