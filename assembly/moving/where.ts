import { Box, splatOf } from "../box";
import { forWidth } from "../dtype";
import { choose, moved, vector } from "./elements";

/** `out = z ? x : y`, z a mask. `out` may be x or y: masked fill is `where(mask, value, out)`. */
export function where(width: i32, box: usize): void { forWidth<Where>(width, box); }

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
