import { type ArrayLike, isArray, ofList } from "../array/convert.js";
import { addressOf, close, open } from "../array/destination.js";
import { live, make, type NDArray, shapeOf, stridesOf, writable } from "../array/ndarray.js";
import { takes } from "../array/options.js";
import { Temporaries } from "../array/temporaries.js";
import type { Descr, DType } from "../base/dtype.js";
import { checkAxis, rowMajor } from "../base/layout.js";
import { CALL, runBox, setBox, setNumbers, setOut, setX, setY } from "../core/box.js";
import { sorting } from "../core/chapters/sorting.js";
import type { Kernel } from "../core/instance.js";
import { inOrder } from "../loops/ordered.js";
import { begin, operand, transfer } from "../loops/walk.js";
import {
  checkSelect,
  isStable,
  PARTITIONING,
  type PartitionOptions,
  type Ranks,
  readRanks,
  SORTING,
  type SortOptions,
} from "./arguments.js";
import { type Ordering, orderLanes, rearrange, roomFor, writeRanks } from "./ordering.js";

const SORT = takes("sort(a, axis)", SORTING),
  PARTITION = takes("partition(a, kth, axis)", PARTITIONING);

/**
 * The elements in ascending order along an axis, the last by default; with `null` all of them on one axis. NaN comes
 * last, complex numbers go by their real part, then by their imaginary one. Returns a copy. Errors: an `AxisError`, a
 * `ValueError` for a kind that is none.
 *
 * @example
 * sort([3, 1, 2]) // [1. 2. 3.]
 */
export function sort<D extends DType>(
  a: NDArray<D> | ArrayLike,
  axis: number | null = -1,
  options?: SortOptions,
): NDArray<D> {
  const stable = isStable(SORT.read(options, arguments.length));
  if (!isArray(a)) return ofList(SORT, a, (x: NDArray<D>) => sort(x, axis, options));
  live(a);
  const along = axis === null ? null : checkAxis(axis, a.ndim);
  return ordered("sort", a, along, (out, n) => sortingOf(out, n, stable && isAmbiguous(a)));
}

/**
 * Puts the elements of an array in ascending order along an axis, the last by default. It takes scratch, but no second
 * array. Errors: those of `sort`; a `ReadOnlyError` for an array that cannot be written.
 */
export function sortInPlace(a: NDArray, axis = -1, options?: SortOptions): void {
  const stable = isStable(SORT.read(options, arguments.length));
  writable(a);
  const along = checkAxis(axis, a.ndim);
  inPlace("sort", a, along, sortingOf(a, shapeOf(a)[along], stable && isAmbiguous(a)));
}

/**
 * The elements along an axis in an order in which those of some ranks are where a sort would put them: none before is
 * larger, none after is smaller. With `null` for the axis all elements are on one. Returns a copy. Errors: an
 * `AxisError`, a `ValueError` for a rank out of bounds.
 */
export function partition<D extends DType>(
  a: NDArray<D> | ArrayLike,
  kth: Ranks,
  axis: number | null = -1,
  options?: PartitionOptions,
): NDArray<D> {
  checkSelect(PARTITION.read(options, arguments.length));
  if (!isArray(a)) return ofList(PARTITION, a, (x: NDArray<D>) => partition(x, kth, axis, options));
  live(a);
  const along = axis === null ? null : checkAxis(axis, a.ndim),
    ranks = readRanks(kth, along === null ? a.size : shapeOf(a)[along], a.size);
  return ordered("partition", a, along, (out, n) => partitioning(out, n, ranks));
}

/** `partition` of the array itself: it takes scratch, but no second array. */
export function partitionInPlace(a: NDArray, kth: Ranks, axis = -1, options?: PartitionOptions): void {
  checkSelect(PARTITION.read(options, arguments.length));
  writable(a);
  const along = checkAxis(axis, a.ndim),
    ranks = readRanks(kth, shapeOf(a)[along], a.size);
  inPlace("partition", a, along, partitioning(a, shapeOf(a)[along], ranks));
}

// A copy in order, along an axis or all elements on one.
function ordered<D extends DType>(
  op: string,
  a: NDArray<D>,
  axis: number | null,
  how: (out: NDArray<D>, n: number) => Ordering,
): NDArray<D> {
  using work = new Temporaries(op);
  const shape = axis === null ? [a.size] : shapeOf(a),
    out = work.use(make(shape, a.descr, op, "requested"));
  begin(shapeOf(a));
  operand(out.buffer.pointer, rowMajor(shapeOf(a), a.itemsize), a.descr.code);
  operand(addressOf(a), stridesOf(a), a.descr.code);
  transfer();
  run(out, axis ?? 0, how(out, shape[axis ?? 0]));
  close(op, [a], out);
  return work.release(out);
}

function inPlace(op: string, a: NDArray, axis: number, ordering: Ordering): void {
  open(a);
  run(a, axis, ordering);
  close(op, [a], a);
}

function run(a: NDArray<DType>, axis: number, ordering: Ordering): void {
  if (a.size > 0 && shapeOf(a)[axis] > 1) orderLanes(a, axis, ordering);
}

function sortingOf({ descr }: NDArray<DType>, n: number, byIndex: boolean): Ordering {
  if (byIndex || descr.kind === "c") return byIndices("sort", descr, n, []);
  return {
    op: "sort",
    scratch: sorting.kernels.sortScratch(descr.itemsize, n),
    inPlace: (lanes, length, at, next, scratch) =>
      runKernel(sorting.kernels.sort, descr, lanes, length, at, next, scratch, 0, 0),
  };
}

function partitioning({ descr }: NDArray<DType>, n: number, ranks: readonly number[]): Ordering {
  if (descr.kind === "c") return byIndices("partition", descr, n, ranks);
  const room = roomFor(ranks);
  return {
    op: "partition",
    // Bytes are sorted, others exchanged where they lie.
    scratch: room + (descr.itemsize === 1 ? sorting.kernels.sortScratch(1, n) : 0),
    inPlace: (lanes, length, at, next, scratch) => {
      writeRanks(ranks, scratch);
      runKernel(sorting.kernels.partition, descr, lanes, length, at, next, scratch + room, scratch, ranks.length);
    },
  };
}

// By way of indices: complex numbers, and floats of which equal ones may differ. Scratch holds the ranks, what the kernel
// needs, the elements in their new order, and the indices.
function byIndices(op: "sort" | "partition", descr: Descr, n: number, ranks: readonly number[]): Ordering {
  const { code, itemsize: width } = descr,
    room = roomFor(ranks),
    order = sorting.kernels.orderScratch(n),
    kernel = op === "sort" ? sorting.kernels.argsort : sorting.kernels.argpartition;
  return {
    op,
    scratch: room + order + n * width + 4 * n,
    inPlace: (lanes, length, at, next, scratch) => {
      const picked = scratch + room + order,
        indices = picked + length * width;
      writeRanks(ranks, scratch);
      for (let lane = 0; lane < lanes; lane++) {
        const x = at + lane * next;
        setOut(indices, 0, 4);
        runKernel(kernel, descr, 1, length, x, 0, scratch + room, scratch, ranks.length);
        rearrange(code, width, length, x, indices, picked);
      }
    },
  };
}

function runKernel(
  kernel: Kernel,
  { code, itemsize }: Descr,
  lanes: number,
  n: number,
  x: number,
  next: number,
  scratch: number,
  ranksAt: number,
  ranks: number,
): void {
  setBox(lanes, n);
  setX(x, next, itemsize);
  setY(scratch, 0, 0);
  setNumbers(ranksAt, ranks, 0);
  runBox(kernel, code);
}

// Whether elements that are equal may differ in their bits: then a stable sort shows.
function isAmbiguous(a: NDArray<DType>): boolean {
  if (a.descr.kind !== "f") return false;
  let found = false;
  inOrder(shapeOf(a), [addressOf(a)], [stridesOf(a)], CALL, -1, ({ rows, cols, at, row, col }) => {
    setBox(rows, cols);
    setX(at[0], row[0], col[0]);
    found = Boolean(runBox(sorting.kernels.ambiguous, a.descr.code));
    return !found;
  });
  return found;
}
