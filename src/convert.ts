import { type CopyReason, ledger, told, toldOriginal } from "./buffer.js";
import { castBox } from "./cast.js";
import { memory, SCRATCH, scratchAt } from "./core.js";
import { byCode, type DType, descrOf, dtypes, promoteCodes, type Scalar, type TypedArray } from "./dtype.js";
import { DTypeError, ValueError } from "./errors.js";
import { drop, live, make, NDArray, rawData, readElement } from "./ndarray.js";
import { checkElement, codeOfScalar, isScalar, type ScalarLike, writeElement } from "./scalar.js";
import { refuseStranger } from "./strangers.js";
import { begin, operand, transfer } from "./walk.js";

/** Lists in lists, all of the same depth and lengths. */
export type NestedList = readonly (ScalarLike | NestedList)[];

/** What functions take for an array: an array, a JavaScript value, nested lists, or a typed array. */
export type ArrayLike = NDArray<DType> | ScalarLike | NestedList | TypedArray;

/** The dtype of nested lists of one kind of value. */
type ListDType<T> = NestedList extends T
  ? DType
  : T extends readonly (infer E)[]
    ? ListDType<E>
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

const typedNames: Record<string, DType> = {
  Int8Array: "int8",
  Uint8Array: "uint8",
  Uint8ClampedArray: "uint8",
  Int16Array: "int16",
  Uint16Array: "uint16",
  Int32Array: "int32",
  Uint32Array: "uint32",
  BigInt64Array: "int64",
  BigUint64Array: "uint64",
  Float16Array: "float16",
  Float32Array: "float32",
  Float64Array: "float64",
};

/**
 * Copies the elements of one array into another of the same shape, casting them. The arrays must not overlap unless
 * they are the same elements. @internal
 */
export function copyInto(out: NDArray<DType>, x: NDArray<DType>, xStrides: readonly number[] = x.strides): void {
  begin(out.shape);
  operand(out.buffer.pointer + out.offset, out.strides, out.descr.code);
  operand(x.buffer.pointer + x.offset, xStrides, x.descr.code);
  transfer();
  out.buffer.version++;
}

/** A contiguous copy with the values cast to `dtype`. @internal */
export function copyAs<D extends DType>(x: NDArray<DType>, dtype: D, op: string, reason: CopyReason): NDArray<D> {
  live(x);
  const out = make(x.shape, descrOf(dtype), op, reason);
  copyInto(out, x);
  if (ledger !== null) {
    told(op, x.buffer, null, out.buffer);
    if (reason === "requested" && x.contiguous && out.dtype === x.dtype) toldOriginal(x, out.buffer);
  }
  return out;
}

/**
 * Makes an array from nested lists, a JavaScript value, a typed array or another array. Returns a copy.
 * Numbers make float64, booleans bool, bigints int64, `{ re, im }` complex128, unless `dtype` says otherwise.
 */
export function array<const T extends ArrayLike>(value: T, options?: { dtype?: undefined }): NDArray<DTypeOf<T>>;
export function array<D extends DType>(value: ArrayLike, options: { dtype: D }): NDArray<D>;
export function array<D extends DType>(value: ArrayLike, options?: { dtype?: D | undefined }): NDArray<DType>;
export function array(value: ArrayLike, { dtype }: { dtype?: DType | undefined } = {}): NDArray<DType> {
  return convert(value, dtype, "array");
}

/**
 * Gives an array as it is if it has the dtype asked for, and makes one from anything else. Returns the same array, or
 * a copy; with `copy: false` a value that would need one is a `ValueError`.
 */
export function asarray<D extends DType>(
  value: NDArray<D>,
  options?: { dtype?: undefined; copy?: boolean },
): NDArray<D>;
export function asarray<const T extends ArrayLike>(
  value: T,
  options?: { dtype?: undefined; copy?: boolean },
): NDArray<DTypeOf<T>>;
export function asarray<D extends DType>(value: ArrayLike, options: { dtype: D; copy?: boolean }): NDArray<D>;
export function asarray(
  value: ArrayLike,
  { dtype, copy }: { dtype?: DType | undefined; copy?: boolean } = {},
): NDArray<DType> {
  if (value instanceof NDArray && copy !== true) {
    live(value);
    if (dtype === undefined || value.dtype === dtype) return value as unknown as NDArray<DType>;
  }
  if (copy === false) throw new ValueError("Unable to avoid copy while creating an array as requested.");
  return convert(value, dtype, "asarray");
}

/** An operand as an array, and whether it was made here and so is disposed after use. @internal */
export function toArray(value: ArrayLike, op: string, dtype?: DType): [array: NDArray<DType>, temporary: boolean] {
  if (value instanceof NDArray) {
    live(value);
    return [value as unknown as NDArray<DType>, false];
  }
  return [convert(value, dtype, op), true];
}

function convert(value: ArrayLike, dtype: DType | undefined, op: string): NDArray<DType> {
  if (value instanceof NDArray)
    return copyAs(
      value,
      dtype ?? value.dtype,
      op,
      dtype === undefined || dtype === value.dtype ? "requested" : "dtype",
    );
  refuseStranger(value, `${op}: `);
  // A lazy expression, which is defined further up.
  if (typeof (value as { evaluate?: unknown } | undefined)?.evaluate === "function")
    throw new DTypeError(`${op} takes an array, which a lazy expression is not yet: evaluate() it first`);
  if (ArrayBuffer.isView(value)) return fromTypedArray(value as TypedArray, dtype, op);
  const shape = shapeOf(value),
    leaves = flatten(value, shape);
  const code = dtype === undefined ? leafCode(leaves) : descrOf(dtype).code;
  for (const leaf of leaves) checkElement(leaf, code);
  const out = make(shape, byCode[code], op, "host-boundary");
  writeAll(out, leaves);
  return out;
}

// The lengths along the first elements; `flatten` finds out whether the others agree.
function shapeOf(value: unknown): number[] {
  const shape: number[] = [];
  for (let v = value; Array.isArray(v); v = v[0]) shape.push(v.length);
  return shape;
}

function flatten(value: unknown, shape: readonly number[]): ScalarLike[] {
  const leaves: ScalarLike[] = [];
  const visit = (v: unknown, depth: number): void => {
    if (depth < shape.length) {
      if (!Array.isArray(v) || v.length !== shape[depth]) throw ragged(shape.slice(0, depth));
      for (const item of v) visit(item, depth + 1);
    } else if (isScalar(v)) leaves.push(v);
    else if (Array.isArray(v)) throw ragged(shape);
    else
      throw new DTypeError(
        `an array holds numbers, bigints, booleans and complex numbers, not ${typeof v === "string" ? `'${v}'` : String(v)}; keep mixed data in a column for each kind`,
      );
  };
  visit(value, 0);
  return leaves;
}

function ragged(shape: readonly number[]): ValueError {
  return new ValueError(
    "setting an array element with a sequence. The requested array has an inhomogeneous shape after " +
      `${shape.length} dimensions. The detected shape was (${shape.join(", ")}${shape.length === 1 ? "," : ""}) + inhomogeneous part.`,
  );
}

function leafCode(leaves: readonly ScalarLike[]): number {
  if (leaves.length === 0) return dtypes.float64.code;
  let code = codeOfScalar(leaves[0]);
  for (const leaf of leaves) {
    const next = codeOfScalar(leaf);
    if (next !== code) code = promoteCodes(code, next);
  }
  return code;
}

function writeAll(out: NDArray<DType>, leaves: readonly ScalarLike[]): void {
  if (out.dtype === "float64" && leaves.every((leaf) => typeof leaf === "number")) {
    (rawData(out) as Float64Array).set(leaves as number[]);
    return;
  }
  const { code, itemsize } = out.descr;
  for (let i = 0, at = out.buffer.pointer; i < leaves.length; i++, at += itemsize) writeElement(code, at, leaves[i]);
}

/** A one-dimensional array with the elements of a typed array. Returns a copy: they cross from JavaScript's memory. */
function fromTypedArray(value: TypedArray, dtype: DType | undefined, op: string): NDArray<DType> {
  const name = typedNames[value.constructor.name];
  if (name === undefined) throw new DTypeError(`no dtype holds the elements of a ${value.constructor.name}`);
  const from = descrOf(name),
    to = descrOf(dtype ?? name);
  const out = make([value.length], to, op, "host-boundary");
  const bytes = new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
  if (from === to) {
    new Uint8Array(memory.buffer, out.buffer.pointer, bytes.length).set(bytes);
    return out;
  }
  const most = SCRATCH / from.itemsize,
    scratch = new Uint8Array(memory.buffer, scratchAt, SCRATCH);
  for (let done = 0; done < value.length; done += most) {
    const n = Math.min(most, value.length - done),
      at = out.buffer.pointer + done * to.itemsize;
    scratch.set(bytes.subarray(done * from.itemsize, (done + n) * from.itemsize));
    castBox(from.code, to.code, 1, n, at, 0, to.itemsize, scratchAt, 0, from.itemsize);
  }
  return out;
}

/** All elements as JavaScript values in nested lists; a 0-d array gives its one element. */
export function tolist<D extends DType>(a: NDArray<D>): Scalar<D> | Scalar<D>[] | NestedList {
  live(a);
  const level = (axis: number, at: number): unknown => {
    if (axis === a.ndim) return readElement(a.descr, at);
    const list = new Array<unknown>(a.shape[axis]);
    for (let i = 0; i < list.length; i++) list[i] = level(axis + 1, at + i * a.strides[axis]);
    return list;
  };
  return level(0, a.buffer.pointer + a.offset) as Scalar<D>;
}

/**
 * The elements in row-major order as a typed array of JavaScript's own: bits for float16 where the runtime has no
 * `Float16Array`, pairs for complex. Returns a copy.
 */
export function toTypedArray<D extends DType>(a: NDArray<D>): TypedArray {
  live(a);
  if (a.contiguous && (a.buffer.pointer + a.offset) % a.descr.array.BYTES_PER_ELEMENT === 0) return detached(a);
  const packed = copyAs(a, a.dtype, "toTypedArray", "contiguous-kernel");
  try {
    return detached(packed);
  } finally {
    drop(packed, "operation");
  }
}

function detached(a: NDArray<DType>): TypedArray {
  const copy = rawData(a).slice();
  const { Float16Array } = globalThis as { Float16Array?: new (buffer: ArrayBufferLike) => TypedArray };
  return a.dtype === "float16" && Float16Array ? new Float16Array(copy.buffer) : copy;
}
