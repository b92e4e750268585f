import { Box } from "../box";
import { imags, reals, realSigns, swapped } from "../complexLanes";
import { DType, forFloat, forInexact, forNumberOrTrue, forWrappingNumber } from "../dtype";
import { ArgFold, Count, FirstTruth, Fold, PresentArgFold } from "./fold";
import { truths } from "../truth";

// The table of folds. All read x and write one element a row to out; 64 Ki elements a call at most.

// What sums of different terms share.
@unmanaged class Adding {
  @inline laned<T>(): bool { return true; }
  @inline start<L>(p: usize): v128 { return i64x2.splat(0); }
  @inline first<T, A>(p: usize): A { return 0 as A; }
  @inline both<A>(a: A, b: A): A { return a + b; }
  @inline join<L>(a: v128, b: v128): v128 { return v128.add<L>(a, b); }
}

/** The sums; of integers and bool in int64 or, when unsigned, uint64. */
export function sum(dtype: DType, box: usize): void { forNumberOrTrue<Fold<Sum>, Fold<SumOfTruths>>(dtype, box); }
@unmanaged class Sum extends Adding {
  @inline widens(): void {}
  @inline rounds(): void {}
  @inline term<T>(x: v128, side: v128): v128 { return neighbours<T>(x); }
  @inline unit<F>(): v128 { return i64x2.splat(0); }
  @inline complex<F>(a: v128, b: v128): v128 { return v128.add<F>(a, b); }
}

@unmanaged class SumOfTruths extends Adding {
  @inline widens(): void {}
  @inline term<T>(x: v128, side: v128): v128 { return neighbours<T>(truths(x)); }
  @inline one<T, A>(x: T, side: v128): A { return i32(x != 0) as A; }
}

// Sums of neighbours in the wider lanes that Fold expects.
@inline function neighbours<T>(x: v128): v128 {
  if (isFloat<T>() || sizeof<T>() == 8) return x;
  if (sizeof<T>() == 4) return v128.add<i64>(v128.extend_low<T>(x), v128.extend_high<T>(x));
  if (sizeof<T>() == 2) return v128.extadd_pairwise<T>(x);
  if (isSigned<T>()) return v128.extadd_pairwise<i16>(v128.extadd_pairwise<T>(x));
  return v128.extadd_pairwise<u16>(v128.extadd_pairwise<T>(x));
}

/** The products, in the dtypes of `sum`. */
export function prod(dtype: DType, box: usize): void { forNumberOrTrue<Fold<Product>, Fold<ProductOfTruths>>(dtype, box); }
@unmanaged class Product {
  @inline widens(): void {}
  @inline rounds(): void {}
  @inline laned<T>(): bool { return isFloat<T>(); }
  @inline start<L>(p: usize): v128 { return v128.splat<L>(1 as L); }
  @inline first<T, A>(p: usize): A { return 1 as A; }
  @inline both<A>(a: A, b: A): A { return a * b; }
  @inline join<L>(a: v128, b: v128): v128 { return v128.mul<L>(a, b); }
  @inline unit<F>(): v128 { return sizeof<F>() == 8 ? f64x2(1, 0) : f32x4(1, 0, 1, 0); }
  @inline complex<F>(a: v128, b: v128): v128 {
    const other = v128.mul<F>(imags<F>(a), swapped<F>(b));
    return v128.add<F>(v128.mul<F>(reals<F>(a), b), v128.xor(other, realSigns<F>()));
  }
}
@unmanaged class ProductOfTruths extends Product {
  @inline one<T, A>(x: T, side: v128): A { return i32(x != 0) as A; }
}
// What choosing the largest and the smallest share.
@unmanaged class Extreme {
  @inline poisons(): void {}
  @inline laned<T>(): bool { return true; }
  @inline start<L>(p: usize): v128 { return v128.splat<L>(load<L>(p)); }
  @inline first<T, A>(p: usize): A { return load<T>(p) as A; }
}

@unmanaged class Max extends Extreme {
  @inline beats<A>(a: A, b: A): bool { return a > b; }
  @inline both<A>(a: A, b: A): A { return max<A>(a, b); }
  @inline join<L>(a: v128, b: v128): v128 {
    if (isFloat<L>()) return v128.pmax<L>(a, b);
    if (sizeof<L>() == 8) return v128.bitselect(a, b, greater<L>(a, b));
    return v128.max<L>(a, b);
  }
}

@unmanaged class Min extends Extreme {
  @inline beats<A>(a: A, b: A): bool { return a < b; }
  @inline both<A>(a: A, b: A): A { return min<A>(a, b); }
  @inline join<L>(a: v128, b: v128): v128 {
    if (isFloat<L>()) return v128.pmin<L>(a, b);
    if (sizeof<L>() == 8) return v128.bitselect(b, a, greater<L>(a, b));
    return v128.min<L>(a, b);
  }
}

// The same among those that are not NaN: a NaN never beats what is there, which begins with what everything beats.
@unmanaged class PresentMax {
  @inline laned<T>(): bool { return true; }
  @inline start<L>(p: usize): v128 { return v128.splat<L>(-Infinity as L); }
  @inline first<T, A>(p: usize): A { return -Infinity as A; }
  @inline both<A>(a: A, b: A): A { return a < b ? b : a; }
  @inline join<L>(a: v128, b: v128): v128 { return v128.pmax<L>(a, b); }
}
@unmanaged class PresentMin {
  @inline laned<T>(): bool { return true; }
  @inline start<L>(p: usize): v128 { return v128.splat<L>(Infinity as L); }
  @inline first<T, A>(p: usize): A { return Infinity as A; }
  @inline both<A>(a: A, b: A): A { return b < a ? b : a; }
  @inline join<L>(a: v128, b: v128): v128 { return v128.pmin<L>(a, b); }
}

// 64-bit lanes compare as signed only: flipping the sign bits maps unsigned order onto it.
@inline function greater<L>(a: v128, b: v128): v128 {
  if (isSigned<L>()) return v128.gt<i64>(a, b);
  const sign = i64x2.splat(i64.MIN_VALUE);
  return v128.gt<i64>(v128.xor(a, sign), v128.xor(b, sign));
}

// Of bools the largest says whether any is true, the smallest whether all are.
@unmanaged class Truths {
  @inline laned<T>(): bool { return true; }
  @inline start<L>(p: usize): v128 { return truths(v128.load8_splat(p)); }
  @inline first<T, A>(p: usize): A { return i32(load<T>(p) != 0) as A; }
  @inline term<T>(x: v128, side: v128): v128 { return truths(x); }
  @inline one<T, A>(x: T, side: v128): A { return i32(x != 0) as A; }
}
@unmanaged class AnyTruth extends Truths {
  @inline both<A>(a: A, b: A): A { return (a | b) as A; }
  @inline join<L>(a: v128, b: v128): v128 { return v128.or(a, b); }
}
@unmanaged class AllTruths extends Truths {
  @inline both<A>(a: A, b: A): A { return (a & b) as A; }
  @inline join<L>(a: v128, b: v128): v128 { return v128.and(a, b); }
}

function maxOf(dtype: DType, box: usize): void { forNumberOrTrue<Fold<Max>, Fold<AnyTruth>>(dtype, box); }
function minOf(dtype: DType, box: usize): void { forNumberOrTrue<Fold<Min>, Fold<AllTruths>>(dtype, box); }
export { maxOf as max, minOf as min };

/** The largest and the smallest float that is not NaN; -Infinity and Infinity if all are. */
export function nanmax(dtype: DType, box: usize): void { forFloat<Fold<PresentMax>>(dtype, box); }
export function nanmin(dtype: DType, box: usize): void { forFloat<Fold<PresentMin>>(dtype, box); }

@unmanaged class FirstTrue extends FirstTruth { @inline run<T>(): void { this.find(true); } }
@unmanaged class FirstFalse extends FirstTruth { @inline run<T>(): void { this.find(false); } }

/** The int32 indices, within the row, of the first largest elements. */
export function argmax(dtype: DType, box: usize): void { forNumberOrTrue<ArgFold<Max>, FirstTrue>(dtype, box); }

/** The int32 indices, within the row, of the first smallest elements. */
export function argmin(dtype: DType, box: usize): void { forNumberOrTrue<ArgFold<Min>, FirstFalse>(dtype, box); }

/** The same of floats and complex numbers among those that are not NaN; -1 if all are. */
export function nanargmax(dtype: DType, box: usize): void { forInexact<PresentArgFold<Max>>(dtype, box); }
export function nanargmin(dtype: DType, box: usize): void { forInexact<PresentArgFold<Min>>(dtype, box); }

/** How many elements are not zero, as int32; NaN is not, a complex number is not if either part is not. */
export function countNonzero(dtype: DType, box: usize): void { forWrappingNumber<Count<Zeros>>(dtype, box); }

// Zeros are counted downward: a comparison gives -1, and equality to zero is one instruction where difference is two.
@unmanaged class Zeros extends Adding {
  @inline one<T, A>(x: T, side: v128): A { return -i32(x == 0) as A; }
  @inline term<T>(x: v128, side: v128): v128 {
    const zeros = v128.eq<T>(x, i64x2.splat(0));
    if (sizeof<T>() >= 4) return zeros;
    return sizeof<T>() == 2 ? neighbours<i16>(zeros) : neighbours<i8>(zeros);
  }
}

/** The sums of (x - m)² of float32 or float64, where m is the element of y of the row. */
export function squaredDeviations(dtype: DType, box: usize): void { forFloat<Fold<SquaredDeviations>>(dtype, box); }
@unmanaged class SquaredDeviations extends Adding {
  @inline rounds(): void {}
  @inline side<T>(y: usize): v128 { return v128.load_splat<T>(y); }
  @inline term<T>(x: v128, side: v128): v128 { const d = v128.sub<T>(x, side); return v128.mul<T>(d, d); }
  @inline one<T, A>(x: T, side: v128): A { const d = x - v128.extract_lane<T>(side, 0); return d * d as A; }
}

/** out = x + (y - z)², element by element, of float32 or float64: a variance along the first axis, row upon row. */
export function accumulateSquares(dtype: DType, box: usize): void { forFloat<Accumulate>(dtype, box); }
@unmanaged class Accumulate extends Box {
  @inline run<T>(): void {
    const cols = this.cols, outStep = this.outStep, xStep = this.xStep, yStep = this.yStep, zStep = this.zStep;
    const size = sizeof<T>(), packed = outStep == size && xStep == size && yStep == size && zStep == size;
    const lanes = packed ? cols & ~(16 / sizeof<T>() - 1) : 0;
    let out = this.out, x = this.x, y = this.y, z = this.z;
    for (let rows = this.rows; rows; rows--) {
      let o = out, a = x, b = y, c = z;
      for (const end = a + lanes * size; a < end; o += 16, a += 16, b += 16, c += 16) {
        const d = v128.sub<T>(v128.load(b), v128.load(c));
        v128.store(o, v128.add<T>(v128.load(a), v128.mul<T>(d, d)));
      }
      for (let rest = cols - lanes; rest; rest--, o += outStep, a += xStep, b += yStep, c += zStep) {
        const d = load<T>(b) - load<T>(c);
        store<T>(o, load<T>(a) + d * d);
      }
      out += this.outRow; x += this.xRow; y += this.yRow; z += this.zRow;
    }
  }
}
