import { live, type NDArray, rawData, stridesOf, viewOf } from "../array/ndarray.js";
import { takes } from "../array/options.js";
import { Temporaries } from "../array/temporaries.js";
import type { DType } from "../base/dtype.js";
import { DTypeError, ValueError } from "../base/errors.js";
import { builtin } from "../base/host.js";
import { isInstance, shown } from "../base/shown.js";
import { imported } from "../columnar/packages.js";
import { fromHalf } from "../core/element.js";
import { ByteSink, drain, drainLate, isLateSink, type LateSink, openSink } from "../files/sink.js";
import type { PathLike } from "../files/source.js";
import { Categorical } from "../table/factorize.js";
import { type Column, Table } from "../table/table.js";
import type { Element, HyparquetWriter } from "./hyparquet.js";

/** How a Parquet file is written. */
export interface WriteParquetOptions {
  /** The compression of pages: `SNAPPY` if not given; `GZIP` in Node alone. */
  codec?: "SNAPPY" | "UNCOMPRESSED" | "GZIP";
  /** Rows of a row group, 131,072 if not given: so many of all columns are in JavaScript's heap at a time. */
  rowGroupSize?: number;
}

const WRITE = takes("writeParquet(table, to)", { codec: "string", rowGroupSize: "size" });

const CODECS = ["SNAPPY", "UNCOMPRESSED", "GZIP"];

/** The types that dtypes are stored in. */
const STORED: Readonly<Partial<Record<DType, Omit<Element, "name">>>> = {
  bool: { type: "BOOLEAN" },
  int8: { type: "INT32", converted_type: "INT_8" },
  int16: { type: "INT32", converted_type: "INT_16" },
  int32: { type: "INT32" },
  int64: { type: "INT64" },
  uint8: { type: "INT32", converted_type: "UINT_8" },
  uint16: { type: "INT32", converted_type: "UINT_16" },
  uint32: { type: "INT32", converted_type: "UINT_32" },
  uint64: { type: "INT64", converted_type: "UINT_64" },
  float16: { type: "FIXED_LEN_BYTE_ARRAY", type_length: 2, logical_type: { type: "FLOAT16" } },
  float32: { type: "FLOAT" },
  float64: { type: "DOUBLE" },
};

/**
 * Writes a table as a Parquet file, row group by row group; what is written is not copied as a whole. NaN stays NaN, and
 * strings that are missing are null. Without `to` it gives the bytes; a path is written under a temporary name, which
 * becomes the file's when all is there; a stream is ended. Needs the packages hyparquet and hyparquet-writer. Errors: an
 * `ImportError` without them; a `DTypeError` that names a complex column; a `FileError` for a path that cannot be written.
 */
export function writeParquet(
  table: Table,
  to?: undefined,
  options?: WriteParquetOptions,
): Promise<Uint8Array<ArrayBuffer>>;
export function writeParquet(table: Table, to: PathLike | LateSink, options?: WriteParquetOptions): Promise<undefined>;
export async function writeParquet(
  table: Table,
  to?: PathLike | LateSink,
  options?: WriteParquetOptions,
): Promise<Uint8Array<ArrayBuffer> | undefined> {
  const { codec = "SNAPPY", rowGroupSize = 131_072 } = WRITE.read(options, arguments.length);
  if (!isInstance(table, Table)) throw new DTypeError(`writeParquet takes a table, not ${shown(table)}`);
  if (!CODECS.includes(codec))
    throw new ValueError(`writeParquet: codec is one of ${CODECS.join(", ")}, not ${shown(codec)}`);
  if (rowGroupSize < 1) throw new ValueError("writeParquet: rowGroupSize is at least 1");
  const schema = schemaOf(table),
    compressors = packersOf(codec);
  // What is named there is part of what hyparquet-writer declares.
  const library = (await imported(
    "writeParquet",
    "hyparquet-writer",
    () => import("hyparquet-writer"),
  )) as unknown as HyparquetWriter; // a part of what it declares
  const pieces = piecesOf(table, library, { schema, codec, compressors }, rowGroupSize);
  if (to === undefined) {
    const sink = new ByteSink();
    drain(pieces, sink);
    return sink.bytes;
  }
  if (isLateSink(to)) await drainLate(pieces, to, "writeParquet");
  else drain(pieces, openSink(to, "writeParquet"));
  return undefined;
}

type Packers = Record<string, (bytes: Uint8Array) => Uint8Array>;

function packersOf(codec: string): Packers | undefined {
  if (codec !== "GZIP") return undefined;
  const { gzipSync } = builtin<{ gzipSync?(bytes: Uint8Array): Uint8Array }>("node:zlib") ?? {};
  if (gzipSync === undefined) throw new ValueError("writeParquet: this host has no GZIP: pass codec: 'SNAPPY'");
  return { GZIP: gzipSync };
}

function schemaOf(table: Table): Element[] {
  const names = table.columns;
  const schema: Element[] = [{ name: "root", num_children: names.length }];
  for (const name of names) {
    const column = table.at(name);
    if (column instanceof Categorical) {
      schema.push({ name, type: "BYTE_ARRAY", converted_type: "UTF8", repetition_type: "OPTIONAL" });
      continue;
    }
    live(column);
    const stored = STORED[column.dtype];
    if (stored === undefined)
      throw new DTypeError(
        `writeParquet: column ${shown(name)} is ${column.dtype}, which Parquet has no type for: write its real and imaginary parts`,
      );
    schema.push({ name, ...stored, repetition_type: "REQUIRED" });
  }
  return schema;
}

function* piecesOf(
  table: Table,
  { ByteWriter, ParquetWriter }: HyparquetWriter,
  options: { schema: Element[]; codec: string; compressors: Packers | undefined },
  size: number,
): Generator<Uint8Array, void, void> {
  const bytes = new ByteWriter(),
    writer = new ParquetWriter({ ...options, writer: bytes, createdBy: "nbytes", statistics: true });
  for (let row = 0; row < table.length; row += size) {
    const end = Math.min(row + size, table.length);
    using work = new Temporaries("writeParquet");
    const slices = table.columns.map((name) => sliceOf(table.at(name), row, end, work));
    // Views of engine memory: nothing is allocated in it until they are written.
    const columnData = table.columns.map((name, i) => ({
      name,
      data: slices[i](),
      statistics: table.dtypes[name] !== "uint32", // as signed integers they would be wrong
    }));
    writer.write({ columnData, rowGroupSize: size });
    yield bytes.getBytes();
    bytes.index = 0;
  }
  writer.finish();
  yield bytes.getBytes();
}

// The elements of some rows; the function gives them when nothing more is allocated.
function sliceOf(column: Column, from: number, to: number, work: Temporaries): () => ArrayLike<unknown> {
  if (column instanceof Categorical) {
    const { categories } = column,
      codes = sliceOf(column.codes, from, to, work);
    return () => Array.from(codes(), (code) => categories[code as number] ?? null); // codes are small integers
  }
  live(column);
  const step = stridesOf(column)[0],
    part = work.use(viewOf(column, column.descr, [to - from], [step], column.offset + from * step)),
    packed = step === column.itemsize ? part : work.copy(part, "strides");
  return () => elementsOf(packed);
}

function elementsOf(packed: NDArray<DType>): ArrayLike<unknown> {
  const raw = rawData(packed);
  if (packed.dtype === "bool") return Array.from(raw as Uint8Array, (byte) => byte !== 0);
  if (packed.dtype === "float16") return Array.from(raw as Uint16Array, fromHalf);
  // In a list it makes signed integers of them, of which Parquet's are made.
  if (packed.dtype === "uint32") return Array.from(raw as Uint32Array);
  return raw;
}
