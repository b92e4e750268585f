import { Box } from "../box";
import { DType, forComplex, isComplex, forStored, forStoredBits } from "../dtype";
import { truths } from "../truth";
import { bytesOf, floatsToHalves, Half, halfToFloat, halvesToFloats, roundToOdd, toHalf } from "../half";

/**
 * `out[i] = x[i]` converted, between any two real dtypes, and from complex ones to bool.
 *
 * A float is truncated, saturates at the integer's range, and NaN is 0; integers wrap; bool is "not zero", so NaN is
 * true, and a true bool 1, whatever its byte; everything else rounds once, to nearest even. A complex number is true if
 * either part is; all else of complex numbers is src's matter: real casts over the parts.
 */
export function cast(from: DType, to: DType, box: usize): void {
  if (isComplex(from)) return forComplex<Truth>(from, box);
  const source = changetype<Source>(box);
  source.to = to;
  forStored<Source>(from, box);
}

@unmanaged class Truth extends Box {
  runComplex<F>(): void {
    let out = this.out, x = this.x;
    for (let rows = this.rows; rows; --rows, out += this.outRow, x += this.xRow) {
      for (let n = this.cols, o = out, p = x; n; --n, o += this.outStep, p += this.xStep) {
        store<u8>(o, u8(load<F>(p) != 0 || load<F>(p, sizeof<F>()) != 0));
      }
    }
  }
}

/** A switch within a switch: the target waits in the box's spare word. */
@unmanaged class Source extends Box {
  to: DType;

  run<S>(): void {
    // The bits of a wrapped integer do not tell its sign: int8 and uint8 share a loop. Saturation does tell.
    if (isInteger<S>()) return forStoredBits<Cast<S>>(this.to, changetype<usize>(this));
    forStored<Cast<S>>(this.to, changetype<usize>(this));
  }
}

@unmanaged class Cast<S> extends Box {
  run<T>(): void {
    const fast = laned<S, T>() && this.xStep == bytesOf<S>() && this.outStep == bytesOf<T>();
    let out = this.out, x = this.x;
    for (let rows = this.rows; rows; --rows, out += this.outRow, x += this.xRow) {
      let n = this.cols, o = out, p = x;
      if (laned<S, T>()) {
        if (fast) {
          for (; n >= 8; n -= 8, o += 8 * bytesOf<T>(), p += 8 * bytesOf<S>()) {
            four<S, T>(o, p);
            four<S, T>(o + 4 * bytesOf<T>(), p + 4 * bytesOf<S>());
          }
        }
      }
      for (; n; --n, o += this.outStep, p += this.xStep) one<S, T>(o, p);
    }
  }
}

// ── one element ──

@inline function one<S, T>(out: usize, x: usize): void {
  if (isReference<S>()) put<f32, T>(out, halfToFloat(load<u16>(x)));
  else if (isBoolean<S>()) put<u8, T>(out, u8(load<u8>(x) != 0));
  else put<S, T>(out, load<S>(x));
}

@inline function put<V, T>(out: usize, value: V): void {
  if (isReference<T>()) store<u16>(out, toHalf<V>(value));
  else if (isBoolean<T>()) store<u8>(out, u8(value != (0 as V)));
  else if (isFloat<V>() && isInteger<T>() && sizeof<T>() < 4) {
    store<T>(out, min(max(value as i32, least<T>()), most<T>()) as T);
  } else store<T>(out, value as T);
}

// A conversion of floats to 32 or 64 bits saturates by itself; narrower integers are clamped.
@inline function least<T>(): i32 {
  return isSigned<T>() ? -1 << (<i32>sizeof<T>() * 8 - 1) : 0;
}
@inline function most<T>(): i32 {
  return (1 << (<i32>sizeof<T>() * 8 - i32(isSigned<T>()))) - 1;
}

// ── four elements, contiguous ──

/** Whether four at once pay: with 64-bit integers only if both sides are integers, of different widths. */
@inline function laned<S, T>(): bool {
  if (isLong<S>()) return isInteger<T>() && !isBoolean<T>() && !isLong<T>();
  if (isLong<T>()) return isInteger<S>();
  return !isDouble<S>() || !isDouble<T>();
}
@inline function isLong<T>(): bool {
  return isInteger<T>() && sizeof<T>() == 8;
}
@inline function isDouble<T>(): bool {
  return isFloat<T>() && sizeof<T>() == 8;
}

/** The lanes between are float32 or 32-bit integers; what a float64 becomes first depends on the target. */
@inline function four<S, T>(out: usize, x: usize): void {
  if (isDouble<S>()) {
    const low = v128.load(x), high = v128.load(x, 16), zero = f64x2.splat(0);
    if (isBoolean<T>()) storeQuad<i32, T>(out, evens(f64x2.ne(low, zero), f64x2.ne(high, zero)));
    else if (isInteger<T>()) storeQuad<i32, T>(out, clamp<T>(firsts(truncate2<T>(low), truncate2<T>(high))));
    else storeQuad<f32, T>(out, firsts(demote<T>(low), demote<T>(high)));
  } else if (isReference<S>() || isFloat<S>()) storeQuad<f32, T>(out, quad<S>(x));
  else if (isUnsigned32<S>()) storeQuad<u32, T>(out, quad<S>(x));
  else storeQuad<i32, T>(out, quad<S>(x));
}

@inline function quad<S>(x: usize): v128 {
  if (isReference<S>()) return halvesToFloats(v128.load_ext<u16>(x));
  if (sizeof<S>() == 8) return evens(v128.load(x), v128.load(x, 16));
  if (sizeof<S>() == 4) return v128.load(x);
  if (sizeof<S>() == 2) return v128.load_ext<S>(x);
  const bytes = isBoolean<S>() ? truths(v128.load32_zero(x)) : v128.load32_zero(x);
  if (isSigned<S>()) return i32x4.extend_low_i16x8_s(i16x8.extend_low_i8x16_s(bytes));
  return i32x4.extend_low_i16x8_u(i16x8.extend_low_i8x16_u(bytes));
}

@inline function storeQuad<V, T>(out: usize, v: v128): void {
  if (isBoolean<T>()) storeLow<u8>(out, v128.and(v128.ne<V>(v, i32x4.splat(0)), i32x4.splat(1)));
  else if (isReference<T>()) storeLow<u16>(out, floatsToHalves(toFloats<V>(v)));
  else if (isDouble<T>()) {
    v128.store(out, toDoubles<V>(v));
    v128.store(out, toDoubles<V>(v128.shuffle<u64>(v, v, 1, 1)), 16);
  } else if (isFloat<T>()) v128.store(out, toFloats<V>(v));
  else if (isFloat<V>()) storeLow<T>(out, clamp<T>(truncate4<T>(v)));
  else if (isLong<T>()) {
    v128.store(out, isSigned<V>() ? i64x2.extend_low_i32x4_s(v) : i64x2.extend_low_i32x4_u(v));
    v128.store(out, isSigned<V>() ? i64x2.extend_high_i32x4_s(v) : i64x2.extend_high_i32x4_u(v), 16);
  } else storeLow<T>(out, v);
}

/** Stores the low bytes of each lane. */
@inline function storeLow<T>(out: usize, v: v128): void {
  if (sizeof<T>() == 4) v128.store(out, v);
  else if (sizeof<T>() == 2) {
    v128.store64_lane(out, v128.shuffle<u8>(v, v, 0, 1, 4, 5, 8, 9, 12, 13, 0, 1, 4, 5, 8, 9, 12, 13), 0);
  } else v128.store32_lane(out, v128.shuffle<u8>(v, v, 0, 4, 8, 12, 0, 4, 8, 12, 0, 4, 8, 12, 0, 4, 8, 12), 0);
}

/** The low halves of the 64-bit lanes. */
@inline function evens(low: v128, high: v128): v128 {
  return v128.shuffle<u32>(low, high, 0, 2, 4, 6);
}
/** Two lanes and two lanes. */
@inline function firsts(low: v128, high: v128): v128 {
  return v128.shuffle<u64>(low, high, 0, 2);
}

@inline function toFloats<V>(v: v128): v128 {
  if (isFloat<V>()) return v;
  return isSigned<V>() ? f32x4.convert_i32x4_s(v) : f32x4.convert_i32x4_u(v);
}
@inline function toDoubles<V>(v: v128): v128 {
  if (isFloat<V>()) return f64x2.promote_low_f32x4(v);
  return isSigned<V>() ? f64x2.convert_low_i32x4_s(v) : f64x2.convert_low_i32x4_u(v);
}
@inline function demote<T>(d: v128): v128 {
  return f32x4.demote_f64x2_zero(isReference<T>() ? roundToOdd(d) : d);
}
@inline function truncate2<T>(d: v128): v128 {
  return isUnsigned32<T>() ? i32x4.trunc_sat_f64x2_u_zero(d) : i32x4.trunc_sat_f64x2_s_zero(d);
}
@inline function truncate4<T>(f: v128): v128 {
  return isUnsigned32<T>() ? i32x4.trunc_sat_f32x4_u(f) : i32x4.trunc_sat_f32x4_s(f);
}
@inline function isUnsigned32<T>(): bool {
  return sizeof<T>() == 4 && !isSigned<T>();
}
@inline function clamp<T>(v: v128): v128 {
  if (sizeof<T>() == 4) return v;
  return i32x4.min_s(i32x4.max_s(v, i32x4.splat(least<T>())), i32x4.splat(most<T>()));
}
