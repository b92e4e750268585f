import { DType, forBitsOrTrue, forCompared, forEquality, forFloat, forInexact, forInteger } from "../dtype";
import { Binary, Compare, orderedLanes, Unary } from "./walks";
import {
  TrueAnd, TrueEqual, TrueGreater, TrueGreaterEqual, TrueLess, TrueLessEqual, TrueNot, TrueOr, TrueXor,
} from "../truth";

// The op table of comparisons, tests and bits. `pairs` compares complex numbers, real part first.

@inline function mixed<T, U>(): bool { return isInteger<T>() && isInteger<U>() && isSigned<T>() != isSigned<U>(); }
@inline function below<T, U>(x: T, y: U): bool {
  if (mixed<T, U>()) {
    if (isSigned<T>()) return x < 0 || <u64>x < <u64>y;
    return y >= 0 && <u64>x < <u64>y;
  }
  return x < <T>y;
}
@inline function same<T, U>(x: T, y: U): bool {
  if (mixed<T, U>()) {
    if (isSigned<T>()) return x >= 0 && <u64>x == <u64>y;
    return y >= 0 && <u64>x == <u64>y;
  }
  return x == <T>y;
}

@unmanaged class Equal {
  @inline of<T, U>(x: T, y: U): bool { return same<T, U>(x, y); }
  @inline lanes<T>(x: v128, y: v128): v128 { return v128.eq<T>(x, y); }
  @inline pairs<F>(a: F, b: F, c: F, d: F): bool { return a == c && b == d; }
}
export function equal(dtype: DType, box: usize): void { forEquality<Compare<Equal>, Binary<TrueEqual>>(dtype, box); }

@unmanaged class NotEqual {
  @inline of<T, U>(x: T, y: U): bool { return !same<T, U>(x, y); }
  @inline lanes<T>(x: v128, y: v128): v128 { return v128.ne<T>(x, y); }
  @inline pairs<F>(a: F, b: F, c: F, d: F): bool { return a != c || b != d; }
}
export function notEqual(dtype: DType, box: usize): void { forEquality<Compare<NotEqual>, Binary<TrueXor>>(dtype, box); }

@unmanaged class Less {
  @inline of<T, U>(x: T, y: U): bool { return below<T, U>(x, y); }
  @inline laned<T>(): bool { return orderedLanes<T>(); }
  @inline lanes<T>(x: v128, y: v128): v128 { return v128.lt<T>(x, y); }
  @inline pairs<F>(a: F, b: F, c: F, d: F): bool { return (a < c && b == b && d == d) || (a == c && b < d); }
}
export function less(dtype: DType, box: usize): void { forCompared<Compare<Less>, Binary<TrueLess>>(dtype, box); }

@unmanaged class LessEqual {
  @inline of<T, U>(x: T, y: U): bool { if (mixed<T, U>()) return below<T, U>(x, y) || same<T, U>(x, y); return x <= <T>y; }
  @inline laned<T>(): bool { return orderedLanes<T>(); }
  @inline lanes<T>(x: v128, y: v128): v128 { return v128.le<T>(x, y); }
  @inline pairs<F>(a: F, b: F, c: F, d: F): bool { return (a < c && b == b && d == d) || (a == c && b <= d); }
}
export function lessEqual(dtype: DType, box: usize): void { forCompared<Compare<LessEqual>, Binary<TrueLessEqual>>(dtype, box); }

@unmanaged class Greater {
  @inline of<T, U>(x: T, y: U): bool { if (mixed<T, U>()) return !below<T, U>(x, y) && !same<T, U>(x, y); return x > <T>y; }
  @inline laned<T>(): bool { return orderedLanes<T>(); }
  @inline lanes<T>(x: v128, y: v128): v128 { return v128.gt<T>(x, y); }
  @inline pairs<F>(a: F, b: F, c: F, d: F): bool { return (a > c && b == b && d == d) || (a == c && b > d); }
}
export function greater(dtype: DType, box: usize): void { forCompared<Compare<Greater>, Binary<TrueGreater>>(dtype, box); }

@unmanaged class GreaterEqual {
  @inline of<T, U>(x: T, y: U): bool { if (mixed<T, U>()) return !below<T, U>(x, y); return x >= <T>y; }
  @inline laned<T>(): bool { return orderedLanes<T>(); }
  @inline lanes<T>(x: v128, y: v128): v128 { return v128.ge<T>(x, y); }
  @inline pairs<F>(a: F, b: F, c: F, d: F): bool { return (a > c && b == b && d == d) || (a == c && b >= d); }
}
export function greaterEqual(dtype: DType, box: usize): void { forCompared<Compare<GreaterEqual>, Binary<TrueGreaterEqual>>(dtype, box); }

// Tests of one operand are comparisons of x with itself.
@unmanaged class Test { @inline alone(): void {} }
@unmanaged class IsNaN extends Test {
  @inline of<T, U>(x: T, y: U): bool { return x != x; }
  @inline lanes<T>(x: v128, y: v128): v128 { return v128.ne<T>(x, x); }
  @inline pairs<F>(a: F, b: F, c: F, d: F): bool { return a != a || b != b; }
}
export function isnan(dtype: DType, box: usize): void { forInexact<Compare<IsNaN>>(dtype, box); }

@unmanaged class IsInf extends Test {
  @inline of<T, U>(x: T, y: U): bool { return abs<T>(x) == Infinity; }
  @inline lanes<T>(x: v128, y: v128): v128 { return v128.eq<T>(v128.abs<T>(x), v128.splat<T>(Infinity as T)); }
  @inline pairs<F>(a: F, b: F, c: F, d: F): bool { return abs<F>(a) == Infinity || abs<F>(b) == Infinity; }
}
export function isinf(dtype: DType, box: usize): void { forInexact<Compare<IsInf>>(dtype, box); }

@unmanaged class IsFinite extends Test {
  @inline of<T, U>(x: T, y: U): bool { return abs<T>(x) < Infinity; }
  @inline lanes<T>(x: v128, y: v128): v128 { return v128.lt<T>(v128.abs<T>(x), v128.splat<T>(Infinity as T)); }
  @inline pairs<F>(a: F, b: F, c: F, d: F): bool { return abs<F>(a) < Infinity && abs<F>(b) < Infinity; }
}
export function isfinite(dtype: DType, box: usize): void { forInexact<Compare<IsFinite>>(dtype, box); }

@unmanaged class SignBit extends Test {
  @inline of<T, U>(x: T, y: U): bool {
    if (sizeof<T>() == 4) return reinterpret<i32>(x as f32) < 0;
    return reinterpret<i64>(x as f64) < 0;
  }
  @inline lanes<T>(x: v128, y: v128): v128 {
    if (sizeof<T>() == 4) return i32x4.lt_s(x, i32x4.splat(0));
    return i64x2.lt_s(x, i64x2.splat(0));
  }
}
export function signbit(dtype: DType, box: usize): void { forFloat<Compare<SignBit>>(dtype, box); }

// How many bits of the magnitude are set: a byte for each element, as of a test.
@unmanaged class BitwiseCount extends Test {
  @inline of<T, U>(x: T, y: U): u8 { return popcnt<u64>(isSigned<T>() && x < 0 ? 0 - <u64>x : <u64>x) as u8; }
}
export function bitwiseCount(dtype: DType, box: usize): void { forInteger<Compare<BitwiseCount>>(dtype, box); }

@unmanaged class And { @inline of<T>(x: T, y: T): T { return (x & y) as T; } @inline lanes<T>(x: v128, y: v128): v128 { return v128.and(x, y); } }
@unmanaged class Or { @inline of<T>(x: T, y: T): T { return (x | y) as T; } @inline lanes<T>(x: v128, y: v128): v128 { return v128.or(x, y); } }
@unmanaged class Xor { @inline of<T>(x: T, y: T): T { return (x ^ y) as T; } @inline lanes<T>(x: v128, y: v128): v128 { return v128.xor(x, y); } }
export function bitwiseAnd(dtype: DType, box: usize): void { forBitsOrTrue<Binary<And>, Binary<TrueAnd>>(dtype, box); }
export function bitwiseOr(dtype: DType, box: usize): void { forBitsOrTrue<Binary<Or>, Binary<TrueOr>>(dtype, box); }
export function bitwiseXor(dtype: DType, box: usize): void { forBitsOrTrue<Binary<Xor>, Binary<TrueXor>>(dtype, box); }

@unmanaged class Invert { @inline of<T>(x: T): T { return ~x as T; } @inline lanes<T>(x: v128): v128 { return v128.not(x); } }
export function invert(dtype: DType, box: usize): void { forBitsOrTrue<Unary<Invert>, Unary<TrueNot>>(dtype, box); }

// A shift by as many bits as the dtype has, or by a negative count, moves every bit out.
@inline function tooFar<T>(y: T): bool { return <u64>(y as u64) >= <u64>(sizeof<T>() * 8); }
@unmanaged class LeftShift { @inline of<T>(x: T, y: T): T { return tooFar<T>(y) ? 0 as T : (x << y) as T; } }
@unmanaged class RightShift {
  @inline of<T>(x: T, y: T): T {
    if (tooFar<T>(y)) { if (isSigned<T>()) return (x < 0 ? -1 : 0) as T; return 0 as T; }
    return (x >> y) as T;
  }
}
export function leftShift(dtype: DType, box: usize): void { forInteger<Binary<LeftShift>>(dtype, box); }
export function rightShift(dtype: DType, box: usize): void { forInteger<Binary<RightShift>>(dtype, box); }
