import { type ArrayLike, isArray, ofList, toTypedArray } from "../array/convert.js";
import { addressOf, close } from "../array/destination.js";
import { live, make, NDArray, refuseStranger, shapeOf, stridesOf } from "../array/ndarray.js";
import { takes } from "../array/options.js";
import { Temporaries } from "../array/temporaries.js";
import { cannotCast, type DType, dtypes } from "../base/dtype.js";
import { ShapeError, ValueError } from "../base/errors.js";
import { asExact, asIndex } from "../base/integers.js";
import { broadcastShapes, checkAxis, isOfNone, listOf, rowMajor } from "../base/layout.js";
import { area, TILE as MOST, packOut, packX, runBox, setBox, setX } from "../core/box.js";
import { copyKernel } from "../core/boxes.js";
import { memory } from "../core/instance.js";
import { inOrder } from "../loops/ordered.js";
import { begin, operand, transfer } from "../loops/walk.js";
import { type Indices, take } from "./picking.js";

const TILE = takes("tile(a, reps)"),
  REPEAT = takes("repeat(a, repeats, axis)"),
  ROLL = takes("roll(a, shift, axis)");

// Arrays made from the elements of one: repeated, turned round, with some left out or put in. Each is one allocation.

/** Copies `from`, read with strides over a shape, to an address with strides of its own. @internal */
export function move(
  shape: readonly number[],
  to: number,
  toStrides: readonly number[],
  code: number,
  at: number,
  strides: readonly number[],
  from: NDArray<DType>,
): void {
  begin(shape);
  operand(to, toStrides, code);
  operand(at, strides, from.descr.code);
  transfer();
}

/** The array laid out beside itself, so often along each axis. Returns a copy. */
export function tile<D extends DType>(a: NDArray<D> | ArrayLike, reps: number | readonly number[]): NDArray<D> {
  TILE.count(arguments.length);
  if (!isArray(a)) return ofList(TILE, a, (x: NDArray<D>) => tile(x, reps));
  live(a);
  const times = listOf(reps, "reps").map(repsOf),
    ndim = Math.max(times.length, a.ndim);
  const fill = <T>(list: readonly T[], value: T): T[] => [...new Array<T>(ndim - list.length).fill(value), ...list];
  const counts = fill(times, 1),
    lengths = fill(shapeOf(a), 1),
    own = fill(stridesOf(a), 0);
  // Of an axis without elements there are none, however often.
  const shape = lengths.map((n, k) => n * counts[k] + 0);
  if (shape.some((n) => n < 0)) throw new ValueError("negative dimensions are not allowed");
  const out = make(shape, a.descr, "tile", "requested");
  if (out.size === 0) {
    close("tile", [a], out);
    return out;
  }
  // Each axis becomes two: which copy, and where in it.
  const pairs = lengths.flatMap((n, k) => [counts[k], n]);
  move(
    pairs,
    out.buffer.pointer,
    stridesOf(out).flatMap((s, k) => [s * lengths[k], s]),
    a.descr.code,
    addressOf(a),
    own.flatMap((s) => [0, s]),
    a,
  );
  close("tile", [a], out);
  return out;
}

/**
 * Each element so often, one after the other, along an axis; without one, of the elements in row-major order. `repeats`
 * is one number, or one for each element of the axis. Returns a copy.
 */
export function repeat<D extends DType>(
  a: NDArray<D> | ArrayLike,
  repeats: Indices,
  axis: number | null = null,
): NDArray<D> {
  REPEAT.count(arguments.length);
  if (!isArray(a)) return ofList(REPEAT, a, (x: NDArray<D>) => repeat(x, repeats, axis));
  live(a);
  const flat = axis === null || isOfNone(axis, a.ndim),
    along = flat ? a.ndim : checkAxis(axis, a.ndim);
  refuseStranger(repeats);
  const counts =
    repeats instanceof NDArray ? wholeNumbers(repeats) : listOf(repeats, "repeats", 2 ** 26).map(repeatsOf);
  if (counts.some((n) => n < 0)) throw new ValueError("repeats may not contain negative values.");
  if (counts.length !== 1) return repeatEach(a, counts, flat ? null : along);
  // One more axis, along which the source stands still.
  const [count] = counts,
    place = Math.min(along + 1, a.ndim);
  const shape = flat ? [a.size * count] : shapeOf(a).with(along, shapeOf(a)[along] * count);
  const out = make(shape, a.descr, "repeat", "requested"),
    wide = shapeOf(a).toSpliced(place, 0, count);
  move(
    wide,
    out.buffer.pointer,
    rowMajor(wide, a.itemsize),
    a.descr.code,
    addressOf(a),
    stridesOf(a).toSpliced(place, 0, 0),
    a,
  );
  close("repeat", [a], out);
  return out;
}

// NumPy has a sentence of its own for it.
function repsOf(n: unknown): number {
  if (Number.isNaN(n)) throw new ValueError("cannot convert float NaN to integer");
  return asIndex(n);
}

// As in NumPy bools count, and fractions have a sentence of their own.
function repeatsOf(n: unknown): number {
  if (typeof n === "number" && !Number.isInteger(n)) throw cannotCast("float64", "int64", "safe");
  return typeof n === "boolean" ? Number(n) : asIndex(n);
}

function wholeNumbers(a: NDArray<DType>): number[] {
  if (!"biu".includes(a.descr.kind)) throw cannotCast(a.dtype, "int64", "safe");
  if (a.ndim > 1) throw new ValueError("object too deep for desired array");
  return Array.from(toTypedArray(a), Number);
}

// Different counts are an index in which each position comes as often as it is to be repeated.
function repeatEach<D extends DType>(a: NDArray<D>, counts: readonly number[], axis: number | null): NDArray<D> {
  const length = axis === null ? a.size : shapeOf(a)[axis];
  if (counts.length !== length)
    throw new ShapeError(`operands could not be broadcast together with shape (${length},) (${counts.length},)`);
  using work = new Temporaries("repeat");
  const total = counts.reduce((sum, n) => sum + n, 0),
    index = work.use(make([total], dtypes.int32, "repeat")),
    positions = new Int32Array(memory.buffer, index.buffer.pointer, total);
  let from = 0;
  counts.forEach((n, i) => {
    positions.fill(i, from, from + n);
    from += n;
  });
  return take(a, index, axis);
}

/**
 * The elements moved along axes by so many places; those that leave at one end come in at the other. Without an axis
 * they move in row-major order. Returns a copy.
 */
export function roll<D extends DType>(
  a: NDArray<D> | ArrayLike,
  shift: number | bigint | readonly (number | bigint)[],
  axis: number | readonly number[] | null = null,
): NDArray<D> {
  ROLL.count(arguments.length);
  if (!isArray(a)) return ofList(ROLL, a, (x: NDArray<D>) => roll(x, shift, axis));
  live(a);
  const shifts = (listOf(shift, "shift") as readonly (number | bigint)[]).map((n) =>
      BigInt(typeof n === "bigint" ? n : asExact(n)),
    ),
    axes = axis === null ? null : listOf(axis, "axis").map((k) => checkAxis(k, a.ndim));
  if (axes === null)
    return rollFlat(
      a,
      modulo(
        shifts.reduce((sum, n) => sum + n, 0n),
        a.size,
      ),
    );
  const [times] = broadcastShapes([shifts.length], [axes.length]),
    by = new Array<bigint>(a.ndim).fill(0n);
  for (let i = 0; i < times; i++) by[axes[i % axes.length]] += shifts[i % shifts.length];
  const out = make(shapeOf(a), a.descr, "roll", "requested");
  // Along each axis two stretches change places: every combination of them is one box.
  const visit = (k: number, shape: number[], to: number, from: number): void => {
    if (k === a.ndim) return move(shape, to, stridesOf(out), a.descr.code, from, stridesOf(a), a);
    const length = shapeOf(a)[k],
      ahead = modulo(by[k], length);
    visit(k + 1, [...shape, length - ahead], to + ahead * stridesOf(out)[k], from);
    if (ahead > 0) visit(k + 1, [...shape, ahead], to, from + (length - ahead) * stridesOf(a)[k]);
  };
  visit(0, [], out.buffer.pointer, addressOf(a));
  close("roll", [a], out);
  return out;
}

// Shifts may be longer than numbers tell exactly.
function modulo(n: bigint, length: number): number {
  const own = BigInt(Math.max(length, 1));
  return Number(((n % own) + own) % own);
}

// In row-major order a piece of the walk is a run of the result, or two where it comes to the end.
function rollFlat<D extends DType>(a: NDArray<D>, shift: number): NDArray<D> {
  const out = make(shapeOf(a), a.descr, "roll", "requested"),
    { code, itemsize } = a.descr,
    start = out.buffer.pointer;
  let to = shift;
  inOrder(shapeOf(a), [addressOf(a)], [stridesOf(a)], MOST, -1, ({ rows, cols, at, row, col }) => {
    const count = rows * cols,
      first = Math.min(count, a.size - to);
    setBox(rows, cols);
    packOut(area(0), itemsize);
    setX(at[0], row[0], col[0]);
    runBox(copyKernel, code);
    setBox(1, first);
    packOut(start + to * itemsize, itemsize);
    packX(area(0), itemsize);
    runBox(copyKernel, code);
    if (first < count) {
      setBox(1, count - first);
      packOut(start, itemsize);
      packX(area(0) + first * itemsize, itemsize);
      runBox(copyKernel, code);
    }
    to = (to + count) % a.size;
  });
  close("roll", [a], out);
  return out;
}
