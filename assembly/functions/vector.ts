// Shorthand for the polynomials over lanes. Their constants are whole vectors in memory: a load is cheaper than a
// splat, which V8 repeats in every round of a loop.

@inline export function times(a: v128, b: v128): v128 { return f64x2.mul(a, b); }
@inline export function plus(a: v128, b: v128): v128 { return f64x2.add(a, b); }
@inline export function minus(a: v128, b: v128): v128 { return f64x2.sub(a, b); }
@inline export function over(a: v128, b: v128): v128 { return f64x2.div(a, b); }
@inline export function number(x: f64): v128 { return f64x2.splat(x); }
@inline export function times32(a: v128, b: v128): v128 { return f32x4.mul(a, b); }
@inline export function plus32(a: v128, b: v128): v128 { return f32x4.add(a, b); }
@inline export function minus32(a: v128, b: v128): v128 { return f32x4.sub(a, b); }
@inline export function number32(x: f32): v128 { return f32x4.splat(x); }

// A step of Horner's rule: p x + the constant at `next`.
@inline export function horner(p: v128, x: v128, next: usize): v128 { return plus(times(p, x), v128.load(next)); }
@inline export function horner32(p: v128, x: v128, next: usize): v128 { return plus32(times32(p, x), v128.load(next)); }

@inline export function first(x: v128): f64 { return f64x2.extract_lane(x, 0); }
@inline export function second(x: v128): f64 { return f64x2.extract_lane(x, 1); }
@inline export function signOf(x: v128): v128 { return v128.and(x, f64x2.splat(-0.0)); }

// Four float32 as two pairs of float64, and back.
@inline export function lowPair(x: v128): v128 { return f64x2.promote_low_f32x4(x); }
@inline export function highPair(x: v128): v128 { return f64x2.promote_low_f32x4(v128.shuffle<i32>(x, x, 2, 3, 2, 3)); }
@inline export function four(low: v128, high: v128): v128 {
  return v128.shuffle<i32>(f32x4.demote_f64x2_zero(low), f32x4.demote_f64x2_zero(high), 0, 1, 4, 5);
}

// The leading 26 bits, whose products with one another are exact, and what rounding takes from a product (Dekker, A
// floating-point technique for extending the available precision, Numerische Mathematik 18, 1971).
@inline export function shortened(x: v128): v128 { return v128.and(x, i64x2.splat(0xFFFFFFFFF8000000)); }
@inline export function productError(a: v128, b: v128, product: v128): v128 {
  const ah = shortened(a), al = minus(a, ah), bh = shortened(b), bl = minus(b, bh);
  return plus(plus(plus(minus(times(ah, bh), product), times(ah, bl)), times(al, bh)), times(al, bl));
}
@inline export function squareError(a: v128, square: v128): v128 {
  const h = shortened(a), l = minus(a, h);
  return plus(plus(minus(times(h, h), square), times(h, plus(l, l))), times(l, l));
}
