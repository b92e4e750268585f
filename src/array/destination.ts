import { type Casting, canCast, type Descr, type DType } from "../base/dtype.js";
import { DTypeError } from "../base/errors.js";
import { sameShape } from "../base/layout.js";
import type { Buffer } from "../heap/buffer.js";
import { separate } from "../heap/copyOnWrite.js";
import { clock, listener, notify } from "../heap/listener.js";
import { NDArray, shapeOf, writable } from "./ndarray.js";

// Writing into an array that was there before, in this order:
//
//      checkOut   may it be written, and has it the shape? every other refusal comes here too: nothing has changed yet
//      apart      what would be overwritten before it is read is copied (temporaries.ts)
//      open       lazy copies are made, and the address is read: it may be another than before
//      …          the kernels write
//      close      the write is counted, and the listener hears of it
//
// A new array is checked by nobody, and `addressOf` is enough.

/** The address of an array's first element, to read it, or to write an array that is new. */
export function addressOf(array: NDArray<DType>): number {
  return array.buffer.pointer + array.offset;
}

/**
 * Checks that an array can be written and has the shape of the result. `unfit` says that it has another: NumPy has a
 * sentence of its own for each family of functions.
 */
export function checkOut(
  out: NDArray<DType>,
  shape: readonly number[],
  unfit: (got: readonly number[], expected: readonly number[]) => Error,
): void {
  writable(out, "output array");
  if (!sameShape(shapeOf(out), shape)) throw unfit(shapeOf(out), shape);
}

/** Checks that a result may be cast to the dtype of `out`, for ufuncs and reductions. */
export function checkOutCast(
  ufunc: string,
  resultDtype: Descr,
  out: NDArray<DType>,
  casting: Casting,
  name = "output",
): void {
  if (canCast(resultDtype.name, out.dtype, casting)) return;
  throw new DTypeError(
    `Cannot cast ufunc '${ufunc}' ${name} from dtype('${resultDtype.name}') to dtype('${out.dtype}') with casting rule '${casting}'`,
  );
}

/**
 * Opens an array for writing, after all checks: makes the copies of it that were put off, and gives the address of its
 * first element. Errors: an `OutOfMemoryError`, before anything is written.
 */
export function open(out: NDArray<DType>): number {
  separate(out.buffer);
  return out.buffer.pointer + out.offset;
}

/** Counts the write, and notifies the listener of what was read and written. */
export function close(op: string, inputs: readonly unknown[], out: NDArray<DType>): void {
  out.buffer.version++;
  if (listener !== null) notifyOperation(op, inputs, out.buffer);
}

/** Tells the listener which arrays an operation read, and what it wrote; elements that no buffer keeps by their dtype. */
export function notifyOperation(op: string, inputs: readonly unknown[], output: Buffer | null, descr?: Descr): void {
  let x: Buffer | null = null,
    y: Buffer | null = null;
  for (const input of inputs) {
    if (!(input instanceof NDArray)) continue;
    if (y !== null) {
      y.reads++;
      y.touched = clock;
    }
    if (x === null) x = input.buffer;
    else y = input.buffer;
  }
  notify(op, x, y, output, descr);
}
