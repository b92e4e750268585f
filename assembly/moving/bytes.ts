import { Box, splatOf } from "../box";
import { forWidth } from "../dtype";
import { truths } from "../truth";

// What only moves elements: it sees their width (1, 2, 4, 8 or 16 bytes), never their dtype; but bools, which have the
// width 0, arrive as 0 or 1. Masks are bool, one byte each; any value but 0 is true.

// One element, and the elements of 16 bytes, as they are to arrive.
@inline function moved<W>(p: usize): W {
  if (isBoolean<W>()) return (load<u8>(p) != 0) as W;
  return load<W>(p);
}
@inline function vector<W>(p: usize): v128 {
  if (isBoolean<W>()) return truths(v128.load(p));
  return v128.load(p);
}

/** `out = x`. The two do not overlap, unless they are the same elements in the same order. */
export function copy(width: i32, box: usize): void { forWidth<Copy>(width, box); }

/** `out = z ? x : y`, z a mask. `out` may be x or y: masked fill is `where(mask, value, out)`. */
export function where(width: i32, box: usize): void { forWidth<Where>(width, box); }

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

/**
 * `out[r, c] = x[r, c][y]`: reads the element y × `xStep` bytes from x, y being unsigned 32-bit indices that are in
 * range. x itself moves by `xRow` per row and by `zStep` per column: 0 to pick elements, an element to pick whole rows.
 */
export function take(width: i32, box: usize): void { forWidth<Take>(width, box); }

/** `out[r, c][y] = x[r, c]`: the inverse. y counts `outStep` bytes; `out` itself moves by `outRow` and by `zStep`. */
export function put(width: i32, box: usize): void { forWidth<Put>(width, box); }

// ── copy ──

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

// memory.copy is a call out of WebAssembly: a short run is faster without it.
function move<W>(out: usize, x: usize, n: usize): void {
  if (isBoolean<W>()) {
    for (; n >= 64; n -= 64, out += 64, x += 64) {
      v128.store(out, vector<W>(x));
      v128.store(out, vector<W>(x + 16), 16);
      v128.store(out, vector<W>(x + 32), 32);
      v128.store(out, vector<W>(x + 48), 48);
    }
    for (; n >= 16; n -= 16, out += 16, x += 16) v128.store(out, vector<W>(x));
    for (; n; --n, ++out, ++x) store<u8>(out, load<u8>(x) != 0);
    return;
  }
  if (n >= 128) return memory.copy(out, x, n);
  for (; n >= 16; n -= 16, out += 16, x += 16) v128.store(out, v128.load(x));
  if (n & 8) { store<u64>(out, load<u64>(x)); out += 8; x += 8; }
  if (n & 4) { store<u32>(out, load<u32>(x)); out += 4; x += 4; }
  if (n & 2) { store<u16>(out, load<u16>(x)); out += 2; x += 2; }
  if (n & 1) store<u8>(out, load<u8>(x));
}

function fill<W>(out: usize, x: usize, n: usize): void {
  const value = moved<W>(x), v = splatted<W>(value);
  for (let bytes = n * sizeof<W>(); bytes >= 64; bytes -= 64, out += 64, n -= 64 / sizeof<W>()) {
    v128.store(out, v);
    v128.store(out, v, 16);
    v128.store(out, v, 32);
    v128.store(out, v, 48);
  }
  for (; n; --n, out += sizeof<W>()) store<W>(out, value);
}

@inline function splatted<W>(value: W): v128 {
  if (sizeof<W>() == 16) return value;
  if (isBoolean<W>()) return v128.splat<u8>(value as u8);
  return v128.splat<W>(value);
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

// ── where ──

@unmanaged class Where extends Box {
  run<W>(): void {
    const size = <isize>sizeof<W>(), xStep = this.xStep, yStep = this.yStep, zStep = this.zStep;
    const fast = sizeof<W>() < 16 && this.outStep == size && (zStep == 1 || zStep == 0)
      && (xStep == size || xStep == 0) && (yStep == size || yStep == 0);
    let outRow = this.out, xRow = this.x, yRow = this.y, zRow = this.z;
    for (let rows = this.rows; rows; --rows) {
      let out = outRow, x = xRow, y = yRow, z = zRow, n = this.cols;
      if (sizeof<W>() < 16) {
        if (fast && n >= 16) {
          let vx = xStep ? x : splatOf<W>(this.splatX, x), vy = yStep ? y : splatOf<W>(this.splatY, y);
          let vz = zStep ? z : splatOf<u8>(this.splatZ, z);
          // 16 elements of a repeated operand are within its 128 bytes.
          const by: usize = 16 * sizeof<W>(), byZ = zStep << 4;
          const byX: usize = xStep ? by : 0, byY: usize = yStep ? by : 0;
          for (; n >= 16; n -= 16, out += by, vx += byX, vy += byY, vz += byZ) {
            blend<W, u8>(out, vx, vy, i8x16.ne(v128.load(vz), i8x16.splat(0)));
          }
          if (xStep) x = vx;
          if (yStep) y = vy;
          if (zStep) z = vz;
        }
      }
      for (; n; --n, out += this.outStep, x += xStep, y += yStep, z += zStep) {
        store<W>(out, moved<W>(choose(isize(load<u8>(z) != 0), x, y)));
      }
      outRow += this.outRow; xRow += this.xRow; yRow += this.yRow; zRow += this.zRow;
    }
  }
}

// A mask of lanes of width M widens, half by half, until its lanes are those of W: recursion while compiling.
@inline function blend<W, M>(out: usize, x: usize, y: usize, mask: v128): void {
  const half: usize = 8 / sizeof<M>() * sizeof<W>();
  if (sizeof<W>() == sizeof<M>()) {
    v128.store(out, v128.bitselect(vector<W>(x), vector<W>(y), mask));
  } else if (sizeof<M>() == 1) {
    blend<W, u16>(out, x, y, i16x8.extend_low_i8x16_s(mask));
    blend<W, u16>(out + half, x + half, y + half, i16x8.extend_high_i8x16_s(mask));
  } else if (sizeof<M>() == 2) {
    blend<W, u32>(out, x, y, i32x4.extend_low_i16x8_s(mask));
    blend<W, u32>(out + half, x + half, y + half, i32x4.extend_high_i16x8_s(mask));
  } else {
    blend<W, u64>(out, x, y, i64x2.extend_low_i32x4_s(mask));
    blend<W, u64>(out + half, x + half, y + half, i64x2.extend_high_i32x4_s(mask));
  }
}

// Choosing between addresses needs no branch, whatever the width; a random mask would mispredict half of them.
@inline function choose(chosen: isize, x: usize, y: usize): usize {
  return y + ((x - y) & -chosen);
}

// ── compress, expand ──

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

// ── take, put ──

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
