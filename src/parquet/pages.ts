import type { Unpack } from "../columnar/codecs.js";
import { type Fields, Thrift } from "./thrift.js";

// A column chunk is checked before it is decoded: its headers, how long its pages become, and the lengths of the runs in
// them. After that the package that decodes it can neither run on nor fill the heap, whatever the bytes are.

/** What the file says of a chunk. */
export interface ChunkFacts {
  readonly rows: number;
  /** Whether there are definition levels. */
  readonly optional: boolean;
  readonly codec: string;
  readonly type: string;
  readonly width: number;
}

const DATA = 0,
  DICTIONARY = 2,
  DATA_V2 = 3;

const PLAIN = 0,
  PLAIN_DICTIONARY = 2,
  RLE = 3,
  DELTA_BINARY_PACKED = 5,
  DELTA_BYTE_ARRAY = 7,
  RLE_DICTIONARY = 8,
  BYTE_STREAM_SPLIT = 9;

/** By how much a codec can shrink at most; zeros by Zstandard and Brotli are the most. */
const RATIOS: Readonly<Record<string, number>> = { SNAPPY: 32, GZIP: 1040, LZ4: 260, LZ4_RAW: 260 };

/** What is longer is no page: writers make them of a megabyte. */
const LONGEST_PAGE = 2 ** 30;

/** Values beyond the last that a run may hold: writers fill groups of eight, and some whole runs of 64 groups. */
const PADDING = 512;

interface Page {
  readonly header: Fields;
  /** Where its values begin, in what is unpacked. */
  readonly size: number;
}

/** The pages of one chunk, checked. */
export class Pages {
  /** Values that are null, by the levels of the pages unpacked so far. */
  nulls = 0;
  readonly #thrift: Thrift;
  readonly #facts: ChunkFacts;
  readonly #unpack: Unpack;
  readonly #packed = new Map<number, Page>();
  #dictionary = -1;

  /** Errors: a `ValueError` for a chunk that is damaged, with the byte. */
  constructor(bytes: Uint8Array, offset: number, where: string, facts: ChunkFacts, unpack: Unpack) {
    this.#thrift = new Thrift(bytes, 0, offset, where);
    this.#facts = facts;
    this.#unpack = unpack;
    let rows = 0;
    while (rows < facts.rows) {
      if (this.#thrift.at >= bytes.length - 1)
        throw this.#fail(`the column ends after ${rows} of ${facts.rows} values`);
      rows += this.#page();
      if (rows > facts.rows) throw this.#fail(`pages of ${rows} values in a column of ${facts.rows}`);
    }
  }

  /** For the package that decodes the chunk: a page that it names by its bytes, unpacked and checked. */
  unpack(input: Uint8Array, size: number): Uint8Array {
    const page = this.#packed.get(input.byteOffset);
    if (page?.size !== size) throw this.#fail("a page that its header does not name");
    const bytes = size === 0 ? input.subarray(0, 0) : this.#unpack(input, size);
    if (bytes.length !== size) throw this.#fail(`a page of ${bytes.length} bytes, ${size} by its header`);
    this.#check(page.header, bytes, 0);
    return bytes;
  }

  #fail(what: string): Error {
    return this.#thrift.fail(what);
  }

  // Goes over a page, and says how many rows it has.
  #page(): number {
    const header: Fields = new Map(),
      thrift = this.#thrift;
    thrift.struct(header);
    const [kind, size, length] = ["1", "2", "3"].map((field) => header.get(field) ?? -1);
    const { codec } = this.#facts;
    if (length < 0 || length > thrift.bytes.length - thrift.at)
      throw this.#fail(`a page of ${length} bytes, more than there are`);
    if (size < 0 || size > LONGEST_PAGE || size > (length + 64) * this.#ratio(header))
      throw this.#fail(`a page of ${size} bytes in ${length} of ${codec}`);
    const payload = thrift.bytes.subarray(thrift.at, thrift.at + length),
      skipped = kind === DATA_V2 ? this.#levelsV2(header, payload) : 0;
    if (this.#isPacked(header)) {
      // A page whose values are none may have no bytes at all.
      this.#packed.set(payload.byteOffset + skipped, { header, size: size - skipped });
      if (size === skipped) this.#check(header, new Uint8Array(0), 0);
    } else this.#check(header, payload, skipped);
    thrift.at += length;
    if (kind === DICTIONARY) {
      this.#dictionary = header.get("7.1") ?? -1;
      if (this.#dictionary < 0 || this.#dictionary > size)
        throw this.#fail(`a dictionary of ${this.#dictionary} values`);
      return 0;
    }
    const count = header.get(kind === DATA ? "5.1" : "8.1") ?? -1;
    if ((kind !== DATA && kind !== DATA_V2) || count < 0)
      throw this.#fail(`a page of kind ${kind} with ${count} values`);
    return count;
  }

  #ratio(header: Fields): number {
    if (!this.#isPacked(header)) return 1;
    return RATIOS[this.#facts.codec] ?? 2 ** 17;
  }

  #isPacked(header: Fields): boolean {
    return this.#facts.codec !== "UNCOMPRESSED" && header.get("8.7") !== 0;
  }

  // The levels of a page of version 2 are not packed; says how many bytes they take.
  #levelsV2(header: Fields, payload: Uint8Array): number {
    const [count, nulls, rows, levels, repeats] = ["8.1", "8.2", "8.3", "8.5", "8.6"].map(
      (field) => header.get(field) ?? -1,
    );
    if (rows !== count || nulls < 0 || nulls > count || repeats !== 0 || levels < 0 || levels > payload.length)
      throw this.#fail(`a page of ${rows} rows with ${count} values, ${nulls} of them null`);
    if (levels + repeats > (header.get("2") ?? 0)) throw this.#fail("levels longer than their page");
    if (!this.#facts.optional && (nulls > 0 || levels > 0)) throw this.#fail("nulls in a column that has none");
    if (this.#facts.optional) {
      const ones = levels === 0 ? count : this.#runs(payload.subarray(0, levels), 0, 1, count, true);
      if (ones !== count - nulls) throw this.#fail(`${nulls} nulls by its header, ${count - ones} by its levels`);
    }
    this.nulls += nulls;
    return levels;
  }

  // Checks the runs of a page that is not packed, or was unpacked.
  #check(header: Fields, page: Uint8Array, from: number): void {
    const kind = header.get("1");
    if (kind === DICTIONARY) return;
    const first = kind === DATA,
      count = header.get(first ? "5.1" : "8.1") ?? -1,
      encoding = header.get(first ? "5.2" : "8.4") ?? -1;
    let at = from,
      values = first ? count : count - (header.get("8.2") ?? 0);
    if (first && this.#facts.optional) {
      if (header.get("5.3") !== RLE) throw this.#fail("levels that are not encoded as RLE");
      const length = this.#uint32(page, at);
      values = this.#runs(page.subarray(0, at + 4 + length), at + 4, 1, count, true);
      this.nulls += count - values;
      at += 4 + length;
    }
    this.#values(page, at, encoding, values);
  }

  #values(page: Uint8Array, at: number, encoding: number, count: number): void {
    const { type, width } = this.#facts;
    if (encoding === PLAIN || count === 0) return;
    if (encoding === PLAIN_DICTIONARY || encoding === RLE_DICTIONARY || encoding === RLE) {
      if (type === "BOOLEAN") {
        this.#uint32(page, at);
        this.#runs(page, at + 4, 1, count);
        return;
      }
      if (encoding === RLE || this.#dictionary < 1) throw this.#fail("values without their dictionary");
      const bits = page[at];
      if (!(bits <= 32)) throw this.#fail(`integers of ${bits} bits`);
      if (bits > 0) this.#runs(page, at + 1, bits, count);
      return;
    }
    if (encoding >= DELTA_BINARY_PACKED && encoding <= DELTA_BYTE_ARRAY) {
      const next = this.#deltas(page, at, count);
      if (encoding === DELTA_BYTE_ARRAY) this.#deltas(page, next, count);
      return;
    }
    if (encoding !== BYTE_STREAM_SPLIT || count * width > page.length - at)
      throw this.#fail(`${count} values in encoding ${encoding}`);
  }

  #uint32(page: Uint8Array, at: number): number {
    if (page.length - at < 4) throw this.#fail("a page that is shorter than its levels");
    const value = page[at] + page[at + 1] * 256 + page[at + 2] * 65536 + page[at + 3] * 2 ** 24;
    if (value > page.length - at - 4) throw this.#fail(`levels of ${value} bytes, more than the page has`);
    return value;
  }

  // Goes over runs of `bits` a value until there are `count`; with `tell` says how many of them are 1.
  #runs(page: Uint8Array, from: number, bits: number, count: number, tell = false): number {
    let at = from,
      seen = 0,
      ones = 0;
    while (seen < count) {
      const [head, next] = this.#varint(page, at);
      at = next;
      const run = Math.floor(head / 2);
      if (head % 2 === 0) {
        if (run > count - seen) throw this.#fail(`a run of ${run} values where ${count - seen} are left`);
        if (tell && page[at] === 1) ones += run;
        at += (bits + 7) >> 3;
        seen += run;
      } else {
        if (run * 8 >= count - seen + PADDING)
          throw this.#fail(`a run of ${run * 8} values where ${count - seen} are left`);
        if (tell) for (let i = 0; i < run * 8 && seen + i < count; i++) ones += (page[at + (i >> 3)] >> (i & 7)) & 1;
        at += run * bits;
        seen += run * 8;
      }
      if (at > page.length) throw this.#fail("a run that is longer than its page");
    }
    return ones;
  }

  // Goes over one list of DELTA_BINARY_PACKED, and says where it ends.
  #deltas(page: Uint8Array, from: number, count: number): number {
    const [block, atMinis] = this.#varint(page, from),
      [minis, atCount] = this.#varint(page, atMinis),
      [, atFirst] = this.#varint(page, atCount);
    const each = block / minis;
    if (!(block > 0 && minis > 0 && Number.isInteger(each) && each % 8 === 0))
      throw this.#fail(`blocks of ${block} values in ${minis}`);
    let [, at] = this.#varint(page, atFirst);
    for (let left = count - 1; left > 0; ) {
      [, at] = this.#varint(page, at);
      const widths = page.subarray(at, at + minis);
      if (widths.length < minis) throw this.#fail("a block that is longer than its page");
      at += minis;
      for (let i = 0; i < minis && left > 0; i++, left -= each) {
        if (widths[i] > 64) throw this.#fail(`differences of ${widths[i]} bits`);
        at += (each * widths[i]) / 8;
        if (at > page.length) throw this.#fail("a block that is longer than its page");
      }
    }
    return at;
  }

  #varint(page: Uint8Array, from: number): [value: number, next: number] {
    let value = 0;
    for (let i = 0, scale = 1; i < 10; i++, scale *= 128) {
      if (from + i >= page.length) throw this.#fail("a run that is longer than its page");
      const byte = page[from + i];
      value += (byte & 127) * scale;
      if (byte < 128) return [value, from + i + 1];
    }
    throw this.#fail("an integer of more than ten bytes");
  }
}
