import { Box } from "../box";
import { DType, forWrappingOrTrue } from "../dtype";

// out[r] = the sum of x[r, c] * y[r, c] over the columns of a row. Beside the operands, where the third would lie, are two
// numbers: whether the sum goes on from what out has, and whether complex x are conjugated.

@unmanaged class Dot extends Box {
  @inline get goesOn(): bool { return this.z != 0; }
  @inline get conjugates(): bool { return this.zRow != 0; }

  run<T>(): void {
    let out = this.out, x = this.x, y = this.y;
    const packed = this.xStep == sizeof<T>() && this.yStep == sizeof<T>();
    for (let r = this.rows; r; --r, out += this.outRow, x += this.xRow, y += this.yRow) {
      const before = this.goesOn ? load<T>(out) : 0 as T;
      store<T>(out, (before + (isFloat<T>() && packed ? this.lanes<T>(x, y) : this.steps<T>(x, y, this.cols))) as T);
    }
  }

  // Four chains of sums hide the latency of one.
  @inline steps<T>(x: usize, y: usize, count: usize): T {
    const dx = this.xStep, dy = this.yStep;
    let a: T = 0, b: T = 0, c: T = 0, d: T = 0, n = count;
    for (; n >= 4; n -= 4, x += 4 * dx, y += 4 * dy) {
      a = (a + load<T>(x) * load<T>(y)) as T;
      b = (b + load<T>(x + dx) * load<T>(y + dy)) as T;
      c = (c + load<T>(x + 2 * dx) * load<T>(y + 2 * dy)) as T;
      d = (d + load<T>(x + 3 * dx) * load<T>(y + 3 * dy)) as T;
    }
    for (; n; --n, x += dx, y += dy) a = (a + load<T>(x) * load<T>(y)) as T;
    return ((a + b) + (c + d)) as T;
  }

  @inline lanes<T>(x: usize, y: usize): T {
    const each: usize = 16 / sizeof<T>(), whole = this.cols / (4 * each);
    let a = v128.splat<T>(0 as T), b = a, c = a, d = a;
    for (let n = whole; n; --n, x += 64, y += 64) {
      a = v128.add<T>(a, v128.mul<T>(v128.load(x), v128.load(y)));
      b = v128.add<T>(b, v128.mul<T>(v128.load(x, 16), v128.load(y, 16)));
      c = v128.add<T>(c, v128.mul<T>(v128.load(x, 32), v128.load(y, 32)));
      d = v128.add<T>(d, v128.mul<T>(v128.load(x, 48), v128.load(y, 48)));
    }
    a = v128.add<T>(v128.add<T>(a, b), v128.add<T>(c, d));
    let sum = (v128.extract_lane<T>(a, 0) + v128.extract_lane<T>(a, 1)) as T;
    if (each == 4) sum = (sum + (v128.extract_lane<T>(a, each == 4 ? 2 : 0) + v128.extract_lane<T>(a, each == 4 ? 3 : 0))) as T;
    return (sum + this.steps<T>(x, y, this.cols - whole * 4 * each)) as T;
  }

  runComplex<F>(): void {
    const w = sizeof<F>(), sign = (this.conjugates ? -1 : 1) as F;
    let out = this.out, xRow = this.x, yRow = this.y;
    for (let r = this.rows; r; --r, out += this.outRow, xRow += this.xRow, yRow += this.yRow) {
      let re = this.goesOn ? load<F>(out) : 0 as F, im = this.goesOn ? load<F>(out + w) : 0 as F;
      let x = xRow, y = yRow;
      for (let n = this.cols; n; --n, x += this.xStep, y += this.yStep) {
        const a = load<F>(x), b = sign * load<F>(x + w), c = load<F>(y), d = load<F>(y + w);
        re += a * c - b * d;
        im += a * d + b * c;
      }
      store<F>(out, re);
      store<F>(out + w, im);
    }
  }
}

// Of bools: whether x and y are true in any column.
@unmanaged class AnyBoth extends Box {
  run<T>(): void {
    let out = this.out, xRow = this.x, yRow = this.y;
    for (let r = this.rows; r; --r, out += this.outRow, xRow += this.xRow, yRow += this.yRow) {
      let x = xRow, y = yRow, any = this.z != 0 && load<T>(out) != 0;
      for (let n = this.cols; n && !any; --n, x += this.xStep, y += this.yStep) any = load<T>(x) != 0 && load<T>(y) != 0;
      store<T>(out, any as T);
    }
  }
}
export function dot(dtype: DType, box: usize): void { forWrappingOrTrue<Dot, AnyBoth>(dtype, box); }
