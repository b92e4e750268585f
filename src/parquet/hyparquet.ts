// The part of the packages hyparquet and hyparquet-writer that is used. Their own declarations are not named in ours: who
// does not install them compiles all the same.

/** An element of a schema. */
export interface Element {
  name: string;
  type?: string;
  type_length?: number;
  repetition_type?: string;
  num_children?: number;
  converted_type?: string;
  scale?: number;
  precision?: number;
  logical_type?: {
    readonly type: string;
    readonly unit?: string;
    readonly bitWidth?: number;
    readonly isSigned?: boolean;
    readonly isAdjustedToUTC?: boolean;
    readonly scale?: number;
  };
}

/** What a file says of a column of a row group. */
export interface Chunk {
  readonly file_path?: string;
  readonly crypto_metadata?: unknown;
  readonly meta_data?: {
    readonly type: string;
    readonly path_in_schema: readonly string[];
    readonly codec: string;
    readonly num_values: bigint;
    readonly total_compressed_size: bigint;
    readonly data_page_offset: bigint;
    readonly dictionary_page_offset?: bigint;
    readonly statistics?: { readonly null_count?: bigint };
  };
}

/** What the end of a file says. */
export interface Metadata {
  readonly version: number;
  readonly schema: readonly Element[];
  readonly num_rows: bigint;
  readonly row_groups: readonly {
    readonly columns: readonly Chunk[];
    readonly num_rows: bigint;
    readonly total_byte_size: bigint;
  }[];
  readonly created_by?: string;
  readonly metadata_length: number;
}

/** hyparquet. */
export interface Hyparquet {
  parquetMetadata(bytes: Uint8Array, options: { geoparquet: boolean }): Metadata;
  parquetRead(options: {
    file: { byteLength: number; slice(start: number, end?: number): ArrayBuffer };
    metadata: Metadata;
    columns: string[];
    compressors: Record<string, (input: Uint8Array, size: number) => Uint8Array>;
    parsers: Record<string, (value: never) => unknown>;
    geoparquet: boolean;
    onChunk(chunk: { columnData: ArrayLike<unknown> }): void;
  }): Promise<void>;
}

/** What hyparquet-writer writes to. */
export interface Writer {
  offset: number;
  getBytes(): Uint8Array;
  flush?(): void;
  finish(): void;
}

/** hyparquet-writer. */
export interface HyparquetWriter {
  ByteWriter: new () => Writer & { index: number };
  ParquetWriter: new (options: {
    writer: Writer;
    schema: Element[];
    codec: string;
    createdBy: string;
    statistics: boolean;
    compressors: Record<string, (bytes: Uint8Array) => Uint8Array> | undefined;
  }) => {
    write(options: {
      columnData: { name: string; data: ArrayLike<unknown>; statistics: boolean }[];
      rowGroupSize: number;
    }): void | Promise<void>;
    finish(): void | Promise<void>;
  };
}
