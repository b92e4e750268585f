import { DType, forNumber } from "../dtype";
import * as complex from "../functions/complex";
import { powerLanes32, realPower } from "../functions/logarithm";
import { Binary } from "./walks";

// A negative exponent, which only a mask can leave out, ends at once.
function integerPower<T>(base: T, exponent: T): T {
  let result: T = 1 as T;
  for (; exponent > 0; exponent = (exponent >> 1) as T, base = (base * base) as T) {
    if (exponent & 1) result = (result * base) as T;
  }
  return result;
}
@unmanaged class Power {
  @inline of<T>(x: T, y: T): T {
    if (isInteger<T>()) return integerPower<T>(x, y);
    if (sizeof<T>() == 8) return realPower(x as f64, y as f64) as T;
    return f32x4.extract_lane(powerLanes32(f32x4.splat(x as f32), f32x4.splat(y as f32)), 0) as T;
  }
  @inline laned<T>(): bool { return isFloat<T>() && sizeof<T>() == 4; }
  @inline lanes<T>(x: v128, y: v128): v128 { return powerLanes32(x, y); }
  @inline wide(x: v128, y: v128): v128 { return complex.power(x, y); }
}
export function power(dtype: DType, box: usize): void { forNumber<Binary<Power>>(dtype, box); }
