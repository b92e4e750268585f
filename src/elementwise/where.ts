import type { ArrayLike } from "../array/convert.js";
import { addressOf, close } from "../array/destination.js";
import { make, NDArray, shapeOf, stridesOf } from "../array/ndarray.js";
import { takes } from "../array/options.js";
import { Temporaries } from "../array/temporaries.js";
import { byCode, type DType, dtypes, promoteCodes } from "../base/dtype.js";
import { broadcastShapes, broadcastStrides } from "../base/layout.js";
import { scalarSlot } from "../core/box.js";
import { selectKernel } from "../core/boxes.js";
import { checkFits, codeOfScalar, isScalar, type ScalarLike, weakCode, writeElement } from "../core/scalar.js";
import { begin, condition, operand, run } from "../loops/walk.js";
import type { PromoteOperands } from "../operations/loops.js";

// Choosing between two arrays, element by element.

const WHERE = takes("where(condition, x, y)");

/**
 * The elements of x where the condition is true and of y elsewhere. Returns a copy, in the dtype both promote to.
 * Allocates the result and nothing else: operands of other dtypes or shapes are prepared by tiles.
 *
 * @example
 * where([true, false], 1, [10, 20]) // [ 1. 20.]
 */
export function where<const X extends ArrayLike, const Y extends ArrayLike>(
  condition: ArrayLike,
  x: X,
  y: Y,
): NDArray<PromoteOperands<X, Y>>;
export function where(test: ArrayLike, x: ArrayLike, y: ArrayLike): NDArray<DType> {
  WHERE.count(arguments.length);
  using work = new Temporaries("where");
  const value = (v: ArrayLike): NDArray | ScalarLike => (isScalar(v) ? v : work.array(v));
  const [c, a, b] = [value(test), value(x), value(y)];
  const code = commonCode(a, b);
  for (const v of [a, b]) if (!(v instanceof NDArray)) checkFits(v, code);
  const shape = broadcastShapes(...[c, a, b].map((v) => (v instanceof NDArray ? shapeOf(v) : [])));
  const out = make(shape, byCode[code], "where");
  begin(shape);
  operand(out.buffer.pointer, stridesOf(out), code);
  addValue(a, 1, code, shape, operand);
  addValue(b, 2, code, shape, operand);
  addValue(c, 3, dtypes.bool.code, shape, condition);
  run(selectKernel, code, code);
  close("where", [c, a, b], out);
  return out;
}

function commonCode(a: NDArray | ScalarLike, b: NDArray | ScalarLike): number {
  if (a instanceof NDArray)
    return promoteCodes(a.descr.code, b instanceof NDArray ? b.descr.code : weakCode(b, a.descr.code));
  return b instanceof NDArray
    ? promoteCodes(weakCode(a, b.descr.code), b.descr.code)
    : promoteCodes(codeOfScalar(a), codeOfScalar(b));
}

function addValue(
  v: NDArray | ScalarLike,
  k: number,
  code: number,
  shape: readonly number[],
  add: typeof operand,
): void {
  if (v instanceof NDArray) return add(addressOf(v), broadcastStrides(shapeOf(v), stridesOf(v), shape)!, v.descr.code);
  writeElement(code, scalarSlot(k), v);
  add(scalarSlot(k), new Array<number>(shape.length).fill(0), code);
}
