import { atMost } from "../base/arity.js";
import { NDArrayError, ValueError } from "../base/errors.js";
import { bounds, sameShape } from "../base/layout.js";
import { shown } from "../base/shown.js";
import { live, type NDArray, shapeOf, stridesOf } from "./ndarray.js";

/**
 * Whether the byte ranges of two arrays meet: the cheap test. NumPy: `may_share_memory`. Errors: what is no array, for
 * lists have memory of JavaScript's; an array that was disposed, for it has none.
 */
export function mayShareMemory(a: NDArray, b: NDArray): boolean {
  atMost(2, arguments.length, "mayShareMemory(a, b)");
  live(a);
  live(b);
  return rangesMeet(a, b);
}

function rangesMeet(a: NDArray, b: NDArray): boolean {
  if (a.buffer !== b.buffer || a.size === 0 || b.size === 0) return false;
  const [lowA, highA] = bounds(shapeOf(a), stridesOf(a), a.itemsize),
    [lowB, highB] = bounds(shapeOf(b), stridesOf(b), b.itemsize);
  return a.offset + lowA < b.offset + highB && b.offset + lowB < a.offset + highA;
}

/**
 * Whether two arrays have a byte in common: exact for strided views. NumPy: `shares_memory`.
 *
 * A byte of `a` is `offsetA + Σ strideᵢ·iᵢ + r`; the arrays meet where a bounded sum of such terms reaches the
 * difference of the offsets. The search goes term by term, longest step first, and leaves a branch when the rest
 * cannot reach what is left, or the rest's common divisor does not divide it. Errors: those of `mayShareMemory`; an `NDArrayError` past `maxWork` steps.
 */
export function sharesMemory(a: NDArray, b: NDArray, maxWork = 1_000_000): boolean {
  atMost(3, arguments.length, "sharesMemory(a, b, maxWork)");
  if (typeof maxWork !== "number" || !(maxWork >= 0))
    throw new ValueError(`sharesMemory() takes a number of steps as maxWork, not ${shown(maxWork)}`);
  live(a);
  live(b);
  return meet(a, b, maxWork);
}

function meet(a: NDArray, b: NDArray, maxWork: number): boolean {
  if (!rangesMeet(a, b)) return false;
  const terms = [...termsOf(a, 1), ...termsOf(b, -1)].filter((t) => t.count > 0 && t.step !== 0);
  let target = b.offset - a.offset;
  // Negative steps are turned round: Σ step·i over 0…count is Σ |step|·i after moving the start.
  for (const term of terms) {
    if (term.step < 0) {
      target -= term.step * term.count;
      term.step = -term.step;
    }
  }
  terms.sort((s, t) => t.step - s.step);
  return reachable(terms, target, { left: maxWork });
}

interface Term {
  step: number;
  count: number;
}

function termsOf(a: NDArray, sign: 1 | -1): Term[] {
  const axes = shapeOf(a).map((length, i) => ({ step: sign * stridesOf(a)[i], count: length - 1 }));
  return [...axes, { step: sign, count: a.itemsize - 1 }];
}

function reachable(terms: readonly Term[], target: number, work: { left: number }): boolean {
  const reach: number[] = [0],
    divisor: number[] = [0];
  for (let i = terms.length - 1; i >= 0; i--) {
    reach.unshift(reach[0] + terms[i].step * terms[i].count);
    divisor.unshift(gcd(divisor[0], terms[i].step));
  }
  const search = (i: number, left: number): boolean => {
    if (left === 0) return true;
    if (left < 0 || left > reach[i] || left % divisor[i] !== 0) return false;
    if (--work.left < 0) throw new NDArrayError("sharesMemory: too hard to decide exactly; use mayShareMemory");
    const { step, count } = terms[i];
    for (let k = Math.min(count, Math.floor(left / step)); k >= 0 && left - k * step <= reach[i + 1]; k--) {
      if (search(i + 1, left - k * step)) return true;
    }
    return false;
  };
  return search(0, target);
}

function gcd(a: number, b: number): number {
  while (b !== 0) [a, b] = [b, a % b];
  return a;
}

/** Whether two arrays have a byte in common, or might: what is not decided soon counts as yes. @internal */
export function mayMeet(a: NDArray, b: NDArray): boolean {
  if (a.buffer !== b.buffer) return false;
  try {
    return meet(a, b, 10_000);
  } catch {
    return true;
  }
}

/**
 * Whether writing `out` element by element could change an element of `x` that is still to be read. Reading the very
 * element that is written is safe in every order, unless two elements of `out` lie on one place. Reading ahead of the
 * writing is safe only where the walk goes through memory from first to last: where `out`, x and all others are one run
 * (`oneRun`), so that no transposed operand makes it go by tiles. These are NumPy's rules.
 */
export function harmfulOverlap(x: NDArray, out: NDArray, oneRun: boolean): boolean {
  if (!rangesMeet(x, out)) return false;
  const sameSteps =
    x.descr === out.descr &&
    x.ndim === out.ndim &&
    stridesOf(x).every((s, i) => s === stridesOf(out)[i] || shapeOf(x)[i] === 1) &&
    sameShape(shapeOf(x), shapeOf(out));
  if (sameSteps && x.offset === out.offset && !overlapsItself(out)) return false;
  if (oneRun && sameSteps && x.contiguous && out.contiguous && x.offset > out.offset) return false;
  return mayMeet(x, out);
}

/** Whether two elements of an array may have a byte in common: exact where its axes nest, as those of slices do. */
export function overlapsItself(array: NDArray): boolean {
  const { contiguous, size, itemsize } = array,
    shape = shapeOf(array),
    strides = stridesOf(array);
  if (contiguous || size < 2) return false;
  const axes = shape.flatMap((length, i) => (length === 1 ? [] : [{ length, step: Math.abs(strides[i]) }]));
  axes.sort((a, b) => a.step - b.step);
  let reach = itemsize;
  for (const { length, step } of axes) {
    if (step < reach) return true;
    reach += step * (length - 1);
  }
  return false;
}
