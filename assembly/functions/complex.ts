import { coshLanes, expm1Lanes, sinhLanes } from "./exponential";
import { quotient } from "./quotient";
import { circle, tangentLanes } from "./trigonometry";

// Functions of one complex number in float64 precision. The algorithms and the values at infinities and NaN are those
// of FreeBSD's msun (s_csqrt.c, s_cexp.c, s_csinh.c, s_ccosh.c, s_ctanh.c; Schultz and Kargl), which follow C99,
// annex G. Where C leaves a sign open, NumPy's answer on Linux decides.

@inline function re(z: v128): f64 { return f64x2.extract_lane(z, 0); }
@inline function im(z: v128): f64 { return f64x2.extract_lane(z, 1); }
@inline function pair(a: f64, b: f64): v128 { return f64x2(a, b); }
@inline function swap(z: v128): v128 { return v128.shuffle<f64>(z, z, 1, 0); }

@inline function expm1Of(x: f64): f64 { return re(expm1Lanes<f64>(f64x2.splat(x))); }
@inline function sinhOf(x: f64): f64 { return re(sinhLanes<f64>(f64x2.splat(x))); }
@inline function coshOf(x: f64): f64 { return re(coshLanes<f64>(f64x2.splat(x))); }
@inline function tanOf(x: f64): f64 { return re(tangentLanes<f64>(f64x2.splat(x))); }

// The scale keeps both parts away from overflow and from subnormal numbers.
function csqrt(z: v128): v128 {
  let a = re(z), b = im(z), scale = 1.0;
  if (a == 0 && b == 0) return pair(0, b);
  if (abs(b) == Infinity) return pair(Infinity, b);
  if (a != a) return pair(NaN, NaN);
  if (a == -Infinity) return pair(b != b ? b : 0, copysign<f64>(Infinity, b));
  if (a == Infinity) return pair(a, b != b ? b : copysign<f64>(0, b));
  const size = max(abs(a), abs(b));
  if (size >= 7e307) { a *= 0.25; b *= 0.25; scale = 2; }
  else if (size < 1e-290) { a *= 1.8014398509481984e16; b *= 1.8014398509481984e16; scale = 7.450580596923828e-9; }
  const t = sqrt<f64>((abs(a) + NativeMath.hypot(a, b)) * 0.5), other = b / (2 * t);
  if (a >= 0) return pair(t * scale, other * scale);
  return pair(abs(other) * scale, copysign<f64>(t, b) * scale);
}

// c exp(x), which may be finite though exp(x) is not.
function timesExp(c: f64, x: f64): f64 {
  for (let i = 0; i < 2 && x > 709; i++, x -= 709) c *= 8.218407461554972e307;
  return c * NativeMath.exp(x);
}
// exp(x) times a point of the unit circle.
function polar(x: f64, y: f64): v128 {
  const unit = circle(y);
  if (x > 709 && x < Infinity) return pair(timesExp(re(unit), x), timesExp(im(unit), x));
  return f64x2.mul(f64x2.splat(NativeMath.exp(x)), unit);
}

function cexp(z: v128): v128 {
  const x = re(z), y = im(z);
  if (y == 0) return pair(NativeMath.exp(x), y);
  if (x == 0) return circle(y);
  if (isFinite<f64>(y)) return x == x ? polar(x, y) : pair(NaN, NaN);
  if (x == -Infinity) return pair(0, copysign<f64>(0, y));
  return pair(x == Infinity ? x : NaN, NaN);
}
function cexp2(z: v128): v128 {
  const x = re(z), y = im(z);
  if (!(abs(x) < 1000 && isFinite<f64>(y))) return cexp(f64x2.mul(z, f64x2.splat(NativeMath.LN2)));
  return f64x2.mul(f64x2.splat(NativeMath.exp2(x)), y == 0 ? pair(1, y) : circle(y * NativeMath.LN2));
}
// NumPy's formula, also where it gives NaN for an infinity times 0.
function cexpm1(z: v128): v128 {
  const x = re(z), y = im(z), unit = circle(y), half = im(circle(y * 0.5));
  return pair(expm1Of(x) * re(unit) - 2 * half * half, NativeMath.exp(x) * im(unit));
}

// What rounding takes from x² (Dekker, 1971).
@inline function squareError(x: f64, square: f64): f64 {
  const c = x * 134217729, high = c - (c - x), low = x - high;
  return ((high * high - square) + 2 * high * low) + low * low;
}
// log(hypot(x, y)); near the unit circle x² + y² - 1 is summed in twice the precision.
function logAbs(x: f64, y: f64): f64 {
  const a = max(abs(x), abs(y)), b = min(abs(x), abs(y));
  if (a > 8e307) return NativeMath.log(NativeMath.hypot(a * 0.5, b * 0.5)) + NativeMath.LN2;
  if (a < 1e-290) return NativeMath.log(NativeMath.hypot(a * 1e30, b * 1e30)) - 69.07755278982137;
  const aa = a * a, bb = b * b;
  if (!(aa + bb > 0.5 && aa + bb < 3)) return NativeMath.log(NativeMath.hypot(x, y));
  return 0.5 * NativeMath.log1p((aa - 1) + bb + (squareError(a, aa) + squareError(b, bb)));
}
function clog(z: v128): v128 { return pair(logAbs(re(z), im(z)), NativeMath.atan2(im(z), re(z))); }
function clog2(z: v128): v128 { return f64x2.mul(clog(z), f64x2.splat(NativeMath.LOG2E)); }
function clog10(z: v128): v128 { return f64x2.mul(clog(z), f64x2.splat(NativeMath.LOG10E)); }
function clog1p(z: v128): v128 {
  const x = re(z), y = im(z), angle = NativeMath.atan2(y, x + 1);
  if (abs(x) < 0.5 && abs(y) < 0.5) return pair(0.5 * NativeMath.log1p(x * (2 + x) + y * y), angle);
  return pair(logAbs(x + 1, y), angle);
}

// Half of c exp(|x|), where exp(-|x|) no longer counts.
@inline function halfTimesExp(c: f64, x: f64): f64 { return timesExp(0.5 * c, abs(x)); }
function csinh(z: v128): v128 {
  const x = re(z), y = im(z);
  if (isFinite<f64>(x) && isFinite<f64>(y)) {
    if (y == 0) return pair(sinhOf(x), y);
    const unit = circle(y);
    if (abs(x) < 22) return pair(sinhOf(x) * re(unit), coshOf(x) * im(unit));
    return pair(copysign<f64>(1, x) * halfTimesExp(re(unit), x), halfTimesExp(im(unit), x));
  }
  if (x == 0) return pair(x, NaN);
  if (y == 0) return pair(x, y);
  if (abs(x) != Infinity) return pair(NaN, NaN);
  if (!isFinite<f64>(y)) return pair(Infinity, NaN);
  const unit = circle(y);
  return pair(x * re(unit), Infinity * im(unit));
}
function ccosh(z: v128): v128 {
  const x = re(z), y = im(z);
  if (isFinite<f64>(x) && isFinite<f64>(y)) {
    if (y == 0) return pair(coshOf(x), x * y);
    const unit = circle(y);
    if (abs(x) < 22) return pair(coshOf(x) * re(unit), sinhOf(x) * im(unit));
    return pair(halfTimesExp(re(unit), x), copysign<f64>(1, x) * halfTimesExp(im(unit), x));
  }
  if (x == 0) return pair(NaN, 0);
  if (y == 0) return pair(x * x, x != x ? y : copysign<f64>(0, x) * y);
  if (abs(x) != Infinity) return pair(NaN, NaN);
  if (!isFinite<f64>(y)) return pair(Infinity, NaN);
  const unit = circle(y);
  return pair(Infinity * re(unit), x * im(unit));
}
// Kahan's formula (Branch cuts for complex elementary functions, 1987) with t = tan y.
function ctanh(z: v128): v128 {
  const x = re(z), y = im(z);
  if (x != x) return pair(x, y == 0 ? y : NaN);
  const unit = circle(y);
  if (abs(x) >= 22) {
    if (!isFinite<f64>(x)) return pair(copysign<f64>(1, x), copysign<f64>(0, isFinite<f64>(y) ? re(unit) * im(unit) : y));
    if (!isFinite<f64>(y)) return pair(NaN, NaN);
    const e = NativeMath.exp(-abs(x));
    return pair(copysign<f64>(1, x), 4 * im(unit) * re(unit) * e * e);
  }
  if (!isFinite<f64>(y)) return pair(x == 0 ? x : NaN, NaN);
  const t = tanOf(y), beta = 1 + t * t, s = sinhOf(x), rho = sqrt<f64>(1 + s * s), below = 1 + beta * s * s;
  return pair(beta * rho * s / below, t / below);
}

// NumPy's power: small whole exponents multiply, as exactly as that is.
function product(x: v128, y: v128): v128 {
  const a = re(x), b = im(x), c = re(y), d = im(y);
  return pair(a * c - b * d, a * d + b * c);
}
function wholePower(x: v128, n: i32): v128 {
  let result = pair(1, 0), first = n > 0;
  for (let square = x, k = abs(n); k; k >>= 1, square = product(square, square)) {
    if (k & 1) { result = first ? square : product(result, square); first = false; }
  }
  return n < 0 ? quotient(pair(1, 0), result) : result;
}
function cpow(x: v128, y: v128): v128 {
  const br = re(y), bi = im(y);
  if (br == 0 && bi == 0) return pair(1, 0);
  if (re(x) == 0 && im(x) == 0) return br > 0 ? pair(0, 0) : pair(NaN, NaN);
  if (bi == 0 && abs(br) < 100 && nearest(br) == br) return wholePower(x, br as i32);
  return cexp(infiniteProduct(y, clog(x)));
}
// C's product (annex G.5.1): where an infinity has made both parts NaN, its direction is kept.
@inline function unitOf(x: f64): f64 { return copysign<f64>(abs(x) == Infinity ? 1 : 0, x); }
@inline function withoutNaN(x: f64): f64 { return x == x ? x : copysign<f64>(0, x); }
function infiniteProduct(x: v128, y: v128): v128 {
  const z = product(x, y);
  if (re(z) == re(z) || im(z) == im(z)) return z;
  let a = re(x), b = im(x), c = re(y), d = im(y);
  const left = abs(a) == Infinity || abs(b) == Infinity, right = abs(c) == Infinity || abs(d) == Infinity;
  if (!left && !right) return z;
  if (left) { a = unitOf(a); b = unitOf(b); c = withoutNaN(c); d = withoutNaN(d); }
  if (right) { c = unitOf(c); d = unitOf(d); a = withoutNaN(a); b = withoutNaN(b); }
  return f64x2.mul(f64x2.splat(Infinity), product(pair(a, b), pair(c, d)));
}

@inline export function squareRoot(z: v128): v128 { return csqrt(z); }
@inline export function exp(z: v128): v128 { return cexp(z); }
@inline export function exp2(z: v128): v128 { return cexp2(z); }
@inline export function expm1(z: v128): v128 { return cexpm1(z); }
@inline export function log(z: v128): v128 { return clog(z); }
@inline export function log2(z: v128): v128 { return clog2(z); }
@inline export function log10(z: v128): v128 { return clog10(z); }
@inline export function log1p(z: v128): v128 { return clog1p(z); }
@inline export function sinh(z: v128): v128 { return csinh(z); }
@inline export function cosh(z: v128): v128 { return ccosh(z); }
@inline export function tanh(z: v128): v128 { return ctanh(z); }
@inline export function sin(z: v128): v128 { return swap(csinh(swap(z))); }
@inline export function cos(z: v128): v128 { return ccosh(pair(-im(z), re(z))); }
@inline export function tan(z: v128): v128 { return swap(ctanh(swap(z))); }
@inline export function power(x: v128, y: v128): v128 { return cpow(x, y); }
@inline export function logOfAbs(x: f64, y: f64): f64 { return logAbs(x, y); }
