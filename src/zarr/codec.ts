import { ValueError } from "../base/errors.js";
import { crc32 } from "../files/crc.js";
import { deflater } from "../files/deflate.js";
import { Inflate } from "../files/inflate.js";
import { pullOf, type Source } from "../files/source.js";

// The bytes of a chunk as a store has them: as they are, or deflated within a frame that has a checksum.
//
//      gzip   1f 8b 08 flags … │ deflated │ CRC-32, length        RFC 1952
//      zlib   78 9c            │ deflated │ Adler-32              RFC 1950

/** How chunks are compressed; null is not at all. */
export type Compressor = { readonly id: "gzip" | "zlib"; readonly level: number } | null;

/** The bytes of a chunk, packed, from its bytes in pieces. */
export function* packed(compressor: Compressor, pieces: Iterable<Uint8Array>): Generator<Uint8Array, void, void> {
  if (compressor === null) return yield* pieces;
  const gzip = compressor.id === "gzip",
    deflate = deflater(compressor.level);
  let sum = gzip ? 0 : 1,
    size = 0;
  yield gzip ? Uint8Array.of(0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255) : Uint8Array.of(0x78, 0x9c);
  for (const piece of pieces) {
    sum = gzip ? crc32(piece, sum) : adler32(piece, sum);
    size += piece.length;
    yield* deflate(piece);
  }
  yield* deflate(null);
  const end = new DataView(new ArrayBuffer(gzip ? 8 : 4));
  end.setUint32(0, sum, gzip);
  if (gzip) end.setUint32(4, size, true);
  yield new Uint8Array(end.buffer);
}

/**
 * Reads a chunk into `into`, all of which it must fill. Errors: a `ValueError`, which says at which byte of `source`, for
 * what is too short or too long, damaged, or not packed in this way.
 */
export function unpack(compressor: Compressor, source: Source, into: Uint8Array): void {
  const bad = (what: string, at: number): ValueError => new ValueError(`chunk ${source.name}: ${what} (byte ${at})`);
  if (compressor === null) {
    if (source.size !== into.length) throw bad(`it has ${source.size} bytes, not ${into.length}`, source.size);
    source.read(0, into);
    return;
  }
  const start = compressor.id === "gzip" ? gzipStart(source, bad) : zlibStart(source, bad),
    inflate = new Inflate(pullOf(source, start), (what, at) => bad(`it cannot be inflated: ${what}`, start + at));
  const have = inflate.read(into);
  if (have < into.length) throw bad(`it has ${have} bytes when inflated, not ${into.length}`, source.size);
  if (inflate.read(new Uint8Array(1)) > 0)
    throw bad(`it has more than ${into.length} bytes when inflated`, start + inflate.consumed);
  checkEnd(compressor.id, source, start + inflate.consumed, into, bad);
}

type Bad = (what: string, at: number) => ValueError;

function checkEnd(id: "gzip" | "zlib", source: Source, at: number, bytes: Uint8Array, bad: Bad): void {
  const gzip = id === "gzip",
    end = new DataView(new ArrayBuffer(gzip ? 8 : 4));
  if (source.size - at !== end.byteLength)
    throw bad(`${source.size - at} bytes follow where ${end.byteLength} of a checksum are expected`, at);
  source.read(at, new Uint8Array(end.buffer));
  const sum = gzip ? crc32(bytes) : adler32(bytes, 1);
  if (end.getUint32(0, gzip) !== sum) throw bad("its checksum is another: it is damaged", at);
  if (gzip && end.getUint32(4, true) !== bytes.length) throw bad("its length is another: it is damaged", at + 4);
}

function zlibStart(source: Source, bad: Bad): number {
  const [head, flags] = someBytes(source, 0, 2);
  if ((head & 15) !== 8 || ((head << 8) | flags) % 31 !== 0) throw bad("it is not compressed by zlib", 0);
  if (flags & 32) throw bad("it needs a dictionary, which no array has", 1);
  return 2;
}

function gzipStart(source: Source, bad: Bad): number {
  const [first, second, method, flags] = someBytes(source, 0, 4);
  if (first !== 0x1f || second !== 0x8b || method !== 8) throw bad("it is not compressed by gzip", 0);
  const pull = pullOf(source, 10);
  let at = 10;
  const next = (n: number): Uint8Array => {
    const bytes = new Uint8Array(n);
    if (pull(bytes) < n) throw bad("it ends within its header", source.size);
    at += n;
    return bytes;
  };
  if (flags & 4) {
    const [low, high] = next(2);
    next(low | (high << 8));
  }
  // A name, a comment: texts that end with 0.
  for (const flag of [8, 16]) if (flags & flag) skipText(next);
  if (flags & 2) next(2);
  return at;
}

function skipText(next: (n: number) => Uint8Array): void {
  while (next(1)[0] !== 0);
}

function someBytes(source: Source, at: number, n: number): Uint8Array {
  const bytes = new Uint8Array(n);
  source.read(at, bytes);
  return bytes;
}

/** The checksum of zlib, of what came before `before`. */
function adler32(bytes: Uint8Array, before: number): number {
  let a = before & 0xffff,
    b = before >>> 16;
  for (let at = 0; at < bytes.length; ) {
    // As many as sums of 32 bits can take.
    for (const end = Math.min(at + 3800, bytes.length); at < end; at++) {
      a += bytes[at];
      b += a;
    }
    a %= 65521;
    b %= 65521;
  }
  return ((b << 16) | a) >>> 0;
}
