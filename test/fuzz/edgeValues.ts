import * as np from "nbytes";

// Values at the edges of what they can be, each as it is given here and as the judge is told it.

/** An argument: what is given here, and what the judge makes a Python value of. */
export interface Arg {
  readonly given: unknown;
  readonly told: unknown;
}

/** A call: NumPy's name, the arguments, the options, and whether it writes its first argument. */
export interface Call {
  readonly f: string;
  readonly args: readonly Arg[];
  readonly options?: Readonly<Record<string, Arg>>;
  readonly writes?: boolean;
}

// biome-ignore format: a table
export const DTYPES = [
  "bool", "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64",
  "float16", "float32", "float64", "complex64", "complex128",
] as const;
export const REALS = DTYPES.slice(0, 12);
export const INTEGERS = DTYPES.slice(1, 9);

// biome-ignore format: a table
const SHAPES = [
  [], [], [0], [1], [3], [4], [2, 3], [2, 3], [0, 3], [3, 0], [1, 1], [3, 1], [1, 3], [2, 1, 3], [2, 3, 2], [1, 0, 2],
];
const { NaN: NAN, POSITIVE_INFINITY: INF, MAX_VALUE } = Number;
// biome-ignore format: a table
const EDGES = [
  0, -0, NAN, INF, -INF, 1, -1, 0.5, -0.5, 1.5, 2.5, -2.5, 3.7, MAX_VALUE, 5e-324, 2 ** -24, 1e-310, 65504, 65520, 70000,
  3.4e38, 1e10, -1e10, 2 ** 53, 2 ** 63, 127, 128, 255, 256, -128, -129, 32768, 2 ** 31, 2 ** 32, 1e300, 2 ** -1022, 2 ** -150,
];

/** Draws from a seed. */
export class Draw {
  #state: number;
  constructor(seed: number) {
    this.#state = (Math.imul(seed, 2654435761) + 12345) >>> 0 || 1;
    for (let i = 0; i < 8; i++) this.below(2);
  }
  below(n: number): number {
    this.#state ^= this.#state << 13;
    this.#state ^= this.#state >>> 17;
    this.#state ^= this.#state << 5;
    return (this.#state >>> 0) % n;
  }
  of<T>(list: readonly T[]): T {
    return list[this.below(list.length)];
  }
  /** Whether something happens that happens once in n times. */
  once(n: number): boolean {
    return this.below(n) === 0;
  }
  many<T>(n: number, make: () => T): T[] {
    return Array.from({ length: n }, make);
  }
}

export const sizeOf = (shape: readonly number[]): number => shape.reduce((n, m) => n * m, 1);

export const plain = (value: unknown): Arg => ({ given: value, told: value });
export const none: Arg = plain(null);

/** An integer, told as Python's. */
export const integer = (n: number | bigint): Arg => ({ given: n, told: { s: ["int", String(n)] } });

/** A number as it is told: Python's float, or its int where it stands beside an array. */
export function number(n: number, beside = false): Arg {
  const whole = beside && Number.isInteger(n) && !Object.is(n, -0);
  return {
    given: n,
    told: { s: whole ? ["int", BigInt(n).toString()] : ["float", Object.is(n, -0) ? "-0" : String(n)] },
  };
}

/** A list of integers that is a tuple to NumPy: axes, shapes. */
export const tuple = (list: readonly (number | bigint)[]): Arg => ({
  given: [...list],
  told: { t: list.map((n) => integer(n).told) },
});

/** A list of integers that is a list to NumPy too. */
export const integers = (list: readonly unknown[]): Arg => ({
  given: list,
  told: {
    l: list.map((n) =>
      Array.isArray(n)
        ? integers(n).told
        : typeof n === "boolean"
          ? n
          : Number.isInteger(Number(n))
            ? integer(n as number).told
            : number(n as number).told,
    ),
  },
});

/** One element of a dtype, at an edge every other time. */
export function element(d: Draw, dtype: np.DType): number | bigint | boolean | np.Complex {
  if (dtype === "bool") return d.once(2);
  if (dtype.startsWith("complex")) return { re: real(d), im: d.once(3) ? 0 : real(d) };
  if (dtype.startsWith("float")) return real(d);
  const { min, max } = np.iinfo(dtype),
    wide = dtype.endsWith("64");
  const value = d.once(3)
    ? d.of([min, max, max - 1n, min + 1n, max / 2n, 0n])
    : BigInt(d.below(9)) - (min < 0n ? 4n : 0n);
  return wide ? value : Number(value);
}

function real(d: Draw): number {
  return d.once(2) ? d.of(EDGES) : (d.below(41) - 20) / d.of([1, 2, 4, 8, 3]);
}

/** An array with edges in it, as it lies in one of several orders. */
export function array(d: Draw, dtype: np.DType, shape: readonly number[], tame = false): np.NDArray {
  const values = d.many(sizeOf(shape), () => (tame ? tameElement(d, dtype) : element(d, dtype)));
  const flat = values.length === 0 ? np.zeros(0, { dtype }) : np.array(values as number[], { dtype });
  const a = (flat as np.NDArray).reshape([...shape]);
  return d.once(3) ? a.T.copy().T : d.once(4) && shape.length > 0 ? a.at("::-1").copy().at("::-1") : a;
}

function tameElement(d: Draw, dtype: np.DType): number | bigint | boolean {
  if (dtype === "bool") return d.once(2);
  const n = d.below(12);
  return dtype.endsWith("int64") ? BigInt(n) : n;
}

/** How an array is told. */
export function told(a: np.NDArray): unknown {
  const bytes = a.toTypedArray();
  return {
    a: [a.dtype, [...a.shape], Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("base64")],
  };
}

export const ofArray = (a: np.NDArray): Arg => ({ given: a, told: told(a) });

/** A scalar of the dtype that a JavaScript value has, weak beside an array. */
export function scalar(d: Draw, beside: boolean): Arg {
  switch (d.below(beside ? 6 : 4)) {
    case 0: {
      const value = d.once(2);
      return { given: value, told: { s: ["bool", value ? "1" : "0"] } };
    }
    case 1:
      return integer(element(d, "int64") as bigint);
    case 2: {
      const value = element(d, "complex128") as np.Complex;
      return { given: value, told: { s: ["complex", told128(value.re), told128(value.im)] } };
    }
    default:
      // -0 is an integer here, and none that Python has.
      return number((d.once(3) ? d.below(300) - 20 : real(d)) + (beside ? 0 : -0), beside);
  }
}
const told128 = (n: number): string => (Object.is(n, -0) ? "-0" : String(n));

export function dtypeOf(d: Draw, among: readonly np.DType[] = DTYPES): np.DType {
  return d.of(among);
}
export function shapeOf(d: Draw, least = 0): readonly number[] {
  for (;;) {
    const shape = d.of(SHAPES);
    if (shape.length >= least || d.once(8)) return shape;
  }
}

/** An array-like: an array mostly, or a list, a typed array, a scalar of such values. */
export function arrayLike(d: Draw, among: readonly np.DType[] = DTYPES, shape = shapeOf(d), tame = false): Arg {
  const a = array(d, dtypeOf(d, among), shape, tame);
  if (d.once(2)) return ofArray(a);
  const isNatural = /^(bool|int64|float64|complex128)$/.test(a.dtype);
  if (shape.length === 0 && isNatural) return { given: a.item(), told: told(a) };
  // An empty list does not say its dtype, and no list says lengths after a 0.
  if (isNatural && shape.length > 0 && !shape.includes(0)) return { given: a.tolist(), told: told(a) };
  if (/float16|complex|bool/.test(a.dtype) || shape.length !== 1) return ofArray(a);
  return { given: a.toTypedArray(), told: told(a) };
}

/** A shape that broadcasts with another, mostly. */
export function besideShape(d: Draw, shape: readonly number[]): readonly number[] {
  if (d.once(12)) return shapeOf(d);
  if (d.once(12)) return [1, ...shape];
  const cut = shape.slice(d.once(3) ? d.below(shape.length + 1) : 0);
  return cut.map((n) => (d.once(4) ? 1 : n));
}

/** An axis, negative or out of range at times; null at times where that is taken. */
export function axis(d: Draw, ndim: number, orNull = true): Arg {
  if (orNull && d.once(3)) return none;
  if (d.once(12)) return integer(d.of([ndim, -ndim - 1, 7]));
  return ndim === 0 ? integer(d.of([0, -1])) : integer(d.below(2 * ndim) - ndim);
}

/** One axis, several, none, or all. */
export function axes(d: Draw, ndim: number): Arg {
  if (ndim === 0 || !d.once(3)) return axis(d, ndim);
  return tuple(d.many(d.below(ndim + 1), () => d.below(2 * ndim) - ndim));
}
