import { takes } from "../array/options.js";
import type { DType } from "../base/dtype.js";
import { DTypeError, ValueError } from "../base/errors.js";
import { rowMajor, sizeOfShape } from "../base/layout.js";
import { type Bytes, parseBytes } from "../base/units.js";
import { type Loaded, load as loadWhole } from "../files/npy.js";
import { PREFIX, readHeader } from "../files/npyHeader.js";
import type { BytesLike, LateSource, PathLike } from "../files/source.js";
import { type Mappable, openHandle } from "./handle.js";
import type { MappedArray } from "./mappedArray.js";
import { mapped } from "./mapping.js";

/** What `load` of `nbytes/node` takes. */
export interface LoadOptions {
  /** Maps the file instead of reading it: `r` to read, `r+` to write into it too, `c` to write into memory only. */
  mmapMode?: "r" | "r+" | "c";
  /** The most bytes of pages of a mapped file in memory: 8 MiB. */
  cache?: Bytes;
}

const LOAD = takes("load(source)", { mmapMode: "string", cache: "anything" });

const MODES: readonly string[] = ["r", "r+", "c"];

/**
 * `load` of `nbytes`; with `mmapMode` the elements stay in the .npy file, and a mapped array of them is returned. Errors
 * besides: a `ValueError` for a file that is too short, for another mode, and for elements in the other byte order, which
 * cannot be computed with where they are.
 */
export function load<D extends DType = DType>(
  source: Mappable,
  options: LoadOptions & { mmapMode: "r" | "r+" | "c" },
): MappedArray<D>;
export function load<T extends Loaded>(source: BytesLike | PathLike): T;
export function load<T extends Loaded>(source: LateSource): Promise<T>;
export function load(source: unknown, options?: LoadOptions): unknown {
  const { mmapMode, cache = "8 MiB" } = LOAD.read(options, arguments.length);
  if (mmapMode === undefined) return loadWhole(source as PathLike); // whatever it is: it asks
  if (!MODES.includes(mmapMode))
    throw new ValueError(`mmapMode must be one of ${MODES.map((m) => `'${m}'`).join(", ")} (got '${mmapMode}')`);
  const limit = parseBytes(cache),
    handle = openHandle(source, mmapMode, "load");
  return mapped(handle, mmapMode, limit, () => {
    const { size, name } = handle,
      prefix = new Uint8Array(Math.min(PREFIX, size));
    handle.read(0, prefix);
    const { descr, swapped, fortran, shape, start } = readHeader(prefix, size),
      end = start + sizeOfShape(shape) * descr.itemsize;
    if (swapped)
      throw new DTypeError(
        `the elements of ${name} lie in the other byte order, big-endian: load() reads them, and save() writes them anew`,
      );
    if (end > size)
      throw new ValueError(`mmap length is greater than file size: ${end} bytes of ${name}, which has ${size}`);
    const strides = fortran
      ? rowMajor([...shape].reverse(), descr.itemsize).reverse()
      : rowMajor(shape, descr.itemsize);
    return { descr, layout: { shape, strides, offset: start } };
  });
}
