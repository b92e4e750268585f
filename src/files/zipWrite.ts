import { ValueError } from "../base/errors.js";
import { utf8Of } from "../base/host.js";
import { shown } from "../base/shown.js";
import { crc32 } from "./crc.js";
import type { Deflater } from "./deflate.js";
import { leadsOut } from "./zip.js";

// Zip archives as they are written: stored members with their checksum in front, deflated ones with it behind. Nothing is
// written twice, so an archive can go to a stream. Sizes and places from 2³² on stand in the fields of 64 bits.

/** What becomes a member: its bytes in pieces, as often as they are asked for. */
export interface Content {
  readonly name: string;
  readonly size: number;
  pieces(): Iterable<Uint8Array>;
}

/** A member that is written. */
interface Entry {
  readonly name: Uint8Array;
  readonly size: number;
  readonly deflated: boolean;
  packed: number;
  crc: number;
  at: number;
}

const WIDE = 0xffffffff,
  /** The first of January 1980: the same arrays make the same bytes. */
  DATE = 0x21;

/** Whether a member's sizes may need 64 bits; deflate makes a little more of what it cannot make less. */
const isWide = (size: number): boolean => size + size / 1000 + 1000 >= WIDE;

/** The bytes of numbers, each given with its width. */
function record(...fields: readonly (readonly [width: 2 | 4 | 8, value: number])[]): Uint8Array {
  const view = new DataView(new ArrayBuffer(fields.reduce((sum, [width]) => sum + width, 0)));
  let at = 0;
  for (const [width, value] of fields) {
    if (width === 2) view.setUint16(at, value, true);
    else if (width === 4) view.setUint32(at, value, true);
    else view.setBigUint64(at, BigInt(value), true);
    at += width;
  }
  return new Uint8Array(view.buffer);
}

const two = (value: number): readonly [2, number] => [2, value],
  four = (value: number): readonly [4, number] => [4, Math.min(value, WIDE)],
  eight = (value: number): readonly [8, number] => [8, value];

// What headers and entries have in common; flag 8: the checksum stands behind, flag 0x800: the name is UTF-8.
function common(
  { name, deflated, crc, packed, size }: Entry,
  extra: number,
  behind: boolean,
): (readonly [2 | 4, number])[] {
  const flags = (deflated ? 8 : 0) | (name.some((byte) => byte > 127) ? 0x800 : 0),
    later = deflated && behind,
    wide = isWide(size);
  const sizes = wide ? [WIDE, WIDE] : later ? [0, 0] : [packed, size];
  return [
    two(wide ? 45 : 20),
    two(flags),
    two(deflated ? 8 : 0),
    two(0),
    two(DATE),
    four(later ? 0 : crc),
    ...sizes.map(four),
    two(name.length),
    two(extra),
  ];
}

function headerOf(entry: Entry): Uint8Array[] {
  const { size, deflated } = entry,
    sizes = deflated ? [0, 0] : [size, size];
  const extra = isWide(size) ? record(two(1), two(16), ...sizes.map(eight)) : new Uint8Array(0);
  return [record(four(0x04034b50), ...common(entry, extra.length, true)), entry.name, extra];
}

function directoryEntry(entry: Entry): Uint8Array[] {
  const { size, packed, at } = entry,
    fields = [...(isWide(size) ? [size, packed] : []), ...(at >= WIDE ? [at] : [])];
  const extra = fields.length === 0 ? new Uint8Array(0) : record(two(1), two(fields.length * 8), ...fields.map(eight));
  const fixed = record(
    four(0x02014b50),
    two(fields.length > 0 ? 45 : 20),
    ...common(entry, extra.length, false),
    // A comment, a volume, attributes within and without, and the place.
    two(0),
    two(0),
    two(0),
    four(0),
    four(at),
  );
  return [fixed, entry.name, extra];
}

function endOf(count: number, size: number, at: number): Uint8Array[] {
  const few = Math.min(count, 0xffff),
    end = record(four(0x06054b50), two(0), two(0), two(few), two(few), four(size), four(at), two(0));
  if (count < 0xffff && size < WIDE && at < WIDE) return [end];
  const wide = record(
    ...[four(0x06064b50), eight(44), two(45), two(45), four(0), four(0)],
    ...[count, count, size, at].map(eight),
  );
  return [wide, record(four(0x07064b50), four(0), eight(at + size), four(1)), end];
}

const lengthOf = (parts: readonly Uint8Array[]): number => parts.reduce((sum, { length }) => sum + length, 0);

function entriesOf(contents: readonly Content[], deflated: boolean): Entry[] {
  return contents.map(({ name, size }) => ({ name: nameOf(name), size, deflated, packed: size, crc: 0, at: 0 }));
}

function nameOf(name: string): Uint8Array {
  if (leadsOut(name)) throw new ValueError(`an archive takes no member of the name ${shown(name)}: it leads out of it`);
  const bytes = utf8Of(name);
  if (bytes.length > 0xffff) throw new ValueError(`an archive takes no name of ${bytes.length} bytes`);
  return bytes;
}

/** How many bytes an archive of stored members has. Errors: a name that no archive may have. */
export function storedSize(contents: readonly Content[]): number {
  const entries = entriesOf(contents, false);
  let at = 0,
    directory = 0;
  for (const entry of entries) {
    entry.at = at;
    at += lengthOf(headerOf(entry)) + entry.size;
    directory += lengthOf(directoryEntry(entry));
  }
  return at + directory + lengthOf(endOf(entries.length, directory, at));
}

/** An archive in pieces, each good until the next is asked for; deflated if `deflate` makes deflaters. */
export function* zipPieces(
  contents: readonly Content[],
  deflate: (() => Deflater) | null,
): Generator<Uint8Array, void, void> {
  const entries = entriesOf(contents, deflate !== null);
  let at = 0;
  for (const [i, entry] of entries.entries()) {
    entry.at = at;
    for (const part of deflate === null ? stored(entry, contents[i]) : deflated(entry, contents[i], deflate())) {
      at += part.length;
      yield part;
    }
  }
  const directory = entries.map(directoryEntry),
    size = directory.reduce((sum, parts) => sum + lengthOf(parts), 0);
  for (const parts of directory) yield* parts;
  yield* endOf(entries.length, size, at);
}

// The checksum is in front: elements are gone through twice.
function* stored(entry: Entry, content: Content): Generator<Uint8Array, void, void> {
  for (const piece of content.pieces()) entry.crc = crc32(piece, entry.crc);
  yield* headerOf(entry);
  yield* content.pieces();
}

function* deflated(entry: Entry, content: Content, deflate: Deflater): Generator<Uint8Array, void, void> {
  yield* headerOf(entry);
  entry.packed = 0;
  for (const piece of content.pieces()) {
    entry.crc = crc32(piece, entry.crc);
    for (const made of deflate(piece)) {
      entry.packed += made.length;
      yield made;
    }
  }
  for (const made of deflate(null)) {
    entry.packed += made.length;
    yield made;
  }
  const { crc, packed, size } = entry,
    width = isWide(size) ? eight : four;
  yield record(four(0x08074b50), four(crc), width(packed), width(size));
}
