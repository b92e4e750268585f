import { NDArrayError, ValueError } from "../base/errors.js";
import { shown } from "../base/shown.js";
import { unpackerOf } from "../columnar/codecs.js";
import { imported } from "../columnar/packages.js";
import { openRanges, type Ranges, type TableSource } from "../columnar/ranges.js";
import type { Chunk, Hyparquet, Metadata } from "./hyparquet.js";
import { type Leaf, leavesOf, WIDTHS } from "./leaves.js";
import { Pages } from "./pages.js";
import { Thrift } from "./thrift.js";

/** The last bytes of a file, which are read first: most often the whole of what it says of itself is in them. */
const TAIL = 65536;

/** The bytes of a file without rows: its mark at both ends, and the length of what lies between. */
const LEAST = 4 + 4 + 4;

/** Rows of one row group: what decodes them holds a value for each. Writers make groups of a million and less. */
const MOST_ROWS = 2 ** 26;

/** A row group, of whose columns none was read. */
export interface Group {
  readonly rows: number;
  readonly chunks: ReadonlyMap<string, Chunk>;
}

/** A Parquet file that is open to be read. */
export class ParquetFile {
  readonly leaves: readonly Leaf[];
  readonly groups: readonly Group[];
  readonly rows: number;
  readonly createdBy: string;
  readonly #ranges: Ranges;
  readonly #library: Hyparquet;
  readonly #op: string;

  private constructor(ranges: Ranges, library: Hyparquet, metadata: Metadata, op: string) {
    const { name } = ranges;
    this.#ranges = ranges;
    this.#library = library;
    this.#op = op;
    this.leaves = leavesOf(metadata.schema, name);
    this.createdBy = String(metadata.created_by ?? "");
    let rows = 0;
    this.groups = metadata.row_groups.map((group, i) => {
      const count = whole(group.num_rows, `${name}: rows of row group ${i}`);
      if (count > MOST_ROWS)
        throw new ValueError(
          `${name}: row group ${i} has ${count} rows, and no more than ${MOST_ROWS} are read at a time`,
        );
      rows += count;
      return { rows: count, chunks: chunksOf(group.columns) };
    });
    this.rows = whole(metadata.num_rows, `${name}: rows`);
    if (this.rows !== rows)
      throw new ValueError(`${name}: ${this.rows} rows, and ${rows} in its row groups: it is damaged`);
  }

  /** Opens a source. Errors: what `openRanges` throws; an `ImportError`; a `ValueError` for what is no such file. */
  static async open(source: TableSource, op: string): Promise<ParquetFile> {
    const loaded = await imported(op, "hyparquet", () => import("hyparquet")),
      library = loaded as unknown as Hyparquet; // a part of what it declares
    const ranges = await openRanges(source, op, "a Parquet file");
    try {
      const footer = await footerOf(ranges);
      const metadata = told(`${ranges.name} is no Parquet file, or damaged`, () =>
        library.parquetMetadata(footer, { geoparquet: false }),
      );
      return new ParquetFile(ranges, library, metadata, op);
    } catch (error) {
      ranges[Symbol.dispose]();
      throw error;
    }
  }

  get name(): string {
    return this.#ranges.name;
  }

  /** Values that are missing in a column of a row group; undefined if the file does not tell. */
  missing(group: Group, { name, optional }: Leaf): number | undefined {
    const count = group.chunks.get(name)?.meta_data?.statistics?.null_count;
    if (!optional) return 0;
    return typeof count === "bigint" ? Number(count) : undefined;
  }

  /**
   * The values of a column of a row group, as the package decodes them, in pieces. Errors: a `ValueError` that names file,
   * column and, where it is known, the byte.
   */
  async read(index: number, leaf: Leaf): Promise<ArrayLike<unknown>[]> {
    const group = this.groups[index],
      where = `${this.name}, column ${shown(leaf.name)} of row group ${index}`,
      chunk = group.chunks.get(leaf.name)?.meta_data;
    if (chunk === undefined) throw new ValueError(`${where}: the file does not say where it is`);
    const { start, end } = this.#place(leaf, group, chunk, where);
    const bytes = await this.#ranges.read(start, end),
      unpack = await unpackerOf(String(chunk.codec), this.#op);
    const facts = {
      rows: group.rows,
      optional: leaf.optional,
      codec: String(chunk.codec),
      type: chunk.type,
      width: WIDTHS[chunk.type] ?? leaf.element.type_length ?? 1,
    };
    const pages = told(where, () => new Pages(bytes, start, where, facts, unpack));
    const pieces: ArrayLike<unknown>[] = [];
    try {
      await this.#library.parquetRead({
        file: { byteLength: end, slice: () => bytes.buffer },
        metadata: oneColumn(leaf, chunk, group.rows),
        columns: [leaf.name],
        compressors: { [facts.codec]: (input, size) => pages.unpack(input, size) },
        parsers: { stringFromBytes: textOf, timestampFromNanoseconds: (nanos: never) => nanos },
        geoparquet: false,
        onChunk: ({ columnData }) => void pieces.push(columnData),
      });
    } catch (error) {
      throw damaged(where, error);
    }
    checkAll(pieces, group.rows, pages.nulls, where);
    return pieces;
  }

  // Where a column lies. What it says of itself must be what the schema and the group say.
  #place(
    leaf: Leaf,
    { rows }: Group,
    chunk: NonNullable<Chunk["meta_data"]>,
    where: string,
  ): { start: number; end: number } {
    const values = whole(chunk.num_values, `${where}: values`),
      data = whole(chunk.data_page_offset, `${where}: its first page`),
      dictionary = chunk.dictionary_page_offset
        ? whole(chunk.dictionary_page_offset, `${where}: its dictionary`)
        : data,
      start = dictionary,
      end = start + whole(chunk.total_compressed_size, `${where}: its bytes`);
    if (values !== rows) throw new ValueError(`${where}: ${values} values in ${rows} rows: it is damaged`);
    if (chunk.type !== leaf.element.type)
      throw new ValueError(`${where}: ${chunk.type} in a column of ${leaf.element.type}`);
    if (start < 4 || start > data || end > this.#ranges.size - 8)
      throw new ValueError(`${where}: bytes ${start} to ${end} of a file of ${this.#ranges.size}: it is damaged`);
    return { start, end };
  }

  [Symbol.dispose](): void {
    this.#ranges[Symbol.dispose]();
  }
}

function chunksOf(columns: readonly Chunk[]): ReadonlyMap<string, Chunk> {
  const chunks = new Map<string, Chunk>();
  for (const chunk of columns) {
    const path = chunk.meta_data?.path_in_schema;
    if (path?.length === 1 && chunk.file_path === undefined && chunk.crypto_metadata === undefined)
      chunks.set(String(path[0]), chunk);
  }
  return chunks;
}

// The last part of a file, with what it says of itself.
async function footerOf(ranges: Ranges): Promise<Uint8Array<ArrayBuffer>> {
  const { name, size } = ranges;
  const fail = (what: string): ValueError => new ValueError(`${name} is no Parquet file, or cut short: ${what}`);
  if (size < LEAST) throw fail(`it has ${size} bytes`);
  let tail = await ranges.read(Math.max(0, size - TAIL), size);
  const magic = String.fromCharCode(...tail.subarray(tail.length - 4));
  if (magic === "PARE") throw new ValueError(`${name} is encrypted, and encrypted files are not read`);
  if (magic !== "PAR1") throw fail(`its last four bytes are ${shown(magic)}, not 'PAR1'`);
  const length = new DataView(tail.buffer).getUint32(tail.length - 8, true);
  if (length > size - 12) throw fail(`${length} bytes about the columns, of ${size}`);
  if (length + 8 > tail.length) tail = await ranges.read(size - length - 8, size);
  const start = tail.length - 8 - length;
  new Thrift(tail.subarray(start, start + length), 0, size - 8 - length, name).struct();
  return tail;
}

// What the package is told of a file: one column and one row group.
function oneColumn(leaf: Leaf, chunk: NonNullable<Chunk["meta_data"]>, rows: number): Metadata {
  const count = BigInt(rows);
  return {
    version: 2,
    schema: [{ name: "root", num_children: 1 }, leaf.element],
    num_rows: count,
    row_groups: [{ columns: [{ meta_data: chunk }], num_rows: count, total_byte_size: chunk.total_compressed_size }],
    metadata_length: 0,
  };
}

const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

// Of a dictionary that is too short nothing comes.
function textOf(bytes: Uint8Array | undefined): string | undefined {
  return bytes === undefined ? undefined : decoder.decode(bytes);
}

// A value that is not there where the levels say that it is comes of an index beyond the dictionary.
function checkAll(pieces: readonly ArrayLike<unknown>[], rows: number, nulls: number, where: string): void {
  let count = 0,
    none = 0;
  for (const piece of pieces) {
    count += piece.length;
    if (ArrayBuffer.isView(piece)) continue;
    for (let i = 0; i < piece.length; i++) if (piece[i] === null || piece[i] === undefined) none++;
  }
  if (count !== rows || none !== nulls)
    throw new ValueError(
      `${where}: ${count} values of ${rows}, ${none} of them missing, and ${nulls} by its pages: it is damaged`,
    );
}

/** An integer as files give it: a bigint, which may be any, or what another type of field left. */
function whole(value: unknown, what: string): number {
  const number = typeof value === "bigint" || typeof value === "number" ? Number(value) : Number.NaN;
  if (Number.isSafeInteger(number) && number >= 0) return number;
  throw new ValueError(`${what}: ${shown(value)} is no number of them: it is damaged`);
}

function told<T>(where: string, act: () => T): T {
  try {
    return act();
  } catch (error) {
    throw damaged(where, error);
  }
}

// What a package throws is told in the library's way.
function damaged(where: string, cause: unknown): Error {
  if (cause instanceof NDArrayError) return cause;
  return new ValueError(`${where}: ${String((cause as Error | null)?.message)}`, { cause });
}
