// What src/ writes for the kernels of every chapter, by its address: it exists once, in the base.

const box = memory.data(704, 64);
const scratch = memory.data(4 * 32768, 64);

/** The box src/ writes for the calls of this thread. */
export function boxAddress(): usize { return box; }

/** Four areas of 32 KiB, each for a tile of the widest dtype. */
export function scratchAddress(): usize { return scratch; }
