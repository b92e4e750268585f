import { farRemainder, wasOdd } from "./far";
import {
  first, four, highPair, horner, horner32, lowPair, minus, minus32, number, number32, over, plus, plus32, second,
  signOf, times, times32,
} from "./vector";

// Sine, cosine, tangent and their inverses over lanes: Cody and Waite's reduction (Software Manual for the Elementary
// Functions, 1980), for sine and cosine to [-π/2, π/2] by multiples and odd multiples of π and π/2, then one minimax
// polynomial (fitted by Remez' exchange, 2^-61); for the tangent to [-π/4, π/4] and the quotient of polynomials of
// Cephes' tan.c, and for its inverse those of atan.c (Moshier). A scalar is lane 0 of the same code, so that a view and
// its copy give the same bits.

const LIMIT: f64 = 4194304;
const LIMIT_32: f32 = 100000;

const ONE_BY_PI = memory.data<f64>([0.3183098861837907, 0.3183098861837907], 16);
const TWO_BY_PI = memory.data<f64>([0.6366197723675814, 0.6366197723675814], 16);
// 1.5 × 2^52: adding it leaves the nearest integer in the low bits.
const ROUNDER = memory.data<f64>([6755399441055744, 6755399441055744], 16);
// π = A + B + C + D, where the products of A, B and C (31 bits) with half a quotient below 2^23 are exact.
const PI_A = memory.data<f64>([3.1415926534682512, 3.1415926534682512], 16);
const PI_B = memory.data<f64>([1.215420100718692e-10, 1.215420100718692e-10], 16);
const PI_C = memory.data<f64>([5.8254641096454e-20, 5.8254641096454e-20], 16);
const PI_D = memory.data<f64>([2.5413117520279757e-29, 2.5413117520279757e-29], 16);
const S1 = memory.data<f64>([-0.16666666666666666, -0.16666666666666666], 16);
const S2 = memory.data<f64>([0.008333333333333194, 0.008333333333333194], 16);
const S3 = memory.data<f64>([-0.0001984126984120914, -0.0001984126984120914], 16);
const S4 = memory.data<f64>([2.7557319211123613e-6, 2.7557319211123613e-6], 16);
const S5 = memory.data<f64>([-2.5052106871530787e-8, -2.5052106871530787e-8], 16);
const S6 = memory.data<f64>([1.6058939640885172e-10, 1.6058939640885172e-10], 16);
const S7 = memory.data<f64>([-7.642989768030986e-13, -7.642989768030986e-13], 16);
const S8 = memory.data<f64>([2.7211565258672974e-15, 2.7211565258672974e-15], 16);
const TP0 = memory.data<f64>([-13093.693918138373, -13093.693918138373], 16);
const TP1 = memory.data<f64>([1153516.6483858742, 1153516.6483858742], 16);
const TP2 = memory.data<f64>([-17956525.197648488, -17956525.197648488], 16);
const TQ0 = memory.data<f64>([13681.296347069296, 13681.296347069296], 16);
const TQ1 = memory.data<f64>([-1320892.3444021097, -1320892.3444021097], 16);
const TQ2 = memory.data<f64>([25008380.18233579, 25008380.18233579], 16);
const TQ3 = memory.data<f64>([-53869575.592945464, -53869575.592945464], 16);
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
const T1 = memory.data<f32>([-0.16666658, -0.16666658, -0.16666658, -0.16666658], 16);
const T2 = memory.data<f32>([0.008333032, 0.008333032, 0.008333032, 0.008333032], 16);
const T3 = memory.data<f32>([-0.00019806967, -0.00019806967, -0.00019806967, -0.00019806967], 16);
const T4 = memory.data<f32>([2.5997404e-6, 2.5997404e-6, 2.5997404e-6, 2.5997404e-6], 16);

@inline function sinePolynomial(r: v128): v128 {
  const z = times(r, r), w = times(z, z);
  const even = horner(horner(horner(v128.load(S7), w, S5), w, S3), w, S1);
  const odd = horner(horner(horner(v128.load(S8), w, S6), w, S4), w, S2);
  return plus(r, times(times(r, z), plus(even, times(z, odd))));
}
// Sine where `half` is 0, cosine where it is 0.5. The sign is that of (-1)^n, and of x for the sine: |x| is used
// because the polynomial would lose the sign of -0. Of the four products with m only the last is rounded, and what their
// sum takes from B + C is given back where the remainder is small enough to show it.
@inline function wave64(x: v128, half: v128, signs: v128): v128 {
  const ax = f64x2.abs(x), t = plus(plus(times(ax, v128.load(ONE_BY_PI)), half), v128.load(ROUNDER));
  const m = minus(minus(t, v128.load(ROUNDER)), half);
  const near = minus(ax, times(m, v128.load(PI_A))), b = times(m, v128.load(PI_B)), c = times(m, v128.load(PI_C));
  const rest = plus(b, c), r = minus(minus(near, rest), plus(plus(minus(b, rest), c), times(m, v128.load(PI_D))));
  return v128.xor(sinePolynomial(r), v128.xor(i64x2.shl(t, 63), v128.and(x, signs)));
}
// As above; the remainder, which loses its leading digits, is taken in float64.
@inline function wave32(x: v128, half: v128, signs: v128): v128 {
  const ax = f32x4.abs(x), t = plus32(plus32(times32(ax, v128.load(ONE_BY_PI_32)), half), v128.load(ROUNDER_32));
  const m = minus32(minus32(t, v128.load(ROUNDER_32)), half);
  const r = four(remainder(lowPair(ax), lowPair(m)), remainder(highPair(ax), highPair(m))), z = times32(r, r);
  const p = horner32(horner32(horner32(v128.load(T4), z, T3), z, T2), z, T1);
  return v128.xor(plus32(r, times32(times32(r, z), p)), v128.xor(i32x4.shl(t, 31), v128.and(x, signs)));
}
@inline function remainder(x: v128, m: v128): v128 {
  return minus(minus(x, times(m, v128.load(PI_A))), times(m, v128.load(PI_B)));
}

function farWave(x: f64, half: u64): f64 {
  if (!(abs(x) < Infinity)) return NaN;
  if (abs(x) < LIMIT) return 0;
  const y = first(sinePolynomial(farRemainder(abs(x), 0, half)));
  return wasOdd() != (half == 0 && x < 0) ? -y : y;
}
function sine64(x: v128): v128 {
  const fits = f64x2.lt(f64x2.abs(x), number(LIMIT)), y = wave64(x, number(0), number(-0.0));
  if (i64x2.all_true(fits)) return y;
  return v128.bitselect(y, f64x2(farWave(first(x), 0), farWave(second(x), 0)), fits);
}
function cosine64(x: v128): v128 {
  const fits = f64x2.lt(f64x2.abs(x), number(LIMIT)), y = wave64(x, number(0.5), number(0));
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
  return wave64(number(y), f64x2(0.5, 0), f64x2(0, -0.0));
}

// tan(r + lost), or the tangent of what is π/2 further, where odd
@inline function tangentPolynomial(r: v128, lost: v128, odd: v128): v128 {
  const z = times(r, r), p = horner(horner(v128.load(TP0), z, TP1), z, TP2);
  const q = horner(horner(horner(plus(z, v128.load(TQ0)), z, TQ1), z, TQ2), z, TQ3);
  const y = plus(r, plus(times(times(r, z), over(p, q)), plus(lost, times(lost, z))));
  return v128.bitselect(over(number(-1), y), y, odd);
}
function farTangent(x: f64): f64 {
  if (!(abs(x) < Infinity)) return NaN;
  if (abs(x) < LIMIT) return 0;
  const r = farRemainder(abs(x), 1, 0), odd = i64x2.splat(wasOdd() ? -1 : 0);
  const y = first(tangentPolynomial(r, number(second(r)), odd));
  return x < 0 ? -y : y;
}
function tangent64(x: v128): v128 {
  const ax = f64x2.abs(x), fits = f64x2.lt(ax, number(LIMIT)), t = horner(v128.load(TWO_BY_PI), ax, ROUNDER);
  const m = times(minus(t, v128.load(ROUNDER)), number(0.5));
  const near = remainder(ax, m), c = times(m, v128.load(PI_C)), r = minus(near, c);
  const odd = i64x2.sub(i64x2.splat(0), v128.and(t, i64x2.splat(1)));
  const lost = minus(minus(minus(near, r), c), times(m, v128.load(PI_D)));
  const y = v128.xor(tangentPolynomial(r, lost, odd), signOf(x));
  if (i64x2.all_true(fits)) return y;
  return v128.bitselect(y, f64x2(farTangent(first(x)), farTangent(second(x))), fits);
}

// The angle whose tangent is a / b, both positive: from 0, π/4 or π/2 on, the rest by the polynomial.
@inline function angle(a: v128, b: v128): v128 {
  const steep = f64x2.gt(a, times(b, number(2.414213562373095)));
  const middle = v128.andnot(f64x2.gt(a, times(b, number(0.66))), steep);
  const top = v128.bitselect(minus(a, b), v128.bitselect(f64x2.neg(b), a, steep), middle);
  const t = over(top, v128.bitselect(plus(a, b), v128.bitselect(a, b, steep), middle)), z = times(t, t);
  const base = v128.or(v128.and(steep, number(1.5707963267948966)), v128.and(middle, number(0.7853981633974483)));
  const lost = v128.or(v128.and(steep, number(6.123233995736766e-17)), v128.and(middle, number(3.061616997868383e-17)));
  const p = horner(horner(horner(horner(v128.load(AP0), z, AP1), z, AP2), z, AP3), z, AP4);
  const q = horner(horner(horner(horner(plus(z, v128.load(AQ0)), z, AQ1), z, AQ2), z, AQ3), z, AQ4);
  return plus(base, plus(t, plus(times(t, over(times(z, p), q)), lost)));
}
function atan64(x: v128): v128 { return v128.or(angle(f64x2.abs(x), number(1)), signOf(x)); }
// Zeros, infinities, NaN and quotients that could overflow or underflow take the scalar function.
function atan264(y: v128, x: v128): v128 {
  const ay = f64x2.abs(y), ax = f64x2.abs(x), big = f64x2.pmax(ax, ay), small = f64x2.pmin(ax, ay);
  const fits = v128.and(f64x2.lt(big, number(1e150)), f64x2.gt(small, number(1e-150))), a = angle(ay, ax);
  const turned = minus(number(3.141592653589793), minus(a, number(1.2246467991473532e-16)));
  const z = v128.or(v128.bitselect(turned, a, f64x2.lt(x, number(0))), signOf(y));
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
