import { floorDivided, remainderOf } from "./division";
import { imags, imagSigns, reals, realSigns, swapped } from "../complexLanes";
import { DType, forComplex, forInexact, forNumber, forReal, forRealOrTrue, forWrappingNumber, forWrappingOrTrue } from "../dtype";
import { quotient } from "../functions/quotient";
import { Binary, Unary } from "./walks";
import { TrueAnd, TrueOr, TrueSelf } from "../truth";

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
  @inline wide(x: v128, y: v128): v128 { return quotient(x, y); }
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
