import { floorDivided, remainderOf } from "./division";
import { imags, imagSigns, reals, realSigns, swapped } from "../complexLanes";
import {
  DType, forComplex, forInexact, forInteger, forNumber, forNumberOrTrue, forReal, forRealOrTrue, forWrappingNumber, forWrappingOrTrue,
} from "../dtype";
import * as complex from "../functions/complex";
import { Binary, orderedLanes, Ternary, Unary } from "./walks";
import { powerLanes32, realPower } from "../functions/logarithm";
import { TrueAnd, TrueClip, TrueOr, TrueSelf } from "../truth";

// The op table of arithmetic: a token says what one element does (`of`), 16 bytes (`lanes`), one complex128 or two
// complex64 (`complex`), or one complex number in float64 precision (`wide`). Adding an op is adding a token and an export.

@unmanaged class Add {
  @inline of<T>(x: T, y: T): T { return (x + y) as T; }
  @inline lanes<T>(x: v128, y: v128): v128 { return v128.add<T>(x, y); }
  @inline complex<F>(x: v128, y: v128): v128 { return v128.add<F>(x, y); }
}
export function add(dtype: DType, box: usize): void { forWrappingOrTrue<Binary<Add>, Binary<TrueOr>>(dtype, box); }

@unmanaged class Subtract {
  @inline of<T>(x: T, y: T): T { return (x - y) as T; }
  @inline lanes<T>(x: v128, y: v128): v128 { return v128.sub<T>(x, y); }
  @inline complex<F>(x: v128, y: v128): v128 { return v128.sub<F>(x, y); }
}
export function subtract(dtype: DType, box: usize): void { forWrappingNumber<Binary<Subtract>>(dtype, box); }

// SIMD has no product of bytes: the low bytes of two 16-bit products.
@inline function multiplyBytes(x: v128, y: v128): v128 {
  return v128.shuffle<i8>(i16x8.extmul_low_i8x16_u(x, y), i16x8.extmul_high_i8x16_u(x, y),
    0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30);
}

@unmanaged class Multiply {
  @inline of<T>(x: T, y: T): T { return (x * y) as T; }
  @inline lanes<T>(x: v128, y: v128): v128 { if (sizeof<T>() == 1) return multiplyBytes(x, y); return v128.mul<T>(x, y); }
  @inline complex<F>(x: v128, y: v128): v128 {
    return v128.add<F>(v128.mul<F>(reals<F>(x), y), v128.xor(v128.mul<F>(imags<F>(x), swapped<F>(y)), realSigns<F>()));
  }
}
export function multiply(dtype: DType, box: usize): void { forWrappingOrTrue<Binary<Multiply>, Binary<TrueAnd>>(dtype, box); }

@unmanaged class Divide {
  @inline of<T>(x: T, y: T): T { return (x / y) as T; }
  @inline lanes<T>(x: v128, y: v128): v128 { return v128.div<T>(x, y); }
  @inline wide(x: v128, y: v128): v128 { return complex.divide(x, y); }
}
export function divide(dtype: DType, box: usize): void { forInexact<Binary<Divide>>(dtype, box); }

@unmanaged class FloorDivide { @inline of<T>(x: T, y: T): T { return floorDivided<T>(x, y); } }
export function floorDivide(dtype: DType, box: usize): void { forReal<Binary<FloorDivide>>(dtype, box); }

@unmanaged class Remainder { @inline of<T>(x: T, y: T): T { return remainderOf<T>(x, y); } }
export function remainder(dtype: DType, box: usize): void { forReal<Binary<Remainder>>(dtype, box); }

@unmanaged class Fmod {
  @inline of<T>(x: T, y: T): T {
    if (isInteger<T>()) {
      if (y == 0) return 0 as T;
      if (isSigned<T>()) { if (y == -1) return 0 as T; }
    }
    return (x % y) as T;
  }
}
export function fmod(dtype: DType, box: usize): void { forReal<Binary<Fmod>>(dtype, box); }

// A negative exponent, which only a mask can leave out, ends at once.
function integerPower<T>(base: T, exponent: T): T {
  let result: T = 1 as T;
  for (; exponent > 0; exponent = (exponent >> 1) as T, base = (base * base) as T) {
    if (exponent & 1) result = (result * base) as T;
  }
  return result;
}
@unmanaged class Power {
  @inline of<T>(x: T, y: T): T {
    if (isInteger<T>()) return integerPower<T>(x, y);
    if (sizeof<T>() == 8) return realPower(x as f64, y as f64) as T;
    return f32x4.extract_lane(powerLanes32(f32x4.splat(x as f32), f32x4.splat(y as f32)), 0) as T;
  }
  @inline laned<T>(): bool { return isFloat<T>() && sizeof<T>() == 4; }
  @inline lanes<T>(x: v128, y: v128): v128 { return powerLanes32(x, y); }
  @inline wide(x: v128, y: v128): v128 { return complex.power(x, y); }
}
export function power(dtype: DType, box: usize): void { forNumber<Binary<Power>>(dtype, box); }

@unmanaged class Negative {
  @inline of<T>(x: T): T { if (isFloat<T>()) return -x as T; return (0 - x) as T; }
  @inline lanes<T>(x: v128): v128 { return v128.neg<T>(x); }
  @inline complex<F>(x: v128): v128 { return v128.neg<F>(x); }
}
export function negative(dtype: DType, box: usize): void { forWrappingNumber<Unary<Negative>>(dtype, box); }

@unmanaged class Conjugate {
  @inline complex<F>(x: v128): v128 { return v128.xor(x, imagSigns<F>()); }
}
export function conjugate(dtype: DType, box: usize): void { forComplex<Unary<Conjugate>>(dtype, box); }

@unmanaged class Absolute {
  @inline of<T>(x: T): T { if (isSigned<T>() || isFloat<T>()) return abs<T>(x); return x; }
  @inline laned<T>(): bool { return isSigned<T>() || isFloat<T>(); }
  @inline lanes<T>(x: v128): v128 { return v128.abs<T>(x); }
}
export function absolute(dtype: DType, box: usize): void { forRealOrTrue<Unary<Absolute>, Unary<TrueSelf>>(dtype, box); }

@unmanaged class Sign {
  @inline of<T>(x: T): T {
    if (isFloat<T>()) return (x > 0 ? 1 : x < 0 ? -1 : x == 0 ? 0 : x) as T;
    if (isSigned<T>()) return (x > 0 ? 1 : x < 0 ? -1 : 0) as T;
    return (x > 0 ? 1 : 0) as T;
  }
  @inline wide(v: v128): v128 { return signWide(v); }
}
// NumPy 2: z / |z|, and 0 for 0.
function signWide(v: v128): v128 {
  const re = f64x2.extract_lane(v, 0), im = f64x2.extract_lane(v, 1), length = NativeMath.hypot(re, im);
  if (length == 0) return f64x2.splat(0);
  if (length == Infinity) {
    if (abs(re) == Infinity && abs(im) == Infinity) return f64x2.splat(NaN);
    return abs(re) == Infinity ? f64x2(copysign<f64>(1, re), 0) : f64x2(0, copysign<f64>(1, im));
  }
  return f64x2(re / length, im / length);
}
export function sign(dtype: DType, box: usize): void { forNumber<Unary<Sign>>(dtype, box); }

@unmanaged class Square {
  @inline of<T>(x: T): T { return (x * x) as T; }
  @inline lanes<T>(x: v128): v128 { if (sizeof<T>() == 1) return multiplyBytes(x, x); return v128.mul<T>(x, x); }
  @inline complex<F>(x: v128): v128 { return changetype<Multiply>(0).complex<F>(x, x); }
}
export function square(dtype: DType, box: usize): void { forWrappingNumber<Unary<Square>>(dtype, box); }

// Smith's method with 1 for the dividend, in the steps NumPy takes.
function reciprocalWide(v: v128): v128 {
  const re = f64x2.extract_lane(v, 0), im = f64x2.extract_lane(v, 1);
  if (abs(im) <= abs(re)) {
    const ratio = im / re, length = re + im * ratio;
    return f64x2(1 / length, -ratio / length);
  }
  const ratio = re / im, length = re * ratio + im;
  return f64x2(ratio / length, -1 / length);
}

@unmanaged class Reciprocal {
  @inline of<T>(x: T): T {
    if (isFloat<T>()) return (1 / x) as T;
    if (isSigned<T>()) return (x == 1 || x == -1 ? x : 0) as T;
    return (x == 1 ? 1 : 0) as T;
  }
  @inline laned<T>(): bool { return isFloat<T>(); }
  @inline lanes<T>(x: v128): v128 { return v128.div<T>(v128.splat<T>(1 as T), x); }
  @inline wide(x: v128): v128 { return reciprocalWide(x); }
}
export function reciprocal(dtype: DType, box: usize): void { forNumber<Unary<Reciprocal>>(dtype, box); }

// Larger and smaller of each pair. `maximum` and `minimum` let NaN win, `fmax` and `fmin` let it lose.
@inline function complexAfter(a: f64, b: f64, c: f64, d: f64): bool { return (a > c && b == b && d == d) || (a == c && b >= d); }
@inline function hasNaN(v: v128): bool { return v128.any_true(f64x2.ne(v, v)); }
@inline function isAfter(x: v128, y: v128): bool {
  return complexAfter(f64x2.extract_lane(x, 0), f64x2.extract_lane(x, 1), f64x2.extract_lane(y, 0), f64x2.extract_lane(y, 1));
}
@inline function nanWins<T>(x: v128, picked: v128): v128 { return v128.bitselect(x, picked, v128.ne<T>(x, x)); }
@inline function largerLanes<T>(x: v128, y: v128): v128 {
  if (isFloat<T>()) return v128.pmax<T>(x, y);
  if (sizeof<T>() == 8) return v128.bitselect(x, y, i64x2.gt_s(x, y));
  return v128.max<T>(x, y);
}
@inline function smallerLanes<T>(x: v128, y: v128): v128 {
  if (isFloat<T>()) return v128.pmin<T>(x, y);
  if (sizeof<T>() == 8) return v128.bitselect(y, x, i64x2.gt_s(x, y));
  return v128.min<T>(x, y);
}

@unmanaged class Maximum {
  @inline of<T>(x: T, y: T): T { return x >= y || x != x ? x : y; }
  @inline laned<T>(): bool { return orderedLanes<T>(); }
  @inline lanes<T>(x: v128, y: v128): v128 { if (isFloat<T>()) return nanWins<T>(y, largerLanes<T>(x, y)); return largerLanes<T>(x, y); }
  @inline wide(x: v128, y: v128): v128 { return hasNaN(x) || (!hasNaN(y) && isAfter(x, y)) ? x : y; }
}
@unmanaged class Minimum {
  @inline of<T>(x: T, y: T): T { return x <= y || x != x ? x : y; }
  @inline laned<T>(): bool { return orderedLanes<T>(); }
  @inline lanes<T>(x: v128, y: v128): v128 { if (isFloat<T>()) return nanWins<T>(y, smallerLanes<T>(x, y)); return smallerLanes<T>(x, y); }
  @inline wide(x: v128, y: v128): v128 { return hasNaN(x) || (!hasNaN(y) && isAfter(y, x)) ? x : y; }
}
@unmanaged class Fmax {
  @inline of<T>(x: T, y: T): T { return x >= y || y != y ? x : y; }
  @inline laned<T>(): bool { return orderedLanes<T>(); }
  @inline lanes<T>(x: v128, y: v128): v128 {
    if (isFloat<T>()) return v128.bitselect(y, v128.bitselect(x, v128.pmax<T>(x, y), v128.ne<T>(y, y)), v128.ne<T>(x, x));
    return largerLanes<T>(x, y);
  }
  @inline wide(x: v128, y: v128): v128 { return hasNaN(y) || (!hasNaN(x) && isAfter(x, y)) ? x : y; }
}
@unmanaged class Fmin {
  @inline of<T>(x: T, y: T): T { return x <= y || y != y ? x : y; }
  @inline laned<T>(): bool { return orderedLanes<T>(); }
  @inline lanes<T>(x: v128, y: v128): v128 {
    if (isFloat<T>()) return v128.bitselect(y, v128.bitselect(x, v128.pmin<T>(x, y), v128.ne<T>(y, y)), v128.ne<T>(x, x));
    return smallerLanes<T>(x, y);
  }
  @inline wide(x: v128, y: v128): v128 { return hasNaN(y) || (!hasNaN(x) && isAfter(y, x)) ? x : y; }
}
export function maximum(dtype: DType, box: usize): void { forNumberOrTrue<Binary<Maximum>, Binary<TrueOr>>(dtype, box); }
export function minimum(dtype: DType, box: usize): void { forNumberOrTrue<Binary<Minimum>, Binary<TrueAnd>>(dtype, box); }
export function fmax(dtype: DType, box: usize): void { forNumberOrTrue<Binary<Fmax>, Binary<TrueOr>>(dtype, box); }
export function fmin(dtype: DType, box: usize): void { forNumberOrTrue<Binary<Fmin>, Binary<TrueAnd>>(dtype, box); }

// NumPy's clip orders complex numbers by their parts alone: a NaN in a limit wins only where it is compared.
function limited(x: v128, limit: v128, above: bool): v128 {
  const a = f64x2.extract_lane(x, 0), b = f64x2.extract_lane(x, 1), c = f64x2.extract_lane(limit, 0), d = f64x2.extract_lane(limit, 1);
  const keeps = above ? (a == c ? b < d : a < c) : (a == c ? b > d : a > c);
  return hasNaN(x) || keeps ? x : limit;
}

// min(max(x, low), high): when low > high the answer is high, and a NaN anywhere wins.
@unmanaged class Clip {
  @inline of<T>(x: T, low: T, high: T): T { return changetype<Minimum>(0).of<T>(changetype<Maximum>(0).of<T>(x, low), high); }
  @inline laned<T>(): bool { return orderedLanes<T>(); }
  @inline lanes<T>(x: v128, low: v128, high: v128): v128 {
    return changetype<Minimum>(0).lanes<T>(changetype<Maximum>(0).lanes<T>(x, low), high);
  }
  @inline wide(x: v128, low: v128, high: v128): v128 { return limited(limited(x, low, false), high, true); }
}
export function clip(dtype: DType, box: usize): void { forNumberOrTrue<Ternary<Clip>, Ternary<TrueClip>>(dtype, box); }

// Sizes are unsigned 64-bit, where the lowest integer of every dtype has one; results wrap into the dtype.
@inline function sizeOf<T>(x: T): u64 { if (isSigned<T>()) return x < 0 ? 0 - <u64>(x as i64) : <u64>(x as i64); return x as u64; }
function gcdOfSizes(x: u64, y: u64): u64 {
  while (y != 0) { const rest = x % y; x = y; y = rest; }
  return x;
}
@inline function gcdOf<T>(a: T, b: T): T { return gcdOfSizes(sizeOf<T>(a), sizeOf<T>(b)) as T; }
@unmanaged class Gcd { @inline of<T>(x: T, y: T): T { return gcdOf<T>(x, y); } }
export function gcd(dtype: DType, box: usize): void { forInteger<Binary<Gcd>>(dtype, box); }

@inline function lcmOf<T>(a: T, b: T): T {
  const x = sizeOf<T>(a), y = sizeOf<T>(b), g = gcdOfSizes(x, y);
  return (g == 0 ? 0 : x / g * y) as T;
}
@unmanaged class Lcm { @inline of<T>(x: T, y: T): T { return lcmOf<T>(x, y); } }
export function lcm(dtype: DType, box: usize): void { forInteger<Binary<Lcm>>(dtype, box); }
