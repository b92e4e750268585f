import { ValueError } from "../base/errors.js";

/** A table of a flatbuffer: where it is, and where its fields are told. */
export interface FlatTable {
  readonly at: number;
  readonly vtable: number;
  readonly size: number;
}

/** Flatbuffers, every place of which is checked before it is read. Errors: a `ValueError` with the byte in the file. */
export class Flat {
  readonly #view: DataView;
  /** Tables that may still be read: each takes four bytes, and a file could name one a thousand times. */
  #left: number;
  constructor(
    readonly bytes: Uint8Array,
    /** Where the bytes begin in the file. */
    readonly offset: number,
    readonly where: string,
  ) {
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#left = bytes.length / 4;
  }

  fail(what: string, at: number): ValueError {
    return new ValueError(`${this.where}: byte ${this.offset + at}: ${what}`);
  }

  #inside(at: number, count: number): void {
    if (!(at >= 0 && at + count <= this.bytes.length)) throw this.fail("it points out of its message", at);
  }

  byte(at: number): number {
    this.#inside(at, 1);
    return this.bytes[at];
  }

  int16(at: number): number {
    this.#inside(at, 2);
    return this.#view.getInt16(at, true);
  }

  int32(at: number): number {
    this.#inside(at, 4);
    return this.#view.getInt32(at, true);
  }

  /** A length or an offset. */
  size(at: number): number {
    this.#inside(at, 8);
    const value = Number(this.#view.getBigInt64(at, true));
    if (value < 0 || !Number.isSafeInteger(value)) throw this.fail(`${value} as a length`, at);
    return value;
  }

  // What an offset points to, which is always behind it.
  #target(at: number): number {
    const by = this.int32(at);
    if (by <= 0) throw this.fail(`an offset of ${by}`, at);
    return at + by;
  }

  /** The table that the offset at a place points to. */
  table(at: number): FlatTable {
    if (this.#left-- < 0) throw this.fail("tables that contain each other", at);
    const start = this.#target(at),
      vtable = start - this.int32(start),
      size = this.int16(vtable);
    if (size < 4) throw this.fail(`a table of ${size} bytes`, at);
    this.#inside(vtable, size);
    return { at: start, vtable, size };
  }

  /** Where the field of a number is; null if the table has none. */
  field({ at, vtable, size }: FlatTable, id: number): number | null {
    if (4 + 2 * id >= size) return null;
    const by = this.int16(vtable + 4 + 2 * id);
    if (by === 0) return null;
    this.#inside(at + by, 1);
    return at + by;
  }

  /** A vector of items of `stride` bytes: where the first is, and how many there are. */
  vector(at: number | null, stride: number): readonly [first: number, count: number] {
    if (at === null) return [0, 0];
    const base = this.#target(at),
      count = this.int32(base);
    if (count < 0) throw this.fail(`a list of ${count} items`, base);
    this.#inside(base + 4, count * stride);
    return [base + 4, count];
  }
}
