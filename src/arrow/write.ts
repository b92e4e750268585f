import { live, type NDArray, rawData, stridesOf } from "../array/ndarray.js";
import { takes } from "../array/options.js";
import { Temporaries } from "../array/temporaries.js";
import { type DType, dtypes } from "../base/dtype.js";
import { DTypeError, ValueError } from "../base/errors.js";
import { isInstance, shown } from "../base/shown.js";
import { imported } from "../columnar/packages.js";
import { drain, drainLate, isLateSink, type LateSink, openSink } from "../files/sink.js";
import type { PathLike } from "../files/source.js";
import { Categorical } from "../table/factorize.js";
import { Table } from "../table/table.js";
import type { ArrowBatch, ArrowColumn, ArrowTable, ArrowType, Flechette } from "./flechette.js";

/** How Arrow is written. */
export interface WriteArrowOptions {
  /** A `file`, whose batches can be read in any order, or a `stream`; `file` if not given. */
  format?: "file" | "stream";
}

const WRITE = takes("writeArrow(table, to)", { format: "string" }),
  TO = takes("toArrow(table)");

/**
 * Writes a table as an Arrow file or stream (IPC), which has one record batch. Strings are written as a dictionary with
 * their codes. Without `to` it gives the bytes; a path is written under a temporary name, which becomes the file's when all
 * is there; a stream is ended. Needs the package @uwdata/flechette, which makes all of the bytes in JavaScript's heap.
 * Errors: an `ImportError` without it; a `DTypeError` that names a complex column; a `FileError` for a path that cannot be
 * written.
 */
export function writeArrow(table: Table, to?: undefined, options?: WriteArrowOptions): Promise<Uint8Array<ArrayBuffer>>;
export function writeArrow(table: Table, to: PathLike | LateSink, options?: WriteArrowOptions): Promise<undefined>;
export async function writeArrow(
  table: Table,
  to?: PathLike | LateSink,
  options?: WriteArrowOptions,
): Promise<Uint8Array<ArrayBuffer> | undefined> {
  const { format = "file" } = WRITE.read(options, arguments.length);
  if (format !== "file" && format !== "stream")
    throw new ValueError(`writeArrow: format is 'file' or 'stream', not ${shown(format)}`);
  checkTable(table, "writeArrow");
  const library = await flechette("writeArrow");
  using work = new Temporaries("writeArrow");
  const bytes = library.tableToIPC(arrowOf(table, library, false, work), { format });
  if (to === undefined) return bytes as Uint8Array<ArrayBuffer>; // made by flechette, for itself
  if (isLateSink(to)) await drainLate([bytes], to, "writeArrow");
  else drain([bytes], openSink(to, "writeArrow"));
  return undefined;
}

/**
 * Makes a table of the package @uwdata/flechette, for programs that take such: Mosaic, Arquero, DuckDB. Returns a copy, in
 * JavaScript's heap. Errors: an `ImportError` without the package; a `DTypeError` that names a complex column.
 */
export async function toArrow(table: Table): Promise<ArrowTable> {
  TO.count(arguments.length);
  checkTable(table, "toArrow");
  const library = await flechette("toArrow");
  using work = new Temporaries("toArrow");
  return arrowOf(table, library, true, work);
}

async function flechette(op: string): Promise<Flechette> {
  const library = imported(op, "@uwdata/flechette", () => import("@uwdata/flechette"));
  return (await library) as unknown as Flechette; // a part of what it declares
}

function checkTable(table: Table, op: string): void {
  if (!isInstance(table, Table)) throw new DTypeError(`${op} takes a table, not ${shown(table)}`);
  for (const name of table.columns) {
    const column = table.at(name);
    if (column instanceof Categorical) continue;
    live(column);
    if (column.descr.kind === "c")
      throw new DTypeError(
        `${op}: column ${shown(name)} is ${column.dtype}, which Arrow has no type for: write its real and imaginary parts`,
      );
  }
}

// `copied`: whether the elements are copied out of engine memory, or seen in it.
function arrowOf(table: Table, library: Flechette, copied: boolean, work: Temporaries): ArrowTable {
  const packed = table.columns.map((name): [string, NDArray<DType>, readonly string[] | null] => {
    const column = table.at(name);
    if (column instanceof Categorical) return [name, packedOf(column.codes, work), column.categories];
    return [name, packedOf(column, work), null];
  });
  // Nothing is allocated in engine memory from here on.
  return library.tableFromColumns(
    packed.map(([name, array, categories]) => {
      const raw = rawData(array),
        values = copied ? raw.slice() : raw;
      return [
        name,
        categories === null ? numbers(array.dtype, values, library) : strings(array.dtype, values, categories, library),
      ];
    }),
  );
}

function packedOf(column: NDArray<DType>, work: Temporaries): NDArray<DType> {
  if (stridesOf(column)[0] === column.itemsize) return column;
  return work.copy(column, "strides");
}

type Values = ArrayLike<number | bigint>;

function columnWith(
  type: ArrowType,
  values: Values,
  validity: Uint8Array,
  nullCount: number,
  library: Flechette,
  of?: ArrowColumn,
): ArrowColumn {
  const made = new (library.batchType(type))({ length: values.length, nullCount, type, validity, values });
  return new library.Column([of === undefined ? (made as ArrowBatch) : made.setDictionary(of)], type);
}

function numbers(dtype: DType, values: Values, library: Flechette): ArrowColumn {
  const { kind, itemsize } = dtypes[dtype];
  // A bit for each.
  if (kind === "b")
    return library.columnFromArray(
      Array.from(values, (byte) => byte !== 0),
      library.bool(),
    );
  const type = kind === "f" ? library.float([2, 4, 8].indexOf(itemsize)) : library.int(8 * itemsize, kind === "i");
  return columnWith(type, values, new Uint8Array(0), 0, library);
}

function strings(dtype: DType, codes: Values, categories: readonly string[], library: Flechette): ArrowColumn {
  // flechette knows a dictionary by the object of its type.
  const text = library.utf8(),
    type = library.dictionary(text, library.int(8 * dtypes[dtype].itemsize, true)),
    dictionary = library.columnFromArray(categories, text);
  let missing = 0;
  for (let i = 0; i < codes.length; i++) if (Number(codes[i]) < 0) missing++;
  if (missing === 0) return columnWith(type, codes, new Uint8Array(0), 0, library, dictionary);
  const bits = new Uint8Array(Math.ceil(codes.length / 64) * 8);
  for (let i = 0; i < codes.length; i++) if (Number(codes[i]) >= 0) bits[i >> 3] |= 1 << (i & 7);
  return columnWith(type, codes, bits, missing, library, dictionary);
}
