import { attempt, builtin } from "../base/host.js";

// CRC-32, as zip archives have it: Node's own where it is, else four bytes at a time by tables.

let tables: Uint32Array | undefined;

function makeTables(): Uint32Array {
  const all = new Uint32Array(4 * 256);
  for (let i = 0; i < 256; i++) {
    let c = i;
    for (let k = 0; k < 8; k++) c = c & 1 ? (c >>> 1) ^ 0xedb88320 : c >>> 1;
    all[i] = c;
  }
  for (let i = 256; i < all.length; i++) all[i] = (all[i - 256] >>> 8) ^ all[all[i - 256] & 255];
  return all;
}

/** The checksum of bytes by tables, of what came before them `before`. */
export function tableCrc(bytes: Uint8Array, before = 0): number {
  tables ??= makeTables();
  const t = tables,
    end = bytes.length & ~3;
  let c = ~before;
  for (let i = 0; i < end; i += 4) {
    c ^= bytes[i] | (bytes[i + 1] << 8) | (bytes[i + 2] << 16) | (bytes[i + 3] << 24);
    c = t[768 + (c & 255)] ^ t[512 + ((c >>> 8) & 255)] ^ t[256 + ((c >>> 16) & 255)] ^ t[c >>> 24];
  }
  for (let i = end; i < bytes.length; i++) c = (c >>> 8) ^ t[(c ^ bytes[i]) & 255];
  return ~c >>> 0;
}

/** The checksum of bytes, of what came before them `before`. */
export function crc32(bytes: Uint8Array, before = 0): number {
  const zlib = builtin<{ crc32?(bytes: Uint8Array, before: number): number }>("node:zlib");
  const native = zlib?.crc32 === undefined ? undefined : attempt(() => zlib.crc32!(bytes, before));
  return native ?? tableCrc(bytes, before);
}
