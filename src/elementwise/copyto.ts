import type { ArrayLike } from "../array/convert.js";
import { addressOf, close, open } from "../array/destination.js";
import { type NDArray, shapeOf, stridesOf, writable } from "../array/ndarray.js";
import { takes } from "../array/options.js";
import { Temporaries } from "../array/temporaries.js";
import { byCode, type Casting, canCast, cannotCast, type DType } from "../base/dtype.js";
import { ShapeError } from "../base/errors.js";
import { assignedStrides, broadcastStrides, shapeText } from "../base/layout.js";
import { scalarSlot } from "../core/box.js";
import { selectKernel } from "../core/boxes.js";
import { checkElement, isScalar, weakCode, writeElement } from "../core/scalar.js";
import { begin, condition, operand, run, transfer } from "../loops/walk.js";
import { areOneRun } from "../operations/op.js";

// Writing values into an array that is there, where a mask says so.

const COPYTO = takes("copyto(target, values)", { where: "array", casting: "casting" });

/** What `copyto` takes. */
export interface CopytoOptions {
  /** Only elements where this bool array is true are written. */
  where?: ArrayLike;
  casting?: Casting;
}

/**
 * Writes values into an array, broadcasting and casting them; allocates nothing unless they overlap it. Errors: a
 * read-only target, shapes that do not broadcast, a cast that `casting` (`same_kind`) forbids.
 */
export function copyto(target: NDArray<DType>, values: ArrayLike, options?: CopytoOptions): void {
  const { where: selected, casting = "same_kind" } = COPYTO.read(options, arguments.length);
  writable(target);
  using work = new Temporaries("copyto");
  const mask = selected === undefined || selected === true ? null : work.mask(selected);
  if (mask && broadcastStrides(shapeOf(mask), stridesOf(mask), shapeOf(target)) === null)
    throw cannotBroadcast(mask, target);
  const oneRun = areOneRun([mask, values], shapeOf(target)),
    only = mask && work.apart(mask, target, oneRun);
  if (isScalar(values)) {
    checkCast(byCode[weakCode(values, target.descr.code)].name, target, casting);
    checkElement(values, target.descr.code);
    writeElement(target.descr.code, scalarSlot(1), values);
    write(target, open(target), scalarSlot(1), new Array<number>(target.ndim).fill(0), target.descr.code, only);
    return close("copyto", [only], target);
  }
  const given = work.array(values);
  checkCast(given.dtype, target, casting);
  if (assignedStrides(shapeOf(given), stridesOf(given), shapeOf(target)) === null) throw cannotBroadcast(given, target);
  const source = work.apart(given, target, oneRun),
    strides = assignedStrides(shapeOf(source), stridesOf(source), shapeOf(target))!,
    into = open(target);
  write(target, into, addressOf(source), strides, source.descr.code, only);
  close("copyto", [source, only], target);
}

function checkCast(from: DType, target: NDArray<DType>, casting: Casting): void {
  if (canCast(from, target.dtype, casting)) return;
  throw cannotCast(from, target.dtype, casting);
}

function cannotBroadcast(source: NDArray<DType>, target: NDArray<DType>): ShapeError {
  return new ShapeError(
    `could not broadcast input array from shape ${shapeText(shapeOf(source))} into shape ${shapeText(shapeOf(target))}`,
  );
}

// Where a mask selects, the target is also the other choice: one pass and no scratch.
function write(
  target: NDArray<DType>,
  into: number,
  at: number,
  strides: readonly number[],
  code: number,
  only: NDArray | null,
): void {
  const own = target.descr.code;
  begin(shapeOf(target));
  operand(into, stridesOf(target), own);
  operand(at, strides, code);
  if (only === null) return transfer();
  operand(into, stridesOf(target), own);
  condition(addressOf(only), broadcastStrides(shapeOf(only), stridesOf(only), shapeOf(target))!, only.descr.code);
  run(selectKernel, own, own);
}
