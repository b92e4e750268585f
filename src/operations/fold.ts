import { byCode, isInexact } from "../base/dtype.js";
import {
  AREA,
  area,
  CALL,
  packOut,
  packX,
  runBox,
  setBox,
  setOut,
  setX,
  setY,
  setZ,
  slot,
  slots,
  TILE,
} from "../core/box.js";
import { cast, copyKernel, selectKernel } from "../core/boxes.js";
import type { Runnable } from "../core/chapter.js";
import { type ScalarLike, writeElement } from "../core/scalar.js";
import { arrange, bySteps, eachIndex, longAxes } from "../loops/axes.js";
import type { Pieces } from "./evaluation.js";

// How a reduction walks. The axes are split into kept and reduced ones, each ordered by x's step and merged where they
// are one run. If the shortest step is a reduced axis, the fold kernel takes it row by row:
//
//      kept ↓ reduced →   ┌──────────┐ → out     pieces of a row that is too long for one call give partial
//                         ├──────────┤ → out     results in scratch, and these are folded again
//
// If it is a kept axis, the pairing kernel adds whole rows into a row of accumulators (its out has row step 0), in
// blocks of 32 rows whose results are paired like the digits of a binary counter, so that float sums stay pairwise:
//
//      reduced ↓ kept →   ┌──────────┐
//                         ├──────────┤ ↓ out
//
// An expression has one reduced axis, whose pieces are made one after the other.
//
// What must be cast or masked is prepared by tiles of 2,048 elements. Scratch 0 and 1 hold partial results, 2 the tile,
// 3 what the tile is made from.

/** One axis of a reduction: its length, and the bytes from one element to the next in each operand. */
export interface Axis {
  length: number;
  x: number;
  out: number;
  mask: number;
}

/** What kernels a reduction is made of, and the code its results have for each code it reads. @internal */
export interface Folding {
  /** Folds the columns of each row into one element. */
  readonly fold: Runnable;
  /** Folds two elements; elementwise. */
  readonly pair: Runnable;
  /** Folds partial results; `fold` unless that does something else first. */
  readonly again: Runnable;
  /** The value it begins with, where that shows in the result; else null. */
  readonly start: number | null;
  /** Accumulates rows of x beside a row of means: `out = x + (y - z)²`; only the variance has it. */
  readonly deviate: Runnable | null;
}

/** Everything about one reduction. @internal */
export interface Job {
  readonly folding: Folding;
  /** The dtype's code in which the kernel reads, and the one of its results. */
  readonly loop: number;
  readonly result: number;
  /** x: its address, its dtype's code. */
  x: number;
  readonly code: number;
  /** Where results go. */
  out: number;
  readonly kept: Axis[];
  readonly reduced: Axis[];
  /** The bool mask, 0 if there is none, and the value that stands for elements it leaves out. */
  mask: number;
  readonly identity: ScalarLike;
  /** For an expression: makes the elements from an index on and gives their address; x then counts from 0. Else null. */
  readonly pieces: Pieces | null;
  /** The means that deviations are taken from, laid out like out; 0 if there are none. */
  means: number;
}

const BLOCK = 32,
  ROW = 8192;

/** Orders axes by x's step, longest first, turns those on which x runs backwards, and merges neighbours. @internal */
export function arrangeAxes(axes: readonly Axis[], job: Pick<Job, "x" | "out" | "mask" | "means">): Axis[] {
  if (axes.length === 0) return [];
  // A single axis has nothing to merge with.
  if (axes.length === 1 && axes[0].x >= 0) return axes[0].length === 1 ? [] : [axes[0]];
  const shape = axes.map(({ length }) => length),
    x = axes.map((axis) => axis.x),
    out = axes.map((axis) => axis.out);
  const strides = [x, out, axes.map(({ mask }) => mask), out],
    starts = [job.x, job.out, job.mask, job.means];
  const { lengths, steps } = arrange(shape, strides, starts, bySteps(longAxes(shape), x, 0), (axis) => x[axis] < 0);
  [job.x, job.out, job.mask] = starts;
  if (job.means !== 0) job.means = starts[3];
  return lengths.map((length, i) => ({ length, x: steps[0][i], out: steps[1][i], mask: steps[2][i] }));
}

/** Runs a reduction whose axes are arranged; no axis is empty. @internal */
export function fold(job: Job): void {
  const kept = job.kept.at(-1),
    reduced = job.reduced.at(-1);
  if (kept && reduced && kept.x < reduced.x) overKept(job.kept.slice(0, -1), job, (at) => byColumns(at, kept));
  else overKept(job.kept.slice(0, -1), job, (at) => byRows(at, kept ?? { length: 1, x: 0, out: 0, mask: 0 }));
}

// Calls for every index of the outer axes, with the addresses moved there.
function overKept(axes: readonly Axis[], job: Job, at: (job: Job) => void): void {
  each(axes, (x, out, mask) =>
    at({ ...job, x: job.x + x, out: job.out + out, mask: job.mask + mask, means: job.means + out }),
  );
}

/** Visits every index of axes, with how far x, out and the mask are there from where they begin. @internal */
export function each(axes: readonly Axis[], visit: (x: number, out: number, mask: number) => void): void {
  if (axes.length === 0) return visit(0, 0, 0);
  const at = [0, 0, 0],
    steps = [axes.map(({ x }) => x), axes.map(({ out }) => out), axes.map(({ mask }) => mask)];
  eachIndex({ lengths: axes.map(({ length }) => length), steps }, axes.length, at, () => visit(at[0], at[1], at[2]));
}

function isPrepared(job: Job, target: number): boolean {
  return job.code !== target || job.mask !== 0 || (job.loop === 0 && job.code !== 0);
}

function byRows(job: Job, rows: Axis): void {
  const cols = job.reduced.at(-1) ?? { length: 1, x: 0, out: 0, mask: 0 },
    outer = job.reduced.slice(0, -1);
  const most = isPrepared(job, job.loop) ? TILE : CALL,
    n = Math.min(cols.length, most);
  const pieces = outer.reduce((p, a) => p * a.length, Math.ceil(cols.length / n));
  const m = Math.min(rows.length, Math.max(1, Math.floor(most / n)), pieces === 1 ? Number.POSITIVE_INFINITY : BLOCK);
  const size = byCode[job.result].itemsize;
  for (let i = 0; i < rows.length; i += m) {
    const count = Math.min(m, rows.length - i),
      out = job.out + i * rows.out,
      means = job.means + i * rows.out;
    const piece = (j: number, width: number, x: number, mask: number, to: number, toRow: number): void => {
      load(
        job,
        job.loop,
        count,
        width,
        x + i * rows.x + j * cols.x,
        rows.x,
        cols.x,
        mask + i * rows.mask + j * cols.mask,
        rows.mask,
        cols.mask,
      );
      callFold(job.folding.fold, job.loop, count, width, to, toRow, means, rows.out);
    };
    if (pieces === 1) {
      piece(0, n, job.x, job.mask, out, rows.out);
      continue;
    }
    const capacity = Math.floor(AREA / size / count),
      row = capacity * size;
    let held = 0;
    each(outer, (x, _, mask) => {
      for (let j = 0; j < cols.length; j += n) {
        piece(
          j,
          Math.min(n, cols.length - j),
          job.x + x,
          job.mask === 0 ? 0 : job.mask + mask,
          area(0) + held * size,
          row,
        );
        if (++held < capacity) continue;
        again(job, count, held, size, row, area(0), row);
        held = 1;
      }
    });
    again(job, count, held, size, row, out, rows.out);
  }
}

// Folds `held` partial results of each row.
function again(job: Job, count: number, held: number, size: number, row: number, out: number, outRow: number): void {
  tile.at = area(0);
  tile.row = row;
  tile.col = size;
  callFold(job.folding.again, job.result, count, held, out, outRow, 0, 0);
}

const tile = { at: 0, row: 0, col: 0 };

function callFold(
  { run }: Runnable,
  code: number,
  m: number,
  n: number,
  out: number,
  outRow: number,
  means: number,
  meansRow: number,
): void {
  setBox(m, n);
  setOut(out, outRow, 0);
  setX(tile.at, tile.row, tile.col);
  setY(means, meansRow, 0);
  runBox(run, code);
}

// Whether a cast to a narrow integer is not what is left of one to a wide integer.
function saturates(code: number): boolean {
  return isInexact(byCode[code]);
}

// Makes `tile` the box of x: itself where the kernel can read it, else a prepared copy.
function load(
  job: Job,
  target: number,
  m: number,
  n: number,
  x: number,
  row: number,
  col: number,
  mask: number,
  maskRow: number,
  maskCol: number,
): void {
  tile.at = job.pieces === null ? x : job.pieces(x / byCode[job.code].itemsize, n);
  tile.row = row;
  tile.col = col;
  if (!isPrepared(job, target)) return;
  const width = byCode[target].itemsize,
    second = area(2),
    third = area(3);
  const into = job.mask === 0 ? second : third;
  let from = job.code;
  setBox(m, n);
  if (from !== job.loop && (job.loop === 0 || (job.loop !== target && saturates(from)))) {
    // Truth first, or the integer that is asked for, then the dtype in which it is added up.
    const asked = into === second ? third : second,
      size = byCode[job.loop].itemsize;
    packOut(asked, size);
    setX(tile.at, row, col);
    cast(from, job.loop);
    from = job.loop;
    [tile.at, tile.row, tile.col] = [asked, n * size, size];
  }
  packOut(into, width);
  setX(tile.at, tile.row, tile.col);
  cast(from, target);
  if (job.mask !== 0) {
    writeElement(target, slot(slots.identity), job.identity);
    setBox(m, n);
    packOut(second, width);
    packX(third, width);
    setY(slot(slots.identity), 0, 0);
    setZ(mask, maskRow, maskCol);
    runBox(selectKernel, target);
  }
  tile.at = second;
  tile.row = n * width;
  tile.col = width;
}

function byColumns(job: Job, cols: Axis): void {
  const rows = job.reduced.at(-1)!,
    outer = job.reduced.slice(0, -1),
    size = byCode[job.result].itemsize;
  const widest = Math.min(cols.length, ROW / size, isPrepared(job, job.result) ? TILE : ROW),
    levels = Math.floor((2 * AREA) / (widest * size));
  for (let j = 0; j < cols.length; j += widest) {
    const n = Math.min(widest, cols.length - j),
      block = isPrepared(job, job.result) ? Math.min(BLOCK, Math.floor(TILE / n)) : BLOCK;
    const at = (level: number): number => area(0) + level * n * size;
    let top = 0,
      count = 0;
    const merge = (): void => {
      top--;
      setBox(1, n);
      packOut(at(top - 1), size);
      packX(at(top - 1), size);
      setY(at(top), 0, size);
      runBox(job.folding.pair.run, job.result);
    };
    each(outer, (x, _, mask) => {
      for (let i = 0; i < rows.length; i += block) {
        const m = Math.min(block, rows.length - i),
          masked = job.mask === 0 ? 0 : job.mask + mask + i * rows.mask + j * cols.mask;
        load(job, job.result, m, n, job.x + x + i * rows.x + j * cols.x, rows.x, cols.x, masked, rows.mask, cols.mask);
        accumulate(job, m, n, at(top), size, job.means + j * cols.out, cols.out);
        top++;
        count++;
        for (let c = count; (c & 1) === 0 && top > 1; c >>= 1) merge();
        if (top === levels) merge();
      }
    });
    while (top > 1) merge();
    // A sum begins with 0, as the fold kernel's does: the one case that shows is a sum of nothing but -0.
    if (job.folding.start !== null) {
      writeElement(job.result, slot(slots.identity), job.folding.start);
      setBox(1, n);
      packOut(at(0), size);
      packX(at(0), size);
      setY(slot(slots.identity), 0, 0);
      runBox(job.folding.pair.run, job.result);
    }
    setBox(1, n);
    setOut(job.out + j * cols.out, 0, cols.out);
    packX(at(0), size);
    runBox(copyKernel, job.result);
  }
}

// The rows of the tile into one row of accumulators.
function accumulate(
  job: Job,
  m: number,
  n: number,
  into: number,
  size: number,
  means: number,
  meansStep: number,
): void {
  const { at, row, col } = tile,
    { pair, deviate } = job.folding;
  if (deviate !== null) {
    writeElement(job.result, slot(slots.identity), 0);
    setBox(1, n);
    packOut(into, size);
    setX(slot(slots.identity), 0, 0);
    runBox(copyKernel, job.result);
    setBox(m, n);
    setOut(into, 0, size);
    setX(into, 0, size);
    setY(at, row, col);
    setZ(means, 0, meansStep);
    runBox(deviate.run, job.result);
    return;
  }
  setBox(1, n);
  packOut(into, size);
  setX(at, 0, col);
  runBox(copyKernel, job.result);
  if (m === 1) return;
  setBox(m - 1, n);
  setOut(into, 0, size);
  setX(into, 0, size);
  setY(at + row, row, col);
  runBox(pair.run, job.result);
}
