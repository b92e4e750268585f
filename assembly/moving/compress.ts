import { Box } from "../box";
import { forWidth } from "../dtype";
import { choose, moved } from "./elements";

/**
 * Appends x to `out` wherever the mask z is true, row by row. `out` is contiguous and holds as many elements as z has
 * trues; nothing is written behind them. Returns their number.
 */
export function compress(width: i32, box: usize): usize {
  forWidth<Compress>(width, box);
  return changetype<Selected>(box).count;
}

/**
 * Writes the next of x to `out` wherever the mask z is true, row by row: `out[mask] = values`. x is one row, of which
 * nothing is read behind the last element needed; with step 0 it is one value. Returns the number of trues.
 */
export function expand(width: i32, box: usize): usize {
  forWidth<Expand>(width, box);
  return changetype<Selected>(box).count;
}

/** The number of trues goes into the box's spare word. */
@unmanaged class Selected extends Box {
  count: usize;
}

// Every element is stored, and the mask decides whether `out` moves on. A row ends with its last true: before that one
// more element is to come, so a store that does not count always falls on a place that a later one fills.
@unmanaged class Compress extends Selected {
  run<W>(): void {
    const xStep = this.xStep, zStep = this.zStep;
    let out = this.out, xRow = this.x, zRow = this.z;
    for (let rows = this.rows; rows; --rows, xRow += this.xRow, zRow += this.zRow) {
      let x = xRow, z = zRow, n = trueEnd(z, zStep, this.cols);
      while (n) {
        const k = min<usize>(n, 16);
        n -= k;
        if (k == 16 && zStep == 1 && !v128.any_true(v128.load(z))) {
          x += 16 * xStep;
          z += 16;
        } else {
          for (let i = k; i; --i, x += xStep, z += zStep) {
            store<W>(out, moved<W>(x));
            out += usize(load<u8>(z) != 0) * sizeof<W>();
          }
        }
      }
    }
    this.count = (out - this.out) / sizeof<W>();
  }
}

/** The length of a row of a mask up to and including its last true. */
function trueEnd(z: usize, zStep: isize, n: usize): usize {
  if (zStep == 1) {
    while (n >= 16 && !v128.any_true(v128.load(z + n - 16))) n -= 16;
  }
  while (n && !load<u8>(z + (n - 1) * zStep)) --n;
  return n;
}

@unmanaged class Expand extends Selected {
  run<W>(): void {
    const xStep = this.xStep, outStep = this.outStep, zStep = this.zStep;
    let x = this.x, outRow = this.out, zRow = this.z, count: usize = 0;
    for (let rows = this.rows; rows; --rows, outRow += this.outRow, zRow += this.zRow) {
      let out = outRow, z = zRow, n = this.cols;
      while (n) {
        const k = min<usize>(n, 16);
        n -= k;
        if (k == 16 && zStep == 1 && !v128.any_true(v128.load(z))) {
          out += 16 * outStep;
          z += 16;
        } else {
          for (let i = k; i; --i, out += outStep, z += zStep) {
            const chosen = isize(load<u8>(z) != 0);
            store<W>(out, moved<W>(choose(chosen, x, out)));
            x += xStep & -chosen;
            count += chosen;
          }
        }
      }
    }
    this.count = count;
  }
}
