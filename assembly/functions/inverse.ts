import { logOfAbs } from "./complex";

// The inverse trigonometric and hyperbolic functions of one complex number: the algorithms of Hull, Fairgrieve and Tang
// (Implementing the complex arcsine and arccosine functions using exception handling, ACM TOMS 23, 1997), and for the
// area tangent Kahan's (1987), with the thresholds of FreeBSD's catrig.c (Montgomery-Smith).

const EPSILON: f64 = 2.220446049250313e-16;
const LARGE: f64 = 4503599627370496;
const HALF_PI: f64 = 1.5707963267948966;
const LN2: f64 = 0.6931471805599453;

@inline function re(z: v128): f64 { return f64x2.extract_lane(z, 0); }
@inline function im(z: v128): f64 { return f64x2.extract_lane(z, 1); }
@inline function pair(a: f64, b: f64): v128 { return f64x2(a, b); }
@inline function swap(z: v128): v128 { return v128.shuffle<f64>(z, z, 1, 0); }

// (hypot(a, b) - b) / 2 without cancellation, where the root is known.
@inline function excess(a: f64, b: f64, root: f64): f64 {
  if (b < 0) return (root - b) * 0.5;
  if (b == 0) return a * 0.5;
  return a * a / (root + b) * 0.5;
}

// Of x + iy in the first quadrant with R = |z + i|, S = |z - i|, A = (R + S) / 2: the area cosine of A.
function areaPart(x: f64, y: f64, R: f64, S: f64, A: f64): f64 {
  if (A >= 10) return NativeMath.log(A + sqrt<f64>(A * A - 1));
  if (y == 1 && x < EPSILON * EPSILON / 128) return sqrt<f64>(x);
  if (x >= EPSILON * abs(y - 1)) {
    const over = excess(x, 1 + y, R) + excess(x, 1 - y, S);
    return NativeMath.log1p(over + sqrt<f64>(over * (A + 1)));
  }
  if (y < 1) return x / sqrt<f64>((1 - y) * (1 + y));
  return NativeMath.log1p((y - 1) + sqrt<f64>((y - 1) * (y + 1)));
}
// The legs (y, √(A² - y²)) of the angle whose sine is y / A, both by the same factor where they would underflow.
function angleLegs(x: f64, y: f64, R: f64, S: f64, A: f64): v128 {
  if (y < 6e-154) return pair(y * (2 / EPSILON), A * (2 / EPSILON));
  if (y <= 0.6417 * A) return pair(y, sqrt<f64>((A - y) * (A + y)));
  if (y == 1 && x < EPSILON / 128) return pair(y, sqrt<f64>(x) * sqrt<f64>((A + y) * 0.5));
  if (x >= EPSILON * abs(y - 1)) {
    return pair(y, sqrt<f64>((excess(x, y + 1, R) + excess(x, y - 1, S)) * (A + y)));
  }
  if (y < 1) return pair(y, sqrt<f64>((1 - y) * (1 + y)));
  const factor = 4 / EPSILON / EPSILON;
  return pair(y * factor, x * factor * y / sqrt<f64>((y + 1) * (y - 1)));
}

function casinh(z: v128): v128 {
  const x = re(z), y = im(z), ax = abs(x), ay = abs(y);
  if (x != x || y != y) {
    if (ax == Infinity) return pair(x, NaN);
    if (ay == Infinity) return pair(ay, NaN);
    return pair(NaN, y == 0 ? y : NaN);
  }
  if (ax > LARGE || ay > LARGE) {
    return pair(copysign<f64>(logOfAbs(x, y) + LN2, x), copysign<f64>(NativeMath.atan2(ay, ax), y));
  }
  if (ax < 9e-9 && ay < 9e-9) return z;
  const R = NativeMath.hypot(ax, ay + 1), S = NativeMath.hypot(ax, ay - 1), A = max((R + S) * 0.5, 1);
  const legs = angleLegs(ax, ay, R, S, A);
  return pair(copysign<f64>(areaPart(ax, ay, R, S, A), x), copysign<f64>(NativeMath.atan2(re(legs), im(legs)), y));
}

function cacos(z: v128): v128 {
  const x = re(z), y = im(z), ax = abs(x), ay = abs(y);
  if (x != x || y != y) {
    if (ax == Infinity) return pair(NaN, -Infinity);
    if (ay == Infinity) return pair(NaN, -y);
    return pair(x == 0 ? HALF_PI : NaN, NaN);
  }
  if (ax > LARGE || ay > LARGE) return pair(NativeMath.atan2(ay, x), -copysign<f64>(logOfAbs(x, y) + LN2, y));
  if (x == 1 && y == 0) return pair(0, -y);
  if (ax < 9e-9 && ay < 9e-9) return pair(HALF_PI - x, -y);
  const R = NativeMath.hypot(ay, ax + 1), S = NativeMath.hypot(ay, ax - 1), A = max((R + S) * 0.5, 1);
  const legs = angleLegs(ay, ax, R, S, A);
  return pair(NativeMath.atan2(im(legs), copysign<f64>(re(legs), x)), -copysign<f64>(areaPart(ay, ax, R, S, A), y));
}

function cacosh(z: v128): v128 {
  const w = cacos(z), x = re(w), y = im(w);
  if (x != x) return pair(y != y ? y : abs(y), x);
  if (y != y) return pair(y, x);
  return pair(abs(y), copysign<f64>(x, im(z)));
}

// x / (x² + y²) for a large |x + iy|
function reciprocalPart(x: f64, y: f64): f64 {
  if (abs(x) == Infinity || abs(y) == Infinity) return copysign<f64>(0, x);
  if (abs(x) > abs(y) * 1e8) return 1 / x;
  if (abs(y) > abs(x) * 1e8) return x / y / y;
  const factor = abs(x) > 1e150 || abs(y) > 1e150 ? 7.458340731200207e-155 : 1;
  x *= factor; y *= factor;
  return x / (x * x + y * y) * factor;
}
function catanh(z: v128): v128 {
  const x = re(z), y = im(z), ax = abs(x), ay = abs(y);
  if (y == 0 && ax <= 1) return pair(NativeMath.atanh(x), y);
  if (x == 0) return pair(x, NativeMath.atan(y));
  if (x != x || y != y) {
    if (ax == Infinity) return pair(copysign<f64>(0, x), NaN);
    if (ay == Infinity) return pair(copysign<f64>(0, x), copysign<f64>(HALF_PI, y));
    return pair(NaN, NaN);
  }
  if (ax > LARGE || ay > LARGE) return pair(reciprocalPart(x, y), copysign<f64>(HALF_PI, y));
  if (ax < 1.29e-8 && ay < 1.29e-8) return z;
  const gap = ax - 1, square = ay < 1e-154 ? gap * gap : gap * gap + ay * ay;
  const area = ax == 1 && ay < EPSILON ? (LN2 - NativeMath.log(ay)) * 0.5 : NativeMath.log1p(4 * ax / square) * 0.25;
  const below = (1 - ax) * (1 + ax) - (ay < EPSILON ? 0 : ay * ay);
  const angle = ax == 1 ? NativeMath.atan2(2, -ay) : NativeMath.atan2(2 * ay, below);
  return pair(copysign<f64>(area, x), copysign<f64>(angle * 0.5, y));
}

@inline export function arcsinh(z: v128): v128 { return casinh(z); }
@inline export function arccosh(z: v128): v128 { return cacosh(z); }
@inline export function arctanh(z: v128): v128 { return catanh(z); }
@inline export function arcsin(z: v128): v128 { return swap(casinh(swap(z))); }
@inline export function arccos(z: v128): v128 { return cacos(z); }
@inline export function arctan(z: v128): v128 { return swap(catanh(swap(z))); }
