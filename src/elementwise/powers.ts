import { type ArrayLike, ofList } from "../array/convert.js";
import { NDArray } from "../array/ndarray.js";
import { Temporaries } from "../array/temporaries.js";
import { byCode, type DType, descrOf, dtypes, promoteCodes } from "../base/dtype.js";
import { ValueError } from "../base/errors.js";
import { broadcastShapes, sizeOfShape } from "../base/layout.js";
import { KernelRef } from "../core/chapter.js";
import { math } from "../core/chapters/math.js";
import { codeOfScalar, isScalar, weakCode } from "../core/scalar.js";
import { apply, define, signatureOf, type UfuncOptions } from "../operations/apply.js";
import { Lazy } from "../operations/lazy.js";
import type { BinaryUfunc } from "../operations/signatures.js";
import { any, min } from "../reducing/reductions.js";
import { broadcastTo } from "../shaping/manipulation.js";

const powerOp = define("power", "counted", null, new KernelRef(math, "power"));
const floatPowerOp = define("floatPower", "wide", null, new KernelRef(math, "power"));

/**
 * x to the power y, in the dtype both promote to; integers wrap around. Returns a copy, or `out`. Errors: an integer
 * to a negative integer power is a `ValueError`, as in NumPy, and so is a lazy exponent of integers, which cannot be checked.
 *
 * @example
 * power([1, 2, 3], 2) // [1. 4. 9.]
 */
export const power = function (x: ArrayLike | Lazy, y: ArrayLike | Lazy, options?: UfuncOptions): unknown {
  if (arguments.length > 3) signatureOf(powerOp, 2).count(arguments.length);
  const given = options === undefined ? options : signatureOf(powerOp, 2).read(options);
  // A list says its dtype only as an array.
  if (!(x instanceof NDArray || x instanceof Lazy || isScalar(x)))
    return ofList({ name: "power" }, x, (base: NDArray<DType>) => power(base, y as ArrayLike, given));
  using work = new Temporaries("power");
  const exponent = isScalar(y) || y instanceof Lazy || x instanceof Lazy ? y : work.array(y);
  if (isInteger(x, exponent, given) && lowest(exponent) < 0 && isComputed(x, exponent, given?.where))
    throw new ValueError("Integers to negative integer powers are not allowed.");
  return apply(powerOp, [x, exponent], given);
} as BinaryUfunc<"counted">;

/** x to the power y in float64 or complex128, whatever the dtypes. Returns a copy, or `out`. NumPy: `float_power`. */
export const floatPower = function (x: ArrayLike | Lazy, y: ArrayLike | Lazy, options?: UfuncOptions): unknown {
  if (arguments.length > 3) signatureOf(floatPowerOp, 2).count(arguments.length);
  return apply(floatPowerOp, [x, y], options);
} as BinaryUfunc<"wide">;

// Whether both promote to a signed integer, which they are computed in.
function isInteger(x: ArrayLike | Lazy, y: ArrayLike | Lazy, options: UfuncOptions | undefined): boolean {
  if (options?.dtype !== undefined) return descrOf(options.dtype).kind === "i";
  const code = (v: ArrayLike | Lazy, beside: ArrayLike | Lazy): number => {
    if (v instanceof NDArray || v instanceof Lazy) return v.descr.code;
    if (!isScalar(v)) return dtypes.float64.code;
    return beside instanceof NDArray || beside instanceof Lazy ? weakCode(v, beside.descr.code) : codeOfScalar(v);
  };
  return byCode[promoteCodes(code(x, y), code(y, x))].kind === "i";
}

// Whether an element with a negative exponent is computed: none is where there are no elements, or `where` leaves it out.
function isComputed(x: unknown, y: unknown, where: ArrayLike | undefined): boolean {
  const shapeOf = (v: unknown): readonly number[] => (v instanceof NDArray || v instanceof Lazy ? v.shape : []);
  using work = new Temporaries("power");
  const mask = where === undefined || where === true ? null : work.array(where);
  const shape = broadcastShapes(shapeOf(x), shapeOf(y), shapeOf(mask));
  if (sizeOfShape(shape) === 0) return false;
  if (mask === null) return true;
  if (!(y instanceof NDArray)) return any(mask);
  const all = work.use(broadcastTo(y as NDArray<DType>, shape));
  return Number(min(all, null, { where: mask, initial: 0 })) < 0;
}

function lowest(y: unknown): number {
  if (y instanceof Lazy && y.descr.kind === "i")
    throw new ValueError("power of integers to a lazy exponent cannot be checked: evaluate() the exponent first");
  if (!(y instanceof NDArray)) return y instanceof Lazy ? 0 : Number(y);
  return y.size === 0 || y.descr.kind !== "i" ? 0 : Number(min(y));
}

export { power as pow };
