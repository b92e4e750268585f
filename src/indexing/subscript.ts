import { fromList, toArray } from "../array/convert.js";
import { readList, typedOf } from "../array/lists.js";
import { live, NDArray, refuseStranger, shapeOf, stridesOf, viewOf } from "../array/ndarray.js";
import {
  checkIndex,
  ellipsis,
  type IndexItem,
  type IndexList,
  invalidIndex,
  type ReadItem,
  readString,
  Slice,
  sliceRange,
} from "../array/slices.js";
import type { Temporaries } from "../array/temporaries.js";
import type { TypedArrayLike } from "../base/dtype.js";
import { IndexError } from "../base/errors.js";
import { asIndex } from "../base/integers.js";
import { broadcastShapes, shapeText } from "../base/layout.js";
import { isInstance, isList } from "../base/shown.js";
import { nonzeroOf } from "./masks.js";

// From an index to what it selects: the axes that integers and slices leave (a view), and the arrays of indices that
// pick along the others.

/** An axis that an array of indices picks from. */
export interface Picked {
  readonly indices: NDArray;
  /** The axis of the indexed array, for errors. */
  readonly axis: number;
  readonly length: number;
  /** Bytes from one element of the axis to the next. */
  readonly stride: number;
}

/**
 * What an index selects of an array.
 *
 *   a[:, i, 2:, j]   i of shape (4, 1), j of shape (5,)
 *   ─────────────────────────────────────────────────
 *   shape, strides   of the axes `:` and `2:`, from `offset` on
 *   picked           i along axis 1, j along axis 3
 *   indexShape       (4, 5)
 *   place            0: arrays with a slice between them put (4, 5) in front; together they would stay in their place
 */
export interface Selection {
  readonly shape: number[];
  readonly strides: number[];
  offset: number;
  readonly picked: Picked[];
  indexShape: readonly number[];
  place: number;
}

/** Reads an index, checked against the array. Arrays made on the way are those of `work`. */
export function select(a: NDArray, index: readonly IndexItem[], work: Temporaries): Selection {
  live(a);
  return selectOf(shapeOf(a), stridesOf(a), a.offset, index, work);
}

/** `select` of what has a shape, strides and an offset in bytes, but need be no array. */
export function selectOf(
  lengths: readonly number[],
  steps: readonly number[],
  offset: number,
  index: readonly IndexItem[],
  work: Temporaries,
): Selection {
  const ndim = lengths.length;
  const items = itemsOf(index, work);
  let used = 0;
  let ellipses = 0;
  for (const item of items) {
    used += axesOf(item);
    if (item === ellipsis) ellipses++;
  }
  if (used > ndim) {
    throw new IndexError(`too many indices for array: array is ${ndim}-dimensional, but ${used} were indexed`);
  }
  if (ellipses > 1) throw new IndexError("an index can only have a single ellipsis ('...')");
  if (ellipses === 0) items.push(ellipsis);
  const s: Selection = { shape: [], strides: [], offset, picked: [], indexShape: [], place: -1 };
  let axis = 0;
  let together = true;
  let last = -1;
  for (let i = 0; i < items.length; i++) {
    const item = items[i];
    if (item === ellipsis) {
      for (const end = axis + ndim - used; axis < end; axis++) keep(s, lengths[axis], steps[axis]);
    } else if (item === null) keep(s, 1, 0);
    else if (item instanceof Slice) {
      const [start, count, step] = sliceRange(item, lengths[axis]);
      s.offset += start * steps[axis];
      keep(s, count, step * steps[axis++]);
    } else {
      // Beside arrays an integer counts as one of them.
      if (s.place < 0) s.place = s.shape.length;
      else if (last !== i - 1) together = false;
      last = i;
      if (typeof item === "number") {
        s.offset += checkIndex(item, axis, lengths[axis]) * steps[axis++];
      } else {
        pick(s, lengths, steps, item, axis, work);
        axis += axesOf(item);
      }
    }
  }
  if (!together || s.place < 0) s.place = 0;
  if (s.picked.length > 0) s.indexShape = broadcastIndices(s.picked);
  return s;
}

// The items with strings read, and lists made arrays.
function itemsOf(index: readonly IndexItem[], work: Temporaries): (ReadItem | NDArray)[] {
  const items: (ReadItem | NDArray)[] = [];
  for (const item of index) {
    if (typeof item === "string") items.push(...readString(item));
    else if (typeof item === "bigint") items.push(asIndex(item));
    else if (typeof item === "number" || item === null || isInstance(item, Slice)) items.push(item);
    else items.push(indexArray(item, work));
  }
  return items;
}

function keep(s: Selection, length: number, stride: number): void {
  s.shape.push(length);
  s.strides.push(stride);
}

function axesOf(item: ReadItem | NDArray): number {
  if (typeof item === "number" || item instanceof Slice) return 1;
  if (item === null || item === ellipsis) return 0;
  return item.dtype === "bool" ? item.ndim : 1;
}

/** An item that is no integer and no slice as an array of integers or bools. */
export function indexArray(item: NDArray | TypedArrayLike | IndexList | boolean, work: Temporaries): NDArray {
  let array: NDArray;
  if (item instanceof NDArray) {
    live(item);
    array = item;
  } else {
    array = work.use(made(item, work.op));
  }
  if (!"biu".includes(array.descr.kind)) {
    throw new IndexError(
      `arrays used as indices must be of integer (or boolean) type; this one is ${array.dtype}: astype("int32") makes it one`,
    );
  }
  return array;
}

function made(item: TypedArrayLike | boolean | IndexList, op: string): NDArray {
  if (isList(item)) return listed(item, op);
  refuseStranger(item);
  if (typeof item !== "boolean" && typedOf(item) === null) throw invalidIndex(item);
  return toArray(item, op)[0];
}

// Lists of JavaScript numbers would be float64: as indices they are integers, and bools are a mask.
function listed(item: unknown, op: string): NDArray {
  refuseSeveral(item);
  const list = readList(item);
  let bools = 0,
    wide = false;
  for (const value of list.items) {
    if (typeof value === "boolean") bools++;
    else if (typeof value === "bigint" || (typeof value === "number" && Number.isInteger(value)))
      wide ||= value >= 2 ** 31 || value < -(2 ** 31);
    else throw invalidIndex(value);
  }
  if (bools > 0 && bools < list.items.length) throw invalidIndex("integers and booleans in one list");
  return fromList(list, bools > 0 ? "bool" : wide ? "int64" : "int32", op);
}

// A list that holds slices, texts, newaxis or arrays was meant as an index of several items.
function refuseSeveral(item: unknown): void {
  if (!isList(item)) return;
  for (let i = 0; i < item.length && i < 64; i++) {
    const v = item[i];
    if (typeof v !== "string" && v !== null && !(v instanceof Slice) && !(v instanceof NDArray)) continue;
    throw new IndexError(
      "a list as an index holds integers or booleans: for an index of several items write them one after the other, " +
        'at(a, slice(1), 0) or set(a, slice(1), 0, value), or as a text, at(a, "1:, 0") or set(a, "1:, 0", value)',
    );
  }
}

// A mask is as many arrays of indices as it has axes: where it is true.
function pick(
  s: Selection,
  lengths: readonly number[],
  steps: readonly number[],
  item: NDArray,
  axis: number,
  work: Temporaries,
): void {
  if (item.dtype !== "bool") {
    s.picked.push({ indices: item, axis, length: lengths[axis], stride: steps[axis] });
    return;
  }
  checkMask(item, lengths, axis);
  if (item.ndim === 0) {
    // True is one index and false none, along no axis.
    const row = work.use(viewOf(item, item.descr, [1], [1], item.offset)),
      indices = work.use(nonzeroOf(row, work.op)[0]);
    s.picked.push({ indices, axis, length: 1, stride: 0 });
    return;
  }
  nonzeroOf(item, work.op).forEach((indices, k) => {
    work.use(indices);
    s.picked.push({ indices, axis: axis + k, length: lengths[axis + k], stride: steps[axis + k] });
  });
}

/** Throws NumPy's `IndexError` if a mask's axes are not those of the array from `axis` on. */
export function checkMask(mask: NDArray, shape: readonly number[], axis: number): void {
  for (let k = 0; k < mask.ndim; k++) {
    if (shapeOf(mask)[k] === shape[axis + k]) continue;
    throw new IndexError(
      `boolean index did not match indexed array along axis ${axis + k}; size of axis is ${shape[axis + k]} ` +
        `but size of corresponding boolean axis is ${shapeOf(mask)[k]}`,
    );
  }
}

function broadcastIndices(picked: readonly Picked[]): readonly number[] {
  const shapes = picked.map((p) => shapeOf(p.indices));
  if (shapes.length === 1) return shapes[0];
  try {
    return broadcastShapes(...shapes);
  } catch {
    const told = shapes.filter((shape) => shape.length > 0).map((shape) => `${shapeText(shape)} `);
    throw new IndexError(
      `shape mismatch: indexing arrays could not be broadcast together with shapes ${told.join("")}`,
    );
  }
}
