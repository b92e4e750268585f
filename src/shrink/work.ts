import { type Descr, dtypes } from "../base/dtype.js";
import { foldFlat, packOut, packX, packY, runBox, runFlat, setBox, setX, setZ, slot, slots } from "../core/box.js";
import { cast, selectKernel, widths } from "../core/boxes.js";
import { arithmetic } from "../core/chapters/arithmetic.js";
import { comparisons } from "../core/chapters/comparisons.js";
import { reducing } from "../core/chapters/reducing.js";
import { view } from "../core/instance.js";
import { allocate, free } from "../heap/allocate.js";
import type { Buffer } from "../heap/buffer.js";

// What a report works in: one piece of scratch of 57 KiB, cut into areas for a block of 1,024 elements, and the kernels
// run over them. Whatever the columns are, nothing else is allocated; but columns that are read side by side, piece by
// piece, have 4 KiB each for what is known of them.

/** The most elements of a block. */
export const BLOCK = 1024;

/** The most distinct values that are counted, and the bytes of the table they are counted with. */
export const DISTINCT = 256;
const TABLE = 512 * 8;

const FLOAT64 = dtypes.float64.code,
  BOOL = dtypes.bool.code,
  WIDTH = 8;

type Elementwise = "rint" | "absolute" | "add" | "subtract" | "multiply" | "divide";
type Test = "isnan" | "isfinite" | "equal" | "less" | "greater";

/** Where what is kept of a column from block to block lies: its distinct values, the first of them, two running sums. */
export interface Kept {
  readonly table: number;
  readonly first: number;
  readonly sums: readonly [float16: number, float32: number];
}

/**
 * The areas of a block, by address. All are float64 but for `values`, `narrow` and the masks.
 *
 *   values  the elements as they are     near  whole numbers    size    |x|, ∞ where that is no divisor
 *   x       the same as float64          low   what x lacks     back    a candidate's values, then their errors
 *   narrow  in a candidate's dtype       mask  bools
 */
export class Work {
  readonly values: number;
  readonly x: number;
  readonly near: number;
  readonly size: number;
  readonly back: number;
  readonly low: number;
  readonly narrow: number;
  readonly mask: number;
  /** What is kept of each column. */
  readonly columns: readonly Kept[];
  /** How many elements the block has now. */
  n = 0;
  readonly #buffer: Buffer;

  constructor(op: string, columns = 1) {
    const sizes = [...new Array<number>(6).fill(WIDTH * BLOCK), 4 * BLOCK, BLOCK];
    for (let k = 0; k < columns; k++) sizes.push(TABLE, 8, 8, 8);
    const nbytes = sizes.reduce((sum, size) => sum + size, 0);
    this.#buffer = allocate(nbytes, op, dtypes.uint8, [nbytes], null, true);
    let next = this.#buffer.pointer;
    const [values, x, near, size, back, low, narrow, mask, ...kept] = sizes.map((bytes) => {
      next += bytes;
      return next - bytes;
    });
    [this.values, this.x, this.near, this.size, this.back, this.low] = [values, x, near, size, back, low];
    [this.narrow, this.mask] = [narrow, mask];
    this.columns = Array.from({ length: columns }, (_, k) => {
      const [table, first, half, single] = kept.slice(4 * k);
      return { table, first, sums: [half, single] };
    });
  }

  release(): void {
    free(this.#buffer, "operation");
  }

  /** Casts the block from one area to another. */
  cast(from: number, to: number, out: number, x: number): void {
    setBox(1, this.n);
    packOut(out, widths[to]);
    packX(x, widths[from]);
    cast(from, to);
  }

  /** `out = kernel(x, y)`; kernels of one operand ignore y. */
  compute(kernel: Elementwise, out: number, x: number, y = x): void {
    runFlat(arithmetic.kernels[kernel], FLOAT64, this.n, out, WIDTH, x, WIDTH, y, WIDTH);
  }

  /** `out = kernel(x, number)`. */
  computeWith(kernel: Elementwise, out: number, x: number, value: number): void {
    runFlat(arithmetic.kernels[kernel], FLOAT64, this.n, out, WIDTH, x, WIDTH, slotOf(value), 0);
  }

  /** `mask = kernel(x, y)`; returns for how many it is true. */
  test(kernel: Test, mask: number, x: number, y = x): number {
    runFlat(comparisons.kernels[kernel], FLOAT64, this.n, mask, 1, x, WIDTH, y, WIDTH);
    return this.#count(mask);
  }

  /** `mask = kernel(x, number)`; returns for how many it is true. */
  testWith(kernel: Test, mask: number, x: number, value: number): number {
    runFlat(comparisons.kernels[kernel], FLOAT64, this.n, mask, 1, x, WIDTH, slotOf(value), 0);
    return this.#count(mask);
  }

  /** Turns a mask round. */
  invert(mask: number): void {
    runFlat(comparisons.kernels.equal, BOOL, this.n, mask, 1, mask, 1, slotOf(0), 0);
  }

  /** Writes a number over the elements of `out` where the mask is true. */
  put(out: number, value: number, mask: number): void {
    setBox(1, this.n);
    packOut(out, WIDTH);
    setX(slotOf(value), 0, 0);
    packY(out, WIDTH);
    setZ(mask, 0, 1);
    runBox(selectKernel, FLOAT64);
  }

  /** The smallest or the largest element; NaN wins. */
  extreme(kernel: "min" | "max", x: number): number {
    foldFlat(reducing.kernels[kernel], FLOAT64, this.n, x, WIDTH);
    return view.getFloat64(slot(slots.result), true);
  }

  /** The smallest or the largest of the elements as they are, of 64-bit integers. */
  extremeBigint(kernel: "min" | "max", { code, kind }: Descr): bigint {
    foldFlat(reducing.kernels[kernel], code, this.n, this.values, WIDTH);
    return kind === "u" ? view.getBigUint64(slot(slots.result), true) : view.getBigInt64(slot(slots.result), true);
  }

  #count(mask: number): number {
    foldFlat(reducing.kernels.countNonzero, BOOL, this.n, mask, 1);
    return view.getInt32(slot(slots.result), true);
  }
}

// Where a kernel finds a number that is one of its operands.
function slotOf(value: number): number {
  view.setFloat64(slot(slots.constant), value, true);
  return slot(slots.constant);
}
