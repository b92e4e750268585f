import { takes } from "../array/options.js";
import { type DType, descrOf } from "../base/dtype.js";
import { ValueError } from "../base/errors.js";
import { checkShape, rowMajor, type ShapeLike, sizeOfShape } from "../base/layout.js";
import { type Bytes, parseBytes } from "../base/units.js";
import { type Handle, type MapMode, type Mappable, openHandle } from "./handle.js";
import type { MappedArray } from "./mappedArray.js";
import { mapped } from "./mapping.js";

/** What `openMemmap` takes. */
export interface MemmapOptions<D extends DType = DType> {
  /** uint8 if not given, as in NumPy. */
  dtype?: D;
  /** All that the file holds behind `offset`, along one axis, if not given. */
  shape?: ShapeLike;
  /** `r` to read, `r+` to write too (what is given if nothing is), `w+` to make or empty the file, `c` to write into memory only. */
  mode?: MapMode;
  /** Bytes before the first element. */
  offset?: number;
  /** The most bytes of pages in memory: 8 MiB. */
  cache?: Bytes;
}

const OPEN = takes("openMemmap(path)", {
  dtype: "dtype",
  shape: "anything",
  mode: "string",
  offset: "size",
  cache: "anything",
});

/** The mode as it is written; errors as NumPy's. */
const MODES: readonly string[] = ["r", "r+", "w+", "c"];

/**
 * Maps a file: an array whose elements stay there, of which pages are in memory. A path, or what
 * `createSyncAccessHandle()` gives a worker of a browser, or, to read it, a `Blob` or `File` in a browser. With `w+` the file is made, or emptied, of zeros. NumPy: `memmap`.
 * Errors: a `FileError`; a `ValueError` for a file that is too short, and without a shape for one whose size is no
 * multiple of the dtype's.
 */
export function openMemmap<D extends DType = "uint8">(file: Mappable, options?: MemmapOptions<D>): MappedArray<D> {
  const {
    dtype = "uint8" as D,
    shape,
    mode = "r+",
    offset = 0,
    cache = "8 MiB",
  } = OPEN.read(options, arguments.length);
  if (!MODES.includes(mode))
    throw new ValueError(`mode must be one of ${MODES.map((m) => `'${m}'`).join(", ")} (got '${mode}')`);
  if (mode === "w+" && shape === undefined) throw new ValueError("shape must be given if mode == 'w+'");
  const descr = descrOf(dtype),
    limit = parseBytes(cache),
    asked = shape === undefined ? null : checkShape(shape);
  const handle = openHandle(file, mode, "openMemmap");
  return mapped(handle, mode, limit, () => {
    const lengths = asked ?? [countOf(handle, offset, descr.itemsize)],
      end = offset + sizeOfShape(lengths) * descr.itemsize;
    if (mode === "w+") {
      handle.resize(0);
      handle.resize(end);
    } else if (handle.size < end) {
      if (mode !== "r+")
        throw new ValueError(
          `mmap length is greater than file size: ${end} bytes of ${handle.name}, which has ${handle.size}`,
        );
      handle.resize(end);
    }
    return { descr, layout: { shape: lengths, strides: rowMajor(lengths, descr.itemsize), offset } };
  });
}

function countOf(handle: Handle, offset: number, itemsize: number): number {
  const bytes = handle.size - offset;
  if (bytes >= 0 && bytes % itemsize === 0) return bytes / itemsize;
  throw new ValueError(
    `Size of available data is not a multiple of the data-type size: ${bytes} bytes of ${handle.name} from byte ${offset} on, ${itemsize} each`,
  );
}
