import { ValueError } from "../base/errors.js";

const damaged = (at: number): ValueError => new ValueError(`Snappy data is damaged at its byte ${at}`);

/** Snappy's bytes as they were: google/snappy, format_description.txt. Errors: a `ValueError` for what is no such data. */
export function unsnappy(input: Uint8Array, size: number): Uint8Array<ArrayBuffer> {
  const output = new Uint8Array(size);
  let at = 0,
    to = 0;
  // The length, which is known.
  while (at < input.length && input[at++] > 127);
  while (at < input.length) {
    const tag = input[at++],
      kind = tag & 3;
    let length = (tag >> 2) + 1,
      back = 0;
    const more = kind === 0 ? Math.max(0, length - 60) : kind === 3 ? 4 : kind;
    if (more > input.length - at) throw damaged(at);
    let number = 0;
    for (let i = 0, scale = 1; i < more; i++, scale *= 256) number += input[at++] * scale;
    if (kind === 0) {
      if (more > 0) length = number + 1;
    } else if (kind === 1) {
      length = ((tag >> 2) & 7) + 4;
      back = ((tag >> 5) << 8) + number;
    } else back = number;
    if (length > size - to) throw damaged(at);
    if (kind === 0) {
      if (length > input.length - at) throw damaged(at);
      output.set(input.subarray(at, at + length), to);
      at += length;
    } else {
      if (back === 0 || back > to) throw damaged(at);
      if (back >= length) output.copyWithin(to, to - back, to - back + length);
      else for (let i = 0; i < length; i++) output[to + i] = output[to - back + i];
    }
    to += length;
  }
  if (to < size) throw damaged(at);
  return output;
}
