/** Stands for float16 where a type is asked for: the machine has none. `isReference` tells it apart; none is made. */
@unmanaged export class Half {}

/** Bytes of an element: `sizeof<Half>()` would be that of a pointer. */
@inline export function bytesOf<T>(): usize {
  return isReference<T>() ? 2 : sizeof<T>();
}

/**
 * Four halves, each in the low 16 bits of its lane, as float32: exact.
 *
 *     s eeeee mmmmmmmmmm   →   s eeeeeeee mmmmmmmmmm0000000000000   exponent bias 15 → 127
 */
@inline export function halvesToFloats(h: v128): v128 {
  const magnitude = v128.and(h, i32x4.splat(0x7fff));
  const special = i32x4.gt_s(magnitude, i32x4.splat(0x7bff)), subnormal = i32x4.lt_s(magnitude, i32x4.splat(0x400));
  // An exponent of 31 gets the difference of the biases twice: 31 + 2 × 112 = 255, infinite or NaN.
  const bias = i32x4.add(i32x4.splat(112 << 23), v128.and(special, i32x4.splat(112 << 23)));
  // A subnormal is read as 2⁻¹⁴ more: float32 subnormals, slow on some processors, are never operands.
  const more = v128.and(subnormal, i32x4.splat(1 << 23)), less = v128.and(subnormal, i32x4.splat(113 << 23));
  const raised = i32x4.add(i32x4.shl(magnitude, 13), i32x4.add(bias, more));
  return v128.or(f32x4.sub(raised, less), i32x4.shl(v128.xor(h, magnitude), 16));
}

/**
 * Four float32 as halves in the low 16 bits of each lane, rounded to nearest even; 65520 and more is infinite.
 * After Fabian Giesen, "float->half variants" (gist.github.com/rygorous/2156668, CC0).
 */
@inline export function floatsToHalves(f: v128): v128 {
  const sign = v128.and(f, i32x4.splat(0x80000000));
  const x = v128.xor(f, sign);
  // Adding 0.5 leaves the bits of a half subnormal, rounded by the adder, at the end of the significand.
  const half = i32x4.splat(126 << 23);
  const subnormal = i32x4.sub(f32x4.add(x, half), half);
  const odd = v128.and(i32x4.shr_u(x, 13), i32x4.splat(1));
  const normal = i32x4.shr_u(i32x4.add(i32x4.add(x, i32x4.splat(0xfff - (112 << 23))), odd), 13);
  const finite = v128.bitselect(subnormal, normal, i32x4.lt_s(x, i32x4.splat(113 << 23)));
  const special = v128.or(i32x4.splat(0x7c00), v128.and(f32x4.ne(x, x), i32x4.splat(0x200)));
  const result = v128.bitselect(finite, special, i32x4.lt_s(x, i32x4.splat(143 << 23)));
  return v128.or(result, i32x4.shr_u(sign, 16));
}

/**
 * Two float64 rounded to odd at float32's last bit, so that rounding on to a half is the only rounding that shows.
 * (Boldo and Melquiond, "When double rounding is odd", 2005.)
 */
@inline export function roundToOdd(d: v128): v128 {
  const cut = i64x2.splat(0x1fffffff);
  // The sum carries into float32's last bit if any bit below it is set.
  const carried = i64x2.add(v128.and(d, cut), cut);
  return v128.andnot(v128.or(d, carried), cut);
}

/** One half as float32. */
@inline export function halfToFloat(h: u16): f32 {
  return f32x4.extract_lane(halvesToFloats(i32x4.splat(h)), 0);
}

/** One number as a half. */
@inline export function toHalf<V>(x: V): u16 {
  let f: v128;
  if (isFloat<V>() && sizeof<V>() == 8) f = f32x4.demote_f64x2_zero(roundToOdd(f64x2.splat(x)));
  else if (isFloat<V>()) f = f32x4.splat(x);
  // Clamped to where every half is infinite, it is exact in float32. A scalar conversion here was 2.3 times slower.
  else f = f32x4.convert_i32x4_s(i32x4.splat(clampToHalf<V>(x)));
  return i32x4.extract_lane(floatsToHalves(f), 0) as u16;
}

@inline function clampToHalf<V>(x: V): i32 {
  if (sizeof<V>() < 4) return x as i32;
  if (isSigned<V>()) return max<V>(min<V>(x, 65536 as V), -65536 as V) as i32;
  return min<V>(x, 65536 as V) as i32;
}
