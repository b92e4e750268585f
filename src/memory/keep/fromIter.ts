import { close } from "../../array/destination.js";
import { make, type NDArray } from "../../array/ndarray.js";
import { takes } from "../../array/options.js";
import { Temporaries } from "../../array/temporaries.js";
import { type DType, descrOf } from "../../base/dtype.js";
import { ValueError } from "../../base/errors.js";
import { attempt } from "../../base/host.js";
import { shown } from "../../base/shown.js";
import { type ScalarLike, writeElement } from "../../core/scalar.js";
import { checkValue, Growable } from "./growable.js";

/** What `memory.fromIter` takes. */
export interface FromIterOptions {
  /** The number of elements to read. With it exactly one array is allocated. */
  count?: number;
}

const FROM_ITER = takes("memory.fromIter(iterable, dtype)", { count: "size" });

/**
 * A one-dimensional array of the values of an iterable, written as they come; there is never a list of them. With
 * `count` it reads so many and allocates once; without, it grows as `memory.growable` does and is cut to size in the
 * end. NumPy: `fromiter`. Errors: a `ValueError` if there are fewer than `count`; a value that the dtype cannot hold;
 * what the iterable throws. Nothing is left behind then.
 */
export function fromIter<D extends DType = "float64">(
  iterable: Iterable<ScalarLike>,
  dtype?: D,
  options?: FromIterOptions,
): NDArray<D> {
  const { count } = FROM_ITER.read(options, arguments.length);
  // A proxy may refuse the question.
  const steps = attempt(() => (iterable as Partial<Iterable<unknown>> | null | undefined)?.[Symbol.iterator]);
  if (typeof steps !== "function") throw new ValueError(`memory.fromIter takes an iterable, not ${shown(iterable)}`);
  const name = dtype ?? ("float64" as D);
  return count === undefined ? growing(iterable, name) : counted(iterable, name, count);
}

function growing<D extends DType>(iterable: Iterable<ScalarLike>, dtype: D): NDArray<D> {
  const list = new Growable(dtype, {}, "fromIter");
  try {
    for (const value of iterable) list.push(value);
    return list.detach();
  } finally {
    list.dispose();
  }
}

function counted<D extends DType>(iterable: Iterable<ScalarLike>, dtype: D, count: number): NDArray<D> {
  const descr = descrOf(dtype);
  using work = new Temporaries("fromIter");
  const a = work.use(make([count], descr, "fromIter", "host-boundary"));
  const read = count === 0 ? 0 : write(iterable, a);
  if (read < count) throw new ValueError(`iterator too short: Expected ${count} but iterator had only ${read} items.`);
  close("fromIter", [], a);
  return work.release(a);
}

// Not one value more is taken from the iterator than the array holds.
function write(from: Iterable<ScalarLike>, a: NDArray<DType>): number {
  const { code, itemsize } = a.descr;
  let n = 0;
  for (const value of from) {
    checkValue(value, code);
    writeElement(code, a.buffer.pointer + n * itemsize, value);
    if (++n === a.size) break;
  }
  return n;
}
