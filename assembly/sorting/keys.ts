import { bytesOf } from "../half";

// Real numbers are sorted as unsigned integers of their width, their keys, whose order is that of the numbers:
//
//   signed    the sign bit flipped
//   floats    negative ones with all bits flipped, others with the sign bit; then counted from minus infinity, so that
//             every NaN comes after infinity, with either sign
//
//             -inf … -0  0 … inf  NaN … -NaN
//             0                          2ⁿ - 1
//
// A key stands for one number and can be turned back into it. -0 comes directly before 0.

/** How far a float's flipped bits are from its key: those of minus infinity. */
@inline function first<K>(): K {
  if (sizeof<K>() == 2) return 0x03ff as K;
  if (sizeof<K>() == 4) return 0x007fffff as K;
  return 0x000fffffffffffff as K;
}
@inline function sign<K>(): K { const bits: u64 = 1 << <u64>((sizeof<K>() << 3) - 1); return <K>bits; }
@inline function all<K>(): K { return <K>-1; }
@inline function isFloating<T>(): bool { return isReference<T>() || isFloat<T>(); }

/** The key of an element of type T, from its bits. */
@inline export function keyOf<T, K>(bits: K): K {
  if (isFloating<T>()) return ((bits ^ (bits & sign<K>() ? all<K>() : sign<K>())) - first<K>()) as K;
  return (isSigned<T>() ? bits ^ sign<K>() : bits) as K;
}

/** The bits of the element that a key stands for. */
@inline export function bitsOf<T, K>(key: K): K {
  if (!isFloating<T>()) return (isSigned<T>() ? key ^ sign<K>() : key) as K;
  const flipped = (key + first<K>()) as K;
  return (flipped ^ (flipped & sign<K>() ? sign<K>() : all<K>())) as K;
}

/** The key again, but one for both zeros and the highest for every NaN: equal numbers have equal ones. */
@inline export function folded<T, K>(key: K): K {
  if (!isFloating<T>()) return key;
  const infinity = ((all<K>() ^ first<K>()) - first<K>()) as K, minusZero = (sign<K>() - 1 - first<K>()) as K;
  return key > infinity ? all<K>() : key + (key == minusZero ? 1 : 0) as K;
}

// The same for 16 bytes: `S` is the signed integer of the width.
@inline function keyLanes<T, S>(v: v128): v128 {
  const high = v128.splat<S>(sign<S>());
  if (!isFloating<T>()) return v128.xor(v, high);
  return v128.sub<S>(v128.xor(v, v128.or(v128.shr<S>(v, (sizeof<S>() << 3) - 1), high)), v128.splat<S>(first<S>()));
}
@inline function bitLanes<T, S>(v: v128): v128 {
  const high = v128.splat<S>(sign<S>());
  if (!isFloating<T>()) return v128.xor(v, high);
  const flipped = v128.add<S>(v, v128.splat<S>(first<S>()));
  return v128.xor(flipped, v128.or(v128.not(v128.shr<S>(flipped, (sizeof<S>() << 3) - 1)), high));
}

/** Puts keys in the place of packed elements of type T; S and K are the integers of its width. */
export function toKeys<T, S, K>(at: usize, end: usize): void {
  if (!isFloating<T>() && !isSigned<T>()) return;
  for (; at + 16 <= end; at += 16) v128.store(at, keyLanes<T, S>(v128.load(at)));
  for (; at < end; at += sizeof<K>()) store<K>(at, keyOf<T, K>(load<K>(at)));
}

/** Puts elements in the place of their keys. */
export function toBits<T, S, K>(at: usize, end: usize): void {
  if (!isFloating<T>() && !isSigned<T>()) return;
  for (; at + 16 <= end; at += 16) v128.store(at, bitLanes<T, S>(v128.load(at)));
  for (; at < end; at += sizeof<K>()) store<K>(at, bitsOf<T, K>(load<K>(at)));
}

// What elements are compared by where they lie: equal ones have equal keys, of 64 bits at most.

/** The key of the element at p. */
@inline export function keyAt<T>(p: usize): u64 {
  if (isBoolean<T>()) return u64(load<u8>(p) != 0);
  if (bytesOf<T>() == 1) return <u64>keyOf<T, u8>(load<u8>(p));
  if (bytesOf<T>() == 2) return <u64>folded<T, u16>(keyOf<T, u16>(load<u16>(p)));
  if (bytesOf<T>() == 4) return <u64>folded<T, u32>(keyOf<T, u32>(load<u32>(p)));
  return folded<T, u64>(keyOf<T, u64>(load<u64>(p)));
}

/**
 * The keys of a complex number of parts F: what it is ordered by first, and then. NumPy's order is R + Rj, R + nanj,
 * nan + Rj, nan + nanj, and each of these goes by its real part, then by its imaginary one. So `NaN` in place of the real
 * key says which it is:
 *
 *      R + Rj  re, im    R + nanj  NaN - 2, re    nan + Rj  NaN - 1, im    nan + nanj  NaN, 0
 */
@inline export function complexKeyAt<F, K>(p: usize, then: bool): K {
  const re = folded<F, K>(keyOf<F, K>(load<K>(p))), im = folded<F, K>(keyOf<F, K>(load<K>(p, sizeof<K>())));
  const nan = all<K>(), lostRe = re == nan, lostIm = im == nan;
  if (then) return lostRe ? (lostIm ? 0 as K : im) : lostIm ? re : im;
  return lostRe ? (lostIm ? nan : nan - 1) : lostIm ? nan - 2 : re;
}

/** Both keys of a complex64 in one. */
@inline export function complex64KeyAt(p: usize): u64 {
  return <u64>complexKeyAt<f32, u32>(p, false) << 32 | complexKeyAt<f32, u32>(p, true);
}
