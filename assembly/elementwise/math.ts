import { DType, forFloat, forFloatOrHalf, forInexact } from "../dtype";
import { Binary, Unary } from "./walks";
import * as complex from "../functions/complex";
import { coshLanes, exp2Lanes, expLanes, expm1Lanes, sinhLanes, tanhLanes } from "../functions/exponential";
import * as inverse from "../functions/inverse";
import { arccoshLanes, arcsinhLanes, arctanhLanes, log10Lanes, log1pLanes, log2Lanes, logLanes } from "../functions/logarithm";
import { arctan2Lanes, arctanLanes, cosineLanes, sineLanes, tangentLanes } from "../functions/trigonometry";

// The op table of roots, exponentials and trigonometry. Unless said otherwise, a float32 is computed as
// float64 and rounded once.

// A token with lanes takes its scalar from lane 0: a view and its copy must give the same bits.
@inline function lane<Op, T>(x: T): T { return v128.extract_lane<T>(changetype<Op>(0).lanes<T>(v128.splat<T>(x)), 0); }
@inline function lane2<Op, T>(x: T, y: T): T {
  return v128.extract_lane<T>(changetype<Op>(0).lanes<T>(v128.splat<T>(x), v128.splat<T>(y)), 0);
}

@unmanaged class Sqrt {
  @inline of<T>(x: T): T { return sqrt<T>(x); }
  @inline lanes<T>(x: v128): v128 { return v128.sqrt<T>(x); }
  @inline wide(z: v128): v128 { return complex.squareRoot(z); }
}
function sqrtOf(dtype: DType, box: usize): void { forInexact<Unary<Sqrt>>(dtype, box); }

@unmanaged class Cbrt { @inline of<T>(x: T): T { return NativeMath.cbrt(x as f64) as T; } }
export function cbrt(dtype: DType, box: usize): void { forFloat<Unary<Cbrt>>(dtype, box); }

@unmanaged class Exp {
  @inline of<T>(x: T): T { return lane<Exp, T>(x); }
  @inline lanes<T>(x: v128): v128 { return expLanes<T>(x); }
  @inline wide(z: v128): v128 { return complex.exp(z); }
}
export function exp(dtype: DType, box: usize): void { forInexact<Unary<Exp>>(dtype, box); }

@unmanaged class Exp2 {
  @inline of<T>(x: T): T { return lane<Exp2, T>(x); }
  @inline lanes<T>(x: v128): v128 { return exp2Lanes<T>(x); }
  @inline wide(z: v128): v128 { return complex.exp2(z); }
}
export function exp2(dtype: DType, box: usize): void { forInexact<Unary<Exp2>>(dtype, box); }

@unmanaged class Expm1 {
  @inline of<T>(x: T): T { return lane<Expm1, T>(x); }
  @inline lanes<T>(x: v128): v128 { return expm1Lanes<T>(x); }
  @inline wide(z: v128): v128 { return complex.expm1(z); }
}
export function expm1(dtype: DType, box: usize): void { forInexact<Unary<Expm1>>(dtype, box); }

@unmanaged class Log {
  @inline of<T>(x: T): T { return lane<Log, T>(x); }
  @inline lanes<T>(x: v128): v128 { return logLanes<T>(x); }
  @inline wide(z: v128): v128 { return complex.log(z); }
}
export function log(dtype: DType, box: usize): void { forInexact<Unary<Log>>(dtype, box); }

@unmanaged class Log2 {
  @inline of<T>(x: T): T { return lane<Log2, T>(x); }
  @inline lanes<T>(x: v128): v128 { return log2Lanes<T>(x); }
  @inline wide(z: v128): v128 { return complex.log2(z); }
}
export function log2(dtype: DType, box: usize): void { forInexact<Unary<Log2>>(dtype, box); }

@unmanaged class Log10 {
  @inline of<T>(x: T): T { return lane<Log10, T>(x); }
  @inline lanes<T>(x: v128): v128 { return log10Lanes<T>(x); }
  @inline wide(z: v128): v128 { return complex.log10(z); }
}
export function log10(dtype: DType, box: usize): void { forInexact<Unary<Log10>>(dtype, box); }

@unmanaged class Log1p {
  @inline of<T>(x: T): T { return lane<Log1p, T>(x); }
  @inline lanes<T>(x: v128): v128 { return log1pLanes<T>(x); }
  @inline wide(z: v128): v128 { return complex.log1p(z); }
}
export function log1p(dtype: DType, box: usize): void { forInexact<Unary<Log1p>>(dtype, box); }

@unmanaged class Sin {
  @inline of<T>(x: T): T { return lane<Sin, T>(x); }
  @inline lanes<T>(x: v128): v128 { return sineLanes<T>(x); }
  @inline wide(z: v128): v128 { return complex.sin(z); }
}
export function sin(dtype: DType, box: usize): void { forInexact<Unary<Sin>>(dtype, box); }

@unmanaged class Cos {
  @inline of<T>(x: T): T { return lane<Cos, T>(x); }
  @inline lanes<T>(x: v128): v128 { return cosineLanes<T>(x); }
  @inline wide(z: v128): v128 { return complex.cos(z); }
}
export function cos(dtype: DType, box: usize): void { forInexact<Unary<Cos>>(dtype, box); }

@unmanaged class Tan {
  @inline of<T>(x: T): T { return lane<Tan, T>(x); }
  @inline lanes<T>(x: v128): v128 { return tangentLanes<T>(x); }
  @inline wide(z: v128): v128 { return complex.tan(z); }
}
export function tan(dtype: DType, box: usize): void { forInexact<Unary<Tan>>(dtype, box); }

@unmanaged class Arcsin {
  @inline of<T>(x: T): T { return NativeMath.asin(x as f64) as T; }
  @inline wide(z: v128): v128 { return inverse.arcsin(z); }
}
export function arcsin(dtype: DType, box: usize): void { forInexact<Unary<Arcsin>>(dtype, box); }

@unmanaged class Arccos {
  @inline of<T>(x: T): T { return NativeMath.acos(x as f64) as T; }
  @inline wide(z: v128): v128 { return inverse.arccos(z); }
}
export function arccos(dtype: DType, box: usize): void { forInexact<Unary<Arccos>>(dtype, box); }

@unmanaged class Arctan {
  @inline of<T>(x: T): T { return lane<Arctan, T>(x); }
  @inline lanes<T>(x: v128): v128 { return arctanLanes<T>(x); }
  @inline wide(z: v128): v128 { return inverse.arctan(z); }
}
export function arctan(dtype: DType, box: usize): void { forInexact<Unary<Arctan>>(dtype, box); }

@unmanaged class Sinh {
  @inline of<T>(x: T): T { return lane<Sinh, T>(x); }
  @inline lanes<T>(x: v128): v128 { return sinhLanes<T>(x); }
  @inline wide(z: v128): v128 { return complex.sinh(z); }
}
export function sinh(dtype: DType, box: usize): void { forInexact<Unary<Sinh>>(dtype, box); }

@unmanaged class Cosh {
  @inline of<T>(x: T): T { return lane<Cosh, T>(x); }
  @inline lanes<T>(x: v128): v128 { return coshLanes<T>(x); }
  @inline wide(z: v128): v128 { return complex.cosh(z); }
}
export function cosh(dtype: DType, box: usize): void { forInexact<Unary<Cosh>>(dtype, box); }

@unmanaged class Tanh {
  @inline of<T>(x: T): T { return lane<Tanh, T>(x); }
  @inline lanes<T>(x: v128): v128 { return tanhLanes<T>(x); }
  @inline wide(z: v128): v128 { return complex.tanh(z); }
}
export function tanh(dtype: DType, box: usize): void { forInexact<Unary<Tanh>>(dtype, box); }

@unmanaged class Arcsinh {
  @inline of<T>(x: T): T { return lane<Arcsinh, T>(x); }
  @inline lanes<T>(x: v128): v128 { return arcsinhLanes<T>(x); }
  @inline wide(z: v128): v128 { return inverse.arcsinh(z); }
}
export function arcsinh(dtype: DType, box: usize): void { forInexact<Unary<Arcsinh>>(dtype, box); }

@unmanaged class Arccosh {
  @inline of<T>(x: T): T { return lane<Arccosh, T>(x); }
  @inline lanes<T>(x: v128): v128 { return arccoshLanes<T>(x); }
  @inline wide(z: v128): v128 { return inverse.arccosh(z); }
}
export function arccosh(dtype: DType, box: usize): void { forInexact<Unary<Arccosh>>(dtype, box); }

@unmanaged class Arctanh {
  @inline of<T>(x: T): T { return lane<Arctanh, T>(x); }
  @inline lanes<T>(x: v128): v128 { return arctanhLanes<T>(x); }
  @inline wide(z: v128): v128 { return inverse.arctanh(z); }
}
export function arctanh(dtype: DType, box: usize): void { forInexact<Unary<Arctanh>>(dtype, box); }

@unmanaged class Degrees {
  @inline of<T>(x: T): T { return (x * <T>(180 / Math.PI)) as T; }
  @inline lanes<T>(x: v128): v128 { return v128.mul<T>(x, v128.splat<T>(<T>(180 / Math.PI))); }
}
export function degrees(dtype: DType, box: usize): void { forFloat<Unary<Degrees>>(dtype, box); }

@unmanaged class Radians {
  @inline of<T>(x: T): T { return (x * <T>(Math.PI / 180)) as T; }
  @inline lanes<T>(x: v128): v128 { return v128.mul<T>(x, v128.splat<T>(<T>(Math.PI / 180))); }
}
export function radians(dtype: DType, box: usize): void { forFloat<Unary<Radians>>(dtype, box); }

@unmanaged class Arctan2 {
  @inline of<T>(y: T, x: T): T { return lane2<Arctan2, T>(y, x); }
  @inline lanes<T>(y: v128, x: v128): v128 { return arctan2Lanes<T>(y, x); }
}
export function arctan2(dtype: DType, box: usize): void { forFloat<Binary<Arctan2>>(dtype, box); }

// The squares of float32 cannot overflow in float64. An infinite leg wins over NaN, as in C.
@inline function hypotOf<T>(x: T, y: T): T {
  if (abs<T>(x) == Infinity || abs<T>(y) == Infinity) return Infinity as T;
  if (sizeof<T>() == 8) return hypotenuse(abs<f64>(x as f64), abs<f64>(y as f64)) as T;
  return sqrt<f64>((x as f64) * (x as f64) + (y as f64) * (y as f64)) as T;
}
// The root, mended by what its square leaves over (Borges, An improved algorithm for hypot(a, b), 2019, without fma);
// both legs by the same power of two where the squares would leave the range.
function hypotenuse(x: f64, y: f64): f64 {
  const a = max<f64>(x, y), b = min<f64>(x, y);
  if (a > 6e153) return mended(a * 2.409919865102884e-181, b * 2.409919865102884e-181) * 4.149515568880993e180;
  if (a < 1e-100) return mended(a * 5.260135901548374e210, b * 5.260135901548374e210) * 1.90109156629516e-211;
  return mended(a, b);
}
@inline function mended(a: f64, b: f64): f64 {
  const h = sqrt<f64>(a * a + b * b);
  if (b <= a * 7.450580596923828e-9) return a;
  if (h <= 2 * b) {
    const d = h - b;
    return h - (a * (2 * d - a) + (d - 2 * (a - b)) * d) / (2 * h);
  }
  const d = h - a;
  return h - (2 * d * (a - 2 * b) + ((4 * d - b) * b + d * d)) / (2 * h);
}
@unmanaged class Hypot { @inline of<T>(x: T, y: T): T { return hypotOf<T>(x, y); } }
export function hypot(dtype: DType, box: usize): void { forFloat<Binary<Hypot>>(dtype, box); }

// Neighbours of a float are neighbours as integers: one bit pattern up is away from zero.
@inline function nextOf<T, U>(x: T, y: T): T {
  if (x != x || y != y) return (x + y) as T;
  if (x == y) return y;
  if (x == 0) return copysign<T>(reinterpret<T>(1 as U), y);
  const bits = reinterpret<U>(x);
  return reinterpret<T>(((x < y) == (x > 0) ? bits + 1 : bits - 1) as U);
}
@unmanaged class Nextafter {
  @inline of<T>(x: T, y: T): T { if (sizeof<T>() == 4) return nextOf<T, u32>(x, y); return nextOf<T, u64>(x, y); }
}
// The one operation on float16 that float32 cannot do for it.
@unmanaged class NextHalf {
  @inline of<T>(x: T, y: T): T {
    const a = x as i32 & 0x7fff, b = y as i32 & 0x7fff;
    if (a > 0x7c00) return x;
    if (b > 0x7c00) return y;
    const from = x as i32 & 0x8000 ? -a : a, to = y as i32 & 0x8000 ? -b : b;
    if (from == to) return x;
    if (a == 0) return (y as i32 & 0x8000 | 1) as T;
    return ((x as i32) + ((from < to) == (from > 0) ? 1 : -1)) as T;
  }
}
export function nextafter(dtype: DType, box: usize): void { forFloatOrHalf<Binary<Nextafter>, Binary<NextHalf>>(dtype, box); }

// The distance to the next float away from zero, with the sign of x; NaN at the infinities.
@unmanaged class Spacing {
  @inline of<T>(x: T): T {
    if (x == 0) return reinterpretOne<T>();
    const away = copysign<T>(Infinity as T, x);
    if (sizeof<T>() == 4) return (nextOf<T, u32>(x, away) - x) as T;
    return (nextOf<T, u64>(x, away) - x) as T;
  }
}
// The smallest positive float.
@inline function reinterpretOne<T>(): T { if (sizeof<T>() == 4) return reinterpret<T>(<u32>1); return reinterpret<T>(<u64>1); }
// The bits of a float16. As in NumPy the distance to the next one up, never negative.
function halfSpacing(bits: i32): i32 {
  const digits = bits & 0x3ff, exponent = bits >> 10 & 31;
  if (exponent == 31) return 0x7e00;
  if (bits == 0x7bff) return 0x7c00;
  const e = bits & 0x8000 && digits == 0 ? exponent - 1 : exponent;
  return e > 10 ? e - 10 << 10 : e > 1 ? 1 << e - 1 : 1;
}
@unmanaged class HalfSpacing { @inline of<T>(x: T): T { return halfSpacing(x as i32) as T; } }
export function spacing(dtype: DType, box: usize): void { forFloatOrHalf<Unary<Spacing>, Unary<HalfSpacing>>(dtype, box); }

// log(exp(x) + exp(y)) without the overflow; equal infinities meet in the first line, opposite ones in the others.
@inline function logAddExp(x: f64, y: f64): f64 {
  if (x == y) return x + NativeMath.LN2;
  return max(x, y) + NativeMath.log1p(NativeMath.exp(-abs(x - y)));
}
@inline function logAddExp2(x: f64, y: f64): f64 {
  if (x == y) return x + 1;
  return max(x, y) + NativeMath.LOG2E * NativeMath.log1p(NativeMath.exp2(-abs(x - y)));
}
@unmanaged class Logaddexp { @inline of<T>(x: T, y: T): T { return logAddExp(x as f64, y as f64) as T; } }
export function logaddexp(dtype: DType, box: usize): void { forFloat<Binary<Logaddexp>>(dtype, box); }
@unmanaged class Logaddexp2 { @inline of<T>(x: T, y: T): T { return logAddExp2(x as f64, y as f64) as T; } }
export function logaddexp2(dtype: DType, box: usize): void { forFloat<Binary<Logaddexp2>>(dtype, box); }

// 0 below zero, 1 above it, y at it.
@unmanaged class Heaviside {
  @inline of<T>(x: T, y: T): T { return x < 0 ? 0 as T : x > 0 ? 1 as T : x == 0 ? y : x; }
}
export function heaviside(dtype: DType, box: usize): void { forFloat<Binary<Heaviside>>(dtype, box); }

export { sqrtOf as sqrt };
