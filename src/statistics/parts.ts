import { type NDArray, shapeOf, stridesOf, viewOf } from "../array/ndarray.js";
import type { DType } from "../base/dtype.js";

/** `length` elements from `first` on along an axis. Returns a view. @internal */
export function part<D extends DType>(a: NDArray<D>, axis: number, first: number, length: number): NDArray<D> {
  const shape = [...shapeOf(a)];
  shape[axis] = length;
  return viewOf(a, a.descr, shape, stridesOf(a), length === 0 ? a.offset : a.offset + first * stridesOf(a)[axis]);
}
