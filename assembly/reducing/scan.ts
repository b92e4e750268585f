import { Box } from "../box";
import { imags, reals, realSigns, swapped } from "../complexLanes";
import { DType, forEvery, forInexactOrHalf } from "../dtype";
import { halfToFloat, toHalf } from "../half";

// Running sums and products: out[r][c] = x[r][0] ∘ … ∘ x[r][c], one after the other as NumPy joins them, so that floats have
// its bits. The sum so far stays in a register; NumPy's goes through memory.
//
//      along the row     x ─▶─▶─▶─▶       lanes beside each other    x x x x     a vector of
//                      out s s s s        (their step is an element) ↓ ↓ ↓ ↓     running sums
//
// Where z is 1, y has what was joined before: the last element of the piece before, for each row.

// Of bools sums are true where any was, and products where all were.

@unmanaged class Plus {
  @inline laned<T>(): bool { return !isBoolean<T>(); }
  @inline neutral<T>(): T { return 0 as T; }
  @inline of<T>(a: T, b: T): T { if (isBoolean<T>()) return ((a as i32) | (b as i32)) as T; return (a + b) as T; }
  @inline lanes<T>(a: v128, b: v128): v128 { return v128.add<T>(a, b); }
  @inline complex<F>(a: v128, b: v128): v128 { return v128.add<F>(a, b); }
}
@unmanaged class Times {
  @inline laned<T>(): bool { return isFloat<T>(); }
  @inline neutral<T>(): T { return 1 as T; }
  @inline of<T>(a: T, b: T): T { if (isBoolean<T>()) return ((a as i32) & (b as i32)) as T; return (a * b) as T; }
  @inline lanes<T>(a: v128, b: v128): v128 { return v128.mul<T>(a, b); }
  @inline complex<F>(a: v128, b: v128): v128 {
    const other = v128.mul<F>(imags<F>(a), swapped<F>(b));
    return v128.add<F>(v128.mul<F>(reals<F>(a), b), v128.xor(other, realSigns<F>()));
  }
}
// NaN joins as what changes nothing.
@unmanaged class PresentPlus extends Plus { @inline skips(): void {} }
@unmanaged class PresentTimes extends Times { @inline skips(): void {} }

@inline function read<Op, T>(p: usize): T {
  if (isBoolean<T>()) return (load<u8>(p) != 0) as T;
  const x = load<T>(p);
  if (!isDefined(changetype<Op>(0).skips)) return x;
  return select<T>(x, changetype<Op>(0).neutral<T>(), x == x);
}
@inline function readLanes<Op, T>(p: usize): v128 {
  const x = v128.load(p);
  if (!isDefined(changetype<Op>(0).skips)) return x;
  return v128.bitselect(x, v128.splat<T>(changetype<Op>(0).neutral<T>()), v128.eq<T>(x, x));
}
@inline function readPair<Op, F>(p: usize): v128 {
  const x = sizeof<F>() == 8 ? v128.load(p) : v128.load64_zero(p);
  if (!isDefined(changetype<Op>(0).skips)) return x;
  const one = changetype<Op>(0).neutral<F>();
  if (v128.any_true(v128.ne<F>(x, x))) return v128.replace_lane<F>(v128.splat<F>(0 as F), 0, one);
  return x;
}
@inline function writePair<F>(p: usize, x: v128): void {
  if (sizeof<F>() == 8) v128.store(p, x); else v128.store64_lane(p, x, 0);
}
@inline function readHalf<Op>(p: usize): f32 {
  const x = halfToFloat(load<u16>(p));
  if (!isDefined(changetype<Op>(0).skips)) return x;
  return x == x ? x : changetype<Op>(0).neutral<f32>();
}

@unmanaged class Scan<Op> extends Box {
  @inline run<T>(): void {
    if (isReference<T>()) return this.halves();
    const op = changetype<Op>(0);
    if (op.laned<T>()) { if (this.beside(sizeof<T>())) return this.lanes<T>(); }
    const step = this.xStep, outStep = this.outStep;
    let x = this.x, y = this.y, out = this.out;
    for (let rows = this.rows; rows; rows--, x += this.xRow, y += this.yRow, out += this.outRow) {
      let p = x, o = out, cols = this.cols, sum: T;
      if (this.z) sum = load<T>(y);
      else { sum = read<Op, T>(p); store<T>(o, sum); p += step; o += outStep; cols--; }
      for (; cols; cols--, p += step, o += outStep) {
        sum = op.of<T>(sum, read<Op, T>(p));
        store<T>(o, sum);
      }
    }
  }

  // Whether the rows lie one element apart, so that a vector holds some of them.
  @inline beside(size: isize): bool {
    return this.rows * size >= 16 && this.xRow == size && this.outRow == size && (this.z == 0 || this.yRow == size);
  }

  @inline lanes<T>(): void {
    const op = changetype<Op>(0), size = sizeof<T>(), all = this.rows * size, whole = all & ~15;
    let x = this.x, out = this.out, before = this.y, cols = this.cols;
    if (!this.z) {
      for (let i: usize = 0; i < all; i += size) store<T>(out + i, read<Op, T>(x + i));
      before = out; x += this.xStep; out += this.outStep; cols--;
    }
    for (; cols; cols--, x += this.xStep, out += this.outStep) {
      let i: usize = 0;
      for (; i < whole; i += 16) v128.store(out + i, op.lanes<T>(v128.load(before + i), readLanes<Op, T>(x + i)));
      for (; i < all; i += size) store<T>(out + i, op.of<T>(load<T>(before + i), read<Op, T>(x + i)));
      before = out;
    }
  }

  // Each sum is rounded to a half, as in NumPy.
  @inline halves(): void {
    const op = changetype<Op>(0);
    let x = this.x, y = this.y, out = this.out;
    for (let rows = this.rows; rows; rows--, x += this.xRow, y += this.yRow, out += this.outRow) {
      let p = x, o = out, cols = this.cols, sum: f32;
      if (this.z) sum = halfToFloat(load<u16>(y));
      else { sum = readHalf<Op>(p); store<u16>(o, toHalf<f32>(sum)); p += this.xStep; o += this.outStep; cols--; }
      for (; cols; cols--, p += this.xStep, o += this.outStep) {
        const half = toHalf<f32>(op.of<f32>(sum, readHalf<Op>(p)));
        store<u16>(o, half);
        sum = halfToFloat(half);
      }
    }
  }

  @inline runComplex<F>(): void {
    const op = changetype<Op>(0), step = this.xStep, outStep = this.outStep;
    let x = this.x, y = this.y, out = this.out;
    for (let rows = this.rows; rows; rows--, x += this.xRow, y += this.yRow, out += this.outRow) {
      let p = x, o = out, cols = this.cols, sum: v128;
      if (this.z) sum = sizeof<F>() == 8 ? v128.load(y) : v128.load64_zero(y);
      else { sum = readPair<Op, F>(p); writePair<F>(o, sum); p += step; o += outStep; cols--; }
      for (; cols; cols--, p += step, o += outStep) {
        sum = op.complex<F>(sum, readPair<Op, F>(p));
        writePair<F>(o, sum);
      }
    }
  }
}

/** The running sums and products of each row, in the dtype of x; and those of floats in which NaN counts as 0 and as 1. */
export function cumsum(dtype: DType, box: usize): void { forEvery<Scan<Plus>>(dtype, box); }
export function cumprod(dtype: DType, box: usize): void { forEvery<Scan<Times>>(dtype, box); }
export function nancumsum(dtype: DType, box: usize): void { forInexactOrHalf<Scan<PresentPlus>>(dtype, box); }
export function nancumprod(dtype: DType, box: usize): void { forInexactOrHalf<Scan<PresentTimes>>(dtype, box); }
