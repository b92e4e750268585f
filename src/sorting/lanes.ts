import { type NDArray, shapeOf, stridesOf } from "../array/ndarray.js";
import { overlapsItself } from "../array/overlap.js";
import type { DType } from "../base/dtype.js";
import { dtypes } from "../base/dtype.js";
import { AREA, area, CALL, runBox, setBox, setOut, setX, setY } from "../core/box.js";
import { cast } from "../core/boxes.js";
import { core, memory } from "../core/instance.js";
import { allocate, free } from "../heap/allocate.js";
import { inOrder } from "../loops/ordered.js";

// Along an axis: lanes of elements, and the scratch in which those are put in order that are no packed run.

/** Elements of a lane, the bytes between them, and how many lanes there are. */
export interface Lanes {
  readonly n: number;
  readonly step: number;
  readonly count: number;
}

/** The lanes of an array along an axis. */
export function lanesOf(a: NDArray<DType>, axis: number): Lanes {
  const n = shapeOf(a)[axis];
  return { n, step: stridesOf(a)[axis], count: n === 0 ? 0 : a.size / n };
}

/** Visits the lanes of arrays of one shape along an axis, `most` at a time: their addresses, and the bytes from one to the next. */
export function eachLane(
  arrays: readonly NDArray<DType>[],
  axis: number,
  most: number,
  visit: (lanes: number, at: readonly number[], row: readonly number[]) => void,
): void {
  const starts = arrays.map((a) => a.buffer.pointer + a.offset),
    strides = arrays.map((a) => stridesOf(a).toSpliced(axis, 1));
  inOrder(shapeOf(arrays[0]).toSpliced(axis, 1), starts, strides, most, -1, ({ rows, cols, at, row, col }) => {
    for (let i = 0; i < rows; i++) {
      const here = at.map((start, k) => start + i * row[k]);
      visit(cols, here, col);
    }
  });
}

/** Lanes of n elements for one call: as many as make up its elements. */
export function atOnce(n: number): number {
  return Math.max(1, Math.floor(CALL / n));
}

/** Runs `body` with the address of scratch: small ones lie in the core, others are allocated in the name of `op`, and freed. */
export function withScratch<R>(op: string, nbytes: number, body: (at: number) => R): R {
  if (nbytes <= 4 * AREA) return body(area(0));
  const scratch = allocate(nbytes, op, dtypes.uint8, [nbytes], null, true);
  try {
    return body(scratch.pointer);
  } finally {
    free(scratch, "operation");
  }
}

/** How lanes are put in order. */
export interface Ordering {
  readonly op: string;
  /** Bytes of scratch for packed lanes that `inPlace` needs. */
  readonly scratch: number;
  /** Puts packed lanes in order where they lie. */
  readonly inPlace: (lanes: number, n: number, at: number, scratch: number) => void;
}

/**
 * Puts the lanes of an array in order where they are. Lanes that are no packed runs are copied into scratch, and back:
 * one by one where elements of the array lie on one another, for then NumPy shows in which order it went.
 */
export function orderLanes(a: NDArray<DType>, axis: number, { scratch, inPlace }: Ordering, at: number): void {
  const { n, step } = lanesOf(a, axis),
    { code, itemsize } = a.descr,
    packed = isPacked(a, axis);
  eachLane([a], axis, packed ? atOnce(n) : lanesPacked(a, axis), (lanes, [start], [row]) => {
    if (packed && (lanes === 1 || row === n * itemsize)) return inPlace(lanes, n, start, at);
    if (packed) {
      for (let i = 0; i < lanes; i++) inPlace(1, n, start + i * row, at);
      return;
    }
    const there = at + scratch;
    moveLanes(code, lanes, n, there, n * itemsize, itemsize, start, row, step);
    inPlace(lanes, n, there, at);
    moveLanes(code, lanes, n, start, row, step, there, n * itemsize, itemsize);
  });
}

/** Bytes of scratch that `orderLanes` needs. */
export function scratchOf(a: NDArray<DType>, axis: number, { scratch }: Ordering): number {
  if (isPacked(a, axis)) return scratch;
  return scratch + lanesPacked(a, axis) * lanesOf(a, axis).n * a.itemsize;
}

function isPacked(a: NDArray<DType>, axis: number): boolean {
  return stridesOf(a)[axis] === a.itemsize && !overlapsItself(a);
}

function lanesPacked(a: NDArray<DType>, axis: number): number {
  if (overlapsItself(a)) return 1;
  const { n, count } = lanesOf(a, axis);
  return Math.min(count, atOnce(n));
}

/** Copies lanes of elements of a dtype's code. */
export function moveLanes(
  code: number,
  lanes: number,
  n: number,
  out: number,
  outRow: number,
  outStep: number,
  x: number,
  xRow: number,
  xStep: number,
): void {
  for (let done = 0; done < n; done += CALL) {
    setBox(lanes, Math.min(CALL, n - done));
    setOut(out + done * outStep, outRow, outStep);
    setX(x + done * xStep, xRow, xStep);
    cast(code, code);
  }
}

/** Writes to out the elements of one lane that int32 indices pick. */
export function pickLane(
  width: number,
  n: number,
  out: number,
  outStep: number,
  x: number,
  xStep: number,
  indices: number,
): void {
  for (let done = 0; done < n; done += CALL) {
    setBox(1, Math.min(CALL, n - done));
    setOut(out + done * outStep, 0, outStep);
    setX(x, 0, xStep);
    setY(indices + done * 4, 0, 4);
    runBox(core.pick, width);
  }
}

/** Bytes of scratch for ranks, which leave what follows aligned. */
export function roomFor(ranks: readonly number[]): number {
  return (4 * ranks.length + 15) & ~15;
}

/** Writes ranks for a kernel. */
export function writeRanks(ranks: readonly number[], at: number): void {
  if (ranks.length > 0) new Uint32Array(memory.buffer, at, ranks.length).set(ranks);
}
