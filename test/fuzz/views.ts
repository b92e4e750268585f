import type { DType } from "nbytes";
import { Random } from "./random.js";

// Views of buffers, as data: packed, with gaps, transposed, backwards, shifted, broadcast, or on themselves.

/** A view of a buffer; offset and strides count elements. */
export interface View {
  readonly base: number;
  readonly offset: number;
  readonly shape: readonly number[];
  readonly strides: readonly number[];
}

/** An operand: a view, a number, or nothing (an end of `clip` that is left open). */
export type Operand = View | number | null;

export const isView = (x: unknown): x is View => typeof x === "object" && x !== null && "base" in x;

/** A buffer: its dtype, its length, the seed of its bytes. The last one of a program is of bools. */
export interface Base {
  readonly dtype: DType;
  readonly length: number;
  readonly seed: number;
}

export const DTYPES: readonly DType[] = [
  ...(["bool", "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64"] as const),
  ...(["float16", "float32", "float64", "complex64", "complex128"] as const),
];

/** What a step is drawn from: the random numbers, the buffers, and a first operand. */
export class Draw {
  readonly shape: readonly number[];
  readonly x: View;
  constructor(
    readonly random: Random,
    readonly bases: readonly Base[],
  ) {
    this.shape = this.#shape(bases[0].length);
    this.x = this.view(random.int(0, bases.length), this.shape);
  }

  get ndim(): number {
    return this.shape.length;
  }

  #shape(most: number): number[] {
    const { random } = this,
      ndim = random.of([0, 1, 1, 2, 2, 2, 2, 3, 3, 4]);
    if (random.chance(0.03) && ndim > 0)
      return random.shuffled(Array.from({ length: ndim }, (_, i) => (i === 0 ? 0 : random.int(0, 4))));
    let left = random.chance(0.5) ? most : Math.max(1, Math.floor(most / random.int(1, 8)));
    const shape: number[] = [];
    for (let k = 0; k < ndim; k++) {
      const length =
        k === ndim - 1 && random.chance(0.7) ? left : random.int(1, Math.ceil(left ** (1 / (ndim - k))) * 2 + 1);
      shape.push(Math.max(1, Math.min(left, length)));
      left = Math.floor(left / shape[k]);
    }
    return random.shuffled(shape);
  }

  /** A view of a shape on one of the buffers. */
  view(base: number, shape: readonly number[], self = 0.06): View {
    const { random } = this,
      { length } = this.bases[base];
    const order = random.chance(0.5) ? shape.map((_, i) => i) : random.shuffled(shape.map((_, i) => i));
    const strides = random.chance(self) ? onItself(random, order) : this.#nested(order, shape, length);
    let low = 0,
      high = 0;
    shape.forEach((n, i) => {
      if (random.chance(0.2)) strides[i] = -strides[i];
      const far = strides[i] * Math.max(n - 1, 0);
      low += Math.min(far, 0);
      high += Math.max(far, 0);
    });
    const room = length - 1 - (high - low);
    // A view with gaps may be too long: packed it fits, or it repeats one element.
    if (room < 0) {
      const size = shape.reduce((n, m) => n * m, 1);
      return { base, offset: 0, shape, strides: size <= length ? packed(shape) : shape.map(() => 0) };
    }
    const near = random.chance(0.6) ? Math.min(room, random.int(0, 20)) : random.int(0, room + 1);
    return { base, offset: near - low, shape, strides };
  }

  #nested(order: readonly number[], shape: readonly number[], length: number): number[] {
    const strides = new Array<number>(shape.length).fill(0),
      size = shape.reduce((n, m) => n * m, 1);
    let reach = 1;
    for (const axis of [...order].reverse()) {
      const gap = this.random.chance(0.15) && size * reach * 2 <= length ? 2 : 1;
      strides[axis] = reach * gap;
      reach = strides[axis] * Math.max(shape[axis], 1);
    }
    return strides;
  }

  /** An operand that broadcasts to the shape. */
  operand(scalars = 0.15): View | number {
    const { random, shape } = this,
      base = random.int(0, this.bases.length);
    if (random.chance(scalars)) return random.int(0, 6);
    if (!random.chance(0.2)) return this.view(base, shape);
    const own = shape.map((n) => (random.chance(0.5) ? 1 : n)).slice(random.chance(0.5) && shape.length > 0 ? 1 : 0);
    return this.view(base, own);
  }

  /** A mask of a shape, or one that broadcasts to it. */
  mask(shape: readonly number[] = this.shape): View {
    const own = this.random.chance(0.85) ? shape : shape.map((n) => (this.random.chance(0.5) ? 1 : n));
    return this.view(this.bases.length - 1, own, 0.02);
  }

  /** A mask of just that shape. */
  wholeMask(shape: readonly number[] = this.shape): View {
    return this.view(this.bases.length - 1, shape, 0.02);
  }

  /** A place to write to, mostly on the first operand's buffer. */
  target(shape: readonly number[] = this.shape, self = 0.06): View {
    const { random } = this;
    return this.view(random.chance(0.7) ? this.x.base : random.int(0, this.bases.length), shape, self);
  }

  /** An axis, perhaps counted from the end. */
  axis(ndim = this.ndim): number {
    return this.random.int(this.random.chance(0.3) ? -ndim : 0, ndim);
  }
}

function onItself(random: Random, order: readonly number[]): number[] {
  const strides = new Array<number>(order.length).fill(0);
  for (const axis of order) strides[axis] = random.int(0, 4);
  return strides;
}

function packed(shape: readonly number[]): number[] {
  const strides: number[] = [];
  for (let i = shape.length - 1, step = 1; i >= 0; i--) {
    strides.unshift(step);
    step *= Math.max(shape[i], 1);
  }
  return strides;
}

export { Random };
