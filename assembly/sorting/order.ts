import { Box } from "../box";
import { DType, forEvery, forWidth } from "../dtype";
import { bytesOf } from "../half";
import { complex64KeyAt, complexKeyAt, keyAt } from "./keys";
import { COUNTERS, sortKeys } from "./radix";
import { selectKey } from "./select";

// Orders of indices: argsort, argpartition, lexsort. What is sorted are items of 64 bits, no two of which are equal, so
// that elements that are equal stay in their order:
//
//      high 32 bits                   low 32 bits
//      a part of the key              where in the row the element is
//
// Where the first parts of several items are the same, these are sorted by the next, and so on.

/** Stands for a part that is to be looked for. */
const LOOK: i32 = -1;

/** Bytes of scratch for rows of n elements; they may be too many for memory. */
export function orderScratch(n: usize): f64 { return 16 * <f64>n + <f64>COUNTERS; }

/** Writes the int32 indices that would sort the rows of x, of any dtype, to those of out; y is scratch. */
export function argsort(dtype: DType, box: usize): void {
  const order = changetype<Order>(box);
  order.given = 0;
  order.eachRow(dtype, false);
}

/** The same of indices that stand in out, which stay in their order where elements are equal: a sort by one key more. */
export function argsortAgain(dtype: DType, box: usize): void {
  const order = changetype<Order>(box);
  order.given = 1;
  order.eachRow(dtype, false);
}

/**
 * Writes indices that would put the elements of the ranks that stand at z, as uint32 in ascending order, zRow of them,
 * into their places.
 */
export function argpartition(dtype: DType, box: usize): void {
  const order = changetype<Order>(box);
  order.given = 0;
  order.eachRow(dtype, true);
}

@unmanaged class Order extends Box {
  given: usize;
  /** The items that get another part of their keys, which part, and how many there are. */
  from: usize; to: usize; part: i32; parts: i32;
  /** Bits at the front of 64-bit keys that are the same in all of the row, and so are no part. */
  same: i32;

  eachRow(dtype: DType, some: bool): void {
    for (let rows = this.rows; rows; rows--, this.out += this.outRow, this.x += this.xRow) {
      const items = this.y, n = this.cols;
      for (let i: usize = 0; i < n; i++) store<u64>(items + (i << 3), i);
      this.put(dtype, items, n, LOOK);
      this.put(dtype, items, n, 0);
      if (some) this.ranks(dtype);
      else this.sortPart(dtype, items, n, 0);
      this.give();
    }
  }

  // Puts a part of their keys into n items.
  put(dtype: DType, items: usize, n: usize, part: i32): void {
    this.from = items;
    this.to = items + (n << 3);
    this.part = part;
    forEvery<Order>(dtype, changetype<usize>(this));
  }
  @inline run<T>(): void {
    if (bytesOf<T>() == 8) this.putParts<LongKey<T>>();
    else this.putParts<ShortKey<T>>();
  }
  @inline runComplex<F>(): void {
    if (sizeof<F>() == 4) this.putParts<Complex64Key>();
    else this.putParts<Complex128Key>();
  }
  putParts<Key>(): void {
    const key = changetype<Key>(0);
    if (this.part == LOOK) return this.look<Key>();
    const x = this.x, xStep = this.xStep, out = this.out, outStep = this.outStep, part = this.part, same = this.same,
      given = this.given;
    for (let p = this.from, end = this.to; p < end; p += 8) {
      let i: isize = load<u32>(p);
      if (given) i = load<u32>(out + i * outStep);
      store<u32>(p, key.part(x + i * xStep, part, same), 4);
    }
  }

  // Finds out how many parts tell the elements of a row apart.
  look<Key>(): void {
    const key = changetype<Key>(0), xStep = this.xStep;
    this.same = 0;
    this.parts = key.parts();
    if (!isDefined(key.whole)) return;
    let x = this.x, varying: u64 = 0;
    const first = key.whole(x);
    for (let n = this.cols; n; n--, x += xStep) varying |= key.whole(x) ^ first;
    this.same = varying ? <i32>clz(varying) : 0;
    if (varying << this.same << 32 == 0) this.parts = 1;
  }

  // Sorts items by one part of their keys, then those that are equal in it by the next.
  sortPart(dtype: DType, items: usize, n: usize, part: i32): void {
    sortKeys<u64>(items, n, this.y + (this.cols << 3), 32);
    if (part + 1 == this.parts) return;
    for (let p = items, end = items + (n << 3); p < end;) {
      const key = load<u32>(p, 4);
      let q = p + 8;
      while (q < end && load<u32>(q, 4) == key) q += 8;
      if (q > p + 8) {
        this.put(dtype, p, (q - p) >> 3, part + 1);
        this.sortPart(dtype, p, (q - p) >> 3, part + 1);
      }
      p = q;
    }
  }

  ranks(dtype: DType): void {
    let done: usize = 0;
    for (let i: usize = 0; i < <usize>this.zRow; i++) {
      const kth: usize = load<u32>(this.z + (i << 2));
      if (kth < done) continue;
      this.selectPart(dtype, this.y + (done << 3), this.cols - done, kth - done, 0);
      done = kth + 1;
    }
  }

  // Puts the item of a rank into its place by one part of the keys, then among those that are equal in it by the next.
  selectPart(dtype: DType, items: usize, n: usize, kth: usize, part: i32): void {
    selectKey<u64>(items, n, kth);
    if (part + 1 == this.parts) return;
    const at = items + (kth << 3), key = load<u32>(at, 4), from = gatherBefore(items, at, key),
      to = gatherAfter(at, items + (n << 3), key), equal = (to - from) >> 3;
    if (equal == 1) return;
    this.put(dtype, from, equal, part + 1);
    this.selectPart(dtype, from, equal, kth - ((from - items) >> 3), part + 1);
    // What is selected next finds this part again.
    this.put(dtype, from, equal, part);
  }

  // Writes the indices of the items; where some were given, these in the items' order.
  give(): void {
    const items = this.y, end = items + (this.cols << 3), outStep = this.outStep;
    let out = this.out;
    if (this.given) {
      for (let p = items; p < end; p += 8) store<u32>(p, load<u32>(out + <isize>load<u32>(p) * outStep));
    }
    for (let p = items; p < end; p += 8, out += outStep) store<u32>(out, load<u32>(p));
  }
}

// Brings the items with a key to the end of those before `at`; returns where they begin.
function gatherBefore(start: usize, at: usize, key: u32): usize {
  let to = at;
  for (let p = at; p > start;) {
    p -= 8;
    if (load<u32>(p, 4) == key) { to -= 8; exchange(p, to); }
  }
  return to;
}

// Brings them to the start of those from `at` on; returns where they end.
function gatherAfter(at: usize, end: usize, key: u32): usize {
  let to = at;
  for (let p = at; p < end; p += 8) if (load<u32>(p, 4) == key) { exchange(p, to); to += 8; }
  return to;
}

@inline function exchange(p: usize, q: usize): void {
  const item = load<u64>(p);
  store<u64>(p, load<u64>(q));
  store<u64>(q, item);
}

/** Copies the elements of rows of x that int32 indices at y pick, by their width; y goes on from row to row as out does. */
export function pick(width: i32, box: usize): void { forWidth<Pick>(width, box); }

@unmanaged class Pick extends Box {
  run<T>(): void {
    const outStep = this.outStep, xStep = this.xStep, yStep = this.yStep;
    let outRow = this.out, x = this.x, yRow = this.y;
    for (let rows = this.rows; rows; rows--, outRow += this.outRow, x += this.xRow, yRow += this.yRow) {
      for (let out = outRow, y = yRow, n = this.cols; n; n--, out += outStep, y += yStep) {
        store<T>(out, load<T>(x + <isize>load<i32>(y) * xStep));
      }
    }
  }
}

// What gives the parts of a key, the most telling first: 32 bits each, after those that are the same in all.
@unmanaged class ShortKey<T> {
  @inline parts(): i32 { return 1; }
  @inline part(p: usize, k: i32, same: i32): u32 { return <u32>keyAt<T>(p); }
}
@unmanaged class LongKey<T> {
  @inline parts(): i32 { return 2; }
  @inline whole(p: usize): u64 { return keyAt<T>(p); }
  @inline part(p: usize, k: i32, same: i32): u32 { return halfOf(keyAt<T>(p) << same, k); }
}
@unmanaged class Complex64Key {
  @inline parts(): i32 { return 2; }
  @inline whole(p: usize): u64 { return complex64KeyAt(p); }
  @inline part(p: usize, k: i32, same: i32): u32 { return halfOf(complex64KeyAt(p) << same, k); }
}
@unmanaged class Complex128Key {
  @inline parts(): i32 { return 4; }
  @inline part(p: usize, k: i32, same: i32): u32 {
    return halfOf(k & 2 ? complexKeyAt<f64, u64>(p, true) : complexKeyAt<f64, u64>(p, false), k & 1);
  }
}
@inline function halfOf(key: u64, k: i32): u32 { return <u32>(k ? key : key >> 32); }
