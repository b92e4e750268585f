import { atMost } from "../base/arity.js";
import { ShapeError } from "../base/errors.js";
import {
  broadcastShapes as broadcast,
  checkAxes,
  checkShape,
  frozenCopy,
  type ShapeLike,
  shapeText,
} from "../base/layout.js";
import { isScalar } from "../core/scalar.js";
import type { ArrayLike } from "./convert.js";
import { live, type NDArray, shapeOf } from "./ndarray.js";
import { Temporaries } from "./temporaries.js";

// What an array or a list is: its shape, and whether its dtype is complex.

// What is asked of a list is asked of the array that it would be.
function about<R>(op: string, value: ArrayLike, ask: (a: NDArray) => R): R {
  using work = new Temporaries(op);
  return ask(work.array(value));
}

/** The lengths of the axes of an array or a list; of a number none. */
export function shape(a: ArrayLike): readonly number[] {
  atMost(1, arguments.length, "shape(a)");
  return frozenCopy(about("shape", a, shapeOf));
}

/** The number of axes of an array or a list. */
export function ndim(a: ArrayLike): number {
  atMost(1, arguments.length, "ndim(a)");
  return about("ndim", a, (x) => x.ndim);
}

/** The number of elements of an array or a list, or those along some axes. */
export function size(a: ArrayLike, axis?: number | readonly number[] | null): number {
  atMost(2, arguments.length, "size(a, axis)");
  return about("size", a, (x) => {
    if (axis === undefined || axis === null) return x.size;
    return checkAxes(axis, x.ndim).reduce((product, k) => product * shapeOf(x)[k], 1);
  });
}

/** Whether a value is one number, bigint, boolean, string or complex number, and no array or list. */
export function isscalar(value: unknown): boolean {
  atMost(1, arguments.length, "isscalar(value)");
  return isScalar(value) || typeof value === "string";
}

/** Whether the dtype is complex, whatever the elements are. */
export function iscomplexobj(a: ArrayLike): boolean {
  atMost(1, arguments.length, "iscomplexobj(a)");
  return about("iscomplexobj", a, (x) => x.descr.kind === "c");
}

/** Whether the dtype is real, whatever the elements are. */
export function isrealobj(a: ArrayLike): boolean {
  atMost(1, arguments.length, "isrealobj(a)");
  return about("isrealobj", a, (x) => x.descr.kind !== "c");
}

/** Whether an array is contiguous in column-major order and not in row-major order. */
export function isfortran(a: NDArray): boolean {
  atMost(1, arguments.length, "isfortran(a)");
  live(a);
  return a.flags.fContiguous && !a.flags.cContiguous;
}

/**
 * The shape that arrays of these shapes broadcast to; an integer is a shape of one axis. NumPy: `broadcast_shapes`.
 * Errors: `ShapeError` where they do not.
 *
 * @example
 * broadcastShapes([6, 7], [5, 6, 1], [7]) // 5,6,7
 */
export function broadcastShapes(...shapes: readonly ShapeLike[]): readonly number[] {
  const checked = shapes.map(checkShape);
  checked.forEach((shape, k) => {
    for (let j = 0; j < k; j++) {
      if (!meets(checked[j], shape))
        throw new ShapeError(
          `shape mismatch: objects cannot be broadcast to a single shape.  Mismatch is between arg ${j} with shape ${tupleText(checked[j])} and arg ${k} with shape ${tupleText(shape)}.`,
        );
    }
  });
  return frozenCopy(broadcast(...checked));
}

// A shape as Python prints a tuple; where ufuncs refuse shapes NumPy leaves the spaces out.
const tupleText = (shape: readonly number[]): string => shapeText(shape).replaceAll(/,(?!\))/g, ", ");

// Whether two shapes broadcast to each other.
function meets(a: readonly number[], b: readonly number[]): boolean {
  for (let k = 1; k <= Math.min(a.length, b.length); k++) {
    const x = a[a.length - k],
      y = b[b.length - k];
    if (x !== y && x !== 1 && y !== 1) return false;
  }
  return true;
}
