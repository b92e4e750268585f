import { make, type NDArray, shapeOf, stridesOf, viewOf } from "../array/ndarray.js";
import type { Temporaries } from "../array/temporaries.js";
import { byCode, type Descr, promoteCodes } from "../base/dtype.js";
import { ValueError } from "../base/errors.js";
import { reshapeStrides, shapeText } from "../base/layout.js";

// Operands of products, arranged: their axes in another order, several as one. All are views, unless elements that are to
// be one axis do not lie so.

/** An operand's axes in another order, in groups of which each becomes one axis. Copied only where it must be. */
export function grouped(x: NDArray, groups: readonly (readonly number[])[], work: Temporaries): NDArray {
  const order = groups.flat(),
    shape = order.map((axis) => shapeOf(x)[axis]),
    target = groups.map((axes) => axes.reduce((size, axis) => size * shapeOf(x)[axis], 1));
  const turned = work.use(
    viewOf(
      x,
      x.descr,
      shape,
      order.map((axis) => stridesOf(x)[axis]),
      x.offset,
    ),
  );
  return shaped(turned, target, work);
}

/** The elements of an array in row-major order under another shape: a view, or a copy where they do not lie so. */
export function shaped(x: NDArray, shape: readonly number[], work: Temporaries): NDArray {
  const strides = reshapeStrides(shapeOf(x), stridesOf(x), shape, x.itemsize);
  if (strides !== null) return work.use(viewOf(x, x.descr, shape, strides, x.offset));
  const copy = work.copy(x, "strides");
  return work.use(viewOf(copy, x.descr, shape, reshapeStrides(shapeOf(copy), stridesOf(copy), shape, x.itemsize)!, 0)); // it is packed
}

/** An array's axes moved, and axes of length 1 put in where `order` has -1. A view. */
export function arranged(x: NDArray, order: readonly number[], work: Temporaries): NDArray {
  return work.use(
    viewOf(
      x,
      x.descr,
      order.map((axis) => (axis < 0 ? 1 : shapeOf(x)[axis])),
      order.map((axis) => (axis < 0 ? 0 : stridesOf(x)[axis])),
      x.offset,
    ),
  );
}

/** The dtype of products of two arrays. */
export function productDescr(x: NDArray, y: NDArray): Descr {
  return byCode[promoteCodes(x.descr.code, y.descr.code)];
}

/** The array that a product is written into: `out`, if it is what NumPy takes, or a new one. */
export function resultOf(
  shape: readonly number[],
  descr: Descr,
  op: string,
  out: NDArray | undefined,
  work: Temporaries,
): NDArray {
  if (out === undefined) return work.use(make(shape, descr, op));
  if (out.ndim !== shape.length || out.descr !== descr || !out.contiguous)
    throw new ValueError(
      "output array is not acceptable (must have the right datatype, number of dimensions, and be a C-Array)",
    );
  if (shapeText(shapeOf(out)) !== shapeText(shape)) throw new ValueError("output array has wrong dimensions");
  return out;
}
