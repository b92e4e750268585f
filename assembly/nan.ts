import { Box } from "./box";
import { DType, forFloat } from "./dtype";

// out[i] = x[i], where y points at what replaces NaN, +inf and -inf, in this order.
@unmanaged class NanToNum extends Box {
  run<T>(): void {
    const size = <isize>sizeof<T>(), xStep = this.xStep, outStep = this.outStep;
    const nan = load<T>(this.y), top = load<T>(this.y + sizeof<T>()), bottom = load<T>(this.y + 2 * sizeof<T>());
    let outRow = this.out, xRow = this.x;
    for (let r = this.rows; r; --r, outRow += this.outRow, xRow += this.xRow) {
      let out = outRow, x = xRow, n = this.cols;
      if (outStep == size && xStep == size) {
        const bytes = (n * size) & ~15, end = out + bytes;
        for (; out < end; out += 16, x += 16) {
          const v = v128.load(x), finite = v128.lt<T>(v128.abs<T>(v), v128.splat<T>(Infinity as T));
          if (i8x16.all_true(finite)) { v128.store(out, v); continue; }
          const above = v128.gt<T>(v, v128.splat<T>(0 as T));
          const infinity = v128.bitselect(v128.splat<T>(top), v128.splat<T>(bottom), above);
          const other = v128.bitselect(infinity, v128.splat<T>(nan), v128.eq<T>(v, v));
          v128.store(out, v128.bitselect(v, other, finite));
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
