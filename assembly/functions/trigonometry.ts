import { farRemainder, wasOdd } from "./far";
import {
  first, four, highPair, horner, horner32, lowPair, minus, minus32, number, number32, over, plus, plus32, second,
  productError, shortened, signOf, times, times32,
} from "./vector";

// Sine, cosine, tangent and their inverses over lanes: Cody and Waite's reduction (Software Manual for the Elementary
// Functions, 1980) to [-π/4, π/4] in two parts, then fdlibm's polynomials of both (k_sin.c, k_cos.c; Sun, 1993), which
// take the second part too: below 0.6 ulp. The tangent is 2t / (1 - t²) of half the angle (fitted by Chebyshev nodes,
// 2^-57), divided in twice the precision. Their inverse has the quotient of polynomials of Cephes' atan.c (Moshier). A
// scalar is lane 0 of the same code, so that a view and its copy give the same bits.

const LIMIT: f64 = 4194304;
const LIMIT_32: f32 = 100000;

const TWO_BY_PI = memory.data<f64>([0.6366197723675814, 0.6366197723675814], 16);
// 1.5 × 2^52: adding it leaves the nearest integer in the low bits.
const ROUNDER = memory.data<f64>([6755399441055744, 6755399441055744], 16);
// π/2 = A + B + C + D, where the products of A, B and C (31 bits) with a quotient below 2^22 are exact.
const HALF_PI_A = memory.data<f64>([1.5707963267341256, 1.5707963267341256], 16);
const HALF_PI_B = memory.data<f64>([6.07710050359346e-11, 6.07710050359346e-11], 16);
const HALF_PI_C = memory.data<f64>([2.9127320548227e-20, 2.9127320548227e-20], 16);
const HALF_PI_D = memory.data<f64>([1.2706558760139879e-29, 1.2706558760139879e-29], 16);
const S1 = memory.data<f64>([-0.16666666666666632, -0.16666666666666632], 16);
const S2 = memory.data<f64>([0.00833333333332249, 0.00833333333332249], 16);
const S3 = memory.data<f64>([-0.0001984126982985795, -0.0001984126982985795], 16);
const S4 = memory.data<f64>([2.7557313707070068e-6, 2.7557313707070068e-6], 16);
const S5 = memory.data<f64>([-2.5050760253406863e-8, -2.5050760253406863e-8], 16);
const S6 = memory.data<f64>([1.58969099521155e-10, 1.58969099521155e-10], 16);
const C1 = memory.data<f64>([0.0416666666666666, 0.0416666666666666], 16);
const C2 = memory.data<f64>([-0.001388888888887411, -0.001388888888887411], 16);
const C3 = memory.data<f64>([2.480158728947673e-5, 2.480158728947673e-5], 16);
const C4 = memory.data<f64>([-2.7557314351390663e-7, -2.7557314351390663e-7], 16);
const C5 = memory.data<f64>([2.087572321298175e-9, 2.087572321298175e-9], 16);
const C6 = memory.data<f64>([-1.1359647557788195e-11, -1.1359647557788195e-11], 16);
const T1 = memory.data<f64>([0.08333333333333334, 0.08333333333333334], 16);
const T2 = memory.data<f64>([0.008333333333330114, 0.008333333333330114], 16);
const T3 = memory.data<f64>([0.0008432539683927345, 0.0008432539683927345], 16);
const T4 = memory.data<f64>([8.542768729571742e-5, 8.542768729571742e-5], 16);
const T5 = memory.data<f64>([8.655522476638266e-6, 8.655522476638266e-6], 16);
const T6 = memory.data<f64>([8.768961908731503e-7, 8.768961908731503e-7], 16);
const T7 = memory.data<f64>([8.90958211838198e-8, 8.90958211838198e-8], 16);
const T8 = memory.data<f64>([8.630582895258995e-9, 8.630582895258995e-9], 16);
const T9 = memory.data<f64>([1.2171174770115658e-9, 1.2171174770115658e-9], 16);
const AP0 = memory.data<f64>([-0.8750608600031904, -0.8750608600031904], 16);
const AP1 = memory.data<f64>([-16.157537187333652, -16.157537187333652], 16);
const AP2 = memory.data<f64>([-75.00855792314705, -75.00855792314705], 16);
const AP3 = memory.data<f64>([-122.88666844901361, -122.88666844901361], 16);
const AP4 = memory.data<f64>([-64.85021904942025, -64.85021904942025], 16);
const AQ0 = memory.data<f64>([24.858464901423062, 24.858464901423062], 16);
const AQ1 = memory.data<f64>([165.02700983169885, 165.02700983169885], 16);
const AQ2 = memory.data<f64>([432.88106049129027, 432.88106049129027], 16);
const AQ3 = memory.data<f64>([485.3903996359137, 485.3903996359137], 16);
const AQ4 = memory.data<f64>([194.5506571482614, 194.5506571482614], 16);

const ONE_BY_PI_32 = memory.data<f32>([0.31830987, 0.31830987, 0.31830987, 0.31830987], 16);
const ROUNDER_32 = memory.data<f32>([12582912, 12582912, 12582912, 12582912], 16);
// sin(r) = r + r³ P(r²) on [-π/2, π/2], fitted by Chebyshev nodes, 2^-35.
const PI_A = memory.data<f64>([3.1415926534682512, 3.1415926534682512], 16);
const PI_B = memory.data<f64>([1.215420100718692e-10, 1.215420100718692e-10], 16);
const F1 = memory.data<f64>([-0.16666666663881236, -0.16666666663881236], 16);
const F2 = memory.data<f64>([0.008333332768753579, 0.008333332768753579], 16);
const F3 = memory.data<f64>([-0.000198410865614788, -0.000198410865614788], 16);
const F4 = memory.data<f64>([2.753646356257478e-6, 2.753646356257478e-6], 16);
const F5 = memory.data<f64>([-2.4080190432969248e-8, -2.4080190432969248e-8], 16);

// The sine of r + low, or its cosine where `odd` is all ones.
@inline function circular(r: v128, low: v128, odd: v128): v128 {
  const z = times(r, r), half = times(z, number(0.5)), w = minus(number(1), half);
  const p = horner(horner(horner(horner(horner(v128.load(S6), z, S5), z, S4), z, S3), z, S2), z, S1);
  const q = horner(horner(horner(horner(horner(v128.load(C6), z, C5), z, C4), z, C3), z, C2), z, C1);
  const sine = plus(r, plus(times(low, w), times(times(z, r), p)));
  const cosine = plus(w, plus(minus(minus(number(1), w), half), minus(times(times(z, z), q), times(r, low))));
  return v128.bitselect(cosine, sine, odd);
}
@inline function oddMask(n: v128): v128 { return i64x2.sub(i64x2.splat(0), v128.and(n, i64x2.splat(1))); }

// What is left of |x| after the multiple m of π/2 is taken away: the first part here, the second in `lowPart`. Of the
// four products with m only the last is rounded, and what their sum takes from B + C is given back.
const LOW = memory.data(16, 16);
@inline function reduced(ax: v128, m: v128): v128 {
  const near = minus(ax, times(m, v128.load(HALF_PI_A)));
  const b = times(m, v128.load(HALF_PI_B)), c = times(m, v128.load(HALF_PI_C)), rest = plus(b, c), r = minus(near, rest);
  const lost = plus(plus(minus(b, rest), c), times(m, v128.load(HALF_PI_D)));
  v128.store(LOW, minus(minus(minus(near, r), rest), lost));
  return r;
}
// Sine where `shift` is 0, cosine where it is 1: so many quarters of a turn are added. |x| is used because the rounding
// would lose the sign of -0, which `signs` brings back.
@inline function wave64(x: v128, shift: v128, signs: v128): v128 {
  const ax = f64x2.abs(x), t = horner(ax, v128.load(TWO_BY_PI), ROUNDER), n = i64x2.add(t, shift);
  const r = reduced(ax, minus(t, v128.load(ROUNDER))), y = circular(r, v128.load(LOW), oddMask(n));
  return v128.xor(y, v128.xor(v128.and(i64x2.shl(n, 62), number(-0.0)), v128.and(x, signs)));
}
// The remainder by multiples (or, for the cosine, odd halves) of π is taken in float64, and so is the polynomial.
@inline function wave32(x: v128, half: v128, signs: v128): v128 {
  const ax = f32x4.abs(x), t = plus32(plus32(times32(ax, v128.load(ONE_BY_PI_32)), half), v128.load(ROUNDER_32));
  const m = minus32(minus32(t, v128.load(ROUNDER_32)), half);
  const y = four(sineOfRest(lowPair(ax), lowPair(m)), sineOfRest(highPair(ax), highPair(m)));
  return v128.xor(y, v128.xor(i32x4.shl(t, 31), v128.and(x, signs)));
}
@inline function sineOfRest(x: v128, m: v128): v128 {
  const r = minus(minus(x, times(m, v128.load(PI_A))), times(m, v128.load(PI_B))), z = times(r, r);
  const p = horner(horner(horner(horner(v128.load(F5), z, F4), z, F3), z, F2), z, F1);
  return plus(r, times(times(r, z), p));
}

// A far remainder reaches to π/2: beyond π/4 it is the cosine of what is missing.
function farWave(x: f64, half: u64): f64 {
  if (!(abs(x) < Infinity)) return NaN;
  if (abs(x) < LIMIT) return 0;
  const v = farRemainder(abs(x), 0, half), r = first(v), low = second(v), a = abs(r);
  const turned = a > 0.7853981633974483, missing = 6.123233995736766e-17 - (r < 0 ? -low : low);
  const y = first(circular(
    number(turned ? 1.5707963267948966 - a : r), number(turned ? missing : low), i64x2.splat(turned ? -1 : 0)
  ));
  return (wasOdd() != (half == 0 && x < 0)) != (turned && r < 0) ? -y : y;
}
function sine64(x: v128): v128 {
  const fits = f64x2.lt(f64x2.abs(x), number(LIMIT)), y = wave64(x, i64x2.splat(0), number(-0.0));
  if (i64x2.all_true(fits)) return y;
  return v128.bitselect(y, f64x2(farWave(first(x), 0), farWave(second(x), 0)), fits);
}
function cosine64(x: v128): v128 {
  const fits = f64x2.lt(f64x2.abs(x), number(LIMIT)), y = wave64(x, i64x2.splat(1), number(0));
  if (i64x2.all_true(fits)) return y;
  return v128.bitselect(y, f64x2(farWave(first(x), 1), farWave(second(x), 1)), fits);
}
function sine32(x: v128): v128 {
  const fits = f32x4.le(f32x4.abs(x), number32(LIMIT_32)), y = wave32(x, number32(0), number32(-0.0));
  if (i32x4.all_true(fits)) return y;
  return v128.bitselect(y, four(sine64(lowPair(x)), sine64(highPair(x))), fits);
}
function cosine32(x: v128): v128 {
  const fits = f32x4.le(f32x4.abs(x), number32(LIMIT_32)), y = wave32(x, number32(0.5), number32(0));
  if (i32x4.all_true(fits)) return y;
  return v128.bitselect(y, four(cosine64(lowPair(x)), cosine64(highPair(x))), fits);
}
// (cos y, sin y): a point of the unit circle as a complex number.
function circle64(y: f64): v128 {
  if (!(abs(y) < LIMIT)) return f64x2(farWave(y, 1), farWave(y, 0));
  return wave64(number(y), i64x2(1, 0), f64x2(0, -0.0));
}

// tan(r + low), or the tangent of what is π/2 further where odd. With a = 2 tan(r / 2) it is a / (1 - a²/4), or
// the reciprocal: the parts that rounding takes from both are carried, and the quotient of 26 bits, whose products are
// exact, is mended by what it leaves.
@inline function tangentOf(r: v128, low: v128, odd: v128): v128 {
  const z = times(r, r), quarter = number(0.25);
  let p = horner(horner(horner(horner(v128.load(T9), z, T8), z, T7), z, T6), z, T5);
  p = horner(horner(horner(horner(p, z, T4), z, T3), z, T2), z, T1);
  const tail = plus(times(times(z, r), p), plus(low, times(low, times(z, quarter)))), a = plus(r, tail);
  const aLow = plus(minus(r, a), tail), square = times(times(a, a), quarter), b = minus(number(1), square);
  const bLow = minus(minus(minus(number(1), b), square), times(times(a, aLow), number(0.5)));
  const top = v128.bitselect(f64x2.neg(b), a, odd), topLow = v128.bitselect(f64x2.neg(bLow), aLow, odd);
  const bottom = v128.bitselect(a, b, odd), bottomLow = v128.bitselect(aLow, bLow, odd);
  const unit = over(number(1), bottom), q = shortened(times(top, unit)), head = shortened(bottom);
  const left = minus(minus(top, times(q, head)), times(q, minus(bottom, head)));
  return plus(q, times(plus(left, minus(topLow, times(q, bottomLow))), unit));
}
function farTangent(x: f64): f64 {
  if (!(abs(x) < Infinity)) return NaN;
  if (abs(x) < LIMIT) return 0;
  const r = farRemainder(abs(x), 1, 0), odd = i64x2.splat(wasOdd() ? -1 : 0);
  const y = first(tangentOf(r, number(second(r)), odd));
  return x < 0 ? -y : y;
}
function tangent64(x: v128): v128 {
  const ax = f64x2.abs(x), fits = f64x2.lt(ax, number(LIMIT)), t = horner(ax, v128.load(TWO_BY_PI), ROUNDER);
  const r = reduced(ax, minus(t, v128.load(ROUNDER))), y = v128.xor(tangentOf(r, v128.load(LOW), oddMask(t)), signOf(x));
  if (i64x2.all_true(fits)) return y;
  return v128.bitselect(y, f64x2(farTangent(first(x)), farTangent(second(x))), fits);
}

// The angle whose tangent is a / b, both positive: from 0, π/4 or π/2 on, the rest by the polynomial.
@inline function steepOf(a: v128, b: v128): v128 { return f64x2.gt(a, times(b, number(2.414213562373095))); }
@inline function middleOf(a: v128, b: v128, steep: v128): v128 {
  return v128.andnot(f64x2.gt(a, times(b, number(0.66))), steep);
}
@inline function topOf(a: v128, b: v128, steep: v128, middle: v128): v128 {
  return v128.bitselect(minus(a, b), v128.bitselect(f64x2.neg(b), a, steep), middle);
}
@inline function baseOf(steep: v128, middle: v128, quarter: f64): v128 {
  return v128.or(v128.and(steep, number(quarter)), v128.and(middle, number(quarter * 0.5)));
}
// arctan(t) - t
@inline function arcPolynomial(t: v128): v128 {
  const z = times(t, t), p = horner(horner(horner(horner(v128.load(AP0), z, AP1), z, AP2), z, AP3), z, AP4);
  const q = horner(horner(horner(horner(plus(z, v128.load(AQ0)), z, AQ1), z, AQ2), z, AQ3), z, AQ4);
  return times(t, over(times(z, p), q));
}
function atan64(x: v128): v128 {
  const a = f64x2.abs(x), one = number(1), steep = steepOf(a, one), middle = middleOf(a, one, steep);
  const bottom = v128.bitselect(plus(a, one), v128.bitselect(a, one, steep), middle);
  const t = over(topOf(a, one, steep, middle), bottom), lost = baseOf(steep, middle, 6.123233995736766e-17);
  const y = plus(baseOf(steep, middle, 1.5707963267948966), plus(t, plus(arcPolynomial(t), lost)));
  return v128.or(y, signOf(x));
}
// Of both parts of the quotient of y and x, what rounding has taken is given back by way of the derivative 1 / (1 + t²).
@inline function angleError(a: v128, b: v128, t: v128, top: v128, bottom: v128, middle: v128): v128 {
  const sum = plus(a, b), d = minus(a, b), sumBack = minus(sum, a), back = minus(d, a), product = times(t, bottom);
  const sumError = plus(minus(a, minus(sum, sumBack)), minus(b, sumBack));
  const error = minus(minus(a, minus(d, back)), plus(b, back));
  const left = minus(minus(top, product), productError(t, bottom, product));
  const all = plus(left, v128.and(minus(error, times(t, sumError)), middle));
  return over(all, times(bottom, plus(number(1), times(t, t))));
}
// Zeros, infinities, NaN and quotients that could overflow or underflow take the scalar function.
function atan264(y: v128, x: v128): v128 {
  const a = f64x2.abs(y), b = f64x2.abs(x), big = f64x2.pmax(a, b), small = f64x2.pmin(a, b);
  const fits = v128.and(f64x2.lt(big, number(1e300)), f64x2.gt(small, number(1e-280)));
  const steep = steepOf(a, b), middle = middleOf(a, b, steep), top = topOf(a, b, steep, middle);
  const bottom = v128.bitselect(plus(a, b), v128.bitselect(a, b, steep), middle), t = over(top, bottom);
  const left = f64x2.lt(x, number(0)), flip = v128.and(left, number(-0.0));
  const base = baseOf(steep, middle, 1.5707963267948966), lost = baseOf(steep, middle, 6.123233995736766e-17);
  const from = v128.bitselect(minus(number(3.141592653589793), base), base, left);
  const low = v128.bitselect(minus(number(1.2246467991473532e-16), lost), lost, left);
  const rest = v128.xor(plus(arcPolynomial(t), angleError(a, b, t, top, bottom, middle)), flip);
  const z = v128.or(plus(from, plus(v128.xor(t, flip), plus(rest, low))), signOf(y));
  if (i64x2.all_true(fits)) return z;
  return v128.bitselect(z, f64x2(NativeMath.atan2(first(y), first(x)), NativeMath.atan2(second(y), second(x))), fits);
}

@inline export function circle(y: f64): v128 { return circle64(y); }
@inline export function sineLanes<T>(x: v128): v128 { if (sizeof<T>() == 4) return sine32(x); return sine64(x); }
@inline export function cosineLanes<T>(x: v128): v128 { if (sizeof<T>() == 4) return cosine32(x); return cosine64(x); }
@inline export function tangentLanes<T>(x: v128): v128 {
  if (sizeof<T>() == 4) return four(tangent64(lowPair(x)), tangent64(highPair(x)));
  return tangent64(x);
}
@inline export function arctanLanes<T>(x: v128): v128 {
  if (sizeof<T>() == 4) return four(atan64(lowPair(x)), atan64(highPair(x)));
  return atan64(x);
}
@inline export function arctan2Lanes<T>(y: v128, x: v128): v128 {
  if (sizeof<T>() == 4) return four(atan264(lowPair(y), lowPair(x)), atan264(highPair(y), highPair(x)));
  return atan264(y, x);
}
