import { DTypeError, ValueError } from "../base/errors.js";
import { listOf } from "../base/layout.js";
import { shown } from "../base/shown.js";

// From a seed to the state of a PCG64, as numpy.random.SeedSequence and PCG64 do it: close seeds give unrelated states.
// The mixing is M. E. O'Neill's seed_seq_fe128, "Developing a seed_seq Alternative", 2015.

/** A seed: a non-negative integer of any size, or several. */
export type Seed = number | bigint | readonly (number | bigint)[];

const POOL_WORDS = 4;
const MIX_LEFT = 0xca01f9dd;
const MIX_RIGHT = 0x4973f715;

const MASK_64 = 2n ** 64n - 1n;
const MASK_128 = 2n ** 128n - 1n;
const PCG_MULTIPLIER = 0x2360ed051fc65da44385df649fccf645n;

/** NumPy's SeedSequence(seed).generate_state(4, uint64). Errors: a negative or fractional seed. */
export function generateState(seed: Seed): BigUint64Array {
  const pool = mixedPool(entropyWords(seed));
  const hash = hasher(0x8b51f9dd, 0x58f38ded);
  const state = new BigUint64Array(4);
  for (let i = 0; i < state.length; i++) {
    const low = hash(pool[(2 * i) % POOL_WORDS]);
    const high = hash(pool[(2 * i + 1) % POOL_WORDS]);
    state[i] = (BigInt(high) << 32n) | BigInt(low);
  }
  return state;
}

/** The state of PCG64(seed): low and high half of the state, low and high half of the increment. */
export function pcg64State(seed: Seed): BigUint64Array {
  const [high, low, streamHigh, streamLow] = [...generateState(seed)] as [bigint, bigint, bigint, bigint]; // four words
  const increment = ((((streamHigh << 64n) | streamLow) << 1n) | 1n) & MASK_128;
  // One step from 0 gives the increment; the seed is added, and one more step taken.
  const started = (increment + ((high << 64n) | low)) & MASK_128;
  const state = (started * PCG_MULTIPLIER + increment) & MASK_128;
  return BigUint64Array.of(state & MASK_64, state >> 64n, increment & MASK_64, increment >> 64n);
}

// Every integer gives its 32-bit digits, lowest first; 0 gives one.
function entropyWords(seed: Seed): number[] {
  const words: number[] = [];
  for (const part of listOf(seed, "a seed", 2 ** 20) as unknown[]) {
    if (typeof part !== "bigint" && !(typeof part === "number" && Number.isInteger(part)))
      throw new DTypeError(`a seed is an integer or a list of integers, not ${shown(part)}`);
    if (part < 0) throw new ValueError("expected non-negative integer");
    let rest = BigInt(part);
    do {
      words.push(Number(rest & 0xffffffffn));
      rest >>= 32n;
    } while (rest > 0n);
  }
  return words;
}

// Every word of the seed reaches every word of the pool.
function mixedPool(words: readonly number[]): Uint32Array {
  const hash = hasher(0x43b0d7e5, 0x931e8875);
  const pool = new Uint32Array(POOL_WORDS);
  for (let i = 0; i < POOL_WORDS; i++) pool[i] = hash(words[i] ?? 0);
  for (let from = 0; from < POOL_WORDS; from++) {
    for (let to = 0; to < POOL_WORDS; to++) if (from !== to) mixInto(pool, to, hash(pool[from]));
  }
  for (const word of words.slice(POOL_WORDS)) {
    for (let to = 0; to < POOL_WORDS; to++) mixInto(pool, to, hash(word));
  }
  return pool;
}

function mixInto(pool: Uint32Array, to: number, word: number): void {
  const mixed = (Math.imul(MIX_LEFT, pool[to]) - Math.imul(MIX_RIGHT, word)) >>> 0;
  pool[to] = mixed ^ (mixed >>> 16);
}

// A hash of words that changes from call to call.
function hasher(start: number, multiplier: number): (word: number) => number {
  let key = start;
  return (word) => {
    const keyed = word ^ key;
    key = Math.imul(key, multiplier) >>> 0;
    const hashed = Math.imul(keyed, key) >>> 0;
    return (hashed ^ (hashed >>> 16)) >>> 0;
  };
}
