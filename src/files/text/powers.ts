import { reading } from "../../core/chapters/reading.js";
import { memory } from "../../core/instance.js";

// The powers of five that the core rounds decimals with: 128 bits each, the highest set. Source:
// D. Lemire, "Number parsing at a gigabyte per second" (2021), appendix B. Made here they cost a millisecond, and no bytes.

const SMALLEST = -342,
  LARGEST = 308;

let ready = false;

/** Writes the powers of five into the core, before the first text is read. */
export function preparePowers(): void {
  if (ready) return;
  const words = new BigUint64Array(memory.buffer, reading.kernels.powersAddress(), 2 * (LARGEST - SMALLEST + 1));
  for (let q = SMALLEST, at = 0; q <= LARGEST; q++) {
    const bits = significant(q);
    words[at++] = bits >> 64n;
    words[at++] = BigInt.asUintN(64, bits);
  }
  ready = true;
}

/** The first 128 bits of a power of five. */
function significant(q: number): bigint {
  const power = 5n ** BigInt(Math.abs(q)),
    length = lengthOf(power);
  if (q >= 0) return length > 128n ? power >> (length - 128n) : power << (128n - length);
  // Those that 64 bits can be divided by are rounded up, the others cut.
  if (q >= -27) return (1n << (length + 127n)) / power + 1n;
  const reciprocal = (1n << (2n * length + 128n)) / power;
  return reciprocal >> (lengthOf(reciprocal) - 128n);
}

function lengthOf(x: bigint): bigint {
  return BigInt(x.toString(2).length);
}
