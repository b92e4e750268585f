import { type NDArray, readElement, shapeOf, stridesOf } from "../array/ndarray.js";
import { outOfBounds } from "../array/slices.js";
import type { Descr } from "../base/dtype.js";
import { broadcastStrides } from "../base/layout.js";
import { castBox, moves, slot } from "../core/boxes.js";
import { boxAt, core, SCRATCH, scratchAt, words } from "../core/instance.js";
import { inOrder, merge } from "../loops/ordered.js";
import type { Selection } from "./subscript.js";

// Arrays of indices become byte offsets, 8,192 at a time in a scratch area; the kernels `take` and `put` move the
// elements between there (the far side: base + offset) and a dense or broadcast array (the near side: what `at`
// returns, or the values of `set`). So no index needs memory of its own, however many arrays it has.

/** What becomes of an index that the axis does not have; the numbers are the kernel's. */
export const modes = { raise: 0, wrap: 1, clip: 2 } as const;
export type IndexMode = keyof typeof modes;

const OFFSETS = SCRATCH / 4;
const CALL = 65536,
  TILE = 2048;

/** The shape of the result: the kept axes with those of the indices between them. */
export function shapeOfSelection(s: Selection): number[] {
  return [...s.shape.slice(0, s.place), ...s.indexShape, ...s.shape.slice(s.place)];
}

// The strides of each array of indices over the shape they broadcast to.
function indexStrides(s: Selection): (readonly number[])[] {
  return s.picked.map(({ indices }) => broadcastStrides(shapeOf(indices), stridesOf(indices), s.indexShape)!);
}
function indexStarts(s: Selection): number[] {
  return s.picked.map(({ indices }) => indices.buffer.pointer + indices.offset);
}

/** Throws NumPy's `IndexError` for the first index that its axis does not have; changes nothing. */
export function checkBounds(s: Selection): void {
  // As in NumPy, where the indices broadcast to none at all, none is looked at.
  if (s.indexShape.includes(0)) return;
  for (const { indices, axis, length } of s.picked) {
    const { code, itemsize } = indices.descr;
    inOrder(
      shapeOf(indices),
      [indices.buffer.pointer + indices.offset],
      [stridesOf(indices)],
      OFFSETS,
      -1,
      ({ rows, cols, at, row, col }) => {
        const beyond = offsets(code, rows, cols, scratchAt, at[0], row[0], col[0], 0, length, 0, 0);
        if (beyond === 0) return;
        const r = Math.floor((beyond - 1) / cols),
          c = (beyond - 1) % cols,
          from = { code, itemsize } as Descr;
        throw outOfBounds(Number(readElement(from, at[0] + r * row[0] + c * col[0])), axis, length);
      },
    );
  }
}

// Writes offsets to `out`, one after the other: those already there, or 0 for the first array, plus those of indices.
function offsets(
  code: number,
  rows: number,
  cols: number,
  out: number,
  x: number,
  xRow: number,
  xCol: number,
  already: number,
  length: number,
  stride: number,
  mode: number,
): number {
  words[0] = rows;
  words[1] = cols;
  words[2] = out;
  words[3] = cols * 4;
  words[4] = 4;
  words[5] = x;
  words[6] = xRow;
  words[7] = xCol;
  words[8] = already > 0 ? out : slot("zero");
  words[9] = already > 0 ? cols * 4 : 0;
  words[10] = already > 0 ? 4 : 0;
  words[11] = length;
  words[12] = mode;
  words[13] = stride;
  return core.offsets(code, boxAt) >>> 0;
}

/** Copies the selected elements into a contiguous array of the selection's shape. The bounds were checked. */
export function gather(s: Selection, base: number, out: NDArray, mode = modes.raise as number): void {
  eachRun(
    s,
    base,
    out.buffer.pointer + out.offset,
    stridesOf(out),
    mode,
    (box) => {
      words.set(
        [
          box.rows,
          box.cols,
          box.near,
          box.nearRow,
          box.nearCol,
          box.far,
          box.farRow,
          1,
          box.offsets,
          box.offsetRow,
          box.offsetCol,
        ],
        0,
      );
      words[13] = box.farCol;
      core.take(moves[out.descr.code], boxAt);
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
  const cast = from !== to,
    width = to.itemsize;
  eachRun(
    s,
    base,
    at,
    strides,
    mode,
    (box) => {
      let { near, nearRow, nearCol } = box;
      if (cast) {
        near = scratchAt + SCRATCH;
        castBox(from.code, to.code, box.rows, box.cols, near, box.cols * width, width, box.near, nearRow, nearCol);
        nearRow = box.cols * width;
        nearCol = width;
      }
      words.set(
        [box.rows, box.cols, box.far, box.farRow, 1, near, nearRow, nearCol, box.offsets, box.offsetRow, box.offsetCol],
        0,
      );
      words[13] = box.farCol;
      core.put(moves[to.code], boxAt);
    },
    cast ? TILE : CALL,
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
  run: (box: Run) => void,
  most: number,
): void {
  const after = s.place + s.indexShape.length;
  const keptSteps = [...nearStrides.slice(0, s.place), ...nearStrides.slice(after)];
  const kept = merge(s.shape, [s.strides, keptSteps]);
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
        offsets(indices.descr.code, rows, cols, scratchAt, at[k], row[k], col[k], k, length, stride, mode);
      });
      tile(kept, base + s.offset, at[flat], col[flat], rows * cols, most, run);
    },
  );
}

// One tile of `count` offsets. The innermost kept axis goes beside them: its elements are the columns where they lie
// closer on the near side than those of the index, and then whole rows move at once.
function tile(
  kept: { lengths: number[]; steps: number[][] },
  far: number,
  near: number,
  step: number,
  count: number,
  most: number,
  run: (box: Run) => void,
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
  const visit = (axis: number, farAt: number, nearAt: number): void => {
    if (axis < last) {
      for (let i = 0; i < kept.lengths[axis]; i++)
        visit(axis + 1, farAt + i * farSteps[axis], nearAt + i * nearSteps[axis]);
      return;
    }
    for (let i = 0; i < rows; i += rowsAtOnce) {
      for (let j = 0; j < cols; j += colsAtOnce) {
        run({
          rows: Math.min(rowsAtOnce, rows - i),
          cols: Math.min(colsAtOnce, cols - j),
          far: farAt + i * rowSteps[0] + j * colSteps[0],
          farRow: rowSteps[0],
          farCol: colSteps[0],
          near: nearAt + i * rowSteps[1] + j * colSteps[1],
          nearRow: rowSteps[1],
          nearCol: colSteps[1],
          offsets: scratchAt + i * rowSteps[2] + j * colSteps[2],
          offsetRow: rowSteps[2],
          offsetCol: colSteps[2],
        });
      }
    }
  };
  visit(0, far, near);
}
