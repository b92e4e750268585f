import type { NDArray } from "../../array/ndarray.js";
import { takes } from "../../array/options.js";
import { type DType, descrOf } from "../../base/dtype.js";
import { ValueError } from "../../base/errors.js";
import { checkReshape, isContiguous, reshapeStrides, type ShapeLike } from "../../base/layout.js";
import { shown } from "../../base/shown.js";
import { formatBytes } from "../../base/units.js";
import type { CopyReason } from "../../heap/reasons.js";
import { checkArray } from "../common/args.js";

/** What each operation asks for beside the array. */
interface Questions {
  reshape: [shape: ShapeLike, options?: { order?: "C" | "F"; copy?: boolean }];
  ravel: [options?: { order?: "C" | "F" }];
  astype: [dtype: DType, options?: { copy?: boolean }];
  asContiguous: [];
}

const RESHAPE = takes("memory.wouldCopy(a, shape)", { order: "order", copy: "boolean" }),
  RAVEL = takes("memory.wouldCopy(a)", { order: "order" }),
  ASTYPE = takes("memory.wouldCopy(a, dtype)", { copy: "boolean" }),
  EXPLAIN = takes("memory.explain(a)");

/**
 * Tells before doing it whether an operation would copy: the reason, or null for a view (or the same array). It
 * allocates nothing.
 */
export function wouldCopy<Q extends keyof Questions>(
  op: Q,
  a: NDArray<DType>,
  ...args: Questions[Q]
): CopyReason | null {
  checkArray(a, "memory.wouldCopy");
  const [first, second] = args as unknown[];
  switch (op) {
    case "reshape": {
      const { order = "C", copy } = RESHAPE.read(second as Questions["reshape"][1], arguments.length - 1);
      return copy === true ? "requested" : reshaping(a, checkReshape(a.size, first as ShapeLike), order);
    }
    case "ravel":
      return reshaping(
        a,
        [a.size],
        RAVEL.read(first as Questions["ravel"][0], arguments.length - 1).order ?? "C",
        true,
      );
    case "astype":
      if (descrOf(first as DType) !== a.descr) return "dtype";
      return ASTYPE.read(second as Questions["astype"][1], arguments.length - 1).copy === false ? null : "requested";
    case "asContiguous":
      return a.contiguous ? null : "strides";
    default:
      throw new ValueError(`wouldCopy knows reshape, ravel, astype and asContiguous, not ${shown(op)}`);
  }
}

// In F order it is the transpose that is reshaped to the reversed shape.
function reshaping(a: NDArray<DType>, target: readonly number[], order: "C" | "F", whole = false): CopyReason | null {
  const turned = order === "F",
    shape = turned ? [...a.shape].reverse() : a.shape,
    strides = turned ? [...a.strides].reverse() : a.strides;
  if (isContiguous(shape, strides, a.itemsize)) return null;
  if (whole) return "strides";
  return reshapeStrides(shape, strides, turned ? [...target].reverse() : target, a.itemsize) === null
    ? "strides"
    : null;
}

/** Explains the layout of an array in words: how its elements lie, what of it can be viewed, and what would copy. */
export function explain(a: NDArray<DType>): string {
  EXPLAIN.count(arguments.length);
  checkArray(a, "memory.explain");
  const { cContiguous, fContiguous, writeable } = a.flags,
    flat = wouldCopy("ravel", a),
    byColumns = wouldCopy("ravel", a, { order: "F" });
  const lines = [`${a.dtype} [${a.shape.join(", ")}], strides [${a.strides.join(", ")}] bytes`];
  if (cContiguous) lines.push("its elements lie one after the other, row by row: every reshape is a view");
  else if (fContiguous) lines.push("its elements lie one after the other, column by column, as in a transpose");
  else lines.push("its elements do not fill one run of memory");
  a.strides.forEach((stride, axis) => {
    if (a.shape[axis] > 1) lines.push(axisText(a, stride, axis));
  });
  if (!writeable) lines.push("it is read-only");
  if (flat !== null) {
    const free = byColumns === null ? "; if the order is free, ravel({ order: 'F' }) is a view" : "";
    lines.push(`ravel() and reshape([-1]) would copy ${formatBytes(a.nbytes)}${free}`);
  }
  return lines.join("\n  ");
}

function axisText(a: NDArray<DType>, stride: number, axis: number): string {
  if (stride === 0) return `axis ${axis}: ${a.shape[axis]} times the same elements, without a byte more`;
  const steps = Math.abs(stride) / a.itemsize,
    back = stride < 0 ? ", backwards" : "";
  return `axis ${axis}: neighbours are ${Math.abs(stride).toLocaleString("en-US")} bytes apart${back}${steps === 1 ? ", side by side" : ""}`;
}
