import { addressOf, close } from "../array/destination.js";
import { make, type NDArray, shapeOf, stridesOf } from "../array/ndarray.js";
import { Temporaries } from "../array/temporaries.js";
import { dtypes } from "../base/dtype.js";
import { checkInt32 } from "../base/layout.js";
import {
  AREA,
  area,
  CALL,
  packOut,
  packX,
  runBox,
  runFlat,
  setBox,
  setOut,
  setX,
  setZ,
  slot,
  slots,
  TILE,
} from "../core/box.js";
import { cast, moves } from "../core/boxes.js";
import { arithmetic } from "../core/chapters/arithmetic.js";
import { indexing } from "../core/chapters/indexing.js";
import { reducing } from "../core/chapters/reducing.js";
import { memory } from "../core/instance.js";
import { writeElement } from "../core/scalar.js";
import { inOrder, type Piece } from "../loops/ordered.js";

// What masks select, in row-major order: counting, compressing, expanding, and the indices of what is true.

const BOOL = dtypes.bool.code,
  INT32 = dtypes.int32.code,
  UINT32 = dtypes.uint32.code;

/** Int32 numbers in a scratch area. */
const NUMBERS = AREA / 4;

/** Writes 0, 1, 2, … as int32 to an address: doubling what is there, it needs no kernel of its own. */
export function writeIota(at: number, count: number): void {
  if (count === 0) return;
  writeElement(INT32, at, 0);
  for (let have = 1; have < count; have *= 2) {
    writeElement(INT32, slot(slots.constant), have);
    runFlat(
      arithmetic.kernels.add,
      INT32,
      Math.min(have, count - have),
      at + have * 4,
      4,
      at,
      4,
      slot(slots.constant),
      0,
    );
  }
}

// Hands over an array's elements as truth values, in order; those of other dtypes are cast into the second scratch
// area.
function eachTruth(a: NDArray, most: number, piece: (p: Piece) => void): void {
  const { code } = a.descr,
    truth: Piece = { rows: 0, cols: 0, at: [0], row: [0], col: [1] };
  inOrder(shapeOf(a), [addressOf(a)], [stridesOf(a)], most, -1, (p) => {
    if (code === BOOL) return piece(p);
    truth.rows = p.rows;
    truth.row[0] = truth.cols = p.cols;
    truth.at[0] = area(1);
    setBox(p.rows, p.cols);
    packOut(area(1), 1);
    setX(p.at[0], p.row[0], p.col[0]);
    cast(code, BOOL);
    piece(truth);
  });
}

/** The number of elements that are not zero. */
export function countTrue(a: NDArray): number {
  let count = 0;
  eachTruth(a, NUMBERS, (p) => {
    // The kernel counts by rows.
    setBox(p.rows, p.cols);
    setOut(area(0), 4, 0);
    setX(p.at[0], p.row[0], p.col[0]);
    runBox(reducing.kernels.countNonzero, BOOL);
    for (const n of new Int32Array(memory.buffer, area(0), p.rows)) count += n;
  });
  return count;
}

/**
 * Where the elements of an array of at least one axis are not zero: for each axis an int32 array. Errors: an
 * `OverflowError` for what int32 cannot number.
 */
export function nonzeroOf(a: NDArray, op: string): NDArray<"int32">[] {
  // Row-major numbers are taken apart as uint32.
  checkInt32(Math.max(...shapeOf(a), Math.floor(a.size / 2)), op);
  using work = new Temporaries(op);
  const count = countTrue(a),
    made = shapeOf(a).map(() => work.use(make([count], dtypes.int32, op)));
  const flat = made[a.ndim - 1];
  writeFlat(a, addressOf(flat));
  // Row-major numbers are taken apart; the last array, which has them, comes last.
  for (let k = 0, step = a.size; k < a.ndim && a.ndim > 1 && count > 0; k++) {
    const length = shapeOf(a)[k],
      out = addressOf(made[k]),
      numbers = addressOf(flat);
    step /= length;
    if (step > 1) {
      writeElement(UINT32, slot(slots.constant), step);
      runFlat(arithmetic.kernels.floorDivide, UINT32, count, out, 4, numbers, 4, slot(slots.constant), 0);
      if (k === 0) continue;
    }
    writeElement(UINT32, slot(slots.constant), length);
    runFlat(arithmetic.kernels.remainder, UINT32, count, out, 4, step > 1 ? out : numbers, 4, slot(slots.constant), 0);
  }
  for (const array of made) close(op, [a], work.release(array));
  return made;
}

// The numbers of the true elements, counted in row-major order.
function writeFlat(a: NDArray, out: number): void {
  const iota = area(3);
  writeIota(iota, Math.min(NUMBERS, a.size));
  let seen = 0,
    at = out;
  eachTruth(a, NUMBERS, (p) => {
    setBox(p.rows, p.cols);
    setOut(at, 0, 4);
    packX(iota, 4);
    setZ(p.at[0], p.row[0], p.col[0]);
    const n = runBox(indexing.kernels.compress, 4) >>> 0;
    if (seen > 0 && n > 0) {
      writeElement(UINT32, slot(slots.constant), seen);
      runFlat(arithmetic.kernels.add, UINT32, n, at, 4, at, 4, slot(slots.constant), 0);
    }
    at += n * 4;
    seen += p.rows * p.cols;
  });
}

/** The elements of `a` where a mask of its shape is true, in row-major order. */
export function compressed(a: NDArray, mask: NDArray, op: string): NDArray {
  const out = make([countTrue(mask)], a.descr, op, "advanced-index");
  let at = out.buffer.pointer;
  inOrder(shapeOf(a), [addressOf(a), addressOf(mask)], [stridesOf(a), stridesOf(mask)], CALL, -1, (p) => {
    setBox(p.rows, p.cols);
    setOut(at, 0, a.itemsize);
    setX(p.at[0], p.row[0], p.col[0]);
    setZ(p.at[1], p.row[1], p.col[1]);
    at += (runBox(indexing.kernels.compress, moves[a.descr.code]) >>> 0) * a.itemsize;
  });
  close(op, [a, mask], out);
  return out;
}

/**
 * Writes values to where a mask of the target's shape is true, in row-major order. There are as many values as trues,
 * along one axis; values of another dtype are cast by tiles.
 */
export function expandInto(target: NDArray, mask: NDArray, values: NDArray): void {
  const from = values.descr,
    to = target.descr,
    same = from === to,
    step = stridesOf(values)[0];
  let done = 0,
    ready = 0,
    at = addressOf(values);
  inOrder(
    shapeOf(target),
    [addressOf(target), addressOf(mask)],
    [stridesOf(target), stridesOf(mask)],
    same ? CALL : TILE,
    -1,
    (p) => {
      if (!same && ready < Math.min(p.rows * p.cols, values.size - done)) {
        ready = Math.min(8192, values.size - done);
        setBox(1, ready);
        packOut(area(0), to.itemsize);
        setX(addressOf(values) + done * step, 0, step);
        cast(from.code, to.code);
        at = area(0);
      }
      setBox(p.rows, p.cols);
      setOut(p.at[0], p.row[0], p.col[0]);
      setX(at, 0, same ? step : to.itemsize);
      setZ(p.at[1], p.row[1], p.col[1]);
      const n = runBox(indexing.kernels.expand, moves[to.code]) >>> 0;
      done += n;
      ready -= n;
      at += n * (same ? step : to.itemsize);
      return done < values.size;
    },
  );
}
