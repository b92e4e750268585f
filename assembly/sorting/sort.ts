import { Box } from "../box";
import { DType, forEvery } from "../dtype";
import { bytesOf } from "../half";
import { countersOf, countingSort, sortTruths } from "./count";
import { toBits, toKeys } from "./keys";
import { COUNTERS, MANY, sortKeys } from "./radix";
import { selectKey } from "./select";

// Sorting and selecting in place. x is `rows` rows of `cols` packed elements, y is scratch: `sortScratch` says how much.

/** From so many elements on counting is quicker than anything else. */
const MANY_BYTES: usize = 64, MANY_WORDS: usize = 32768;

/** Bytes of scratch that `sort` needs for rows of n elements of so many bytes; they may be too many for memory. */
export function sortScratch(width: usize, n: usize): f64 {
  if (width == 1 && n >= MANY_BYTES) return <f64>countersOf<u8>();
  if (width == 2 && n >= MANY_WORDS) return <f64>countersOf<u16>();
  return <f64>n * <f64>width + <f64>(n >= MANY ? COUNTERS : 0);
}

/** Sorts rows of any real dtype in place; NaN comes last. The order of elements that are equal is not kept. */
export function sort(dtype: DType, box: usize): void { forEvery<Sort>(dtype, box); }

@unmanaged class Sort extends Box {
  @inline run<T>(): void {
    for (let at = this.x, rows = this.rows; rows; rows--, at += this.xRow) {
      if (isBoolean<T>()) sortTruths(at, this.cols);
      else if (bytesOf<T>() == 1) sortElements<T, i8, u8>(at, this.cols, this.y);
      else if (bytesOf<T>() == 2) sortElements<T, i16, u16>(at, this.cols, this.y);
      else if (bytesOf<T>() == 4) sortElements<T, i32, u32>(at, this.cols, this.y);
      else sortElements<T, i64, u64>(at, this.cols, this.y);
    }
  }
  // src/ sorts complex numbers by their indices.
  @inline runComplex<F>(): void {}
}

function sortElements<T, S, K>(at: usize, n: usize, scratch: usize): void {
  if (sizeof<K>() == 1 && n >= MANY_BYTES || sizeof<K>() == 2 && n >= MANY_WORDS) {
    return countingSort<T, K>(at, n, scratch);
  }
  const end = at + n * sizeof<K>();
  toKeys<T, S, K>(at, end);
  sortKeys<K>(at, n, scratch, 0);
  toBits<T, S, K>(at, end);
}

/**
 * Puts the elements of the ranks that stand at z, as uint32 in ascending order, zRow of them, into their places: none
 * before is larger, none after is smaller. Of bytes and bools all are sorted.
 */
export function partition(dtype: DType, box: usize): void { forEvery<Partition>(dtype, box); }

@unmanaged class Partition extends Box {
  @inline run<T>(): void {
    for (let at = this.x, rows = this.rows; rows; rows--, at += this.xRow) {
      if (isBoolean<T>()) sortTruths(at, this.cols);
      else if (bytesOf<T>() == 1) sortElements<T, i8, u8>(at, this.cols, this.y);
      else if (bytesOf<T>() == 2) this.select<T, i16, u16>(at);
      else if (bytesOf<T>() == 4) this.select<T, i32, u32>(at);
      else this.select<T, i64, u64>(at);
    }
  }
  @inline runComplex<F>(): void {}

  select<T, S, K>(at: usize): void {
    const n = this.cols, end = at + n * sizeof<K>();
    toKeys<T, S, K>(at, end);
    let done: usize = 0;
    for (let i: usize = 0; i < <usize>this.zRow; i++) {
      const kth: usize = load<u32>(this.z + (i << 2));
      if (kth < done) continue;
      selectKey<K>(at + done * sizeof<K>(), n - done, kth - done);
      done = kth + 1;
    }
    toBits<T, S, K>(at, end);
  }
}

/** Whether equal elements of rows of floats may differ: whether there is -0 or NaN among them. Rows may be strided. */
export function ambiguous(dtype: DType, box: usize): bool {
  changetype<Ambiguous>(box).found = 0;
  forEvery<Ambiguous>(dtype, box);
  return changetype<Ambiguous>(box).found != 0;
}

@unmanaged class Ambiguous extends Box {
  found: usize;

  @inline run<T>(): void {
    if (isReference<T>()) this.look<u16>(0x8000, 0x7c00);
    else if (isFloat<T>() && sizeof<T>() == 4) this.look<u32>(0x80000000, 0x7f800000);
    else if (isFloat<T>()) this.look<u64>(0x8000000000000000, 0x7ff0000000000000);
  }
  @inline runComplex<F>(): void { this.found = 1; }

  look<K>(minusZero: K, infinity: K): void {
    let row = this.x;
    for (let rows = this.rows; rows; rows--, row += this.xRow) {
      let p = row;
      for (let n = this.cols; n; n--, p += this.xStep) {
        const bits = load<K>(p);
        if (bits == minusZero || (bits & ~minusZero) as K > infinity) { this.found = 1; return; }
      }
    }
  }
}
