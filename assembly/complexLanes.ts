// Complex numbers in a vector of 16 bytes: one complex128, or two complex64; F is the type of a part.

// The real and imaginary parts of each number, twice; the number with its parts swapped.
@inline export function reals<F>(x: v128): v128 { if (sizeof<F>() == 8) return v128.shuffle<f64>(x, x, 0, 0); return v128.shuffle<f32>(x, x, 0, 0, 2, 2); }
@inline export function imags<F>(x: v128): v128 { if (sizeof<F>() == 8) return v128.shuffle<f64>(x, x, 1, 1); return v128.shuffle<f32>(x, x, 1, 1, 3, 3); }
@inline export function swapped<F>(x: v128): v128 { if (sizeof<F>() == 8) return v128.shuffle<f64>(x, x, 1, 0); return v128.shuffle<f32>(x, x, 1, 0, 3, 2); }

// The sign of each real part alone, and of each imaginary one.
@inline export function realSigns<F>(): v128 { if (sizeof<F>() == 8) return i64x2(i64.MIN_VALUE, 0); return i32x4(i32.MIN_VALUE, 0, i32.MIN_VALUE, 0); }
@inline export function imagSigns<F>(): v128 { if (sizeof<F>() == 8) return i64x2(0, i64.MIN_VALUE); return i32x4(0, i32.MIN_VALUE, 0, i32.MIN_VALUE); }
