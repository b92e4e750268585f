import { type Buffer, ledger, told } from "./buffer.js";
import { runFlat, scalarSlot } from "./cast.js";
import { type ArrayLike, copyAs, toArray } from "./convert.js";
import { type Kernel, type KernelName, KernelRef } from "./core.js";
import { byCode, type Casting, canCast, type Descr, type DType, descrOf, dtypes, promoteCodes } from "./dtype.js";
import { DTypeError, ShapeError } from "./errors.js";
import { entrances } from "./heap.js";
import { broadcastShapes, broadcastStrides, sameShape, shapeText } from "./layout.js";
import { separate } from "./loans.js";
import { drop, live, make, NDArray, writable } from "./ndarray.js";
import { harmfulOverlap } from "./overlap.js";
import { type Loops, loopCodes } from "./promote.js";
import { checkFits, codeOfScalar, fits, isScalar, type ScalarLike, weakCode, writeElement } from "./scalar.js";
import { begin, INT64_UINT64, mask, operand, run, UINT64_INT64, wanted } from "./walk.js";

// How an elementwise operation travels: find the dtype to compute in, the shape, and the array to write; check
// everything; copy what the result would overwrite; then let the walk call the kernel.

/** What every ufunc takes after its operands. */
export interface UfuncOptions<D extends DType = DType> {
  /** The array to write into; it is also returned. It must have the result's shape. */
  out?: NDArray<D>;
  /** A bool array: elements where it is false are not written (0 in a new array). */
  where?: ArrayLike;
  /** How freely operands and result may be cast: `same_kind` by default. */
  casting?: Casting;
  /** The dtype to compute in. */
  dtype?: DType;
}

const FLOAT16 = dtypes.float16.code,
  FLOAT32 = dtypes.float32.code,
  FLOAT64 = dtypes.float64.code,
  UINT64 = dtypes.uint64.code;

/** The operations that write into `out` element by element, so that `out` may be one of their operands. */
export const elementwise = new Set<string>();

/** What is special about an operation. */
export interface Traits {
  /** It compares integers exactly, whatever their dtypes: int64 with uint64, and values beyond the dtype's range. */
  readonly exact?: boolean;
  /** Its kernel has a loop for float16. */
  readonly halves?: boolean;
}

/** An elementwise operation: its name, its kernel, the loops it has, and the dtype it gives. */
export class Op {
  readonly kernel: { readonly run: Kernel };
  readonly loop: Uint8Array;
  readonly exact: boolean;
  readonly halves: boolean;
  /** Whether each operand finds its own float before they promote: int8 and uint8 both fit float16. */
  readonly ownFloats: boolean;
  constructor(
    readonly name: string,
    row: Loops,
    /** The dtype of every result: the loop's own if null. */
    readonly gives: Descr | null,
    kernel: KernelName | Kernel,
    traits: Traits = {},
  ) {
    this.exact = traits.exact ?? false;
    this.halves = traits.halves ?? false;
    this.ownFloats = row === "float" || row === "realFloat";
    this.kernel = typeof kernel === "string" ? new KernelRef(kernel) : { run: kernel };
    elementwise.add(name);
    entrances.set(name, apply);
    this.loop = loopCodes(row, (dtype) => dtypes[dtype].code);
  }
}

// What a kernel computes in: float16 is computed as float32, tile by tile.
function computed(op: Op, code: number): number {
  return code === FLOAT16 && !op.halves ? FLOAT32 : code;
}

/** Applies an operation to one, two or three operands. */
export function apply(op: Op, operands: readonly ArrayLike[], options?: UfuncOptions): NDArray<DType> {
  const quick = applyPlain(op, operands, options);
  if (quick !== null) return quick;
  const temporaries: NDArray[] = [];
  try {
    const values = operands.map((value) => {
      if (value instanceof NDArray) live(value);
      return isScalar(value) || value instanceof NDArray ? value : temporary(value, op.name, temporaries);
    });
    return applyChecked(op, values, options ?? {}, temporaries);
  } finally {
    for (const array of temporaries) drop(array, "operation");
  }
}

function temporary(value: ArrayLike, op: string, temporaries: NDArray[]): NDArray {
  const [array, made] = toArray(value, op);
  if (made) temporaries.push(array);
  return array;
}

// The common case: one or two operands that are one run, of one shape and of the loop's own dtype, or one and a number,
// into a new array or a plain `out`. It decides nothing that the general way would decide otherwise; it saves 1 µs.
function applyPlain(op: Op, operands: readonly ArrayLike[], options: UfuncOptions | undefined): NDArray<DType> | null {
  const x = operands[0],
    y = operands.length === 1 ? x : operands[1];
  if (operands.length > 2 || !(x instanceof NDArray) || !isOneRun(x) || x.size === 0) return null;
  const descr = x.descr,
    code = descr.code;
  if (op.loop[code] !== code || code === FLOAT16) return null;
  const gives = op.gives ?? descr;
  let out: NDArray<DType> | null = null;
  if (options !== undefined) {
    if (options.where !== undefined || options.dtype !== undefined || options.casting !== undefined) return null;
    out = options.out ?? null;
    if (out !== null && !plainOut(out, x, y, gives)) return null;
  }
  const pair = y instanceof NDArray;
  if (pair) {
    if (y.descr !== descr || !isOneRun(y) || !sameShape(x.shape, y.shape)) return null;
    live(y);
  } else if (typeof y !== "number" || op.exact || weakCode(y, code) !== code) return null;
  else checkFits(y, code);
  live(x);
  out ??= make(x.shape, gives, op.name);
  if (!pair) writeElement(code, scalarSlot(2), y as number);
  const yAt = pair ? y.buffer.pointer + y.offset : scalarSlot(2);
  runFlat(
    op.kernel.run,
    code,
    x.size,
    out.buffer.pointer + out.offset,
    gives.itemsize,
    x.buffer.pointer + x.offset,
    stepOf(x),
    yAt,
    pair ? stepOf(y) : 0,
  );
  out.buffer.version++;
  if (ledger !== null) told(op.name, x.buffer, pair && operands.length > 1 ? y.buffer : null, out.buffer);
  return out;
}

// One run of elements, a step apart: contiguous, or with a single axis.
function isOneRun(a: NDArray<DType>): boolean {
  return a.contiguous || a.ndim === 1;
}
function stepOf(a: NDArray<DType>): number {
  return a.contiguous ? a.descr.itemsize : a.strides[0];
}

// Whether `out` is written just where it is read, or shares nothing with the operands.
function plainOut(out: NDArray<DType>, x: NDArray<DType>, y: unknown, gives: Descr): boolean {
  if (!out.contiguous || !out.writeable || out.descr !== gives || out.disposed || out.buffer.loan !== null)
    return false;
  if (!sameShape(out.shape, x.shape)) return false;
  return meetsOnlyItself(out, x) && (!(y instanceof NDArray) || meetsOnlyItself(out, y as NDArray<DType>));
}
function meetsOnlyItself(out: NDArray<DType>, x: NDArray<DType>): boolean {
  return out.buffer !== x.buffer || (out.offset === x.offset && out.descr === x.descr && x.contiguous);
}

type Value = NDArray | ScalarLike;

function applyChecked(op: Op, values: readonly Value[], options: UfuncOptions, temporaries: NDArray[]): NDArray<DType> {
  const casting = options.casting ?? "same_kind";
  const codes = values.map((value, k) => operandCode(op, value, values, k));
  const loop = chooseLoop(op, values, codes, options, casting);
  const where =
    options.where === undefined || options.where === true ? null : maskOf(options.where, op.name, temporaries);
  const shapes: (readonly number[])[] = [];
  for (const value of values) if (value instanceof NDArray) shapes.push(value.shape);
  if (where) shapes.push(where.shape);
  const gives = op.gives ?? byCode[loop];
  const shape = resultShape(op, shapes, options.out, gives, casting);
  const code = computed(op, loop);
  const out = options.out ?? make(shape, gives, op.name);
  const inputs = options.out ? values.map((value) => apart(value, out, op.name, temporaries)) : values;
  const selected = where && options.out ? (apart(where, out, op.name, temporaries) as NDArray) : where;
  separate(out.buffer);
  if (where && !options.out) new Uint8Array(out.data.buffer, out.address, out.nbytes).fill(0);
  begin(shape);
  operand(out.buffer.pointer + out.offset, out.strides, out.descr.code);
  for (let k = 0; k < inputs.length; k++) addOperand(inputs[k], k + 1, code, shape);
  if (selected)
    mask(selected.buffer.pointer + selected.offset, broadcastStrides(selected.shape, selected.strides, shape)!);
  run(op.kernel.run, code, op.gives ? op.gives.code : code, gives.code);
  finish(op.name, values, out);
  return out;
}

// Beside arrays a JavaScript value is weak; alone it has its own dtype.
function operandCode(op: Op, value: Value, values: readonly Value[], k: number): number {
  if (value instanceof NDArray) return value.descr.code;
  let beside = -1;
  for (let i = 0; i < values.length; i++) {
    const other = values[i];
    if (i !== k && other instanceof NDArray)
      beside = beside < 0 ? other.descr.code : promoteCodes(beside, other.descr.code);
  }
  if (beside < 0) return codeOfScalar(value);
  const code = weakCode(value, beside);
  return op.exact && !fits(value, code) ? wideCode(value) : code;
}

// A comparison has an answer for every integer: one out of the range is compared as 64 bits, or as float64.
function wideCode(value: ScalarLike): number {
  const integer = BigInt(value as number | bigint);
  return integer >= -(2n ** 63n) && integer < 2n ** 64n ? codeOfScalar(integer) : FLOAT64;
}

function chooseLoop(
  op: Op,
  values: readonly Value[],
  codes: readonly number[],
  options: UfuncOptions,
  casting: Casting,
): number {
  let loop = promotedLoop(op, codes);
  if (op.exact && loop === FLOAT64) loop = exactLoop(codes[0], codes[1]);
  if (options.dtype !== undefined)
    loop = op.loop[descrOf(options.dtype).code] === descrOf(options.dtype).code ? descrOf(options.dtype).code : 255;
  if (loop === 255) throw refusal(op, values, options);
  for (let k = 0; k < values.length; k++) {
    if (!(values[k] instanceof NDArray)) {
      if (loop < 14) checkFits(values[k] as ScalarLike, loop);
    } else if (
      loop < 14 &&
      options.dtype !== undefined &&
      !canCast(byCode[codes[k]].name, byCode[loop].name, casting)
    ) {
      throw new DTypeError(
        `Cannot cast ufunc '${op.name}' input ${values.length > 1 ? `${k} ` : ""}from dtype('${byCode[codes[k]].name}') to dtype('${byCode[loop].name}') with casting rule '${casting}'`,
      );
    }
  }
  return loop;
}

function promotedLoop(op: Op, codes: readonly number[]): number {
  const own = (code: number): number => (op.ownFloats ? op.loop[code] : code);
  let promoted = own(codes[0]);
  for (let k = 1; k < codes.length && promoted !== 255; k++) {
    const next = own(codes[k]);
    promoted = next === 255 ? 255 : promoteCodes(promoted, next);
  }
  return promoted === 255 ? 255 : op.loop[promoted];
}

// Signed integers beside uint64 promote to float64; a comparison of them has an exact loop of its own.
function exactLoop(x: number, y: number): number {
  if (x === UINT64 && byCode[y].kind === "i") return UINT64_INT64;
  if (y === UINT64 && byCode[x].kind === "i") return INT64_UINT64;
  return FLOAT64;
}

function refusal(op: Op, values: readonly Value[], options: UfuncOptions): DTypeError {
  if (options.dtype !== undefined) {
    return new DTypeError(`No loop matching the specified signature and casting was found for ufunc ${op.name}`);
  }
  if (op.name === "subtract") {
    return new DTypeError(
      "numpy boolean subtract, the `-` operator, is not supported, use the bitwise_xor, the `^` operator, or the logical_xor function instead.",
    );
  }
  if (op.name === "negative") {
    return new DTypeError(
      "The numpy boolean negative, the `-` operator, is not supported, use the `~` operator or the logical_not function instead.",
    );
  }
  const types = values.map((v) => (v instanceof NDArray ? v.dtype : byCode[codeOfScalar(v)].name)).join(", ");
  return new DTypeError(
    `ufunc '${op.name}' not supported for the input types (${types}), and the inputs could not be safely coerced to any supported types according to the casting rule ''safe''`,
  );
}

/** The mask of a `where` option: an array of bools, or what becomes one. @internal */
export function maskOf(value: ArrayLike, op: string, temporaries: NDArray[]): NDArray {
  const where = temporary(value, op, temporaries);
  if (where.dtype !== "bool") {
    throw new DTypeError(
      `Cannot cast array data from dtype('${where.dtype}') to dtype('bool') according to the rule 'safe'`,
    );
  }
  return where;
}

function resultShape(
  op: Op,
  shapes: (readonly number[])[],
  out: NDArray | undefined,
  gives: Descr,
  casting: Casting,
): readonly number[] {
  if (out === undefined) return commonShape(shapes);
  writable(out, "output array");
  const shape = commonShape([...shapes, out.shape]);
  if (!sameShape(shape, out.shape)) {
    throw new ShapeError(
      `non-broadcastable output operand with shape ${shapeText(out.shape)} doesn't match the broadcast shape ${shapeText(shape)}`,
    );
  }
  if (!canCast(gives.name, out.dtype, casting)) {
    throw new DTypeError(
      `Cannot cast ufunc '${op.name}' output from dtype('${gives.name}') to dtype('${out.dtype}') with casting rule '${casting}'`,
    );
  }
  return shape;
}

function commonShape(shapes: readonly (readonly number[])[]): readonly number[] {
  for (let i = 1; i < shapes.length; i++) if (!sameShape(shapes[0], shapes[i])) return broadcastShapes(...shapes);
  return shapes.length > 0 ? shapes[0] : [];
}

// An operand that the result would overwrite before it is read is copied first, as NumPy does.
function apart(value: Value, out: NDArray, op: string, temporaries: NDArray[]): Value {
  if (!(value instanceof NDArray) || value.buffer !== out.buffer || !harmfulOverlap(value, out)) return value;
  const copy = copyAs(value, value.dtype, op, "overlap");
  temporaries.push(copy);
  return copy;
}

function addOperand(value: Value, k: number, loop: number, shape: readonly number[]): void {
  if (value instanceof NDArray) {
    operand(
      value.buffer.pointer + value.offset,
      broadcastStrides(value.shape, value.strides, shape)!,
      value.descr.code,
    );
    return;
  }
  const code = wanted(k, loop);
  writeElement(code, scalarSlot(k), value);
  operand(scalarSlot(k), new Array<number>(shape.length).fill(0), code);
}

/** Counts the write, and tells the ledger what was read and written. @internal */
export function finish(op: string, inputs: readonly unknown[], out: NDArray<DType>): void {
  out.buffer.version++;
  if (ledger !== null) tell(op, inputs, out);
}

function tell(op: string, inputs: readonly unknown[], out: NDArray<DType>): void {
  let x: Buffer | null = null,
    y: Buffer | null = null;
  for (const input of inputs) {
    if (!(input instanceof NDArray)) continue;
    if (y !== null) y.reads++;
    if (x === null) x = input.buffer;
    else y = input.buffer;
  }
  told(op, x, y, out.buffer);
}
