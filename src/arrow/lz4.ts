import { ValueError } from "../base/errors.js";

// LZ4's frame format, in which Arrow packs its buffers: lz4/lz4, doc/lz4_Frame_format.md and lz4_Block_format.md. The
// checksums are not asked.

const MAGIC = 0x184d2204;

const damaged = (at: number): ValueError => new ValueError(`LZ4 data is damaged at its byte ${at}`);

/** The bytes of a frame as they were, `size` of them. Errors: a `ValueError` for what is no such frame. */
export function unlz4(input: Uint8Array, size: number): Uint8Array<ArrayBuffer> {
  const output = new Uint8Array(size),
    view = new DataView(input.buffer, input.byteOffset, input.byteLength);
  if (input.length < 7 || view.getUint32(0, true) !== MAGIC) throw damaged(0);
  const flags = input[4];
  // The size of all, and the dictionary that is not used here.
  let at = 7 + (flags & 8 ? 8 : 0) + (flags & 1 ? 4 : 0),
    to = 0;
  for (;;) {
    if (at + 4 > input.length) throw damaged(at);
    const head = view.getUint32(at, true),
      length = head & 0x7fffffff;
    at += 4;
    if (head === 0) break;
    if (length > input.length - at) throw damaged(at);
    if (head >>> 31 === 1) {
      if (length > size - to) throw damaged(at);
      output.set(input.subarray(at, at + length), to);
      to += length;
    } else to = block(input, at, at + length, output, to);
    at += length + (flags & 16 ? 4 : 0);
  }
  if (to !== size) throw damaged(at);
  return output;
}

function block(input: Uint8Array, from: number, end: number, output: Uint8Array, start: number): number {
  let at = from,
    to = start;
  const more = (first: number): number => {
    let length = first;
    if (first === 15)
      for (let byte = 255; byte === 255; length += byte) {
        if (at >= end) throw damaged(at);
        byte = input[at++];
      }
    return length;
  };
  while (at < end) {
    const token = input[at++],
      literals = more(token >> 4);
    if (literals > end - at || literals > output.length - to) throw damaged(at);
    output.set(input.subarray(at, at + literals), to);
    at += literals;
    to += literals;
    // The last has no match.
    if (at === end) break;
    if (end - at < 2) throw damaged(at);
    const back = input[at] + input[at + 1] * 256;
    at += 2;
    const length = more(token & 15) + 4;
    if (back === 0 || back > to || length > output.length - to) throw damaged(at);
    if (back >= length) output.copyWithin(to, to - back, to - back + length);
    else for (let i = 0; i < length; i++) output[to + i] = output[to - back + i];
    to += length;
  }
  return to;
}
