import { Box } from "../box";
import { forWidth } from "../dtype";
import { fill, move, moved, vector } from "./elements";

/** `out = x`. The two do not overlap, unless they are the same elements in the same order. */
export function copy(width: i32, box: usize): void { forWidth<Copy>(width, box); }

@unmanaged class Copy extends Box {
  run<W>(): void {
    const size = <isize>sizeof<W>(), xRow = this.xRow, outRow = this.outRow;
    let out = this.out, x = this.x, rows = this.rows;
    if (this.outStep == size && this.xStep == size) {
      for (; rows; --rows, out += outRow, x += xRow) move<W>(out, x, this.cols * size);
    } else if (this.outStep == size && this.xStep == 0) {
      for (; rows; --rows, out += outRow, x += xRow) fill<W>(out, x, this.cols);
    } else if (rows > 1 && abs(xRow) < abs(this.xStep)) this.blocks<W>();
    else walk<W>(out, outRow, this.outStep, x, xRow, this.xStep, rows, this.cols);
  }

  // A transposed operand: its cache lines lie across the rows. In blocks of 16 × 16 each is used up while it is near.
  blocks<W>(): void {
    const xRow = this.xRow, xStep = this.xStep, outRow = this.outRow, outStep = this.outStep;
    const unit = xRow == sizeof<W>() && outStep == sizeof<W>();
    for (let r: usize = 0; r < this.rows; r += 16) {
      const rows = min<usize>(16, this.rows - r);
      let x = this.x + r * xRow, out = this.out + r * outRow;
      for (let c: usize = 0; c < this.cols; c += 16, x += 16 * xStep, out += 16 * outStep) {
        const cols = min<usize>(16, this.cols - c);
        if (unit && sizeof<W>() < 16) transpose<W>(out, outRow, x, xStep, rows, cols, this.splatX);
        else walk<W>(out, outRow, outStep, x, xRow, xStep, rows, cols);
      }
    }
  }
}

function walk<W>(
  out: usize, outRow: isize, outStep: isize, x: usize, xRow: isize, xStep: isize, rows: usize, cols: usize,
): void {
  for (; rows; --rows, out += outRow, x += xRow) {
    for (let n = cols, o = out, p = x; n; --n, o += outStep, p += xStep) store<W>(o, moved<W>(p));
  }
}

/**
 * Transposes up to 16 × 16 elements, contiguous along x's rows and out's: squares of n × n in vectors of n, the rest
 * one by one. `spare` is 256 bytes.
 *
 * A square is n vectors; the stage that interleaves vector i with vector i + n/2 into 2i and 2i + 1, done log₂ n times,
 * transposes it. The stages go x → out (64 bits), x → spare → out (32), x → out → spare → out (16) and
 * x → spare → out → spare → out (8), so `out` serves as the second buffer.
 */
@inline function transpose<W>(
  out: usize, outRow: isize, x: usize, xStep: isize, rows: usize, cols: usize, spare: usize,
): void {
  const size = sizeof<W>(), n: usize = 16 / size, fullRows = rows & ~(n - 1), fullCols = cols & ~(n - 1);
  for (let r: usize = 0; r < fullRows; r += n) {
    for (let c: usize = 0; c < fullCols; c += n) {
      const to = out + r * outRow + c * size, from = x + r * size + c * xStep;
      if (size == 8) stage<W>(to, outRow, from, xStep);
      else if (size == 4) {
        stage<W>(spare, 16, from, xStep);
        stage<W>(to, outRow, spare, 16);
      } else {
        if (size == 2) stage<W>(to, outRow, from, xStep);
        else {
          stage<W>(spare, 16, from, xStep);
          stage<W>(to, outRow, spare, 16);
        }
        stage<W>(spare, 16, to, outRow);
        stage<W>(to, outRow, spare, 16);
      }
    }
  }
  if (fullCols < cols) {
    walk<W>(out + fullCols * size, outRow, size, x + fullCols * xStep, size, xStep, rows, cols - fullCols);
  }
  if (fullRows < rows) {
    walk<W>(out + fullRows * outRow, outRow, size, x + fullRows * size, size, xStep, rows - fullRows, fullCols);
  }
}

@inline function stage<W>(out: usize, outPitch: isize, x: usize, xPitch: isize): void {
  const half: usize = 8 / sizeof<W>();
  for (let i: usize = 0; i < half; ++i, x += xPitch, out += 2 * outPitch) {
    const low = vector<W>(x), high = vector<W>(x + half * xPitch);
    v128.store(out, interleaveLow<W>(low, high));
    v128.store(out + outPitch, interleaveHigh<W>(low, high));
  }
}

@inline function interleaveLow<W>(a: v128, b: v128): v128 {
  if (sizeof<W>() == 8) return v128.shuffle<u64>(a, b, 0, 2);
  if (sizeof<W>() == 4) return v128.shuffle<u32>(a, b, 0, 4, 1, 5);
  if (sizeof<W>() == 2) return v128.shuffle<u16>(a, b, 0, 8, 1, 9, 2, 10, 3, 11);
  return v128.shuffle<u8>(a, b, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
}
@inline function interleaveHigh<W>(a: v128, b: v128): v128 {
  if (sizeof<W>() == 8) return v128.shuffle<u64>(a, b, 1, 3);
  if (sizeof<W>() == 4) return v128.shuffle<u32>(a, b, 2, 6, 3, 7);
  if (sizeof<W>() == 2) return v128.shuffle<u16>(a, b, 4, 12, 5, 13, 6, 14, 7, 15);
  return v128.shuffle<u8>(a, b, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31);
}
