import { arrange, bySteps, eachIndex, longAxes } from "./axes.js";

// Lanes: the rows of elements along one axis, whatever the other axes are. A kernel with a core axis takes one lane or
// many of them at once, as the rows of a box:
//
//      eachLane(without(a.shape, axis), [x, to], [without(a.strides, axis), out.strides], most, (lanes, at, next) => {
//        setBox(lanes, n);                     // n elements a lane, a.strides[axis] bytes apart
//        setX(at[0], next[0], a.strides[axis]);
//        setOut(at[1], next[1], 0);
//        runBox(kernel, code);
//      });
//
// A kernel may not see more than CALL elements at a time. Either `most` is CALL / n, or the lane is longer than that and
// the caller cuts it, with `most` 1. A packed copy of a strided lane is
// `runFlat(copyKernel, code, n, into, itemsize, at[0], a.strides[axis], 0, 0)`, and the way back the same, turned round.

/** What a list says of all axes but one. */
export function without<T>(list: readonly T[], axis: number): T[] {
  const others: T[] = [];
  for (let i = 0; i < list.length; i++) if (i !== axis) others.push(list[i]);
  return others;
}

/**
 * Visits the lanes of operands along axes that `shape` and `strides` leave out, at most `most` at a time (at least one).
 * `starts` has the address of each operand's first lane; the visitor is given how many lanes these are, the address of
 * the first in each operand, and the bytes from one to the next. The lists are good until it returns. The order of the
 * lanes is the loop's own; every lane is visited once, so it may be written where it lies. Ends early when the visitor
 * returns false.
 */
export function eachLane(
  shape: readonly number[],
  starts: readonly number[],
  strides: readonly (readonly number[])[],
  most: number,
  visit: (lanes: number, at: readonly number[], next: readonly number[]) => unknown,
): void {
  if (shape.includes(0)) return;
  const from = [...starts],
    [first] = strides,
    axes =
      shape.length < 2
        ? { lengths: shape, steps: strides }
        : arrange(shape, strides, from, bySteps(longAxes(shape), first, 0), (axis) => first[axis] < 0);
  const last = axes.lengths.length - 1,
    count = last < 0 ? 1 : axes.lengths[last],
    next = axes.steps.map((steps) => (last < 0 ? 0 : steps[last])),
    atOnce = Math.max(1, Math.floor(most)),
    at = [...from];
  eachIndex(axes, last, from, () => {
    for (let i = 0; i < count; i += atOnce) {
      for (let k = 0; k < at.length; k++) at[k] = from[k] + i * next[k];
      if (visit(Math.min(atOnce, count - i), at, next) === false) return false;
    }
    return true;
  });
}
