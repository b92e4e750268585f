import { type Exports, text as unpacker } from "../../build/unpack.js";
import { link } from "./instance.js";

// The texts in which the core is part of a script are packed: scripts/pack.mjs writes them, assembly/unpack.ts reads them
// in a memory of its own, where a text lies at the end and its bytes behind those that it was packed after.

const FIRST = 32768,
  PAGES = 16,
  // A few characters behind a text are read.
  BEHIND = 16;

let unpack: Exports["unpack"] | undefined;
let bytes: Uint8Array<ArrayBuffer>;

// The texts whose bytes lie there, one behind the other, and where they end.
let held: readonly string[] = [];
const ends: number[] = [];

/**
 * The bytes of a text that was packed after others, which are unpacked unless they are there still. They are a view, over
 * which the next call writes.
 */
export function bytesOf(text: string, ...before: string[]): Uint8Array<ArrayBuffer> {
  unpack ??= started();
  const all = [...before, text];
  let same = 0;
  while (same < before.length && held[same] === all[same]) same++;
  for (let k = same; k < all.length; k++) {
    const at = bytes.length - BEHIND - all[k].length;
    for (let i = 0; i < all[k].length; i++) bytes[at + i] = all[k].charCodeAt(i);
    ends[k] = unpack(at, k === 0 ? FIRST : ends[k - 1]);
  }
  held = all;
  return bytes.subarray(before.length === 0 ? FIRST : ends[before.length - 1], ends[before.length]);
}

/** Compiles what unpacks; each character of its own text is six bits. */
function started(): Exports["unpack"] {
  const module = new Uint8Array((unpacker.length * 6) >> 3),
    memory = new WebAssembly.Memory({ initial: PAGES, maximum: PAGES });
  let held = 0;
  for (let i = 0, k = 0; i < unpacker.length; i++) {
    const c = unpacker.charCodeAt(i);
    held = (held << 6) | (c - 40 - +(c > 60) - +(c > 92) - +(c > 96));
    // Four characters are three bytes: at the first of them there is none.
    if (i % 4 > 0) module[k++] = held >> (6 - 2 * (i % 4));
  }
  bytes = new Uint8Array(memory.buffer);
  return link<Exports>(module, memory).unpack;
}
