import { Box } from "../box";
import { DType, forFloat } from "../dtype";

// out[i] = x[i], where y points at what replaces NaN, +inf and -inf, in this order.
@unmanaged class NanToNum extends Box {
  run<T>(): void {
    const size = <isize>sizeof<T>(), xStep = this.xStep, outStep = this.outStep;
    const nan = load<T>(this.y), top = load<T>(this.y + sizeof<T>()), bottom = load<T>(this.y + 2 * sizeof<T>());
    const most = (sizeof<T>() == 4 ? f32.MAX_VALUE as f64 : f64.MAX_VALUE) as T, limits = top == most && bottom == -most;
    let outRow = this.out, xRow = this.x;
    for (let r = this.rows; r; --r, outRow += this.outRow, xRow += this.xRow) {
      let out = outRow, x = xRow, n = this.cols;
      if (outStep == size && xStep == size) {
        const bytes = (n * size) & ~15, end = out + bytes;
        // No branches: a random NaN would cost a mispredicted one.
        const nans = v128.splat<T>(nan), tops = v128.splat<T>(top), bottoms = v128.splat<T>(bottom);
        for (; out < end; out += 16, x += 16) {
          const v = v128.load(x);
          let finite: v128;
          // Limits beyond which no finite number lies are a clip.
          if (limits) finite = v128.pmin<T>(tops, v128.pmax<T>(bottoms, v));
          else {
            const bounded = v128.bitselect(tops, v, v128.eq<T>(v, v128.splat<T>(Infinity as T)));
            finite = v128.bitselect(bottoms, bounded, v128.eq<T>(v, v128.splat<T>(-Infinity as T)));
          }
          v128.store(out, v128.bitselect(finite, nans, v128.eq<T>(v, v)));
        }
        n -= bytes / size;
      }
      for (; n; --n, out += outStep, x += xStep) {
        const v = load<T>(x);
        store<T>(out, v != v ? nan : v == Infinity ? top : v == -Infinity ? bottom : v);
      }
    }
  }
}
export function nanToNum(dtype: DType, box: usize): void { forFloat<NanToNum>(dtype, box); }
