import { canCast, cannotCast, type Descr, type DType, isStorageOnly } from "../base/dtype.js";
import type { CopyReason } from "../heap/reasons.js";
import { type ArrayLike, copyAs, toArray } from "./convert.js";
import { drop, live, NDArray } from "./ndarray.js";
import { harmfulOverlap, mayMeet } from "./overlap.js";

// What an operation makes on the way to its result: arrays of lists, casts, copies apart from what is written, views.
//
//      using work = new Temporaries("take");            // from here to the end of the block, on errors too
//      const mask = work.array(condition);              // a list becomes an array, which is dropped at the end
//
// No other file drops an array in the name of the operation.

/** Arrays that live as long as a block. `op` is the operation that asks for their memory. */
export class Temporaries {
  #made: NDArray[] | null = null; // most operations make nothing

  constructor(readonly op: string) {}

  /** Takes an array over that was made for this block, and gives it back. */
  use<D extends DType>(array: NDArray<D>): NDArray<D> {
    this.#made ??= [];
    this.#made.push(array as unknown as NDArray); // whatever its dtype
    return array;
  }

  /** An operand as an array: itself, or what is made of a list, a typed array or a scalar. */
  array(value: ArrayLike, dtype?: DType): NDArray {
    if (!(value instanceof NDArray)) return this.use(toArray(value, this.op, dtype)[0]);
    live(value);
    return value;
  }

  /** A contiguous copy, cast to `dtype`. */
  copy<D extends DType = DType>(x: NDArray<DType>, reason: CopyReason, dtype = x.dtype as D): NDArray<D> {
    // Without a D it is that of x.
    return this.use(copyAs(x, dtype, this.op, reason));
  }

  /** An array that writing `out` anywhere, in any order, leaves as it is: itself, or a copy if the two may meet. */
  unmet(x: NDArray<DType>, out: NDArray<DType>): NDArray {
    return mayMeet(x, out) ? this.copy(x, "overlap") : x;
  }

  /**
   * An array that is read element by element while `out` is written in the same order: itself, or a copy as NumPy makes
   * it if that would change what is still to be read. `oneRun`: all operands are one run, in the order of `out`.
   */
  apart(x: NDArray<DType>, out: NDArray<DType>, oneRun: boolean): NDArray {
    if (x.buffer !== out.buffer || !harmfulOverlap(x, out, oneRun)) return x;
    return this.copy(x, "overlap");
  }

  /** An array as an operation that is asked for a dtype reads it: itself, or a copy in that dtype; see `isStoredFirst`. */
  stored(x: NDArray<DType>, asked: Descr): NDArray {
    return isStoredFirst(x.descr, asked) ? this.copy(x, "dtype", asked.name) : x;
  }

  /** The mask of a `where` option: an array of bools, or what becomes one. Errors: a `DTypeError` for another dtype. */
  mask(value: ArrayLike): NDArray {
    const mask = this.array(value);
    if (mask.dtype === "bool") return mask;
    throw cannotCast(mask.dtype, "bool", "safe");
  }

  /** Drops an array before the end of the block, so that what comes next finds its memory free. */
  drop(array: NDArray<DType>): void {
    drop(this.release(array), "operation");
  }

  /** Gives an array back to who made it: it is a result, and the end of the block leaves it. */
  release<D extends DType>(array: NDArray<D>): NDArray<D> {
    const at = this.#made?.lastIndexOf(array as unknown as NDArray) ?? -1; // whatever its dtype
    if (at >= 0) this.#made!.splice(at, 1);
    return array;
  }

  /** What `using` calls at the end of its block. */
  [Symbol.dispose](): void {
    if (this.#made !== null) for (const array of this.#made) drop(array, "operation");
  }
}

/**
 * Whether elements take the dtype that is asked for before they are computed with: what is asked for as float16, which
 * is only stored, is that first. 2049 is 2048 then, and 99999 infinity.
 */
export function isStoredFirst({ name }: Descr, asked: Descr): boolean {
  return isStorageOnly(asked) && !canCast(name, asked.name);
}
