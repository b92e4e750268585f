// Decimal digits to the nearest float64. Sources: D. Lemire, "Number parsing at a gigabyte per second" (2021), and N.
// Mushtak and D. Lemire, "Fast number parsing without fallback" (2023), as their library fast_float has it; W. Clinger, "How to
// read floating point numbers accurately" (1990) for the short ones. The powers of five come from src/files/powers.ts.

const SMALLEST = -342, LARGEST = 308;

// float64's hidden bit, and infinity.
const HIDDEN: u64 = <u64>1 << 52, INFINITE: u64 = <u64>0x7ff << 52;

// 128 bits for each power of five, the upper 64 first, the highest bit set.
const powers = memory.data(651 * 16, 16);
const tens = memory.data<f64>([
  1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
]);

/** Where src/ writes the powers of five from -342 to 308 before the first number is read. */
export function powersAddress(): usize { return powers; }

/** The float64 nearest to `digits` times ten to the `exponent`. */
@inline export function nearest(digits: u64, exponent: i32): f64 {
  if (digits <= HIDDEN << 1 && exponent >= -22 && exponent <= 22) {
    const x = digits as f64;
    return exponent < 0 ? x / load<f64>(tens - (exponent << 3)) : x * load<f64>(tens + (exponent << 3));
  }
  return reinterpret<f64>(bitsOf(digits, exponent));
}

/** The bits of the float64 nearest to `digits` times ten to the `exponent`. */
export function bitsOf(digits: u64, exponent: i32): u64 {
  if (digits == 0 || exponent < SMALLEST) return 0;
  if (exponent > LARGEST) return INFINITE;
  const zeros = clz<u64>(digits) as i32, w = digits << zeros, row = powers + ((exponent - SMALLEST) << 4);
  const five = load<u64>(row);
  let high = upper(w, five), low = w * five;
  if ((high & 0x1ff) == 0x1ff) {
    const more = upper(w, load<u64>(row, 8));
    low += more;
    if (more > low) high++;
  }
  const top = (high >> 63) as i32, shift = top + 9;
  let mantissa = high >> shift;
  // The binary exponent: log2(10) in 16 bits after the point.
  let power = ((217706 * exponent) >> 16) + 63 + top - zeros + 1023;
  if (power <= 0) {
    if (power <= -63) return 0;
    mantissa >>= 1 - power;
    return (mantissa + (mantissa & 1)) >> 1;
  }
  // Half way between two floats, which only these powers reach: to the even one.
  if (low <= 1 && exponent >= -4 && exponent <= 23 && (mantissa & 3) == 1 && mantissa << shift == high) mantissa &= ~(<u64>1);
  mantissa = (mantissa + (mantissa & 1)) >> 1;
  if (mantissa >= HIDDEN << 1) {
    mantissa = HIDDEN;
    power++;
  }
  if (power >= 0x7ff) return INFINITE;
  return (mantissa & ~HIDDEN) | (<u64>power << 52);
}

/** The upper 64 bits of a product. */
@inline function upper(x: u64, y: u64): u64 {
  const x0 = x & 0xffffffff, x1 = x >> 32, y0 = y & 0xffffffff, y1 = y >> 32;
  const middle = x1 * y0 + ((x0 * y0) >> 32), other = x0 * y1 + (middle & 0xffffffff);
  return x1 * y1 + (middle >> 32) + (other >> 32);
}
