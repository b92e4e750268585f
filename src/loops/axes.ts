// The axes of a loop over n-d operands: dropped, ordered, turned and merged, and gone along.

/** Axes, outermost first: their lengths, and the bytes from one element to the next of each operand along each. */
export interface Axes {
  readonly lengths: readonly number[];
  readonly steps: readonly (readonly number[])[];
}

/** The axes of a shape that are longer than 1, in their own order. */
export function longAxes(shape: readonly number[]): number[] {
  const axes: number[] = [];
  for (let i = 0; i < shape.length; i++) if (shape[i] !== 1) axes.push(i);
  return axes;
}

/**
 * Orders axes by an operand's steps, longest outermost; a step of 0 counts as `still`. Axes of equal steps keep their
 * order. An insertion sort in place, for axes are few and mostly in order.
 */
export function bySteps(axes: number[], steps: readonly number[], still: 0 | typeof Infinity): number[] {
  for (let i = 1; i < axes.length; i++) {
    const axis = axes[i],
      size = steps[axis] === 0 ? still : Math.abs(steps[axis]);
    let j = i - 1;
    for (; j >= 0 && (steps[axes[j]] === 0 ? still : Math.abs(steps[axes[j]])) < size; j--) axes[j + 1] = axes[j];
    axes[j + 1] = axis;
  }
  return axes;
}

const never = (): boolean => false;

/**
 * The axes of a loop, given outermost first: one merges into the axis before it where every operand goes on in step.
 * Where `turned` says so all operands go along an axis from its other end, to which `starts` is moved.
 */
export function arrange(
  shape: readonly number[],
  strides: readonly (readonly number[])[],
  starts: number[],
  axes: readonly number[] = longAxes(shape),
  turned: (axis: number) => boolean = never,
  operands = strides.length,
): Axes {
  const lengths: number[] = [],
    steps: number[][] = [];
  for (let k = 0; k < operands; k++) steps.push([]);
  for (const axis of axes) {
    const last = lengths.length - 1,
      length = shape[axis],
      sign = turned(axis) ? -1 : 1;
    let joins = last >= 0;
    for (let k = 0; joins && k < operands; k++) joins = steps[k][last] === sign * strides[k][axis] * length;
    if (joins) lengths[last] *= length;
    else lengths.push(length);
    for (let k = 0; k < operands; k++) {
      const step = strides[k][axis];
      steps[k][lengths.length - 1] = sign * step;
      if (sign < 0) starts[k] += (length - 1) * step;
    }
  }
  return { lengths, steps };
}

/**
 * Visits every index of the first `depth` axes in row-major order; `at` has the operands' addresses there, and is
 * written. Ends early when `visit` returns false. The lengths are not 0.
 */
export function eachIndex({ lengths, steps }: Axes, depth: number, at: number[], visit: () => unknown): void {
  if (depth <= 0) {
    visit();
    return;
  }
  const index = new Array<number>(depth).fill(0);
  for (;;) {
    if (visit() === false) return;
    let axis = depth - 1;
    for (; axis >= 0; axis--) {
      const turn = ++index[axis] === lengths[axis];
      for (let k = 0; k < steps.length; k++) at[k] += turn ? (1 - lengths[axis]) * steps[k][axis] : steps[k][axis];
      if (!turn) break;
      index[axis] = 0;
    }
    if (axis < 0) return;
  }
}
