import { DType, forBitsOrTrue, forFloat } from "../dtype";
import { EXPONENTIAL_R, NORMAL_R, exponentialTable, f, k, normalBits, normalTable, w } from "./ziggurat";

/**
 * PCG64 (XSL-RR 128/64), and what a call of it wants. src/ keeps a generator's 40 bytes and copies them in and out.
 *
 *    byte   0       8       16      24      32           40                 48    56      64    68
 *           ┌───────┬───────┬───────┬───────┬─────┬──────┬────────┬─────────┬─────┬───────┬─────┬───────┐
 *           │lo     │hi     │incLo  │incHi  │has  │half  │pieces  │pool     │low  │range  │out  │count  │
 *           └───────┴───────┴───────┴───────┴─────┴──────┴────────┴─────────┴─────┴───────┴─────┴───────┘
 *           └──── state ────┴── increment ──┴ a 32-bit ──┘└ 8- and 16-bit ──┘└─ integers ─┘└─ to write ─┘
 *                                             draw kept     pieces kept
 *
 * M. E. O'Neill, "PCG: A Family of Simple Fast Space-Efficient Statistically Good Algorithms for Random Number
 * Generation", HMC-CS-2014-0905. What is kept between draws, and where, is NumPy's, so that the streams agree.
 */
@unmanaged class Generator {
  lo: u64; hi: u64; incLo: u64; incHi: u64;
  has: u32; half: u32;
  pieces: u32; pool: u32;
  low: u64; range: u64;
  out: usize; count: usize;

  @inline next64(): u64 {
    const lo = this.lo, hi = this.hi;
    const product = lo * MULTIPLIER_LO;
    const sum = product + this.incLo;
    const high = hi * MULTIPLIER_LO + lo * MULTIPLIER_HI + mulHigh(lo, MULTIPLIER_LO) + this.incHi + u64(sum < product);
    this.lo = sum;
    this.hi = high;
    return rotr(high ^ sum, high >> 58);
  }

  // The low half first; the high half is kept, also from one call to the next.
  @inline next32(): u32 {
    if (this.has) {
      this.has = 0;
      return this.half;
    }
    const both = this.next64();
    this.has = 1;
    this.half = <u32>(both >> 32);
    return <u32>both;
  }

  // 8 or 16 bits of a 32-bit draw, lowest first; what is left is kept for one call of src/ only.
  @inline nextPiece<U>(): U {
    if (this.pieces) {
      this.pieces -= 1;
      this.pool >>= 8 * sizeof<U>();
    } else {
      this.pool = this.next32();
      this.pieces = 4 / sizeof<U>() - 1;
    }
    return <U>this.pool;
  }

  @inline next<U>(): U {
    if (sizeof<U>() == 8) return <U>this.next64();
    if (sizeof<U>() == 4) return <U>this.next32();
    return this.nextPiece<U>();
  }

  // In [0, 1): the upper 53 or 24 bits of a draw.
  @inline uniform<F>(): F {
    if (sizeof<F>() == 8) return <F>(<f64>(<i64>(this.next64() >> 11)) * (1.0 / 9007199254740992.0));
    return <F>(<f32>(<i32>(this.next32() >> 8)) * (1.0 / 16777216.0));
  }

  // In [0, range], unbiased. D. Lemire, "Fast Random Integer Generation in an Interval", ACM TOMACS 29 (1), 2019.
  @inline below<U>(range: U): U {
    if (range == <U>(-1)) return this.next<U>();
    const values = <U>(range + 1);
    let draw = this.next<U>();
    let low = <U>(draw * values);
    if (low < values) {
      const threshold = <U>((<U>(-1) - range) % values);
      while (low < threshold) {
        draw = this.next<U>();
        low = <U>(draw * values);
      }
    }
    if (sizeof<U>() == 8) return <U>mulHigh(<u64>draw, <u64>values);
    return <U>((<u64>draw * <u64>values) >> (8 * sizeof<U>()));
  }
}

const MULTIPLIER_HI: u64 = 0x2360ED051FC65DA4;
const MULTIPLIER_LO: u64 = 0x4385DF649FCCF645;

/** The upper 64 of the 128 bits of a product. */
@inline function mulHigh(x: u64, y: u64): u64 {
  const x0 = x & 0xFFFFFFFF, x1 = x >> 32;
  const y0 = y & 0xFFFFFFFF, y1 = y >> 32;
  const middle = x1 * y0 + (x0 * y0 >> 32);
  return x1 * y1 + (middle >> 32) + ((middle & 0xFFFFFFFF) + x0 * y1 >> 32);
}

// A distribution is a token: one value of type F out of words of type U, which is as wide.
@unmanaged class Fill<Distribution> extends Generator {
  run<F>(): void {
    if (sizeof<F>() == 8) this.fill<f64, u64>();
    else this.fill<f32, u32>();
  }

  @inline fill<F, U>(): void {
    const distribution = changetype<Distribution>(0);
    const end = this.out + (this.count << alignof<F>());
    for (let out = this.out; out < end; out += sizeof<F>()) store<F>(out, distribution.of<F, U>(this));
  }
}

@unmanaged class Uniform {
  @inline of<F, U>(from: Generator): F { return from.uniform<F>(); }
}

// log(1 - u) for the tails. C libraries differ in its last place, and so do NumPy's tails between them; of 10^6 float64
// tails glibc 2.36 and this differ in 35. float32 is the nearest, which glibc's log1pf misses for 1 tail in 200.
@inline function logOfRest<F>(from: Generator): F { return <F>NativeMath.log1p(-<f64>from.uniform<F>()); }

@unmanaged class Normal {
  // Bits of the word: 8 the level, 1 the sign, then the magnitude.
  @inline of<F, U>(from: Generator): F {
    const table = normalTable();
    while (true) {
      const word = from.next<U>();
      const level = table + ((<usize>word & 0xFF) << alignof<F>());
      const magnitude = <U>(word >> 9) & <U>((<U>1 << normalBits<F>()) - 1);
      const sign = <U>(word & 0x100) << (8 * sizeof<U>() - 9);
      // A branch on a random sign would be mispredicted every other time.
      const x = reinterpret<F>(reinterpret<U>(<F>(magnitude) * load<F>(level, w<F>())) | sign);
      if (magnitude < load<U>(level, k<F>())) return x;
      if (level == table) return normalTail<F>(from, bool(magnitude & 0x100));
      if (isUnder<F>(from, level, NativeMath.exp(-0.5 * <f64>x * <f64>x))) return x;
    }
  }
}

// Beyond r: two exponentials, accepted together (G. Marsaglia, 1964).
function normalTail<F>(from: Generator, negative: bool): F {
  while (true) {
    const x = <F>(-1.0 / NORMAL_R) * logOfRest<F>(from);
    const y = -logOfRest<F>(from);
    if (y + y > x * x) return negative ? -(<F>NORMAL_R + x) : <F>NORMAL_R + x;
  }
}

// Whether a height drawn between a level's two edges lies under the density.
@inline function isUnder<F>(from: Generator, level: usize, density: f64): bool {
  const above = load<F>(level - sizeof<F>(), f<F>()), below = load<F>(level, f<F>());
  return <f64>((above - below) * from.uniform<F>() + below) < density;
}

@unmanaged class Exponential {
  // Bits of the word: 3 (float32: 1) unused, 8 the level, then the magnitude.
  @inline of<F, U>(from: Generator): F {
    const table = exponentialTable();
    const unused: U = sizeof<F>() == 8 ? 3 : 1;
    while (true) {
      const word = from.next<U>() >> unused;
      const level = table + ((<usize>word & 0xFF) << alignof<F>());
      const magnitude = <U>(word >> 8);
      const x = <F>(magnitude) * load<F>(level, w<F>());
      if (magnitude < load<U>(level, k<F>())) return x;
      if (level == table) return <F>EXPONENTIAL_R - logOfRest<F>(from);
      if (isUnder<F>(from, level, <f64>(<F>NativeMath.exp(-<f64>x)))) return x;
    }
  }
}

@unmanaged class Integers extends Generator {
  run<T>(): void {
    if (sizeof<T>() == 8 && this.range <= <u64>u32.MAX_VALUE) this.fill<T, u32>();
    else this.fill<T, T>();
  }

  // Values of type T out of words of type U: 64-bit integers of a short range take 32-bit words.
  @inline fill<T, U>(): void {
    const low = <T>this.low, range = <U>this.range;
    const end = this.out + (this.count << alignof<T>());
    for (let out = this.out; out < end; out += sizeof<T>()) {
      store<T>(out, range ? <T>(low + <T>this.below<U>(range)) : low);
    }
  }
}

// Bools take one bit each of a 32-bit word.
@unmanaged class Bools extends Generator {
  run<T>(): void {
    const low = <u8>this.low, end = this.out + this.count;
    for (let out = this.out; out < end; ++out) store<u8>(out, this.range ? this.bit() : low);
  }

  @inline bit(): u8 {
    if (this.pieces) {
      this.pieces -= 1;
      this.pool >>= 1;
    } else {
      this.pool = this.next32();
      this.pieces = 31;
    }
    return <u8>(this.pool & 1);
  }
}

const state = memory.data(128, 64);

/** The state src/ writes for the calls of this thread. */
export function randomState(): usize { return state; }

/** Fills `count` elements at `out` with uniform values in [0, 1). */
export function random(dtype: DType, state: usize): void { forFloat<Fill<Uniform>>(dtype, state); }

/** Fills with normal values of mean 0 and variance 1. */
export function standardNormal(dtype: DType, state: usize): void { forFloat<Fill<Normal>>(dtype, state); }

/** Fills with exponential values of mean 1. */
export function standardExponential(dtype: DType, state: usize): void { forFloat<Fill<Exponential>>(dtype, state); }

/** Fills with integers from `low` to `low + range` inclusive; src/ clears `pieces` before a call's first chunk. */
export function integers(dtype: DType, state: usize): void { forBitsOrTrue<Integers, Bools>(dtype, state); }
