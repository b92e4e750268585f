import { bitsOf } from "./keys";

// Sorting by counting: of 8 and 16 bits there are so few values that it is quicker to write them anew.

/** Bytes of the counters: of 8-bit elements four tables, so that equal neighbours do not wait for one another. */
@inline export function countersOf<K>(): usize { return sizeof<K>() == 1 ? 4 * 256 * 4 : 65536 * 4; }
/** Elements between two calls: see radix.ts. */
const CALL: usize = 65536;

/** Sorts n packed elements of type T, K by their bits. */
export function countingSort<T, K>(at: usize, n: usize, counters: usize): void {
  memory.fill(counters, 0, countersOf<K>());
  const end = at + n * sizeof<K>();
  let p = at;
  for (; p + CALL * sizeof<K>() < end; p += CALL * sizeof<K>()) tally<K>(p, p + CALL * sizeof<K>(), counters);
  tally<K>(p, end, counters);
  let out = at;
  for (let key: u32 = 0; key < 1 << (sizeof<K>() << 3); key++) {
    const bits = bitsOf<T, K>(<K>key), slot = counters + (<usize>bits << 2);
    let count: usize = load<u32>(slot);
    if (sizeof<K>() == 1) count += load<u32>(slot, 1024) + load<u32>(slot, 2048) + load<u32>(slot, 3072);
    if (!count) continue;
    const next = out + count * sizeof<K>();
    // Whole vectors, beyond the run as well: what comes next writes over it.
    if (next + 16 <= end) for (const lanes = v128.splat<K>(bits); out < next; out += 16) v128.store(out, lanes);
    else for (; out < next; out += sizeof<K>()) store<K>(out, bits);
    out = next;
  }
}

function tally<K>(p: usize, end: usize, counters: usize): void {
  if (sizeof<K>() == 1) {
    for (; p + 4 <= end; p += 4) {
      more(counters + (<usize>load<u8>(p) << 2));
      more(counters + 1024 + (<usize>load<u8>(p, 1) << 2));
      more(counters + 2048 + (<usize>load<u8>(p, 2) << 2));
      more(counters + 3072 + (<usize>load<u8>(p, 3) << 2));
    }
  }
  for (; p < end; p += sizeof<K>()) more(counters + (<usize>load<K>(p) << 2));
}
@inline function more(slot: usize): void { store<u32>(slot, load<u32>(slot) + 1); }

/** Sorts n packed bools, whatever their bytes: falsehoods as 0, then truths as 1. */
export function sortTruths(at: usize, n: usize): void {
  const zeros = falsehoods(at, at + n);
  memory.fill(at, 0, zeros);
  memory.fill(at + zeros, 1, n - zeros);
}

/** How many bytes are 0. */
export function falsehoods(p: usize, end: usize): usize {
  let count: usize = 0;
  while (p + 16 <= end) {
    // A comparison gives -1: 255 rounds fit a byte.
    let bytes = i64x2.splat(0);
    for (let rounds = 255; rounds && p + 16 <= end; rounds--, p += 16) {
      bytes = i8x16.sub(bytes, i8x16.eq(v128.load(p), i64x2.splat(0)));
    }
    const sums = i32x4.extadd_pairwise_i16x8_u(i16x8.extadd_pairwise_i8x16_u(bytes));
    count += i32x4.extract_lane(sums, 0) + i32x4.extract_lane(sums, 1) + i32x4.extract_lane(sums, 2) + i32x4.extract_lane(sums, 3);
  }
  for (; p < end; p++) count += usize(load<u8>(p) == 0);
  return count;
}
