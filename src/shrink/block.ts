import { addressOf } from "../array/destination.js";
import { type NDArray, shapeOf, stridesOf } from "../array/ndarray.js";
import { type Descr, dtypes } from "../base/dtype.js";
import { CALL, packOut, packX, runFlat, setBox, setX, slot, slots } from "../core/box.js";
import { cast } from "../core/boxes.js";
import { comparisons } from "../core/chapters/comparisons.js";
import { view } from "../core/instance.js";
import { inOrder } from "../loops/ordered.js";
import { castTo, inPieces, Lazy } from "../operations/lazy.js";
import { BLOCK, type Work } from "./work.js";

const { float64, uint8 } = dtypes;

/** The integers that float64 holds without a gap go so far. */
const EXACT = 2 ** 53;

const FLOAT64 = float64.code;

/** A block of a column, and what is known of it. */
export class Block {
  min = 0;
  max = 0;
  /** The extremes themselves: bigints of 64-bit integers. */
  least: number | bigint = 0;
  most: number | bigint = 0;
  nans = 0;
  /** Infinities of the values themselves: they overflow integers only. */
  infinitiesBelow = 0;
  infinitiesAbove = 0;
  finite = true;
  /** Whether there are integers that float64 cannot hold; then `work.low` has what is missing. */
  wide = false;
  /** Where the values lie as float64, and where rounded to whole numbers. */
  readonly x: number;
  readonly near: number;
  readonly whole: boolean;

  constructor(
    readonly work: Work,
    readonly descr: Descr,
  ) {
    this.whole = descr.kind !== "f";
    this.x = descr.code === FLOAT64 ? work.values : work.x;
    this.near = this.whole ? this.x : work.near;
  }

  /** Looks at the values that lie in `work.values`. */
  read(): void {
    const { work, x, descr } = this;
    if (x !== work.values) work.cast(descr.code, FLOAT64, x, work.values);
    if (!this.whole) work.compute("rint", work.near, x);
    work.compute("absolute", work.size, x);
    [this.min, this.max] = [work.extreme("min", x), work.extreme("max", x)];
    this.finite = Number.isFinite(this.min) && Number.isFinite(this.max);
    [this.nans, this.infinitiesBelow, this.infinitiesAbove] = [0, 0, 0];
    if (!this.finite) this.#readOdd();
    if (!(this.min > 0 || this.max < 0) && work.testWith("equal", work.mask, x, 0) > 0)
      work.put(work.size, Number.POSITIVE_INFINITY, work.mask);
    this.wide = descr.itemsize === 8 && this.whole && (this.max >= EXACT || this.min <= -EXACT);
    if (this.wide) this.#readLow();
    const exact = this.whole && descr.itemsize === 8;
    this.least = exact ? work.extremeBigint("min", descr) : this.min;
    this.most = exact ? work.extremeBigint("max", descr) : this.max;
  }

  // A relative error divided by ∞ is 0, and the extremes are those of the numbers.
  #readOdd(): void {
    const { work, x } = this;
    this.infinitiesBelow = work.testWith("equal", work.mask, x, Number.NEGATIVE_INFINITY);
    this.infinitiesAbove = work.testWith("equal", work.mask, x, Number.POSITIVE_INFINITY);
    this.nans = work.test("isnan", work.mask, x);
    if (this.nans === 0) return;
    work.put(work.size, Number.POSITIVE_INFINITY, work.mask);
    const extremeBut = (kernel: "min" | "max", filler: number): number => {
      work.cast(FLOAT64, FLOAT64, work.back, x);
      work.put(work.back, filler, work.mask);
      return work.extreme(kernel, work.back);
    };
    this.min = extremeBut("min", Number.POSITIVE_INFINITY);
    this.max = extremeBut("max", Number.NEGATIVE_INFINITY);
  }

  // What a 64-bit integer has that its float64 has not. Both halves of 32 bits are exact, and so is every step:
  // (high · 2³² - x) + low.
  #readLow(): void {
    const { work, x, descr } = this,
      { code } = descr;
    const bits = (kernel: "rightShift" | "bitwiseAnd", by: bigint): void => {
      view.setBigUint64(slot(slots.constant), by, true);
      runFlat(comparisons.kernels[kernel], code, work.n, work.back, 8, work.values, 8, slot(slots.constant), 0);
    };
    bits("rightShift", 32n);
    work.cast(code, FLOAT64, work.near, work.back);
    work.computeWith("multiply", work.near, work.near, 2 ** 32);
    work.compute("subtract", work.near, work.near, x);
    bits("bitwiseAnd", 0xffffffffn);
    work.cast(code, FLOAT64, work.low, work.back);
    work.compute("add", work.low, work.low, work.near);
  }
}

/** Brings the elements of a column into `work.values`, in row-major order whatever its layout, and calls for each block. */
export function eachBlock(column: NDArray | Lazy, work: Work, visit: () => void): void {
  if (column instanceof Lazy) eachBlockOf(column, work, visit);
  else eachBlockIn(column, work, visit);
}

// Of a bool any byte but 0 is true: what is counted and compared are 0 and 1.
const readAs = ({ kind, code }: Descr): number => (kind === "b" ? uint8.code : code);

function eachBlockOf(column: Lazy, work: Work, visit: () => void): void {
  const { descr, size } = column,
    { code, itemsize } = descr;
  inPieces(castTo(column, descr), "shrink.report", (pieces) => {
    for (let first = 0; first < size; first += CALL) {
      const count = Math.min(CALL, size - first),
        at = pieces(first, count);
      for (let done = 0; done < count; done += BLOCK) {
        work.n = Math.min(BLOCK, count - done);
        setBox(1, work.n);
        packOut(work.values, itemsize);
        packX(at + done * itemsize, itemsize);
        cast(code, readAs(descr));
        visit();
      }
    }
  });
}

function eachBlockIn(column: NDArray, work: Work, visit: () => void): void {
  const { code, itemsize } = column.descr,
    into = readAs(column.descr);
  let held = 0;
  const give = (): void => {
    work.n = held;
    held = 0;
    visit();
  };
  inOrder(shapeOf(column), [addressOf(column)], [stridesOf(column)], BLOCK, -1, ({ rows, cols, at, row, col }) => {
    const count = rows * cols;
    if (held + count > BLOCK) give();
    const to = work.values + held * itemsize;
    setBox(rows, cols);
    packOut(to, itemsize);
    setX(at[0], row[0], col[0]);
    cast(code, into);
    held += count;
  });
  if (held > 0) give();
}
