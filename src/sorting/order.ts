import { type ArrayLike, isArray, ofList } from "../array/convert.js";
import { addressOf, close } from "../array/destination.js";
import { live, make, NDArray, refuseStranger, shapeOf, stridesOf, viewOf } from "../array/ndarray.js";
import { takes } from "../array/options.js";
import { Temporaries } from "../array/temporaries.js";
import { type DType, dtypes } from "../base/dtype.js";
import { DTypeError, ValueError } from "../base/errors.js";
import { checkAxis, checkInt32, isOfNone, sameShape } from "../base/layout.js";
import { isList } from "../base/shown.js";
import { CALL, runBox, setBox, setNumbers, setOut, setX, setY } from "../core/box.js";
import { sorting } from "../core/chapters/sorting.js";
import { type Kernel, view } from "../core/instance.js";
import { flattened } from "../indexing/picking.js";
import { eachLane, without } from "../loops/lanes.js";
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
import { roomFor, withScratch, writeRanks } from "./ordering.js";

const ARGSORT = takes("argsort(a, axis)", SORTING),
  ARGPARTITION = takes("argpartition(a, kth, axis)", PARTITIONING),
  LEXSORT = takes("lexsort(keys, axis)");

/**
 * The indices that would sort the elements along an axis, the last by default; with `null` all of them in row-major
 * order. Elements that are equal keep their order, whatever `kind` says. Returns an int32 array. Errors: those of `sort`.
 */
export function argsort(a: ArrayLike, axis: number | null = -1, options?: SortOptions): NDArray<"int32"> {
  isStable(ARGSORT.read(options, arguments.length));
  if (!isArray(a)) return ofList(ARGSORT, a, (x) => argsort(x, axis, options));
  return indicesOf("argsort", a, axis, () => []);
}

/**
 * Indices in an order in which those of elements of some ranks are where `argsort` would put them: no element before is
 * larger, none after is smaller. Returns an int32 array. Errors: those of `partition`.
 */
export function argpartition(
  a: ArrayLike,
  kth: Ranks,
  axis: number | null = -1,
  options?: PartitionOptions,
): NDArray<"int32"> {
  checkSelect(ARGPARTITION.read(options, arguments.length));
  if (!isArray(a)) return ofList(ARGPARTITION, a, (x) => argpartition(x, kth, axis, options));
  return indicesOf("argpartition", a, axis, (n, size) => readRanks(kth, n, size));
}

function indicesOf(
  op: "argsort" | "argpartition",
  a: NDArray<DType>,
  axis: number | null,
  ranksOf: (n: number, size: number) => number[],
): NDArray<"int32"> {
  live(a);
  // NumPy takes a 0-d array for one of a single element.
  const whole = axis === null || isOfNone(axis, a.ndim),
    along = whole ? 0 : checkAxis(axis, a.ndim),
    n = whole ? a.size : shapeOf(a)[along],
    ranks = ranksOf(n, a.size);
  checkInt32(n, op);
  using work = new Temporaries(op);
  const x = whole ? flattened(a, work) : a;
  const out = withScratch(op, roomFor(ranks) + orderScratch(x, n), (at) => {
    const indices = make(shapeOf(x), dtypes.int32, op);
    if (a.size === 0) return indices;
    writeRanks(ranks, at);
    writeIndices(sorting.kernels[op], x, indices, along, at + roomFor(ranks), at, ranks.length);
    return indices;
  });
  close(op, [a], out);
  return out;
}

function orderScratch(x: NDArray<DType>, n: number): number {
  return x.size === 0 ? 0 : sorting.kernels.orderScratch(n);
}

// Writes indices of the elements of x along an axis to those of out, lane by lane.
function writeIndices(
  kernel: Kernel,
  x: NDArray<DType>,
  out: NDArray<"int32">,
  axis: number,
  scratch: number,
  ranksAt: number,
  ranks: number,
): void {
  const n = shapeOf(x)[axis],
    step = stridesOf(x)[axis],
    outStep = stridesOf(out)[axis];
  eachLane(
    without(shapeOf(x), axis),
    [addressOf(x), addressOf(out)],
    [without(stridesOf(x), axis), without(stridesOf(out), axis)],
    CALL / n,
    (lanes, at, next) => {
      setBox(lanes, n);
      setOut(at[1], next[1], outStep);
      setX(at[0], next[0], step);
      setY(scratch, 0, 0);
      setNumbers(ranksAt, ranks, 0);
      runBox(kernel, x.descr.code);
    },
  );
}

/**
 * The indices that would sort by several keys of one shape, along an axis: by the last key, and where that is equal by
 * the one before it, and so on. `keys` is a list of arrays, or an array whose first axis counts keys. Returns an int32
 * array. Errors: a `DTypeError` without keys, a `ValueError` for keys of different shapes, an `AxisError`.
 */
export function lexsort(keys: readonly ArrayLike[] | NDArray<DType>, axis = -1): NDArray<"int32"> {
  LEXSORT.count(arguments.length);
  using work = new Temporaries("lexsort");
  const arrays = keysOf(keys, work),
    [first] = arrays;
  if (!arrays.every((key) => sameShape(shapeOf(key), shapeOf(first))))
    throw new ValueError("all keys need to be the same shape");
  const along = isOfNone(axis, first.ndim) ? null : checkAxis(axis, first.ndim),
    n = along === null ? 1 : shapeOf(first)[along];
  checkInt32(n, "lexsort");
  const out = withScratch("lexsort", orderScratch(first, n), (scratch) => {
    const indices = make(shapeOf(first), dtypes.int32, "lexsort");
    if (along === null) view.setInt32(indices.buffer.pointer, 0, true);
    else if (first.size > 0)
      arrays.forEach((key, i) => {
        writeIndices(
          i === 0 ? sorting.kernels.argsort : sorting.kernels.argsortAgain,
          key,
          indices,
          along,
          scratch,
          0,
          0,
        );
      });
    return indices;
  });
  close("lexsort", arrays, out);
  return out;
}

// The keys as arrays: what is made for them, views among it, is given up with the call.
function keysOf(keys: unknown, work: Temporaries): NDArray[] {
  if (keys instanceof NDArray) {
    live(keys);
    const shape = shapeOf(keys),
      strides = stridesOf(keys);
    if (shape.length === 0 || shape[0] === 0) throw noKeys();
    return Array.from({ length: shape[0] }, (_, i) =>
      work.use(viewOf(keys, keys.descr, shape.slice(1), strides.slice(1), keys.offset + i * strides[0])),
    );
  }
  refuseStranger(keys);
  if (!isList(keys) || keys.length === 0) throw noKeys();
  return keys.map((key) => work.array(key as ArrayLike)); // which refuses what is none
}

function noKeys(): DTypeError {
  return new DTypeError("need sequence of keys with len > 0 in lexsort");
}
