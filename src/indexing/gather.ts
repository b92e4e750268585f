import { addressOf } from "../array/destination.js";
import { type NDArray, readElement, shapeOf, stridesOf } from "../array/ndarray.js";
import { outOfBounds } from "../array/slices.js";
import type { Descr } from "../base/dtype.js";
import { broadcastStrides } from "../base/layout.js";
import {
  AREA,
  area,
  CALL,
  packOut,
  packX,
  packY,
  runBox,
  setBox,
  setNumbers,
  setOut,
  setX,
  setY,
  slot,
  slots,
  TILE,
} from "../core/box.js";
import { cast, moves } from "../core/boxes.js";
import { indexing } from "../core/chapters/indexing.js";
import { type Axes, arrange, eachIndex } from "../loops/axes.js";
import { inOrder } from "../loops/ordered.js";
import type { Selection } from "./subscript.js";

// Arrays of indices become byte offsets, 8,192 at a time in a scratch area; the kernels `take` and `put` move the
// elements between there (the far side: base + offset) and a dense or broadcast array (the near side: what `at`
// returns, or the values of `set`). So no index needs memory of its own, however many arrays it has.

/** What becomes of an index that the axis does not have; the numbers are the kernel's. */
export const modes = { raise: 0, wrap: 1, clip: 2 } as const;
export type IndexMode = keyof typeof modes;

const OFFSETS = AREA / 4;

/** The shape of the result: the kept axes with those of the indices between them. */
export function shapeOfSelection(s: Selection): number[] {
  return [...s.shape.slice(0, s.place), ...s.indexShape, ...s.shape.slice(s.place)];
}

// The strides of each array of indices over the shape they broadcast to.
function indexStrides(s: Selection): (readonly number[])[] {
  return s.picked.map(({ indices }) => broadcastStrides(shapeOf(indices), stridesOf(indices), s.indexShape)!);
}
function indexStarts(s: Selection): number[] {
  return s.picked.map(({ indices }) => addressOf(indices));
}

/** Throws NumPy's `IndexError` for the first index that its axis does not have; changes nothing. */
export function checkBounds(s: Selection): void {
  // As in NumPy, where the indices broadcast to none at all, none is looked at.
  if (s.indexShape.includes(0)) return;
  for (const { indices, axis, length } of s.picked) {
    const { code, itemsize } = indices.descr;
    inOrder(
      shapeOf(indices),
      [addressOf(indices)],
      [stridesOf(indices)],
      OFFSETS,
      -1,
      ({ rows, cols, at, row, col }) => {
        setBox(rows, cols);
        setX(at[0], row[0], col[0]);
        setNumbers(length, modes.raise, 0);
        const beyond = offsets(code, 0);
        if (beyond === 0) return;
        const r = Math.floor((beyond - 1) / cols),
          c = (beyond - 1) % cols,
          from = { code, itemsize } as Descr;
        throw outOfBounds(Number(readElement(from, at[0] + r * row[0] + c * col[0])), axis, length);
      },
    );
  }
}

// Writes the offsets of a box of indices to scratch, one after the other: those already there, or 0 for the first
// array, plus those of the indices. The numbers beside it are the axis' length, what becomes of indices beyond, and its stride.
function offsets(code: number, already: number): number {
  packOut(area(0), 4);
  if (already > 0) packY(area(0), 4);
  else setY(slot(slots.zero), 0, 0);
  return runBox(indexing.kernels.offsets, code) >>> 0;
}

/** Copies the selected elements into a contiguous array of the selection's shape. The bounds were checked. */
export function gather(s: Selection, base: number, out: NDArray, mode = modes.raise as number): void {
  eachRun(
    s,
    base,
    addressOf(out),
    stridesOf(out),
    mode,
    (run) => {
      setBox(run.rows, run.cols);
      setOut(run.near, run.nearRow, run.nearCol);
      setX(run.far, run.farRow, 1);
      setY(run.offsets, run.offsetRow, run.offsetCol);
      setNumbers(0, 0, run.farCol);
      runBox(indexing.kernels.take, moves[out.descr.code]);
    },
    CALL,
  );
}

/**
 * Writes values, read with strides over the selection's shape, to the selected elements; they are cast by tiles. Of an
 * index that comes twice the last value stays. The bounds were checked.
 */
export function scatter(
  s: Selection,
  base: number,
  to: Descr,
  at: number,
  strides: readonly number[],
  from: Descr,
  mode = modes.raise as number,
): void {
  const other = from !== to;
  eachRun(
    s,
    base,
    at,
    strides,
    mode,
    (run) => {
      setBox(run.rows, run.cols);
      setX(run.near, run.nearRow, run.nearCol);
      if (other) {
        packOut(area(1), to.itemsize);
        cast(from.code, to.code);
        packX(area(1), to.itemsize);
      }
      setOut(run.far, run.farRow, 1);
      setY(run.offsets, run.offsetRow, run.offsetCol);
      setNumbers(0, 0, run.farCol);
      runBox(indexing.kernels.put, moves[to.code]);
    },
    other ? TILE : CALL,
  );
}

/** A box of `take` or `put`: one side is the index, the other an axis that was kept. */
interface Run {
  rows: number;
  cols: number;
  near: number;
  nearRow: number;
  nearCol: number;
  far: number;
  farRow: number;
  farCol: number;
  offsets: number;
  offsetRow: number;
  offsetCol: number;
}

// Walks tiles of the indices in row-major order, and within each the kept axes.
function eachRun(
  s: Selection,
  base: number,
  near: number,
  nearStrides: readonly number[],
  mode: number,
  each: (run: Run) => void,
  most: number,
): void {
  const after = s.place + s.indexShape.length;
  const keptSteps = [...nearStrides.slice(0, s.place), ...nearStrides.slice(after)];
  const kept = arrange(s.shape, [s.strides, keptSteps], [0, 0]);
  if (kept.lengths.includes(0)) return;
  const nearSteps = nearStrides.slice(s.place, after),
    flat = s.picked.length;
  inOrder(
    s.indexShape,
    [...indexStarts(s), near],
    [...indexStrides(s), nearSteps],
    OFFSETS,
    flat,
    ({ rows, cols, at, row, col }) => {
      s.picked.forEach(({ indices, length, stride }, k) => {
        setBox(rows, cols);
        setX(at[k], row[k], col[k]);
        setNumbers(length, mode, stride);
        offsets(indices.descr.code, k);
      });
      tile(kept, base + s.offset, at[flat], col[flat], rows * cols, most, each);
    },
  );
}

// One tile of `count` offsets. The innermost kept axis goes beside them: its elements are the columns where they lie
// closer on the near side than those of the index, and then whole rows move at once.
function tile(
  kept: Axes,
  far: number,
  near: number,
  step: number,
  count: number,
  most: number,
  each: (run: Run) => void,
): void {
  const last = kept.lengths.length - 1,
    [farSteps, nearSteps] = kept.steps;
  const length = last < 0 ? 1 : kept.lengths[last],
    farStep = last < 0 ? 0 : farSteps[last],
    nearStep = last < 0 ? 0 : nearSteps[last];
  const byIndex = length < 4 || Math.abs(nearStep) > Math.abs(step);
  const rows = byIndex ? length : count,
    cols = byIndex ? count : length;
  const rowSteps = byIndex ? [farStep, nearStep, 0] : [0, step, 4],
    colSteps = byIndex ? [0, step, 4] : [farStep, nearStep, 0];
  const colsAtOnce = Math.min(cols, most),
    rowsAtOnce = Math.max(1, Math.floor(most / colsAtOnce));
  const from = [far, near];
  eachIndex(kept, last, from, () => {
    for (let i = 0; i < rows; i += rowsAtOnce) {
      for (let j = 0; j < cols; j += colsAtOnce) {
        each({
          rows: Math.min(rowsAtOnce, rows - i),
          cols: Math.min(colsAtOnce, cols - j),
          far: from[0] + i * rowSteps[0] + j * colSteps[0],
          farRow: rowSteps[0],
          farCol: colSteps[0],
          near: from[1] + i * rowSteps[1] + j * colSteps[1],
          nearRow: rowSteps[1],
          nearCol: colSteps[1],
          offsets: area(0) + i * rowSteps[2] + j * colSteps[2],
          offsetRow: rowSteps[2],
          offsetCol: colSteps[2],
        });
      }
    }
  });
}
