import { Box } from "../box";
import { DType, forInteger } from "../dtype";

/**
 * `out = y + index × zStep` modulo 2³², where `index` is x counted from the front: the bytes from the first element of
 * an axis to the one x picks. x is of an integer dtype, out and y are uint32, and where z would be stands what the
 * indices count:
 *
 *   z      length of the axis
 *   zRow   what becomes of an index beyond it: 0 it is reported, 1 it wraps around, 2 the nearest end is taken
 *   zStep  bytes from one element of the axis to the next
 *
 * Returns 0, or the row-major position of the first index that is out of range, counted from 1.
 */
export function offsets(dtype: DType, box: usize): usize {
  changetype<Offsets>(box).beyond = 0;
  forInteger<Offsets>(dtype, box);
  return changetype<Offsets>(box).beyond;
}

@unmanaged class Offsets extends Box {
  beyond: usize;

  run<T>(): void {
    const length = <u32>this.z, scale = <u32>this.zStep, mode = this.zRow;
    const outStep = this.outStep, xStep = this.xStep, yStep = this.yStep;
    const fast = sizeof<T>() == 4 && mode == 0 && outStep == 4
      && (xStep == 4 || xStep == 0) && (yStep == 4 || yStep == 0);
    let outRow = this.out, xRow = this.x, yRow = this.y, beyond: u32 = 0, beyonds = i64x2.splat(0);
    for (let r: usize = 0; r < this.rows; ++r, outRow += this.outRow, xRow += this.xRow, yRow += this.yRow) {
      let out = outRow, x = xRow, y = yRow, n = this.cols;
      if (sizeof<T>() == 4) {
        if (fast) {
          const lengths = i32x4.splat(length), scales = i32x4.splat(scale);
          for (; n >= 4; n -= 4, out += 16, x += 4 * xStep, y += 4 * yStep) {
            let index = xStep ? v128.load(x) : v128.load32_splat(x);
            if (isSigned<T>()) index = i32x4.add(index, v128.and(i32x4.shr_s(index, 31), lengths));
            beyonds = v128.or(beyonds, i32x4.ge_u(index, lengths));
            v128.store(out, i32x4.add(yStep ? v128.load(y) : v128.load32_splat(y), i32x4.mul(index, scales)));
          }
        }
      }
      for (; n; --n, out += outStep, x += xStep, y += yStep) {
        const index = mode ? brought<T>(load<T>(x), length, mode) : fromFront<T>(load<T>(x), length);
        beyond |= u32(index >= length);
        store<u32>(out, load<u32>(y) + index * scale);
      }
    }
    if (beyond || v128.any_true(beyonds)) this.beyond = this.find<T>(length);
  }

  find<T>(length: u32): usize {
    for (let r: usize = 0; r < this.rows; ++r) {
      for (let c: usize = 0; c < this.cols; ++c) {
        const index = load<T>(this.x + r * this.xRow + c * this.xStep);
        if (fromFront<T>(index, length) >= length) return r * this.cols + c + 1;
      }
    }
    return 0;
  }
}

// An index that the axis does not have becomes a number not below `length`.
@inline function fromFront<T>(i: T, length: u32): u32 {
  if (sizeof<T>() == 8) {
    const index = isSigned<T>() && i < 0 ? u64(i) + length : u64(i);
    return index < length ? <u32>index : length;
  }
  // Modulo 2³² this is right for every axis: -1 becomes length - 1, and what is still negative is large.
  return isSigned<T>() && i < 0 ? <u32>(<i32>i) + length : <u32>i;
}

function brought<T>(i: T, length: u32, mode: isize): u32 {
  if (!isSigned<T>()) {
    const index = u64(i);
    return index < length ? <u32>index : mode == 1 ? <u32>(index % length) : length - 1;
  }
  const index = i64(i), count = i64(length);
  if (mode == 1) return <u32>((index % count + count) % count);
  return <u32>(index < 0 ? 0 : min<i64>(index, count - 1));
}
