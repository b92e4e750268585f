import { Box } from "../box";
import { forWidth } from "../dtype";
import { fill, move, moved } from "./elements";

/**
 * `out[r, c] = x[r, c][y]`: reads the element y × `xStep` bytes from x, y being unsigned 32-bit indices that are in
 * range. x itself moves by `xRow` per row and by `zStep` per column: 0 to pick elements, an element to pick whole rows.
 */
export function take(width: i32, box: usize): void { forWidth<Take>(width, box); }

/** `out[r, c][y] = x[r, c]`: the inverse. y counts `outStep` bytes; `out` itself moves by `outRow` and by `zStep`. */
export function put(width: i32, box: usize): void { forWidth<Put>(width, box); }

// A row with one index is a plain copy from or to where that points; else each element has its own.
@unmanaged class Take extends Box {
  run<W>(): void {
    const size = <isize>sizeof<W>(), xStep = this.xStep, yStep = this.yStep, zStep = this.zStep, outStep = this.outStep;
    const unit = yStep == 4 && zStep == 0 && outStep == size;
    let outRow = this.out, xRow = this.x, yRow = this.y;
    for (let rows = this.rows; rows; --rows, outRow += this.outRow, xRow += this.xRow, yRow += this.yRow) {
      let out = outRow, x = xRow, y = yRow, n = this.cols;
      if (yStep == 0) line<W>(out, outStep, x + <isize>load<u32>(y) * xStep, zStep, n);
      else {
        if (unit) {
          for (; n >= 4; n -= 4, out += 4 * size, y += 16) {
            store<W>(out, moved<W>(x + <isize>load<u32>(y) * xStep));
            store<W>(out + size, moved<W>(x + <isize>load<u32>(y, 4) * xStep));
            store<W>(out + 2 * size, moved<W>(x + <isize>load<u32>(y, 8) * xStep));
            store<W>(out + 3 * size, moved<W>(x + <isize>load<u32>(y, 12) * xStep));
          }
        }
        for (; n; --n, out += outStep, x += zStep, y += yStep) store<W>(out, moved<W>(x + <isize>load<u32>(y) * xStep));
      }
    }
  }
}

@unmanaged class Put extends Box {
  run<W>(): void {
    const xStep = this.xStep, yStep = this.yStep, zStep = this.zStep, outStep = this.outStep;
    const unit = yStep == 4 && zStep == 0;
    let outRow = this.out, xRow = this.x, yRow = this.y;
    for (let rows = this.rows; rows; --rows, outRow += this.outRow, xRow += this.xRow, yRow += this.yRow) {
      let out = outRow, x = xRow, y = yRow, n = this.cols;
      if (yStep == 0) line<W>(out + <isize>load<u32>(y) * outStep, zStep, x, xStep, n);
      else {
        if (unit) {
          for (; n >= 4; n -= 4, x += 4 * xStep, y += 16) {
            store<W>(out + <isize>load<u32>(y) * outStep, moved<W>(x));
            store<W>(out + <isize>load<u32>(y, 4) * outStep, moved<W>(x + xStep));
            store<W>(out + <isize>load<u32>(y, 8) * outStep, moved<W>(x + 2 * xStep));
            store<W>(out + <isize>load<u32>(y, 12) * outStep, moved<W>(x + 3 * xStep));
          }
        }
        for (; n; --n, out += zStep, x += xStep, y += yStep) store<W>(out + <isize>load<u32>(y) * outStep, moved<W>(x));
      }
    }
  }
}

@inline function line<W>(out: usize, outStep: isize, x: usize, xStep: isize, n: usize): void {
  if (outStep == <isize>sizeof<W>() && xStep == <isize>sizeof<W>()) move<W>(out, x, n * sizeof<W>());
  else if (outStep == <isize>sizeof<W>() && xStep == 0) fill<W>(out, x, n);
  else for (; n; --n, out += outStep, x += xStep) store<W>(out, moved<W>(x));
}
