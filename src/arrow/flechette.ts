// The part of the package @uwdata/flechette that is used. Its own declarations are not named in ours: who does not install
// it compiles all the same.

/** A type of Arrow. */
export interface ArrowType {
  readonly typeId: number;
  readonly bitWidth?: number;
  readonly signed?: boolean;
  readonly precision?: number;
  readonly scale?: number;
  readonly unit?: number;
  readonly dictionary?: ArrowType;
  readonly indices?: ArrowType;
}

type Elements = Exclude<ArrayBufferView, DataView> & ArrayLike<number | bigint>;

/** A column within a record batch. */
export interface ArrowBatch {
  readonly length: number;
  readonly nullCount: number;
  readonly validity?: Uint8Array;
  readonly values: Elements;
  readonly offsets?: Elements;
  readonly dictionary?: ArrowColumn;
  at(index: number): unknown;
}

/** A column of a table. */
export interface ArrowColumn {
  readonly type: ArrowType;
  readonly length: number;
  readonly data: readonly ArrowBatch[];
  at(index: number): unknown;
}

/** A table of flechette. */
export interface ArrowTable {
  readonly names: readonly string[];
  readonly numRows: number;
  readonly children: readonly ArrowColumn[];
}

interface Codec {
  encode(bytes: Uint8Array): Uint8Array;
  decode(bytes: Uint8Array): Uint8Array;
}

/** flechette. */
export interface Flechette {
  tableFromIPC(bytes: Uint8Array): ArrowTable;
  tableToIPC(table: ArrowTable, options: { format: "file" | "stream" }): Uint8Array;
  tableFromColumns(columns: [string, ArrowColumn][]): ArrowTable;
  columnFromArray(values: ArrayLike<unknown>, type: ArrowType): ArrowColumn;
  batchType(
    type: ArrowType,
  ): new (
    options: Record<string, unknown>,
  ) => ArrowBatch & { setDictionary(column: ArrowColumn): ArrowBatch };
  readonly Column: new (batches: ArrowBatch[], type: ArrowType) => ArrowColumn;
  int(bits: number, signed: boolean): ArrowType;
  float(precision: number): ArrowType;
  bool(): ArrowType;
  utf8(): ArrowType;
  dictionary(values: ArrowType, indices: ArrowType): ArrowType;
  getCompressionCodec(id: number): Codec | null;
  setCompressionCodec(id: number, codec: Codec): void;
}
