import { MAKER } from "../array/ndarray.js";
import { sizeOfShape } from "../base/layout.js";
import { memory } from "../core/instance.js";
import { Evaluation } from "../operations/evaluation.js";
import { type Applied, Fed } from "../operations/expression.js";
import { fedOp, Lazy } from "../operations/lazy.js";
import { refuseShort, swap } from "./npyData.js";
import { type Header, headerOf } from "./npyHeader.js";
import { CHUNK, type Source } from "./source.js";

// .npy files that are never whole in memory: their elements as an expression, and expressions as files.

/**
 * The elements of a file as an expression that reads them piece by piece, in the order in which they lie there: that of
 * the reversed shape, if it is Fortran's. It is good as long as the source is open.
 */
export function elementsIn(source: Source, header: Header): Lazy {
  const { descr, shape, fortran, start, swapped } = header,
    { itemsize } = descr;
  const feed = (first: number, n: number, at: number): void => {
    const nbytes = n * itemsize,
      got = source.read(start + first * itemsize, new Uint8Array(memory.buffer, at, nbytes));
    if (got < nbytes) refuseShort(first * itemsize + got, header);
    if (swapped) swap(descr, at, nbytes);
  };
  return new Lazy(new Fed(fedOp("file"), descr, fortran ? [...shape].reverse() : shape, feed), MAKER);
}

/** The .npy file of what an expression computes, in pieces of at most `CHUNK`, each good until the next is asked for. */
export function* npyPiecesOf(
  elements: Applied,
  { shape, fortran }: Pick<Header, "shape" | "fortran">,
  op: string,
): Generator<Uint8Array, void, void> {
  const { descr } = elements,
    size = sizeOfShape(shape),
    most = CHUNK / descr.itemsize;
  yield headerOf(descr, shape, fortran);
  using evaluation = new Evaluation(elements, op);
  const pieces = evaluation.pieces();
  for (let first = 0; first < size; first += most) {
    const n = Math.min(most, size - first);
    yield new Uint8Array(memory.buffer, pieces(first, n), n * descr.itemsize);
  }
}
