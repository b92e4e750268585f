import { type DType, dtypes } from "./dtype.js";
// Floats as decimal text: the fewest digits that tell a value from every other of its dtype, or a given number of
// digits. NumPy does this with Dragon4 (Steele & White 1990); JavaScript's own conversions give the same digits, but
// for ties, which they round away from zero and NumPy to the even digit.

/** How many bits of a float count: the dtypes float64, float32 and float16. */
export type Bits = 64 | 32 | 16;

/** The bits of a dtype's floats: of complex numbers those of a part; integers are written as float64 is. */
export function bitsOf(dtype: DType): Bits {
  const { kind, itemsize } = dtypes[dtypes[dtype].part];
  return kind === "f" ? ((itemsize * 8) as Bits) : 64; // floats have 2, 4 or 8 bytes
}

/** How many digits are wanted. */
export interface Digits {
  /** At most so many after the point; null: no limit. */
  readonly precision: number | null;
  /** At least so many after the point, exact ones where the shortest are fewer. */
  readonly least: number;
  /** The fewest digits that tell the value, within these limits; otherwise exactly `precision`. */
  readonly unique: boolean;
}

/** A value rounded to the nearest of a dtype's. */
export function roundTo(bits: Bits, x: number): number {
  if (bits === 64 || x === 0 || !Number.isFinite(x)) return x;
  if (bits === 32) return Math.fround(x);
  if (Math.abs(x) >= 65520) return Math.sign(x) * Number.POSITIVE_INFINITY;
  // Adding and subtracting a power of two leaves the bits of a half, rounded to even by the hardware.
  const exponent = Math.max(Math.floor(Math.log2(Math.abs(x))), -14),
    carrier = 2 ** (exponent + 42);
  const rounded = Math.abs(x) + carrier - carrier;
  return Math.sign(x) * rounded;
}

/** The shortest digits of a positive number of a dtype, and the power of ten of the first. */
function shortest(bits: Bits, x: number): [digits: string, exponent: number] {
  if (bits === 64) return split(x.toExponential());
  for (let places = 0; ; places++) {
    // Just above a power of two values lie wider apart than below: of a tie there the upper one may be the only one.
    for (const [digits, exponent] of [rounded(x, places), split(x.toExponential(places))]) {
      if (roundTo(bits, Number(`${digits}e${exponent - places}`)) === x) return [digits, exponent];
    }
  }
}

function split(text: string): [digits: string, exponent: number] {
  const [mantissa, exponent] = text.split("e");
  return [mantissa.replace(".", ""), Number(exponent)];
}

const EXACT = 100;

// The digits of a number rounded after `places` digits behind the first; a tie goes to the even digit.
function rounded(x: number, places: number): [digits: string, exponent: number] {
  const [up, exponent] = split(x.toExponential(Math.min(places, EXACT)));
  const [exact, floor] = split(x.toExponential(EXACT));
  const half = exact.slice(places + 1);
  if (!/^50*$/.test(half) || Number(exact[places]) % 2 === 1) return [up, exponent];
  return [exact.slice(0, places + 1), floor];
}

/** A finite number as `ddd.ddd`, split at the point; trailing zeros of the fraction are left out down to `least`. */
export function positional(
  bits: Bits,
  x: number,
  { precision, least, unique }: Digits,
): [whole: string, fraction: string] {
  const sign = x < 0 || Object.is(x, -0) ? "-" : "",
    size = Math.abs(x);
  let [digits, exponent] = size === 0 ? ["0", 0] : shortest(bits, size);
  const places = digits.length - 1 - exponent,
    wanted = unique ? Math.min(Math.max(places, least), precision ?? places) : (precision ?? places);
  if (size !== 0 && wanted !== places && (wanted < places || !unique || places < least)) {
    [digits, exponent] = cutAt(size, wanted);
  }
  const all = exponent < 0 ? "0".repeat(-exponent) + digits : digits.padEnd(exponent + 1, "0");
  const point = Math.max(exponent, 0) + 1,
    least0 = unique ? least : wanted;
  const fraction = all.slice(point).padEnd(least0, "0");
  return [sign + all.slice(0, point), trimmed(fraction, least0)];
}

// The digits of a number rounded to `places` behind the point: digit 0 if nothing is left.
function cutAt(size: number, places: number): [digits: string, exponent: number] {
  const exponent = split(size.toExponential(EXACT))[1],
    behindFirst = exponent + places;
  if (behindFirst >= 0) return rounded(size, behindFirst);
  // Below the last place: at most half of it, or more.
  const unit = 10 ** -places;
  return behindFirst === -1 && size > unit / 2 ? ["1", -places] : ["0", 0];
}

function trimmed(fraction: string, least: number): string {
  let end = fraction.length;
  while (end > least && fraction[end - 1] === "0") end--;
  return fraction.slice(0, end);
}

/** A finite number as `d.ddde±xx`, in three parts; the exponent has at least two digits. */
export function scientific(
  bits: Bits,
  x: number,
  { precision, least, unique }: Digits,
): [whole: string, fraction: string, exponent: string] {
  const sign = x < 0 || Object.is(x, -0) ? "-" : "",
    size = Math.abs(x);
  let [digits, exponent] = size === 0 ? ["0", 0] : shortest(bits, size);
  const places = digits.length - 1,
    wanted = unique ? Math.min(Math.max(places, least), precision ?? places) : (precision ?? places);
  if (size !== 0 && wanted !== places) [digits, exponent] = rounded(size, wanted);
  const keep = unique ? least : wanted,
    fraction = trimmed(digits.slice(1).padEnd(keep, "0"), keep);
  return [sign + digits[0], fraction, (exponent < 0 ? "-" : "+") + String(Math.abs(exponent)).padStart(2, "0")];
}
