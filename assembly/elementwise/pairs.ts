import { Box } from "../box";
import { DType, forFloat, forReal } from "../dtype";
import { floorDivided, remainderOf } from "./division";

// Operations of two results, and those whose operands differ in dtype. The second result takes the place of the operand
// after the last: y where one is read, z where two are.

// out[i], y[i] = the fraction and the whole part of x[i], both with its sign
@unmanaged class Modf extends Box {
  run<T>(): void {
    let outRow = this.out, xRow = this.x, yRow = this.y;
    for (let r = this.rows; r; --r, outRow += this.outRow, xRow += this.xRow, yRow += this.yRow) {
      let out = outRow, x = xRow, y = yRow;
      for (let n = this.cols; n; --n, out += this.outStep, x += this.xStep, y += this.yStep) {
        const value = load<T>(x), whole = trunc<T>(value);
        store<T>(out, copysign<T>(abs<T>(value) == Infinity ? 0 as T : (value - whole) as T, value));
        store<T>(y, whole);
      }
    }
  }
}
export function modf(dtype: DType, box: usize): void { forFloat<Modf>(dtype, box); }

// out[i] * 2 ** y[i] = x[i], where out[i] has a size from 1/2 on and below 1; y is int32
@unmanaged class Frexp extends Box {
  run<T>(): void {
    let outRow = this.out, xRow = this.x, yRow = this.y;
    for (let r = this.rows; r; --r, outRow += this.outRow, xRow += this.xRow, yRow += this.yRow) {
      let out = outRow, x = xRow, y = yRow;
      for (let n = this.cols; n; --n, out += this.outStep, x += this.xStep, y += this.yStep) {
        let value = load<T>(x) as f64, exponent = 0;
        if (value != 0 && abs(value) < Infinity) {
          let bits = reinterpret<u64>(value);
          if ((bits >> 52 & 0x7ff) == 0) { // a subnormal number, made a normal one
            bits = reinterpret<u64>(value * reinterpret<f64>(0x43f0000000000000)); // 2 ** 64
            exponent = -64;
          }
          exponent += <i32>(bits >> 52 & 0x7ff) - 1022;
          value = reinterpret<f64>((bits & ~(<u64>0x7ff << 52)) | (<u64>1022 << 52));
        }
        store<T>(out, value as T);
        store<i32>(y, exponent);
      }
    }
  }
}
export function frexp(dtype: DType, box: usize): void { forFloat<Frexp>(dtype, box); }

// out[i] = x[i] * 2 ** y[i]; y is int64
@unmanaged class Ldexp extends Box {
  run<T>(): void {
    let outRow = this.out, xRow = this.x, yRow = this.y;
    for (let r = this.rows; r; --r, outRow += this.outRow, xRow += this.xRow, yRow += this.yRow) {
      let out = outRow, x = xRow, y = yRow;
      for (let n = this.cols; n; --n, out += this.outStep, x += this.xStep, y += this.yStep) {
        const exponent = <i32>min<i64>(max<i64>(load<i64>(y), -4096), 4096); // beyond, all is 0 or infinite
        store<T>(out, NativeMath.scalbn(load<T>(x) as f64, exponent) as T);
      }
    }
  }
}
export function ldexp(dtype: DType, box: usize): void { forFloat<Ldexp>(dtype, box); }

// out[i], z[i] = x[i] // y[i], x[i] % y[i]
@unmanaged class Divmod extends Box {
  run<T>(): void {
    let outRow = this.out, xRow = this.x, yRow = this.y, zRow = this.z;
    for (let r = this.rows; r; --r, outRow += this.outRow, xRow += this.xRow, yRow += this.yRow, zRow += this.zRow) {
      let out = outRow, x = xRow, y = yRow, z = zRow;
      for (let n = this.cols; n; --n, out += this.outStep, x += this.xStep, y += this.yStep, z += this.zStep) {
        const value = load<T>(x), by = load<T>(y);
        store<T>(out, floorDivided<T>(value, by));
        store<T>(z, remainderOf<T>(value, by));
      }
    }
  }
}
export function divmod(dtype: DType, box: usize): void { forReal<Divmod>(dtype, box); }
