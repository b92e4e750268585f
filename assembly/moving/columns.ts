import { Box } from "../box";
import { DType, forBits, forFloatOrHalf } from "../dtype";
import { halfToFloat, toHalf } from "../half";

// What a look at a whole column asks, block by block, and no fold tells.

/** Adds a row of x to `out` one element after the other, rounding every sum to the dtype: a float one. */
export function runningSum(dtype: DType, box: usize): void { forFloatOrHalf<Running, RunningHalves>(dtype, box); }

@unmanaged class Running extends Box {
  run<T>(): void {
    const step = this.xStep;
    let x = this.x, sum = load<T>(this.out);
    for (let n = this.cols; n; --n, x += step) sum += load<T>(x);
    store<T>(this.out, sum);
  }
}

@unmanaged class RunningHalves extends Box {
  run<T>(): void {
    const step = this.xStep;
    let x = this.x, sum = halfToFloat(load<u16>(this.out));
    for (let n = this.cols; n; --n, x += step) sum = halfToFloat(toHalf<f32>(sum + halfToFloat(load<u16>(x))));
    store<u16>(this.out, toHalf<f32>(sum));
  }
}

/** Slots of the table of `distinct`: twice as many as values may be in it. */
const SLOTS: usize = 512;

/**
 * Enters a row of x into a set of at most zRow = 256 values, told apart by their bits: dtypes by their width. Before the
 * first row every slot of the table holds the first value, which therefore is in the set, and means an empty slot.
 *
 *   out  512 elements, the table     y  that first value     z  how many values there are: before, and after
 *
 * Returns how many there are; one more than zRow says that there are others, and the table is of no further use.
 */
export function distinct(dtype: DType, box: usize): usize {
  forBits<Distinct>(dtype, box);
  return changetype<Distinct>(box).z;
}

@unmanaged class Distinct extends Box {
  run<T>(): void {
    const table = this.out, first = load<T>(this.y), step = this.xStep, most = <usize>this.zRow;
    let x = this.x, count = this.z;
    for (let n = this.cols; n && count <= most; --n, x += step) {
      const value = load<T>(x);
      // Fibonacci hashing (Knuth 1973, section 6.4): the highest nine bits of a product with 2⁶⁴ / φ.
      let slot = <usize>((<u64>value * 0x9e3779b97f4a7c15) >> 55);
      let held = load<T>(table + slot * sizeof<T>());
      while (held != value && held != first) {
        slot = (slot + 1) & (SLOTS - 1);
        held = load<T>(table + slot * sizeof<T>());
      }
      if (held == value) continue;
      store<T>(table + slot * sizeof<T>(), value);
      count++;
    }
    this.z = count;
  }
}
