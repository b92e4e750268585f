import { truths } from "../truth";

// What only moves elements: it sees their width (1, 2, 4, 8 or 16 bytes), never their dtype; but bools, which have the
// width 0, arrive as 0 or 1. Masks are bool, one byte each; any value but 0 is true.

// One element, and the elements of 16 bytes, as they are to arrive.
@inline export function moved<W>(p: usize): W {
  if (isBoolean<W>()) return (load<u8>(p) != 0) as W;
  return load<W>(p);
}
@inline export function vector<W>(p: usize): v128 {
  if (isBoolean<W>()) return truths(v128.load(p));
  return v128.load(p);
}

// memory.copy is a call out of WebAssembly: a short run is faster without it.
export function move<W>(out: usize, x: usize, n: usize): void {
  if (isBoolean<W>()) {
    for (; n >= 64; n -= 64, out += 64, x += 64) {
      v128.store(out, vector<W>(x));
      v128.store(out, vector<W>(x + 16), 16);
      v128.store(out, vector<W>(x + 32), 32);
      v128.store(out, vector<W>(x + 48), 48);
    }
    for (; n >= 16; n -= 16, out += 16, x += 16) v128.store(out, vector<W>(x));
    for (; n; --n, ++out, ++x) store<u8>(out, load<u8>(x) != 0);
    return;
  }
  if (n >= 128) return memory.copy(out, x, n);
  for (; n >= 16; n -= 16, out += 16, x += 16) v128.store(out, v128.load(x));
  if (n & 8) { store<u64>(out, load<u64>(x)); out += 8; x += 8; }
  if (n & 4) { store<u32>(out, load<u32>(x)); out += 4; x += 4; }
  if (n & 2) { store<u16>(out, load<u16>(x)); out += 2; x += 2; }
  if (n & 1) store<u8>(out, load<u8>(x));
}

export function fill<W>(out: usize, x: usize, n: usize): void {
  const value = moved<W>(x), v = splatted<W>(value);
  for (let bytes = n * sizeof<W>(); bytes >= 64; bytes -= 64, out += 64, n -= 64 / sizeof<W>()) {
    v128.store(out, v);
    v128.store(out, v, 16);
    v128.store(out, v, 32);
    v128.store(out, v, 48);
  }
  for (; n; --n, out += sizeof<W>()) store<W>(out, value);
}

@inline function splatted<W>(value: W): v128 {
  if (sizeof<W>() == 16) return value;
  if (isBoolean<W>()) return v128.splat<u8>(value as u8);
  return v128.splat<W>(value);
}

// Choosing between addresses needs no branch, whatever the width; a random mask would mispredict half of them.
@inline export function choose(chosen: isize, x: usize, y: usize): usize {
  return y + ((x - y) & -chosen);
}
