import type { DType } from "nbytes";

// Random programs as data: a few buffers, and steps over views of them. TypeScript and Python run the same lists.

/** A view of a buffer; offset and strides count elements. */
export interface View {
  readonly base: number;
  readonly offset: number;
  readonly shape: readonly number[];
  readonly strides: readonly number[];
}

/** An operand: a view or a number. */
export type Operand = View | number;

/** One call. */
export interface Step {
  readonly f: string;
  readonly args: readonly Operand[];
  readonly out?: View;
  readonly where?: View;
  readonly axis?: number | readonly number[] | null;
  readonly keepdims?: boolean;
  readonly initial?: number;
  readonly indices?: readonly number[];
  readonly mode?: "raise" | "wrap" | "clip";
  readonly dtype?: DType;
}

/** The buffers, by dtype, length and the seed of their bytes, and what is done with them. */
export interface Program {
  readonly bases: readonly { dtype: DType; length: number; seed: number }[];
  readonly steps: readonly Step[];
}

export const isView = (x: Operand): x is View => typeof x === "object";

/** Mulberry32, with the draws that programs need. */
export class Random {
  #state: number;
  constructor(seed: number) {
    this.#state = seed;
  }
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let t = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  }
  /** A whole number from `low` up to, without, `high`. */
  int(low: number, high: number): number {
    return low + Math.floor(this.next() * (high - low));
  }
  chance(p: number): boolean {
    return this.next() < p;
  }
  of<T>(list: readonly T[]): T {
    return list[this.int(0, list.length)];
  }
  shuffled<T>(list: readonly T[]): T[] {
    const rest = [...list];
    return list.map(() => rest.splice(this.int(0, rest.length), 1)[0]);
  }
}

const DTYPES: readonly DType[] = [
  ...(["bool", "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64"] as const),
  ...(["float16", "float32", "float64", "complex64", "complex128"] as const),
];
const REAL = DTYPES.filter((dtype) => !dtype.startsWith("complex"));

const UNARY = "negative absolute square isnan isinf isfinite signbit logicalNot invert floor conjugate sign sqrt".split(
  " ",
);
const BINARY = (
  "add subtract multiply divide maximum minimum fmax fmin equal notEqual less lessEqual greater greaterEqual " +
  "logicalAnd logicalOr logicalXor bitwiseAnd bitwiseOr bitwiseXor floorDivide remainder copysign"
).split(" ");
const FOLDS = "sum min max any all countNonzero argmax argmin mean".split(" ");
const OTHERS =
  "clip clip where copyto copyto set set putMask astype take put roll concatenate nanToNum compress atMask nonzero repeat".split(
    " ",
  );

/** A program that follows from a seed alone. */
export function program(seed: number): Program {
  const random = new Random(seed),
    most = random.chance(0.12)
      ? random.int(66_000, 150_000)
      : random.chance(0.4)
        ? random.int(2000, 9000)
        : random.int(1, 120);
  // Few dtypes a program: overlap needs operands of one buffer.
  const dtypes = random.chance(0.5) ? [random.of(DTYPES)] : [random.of(DTYPES), random.of(REAL)];
  const bases = Array.from({ length: random.int(1, 4) }, (_, i) => ({
    dtype: i === 0 ? dtypes[0] : random.chance(0.3) ? "bool" : random.of(dtypes),
    length: most,
    seed: random.int(0, 1e9),
  }));
  bases.push({ dtype: "bool", length: most, seed: random.int(0, 1e9) });
  return { bases, steps: Array.from({ length: random.int(1, 7) }, () => step(random, bases)) };
}

type Bases = Program["bases"];

function shapeFor(random: Random, most: number): number[] {
  const ndim = random.of([0, 1, 1, 2, 2, 2, 2, 3, 3, 4]);
  if (random.chance(0.04) && ndim > 0) return Array.from({ length: ndim }, (_, i) => (i === 0 ? 0 : random.int(0, 4)));
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

/** A view of a shape on one of the buffers: packed, with gaps, transposed, backwards, shifted, or on itself. */
function view(random: Random, bases: Bases, base: number, shape: readonly number[], self = 0.06): View {
  const { length } = bases[base],
    strides = new Array<number>(shape.length).fill(0);
  const order = random.chance(0.5) ? shape.map((_, i) => i) : random.shuffled(shape.map((_, i) => i));
  const overlapping = random.chance(self);
  let reach = 1;
  if (overlapping) for (const axis of order) strides[axis] = random.int(0, 4);
  else {
    const size = shape.reduce((n, m) => n * m, 1);
    for (const axis of [...order].reverse()) {
      const gap = random.chance(0.15) && size * reach * 2 <= length ? 2 : 1;
      strides[axis] = reach * gap;
      reach = strides[axis] * Math.max(shape[axis], 1);
    }
  }
  let low = 0,
    high = 0;
  shape.forEach((n, i) => {
    if (random.chance(0.2)) strides[i] = -strides[i];
    const far = strides[i] * Math.max(n - 1, 0);
    low += Math.min(far, 0);
    high += Math.max(far, 0);
  });
  const room = length - 1 - (high - low);
  // A view with gaps may be too long: packed it always fits.
  if (room < 0) return { base, offset: 0, shape, strides: packed(shape) };
  const near = random.chance(0.6) ? Math.min(room, random.int(0, 20)) : random.int(0, room + 1);
  return { base, offset: near - low, shape, strides };
}

function packed(shape: readonly number[]): number[] {
  const strides: number[] = [];
  for (let i = shape.length - 1, step = 1; i >= 0; i--) {
    strides.unshift(step);
    step *= Math.max(shape[i], 1);
  }
  return strides;
}

/** An operand that broadcasts to a shape. */
function operand(random: Random, bases: Bases, shape: readonly number[], scalars = 0.15): Operand {
  const base = random.int(0, bases.length);
  if (random.chance(scalars)) return random.int(0, 6);
  if (!random.chance(0.2)) return view(random, bases, base, shape);
  const own = shape.map((n) => (random.chance(0.5) ? 1 : n)).slice(random.chance(0.5) && shape.length > 0 ? 1 : 0);
  return view(random, bases, base, own);
}

const bool = (random: Random, bases: Bases, shape: readonly number[]): View =>
  view(random, bases, bases.length - 1, shape, 0.02);

function step(random: Random, bases: Bases): Step {
  const shape = shapeFor(random, bases[0].length),
    base = random.int(0, bases.length),
    x = view(random, bases, base, shape),
    draw = random.next();
  const maybe = <T>(p: number, make: () => T): T | undefined => (random.chance(p) ? make() : undefined);
  const target = (): View => view(random, bases, random.chance(0.7) ? base : random.int(0, bases.length), shape);
  if (draw < 0.5) {
    const f = random.of(draw < 0.15 ? UNARY : BINARY),
      args =
        draw < 0.15
          ? [x]
          : random.chance(0.5)
            ? [x, operand(random, bases, shape)]
            : [operand(random, bases, shape, 0), x];
    const out = random.chance(0.25) ? x : maybe(0.4, target);
    return { f, args, out, where: maybe(0.2, () => bool(random, bases, shape)) };
  }
  if (draw < 0.7) return folding(random, bases, x);
  return other(random, bases, x, target());
}

function folding(random: Random, bases: Bases, x: View): Step {
  const f = random.of(FOLDS),
    ndim = x.shape.length,
    arg = f.startsWith("arg");
  const axis =
    ndim === 0 || random.chance(0.4)
      ? null
      : arg || random.chance(0.7)
        ? random.int(0, ndim)
        : random.shuffled(x.shape.map((_, i) => i)).slice(0, random.int(1, ndim + 1));
  const keepdims = random.chance(0.3),
    axes = axis === null ? x.shape.map((_, i) => i) : [axis].flat();
  const shape = x.shape.flatMap((n, i) => (axes.includes(i) ? (keepdims ? [1] : []) : [n]));
  const plain = /^(sum|min|max)$/.test(f);
  return {
    f,
    args: [x],
    axis,
    keepdims,
    out: plain && random.chance(0.3) ? view(random, bases, x.base, shape, 0) : undefined,
    where:
      !arg && f !== "countNonzero" && f !== "mean" && random.chance(0.3) ? bool(random, bases, x.shape) : undefined,
    initial: plain && random.chance(0.6) ? random.int(0, 4) : undefined,
  };
}

function other(random: Random, bases: Bases, x: View, target: View): Step {
  const f = random.of(OTHERS),
    y = operand(random, bases, x.shape),
    indices = Array.from({ length: random.int(0, 40) }, () => random.int(0, 60));
  if (f === "clip")
    return { f, args: [x, y, operand(random, bases, x.shape, 0.5)], out: random.chance(0.4) ? target : undefined };
  if (f === "where") return { f, args: [operand(random, bases, x.shape, 0), x, y] };
  if (f === "copyto")
    return {
      f,
      args: [target, random.chance(0.5) ? x : y],
      where: random.chance(0.4) ? bool(random, bases, x.shape) : undefined,
    };
  if (f === "set") return { f, args: [target, random.chance(0.6) ? x : y] };
  if (f === "putMask") return { f, args: [target, random.int(0, 6)], where: bool(random, bases, x.shape) };
  if (f === "astype") return { f, args: [x], dtype: random.of(DTYPES) };
  if (f === "take") {
    const axis = x.shape.length === 0 || random.chance(0.5) ? null : random.int(0, x.shape.length);
    return { f, args: [x], indices, axis, mode: random.of(["wrap", "clip"]) };
  }
  if (f === "put")
    return {
      f,
      args: [target, random.chance(0.5) ? 3 : { ...x, shape: [], strides: [] }],
      indices,
      mode: random.of(["wrap", "clip"]),
    };
  if (f === "roll")
    return {
      f,
      args: [x],
      indices: [random.int(-9, 10)],
      axis: x.shape.length === 0 || random.chance(0.5) ? null : random.int(0, x.shape.length),
    };
  if (f === "repeat")
    return {
      f,
      args: [x],
      indices: [random.int(0, 4)],
      axis: x.shape.length === 0 || random.chance(0.5) ? null : random.int(0, x.shape.length),
    };
  if (f === "concatenate")
    return { f, args: [x, target], axis: x.shape.length === 0 ? null : random.int(0, x.shape.length) };
  if (f === "nanToNum") return { f, args: [x] };
  if (f === "nonzero") return { f, args: [x.shape.length === 0 ? { ...x, shape: [1], strides: [1] } : x] };
  return { f, args: [x], where: bool(random, bases, x.shape) };
}
