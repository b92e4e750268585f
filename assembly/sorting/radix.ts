import { mergeSort } from "./merge";

// Sorts packed unsigned integers by their highest digits, of up to 11 bits, least significant first; then few are out of
// place, and insertion does the rest. Bits that are the same in all keys are no digits. Keys that crowd, so that
// insertion gives up, are merged or sorted by all their digits.

/** Bytes of the counters for three digits. */
export const COUNTERS: usize = 3 * 2048 * 4;
/** From so many elements on digits are quicker than merging. */
export const MANY: usize = 48;
/** Up to so many keys are told apart by one digit, or two, or three, almost all of them. */
const ONE: usize = 1 << 10, TWO: usize = 1 << 15, THREE: usize = 1 << 23;
/** Bits of three digits. */
const ROUND: i32 = 33;
/** Elements between two calls, at which V8 goes over to optimised code. Each loop is called at two places: asc writes a function that is called at one into its caller. */
const CALL: usize = 65536;

/** Sorts n packed keys by their bits from `low` on, all of which tell where `low` is not 0. */
export function sortKeys<K>(at: usize, n: usize, scratch: usize, low: i32): void {
  // Bytes are counted before there are so many.
  if (sizeof<K>() > 1 && n >= MANY) return radixSort<K>(at, n, scratch, low);
  mergeSort<K>(at, n, scratch);
}

/** Sorts n keys by their bits from `low` on. `spare` has room for as many, and after them for the counters. */
function radixSort<K>(at: usize, n: usize, spare: usize, low: i32): void {
  const varying = differing<K>(at, n) >> low << low;
  if (!varying) return;
  const bottom = <i32>ctz(varying), top = 64 - <i32>clz(varying), telling = bitsFor(n);
  if (top - bottom > telling) {
    byDigits<K>(at, n, spare, top - telling, top);
    if (settled<K>(at, at + n * sizeof<K>(), n << 2)) return;
    if (n <= ONE) return mergeSort<K>(at, n, spare);
  }
  for (let low = bottom; low < top; low += ROUND) byDigits<K>(at, n, spare, low, min<i32>(low + ROUND, top));
}

// How many of the highest bits leave about one key to each of their values.
function bitsFor(n: usize): i32 {
  if (n <= ONE) return min<i32>(11, 33 - <i32>clz<u32>(<u32>n));
  return n <= TWO ? 22 : n <= THREE ? ROUND : 64;
}

/** The bits in which keys differ. */
function differing<K>(at: usize, n: usize): u64 {
  const first = v128.splat<K>(load<K>(at)), end = at + n * sizeof<K>();
  let bits = i64x2.splat(0);
  for (; at + 16 <= end; at += 16) bits = v128.or(bits, v128.xor(v128.load(at), first));
  let folded = i64x2.extract_lane(bits, 0) | i64x2.extract_lane(bits, 1);
  if (sizeof<K>() == 4) folded = (folded | folded >> 32) & 0xffffffff;
  if (sizeof<K>() == 2) { folded |= folded >> 32; folded = (folded | folded >> 16) & 0xffff; }
  for (; at < end; at += sizeof<K>()) folded |= <i64>(load<K>(at) ^ v128.extract_lane<K>(first, 0));
  return <u64>folded;
}

// An insertion sort that gives up after so many moves: the keys are then out of order, but none is lost.
function settled<K>(at: usize, end: usize, moves: usize): bool {
  let before = load<K>(at);
  for (let p = at + sizeof<K>(); p < end; p += sizeof<K>()) {
    const key = load<K>(p);
    if (before <= key) { before = key; continue; }
    let q = p;
    for (; q > at && load<K>(q - sizeof<K>()) > key; q -= sizeof<K>()) store<K>(q, load<K>(q - sizeof<K>()));
    store<K>(q, key);
    const moved = (p - q) / sizeof<K>();
    if (moved > moves) return false;
    moves -= moved;
  }
  return true;
}

/** Sorts by the bits from `bottom` to `top`, 33 at most. */
function byDigits<K>(at: usize, n: usize, spare: usize, bottom: i32, top: i32): void {
  const passes = (top - bottom + 10) / 11, width = (top - bottom + passes - 1) / passes,
    counters = spare + n * sizeof<K>(), table: usize = 4 << width, end = at + n * sizeof<K>();
  memory.fill(counters, 0, table * passes);
  let p = at;
  for (; p + CALL * sizeof<K>() < end; p += CALL * sizeof<K>()) {
    count<K>(p, p + CALL * sizeof<K>(), counters, bottom, width, passes);
  }
  count<K>(p, end, counters, bottom, width, passes);
  let from = at, to = spare;
  for (let pass = 0, shift = bottom; pass < passes; pass++, shift += width) {
    const digits = counters + <usize>pass * table;
    if (!addresses<K>(digits, table, to, n)) continue;
    let q = from;
    const last = from + n * sizeof<K>();
    for (; q + CALL * sizeof<K>() < last; q += CALL * sizeof<K>()) {
      scatter<K>(q, q + CALL * sizeof<K>(), digits, shift, table - 4);
    }
    scatter<K>(q, last, digits, shift, table - 4);
    const other = from;
    from = to;
    to = other;
  }
  if (from != at) memory.copy(at, from, n * sizeof<K>());
}

// Where the counter of a digit lies: four bytes each.
@inline function place<K>(key: K, shift: i32, mask: usize): usize {
  return <usize>((<u64>key) >> shift << 2) & mask;
}

function count<K>(p: usize, end: usize, counters: usize, shift: i32, width: i32, passes: i32): void {
  const table: usize = 4 << width, mask = table - 4;
  for (; p < end; p += sizeof<K>()) {
    const key = load<K>(p), a = counters + place<K>(key, shift, mask);
    store<u32>(a, load<u32>(a) + 1);
    if (passes == 1) continue;
    const b = counters + table + place<K>(key, shift + width, mask);
    store<u32>(b, load<u32>(b) + 1);
    if (passes == 2) continue;
    const c = counters + 2 * table + place<K>(key, shift + 2 * width, mask);
    store<u32>(c, load<u32>(c) + 1);
  }
}

// Counts become the addresses of the first key with each digit; false if all keys have one digit.
function addresses<K>(p: usize, bytes: usize, to: usize, n: usize): bool {
  for (const end = p + bytes; p < end; p += 4) {
    const count: usize = load<u32>(p);
    if (count == n) return false;
    store<u32>(p, <u32>to);
    to += count * sizeof<K>();
  }
  return true;
}

function scatter<K>(p: usize, end: usize, table: usize, shift: i32, mask: usize): void {
  for (; p < end; p += sizeof<K>()) {
    const key = load<K>(p), slot = table + place<K>(key, shift, mask), to: usize = load<u32>(slot);
    store<K>(to, key);
    store<u32>(slot, <u32>(to + sizeof<K>()));
  }
}
