import { checkOut, checkOutCast } from "../array/destination.js";
import { NDArray, shapeOf, writable } from "../array/ndarray.js";
import {
  byCode,
  type Casting,
  canCast,
  computedDescr,
  type Descr,
  type DType,
  descrOf,
  dtypes,
  isStorageOnly,
  promoteAll,
} from "../base/dtype.js";
import { DTypeError, ShapeError } from "../base/errors.js";
import { broadcastShapes, sameShape, shapeText } from "../base/layout.js";
import { scalarSlot } from "../core/box.js";
import type { Runnable } from "../core/chapter.js";
import type { Kernel } from "../core/instance.js";
import {
  checkFits,
  codeOfScalar,
  fits,
  isOfKind,
  nearestOf,
  type ScalarLike,
  weakCode,
  writeElement,
} from "../core/scalar.js";
import { INT64_UINT64, operand, run, UINT64_INT64, wanted } from "../loops/walk.js";
import { type Loops, loopCodes } from "./loops.js";

// What an elementwise operation is, and what it decides from its operands' dtypes and shapes alone: the loop, the dtype
// and shape of the result, and every refusal. Arrays and expressions that will be arrays are the same to it.

/** What an operation sees of an operand that is no JavaScript value: an array, or an expression that will be one. */
export interface Typed {
  readonly descr: Descr;
  readonly shape: readonly number[];
}

/** An operand: typed, or a JavaScript value. */
export type Operand = Typed | ScalarLike;

/** Whether an operand has a dtype and a shape of its own. */
export function isTyped(value: Operand): value is Typed {
  return typeof value === "object" && "descr" in value;
}

/** What decides how an operation computes. */
export interface LoopOptions {
  /** How freely operands and result may be cast: `same_kind` by default. */
  casting?: Casting;
  /** The dtype to compute in. */
  dtype?: DType;
}

const FLOAT64 = dtypes.float64.code,
  UINT64 = dtypes.uint64.code;

/** What is special about an operation. */
export interface Traits {
  /** It compares integers exactly, whatever their dtypes: int64 with uint64, and values beyond the dtype's range. */
  readonly exact?: boolean;
  /** Its kernel has a loop for float16. */
  readonly halves?: boolean;
  /** It has a second result: of this dtype, or of the loop's own if null. */
  readonly second?: Descr | null;
  /** The dtypes in which operands are read that are not read in the loop's own, which is null. They take no part in it. */
  readonly reads?: readonly (Descr | null)[];
}

/** An elementwise operation: its name, its kernel, the loops it has, and the dtype it gives. */
export class Op {
  readonly kernel: Runnable;
  readonly loop: Uint8Array;
  readonly exact: boolean;
  readonly halves: boolean;
  /** Whether it has a loop for operands of every dtype, as they are: it looks at their truth, or whether they are finite. */
  readonly asTheyAre: boolean;
  /** Whether each operand finds its own float before they promote: int8 and uint8 both fit float16. */
  readonly ownFloats: boolean;
  readonly second: Descr | null | undefined;
  readonly reads: readonly (Descr | null)[] | null;
  constructor(
    readonly name: string,
    row: Loops,
    /** The dtype of every result: the loop's own if null. */
    readonly resultDtype: Descr | null,
    kernel: Kernel | Runnable,
    traits: Traits = {},
  ) {
    this.exact = traits.exact ?? false;
    this.halves = traits.halves ?? false;
    this.second = traits.second;
    this.reads = traits.reads ?? null;
    this.asTheyAre = row === "truth" || (row === "float" && resultDtype !== null);
    this.ownFloats = row === "float" || row === "realFloat";
    this.kernel = typeof kernel === "function" ? { run: kernel } : kernel;
    this.loop = loopCodes(row, (dtype) => dtypes[dtype].code);
  }
}

/** Whether a loop is that of a dtype that is only stored: its elements are computed in a wider one, tile by tile. */
export function isStoredLoop(loop: number): boolean {
  return loop < byCode.length && isStorageOnly(byCode[loop]);
}

/** The code that the kernel of a loop is called with. */
export function kernelCode(op: Op, loop: number): number {
  return isStoredLoop(loop) && !op.halves ? computedDescr(byCode[loop]).code : loop;
}

// Beside arrays a JavaScript value is weak; alone, or beside such as are read in a dtype of their own, it has its own dtype.
function operandCode(op: Op, value: Operand, values: readonly Operand[], k: number): number {
  if (isTyped(value)) return value.descr.code;
  const others = values.filter((other, i) => i !== k && isTyped(other) && !op.reads?.[i]) as { descr: Descr }[]; // those that are typed
  if (others.length === 0) return codeOfScalar(value);
  const code = weakCode(value, promoteAll(others.map(({ descr }) => descr.code)));
  return op.exact && !fits(value, code) ? wideCode(value) : code;
}

// A comparison has an answer for every integer: one out of the range is compared as 64 bits, or as float64.
function wideCode(value: ScalarLike): number {
  const integer = BigInt(value as number | bigint);
  return integer >= -(2n ** 63n) && integer < 2n ** 64n ? codeOfScalar(integer) : FLOAT64;
}

/** The code that an operation computes in, for these operands. Errors: there is no loop, or a value does not fit. */
export function chooseLoop(op: Op, values: readonly Operand[], options: LoopOptions): number {
  const casting = options.casting ?? "same_kind";
  const codes = values.map((value, k) => operandCode(op, value, values, k));
  let loop = promotedLoop(op, op.reads === null ? codes : codes.filter((_, k) => !op.reads?.[k]));
  if (op.exact && loop === FLOAT64) loop = exactLoop(codes[0], codes[1]);
  if (options.dtype !== undefined) loop = toldLoop(op, descrOf(options.dtype), loop);
  if (loop === 255 || (op.reads !== null && !canRead(op.reads, values))) throw refusal(op, values, options);
  for (let k = 0; k < values.length; k++) {
    const value = values[k];
    if (!isTyped(value) && loop < byCode.length) checkFits(value, op.reads?.[k]?.code ?? loop);
  }
  if ((options.dtype !== undefined || options.casting !== undefined) && !op.asTheyAre)
    checkCasts(op, values, codes, loop, casting);
  return loop;
}

// Whether operands that are read in a dtype of their own fit it safely; of JavaScript values, whether they are integers.
function canRead(reads: readonly (Descr | null)[], values: readonly Operand[]): boolean {
  return values.every((value, k) => {
    const descr = reads[k];
    if (!descr) return true;
    return isTyped(value) ? canCast(value.descr.name, descr.name, "safe") : isOfKind(value, descr.code);
  });
}

// The casts of the operands that the loop makes.
function checkCasts(
  op: Op,
  values: readonly Operand[],
  codes: readonly number[],
  loop: number,
  casting: Casting,
): void {
  values.forEach((value, k) => {
    if (op.reads?.[k]) return;
    const code = wanted(k + 1, loop),
      [from, into] = [byCode[codes[k]].name, byCode[code].name];
    if (
      isTyped(value)
        ? canCast(from, into, casting)
        : loop >= byCode.length || casting === "unsafe" || isOfKind(value, loop)
    )
      return;
    throw new DTypeError(
      `Cannot cast ufunc '${op.name}' input ${values.length > 1 ? `${k} ` : ""}from dtype('${from}') to dtype('${into}') with casting rule '${casting}'`,
    );
  });
}

// The loop of a dtype that was asked for. That of a comparison or a test is what it gives: it leaves the loop as it is.
function toldLoop(op: Op, { code }: Descr, promoted: number): number {
  if (op.second) return 255; // no loop writes two dtypes that are one
  if (op.resultDtype !== null) return op.resultDtype.code === code ? promoted : 255;
  return op.loop[code] === code ? code : 255;
}

/** The values as a loop reads them: beside a dtype that is only stored, as float16, a number is of that dtype too. */
export function asRead<V>(values: readonly V[], loop: number): readonly V[] {
  if (!isStoredLoop(loop)) return values;
  const descr = byCode[loop];
  // A number is a V if any of them is one.
  return values.map((value) =>
    typeof value === "number" || typeof value === "bigint" ? (nearestOf(descr, value) as V) : value,
  );
}

function promotedLoop(op: Op, codes: readonly number[]): number {
  const own = op.ownFloats ? codes.map((code) => op.loop[code]) : codes;
  return own.includes(255) ? 255 : op.loop[promoteAll(own)];
}

// Signed integers beside uint64 promote to float64; a comparison of them has an exact loop of its own.
function exactLoop(x: number, y: number): number {
  if (x === UINT64 && byCode[y].kind === "i") return UINT64_INT64;
  if (y === UINT64 && byCode[x].kind === "i") return INT64_UINT64;
  return FLOAT64;
}

function refusal(op: Op, values: readonly Operand[], options: LoopOptions): DTypeError {
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
  const types = values.map((v) => (isTyped(v) ? v.descr : byCode[codeOfScalar(v)]).name).join(", ");
  return new DTypeError(
    `ufunc '${op.name}' not supported for the input types (${types}), and the inputs could not be safely coerced to any supported types according to the casting rule ''safe''`,
  );
}

/** Checks the array that a result is to be written into, and gives its shape. */
export function shapeInto(
  op: Op,
  shapes: readonly (readonly number[])[],
  out: NDArray,
  resultDtype: Descr,
  casting: Casting = "same_kind",
  name = "output",
): readonly number[] {
  writable(out, "output array");
  const shape = commonShape([...shapes, shapeOf(out)]);
  checkOut(out, shape, notBroadcastable);
  checkOutCast(op.name, resultDtype, out, casting, name);
  return shape;
}

function notBroadcastable(got: readonly number[], expected: readonly number[]): ShapeError {
  return new ShapeError(
    `non-broadcastable output operand with shape ${shapeText(got)} doesn't match the broadcast shape ${shapeText(expected)}`,
  );
}

/** The shape that operands of these shapes give a result of. */
export function commonShape(shapes: readonly (readonly number[])[]): readonly number[] {
  for (let i = 1; i < shapes.length; i++) if (!sameShape(shapes[0], shapes[i])) return broadcastShapes(...shapes);
  return shapes.length > 0 ? shapes[0] : [];
}

/** Adds operand `k` of a walk that is a JavaScript value. */
export function addScalar(value: ScalarLike, k: number, loop: number, ndim: number, code = wanted(k, loop)): void {
  writeElement(code, scalarSlot(k), value);
  operand(scalarSlot(k), new Array<number>(ndim).fill(0), code);
}

/** Whether operands of a result are one run each, in its order: nothing makes the walk over them go by tiles. */
export function areOneRun(operands: readonly unknown[], shape: readonly number[]): boolean {
  return operands.every(
    (x) => !(x instanceof NDArray) || x.size === 1 || (x.contiguous && sameShape(shapeOf(x), shape)),
  );
}

/**
 * Runs an operation over the operands of a walk: `code` is what it computes in, `gives` its result's dtype. `asGiven`
 * turns no axis round where elements of `out` lie on one another.
 */
export function launch(op: Op, code: number, resultDtype: Descr, asGiven = false): void {
  run(op.kernel.run, code, op.resultDtype ? op.resultDtype.code : code, resultDtype.code, asGiven ? "as given" : true);
}

/** Elements beyond which NumPy casts an operand in pieces, by an iterator that may turn its axes round. */
const BUFFERED = 8192;

/** Whether NumPy goes along one axis as it stands: where nothing is masked or repeated, and no result is cast. */
export function goesAsGiven(values: readonly unknown[], out: NDArray, resultDtype: Descr, loop: number): boolean {
  if (out.ndim !== 1 || out.descr !== resultDtype) return false;
  return values.every((x) => {
    if (!(x instanceof NDArray) || x.ndim === 0) return true;
    return sameShape(shapeOf(x), shapeOf(out)) && (x.descr.code === loop || x.size <= BUFFERED);
  });
}
