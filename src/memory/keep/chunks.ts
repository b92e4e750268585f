import { type NDArray, shapeOf, stridesOf, viewOf } from "../../array/ndarray.js";
import { Temporaries } from "../../array/temporaries.js";
import { atMost } from "../../base/arity.js";
import type { DType } from "../../base/dtype.js";
import { ValueError } from "../../base/errors.js";
import { cutAt } from "../../base/layout.js";
import { shown } from "../../base/shown.js";
import { checkArray } from "../common/args.js";

/**
 * Walks an array in row-major order in blocks of at most `n` elements (65,536), all of the array's number of axes:
 * whole rows where a row fits into n, else parts of a row. Yields views, and allocates nothing. Each view is disposed
 * when the next one is asked for: copy what is to stay. Errors: a `ValueError` if n is not a whole number above 0.
 */
export function blocks<D extends DType>(a: NDArray<D>, n = 65_536): Generator<NDArray<D>, void, undefined> {
  atMost(2, arguments.length, "memory.blocks(a, n)");
  checkArray(a, "memory.blocks");
  if (!Number.isInteger(n) || n < 1)
    throw new ValueError(`a block has a whole number of elements above 0, not ${shown(n)}`);
  return walk(a, n);
}

function* walk<D extends DType>(a: NDArray<D>, n: number): Generator<NDArray<D>, void, undefined> {
  if (a.size === 0) return;
  // The axis that is cut: the elements below one step of it fit into a block, those of the whole axis need not.
  const { axis, step } = cutAt(shapeOf(a), n),
    start = new Array<number>(a.ndim).fill(0);
  do {
    const shape = shapeOf(a).map((length, k) => (k < axis ? 1 : k > axis ? length : Math.min(step, length - start[k])));
    const offset = start.reduce((at, index, k) => at + index * stridesOf(a)[k], a.offset);
    using work = new Temporaries("blocks");
    yield work.use(viewOf(a, a.descr, shape, stridesOf(a), offset));
  } while (advance(start, shapeOf(a), axis, step));
}

// The next block's first index; false after the last.
function advance(start: number[], shape: readonly number[], axis: number, step: number): boolean {
  for (let k = axis; k >= 0; k--) {
    start[k] += k === axis ? step : 1;
    if (start[k] < shape[k]) return true;
    start[k] = 0;
  }
  return false;
}
