import { ValueError } from "../base/errors.js";

// Parquet's headers are in Thrift's compact protocol. They are walked over before they are given to the package that reads
// them: a damaged one could make it loop, or allocate without end.

const TRUE = 1,
  BYTE = 3,
  I16 = 4,
  I64 = 6,
  DOUBLE = 7,
  BINARY = 8,
  LIST = 9,
  STRUCT = 12;

/** Structs within structs, in what writers write, are not half as deep. */
const DEEP = 24;

/** Integers and truths of a struct by the path of their fields: `5.1` is field 1 of the struct in field 5. */
export type Fields = Map<string, number>;

/** A reader of structs. Errors: a `ValueError` with the byte, counted in the file. */
export class Thrift {
  constructor(
    readonly bytes: Uint8Array,
    /** Where it reads. */
    public at: number,
    /** Where the bytes begin in the file. */
    readonly offset: number,
    readonly where: string,
  ) {}

  fail(what: string): ValueError {
    return new ValueError(`${this.where}: byte ${this.offset + this.at}: ${what}`);
  }

  /** Goes over a struct to its end. */
  struct(into: Fields | null = null, path = "", depth = 0): void {
    if (depth > DEEP) throw this.fail(`structs within structs, more than ${DEEP} deep`);
    for (let id = 0; ; ) {
      const head = this.#byte(),
        type = head & 15;
      if (head === 0) return;
      id = head >> 4 === 0 ? this.#zigzag() : id + (head >> 4);
      const name = path === "" ? String(id) : `${path}.${id}`;
      const value = this.#value(type, into, name, depth);
      if (value !== null) into?.set(name, value);
    }
  }

  #value(type: number, into: Fields | null, path: string, depth: number): number | null {
    if (type === TRUE || type === TRUE + 1) return type === TRUE ? 1 : 0;
    if (type === BYTE) return this.#byte();
    if (type >= I16 && type <= I64) return this.#zigzag();
    if (type === DOUBLE) this.#pass(8);
    else if (type === BINARY) this.#pass(this.#varint());
    else if (type === LIST) this.#list(depth);
    else if (type === STRUCT) this.struct(into, path, depth + 1);
    else throw this.fail(`a field of type ${type}, which Parquet has not`);
    return null;
  }

  #list(depth: number): void {
    const head = this.#byte(),
      type = head & 15,
      count = head >> 4 === 15 ? this.#varint() : head >> 4;
    // Each item takes a byte at least.
    if (count > this.bytes.length - this.at) throw this.fail(`a list of ${count} items, more than there are bytes`);
    // Truths in lists are bytes.
    for (let i = 0; i < count; i++) this.#value(type <= TRUE + 1 ? BYTE : type, null, "", depth + 1);
  }

  #byte(): number {
    if (this.at >= this.bytes.length) throw this.fail("it ends within a header");
    return this.bytes[this.at++];
  }

  #pass(count: number): void {
    if (count > this.bytes.length - this.at) throw this.fail(`${count} bytes of a header, more than there are`);
    this.at += count;
  }

  // 64 bits are ten bytes at most; what is beyond 2 ** 53 is rounded, and is too large for whatever asks.
  #varint(): number {
    let value = 0;
    for (let i = 0, scale = 1; i < 10; i++, scale *= 128) {
      const byte = this.#byte();
      value += (byte & 127) * scale;
      if (byte < 128) return value;
    }
    throw this.fail("an integer of more than ten bytes");
  }

  #zigzag(): number {
    const value = this.#varint();
    return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
  }
}
