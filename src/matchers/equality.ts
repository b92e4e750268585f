import type { ArrayLike } from "../array/convert.js";
import { addressOf } from "../array/destination.js";
import { live, NDArray, readElement } from "../array/ndarray.js";
import { Temporaries } from "../array/temporaries.js";
import type { Complex, DType } from "../base/dtype.js";
import { DTypeError } from "../base/errors.js";
import { sameShape } from "../base/layout.js";
import { shown } from "../base/shown.js";
import type { MatcherContext, Verdict } from "./measure.js";

// Arrays as values: what makes `expect(a).toEqual(b)` compare their elements, and a comparison within tolerances.

type Item = number | bigint | boolean | Complex;

/** How far elements may lie apart: `|received - expected| <= atol + rtol * |expected|`. */
export interface Tolerance {
  /** Relative to the expected element: 1e-7. */
  rtol?: number;
  /** The same for all elements: 0. */
  atol?: number;
}

/**
 * Whether two arrays have one dtype, one shape and the same values, where NaN is NaN and -0 is not 0, as in lists;
 * undefined if not both are arrays.
 * A disposed array is equal to itself only. For `expect.addEqualityTesters`.
 */
export function equalArrays(a: unknown, b: unknown): boolean | undefined {
  if (!(a instanceof NDArray) || !(b instanceof NDArray)) return undefined;
  if (a === b) return true;
  if (a.disposed || b.disposed || a.dtype !== b.dtype || !sameShape(a.shape, b.shape)) return false;
  const x = items(a),
    y = items(b);
  return x.every((value, i) => identical(value, y[i]));
}

/** The elements lie within `rtol` and `atol` of those expected, in an array of the same shape; NaN only beside NaN. */
export function toBeCloseToArray(
  this: MatcherContext,
  received: unknown,
  expected: ArrayLike,
  { rtol = 1e-7, atol = 0 }: Tolerance = {},
): Verdict {
  if (!(received instanceof NDArray))
    throw new DTypeError(`toBeCloseToArray compares arrays: expect(a).toBeCloseToArray(b), not ${shown(received)}`);
  live(received);
  using work = new Temporaries("toBeCloseToArray");
  const other = work.array(expected);
  const shapes = [received, other].map(({ shape }) => `[${shape.join(", ")}]`);
  if (shapes[0] !== shapes[1])
    return verdict(false, `expected an array of shape ${shapes[1]}, but it has shape ${shapes[0]}`);
  const far = apart(items(received as NDArray<DType>), items(other), rtol, atol),
    within = `within rtol ${rtol} and atol ${atol}`;
  if (far.length === 0) return verdict(true, `expected the arrays not to be close, but all elements are ${within}`);
  const lines = far
    .slice(0, 5)
    .map(({ index, x, y }) => `  at [${place(index, other.shape)}]: ${text(x)}, expected ${text(y)}`);
  const rest = far.length > 5 ? [`  … and ${far.length - 5} more`] : [],
    most = far.reduce((greatest, { by }) => Math.max(greatest, by), 0);
  const head = `${far.length} of ${other.size} elements are not ${within}; the largest difference is ${most}`;
  return verdict(false, [head, ...lines, ...rest].join("\n"));
}

function verdict(pass: boolean, message: string): Verdict {
  return { pass, message: () => message };
}

// All elements in row-major order, as JavaScript values.
function items(a: NDArray<DType>): Item[] {
  const list: Item[] = [];
  const go = (axis: number, at: number): void => {
    if (axis === a.ndim) list.push(readElement(a.descr, at));
    else for (let i = 0; i < a.shape[axis]; i++) go(axis + 1, at + i * a.strides[axis]);
  };
  go(0, addressOf(a));
  return list;
}

function identical(x: Item, y: Item): boolean {
  if (typeof x === "object" && typeof y === "object") return Object.is(x.re, y.re) && Object.is(x.im, y.im);
  return Object.is(x, y);
}

function same(x: Item, y: Item): boolean {
  if (typeof x === "object" && typeof y === "object") return same(x.re, y.re) && same(x.im, y.im);
  return x === y || (Number.isNaN(x) && Number.isNaN(y));
}

interface Far {
  readonly index: number;
  readonly x: Item;
  readonly y: Item;
  readonly by: number;
}

function apart(xs: readonly Item[], ys: readonly Item[], rtol: number, atol: number): Far[] {
  return xs.flatMap((x, index) => {
    const y = ys[index];
    if (same(x, y)) return [];
    const by = distance(x, y),
      limit = atol + rtol * distance(y, 0);
    // An infinity is close to itself only, and NaN to NaN: those were the same.
    return Number.isFinite(by) && by <= limit ? [] : [{ index, x, y, by }];
  });
}

function distance(x: Item, y: Item): number {
  if (typeof x === "object" || typeof y === "object") {
    const [a, b] = [x, y].map((v) => (typeof v === "object" ? v : { re: Number(v), im: 0 }));
    return Math.hypot(a.re - b.re, a.im - b.im);
  }
  if (typeof x === "bigint" && typeof y === "bigint") return Math.abs(Number(x - y));
  return Math.abs(Number(x) - Number(y));
}

function place(index: number, shape: readonly number[]): string {
  const at: number[] = [];
  for (let axis = shape.length - 1, rest = index; axis >= 0; axis--) {
    at.unshift(rest % shape[axis]);
    rest = Math.floor(rest / shape[axis]);
  }
  return at.join(", ");
}

function text(value: Item): string {
  return typeof value === "object" ? `${value.re}+${value.im}j` : String(value);
}
