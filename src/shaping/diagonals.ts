import { type ArrayLike, copyInto, isArray, ofList } from "../array/convert.js";
import { close } from "../array/destination.js";
import { live, make, type NDArray, shapeOf, stridesOf, viewOf } from "../array/ndarray.js";
import { takes } from "../array/options.js";
import { Temporaries } from "../array/temporaries.js";
import type { DType } from "../base/dtype.js";
import { ValueError } from "../base/errors.js";
import { asExact } from "../base/integers.js";
import { checkAxis, checkShape } from "../base/layout.js";
import { memory } from "../core/instance.js";

const DIAGONAL = takes("diagonal(a)", { offset: "integer", axis1: "integer", axis2: "integer" }),
  DIAGONAL_BY_POSITION = takes("diagonal(a, offset, axis1, axis2)"),
  DIAG = takes("diag(a, offset)");

/** What `diagonal` takes, as options or by position. */
export interface DiagonalOptions {
  offset?: number;
  axis1?: number;
  axis2?: number;
}

/**
 * The elements whose indices along two axes differ by `offset`; they become the last axis. Returns a read-only view.
 */
export function diagonal<D extends DType>(
  a: NDArray<D> | ArrayLike,
  offset?: number | DiagonalOptions,
  axis1?: number,
  axis2?: number,
): NDArray<D> {
  DIAGONAL_BY_POSITION.count(arguments.length);
  const options = typeof offset === "object" && offset !== null;
  const given: DiagonalOptions = options ? offset : { offset, axis1, axis2 };
  const where = DIAGONAL.read(given, options ? arguments.length : 0);
  if (!isArray(a)) return ofList(DIAGONAL, a, (x: NDArray<D>) => diagonal(x, where));
  return diagonalView(a, where.offset ?? 0, where.axis1 ?? 0, where.axis2 ?? 1, false);
}

function diagonalView<D extends DType>(
  a: NDArray<D>,
  offset: number,
  axis1: number,
  axis2: number,
  writeable: boolean,
): NDArray<D> {
  if (a.ndim < 2) throw new ValueError("diag requires an array of at least two dimensions");
  const rows = checkAxis(axis1, a.ndim),
    cols = checkAxis(axis2, a.ndim);
  if (rows === cols) throw new ValueError("axis1 and axis2 cannot be the same");
  const down = Math.max(-offset, 0),
    right = Math.max(offset, 0);
  const length = Math.max(0, Math.min(shapeOf(a)[rows] - down, shapeOf(a)[cols] - right));
  const kept = shapeOf(a).flatMap((_, k) => (k === rows || k === cols ? [] : [k]));
  const start = length > 0 ? down * stridesOf(a)[rows] + right * stridesOf(a)[cols] : 0;
  return viewOf(
    a,
    a.descr,
    [...kept.map((k) => shapeOf(a)[k]), length],
    [...kept.map((k) => stridesOf(a)[k]), stridesOf(a)[rows] + stridesOf(a)[cols]],
    a.offset + start,
    writeable,
  );
}

/**
 * A diagonal of a two-dimensional array (a read-only view), or a square array with these elements on it and zeros
 * elsewhere (a copy).
 */
export function diag<D extends DType>(a: NDArray<D> | ArrayLike, offset = 0): NDArray<D> {
  DIAG.count(arguments.length);
  if (!isArray(a)) return ofList(DIAG, a, (x: NDArray<D>) => diag(x, offset));
  live(a);
  const k = asExact(offset);
  if (a.ndim === 2) return diagonal(a, { offset: k });
  if (a.ndim !== 1) throw new ValueError("Input must be 1- or 2-d.");
  const n = a.size + Math.abs(k),
    out = make(checkShape([n, n]), a.descr, "diag");
  new Uint8Array(memory.buffer, out.buffer.pointer, out.nbytes).fill(0);
  using work = new Temporaries("diag");
  copyInto(work.use(diagonalView(out, k, 0, 1, true)), a);
  close("diag", [a], out);
  return out;
}
