import { type ArrayLike, type DTypeOf, tolist } from "../array/convert.js";
import { make, NDArray, refuseStranger, shapeOf } from "../array/ndarray.js";
import { takes } from "../array/options.js";
import { Temporaries } from "../array/temporaries.js";
import { type DType, dtypes, isInexact } from "../base/dtype.js";
import { ArgumentError, ValueError } from "../base/errors.js";
import { checkAxes } from "../base/layout.js";
import { isScalar } from "../core/scalar.js";
import { add, divide, multiply, subtract } from "../elementwise/ufuncs.js";
import type { MeanDType } from "../operations/signatures.js";
import { reshape } from "../shaping/manipulation.js";
import { part } from "./parts.js";

// Derivatives by central differences inside and by differences to one side at the ends, of first or second order.

/** What `gradient` takes after the distances. */
export interface GradientOptions {
  /** The axes along which it is taken: all of them. */
  axis?: number | readonly number[] | null;
  /** The order of accuracy at the ends: 1 or 2. */
  edgeOrder?: 1 | 2;
}

/** How far apart points are along an axis: one number, or the places of the points. */
export type Spacing = number | NDArray<DType> | readonly number[];

const GRADIENT = takes("gradient(f, spacing)", { axis: "anything?", edgeOrder: "integer" });

// The distances from point to point: a number where all are the same.
function distancesAlong(spacing: Spacing, n: number, work: Temporaries): number | readonly number[] {
  if (isScalar(spacing)) return spacing as number; // complex distances make no sense, and are refused by arithmetic
  const places: NDArray<DType> = work.array(spacing as ArrayLike, "float64");
  if (places.ndim !== 1) throw new ValueError("distances must be either scalars or 1d");
  if (places.size !== n)
    throw new ValueError("when 1d, distances must match the length of the corresponding dimension");
  const at = Array.from(work.copy(places, "dtype", "float64").data),
    steps = at.slice(1).map((place, i) => place - at[i]);
  return steps.every((step) => step === steps[0]) ? steps[0] : steps;
}

// The distances of each axis that is asked for.
function spacings(spacing: Spacing | readonly Spacing[], count: number): readonly Spacing[] {
  if (count === 1 || isScalar(spacing)) return Array.from({ length: count }, () => spacing as Spacing);
  refuseStranger(spacing);
  const list = spacing instanceof NDArray ? tolist(spacing) : spacing;
  if (!Array.isArray(list) || list.length !== count) throw new ArgumentError("invalid number of arguments");
  return list as readonly Spacing[];
}

/** Weights of three neighbours. */
type Weights = readonly [number, number, number];

// The weights at an end of second order, for the distances to the next point and to the one after.
function endWeights(near: number, far: number): Weights {
  const both = near + far;
  return [-(2 * near + far) / (near * both), both / (near * far), -near / (far * both)];
}

class Along {
  constructor(
    readonly f: NDArray<DType>,
    readonly out: NDArray<DType>,
    readonly axis: number,
    readonly op: string,
  ) {}

  get length(): number {
    return shapeOf(this.f)[this.axis];
  }

  /** out at `to` = (f at `right` minus f at `left`) / distance, for so many points. */
  between(to: number, left: number, right: number, count: number, distance: number): void {
    using work = new Temporaries(this.op);
    const place = work.use(part(this.out, this.axis, to, count)),
      [a, b] = [left, right].map((at) => work.use(part(this.f, this.axis, at, count)));
    subtract(b, a, { out: place, casting: "unsafe" });
    divide(place, distance, { out: place, casting: "unsafe" });
  }

  /** out at `to` = the sum of three neighbours from `first` on, each times its weight; weights may be arrays. */
  weighted(to: number, first: number, count: number, weights: readonly (number | NDArray<DType>)[]): void {
    using work = new Temporaries(this.op);
    const place = work.use(part(this.out, this.axis, to, count)),
      term = work.use(make(shapeOf(place), this.out.descr, this.op));
    weights.forEach((weight, k) => {
      const f = work.use(part(this.f, this.axis, first + k, count));
      multiply(f, weight, { out: k === 0 ? place : term, casting: "unsafe" });
      if (k > 0) add(place, term, { out: place });
    });
  }

  /** A row of weights, laid along the axis. */
  row(values: readonly number[], work: Temporaries): NDArray<DType> {
    const row: NDArray<DType> = work.array(
        values as number[],
        this.out.descr.kind === "c" ? "float64" : this.out.dtype,
      ),
      shape = shapeOf(this.f).map((_, i) => (i === this.axis ? values.length : 1));
    return work.use(reshape(row, shape));
  }

  inside(steps: number | readonly number[]): void {
    const count = this.length - 2;
    if (count <= 0) return;
    if (typeof steps === "number") return this.between(1, 0, 2, count, 2 * steps);
    using work = new Temporaries(this.op);
    const pairs = steps.slice(1).map((right, i) => [steps[i], right] as const);
    const weights = [
      pairs.map(([left, right]) => -right / (left * (left + right))),
      pairs.map(([left, right]) => (right - left) / (left * right)),
      pairs.map(([left, right]) => left / (right * (left + right))),
    ];
    this.weighted(
      1,
      0,
      count,
      weights.map((values) => this.row(values, work)),
    );
  }

  ends(steps: number | readonly number[], order: number): void {
    const n = this.length,
      at = (i: number): number => (typeof steps === "number" ? steps : steps.at(i)!);
    if (order === 1) {
      this.between(0, 0, 1, 1, at(0));
      return this.between(n - 1, n - 2, n - 1, 1, at(-1));
    }
    const [near, middle, far] = endWeights(at(-1), at(-2));
    this.weighted(0, 0, 1, endWeights(at(0), at(1)));
    this.weighted(n - 1, n - 3, 1, [-far, -middle, -near]);
  }
}

/**
 * The derivative along each axis, by central differences inside and differences to one side at the ends. `spacing` is the
 * distance of neighbours, or the places of the points; of several axes a list of one for each. Returns a copy for one axis,
 * else a list of copies. Errors: an axis of too few elements for the order at the ends.
 *
 * @example
 * gradient([1, 2, 4, 7, 11]) // [1. 1.5 2.5 3.5 4. ]
 */
export function gradient<const X extends ArrayLike>(
  f: X,
  spacing: Spacing | readonly Spacing[] = 1,
  options?: GradientOptions,
): NDArray<MeanDType<DTypeOf<X>>> | NDArray<MeanDType<DTypeOf<X>>>[] {
  const { axis, edgeOrder = 1 } = GRADIENT.read(options, arguments.length);
  using work = new Temporaries("gradient");
  const x: NDArray<DType> = work.array(f),
    axes = checkAxes(axis, x.ndim),
    distances = spacings(spacing, axes.length);
  if (edgeOrder > 2) throw new ValueError("'edge_order' greater than 2 not supported");
  const steps = axes.map((along, i) => distancesAlong(distances[i], shapeOf(x)[along], work));
  // Integers are subtracted as floats, so that they do not wrap around.
  const floats = isInexact(x.descr) ? x : work.copy(x, "dtype", dtypes.float64.name);
  const found = axes.map((along, i) => {
    if (shapeOf(x)[along] < edgeOrder + 1)
      throw new ValueError(
        "Shape of array too small to calculate a numerical gradient, at least (edge_order + 1) elements are required.",
      );
    const derivative = new Along(floats, work.use(make(shapeOf(x), floats.descr, "gradient")), along, "gradient");
    derivative.inside(steps[i]);
    derivative.ends(steps[i], edgeOrder);
    return derivative.out as NDArray<MeanDType<DTypeOf<X>>>; // floats stay what they are, integers are float64
  });
  for (const derivative of found) work.release(derivative as NDArray<DType>);
  return found.length === 1 ? found[0] : found;
}
