import { Box, splatOf } from "../box";

// The walks of elementwise operations. Every row that is contiguous in `out`, and contiguous or repeated in each
// operand, takes the vector loops; anything else takes the scalar loop. There is one body for in-place, repeated
// and plain operands: a repeated operand is read from its written-out lanes with step 0.

// Does `Op` have lanes for `T`? A token says so by `lanes`, and `laned<T>()` where that depends on the dtype.
@inline function hasLanes<Op, T>(): bool {
  const op = changetype<Op>(0);
  if (isDefined(op.lanes)) {
    if (isDefined(op.laned)) return op.laned<T>();
    return true;
  }
  return false;
}

// Which dtypes SIMD orders in lanes: it has no unsigned comparison of 64 bits.
@inline export function orderedLanes<T>(): bool { return isFloat<T>() || sizeof<T>() < 8 || isSigned<T>(); }

// out[i] = Op(x[i])
@unmanaged export class Unary<Op> extends Box {
  run<T>(): void {
    const op = changetype<Op>(0), size = <isize>sizeof<T>(), xStep = this.xStep, outStep = this.outStep;
    const fast = outStep == size && (xStep == size || xStep == 0);
    let outRow = this.out, xRow = this.x;
    for (let r = this.rows; r; --r) {
      let out = outRow, x = xRow, n = this.cols;
      if (hasLanes<Op, T>()) {
        if (fast && n * size >= 16) {
          const bytes = (n * size) & ~15, end1 = out + bytes, end4 = out + (bytes & ~63);
          let v = xStep ? x : splatOf<T>(this.splatX, x);
          const by4: usize = xStep ? 64 : 0, by1: usize = xStep ? 16 : 0;
          x += xStep ? bytes : 0;
          n -= bytes / size;
          for (; out < end4; out += 64, v += by4) {
            v128.store(out, op.lanes<T>(v128.load(v)));
            v128.store(out, op.lanes<T>(v128.load(v, 16)), 16);
            v128.store(out, op.lanes<T>(v128.load(v, 32)), 32);
            v128.store(out, op.lanes<T>(v128.load(v, 48)), 48);
          }
          for (; out < end1; out += 16, v += by1) v128.store(out, op.lanes<T>(v128.load(v)));
        }
      }
      for (; n; --n, out += outStep, x += xStep) store<T>(out, op.of<T>(load<T>(x)));
      outRow += this.outRow; xRow += this.xRow;
    }
  }

  // `complex<F>` maps 16 bytes (one complex128, two complex64); `wide` maps one element in float64 precision.
  runComplex<F>(): void {
    const op = changetype<Op>(0), xStep = this.xStep, outStep = this.outStep;
    let outRow = this.out, xRow = this.x;
    for (let r = this.rows; r; --r) {
      let out = outRow, x = xRow, n = this.cols;
      if (isDefined(op.complex)) {
        if (sizeof<F>() == 4 && outStep == 8 && xStep == 8) {
          for (; n >= 2; n -= 2, out += 16, x += 16) v128.store(out, op.complex<F>(v128.load(x)));
        }
      }
      for (; n; --n, out += outStep, x += xStep) {
        if (isDefined(op.complex)) storeComplex<F>(out, op.complex<F>(loadComplex<F>(x)));
        else storeWide<F>(out, op.wide(loadWide<F>(x)));
      }
      outRow += this.outRow; xRow += this.xRow;
    }
  }
}

// out[i] = Op(x[i], y[i])
@unmanaged export class Binary<Op> extends Box {
  run<T>(): void {
    const op = changetype<Op>(0), size = <isize>sizeof<T>(), xStep = this.xStep, yStep = this.yStep, outStep = this.outStep;
    const fast = outStep == size && (xStep == size || xStep == 0) && (yStep == size || yStep == 0);
    let outRow = this.out, xRow = this.x, yRow = this.y;
    for (let r = this.rows; r; --r) {
      let out = outRow, x = xRow, y = yRow, n = this.cols;
      if (hasLanes<Op, T>()) {
        if (fast && n * size >= 16) {
          const bytes = (n * size) & ~15, end1 = out + bytes, end4 = out + (bytes & ~63);
          let vx = xStep ? x : splatOf<T>(this.splatX, x), vy = yStep ? y : splatOf<T>(this.splatY, y);
          const x4: usize = xStep ? 64 : 0, y4: usize = yStep ? 64 : 0;
          const x1: usize = xStep ? 16 : 0, y1: usize = yStep ? 16 : 0;
          x += xStep ? bytes : 0; y += yStep ? bytes : 0;
          n -= bytes / size;
          for (; out < end4; out += 64, vx += x4, vy += y4) {
            v128.store(out, op.lanes<T>(v128.load(vx), v128.load(vy)));
            v128.store(out, op.lanes<T>(v128.load(vx, 16), v128.load(vy, 16)), 16);
            v128.store(out, op.lanes<T>(v128.load(vx, 32), v128.load(vy, 32)), 32);
            v128.store(out, op.lanes<T>(v128.load(vx, 48), v128.load(vy, 48)), 48);
          }
          for (; out < end1; out += 16, vx += x1, vy += y1) v128.store(out, op.lanes<T>(v128.load(vx), v128.load(vy)));
        }
      }
      // Strided operands of a cheap operation: four at a time, so that the counting does not outweigh the work.
      if (hasLanes<Op, T>()) {
        for (; n >= 4; n -= 4) {
          const x1 = x + xStep, x2 = x1 + xStep, x3 = x2 + xStep, y1 = y + yStep, y2 = y1 + yStep, y3 = y2 + yStep;
          const out1 = out + outStep, out2 = out1 + outStep, out3 = out2 + outStep;
          store<T>(out, op.of<T>(load<T>(x), load<T>(y)));
          store<T>(out1, op.of<T>(load<T>(x1), load<T>(y1)));
          store<T>(out2, op.of<T>(load<T>(x2), load<T>(y2)));
          store<T>(out3, op.of<T>(load<T>(x3), load<T>(y3)));
          out = out3 + outStep; x = x3 + xStep; y = y3 + yStep;
        }
      }
      for (; n; --n, out += outStep, x += xStep, y += yStep) store<T>(out, op.of<T>(load<T>(x), load<T>(y)));
      outRow += this.outRow; xRow += this.xRow; yRow += this.yRow;
    }
  }

  runComplex<F>(): void {
    const op = changetype<Op>(0), xStep = this.xStep, yStep = this.yStep, outStep = this.outStep;
    let outRow = this.out, xRow = this.x, yRow = this.y;
    for (let r = this.rows; r; --r) {
      let out = outRow, x = xRow, y = yRow, n = this.cols;
      if (isDefined(op.complex)) {
        if (sizeof<F>() == 4 && outStep == 8 && xStep == 8 && yStep == 8) {
          for (; n >= 2; n -= 2, out += 16, x += 16, y += 16) {
            v128.store(out, op.complex<F>(v128.load(x), v128.load(y)));
          }
        }
      }
      for (; n; --n, out += outStep, x += xStep, y += yStep) {
        if (isDefined(op.complex)) storeComplex<F>(out, op.complex<F>(loadComplex<F>(x), loadComplex<F>(y)));
        else storeWide<F>(out, op.wide(loadWide<F>(x), loadWide<F>(y)));
      }
      outRow += this.outRow; xRow += this.xRow; yRow += this.yRow;
    }
  }
}

// out[i] = Op(x[i], y[i], z[i])
@unmanaged export class Ternary<Op> extends Box {
  run<T>(): void {
    const op = changetype<Op>(0), size = <isize>sizeof<T>();
    const xStep = this.xStep, yStep = this.yStep, zStep = this.zStep, outStep = this.outStep;
    const fast = outStep == size && (xStep == size || xStep == 0) && (yStep == size || yStep == 0) && (zStep == size || zStep == 0);
    let outRow = this.out, xRow = this.x, yRow = this.y, zRow = this.z;
    for (let r = this.rows; r; --r) {
      let out = outRow, x = xRow, y = yRow, z = zRow, n = this.cols;
      if (hasLanes<Op, T>()) {
        if (fast && n * size >= 16) {
          const bytes = (n * size) & ~15, end = out + bytes;
          let vx = xStep ? x : splatOf<T>(this.splatX, x), vy = yStep ? y : splatOf<T>(this.splatY, y);
          let vz = zStep ? z : splatOf<T>(this.splatZ, z);
          const bx: usize = xStep ? 16 : 0, by: usize = yStep ? 16 : 0, bz: usize = zStep ? 16 : 0;
          x += xStep ? bytes : 0; y += yStep ? bytes : 0; z += zStep ? bytes : 0;
          for (; out < end; out += 16, vx += bx, vy += by, vz += bz) {
            v128.store(out, op.lanes<T>(v128.load(vx), v128.load(vy), v128.load(vz)));
          }
          n -= bytes / size;
        }
      }
      for (; n; --n, out += outStep, x += xStep, y += yStep, z += zStep) {
        store<T>(out, op.of<T>(load<T>(x), load<T>(y), load<T>(z)));
      }
      outRow += this.outRow; xRow += this.xRow; yRow += this.yRow; zRow += this.zRow;
    }
  }

  runComplex<F>(): void {
    const op = changetype<Op>(0);
    let outRow = this.out, xRow = this.x, yRow = this.y, zRow = this.z;
    for (let r = this.rows; r; --r) {
      let out = outRow, x = xRow, y = yRow, z = zRow;
      for (let n = this.cols; n; --n, out += this.outStep, x += this.xStep, y += this.yStep, z += this.zStep) {
        storeWide<F>(out, op.wide(loadWide<F>(x), loadWide<F>(y), loadWide<F>(z)));
      }
      outRow += this.outRow; xRow += this.xRow; yRow += this.yRow; zRow += this.zRow;
    }
  }
}

// out[i] = Op(x[i], y[i]) as a bool; `lanes` gives a mask of all-ones lanes. For a test of one operand (`alone`) y is
// x: nobody writes the words of an operand that is not there.
@unmanaged export class Compare<Op> extends Box {
  @inline get second(): usize { return isDefined(changetype<Op>(0).alone) ? this.x : this.y; }
  @inline get secondRow(): isize { return isDefined(changetype<Op>(0).alone) ? this.xRow : this.yRow; }
  @inline get secondStep(): isize { return isDefined(changetype<Op>(0).alone) ? this.xStep : this.yStep; }

  run<T>(): void { this.walk<T, T>(); }

  // T and U differ only where int64 meets uint64, which no dtype holds both of.
  walk<T, U>(): void {
    const op = changetype<Op>(0), size = <isize>sizeof<T>(), xStep = this.xStep, yStep = this.secondStep, outStep = this.outStep;
    const fast = outStep == 1 && (xStep == size || xStep == 0) && (yStep == size || yStep == 0);
    let outRow = this.out, xRow = this.x, yRow = this.second;
    for (let r = this.rows; r; --r) {
      let out = outRow, x = xRow, y = yRow, n = this.cols;
      if (isSigned<T>() == isSigned<U>() && hasLanes<Op, T>()) {
        if (fast && n >= 16) {
          let vx = xStep ? x : splatOf<T>(this.splatX, x), vy = yStep ? y : splatOf<T>(this.splatY, y);
          const bx: usize = xStep ? 16 * size : 0, by: usize = yStep ? 16 * size : 0;
          for (; n >= 16; n -= 16, out += 16, vx += bx, vy += by, x += bx, y += by) {
            v128.store(out, mask16<Op, T>(vx, vy));
          }
        }
      }
      for (; n; --n, out += outStep, x += xStep, y += yStep) store<u8>(out, op.of<T, U>(load<T>(x), load<U>(y)) as u8);
      outRow += this.outRow; xRow += this.xRow; yRow += this.secondRow;
    }
  }

  runComplex<F>(): void {
    const op = changetype<Op>(0);
    let outRow = this.out, xRow = this.x, yRow = this.second;
    for (let r = this.rows; r; --r) {
      let out = outRow, x = xRow, y = yRow;
      for (let n = this.cols; n; --n, out += this.outStep, x += this.xStep, y += this.secondStep) {
        store<u8>(out, op.pairs<F>(load<F>(x), load<F>(x + sizeof<F>()), load<F>(y), load<F>(y + sizeof<F>())) as u8);
      }
      outRow += this.outRow; xRow += this.xRow; yRow += this.secondRow;
    }
  }
}

@inline function lanesAt<Op, T>(x: usize, y: usize, at: usize): v128 {
  return changetype<Op>(0).lanes<T>(v128.load(x + at), v128.load(y + at));
}

// Sixteen comparisons as sixteen bytes of 0 or 1: the masks of wider lanes are narrowed by picking their low parts.
@inline function mask16<Op, T>(x: usize, y: usize): v128 {
  let m: v128;
  if (sizeof<T>() == 1) m = lanesAt<Op, T>(x, y, 0);
  else if (sizeof<T>() == 2) m = i8x16.narrow_i16x8_s(lanesAt<Op, T>(x, y, 0), lanesAt<Op, T>(x, y, 16));
  else if (sizeof<T>() == 4) m = narrow4(lanesAt<Op, T>(x, y, 0), lanesAt<Op, T>(x, y, 16), lanesAt<Op, T>(x, y, 32), lanesAt<Op, T>(x, y, 48));
  else {
    m = narrow4(
      low(lanesAt<Op, T>(x, y, 0), lanesAt<Op, T>(x, y, 16)), low(lanesAt<Op, T>(x, y, 32), lanesAt<Op, T>(x, y, 48)),
      low(lanesAt<Op, T>(x, y, 64), lanesAt<Op, T>(x, y, 80)), low(lanesAt<Op, T>(x, y, 96), lanesAt<Op, T>(x, y, 112)));
  }
  return v128.and(m, i8x16.splat(1));
}

@inline function low(a: v128, b: v128): v128 { return v128.shuffle<i32>(a, b, 0, 2, 4, 6); }

@inline function narrow4(a: v128, b: v128, c: v128, d: v128): v128 {
  return i8x16.narrow_i16x8_s(i16x8.narrow_i32x4_s(a, b), i16x8.narrow_i32x4_s(c, d));
}

// One complex number in the low 8 (complex64) or all 16 bytes.
@inline function loadComplex<F>(p: usize): v128 { return sizeof<F>() == 8 ? v128.load(p) : v128.load64_zero(p); }
@inline function storeComplex<F>(p: usize, v: v128): void {
  if (sizeof<F>() == 8) v128.store(p, v);
  else v128.store64_lane(p, v, 0);
}

// One complex number as two float64.
@inline function loadWide<F>(p: usize): v128 {
  return sizeof<F>() == 8 ? v128.load(p) : f64x2.promote_low_f32x4(v128.load64_zero(p));
}
@inline function storeWide<F>(p: usize, v: v128): void {
  if (sizeof<F>() == 8) v128.store(p, v);
  else v128.store64_lane(p, f32x4.demote_f64x2_zero(v), 0);
}
