import { Box } from "../box";
import { DType, forEvery } from "../dtype";
import { complex64KeyAt, complexKeyAt, keyAt } from "./keys";

/**
 * Writes to out, as int32, where elements of x would be put into the sorted elements of y. What else there is to know
 * stands where no element does:
 *
 *   y   the first element     yRow  how many there are        yStep  bytes between them
 *   z   int32 indices that would sort them, or 0              zStep  bytes between these
 *   zRow  0 before elements that are equal, 1 after them
 *
 * A search begins where the one before ended, as NumPy's do. Returns 1 if an index of z is out of range, else 0.
 */
export function searchsorted(dtype: DType, box: usize): usize {
  changetype<Search>(box).beyond = 0;
  forEvery<Search>(dtype, box);
  return changetype<Search>(box).beyond;
}

@unmanaged class Search extends Box {
  beyond: usize;

  @inline run<T>(): void { this.each<RealKey<T>>(); }
  @inline runComplex<F>(): void {
    if (sizeof<F>() == 4) this.each<Complex64Key>();
    else this.each<Complex128Key>();
  }

  each<Key>(): void {
    let out = this.out, x = this.x;
    for (let rows = this.rows; rows; rows--, out += this.outRow, x += this.xRow) this.row<Key>(out, x);
  }

  row<Key>(out: usize, x: usize): void {
    const key = changetype<Key>(0), n = <usize>this.yRow, y = this.y, yStep = this.yStep, z = this.z, zStep = this.zStep,
      after = this.zRow != 0;
    let low: usize = 0, high = n, lastHigh: u64 = 0, lastLow: u64 = 0, begun = false;
    for (let left = this.cols; left; left--, x += this.xStep, out += this.outStep) {
      const keyHigh = key.high(x), keyLow = key.low(x);
      if (begun && precedes(lastHigh, lastLow, keyHigh, keyLow, after)) high = n;
      else { low = 0; high = high < n ? high + 1 : n; }
      begun = true;
      lastHigh = keyHigh;
      lastLow = keyLow;
      while (low < high) {
        const middle = low + ((high - low) >> 1);
        let at = middle;
        if (z) {
          at = load<u32>(z + middle * zStep);
          if (at >= n) { this.beyond = 1; return; }
        }
        const p = y + at * yStep;
        if (precedes(key.high(p), key.low(p), keyHigh, keyLow, after)) low = middle + 1;
        else high = middle;
      }
      store<u32>(out, <u32>low);
    }
  }
}

@inline function precedes(high: u64, low: u64, keyHigh: u64, keyLow: u64, after: bool): bool {
  return high < keyHigh || (high == keyHigh && (low < keyLow || (after && low == keyLow)));
}

@unmanaged class RealKey<T> {
  @inline high(p: usize): u64 { return keyAt<T>(p); }
  @inline low(p: usize): u64 { return 0; }
}
@unmanaged class Complex64Key {
  @inline high(p: usize): u64 { return complex64KeyAt(p); }
  @inline low(p: usize): u64 { return 0; }
}
@unmanaged class Complex128Key {
  @inline high(p: usize): u64 { return complexKeyAt<f64, u64>(p, false); }
  @inline low(p: usize): u64 { return complexKeyAt<f64, u64>(p, true); }
}
