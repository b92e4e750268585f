import { constants, crc32, deflateRawSync } from "node:zlib";
import type { Draw } from "./edgeValues.js";

// Zip archives in every honest form, and in forms that lie: stored or deflated in any way, sizes in front or behind, in 32
// or 64 bits, with extra fields and comments.

export type Bytes = Uint8Array<ArrayBuffer>;

/** Runs of bytes as one. */
export function joined(...parts: readonly Uint8Array[]): Bytes {
  const all = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all as Bytes;
}

type Field = readonly [width: 2 | 4 | 8, value: number];

function record(...fields: readonly Field[]): Bytes {
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

const WIDE = 0xffffffff,
  NOTHING = new Uint8Array(0);
const STRATEGIES = ["Z_DEFAULT_STRATEGY", "Z_FILTERED", "Z_HUFFMAN_ONLY", "Z_RLE", "Z_FIXED"] as const;

/** Deflated by any strategy, in windows of any size. */
export function deflated(d: Draw, bytes: Uint8Array): Bytes {
  const options = {
    level: d.below(10),
    strategy: constants[d.of(STRATEGIES)],
    memLevel: 1 + d.below(9),
    windowBits: 9 + d.below(7),
  };
  return new Uint8Array(deflateRawSync(bytes, options));
}

/** An archive of members in the order given, each written in a form of its own. */
export function zipped(d: Draw, members: readonly (readonly [name: string, content: Uint8Array])[]): Bytes {
  const parts: Uint8Array[] = [],
    entries: Uint8Array[] = [];
  let at = 0;
  for (const [name, content] of members) {
    const { local, central } = member(d, name, content, at);
    parts.push(local);
    entries.push(central);
    at += local.length;
  }
  return joined(...parts, ...entries, ending(d, members.length, at, joined(...entries).length));
}

// A member behind its header, and its entry in the directory. Its sizes stand in front or behind, in 32 or 64 bits.
function member(d: Draw, name: string, content: Uint8Array, at: number): { local: Bytes; central: Bytes } {
  const text = new TextEncoder().encode(name),
    deflate = d.once(2),
    data = deflate ? deflated(d, content) : content,
    crc = crc32(content),
    behind = d.once(4),
    wide = d.once(3),
    flags = (behind ? 8 : 0) | (text.some((byte) => byte > 127) ? 0x800 : 0);
  const short = (value: number): Field => [4, wide ? WIDE : value],
    common: readonly Field[] = [
      [2, wide ? 45 : 20],
      [2, flags],
      [2, deflate ? 8 : 0],
      [2, 0],
      [2, 0x21],
    ],
    sums: readonly Field[] = [[4, crc], short(data.length), short(content.length)];
  const more = d.once(4)
    ? joined(record([2, 0x5455], [2, 5]), Uint8Array.from(d.many(5, () => d.below(256))))
    : NOTHING;
  const sizes: readonly Field[] = [
      [8, content.length],
      [8, data.length],
    ],
    inFront = wide
      ? record(
          [2, 1],
          [2, 16],
          ...(behind
            ? ([
                [8, 0],
                [8, 0],
              ] as const)
            : sizes),
        )
      : NOTHING,
    extra = joined(inFront, more),
    entryExtra = joined(more, wide ? record([2, 1], [2, 24], ...sizes, [8, at]) : NOTHING);
  const head = record(
    [4, 0x04034b50],
    ...common,
    ...(behind ? [[4, 0] as const, short(0), short(0)] : sums),
    [2, text.length],
    [2, extra.length],
  );
  const width = wide ? 8 : 4,
    tail = behind ? record([4, 0x08074b50], [4, crc], [width, data.length], [width, content.length]) : NOTHING;
  const comment = new Uint8Array(d.once(8) ? d.below(30) : 0).fill(0x20),
    lengths: readonly Field[] = [text, entryExtra, comment].map(({ length }): Field => [2, length]),
    entry = record([4, 0x02014b50], [2, 45], ...common, ...sums, ...lengths, [2, 0], [2, 0], [4, 0], short(at));
  return { local: joined(head, text, extra, data, tail), central: joined(entry, text, entryExtra, comment) };
}

function ending(d: Draw, count: number, at: number, size: number): Bytes {
  const wide = d.once(4),
    comment = new Uint8Array(d.once(6) ? d.below(60) : 0).fill(0x2a);
  const more = wide
    ? [
        record([4, 0x06064b50], [8, 44], [2, 45], [2, 45], [4, 0], [4, 0], [8, count], [8, count], [8, size], [8, at]),
        record([4, 0x07064b50], [4, 0], [8, at + size], [4, 1]),
      ]
    : [];
  const short = (value: number, most: number): number => (wide ? most : value);
  const end = record(
    [4, 0x06054b50],
    [2, 0],
    [2, 0],
    [2, short(count, 0xffff)],
    [2, short(count, 0xffff)],
    [4, short(size, WIDE)],
    [4, short(at, WIDE)],
    [2, comment.length],
  );
  return joined(...more, end, comment);
}

const RECORDS = [0x04034b50, 0x02014b50, 0x06054b50, 0x06064b50, 0x07064b50, 0x08074b50];
/** Where the fields of records lie, with their widths. */
const FIELDS = [
  [4, 2],
  [6, 2],
  [8, 2],
  [10, 2],
  [12, 2],
  [14, 4],
  [16, 4],
  [18, 4],
  [20, 4],
  [22, 4],
  [24, 4],
  [26, 2],
  [28, 2],
  [30, 2],
  [32, 2],
  [34, 2],
  [36, 2],
  [38, 4],
  [42, 4],
  [48, 4],
] as const;

/** The bytes of an archive with something wrong: cut, longer, with other bits, or a field of a record that lies. */
export function spoiled(d: Draw, bytes: Bytes): Bytes {
  const all = bytes.slice(),
    at = d.below(all.length);
  switch (d.below(9)) {
    case 0:
      return all.slice(0, at);
    case 1:
      return joined(all, Uint8Array.from(d.many(1 + d.below(40), () => d.below(256))));
    case 2:
      for (let n = 1 + d.below(4); n > 0; n--) all[d.below(all.length)] ^= 1 << d.below(8);
      return all;
    case 3:
      all[at] = d.of([0, 1, 255, 0x50, d.below(256)]);
      return all;
    case 4:
      return joined(all.subarray(0, at), all.subarray(at + 1 + d.below(20)));
    case 5:
      return joined(
        all.subarray(0, at),
        Uint8Array.from(d.many(1 + d.below(20), () => d.below(256))),
        all.subarray(at),
      );
    case 6:
      return joined(all.subarray(0, at), all.subarray(Math.max(0, at - d.below(200))));
    default:
      for (let n = 1 + d.below(2); n > 0; n--) lie(d, all);
      return all;
  }
}

function lie(d: Draw, bytes: Bytes): void {
  const view = new DataView(bytes.buffer),
    places: number[] = [],
    wanted = d.of(RECORDS);
  for (let at = 0; at + 4 <= bytes.length; at++) if (view.getUint32(at, true) === wanted) places.push(at);
  const [offset, width] = d.of(FIELDS),
    at = (places.length === 0 ? d.below(bytes.length) : d.of(places)) + offset;
  if (at + width > bytes.length) return;
  const was = width === 2 ? view.getUint16(at, true) : view.getUint32(at, true);
  const value = d.of([
    0,
    1,
    was + 1,
    was - 1,
    was * 2,
    0xffff,
    WIDE,
    WIDE - 1,
    2 ** 31,
    bytes.length,
    d.below(bytes.length),
    was ^ 1,
  ]);
  if (width === 2) view.setUint16(at, value, true);
  else view.setUint32(at, value, true);
}
