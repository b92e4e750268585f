import { atMost } from "../base/arity.js";
import {
  byCode,
  type Descr,
  type DType,
  descrOf,
  type Scalar,
  type TypedArray,
  type TypedArrayLike,
} from "../base/dtype.js";
import { ValueError } from "../base/errors.js";
import { globals } from "../base/host.js";
import { rowMajor, sizeOfShape } from "../base/layout.js";
import { isList } from "../base/shown.js";
import { AREA, area, packOut, packX, setBox } from "../core/box.js";
import { cast } from "../core/boxes.js";
import { memory } from "../core/instance.js";
import { checkElement, isScalar, type ScalarLike, writeElement } from "../core/scalar.js";
import { listener, noteOriginal, notify } from "../heap/listener.js";
import type { CopyReason } from "../heap/reasons.js";
import { begin, operand, transfer } from "../loops/walk.js";
import { addressOf } from "./destination.js";
import { type List, noElement, readList, type Typed, typedOf } from "./lists.js";
import { drop, live, make, NDArray, rawData, readElement, refuseStranger, shapeOf, stridesOf } from "./ndarray.js";
import { orDType, takes } from "./options.js";

/** Lists in lists, all of the same depth and lengths. */
export type NestedList = readonly (ScalarLike | NestedList)[];

/** What functions take for an array: an array, a JavaScript value, nested lists, or a typed array. */
export type ArrayLike = NDArray<DType> | ScalarLike | NestedList | TypedArrayLike;

/** The dtype of nested lists of one kind of value. */
type ListDType<T> = NestedList extends T
  ? DType
  : T extends readonly (infer E)[]
    ? // An empty list is float64, as in NumPy.
      [E] extends [never]
      ? "float64"
      : ListDType<E>
    : T extends number
      ? "float64"
      : T extends boolean
        ? "bool"
        : T extends bigint
          ? "int64"
          : T extends object
            ? "complex128"
            : DType;

/** The dtype an array-like becomes. */
export type DTypeOf<T> =
  T extends NDArray<infer D>
    ? D
    : T extends Int8Array
      ? "int8"
      : T extends Uint8Array | Uint8ClampedArray
        ? "uint8"
        : T extends Int16Array
          ? "int16"
          : T extends Uint16Array
            ? "uint16"
            : T extends Int32Array
              ? "int32"
              : T extends Uint32Array
                ? "uint32"
                : T extends BigInt64Array
                  ? "int64"
                  : T extends BigUint64Array
                    ? "uint64"
                    : T extends Float32Array
                      ? "float32"
                      : T extends Float64Array
                        ? "float64"
                        : ListDType<T>;

/**
 * Copies the elements of one array into another of the same shape, casting them. The arrays must not overlap unless
 * they are the same elements. @internal
 */
export function copyInto(out: NDArray<DType>, x: NDArray<DType>, xStrides: readonly number[] = stridesOf(x)): void {
  begin(shapeOf(out));
  operand(addressOf(out), stridesOf(out), out.descr.code);
  operand(addressOf(x), xStrides, x.descr.code);
  transfer();
  out.buffer.version++;
}

/** A contiguous copy with the values cast to `dtype`. @internal */
export function copyAs<D extends DType>(x: NDArray<DType>, dtype: D, op: string, reason: CopyReason): NDArray<D> {
  live(x);
  const out = make(shapeOf(x), descrOf(dtype), op, reason);
  copyInto(out, x);
  if (listener !== null) {
    notify(op, x.buffer, null, out.buffer);
    if (reason === "requested" && x.contiguous && out.dtype === x.dtype) noteOriginal(x, out);
  }
  return out;
}

const ARRAY = takes("array(value)", { dtype: "dtype?" }),
  ASARRAY = takes("asarray(value)", { dtype: "dtype?", copy: "boolean?" });

/**
 * Makes an array from nested lists, a JavaScript value, a typed array or another array; lists may hold arrays, which are
 * stacked. Returns a copy. Numbers make float64, booleans bool, bigints int64, `{ re, im }` complex128, unless `dtype`
 * says otherwise; its name may stand for the options, as in NumPy.
 *
 * @example
 * array([1, 2, 3]).dtype // float64
 * array([[1, 2], [3, 4]], "int8").shape // 2,2
 */
export function array<const T extends ArrayLike>(value: T, options?: { dtype?: undefined }): NDArray<DTypeOf<T>>;
export function array<D extends DType>(value: ArrayLike, options: D | { dtype: D }): NDArray<D>;
export function array<D extends DType>(value: ArrayLike, options?: { dtype?: D | undefined }): NDArray<DType>;
export function array(value: ArrayLike, options?: DType | { dtype?: DType | undefined }): NDArray<DType> {
  const { dtype } = ARRAY.read(orDType(options), arguments.length);
  return convert(value, dtype, "array");
}

/**
 * Gives an array as it is if it has the dtype asked for, and makes one from anything else. Returns the same array, or
 * a copy; with `copy: false` a value that would need one is a `ValueError`. The dtype's name may stand for the options.
 */
export function asarray<D extends DType>(
  value: NDArray<D>,
  options?: { dtype?: undefined; copy?: boolean },
): NDArray<D>;
export function asarray<const T extends ArrayLike>(
  value: T,
  options?: { dtype?: undefined; copy?: boolean },
): NDArray<DTypeOf<T>>;
export function asarray<D extends DType>(value: ArrayLike, options: D | { dtype: D; copy?: boolean }): NDArray<D>;
export function asarray(
  value: ArrayLike,
  options?: DType | { dtype?: DType | undefined; copy?: boolean },
): NDArray<DType> {
  const { dtype, copy } = ASARRAY.read(orDType(options), arguments.length);
  if (value instanceof NDArray && copy !== true) {
    live(value);
    if (dtype === undefined || value.dtype === dtype) return value;
  }
  if (copy === false) throw new ValueError("Unable to avoid copy while creating an array as requested.");
  return convert(value, dtype, "asarray");
}

/** An operand as an array, and whether it was made here and so is disposed after use. @internal */
export function toArray(value: ArrayLike, op: string, dtype?: DType): [array: NDArray<DType>, temporary: boolean] {
  if (value instanceof NDArray) {
    live(value);
    return [value, false];
  }
  return [convert(value, dtype, op), true];
}

/** Whether an array-like is an array of this engine. @internal */
export function isArray<D extends DType>(value: NDArray<D> | ArrayLike): value is NDArray<D> {
  return value instanceof NDArray;
}

/**
 * What `body` makes of a list, a typed array or a scalar as an array. The array is given up with the call, its memory with
 * the last view of it. @internal
 */
export function ofList<D extends DType, R>(
  op: { readonly name: string },
  value: unknown,
  body: (a: NDArray<D>) => R,
): R {
  // The elements' dtype is whatever the list has: callers that know no D are given DType.
  const made = convert(value as ArrayLike, undefined, op.name) as NDArray<D>;
  let same = false;
  try {
    const result = body(made);
    same = (result as unknown) === made;
    return result;
  } finally {
    if (!same) drop(made, "operation");
  }
}

function convert(value: ArrayLike, dtype: DType | undefined, op: string): NDArray<DType> {
  if (value instanceof NDArray)
    return copyAs(
      value,
      dtype ?? value.dtype,
      op,
      dtype === undefined || dtype === value.dtype ? "requested" : "dtype",
    );
  refuseStranger(value);
  const typed = typedOf(value);
  if (typed !== null) return fromTypedArray(typed, dtype, op);
  if (!isList(value) && !isScalar(value)) throw noElement(value);
  return fromList(readList(value), dtype, op);
}

/** What a list that was read is as an array. Returns a copy. @internal */
export function fromList(list: List, dtype: DType | undefined, op: string): NDArray<DType> {
  const descr = byCode[dtype === undefined ? list.code : descrOf(dtype).code];
  for (const item of list.items) if (isScalar(item)) checkElement(item, descr.code);
  const out = make(list.shape, descr, op, "host-boundary");
  if (list.plain)
    writeAll(out, list.items as readonly ScalarLike[]); // `plain` says so
  else writeBlocks(out, list);
  return out;
}

function writeAll(out: NDArray<DType>, leaves: readonly ScalarLike[]): void {
  if (out.dtype === "float64" && leaves.every((leaf) => typeof leaf === "number")) {
    (rawData(out) as Float64Array).set(leaves as number[]);
    return;
  }
  const { code, itemsize } = out.descr;
  for (let i = 0, at = out.buffer.pointer; i < leaves.length; i++, at += itemsize) writeElement(code, at, leaves[i]);
}

// Items in row-major order, some of which are many elements.
function writeBlocks(out: NDArray<DType>, { items }: List): void {
  const { descr } = out;
  let at = 0;
  for (const item of items) {
    if (isScalar(item)) writeElement(descr.code, out.buffer.pointer + at, item);
    else if (!(item instanceof NDArray)) writeTyped(item, out.buffer.pointer + at, descr);
    else {
      begin(shapeOf(item));
      operand(out.buffer.pointer + at, rowMajor(shapeOf(item), descr.itemsize), descr.code);
      operand(addressOf(item), stridesOf(item), item.descr.code);
      transfer();
    }
    at += (isScalar(item) ? 1 : sizeOfShape(item.shape)) * descr.itemsize;
  }
}

/** A one-dimensional array with the elements of a typed array. Returns a copy: they cross from JavaScript's memory. */
function fromTypedArray(value: Typed, dtype: DType | undefined, op: string): NDArray<DType> {
  const out = make(value.shape, descrOf(dtype ?? value.descr.name), op, "host-boundary");
  writeTyped(value, out.buffer.pointer, out.descr);
  return out;
}

// Writes the elements of a typed array, cast by tiles where the dtype is another.
function writeTyped(value: Typed, to: number, descr: Descr): void {
  const from = value.descr,
    bytes = value.bytes();
  if (from === descr) {
    new Uint8Array(memory.buffer, to, bytes.length).set(bytes);
    return;
  }
  const [length] = value.shape,
    most = AREA / from.itemsize,
    scratch = new Uint8Array(memory.buffer, area(0), AREA);
  for (let done = 0; done < length; done += most) {
    const n = Math.min(most, length - done);
    scratch.set(bytes.subarray(done * from.itemsize, (done + n) * from.itemsize));
    setBox(1, n);
    packOut(to + done * descr.itemsize, descr.itemsize);
    packX(area(0), from.itemsize);
    cast(from.code, descr.code);
  }
}

/** All elements as JavaScript values in nested lists; a 0-d array gives its one element. */
export function tolist<D extends DType>(a: NDArray<D>): Scalar<D> | Scalar<D>[] | NestedList {
  atMost(1, arguments.length, "tolist(a)");
  live(a);
  const level = (axis: number, at: number): unknown => {
    if (axis === a.ndim) return readElement(a.descr, at);
    const list = new Array<unknown>(shapeOf(a)[axis]);
    for (let i = 0; i < list.length; i++) list[i] = level(axis + 1, at + i * stridesOf(a)[axis]);
    return list;
  };
  return level(0, addressOf(a)) as Scalar<D>;
}

/**
 * The elements in row-major order as a typed array of JavaScript's own: bits for float16 where the runtime has no
 * `Float16Array`, pairs for complex. Returns a copy.
 */
export function toTypedArray<D extends DType>(a: NDArray<D>): TypedArray {
  atMost(1, arguments.length, "toTypedArray(a)");
  live(a);
  if (a.contiguous && addressOf(a) % a.descr.array.BYTES_PER_ELEMENT === 0) return detached(a);
  const packed = copyAs(a, a.dtype, "toTypedArray", "contiguous-kernel");
  try {
    return detached(packed);
  } finally {
    drop(packed, "operation");
  }
}

/** The elements of a contiguous array as bytes of JavaScript's own; of bools as 0 or 1, whatever their bytes. @internal */
export function bytesOf(a: NDArray<DType>): Uint8Array<ArrayBuffer> {
  const start = addressOf(a),
    bytes = new Uint8Array(memory.buffer, start, a.nbytes).slice();
  if (a.dtype !== "bool") return bytes;
  for (let done = 0; done < bytes.length; done += AREA) {
    const n = Math.min(AREA, bytes.length - done);
    setBox(1, n);
    packOut(area(0), 1);
    packX(start + done, 1);
    cast(a.descr.code, a.descr.code);
    bytes.set(new Uint8Array(memory.buffer, area(0), n), done);
  }
  return bytes;
}

function detached(a: NDArray<DType>): TypedArray {
  const copy = a.dtype === "bool" ? bytesOf(a) : rawData(a).slice();
  const { Float16Array } = globals as { Float16Array?: new (buffer: ArrayBufferLike) => TypedArray };
  return a.dtype === "float16" && Float16Array ? new Float16Array(copy.buffer) : copy;
}
