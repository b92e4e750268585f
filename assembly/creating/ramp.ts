import { Box } from "../box";
import { DType, forWrapping } from "../dtype";

// out[i] = start + (base + i) step, for arange and linspace: x points at the start, y at the step, and the word z is
// the base, a number. Rounded as NumPy's fill functions round: the product and the sum in the dtype. Integers wrap.
@unmanaged class Ramp extends Box {
  run<T>(): void {
    const start = load<T>(this.x), step = load<T>(this.y), outStep = this.outStep;
    let out = this.out, i = this.z, end = i + this.cols;
    if (outStep == <isize>sizeof<T>()) {
      const count: usize = 16 / sizeof<T>();
      if (isFloat<T>()) {
        for (; i + count <= end; i += count, out += 16) {
          v128.store(out, v128.add<T>(v128.splat<T>(start), v128.mul<T>(indices<T>(i), v128.splat<T>(step))));
        }
      } else if (this.cols >= 2 * count) {
        // each vector is the one before it and a constant
        for (const stop = i + count; i < stop; ++i, out += sizeof<T>()) store<T>(out, (start + (i as T) * step) as T);
        const stride = v128.splat<T>(((count as T) * step) as T);
        for (; i + count <= end; i += count, out += 16) v128.store(out, v128.add<T>(v128.load(out - 16), stride));
      }
    }
    for (; i < end; ++i, out += outStep) store<T>(out, (start + (i as T) * step) as T);
  }
}

@inline function indices<T>(i: usize): v128 {
  const v = i32x4.add(i32x4.splat(i as i32), i32x4(0, 1, 2, 3));
  if (sizeof<T>() == 4) return f32x4.convert_i32x4_u(v);
  return f64x2.convert_low_i32x4_u(v);
}

export function ramp(dtype: DType, box: usize): void { forWrapping<Ramp>(dtype, box); }
