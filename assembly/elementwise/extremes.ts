import { DType, forNumberOrTrue } from "../dtype";
import { Binary, orderedLanes, Ternary } from "./walks";
import { TrueAnd, TrueClip, TrueOr } from "../truth";

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
