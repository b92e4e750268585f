import { DType, forInteger } from "../dtype";
import { Binary } from "./walks";

// Operations on whole numbers alone.

// Sizes are unsigned 64-bit, where the lowest integer of every dtype has one; results wrap into the dtype.
@inline function sizeOf<T>(x: T): u64 { if (isSigned<T>()) return x < 0 ? 0 - <u64>(x as i64) : <u64>(x as i64); return x as u64; }
function gcdOfSizes(x: u64, y: u64): u64 {
  while (y != 0) { const rest = x % y; x = y; y = rest; }
  return x;
}
@inline function gcdOf<T>(a: T, b: T): T { return gcdOfSizes(sizeOf<T>(a), sizeOf<T>(b)) as T; }
@unmanaged class Gcd { @inline of<T>(x: T, y: T): T { return gcdOf<T>(x, y); } }
export function gcd(dtype: DType, box: usize): void { forInteger<Binary<Gcd>>(dtype, box); }

@inline function lcmOf<T>(a: T, b: T): T {
  const x = sizeOf<T>(a), y = sizeOf<T>(b), g = gcdOfSizes(x, y);
  return (g == 0 ? 0 : x / g * y) as T;
}
@unmanaged class Lcm { @inline of<T>(x: T, y: T): T { return lcmOf<T>(x, y); } }
export function lcm(dtype: DType, box: usize): void { forInteger<Binary<Lcm>>(dtype, box); }
