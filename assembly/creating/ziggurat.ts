// Ziggurat tables of the standard normal and exponential distributions, for float64 and float32.
//
//   density
//    1 ┤█▄                    Level i is a rectangle of width x[i]; all levels have one area. Level 0, the base, is
//      │███▄   ← level 1      wider than r by the area of the tail beyond it. A point whose distance is below
//      │██████▄               x[i - 1] lies under the density for certain; 99 of 100 do, and no exp is computed.
//      │██████████▄▄            k[i] = x[i - 1] / x[i], in units of the magnitude's last bit; k[1] = 0
//    0 ┼───────────────┬─ x     w[i] = x[i], per unit of the magnitude
//                      r        f[i] = density at x[i]; f[0] = 1
//
// To give NumPy's streams, w must have the very bits of NumPy's tables: values are magnitude * w. NumPy's normal table
// came from the float64 recurrence below, and differs at one level; its exponential table was rounded from exact widths,
// so that the recurrence misses it by a few units in the last place, level by level, and one float32 width is a unit
// above the nearest. k and f are only compared with: a unit in their last place hardly ever decides.
//
// G. Marsaglia and W. W. Tsang, "The Ziggurat Method for Generating Random Variables", J. Stat. Softw. 5 (8), 2000.

/** Where the tails begin. */
export const NORMAL_R: f64 = 3.6541528853610088;
export const EXPONENTIAL_R: f64 = 7.6971174701310497;

/** Bits of a magnitude: a normal spends one on its sign. */
@inline export function normalBits<F>(): i32 { return sizeof<F>() == 8 ? 52 : 23; }
@inline export function exponentialBits<F>(): i32 { return sizeof<F>() == 8 ? 53 : 23; }

/** Byte offsets of k, w and f in a table; those of float32 follow those of float64. */
@inline export function k<F>(): usize { return sizeof<F>() == 8 ? 0 : 6144; }
@inline export function w<F>(): usize { return sizeof<F>() == 8 ? 2048 : 7168; }
@inline export function f<F>(): usize { return sizeof<F>() == 8 ? 4096 : 8192; }

const normal = memory.data(9216, 64);
const exponential = memory.data(9216, 64);

@unmanaged class Normal {
  @inline density(x: f64): f64 { return NativeMath.exp(-0.5 * x * x); }
  @inline inverse(y: f64): f64 { return NativeMath.sqrt(-2.0 * NativeMath.log(y)); }
  @inline missing<F>(i: usize): i32 { return sizeof<F>() == 8 && i == 37 ? -2 : 0; }
  @inline bits<F>(): i32 { return normalBits<F>(); }
}

@unmanaged class Exponential {
  @inline density(x: f64): f64 { return NativeMath.exp(-x); }
  @inline inverse(y: f64): f64 { return -NativeMath.log(y); }
  @inline missing<F>(i: usize): i32 { return sizeof<F>() == 8 ? load<i8>(exponentialMissing + i) : i32(i == 226); }
  @inline bits<F>(): i32 { return exponentialBits<F>(); }
}

// NumPy's x[i] less the recurrence's from its x[i + 1], in units of the last place.
const exponentialMissing = memory.data<i8>([
  0, 2, -5, -2, -1, 0, 0, -2, 2, 1, 0, -1, 0, 1, 0, 0, 0, 2, -2, 2, 0, 3, 1, -2, -1, 0, 0, 0, 0, 1, -1, -1, -1, 1, 0,
  0, 0, 0, 1, 1, 1, 0, 1, -1, 0, 0, 0, 0, 0, 0, 0, 0, 0, -1, 1, 0, -1, 1, 0, 0, 0, 0, 0, -2, 1, 0, -1, 0, 0, 0, 0, 1,
  0, 0, 1, 0, 1, 0, 1, 0, 0, 1, 0, -1, 1, -1, 1, -1, 0, 1, 0, -1, 0, 0, 0, 1, 0, 1, 0, -1, 1, 0, 1, -1, 1, 0, 0, 0,
  0, 0, 0, 0, 0, 0, -1, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, -1, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, -1, 1, 0, 0, 0, 0, -1,
  0, 0, -1, 0, -1, 0, 0, 1, -1, 0, 0, 0, 1, 0, 0, 0, 0, 0, -1, 0, 1, 0, 0, -1, 0, 0, 0, 0, -1, 1, -1, 0, 1, 0, 0, 0,
  -1, 1, 0, 0, 0, 0, 0, 0, -1, 0, 0, 0, -1, 0, 1, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, -1, 0, 1, -1, 1, -1, 0, 0, 0, -1, 1,
  0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, -1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, -1, 0, -1, 0, 0, 1, 0, 0, 0, 0, -1,
  0, 0,
]);

/** The normal tables, computed at first use (some 10 µs). */
@inline export function normalTable(): usize {
  if (!load<f64>(normal, w<f64>())) build<Normal>(normal, NORMAL_R, 3.910757959524912);
  return normal;
}

/** The exponential tables, computed at first use. */
@inline export function exponentialTable(): usize {
  if (!load<f64>(exponential, w<f64>())) build<Exponential>(exponential, EXPONENTIAL_R, 8.6971174701310497);
  return exponential;
}

// Level by level from the base upwards: the next width is where the density has risen by area / width.
function build<D>(table: usize, r: f64, base: f64): void {
  const shape = changetype<D>(0);
  const area = base * shape.density(r);
  level<D>(table, 0, base, r);
  store<f64>(table, 1.0, f<f64>());
  store<f32>(table, 1.0, f<f32>());
  let x = r;
  for (let i: usize = 255; i > 1; --i) {
    const y = shape.inverse(area / x + shape.density(x));
    const next = reinterpret<f64>(reinterpret<i64>(y) + shape.missing<f64>(i - 1));
    level<D>(table, i, x, next);
    x = next;
  }
  level<D>(table, 1, x, 0.0);
}

// Writes level i of width x below one of width `next`.
function level<D>(table: usize, i: usize, x: f64, next: f64): void {
  entry<D, f64, u64>(table, i, x, next);
  entry<D, f32, u32>(table, i, x, next);
}

@inline function entry<D, F, U>(table: usize, i: usize, x: f64, next: f64): void {
  const shape = changetype<D>(0);
  const units = <f64>((<u64>1) << shape.bits<F>());
  const at = table + (i << alignof<F>());
  const lacking = sizeof<F>() == 8 ? 0 : shape.missing<F>(i);
  store<U>(at, <U>nearest(next / x * units), k<F>());
  store<U>(at, reinterpret<U>(<F>(x / units)) + lacking, w<F>());
  store<F>(at, <F>shape.density(x), f<F>());
}
