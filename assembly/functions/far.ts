// The remainder of a large number by π or π/2 (Payne and Hanek, Radian reduction for trigonometric functions, SIGNUM
// 1983): of x = m 2^e, only those bits of 1/π are multiplied by m that the quotient modulo 2 needs. NativeMath does
// this too, but reads in front of its table below 2^22, and keeps too few bits where the remainder is small.

// A word of zeros, then 1/π.
const TABLE = memory.data<u64>([
  0x0000000000000000, 0x517CC1B727220A94, 0xFE13ABE8FA9A6EE0, 0x6DB14ACC9E21C820, 0xFF28B1D5EF5DE2B0,
  0xDB92371D2126E970, 0x0324977504E8C90E, 0x7F0EF58E5894D39F, 0x74411AFA975DA242, 0x74CE38135A2FBF20,
  0x9CC8EB1CC1A99CFA, 0x4E422FC5DEFC941D, 0x8FFC4BFFEF02CC07, 0xF79788C5AD05368F, 0xB69B3F6793E584DB,
  0xA7A31FB34F2FF516, 0xBA93DD63F5F2F8BD, 0x9E839CFBC5294975, 0x35FDAFD88FC6AE84, 0x2B0198237E3DB5D5,
  0xF867DE104D7A1B0E,
], 8);

// Is the multiple last taken away an odd one?
let odd: bool = false;
@inline export function wasOdd(): bool { return odd; }

function highProduct(a: u64, b: u64): u64 {
  const al = a & 0xFFFFFFFF, ah = a >> 32, bl = b & 0xFFFFFFFF, bh = b >> 32;
  const middle = ah * bl + (al * bl >> 32), other = al * bh + (middle & 0xFFFFFFFF);
  return ah * bh + (middle >> 32) + (other >> 32);
}
@inline function word(at: usize, shift: u64): u64 {
  return shift ? load<u64>(at) << shift | load<u64>(at, 8) >> (64 - shift) : load<u64>(at);
}

// The remainder in two parts of x ≥ 2^22 by π / 2^halvings; with `half` 1, by odd multiples of half of that.
function remainder(x: f64, halvings: u64, half: u64): v128 {
  const bits = reinterpret<u64>(x), m = bits & 0xFFFFFFFFFFFFF | 0x10000000000000;
  // the first bit taken stands for the multiple, the others for its fraction
  const start = (bits >> 52) - 1075 + 63 + halvings, at = TABLE + (<usize>(start >> 6) << 3), shift = start & 63;
  const b = word(at + 8, shift), c = word(at + 16, shift);
  const low = m * c, mid = m * b + highProduct(m, c), high = m * word(at, shift) + highProduct(m, b) + u64(mid < m * b);
  let f = (high << 1 | mid >> 63) + (half << 63), g = mid << 1 | low >> 63;
  odd = ((high >> 63 ^ (half & high >> 62)) & 1) != 0;
  const negative = f >> 63 != 0;
  if (negative) { f = ~f; g = ~g; odd = !odd; }
  // f is not 0: no double is that near to a multiple
  const z = clz(f), head = f << z | g >> (64 - z);
  const a = <f64>(head >> 11) * reinterpret<f64>(970 - z << 52);
  const rest = <f64>(head << 53 | (g << z) >> 11) * reinterpret<f64>(906 - z << 52);
  return scaled(a, rest, halvings ? 0.5 : 1, negative);
}
// (a + rest) π by Dekker's product (1971)
function scaled(a: f64, rest: f64, factor: f64, negative: bool): v128 {
  const pi = 3.141592653589793 * factor, piRest = 1.2246467991473532e-16 * factor, p = a * pi;
  const s = a * 134217729, ah = s - (s - a), al = a - ah, t = pi * 134217729, ph = t - (t - pi), pl = pi - ph;
  const tail = (((ah * ph - p) + ah * pl + al * ph) + al * pl) + (a * piRest + rest * pi);
  const r = p + tail, v = f64x2(r, (p - r) + tail);
  return negative ? f64x2.neg(v) : v;
}
@inline export function farRemainder(x: f64, halvings: u64, half: u64): v128 { return remainder(x, halvings, half); }
