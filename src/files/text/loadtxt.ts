import type { NDArray } from "../../array/ndarray.js";
import { takes } from "../../array/options.js";
import { type DType, descrOf } from "../../base/dtype.js";
import { ValueError } from "../../base/errors.js";
import { loading } from "./loading.js";
import { type Converters, checkConverters, DIALECT, type DialectOptions, dialectOf, usecolsOf } from "./options.js";
import type { LateTextSource, TextSource } from "./pieces.js";

/** What `loadtxt` takes; NumPy's names and defaults. */
export interface LoadtxtOptions<D extends DType = DType> extends DialectOptions {
  dtype?: D | undefined;
  /** Lines to leave out at the beginning, comments and blank ones too. */
  skiprows?: number;
  /** The fields to read, from 0 on, in this order; negative ones count from the end. */
  usecols?: number | readonly number[] | null;
  /** Rows to read at most; blank lines and comments are none. */
  maxRows?: number | null;
  /** The least number of axes: 0, 1 or 2. */
  ndmin?: number;
  /** Whether to give the columns, as the rows of the result. */
  unpack?: boolean;
  /** Functions from a field's text to its value: one for all fields, or one by the number of its field. */
  converters?: Converters | null;
}

const LOADTXT = takes("loadtxt(source)", {
  dtype: "dtype?",
  ...DIALECT,
  skiprows: "size",
  usecols: "anything",
  maxRows: "size?",
  ndmin: "size",
  unpack: "boolean",
  converters: "anything",
});

/**
 * Reads numbers from a text, a row a line, into an array of `dtype`, float64 by default. `source` is a path, bytes,
 * `{ text }`, a list of lines; with a `Blob`, a `Response` or a stream it returns a promise. A string is a path. Axes of
 * length 1 are left out, as in NumPy. Where the text can be read twice its lines are counted first, and memory is the
 * array's alone; a stream's array grows. Every float64 is the one nearest to its decimal. Errors: a `ParseError` with
 * file, line and column for what is no number, for another number of columns and for quotes that are never closed; a
 * `FileError` for a path.
 */
export function loadtxt<D extends DType = "float64">(source: TextSource, options?: LoadtxtOptions<D>): NDArray<D>;
export function loadtxt<D extends DType = "float64">(
  source: LateTextSource,
  options?: LoadtxtOptions<D>,
): Promise<NDArray<D>>;
export function loadtxt<D extends DType = "float64">(
  source: TextSource | LateTextSource,
  options?: LoadtxtOptions<D>,
): NDArray<D> | Promise<NDArray<D>> {
  const {
    dtype = "float64",
    ndmin = 0,
    usecols,
    converters,
    skiprows = 0,
    maxRows = null,
    unpack = false,
    ...rest
  } = LOADTXT.read(options, arguments.length);
  if (ndmin > 2) throw new ValueError(`Illegal value of ndmin keyword: ${ndmin}`);
  checkConverters(converters);
  return loading<D>(source, {
    op: "loadtxt",
    dialect: dialectOf(rest),
    descr: descrOf(dtype),
    usecols: usecolsOf(usecols),
    converters,
    skip: skiprows,
    most: maxRows,
    ndmin,
    unpack,
    lenient: null,
  });
}
