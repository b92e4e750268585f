import { expLanes } from "./exponential";
import {
  first, four, highPair, horner, horner32, lowPair, minus, minus32, number, number32, over, plus, plus32, second,
  productError, signOf, squareError, times, times32,
} from "./vector";

// Logarithms and area functions over lanes: fdlibm's e_log.c, e_log2.c, e_log10.c, s_log1p.c (Sun, 1993) with the
// polynomial fitted anew by Remez' exchange (2^-59). Lanes outside the main range, such as 0, infinities and NaN, take
// the scalar function. A scalar is lane 0 of the same code, so that a view and its copy give the same bits.

const LN2_HIGH = memory.data<f64>([0.6931471803691238, 0.6931471803691238], 16);
const LN2_LOW = memory.data<f64>([1.9082149292705877e-10, 1.9082149292705877e-10], 16);
const L1 = memory.data<f64>([0.6666666666666735, 0.6666666666666735], 16);
const L2 = memory.data<f64>([0.39999999999412805, 0.39999999999412805], 16);
const L3 = memory.data<f64>([0.2857142874288769, 0.2857142874288769], 16);
const L4 = memory.data<f64>([0.22222198513733227, 0.22222198513733227], 16);
const L5 = memory.data<f64>([0.18183567817423651, 0.18183567817423651], 16);
const L6 = memory.data<f64>([0.153139514224828, 0.153139514224828], 16);
const L7 = memory.data<f64>([0.14797035560516691, 0.14797035560516691], 16);
// 1 / ln 2 and 1 / ln 10 in two parts; the logarithm of 2 in two parts.
const BASE_2 = memory.data<f64>([
  1.4426950407214463, 1.4426950407214463, 1.6751713164886512e-10, 1.6751713164886512e-10, 1, 1, 0, 0,
], 16);
const BASE_10 = memory.data<f64>([
  0.4342944818781689, 0.4342944818781689, 2.5082946711645275e-11, 2.5082946711645275e-11,
  0.30102999566361177, 0.30102999566361177, 3.694239077158931e-13, 3.694239077158931e-13,
], 16);

// Cephes' asinh.c: (asinh(x) - x) / x³ = P(x²) / Q(x²) below 0.5.
const AP0 = memory.data<f64>([-0.004332316837523421, -0.004332316837523421], 16);
const AP1 = memory.data<f64>([-0.5917502120563871, -0.5917502120563871], 16);
const AP2 = memory.data<f64>([-4.373902261943567, -4.373902261943567], 16);
const AP3 = memory.data<f64>([-9.090305333083773, -9.090305333083773], 16);
const AP4 = memory.data<f64>([-5.566822272308596, -5.566822272308596], 16);
const AQ0 = memory.data<f64>([12.875700206742644, 12.875700206742644], 16);
const AQ1 = memory.data<f64>([48.60424838052918, 48.60424838052918], 16);
const AQ2 = memory.data<f64>([69.57225213372575, 69.57225213372575], 16);
const AQ3 = memory.data<f64>([33.400933633851636, 33.400933633851636], 16);

const LN2_HIGH_32 = memory.data<f32>([0.693359375, 0.693359375, 0.693359375, 0.693359375], 16);
const LN2_LOW_32 = memory.data<f32>([-0.00021219444, -0.00021219444, -0.00021219444, -0.00021219444], 16);
const M1 = memory.data<f32>([0.66666776, 0.66666776, 0.66666776, 0.66666776], 16);
const M2 = memory.data<f32>([0.3997753, 0.3997753, 0.3997753, 0.3997753], 16);
const M3 = memory.data<f32>([0.2987227, 0.2987227, 0.2987227, 0.2987227], 16);

// x = 2^e m with m between √½ and √2: e stands in the upper 12 bits of `shift`.
@inline function shiftOf(x: v128): v128 { return i64x2.sub(x, i64x2.splat(0x3FE6A09E667F3BCD)); }
@inline function mantissa(x: v128, shift: v128): v128 {
  return i64x2.sub(x, v128.and(shift, i64x2.splat(0xFFF0000000000000)));
}
@inline function exponent(shift: v128): v128 {
  const high = i32x4.shr_s(shift, 20);
  return f64x2.convert_low_i32x4_s(v128.shuffle<i32>(high, high, 1, 3, 1, 3));
}
// log(1 + f) - f + half, where half = f² / 2
@inline function series(f: v128, half: v128): v128 {
  const s = over(f, plus(f, number(2))), z = times(s, s), w = times(z, z);
  const odd = horner(horner(horner(v128.load(L7), w, L5), w, L3), w, L1);
  const even = horner(horner(v128.load(L6), w, L4), w, L2);
  return times(s, plus(half, times(z, plus(odd, times(z, even)))));
}
@inline function isNormal(x: v128): v128 {
  return v128.and(f64x2.ge(x, number(f64.MIN_NORMAL_VALUE)), f64x2.le(x, number(f64.MAX_VALUE)));
}

function log64(x: v128): v128 {
  const normal = isNormal(x), shift = shiftOf(x), e = exponent(shift), f = minus(mantissa(x, shift), number(1));
  const half = times(times(f, f), number(0.5)), rest = plus(series(f, half), times(e, v128.load(LN2_LOW)));
  const y = minus(times(e, v128.load(LN2_HIGH)), minus(minus(half, rest), f));
  if (i64x2.all_true(normal)) return y;
  return v128.bitselect(y, f64x2(NativeMath.log(first(x)), NativeMath.log(second(x))), normal);
}
function log32(x: v128): v128 {
  const normal = v128.and(f32x4.ge(x, number32(f32.MIN_NORMAL_VALUE)), f32x4.le(x, number32(f32.MAX_VALUE)));
  const shift = i32x4.sub(x, i32x4.splat(0x3F3504F3)), e = f32x4.convert_i32x4_s(i32x4.shr_s(shift, 23));
  const f = minus32(i32x4.sub(x, v128.and(shift, i32x4.splat(0xFF800000))), number32(1));
  const s = f32x4.div(f, plus32(f, number32(2))), z = times32(s, s), half = times32(times32(f, f), number32(0.5));
  const p = horner32(horner32(v128.load(M3), z, M2), z, M1);
  const rest = plus32(times32(s, plus32(half, times32(z, p))), times32(e, v128.load(LN2_LOW_32)));
  const y = minus32(times32(e, v128.load(LN2_HIGH_32)), minus32(minus32(half, rest), f));
  if (i32x4.all_true(normal)) return y;
  return v128.bitselect(y, four(log64(lowPair(x)), log64(highPair(x))), normal);
}
// log(m) as high + low, where high has 32 bits, so that its product with the first part of the base is exact.
@inline function based(x: v128, base: usize): v128 {
  const shift = shiftOf(x), e = exponent(shift), f = minus(mantissa(x, shift), number(1));
  const half = times(times(f, f), number(0.5)), high = v128.and(minus(f, half), i64x2.splat(0xFFFFFFFF00000000));
  const low = plus(minus(minus(f, high), half), series(f, half));
  const main = times(high, v128.load(base)), whole = times(e, v128.load(base, 32)), y = plus(whole, main);
  const rest = plus(times(plus(low, high), v128.load(base, 16)), times(low, v128.load(base)));
  return plus(plus(plus(rest, times(e, v128.load(base, 48))), plus(minus(whole, y), main)), y);
}
function logBase2(x: v128): v128 {
  const normal = isNormal(x), y = based(x, BASE_2);
  if (i64x2.all_true(normal)) return y;
  return v128.bitselect(y, f64x2(NativeMath.log2(first(x)), NativeMath.log2(second(x))), normal);
}
function logBase10(x: v128): v128 {
  const normal = isNormal(x), y = based(x, BASE_10);
  if (i64x2.all_true(normal)) return y;
  return v128.bitselect(y, f64x2(NativeMath.log10(first(x)), NativeMath.log10(second(x))), normal);
}
// log(u) and what rounding 1 + x to u has taken; where 1 + x has exponent 0, x itself is f.
function logPlus1(x: v128): v128 {
  const fits = v128.and(f64x2.gt(x, number(-1)), f64x2.le(x, number(f64.MAX_VALUE)));
  const u = plus(number(1), x), back = minus(u, number(1));
  const shift = shiftOf(u), e = exponent(shift), near = f64x2.eq(e, number(0));
  const lost = over(plus(minus(number(1), minus(u, back)), minus(x, back)), u);
  const f = v128.bitselect(x, minus(mantissa(u, shift), number(1)), near), half = times(times(f, f), number(0.5));
  const rest = plus(series(f, half), plus(times(e, v128.load(LN2_LOW)), v128.andnot(lost, near)));
  const sum = minus(times(e, v128.load(LN2_HIGH)), minus(minus(half, rest), f));
  const y = v128.bitselect(x, sum, f64x2.eq(x, number(0)));
  if (i64x2.all_true(fits)) return y;
  return v128.bitselect(y, f64x2(NativeMath.log1p(first(x)), NativeMath.log1p(second(x))), fits);
}

// Area functions are logarithms of sums and quotients whose rounding errors are carried in twice the precision, as
// Dekker does, and given back by way of the derivative: log(w) + (what is left of w) / w.

// log(1 + w) + extra / over, where w is positive; where 1 + w has to be rounded, what that takes is extra by `unit`.
@inline function logOfSum(w: v128, extra: v128, unit: v128, below: v128): v128 {
  const u = plus(number(1), w), back = minus(u, number(1)), shift = shiftOf(u), e = exponent(shift);
  const near = f64x2.eq(e, number(0)), lost = plus(minus(number(1), minus(u, back)), minus(w, back));
  const f = v128.bitselect(w, minus(mantissa(u, shift), number(1)), near), half = times(times(f, f), number(0.5));
  const mended = over(plus(extra, times(v128.andnot(lost, near), unit)), below);
  const rest = plus(series(f, half), plus(times(e, v128.load(LN2_LOW)), mended));
  return minus(times(e, v128.load(LN2_HIGH)), minus(minus(half, rest), f));
}
// Near zero Cephes' asinh.c (Moshier); beyond, log(a + √(a² + 1)). The two share a division.
function asinh64(x: v128): v128 {
  const a = f64x2.abs(x), fits = f64x2.lt(a, number(1e8)), near = f64x2.lt(a, number(0.5)), z = times(a, a);
  const v = plus(z, number(1)), back = minus(v, number(1)), s = f64x2.sqrt(v), w = plus(s, a);
  const lost = plus(plus(minus(number(1), minus(v, back)), minus(z, back)), squareError(a, z));
  const left = plus(minus(minus(v, times(s, s)), squareError(s, times(s, s))), lost), twice = plus(s, s);
  const p = horner(horner(horner(horner(v128.load(AP0), z, AP1), z, AP2), z, AP3), z, AP4);
  const q = horner(horner(horner(plus(z, v128.load(AQ0)), z, AQ1), z, AQ2), z, AQ3);
  const top = v128.bitselect(times(times(a, z), p), plus(left, times(plus(minus(s, w), a), twice)), near);
  const mended = over(top, v128.bitselect(q, times(twice, w), near));
  const shift = shiftOf(w), e = exponent(shift), f = minus(mantissa(w, shift), number(1));
  const half = times(times(f, f), number(0.5)), rest = plus(series(f, half), plus(times(e, v128.load(LN2_LOW)), mended));
  const far = minus(times(e, v128.load(LN2_HIGH)), minus(minus(half, rest), f));
  const y = v128.or(v128.bitselect(plus(a, mended), far, near), signOf(x));
  if (i64x2.all_true(fits)) return y;
  return v128.bitselect(y, f64x2(NativeMath.asinh(first(x)), NativeMath.asinh(second(x))), fits);
}
// With t = x - 1, log(1 + t + √(2t + t²)).
function acosh64(x: v128): v128 {
  const t = minus(x, number(1)), fits = v128.and(f64x2.ge(x, number(1)), f64x2.lt(x, number(1e8)));
  const tail = minus(minus(x, t), number(1)), twice = plus(t, t), z = times(t, t), v = plus(z, twice);
  const back = minus(v, twice), s = f64x2.sqrt(v), root = times(s, s);
  const lost = plus(plus(minus(twice, minus(v, back)), minus(z, back)), squareError(t, z));
  const left = plus(minus(minus(v, root), squareError(s, root)), plus(lost, times(times(number(2), tail), x)));
  const w = plus(s, t), rounded = minus(w, s), twoS = plus(s, s);
  const low = plus(plus(minus(s, minus(w, rounded)), minus(t, rounded)), tail);
  const y = logOfSum(w, plus(left, times(low, twoS)), twoS, times(twoS, plus(number(1), w)));
  const positive = v128.andnot(y, f64x2.eq(t, number(0)));
  if (i64x2.all_true(fits)) return positive;
  return v128.bitselect(positive, f64x2(NativeMath.acosh(first(x)), NativeMath.acosh(second(x))), fits);
}
// Half of log(1 + 2a / (1 - a)).
function atanh64(x: v128): v128 {
  const a = f64x2.abs(x), twice = plus(a, a), d = minus(number(1), a), fits = f64x2.lt(a, number(1));
  const w = over(twice, d), product = times(w, d), tail = minus(minus(number(1), d), a);
  const left = minus(minus(minus(twice, product), productError(w, d, product)), times(w, tail));
  const y = v128.or(times(logOfSum(w, left, d, plus(number(1), a)), number(0.5)), signOf(x));
  if (i64x2.all_true(fits)) return y;
  return v128.bitselect(y, f64x2(NativeMath.atanh(first(x)), NativeMath.atanh(second(x))), fits);
}

// A float32 power by way of float64, which rounds right but for one in 10^7; bases that have no logarithm one by one.
function pow32(x: v128, y: v128): v128 {
  const positive = v128.and(f32x4.gt(x, number32(0)), f32x4.lt(x, number32(Infinity)));
  const normal = v128.and(positive, f32x4.lt(f32x4.abs(y), number32(Infinity)));
  const low = expLanes<f64>(times(lowPair(y), log64(lowPair(x))));
  const power = four(low, expLanes<f64>(times(highPair(y), log64(highPair(x)))));
  if (i32x4.all_true(normal)) return power;
  return v128.bitselect(power, four(eachPower(lowPair(x), lowPair(y)), eachPower(highPair(x), highPair(y))), normal);
}
function eachPower(x: v128, y: v128): v128 {
  return f64x2(realPower(first(x), first(y)), realPower(second(x), second(y)));
}
// C's pow, where JavaScript's differs: 1 to any power, and -1 to an infinite one, are 1.
@inline export function realPower(x: f64, y: f64): f64 {
  return x == 1 || (x == -1 && abs(y) == Infinity) ? 1 : NativeMath.pow(x, y);
}

@inline export function logLanes<T>(x: v128): v128 { if (sizeof<T>() == 4) return log32(x); return log64(x); }
@inline export function log2Lanes<T>(x: v128): v128 {
  const unit = number(NativeMath.LOG2E);
  if (sizeof<T>() == 4) return four(times(log64(lowPair(x)), unit), times(log64(highPair(x)), unit));
  return logBase2(x);
}
@inline export function log10Lanes<T>(x: v128): v128 {
  const unit = number(NativeMath.LOG10E);
  if (sizeof<T>() == 4) return four(times(log64(lowPair(x)), unit), times(log64(highPair(x)), unit));
  return logBase10(x);
}
@inline export function log1pLanes<T>(x: v128): v128 {
  if (sizeof<T>() == 4) return four(logPlus1(lowPair(x)), logPlus1(highPair(x)));
  return logPlus1(x);
}
@inline export function arcsinhLanes<T>(x: v128): v128 {
  if (sizeof<T>() == 4) return four(asinh64(lowPair(x)), asinh64(highPair(x)));
  return asinh64(x);
}
@inline export function arccoshLanes<T>(x: v128): v128 {
  if (sizeof<T>() == 4) return four(acosh64(lowPair(x)), acosh64(highPair(x)));
  return acosh64(x);
}
@inline export function arctanhLanes<T>(x: v128): v128 {
  if (sizeof<T>() == 4) return four(atanh64(lowPair(x)), atanh64(highPair(x)));
  return atanh64(x);
}
@inline export function powerLanes32(x: v128, y: v128): v128 { return pow32(x, y); }
