import type { ArrayLike } from "../array/convert.js";
import { type NDArray, refuseStranger } from "../array/ndarray.js";
import { isPlain, type Signature, takes } from "../array/options.js";
import { Temporaries } from "../array/temporaries.js";
import type { DType } from "../base/dtype.js";
import { DTypeError } from "../base/errors.js";
import { shown } from "../base/shown.js";
import { type Deflater, deflater } from "./deflate.js";
import { npyPieces, npySize, RUN } from "./npyData.js";
import { ByteSink, drain, drainLate, isLateSink, type LateSink, openSink } from "./sink.js";
import type { PathLike } from "./source.js";
import { type Content, storedSize, zipPieces } from "./zipWrite.js";

const SAVEZ = takes("savez(arrays, to)"),
  COMPRESSED = takes("savezCompressed(arrays, to)");

/** What becomes an archive: arrays by name. */
export type Named = { readonly [name: string]: ArrayLike };

type Place = PathLike | LateSink | undefined;
type Written = Uint8Array<ArrayBuffer> | Promise<void> | void;

/**
 * Writes arrays by name as an .npz archive of stored .npy files, straight from engine memory. Without `to` it gives the
 * bytes; a path and a stream are written as `save` does. Errors: a `ValueError` for a name that leads out of an archive,
 * a `DTypeError` for what is no object of arrays, a `FileError` for a path that cannot be written.
 *
 * @example
 * const { x } = load(savez({ x: array([1, 2]), y: array([3]) }))
 * x.tolist() // 1,2
 */
export function savez(arrays: Named): Uint8Array<ArrayBuffer>;
export function savez(arrays: Named, to: PathLike): void;
export function savez(arrays: Named, to: LateSink): Promise<void>;
export function savez(arrays: Named, to?: PathLike | LateSink): Written {
  return write(SAVEZ, arrays, to, null, arguments.length);
}

/**
 * As `savez`, with deflated members; NumPy's `savez_compressed`. Where Node's zlib is, it deflates piece by piece; in
 * browsers the bytes of one array at a time are in memory of JavaScript's own while they are deflated.
 */
export function savezCompressed(arrays: Named): Uint8Array<ArrayBuffer>;
export function savezCompressed(arrays: Named, to: PathLike): void;
export function savezCompressed(arrays: Named, to: LateSink): Promise<void>;
export function savezCompressed(arrays: Named, to?: PathLike | LateSink): Written {
  return write(COMPRESSED, arrays, to, deflater, arguments.length);
}

function write(call: Signature, arrays: Named, to: Place, deflate: (() => Deflater) | null, count: number): Written {
  call.count(count);
  if (to !== undefined && isLateSink(to)) return writeLate(call.name, arrays, to, deflate);
  using work = new Temporaries(call.name);
  const contents = contentsOf(arrays, call.name, work, deflate === null ? RUN : undefined),
    size = storedSize(contents);
  if (to !== undefined) return drain(zipPieces(contents, deflate), openSink(to, call.name));
  const bytes = new ByteSink(deflate === null ? size : undefined);
  drain(zipPieces(contents, deflate), bytes);
  return bytes.bytes;
}

async function writeLate(op: string, arrays: Named, to: LateSink, deflate: (() => Deflater) | null): Promise<void> {
  using work = new Temporaries(op);
  const contents = contentsOf(arrays, op, work);
  storedSize(contents);
  await drainLate(zipPieces(contents, deflate), to, op);
}

function contentsOf(arrays: Named, op: string, work: Temporaries, most?: number): Content[] {
  if (!isPlain(arrays)) {
    refuseStranger(arrays);
    throw new DTypeError(`${op} takes arrays by name, { x, y }, not ${shown(arrays)}`);
  }
  return Object.entries({ ...arrays }).map(([name, value]) => {
    const x: NDArray<DType> = work.array(value);
    return { name: `${name}.npy`, size: npySize(x), pieces: () => npyPieces(x, most) };
  });
}
