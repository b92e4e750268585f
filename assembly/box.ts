/**
 * A strided 2-D loop, written by src/ into core memory. Steps are bytes; step 0 repeats one element.
 *
 *        word  0     1     2    3       4        5  6     7      8  9     10     11 12    13
 *            ┌─────┬─────┬────┬───────┬────────┬──┬─────┬──────┬──┬─────┬──────┬──┬─────┬──────┬────┐
 *            │rows │cols │out │outRow │outStep │x │xRow │xStep │y │yRow │yStep │z │zRow │zStep │ 8 B│
 *            ├─────┴─────┴────┴───────┴────────┴──┴─────┴──────┴──┴─────┴──────┴──┴─────┴──────┴────┤
 *   byte  64 │ 128 bytes in which x, when it repeats, is written out as lanes                       │
 *   byte 192 │ the same for y                                                                       │
 *   byte 320 │ the same for z                                                                      │
 *   byte 448 │ four scalars of 16 bytes, where src/ puts operands that are JavaScript values           │
 *   byte 512 │ 192 bytes for single elements of src/, each with one owner: `slots` of src/core/box.ts            │
 *            └──────────────────────────────────────────────────────────────────────────────────────┘
 *
 * rows × cols is at most 64 Ki: WASM code is replaced by its optimised form between calls only.
 */
@unmanaged export class Box {
  rows: usize; cols: usize;
  out: usize; outRow: isize; outStep: isize;
  x: usize; xRow: isize; xStep: isize;
  y: usize; yRow: isize; yStep: isize;
  z: usize; zRow: isize; zStep: isize;

  @inline get splatX(): usize { return changetype<usize>(this) + 64; }
  @inline get splatY(): usize { return changetype<usize>(this) + 192; }
  @inline get splatZ(): usize { return changetype<usize>(this) + 320; }
}

/** Writes the element at `p` over 128 bytes at `at`, so that a vector loop can read it with step 0. */
export function splat<W>(at: usize, p: usize): void {
  const v = v128.splat<W>(load<W>(p));
  for (let end = at + 128; at < end; at += 16) v128.store(at, v);
}

/** `splat` by width, whatever `T` is. */
@inline export function splatOf<T>(at: usize, p: usize): usize {
  if (sizeof<T>() == 1) splat<u8>(at, p);
  else if (sizeof<T>() == 2) splat<u16>(at, p);
  else if (sizeof<T>() == 4) splat<u32>(at, p);
  else splat<u64>(at, p);
  return at;
}
