import type { DType, NDArray } from "../../src/index.js";
import { slice, transpose, zeros } from "../../src/index.js";
import { itemsize, peek, poke } from "./oracle.js";

// The layouts in which an array can hold the same elements. Each is a view into a larger base; the base is filled with
// a pattern first, so that a write beside the view shows.
//
//   offset      · [0 1 2 3 4 5]              transposed   base (3,2) read as (2,3)
//   step        0 · 1 · 2 · 3 ·              rows         · 0 1 2 ·
//   negative    5 4 3 2 1 0                               · 3 4 5 ·

const PATTERN = 0xaa;
const back = slice(null, null, -1),
  second = slice(null, null, 2);

/** One layout: what has it, and how it is made. */
export interface Layout {
  readonly name: string;
  readonly shape: readonly number[];
  readonly make: (dtype: DType) => NDArray;
}

function empty(shape: readonly number[], dtype: DType): NDArray {
  const base: NDArray = zeros(shape, { dtype });
  new Uint8Array(base.data.buffer as ArrayBuffer, base.address, base.nbytes).fill(PATTERN);
  return base;
}

/** N = 315 elements in every layout. */
export const layouts: readonly Layout[] = [
  { name: "contiguous", shape: [315], make: (d) => empty([315], d) },
  { name: "offset", shape: [315], make: (d) => empty([320], d).at(slice(3, 318)) },
  { name: "step", shape: [315], make: (d) => empty([630], d).at(second) },
  { name: "negative", shape: [315], make: (d) => empty([315], d).at(back) },
  { name: "transposed", shape: [15, 21], make: (d) => transpose(empty([21, 15], d)) },
  { name: "rows", shape: [15, 21], make: (d) => empty([16, 24], d).at(slice(1), slice(1, 22)) },
  { name: "flipped", shape: [15, 21], make: (d) => empty([15, 21], d).at(back) },
  { name: "permuted", shape: [5, 7, 9], make: (d) => transpose(empty([9, 5, 7], d), [1, 2, 0]) },
  {
    name: "sparse",
    shape: [5, 7, 9],
    make: (d) => transpose(empty([14, 5, 19], d).at(second, back, slice(18, 0, -2)), [1, 0, 2]),
  },
];

/** The layouts of shape `shape`, which need not have 315 elements. */
export function layoutsOf(shape: readonly number[]): Layout[] {
  const twice = shape.map((n) => 2 * n + 1),
    all = shape.map(() => slice(1, null, 2)),
    reversed = [...shape].reverse();
  const made: Layout[] = [{ name: "contiguous", shape, make: (d) => empty(shape, d) }];
  if (shape.length === 0) return made;
  made.push(
    { name: "step", shape, make: (d) => empty(twice, d).at(...all) },
    { name: "negative", shape, make: (d) => empty(shape, d).at(...shape.map(() => back)) },
    { name: "offset", shape, make: (d) => empty([shape[0] + 1, ...shape.slice(1)], d).at(slice(1)) },
  );
  if (shape.length > 1) made.push({ name: "transposed", shape, make: (d) => transpose(empty(reversed, d)) });
  if (shape.length > 2) {
    const [a, b, c] = shape;
    made.push({ name: "permuted", shape, make: (d) => transpose(empty([c, a, b], d), [1, 2, 0]) });
  }
  return made;
}

/** An array of a layout with these elements. */
export function fill(layout: Layout, dtype: DType, bytes: Uint8Array): NDArray {
  const view = layout.make(dtype);
  poke(view, bytes);
  return view;
}

/** Whether every byte of the base beside the view still has the pattern; says so if not. Overwrites the view. */
export function untouched(view: NDArray): string | null {
  poke(view, new Uint8Array(itemsize(view.dtype)).fill(PATTERN));
  const base = view.base ?? view;
  return peek(base).every((byte) => byte === PATTERN) ? null : "wrote beside its output";
}
