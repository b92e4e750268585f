import {
  four, highPair, horner, horner32, lowPair, minus, minus32, number, number32, over, plus, plus32, signOf, times,
  times32,
} from "./vector";

// Exponentials over lanes. exp(x) = 2^n (1 + p), where n = round(x / ln 2) and p = exp(r) - 1 is a minimax polynomial
// of the rest (fitted by Remez' exchange, 2^-61 and 2^-34). A scalar is lane 0 of the same code, so that a view and its
// copy give the same bits.

// ln 2 = HIGH + LOW, where the product of HIGH with an exponent is exact. Adding 1.5 × 2^52 or 1.5 × 2^23 leaves the
// nearest integer in the low bits.
const LOG2E = memory.data<f64>([1.4426950408889634, 1.4426950408889634], 16);
const LN2_HIGH = memory.data<f64>([0.6931471803691238, 0.6931471803691238], 16);
const LN2_LOW = memory.data<f64>([1.9082149292705877e-10, 1.9082149292705877e-10], 16);
const LN2 = memory.data<f64>([0.6931471805599453, 0.6931471805599453], 16);
const ROUNDER = memory.data<f64>([6755399441055744, 6755399441055744], 16);
const E2 = memory.data<f64>([0.5, 0.5], 16);
const E3 = memory.data<f64>([0.16666666666666677, 0.16666666666666677], 16);
const E4 = memory.data<f64>([0.04166666666666651, 0.04166666666666651], 16);
const E5 = memory.data<f64>([0.008333333333321653, 0.008333333333321653], 16);
const E6 = memory.data<f64>([0.0013888888888962587, 0.0013888888888962587], 16);
const E7 = memory.data<f64>([0.00019841269886074323, 0.00019841269886074323], 16);
const E8 = memory.data<f64>([2.4801587172243856e-5, 2.4801587172243856e-5], 16);
const E9 = memory.data<f64>([2.755724425328948e-6, 2.755724425328948e-6], 16);
const E10 = memory.data<f64>([2.7557402772604665e-7, 2.7557402772604665e-7], 16);
const E11 = memory.data<f64>([2.5109024783867538e-8, 2.5109024783867538e-8], 16);
const E12 = memory.data<f64>([2.087532846633739e-9, 2.087532846633739e-9], 16);
const TP0 = memory.data<f64>([-0.9643991794250523, -0.9643991794250523], 16);
const TP1 = memory.data<f64>([-99.28772310019185, -99.28772310019185], 16);
const TP2 = memory.data<f64>([-1614.6876844170845, -1614.6876844170845], 16);
const TQ0 = memory.data<f64>([112.81167849163293, 112.81167849163293], 16);
const TQ1 = memory.data<f64>([2235.4883906010045, 2235.4883906010045], 16);
const TQ2 = memory.data<f64>([4844.063053251255, 4844.063053251255], 16);
const SP0 = memory.data<f64>([-0.789474443963537, -0.789474443963537], 16);
const SP1 = memory.data<f64>([-163.72585752598383, -163.72585752598383], 16);
const SP2 = memory.data<f64>([-11561.443576500522, -11561.443576500522], 16);
const SP3 = memory.data<f64>([-351754.9648081514, -351754.9648081514], 16);
const SQ0 = memory.data<f64>([-277.7110814206028, -277.7110814206028], 16);
const SQ1 = memory.data<f64>([36157.827983443196, 36157.827983443196], 16);
const SQ2 = memory.data<f64>([-2110529.7888489086, -2110529.7888489086], 16);

const LOG2E_32 = memory.data<f32>([1.442695, 1.442695, 1.442695, 1.442695], 16);
const LN2_HIGH_32 = memory.data<f32>([0.693359375, 0.693359375, 0.693359375, 0.693359375], 16);
const LN2_LOW_32 = memory.data<f32>([-0.00021219444, -0.00021219444, -0.00021219444, -0.00021219444], 16);
const ROUNDER_32 = memory.data<f32>([12582912, 12582912, 12582912, 12582912], 16);
const F2 = memory.data<f32>([0.5, 0.5, 0.5, 0.5], 16);
const F3 = memory.data<f32>([0.16666666, 0.16666666, 0.16666666, 0.16666666], 16);
const F4 = memory.data<f32>([0.041666295, 0.041666295, 0.041666295, 0.041666295], 16);
const F5 = memory.data<f32>([0.008333498, 0.008333498, 0.008333498, 0.008333498], 16);
const F6 = memory.data<f32>([0.0013944758, 0.0013944758, 0.0013944758, 0.0013944758], 16);
const F7 = memory.data<f32>([0.00019790218, 0.00019790218, 0.00019790218, 0.00019790218], 16);
const TH0 = memory.data<f32>([-5.70498872745e-3, -5.70498872745e-3, -5.70498872745e-3, -5.70498872745e-3], 16);
const TH1 = memory.data<f32>([2.06390887954e-2, 2.06390887954e-2, 2.06390887954e-2, 2.06390887954e-2], 16);
const TH2 = memory.data<f32>([-5.37397155531e-2, -5.37397155531e-2, -5.37397155531e-2, -5.37397155531e-2], 16);
const TH3 = memory.data<f32>([1.33314422036e-1, 1.33314422036e-1, 1.33314422036e-1, 1.33314422036e-1], 16);
const TH4 = memory.data<f32>([-3.33332819422e-1, -3.33332819422e-1, -3.33332819422e-1, -3.33332819422e-1], 16);

// (exp(r) - 1 - r) / r², and the same without its first term
@inline function tail64(r: v128): v128 { return plus(v128.load(E2), beyondHalf(r)); }
@inline function beyondHalf(r: v128): v128 {
  const s = times(r, r), q = times(s, s);
  const a = plus(times(r, v128.load(E3)), times(s, plus(v128.load(E4), times(r, v128.load(E5)))));
  const b = plus(plus(v128.load(E6), times(r, v128.load(E7))), times(s, plus(v128.load(E8), times(r, v128.load(E9)))));
  const c = plus(plus(v128.load(E10), times(r, v128.load(E11))), times(s, v128.load(E12)));
  return plus(a, times(q, plus(b, times(q, c))));
}
@inline function tail32(r: v128): v128 {
  const s = times32(r, r);
  const a = plus32(v128.load(F2), times32(r, v128.load(F3))), b = plus32(v128.load(F4), times32(r, v128.load(F5)));
  const c = plus32(v128.load(F6), times32(r, v128.load(F7)));
  return plus32(a, times32(s, plus32(b, times32(s, c))));
}

// y 2^n for |n| < 2046 in two steps, so that neither factor overflows; the low words of `n` count.
@inline function scaled64(y: v128, n: v128): v128 {
  const half = i32x4.shr_s(n, 1), rest = i32x4.sub(n, half), bias = i32x4.splat(1023);
  return times(times(y, i64x2.shl(i32x4.add(half, bias), 52)), i64x2.shl(i32x4.add(rest, bias), 52));
}
@inline function scaled32(y: v128, n: v128): v128 {
  const half = i32x4.shr_s(n, 1), rest = i32x4.sub(n, half), bias = i32x4.splat(127);
  return times32(times32(y, i32x4.shl(i32x4.add(half, bias), 23)), i32x4.shl(i32x4.add(rest, bias), 23));
}
// Within what scaling takes; pmin and pmax with the constant second let a NaN pass.
@inline function clamped(x: v128, low: f64, high: f64): v128 {
  return f64x2.pmax(f64x2.pmin(x, number(high)), number(low));
}
@inline function clamped32(x: v128, bound: f32): v128 {
  return f32x4.pmax(f32x4.pmin(x, number32(bound)), number32(-bound));
}

// exp(v) 2^shift
@inline function exponential64(v: v128, shift: i32): v128 {
  const x = clamped(v, -1000, 1000), t = horner(v128.load(LOG2E), x, ROUNDER), n = minus(t, v128.load(ROUNDER));
  const r = minus(minus(x, times(n, v128.load(LN2_HIGH))), times(n, v128.load(LN2_LOW)));
  return scaled64(plus(number(1), plus(r, times(times(r, r), tail64(r)))), i32x4.add(t, i32x4.splat(shift)));
}
function exp64(x: v128): v128 { return exponential64(x, 0); }
// exp(v) 2^shift in two parts, of which the second is left in LOW: what rounding took from the first.
const LOW = memory.data(16, 16);
@inline function twofold64(v: v128, shift: i32): v128 {
  const x = f64x2.pmin(v, number(720)), t = horner(v128.load(LOG2E), x, ROUNDER), n = minus(t, v128.load(ROUNDER));
  const high = minus(x, times(n, v128.load(LN2_HIGH))), low = times(n, v128.load(LN2_LOW)), r = minus(high, low);
  const s = plus(number(1), r), lost = plus(plus(minus(number(1), s), r), minus(minus(high, r), low));
  const small = plus(times(times(r, r), tail64(r)), lost), y = plus(s, small), e = i32x4.add(t, i32x4.splat(shift));
  v128.store(LOW, scaled64(plus(minus(s, y), small), e));
  return scaled64(y, e);
}
// Half of exp(x), which overflows no sooner than sinh and cosh do.
function halfExp64(x: v128): v128 { return twofold64(x, -1); }
function exp32(v: v128): v128 {
  const x = clamped32(v, 150), t = horner32(v128.load(LOG2E_32), x, ROUNDER_32), n = minus32(t, v128.load(ROUNDER_32));
  const r = minus32(minus32(x, times32(n, v128.load(LN2_HIGH_32))), times32(n, v128.load(LN2_LOW_32)));
  const y = plus32(number32(1), plus32(r, times32(times32(r, r), tail32(r))));
  return scaled32(y, i32x4.sub(t, v128.load(ROUNDER_32)));
}
// exp(x) in two parts, as twofold64.
@inline function twofold32(x: v128): v128 {
  const t = horner32(v128.load(LOG2E_32), x, ROUNDER_32), n = minus32(t, v128.load(ROUNDER_32));
  const high = minus32(x, times32(n, v128.load(LN2_HIGH_32))), low = times32(n, v128.load(LN2_LOW_32));
  const r = minus32(high, low), s = plus32(number32(1), r);
  const lost = plus32(plus32(minus32(number32(1), s), r), minus32(minus32(high, r), low));
  const small = plus32(times32(times32(r, r), tail32(r)), lost), y = plus32(s, small);
  const e = i32x4.sub(t, v128.load(ROUNDER_32));
  v128.store(LOW, scaled32(plus32(minus32(s, y), small), e));
  return scaled32(y, e);
}
function power2(v: v128): v128 {
  const x = clamped(v, -1200, 1200), t = plus(x, v128.load(ROUNDER)), n = minus(t, v128.load(ROUNDER));
  const r = times(minus(x, n), v128.load(LN2));
  return scaled64(plus(number(1), plus(r, times(times(r, r), tail64(r)))), t);
}

// (p + (1 - 2^-n)) 2^n is exp(x) - 1 without cancellation; what rounding took from r is given back to the small part.
function minus1(v: v128): v128 {
  const x = clamped(v, -50, 1000), t = horner(v128.load(LOG2E), x, ROUNDER), n = minus(t, v128.load(ROUNDER));
  const high = minus(x, times(n, v128.load(LN2_HIGH))), low = times(n, v128.load(LN2_LOW)), r = minus(high, low);
  const square = times(r, r), small = plus(times(square, beyondHalf(r)), minus(minus(high, r), low));
  const power = i64x2.shl(i32x4.sub(i32x4.splat(1023), i32x4.min_s(t, i32x4.splat(60))), 52);
  const rest = minus(number(1), power), s = plus(rest, r);
  const lost = plus(plus(minus(rest, s), r), minus(minus(number(1), rest), power));
  const y = scaled64(plus(s, plus(times(square, v128.load(E2)), plus(small, lost))), t);
  return v128.bitselect(v, y, f64x2.eq(v, number(0)));
}

// Cephes' tanh.c, tanhf.c and sinh.c (Moshier): x + x³ P(x²) / Q(x²) near zero; beyond, 1 - 2 / (exp(2x) + 1), which is
// 1 from 22 on, and (exp(x) - exp(-x)) / 2. Both quotients are one division.
function tanh64(x: v128): v128 {
  const ax = f64x2.abs(x), z = times(x, x), near = f64x2.lt(ax, number(0.625));
  const p = horner(horner(v128.load(TP0), z, TP1), z, TP2);
  const q = horner(horner(plus(z, v128.load(TQ0)), z, TQ1), z, TQ2);
  const e = twofold64(times(f64x2.pmin(ax, number(22)), number(2)), 0), d = plus(e, number(1));
  const top = v128.bitselect(times(times(ax, z), p), number(-2), near), base = v128.bitselect(ax, number(1), near);
  const quotient = over(top, v128.bitselect(q, d, near)), lost = plus(plus(minus(e, d), number(1)), v128.load(LOW));
  const mended = times(times(quotient, quotient), times(number(0.5), lost));
  const y = plus(base, quotient), rest = plus(minus(base, y), quotient);
  return v128.or(plus(y, plus(rest, v128.andnot(mended, near))), signOf(x));
}
function tanh32(x: v128): v128 {
  const ax = f32x4.abs(x), z = times32(x, x), near = f32x4.lt(ax, number32(0.625));
  const p = horner32(horner32(horner32(horner32(v128.load(TH0), z, TH1), z, TH2), z, TH3), z, TH4);
  const e = twofold32(times32(f32x4.pmin(ax, number32(11)), number32(2))), d = plus32(e, number32(1));
  const quotient = f32x4.div(number32(2), d), lost = plus32(plus32(minus32(e, d), number32(1)), v128.load(LOW));
  const mended = times32(times32(quotient, quotient), times32(number32(0.5), lost));
  const y = minus32(number32(1), quotient), far = plus32(y, plus32(minus32(minus32(number32(1), y), quotient), mended));
  return v128.or(v128.bitselect(plus32(ax, times32(times32(ax, z), p)), far, near), v128.and(x, number32(-0.0)));
}
function sinh64(x: v128): v128 {
  const ax = f64x2.abs(x), z = times(x, x), near = f64x2.lt(ax, number(1)), h = halfExp64(ax);
  const p = horner(horner(horner(v128.load(SP0), z, SP1), z, SP2), z, SP3);
  const q = horner(horner(plus(z, v128.load(SQ0)), z, SQ1), z, SQ2);
  const top = v128.bitselect(times(times(ax, z), p), number(-0.25), near);
  const rest = plus(over(top, v128.bitselect(q, h, near)), v128.andnot(v128.load(LOW), near));
  return v128.or(plus(v128.bitselect(ax, h, near), rest), signOf(x));
}
function cosh64(x: v128): v128 {
  const h = halfExp64(f64x2.abs(x));
  return plus(h, plus(over(number(0.25), h), v128.load(LOW)));
}

@inline export function expLanes<T>(x: v128): v128 { if (sizeof<T>() == 4) return exp32(x); return exp64(x); }
@inline export function tanhLanes<T>(x: v128): v128 { if (sizeof<T>() == 4) return tanh32(x); return tanh64(x); }
@inline export function exp2Lanes<T>(x: v128): v128 {
  if (sizeof<T>() == 4) return four(power2(lowPair(x)), power2(highPair(x)));
  return power2(x);
}
@inline export function expm1Lanes<T>(x: v128): v128 {
  if (sizeof<T>() == 4) return four(minus1(lowPair(x)), minus1(highPair(x)));
  return minus1(x);
}
@inline export function sinhLanes<T>(x: v128): v128 {
  if (sizeof<T>() == 4) return four(sinh64(lowPair(x)), sinh64(highPair(x)));
  return sinh64(x);
}
@inline export function coshLanes<T>(x: v128): v128 {
  if (sizeof<T>() == 4) return four(cosh64(lowPair(x)), cosh64(highPair(x)));
  return cosh64(x);
}
