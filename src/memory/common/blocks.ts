// What the allocator adds to the bytes asked for; the layout is drawn in assembly/memory.ts.

/** Bytes of a block's header. */
export const HEADER = 16;

/** Bytes of the block that holds so many: with its header, in units of 64. */
export function spanOf(nbytes: number): number {
  return Math.ceil((nbytes + HEADER) / 64) * 64;
}
