import { addressOf } from "../array/destination.js";
import { type NDArray, shapeOf, stridesOf } from "../array/ndarray.js";
import { overlapsItself } from "../array/overlap.js";
import { type DType, dtypes } from "../base/dtype.js";
import { AREA, area, CALL, runBox, runFlat, setBox, setOut, setX, setY } from "../core/box.js";
import { cast, copyKernel } from "../core/boxes.js";
import { sorting } from "../core/chapters/sorting.js";
import { memory } from "../core/instance.js";
import { allocate, free } from "../heap/allocate.js";
import { eachLane, without } from "../loops/lanes.js";
import { inOrder } from "../loops/ordered.js";

// Lanes of an array put in order where they are, and the scratch for it.

/** How lanes are put in order. */
export interface Ordering {
  readonly op: string;
  /** Bytes of scratch for packed lanes. */
  readonly scratch: number;
  /** Puts packed lanes of n elements in order, `next` bytes from one to the next. */
  readonly inPlace: (lanes: number, n: number, at: number, next: number, scratch: number) => void;
}

/** Runs `body` with the address of scratch: a little lies in the core, more is allocated in the name of `op`, and freed. */
export function withScratch<R>(op: string, nbytes: number, body: (at: number) => R): R {
  if (nbytes <= 4 * AREA) return body(area(0));
  const scratch = allocate(nbytes, op, dtypes.uint8, [nbytes], null, true);
  try {
    return body(scratch.pointer);
  } finally {
    free(scratch, "operation");
  }
}

/**
 * Puts the lanes of an array along an axis in order. Lanes that are no packed runs are copied into scratch, and back.
 * Where elements lie on one another NumPy shows in which order it goes: one lane after the other, in row-major order.
 */
export function orderLanes(a: NDArray<DType>, axis: number, ordering: Ordering): void {
  const n = shapeOf(a)[axis],
    step = stridesOf(a)[axis],
    { code, itemsize } = a.descr,
    strict = overlapsItself(a),
    packed = step === itemsize && !strict,
    many = strict ? 1 : Math.max(1, Math.floor(Math.min(CALL / n, a.size / n))),
    room = packed ? 0 : many * n * itemsize;
  withScratch(ordering.op, ordering.scratch + room, (scratch) => {
    const there = scratch + ordering.scratch,
      width = n * itemsize;
    const visit = (lanes: number, [at]: readonly number[], [next]: readonly number[]): void => {
      if (packed) return ordering.inPlace(lanes, n, at, next, scratch);
      move(code, lanes, n, there, width, itemsize, at, next, step);
      ordering.inPlace(lanes, n, there, width, scratch);
      move(code, lanes, n, at, next, step, there, width, itemsize);
    };
    const shape = without(shapeOf(a), axis),
      starts = [addressOf(a)],
      strides = [without(stridesOf(a), axis)];
    if (strict) inOrder(shape, starts, strides, 1, -1, ({ at }) => visit(1, at, [0]));
    else eachLane(shape, starts, strides, many, visit);
  });
}

// Copies lanes; one that is longer than a call is alone.
function move(
  code: number,
  lanes: number,
  n: number,
  out: number,
  outNext: number,
  outStep: number,
  x: number,
  xNext: number,
  xStep: number,
): void {
  if (lanes === 1) return runFlat(copyKernel, code, n, out, outStep, x, xStep, 0, 0);
  setBox(lanes, n);
  setOut(out, outNext, outStep);
  setX(x, xNext, xStep);
  cast(code, code);
}

/** Replaces the n packed elements at x by those that int32 indices pick; `picked` has room for them. */
export function rearrange(code: number, width: number, n: number, x: number, indices: number, picked: number): void {
  for (let done = 0; done < n; done += CALL) {
    setBox(1, Math.min(CALL, n - done));
    setOut(picked + done * width, 0, width);
    setX(x, 0, width);
    setY(indices + done * 4, 0, 4);
    runBox(sorting.kernels.pick, width);
  }
  runFlat(copyKernel, code, n, x, width, picked, width, 0, 0);
}

/** Bytes of scratch for ranks, which leave what follows aligned. */
export function roomFor(ranks: readonly number[]): number {
  return (4 * ranks.length + 15) & ~15;
}

/** Writes ranks for a kernel. */
export function writeRanks(ranks: readonly number[], at: number): void {
  if (ranks.length > 0) new Uint32Array(memory.buffer, at, ranks.length).set(ranks);
}
