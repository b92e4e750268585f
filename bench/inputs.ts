import { astype, type DType, less, multiply, type NDArray, random, reshape, slice, where, zeros } from "nbytes";
import { describe, unlike } from "./agreement.js";
import type { Python } from "./python.js";

// The inputs of the speed table. NumPy makes the same from the same seeds, so they are equal bit for bit.

/** The inputs as JavaScript's loops see them; `filled` is written into, the rest is only read. */
export interface Typed {
  x: Float64Array;
  y: Float64Array;
  /** x in float32; 1000 x in float64, and that in int16. */
  x32: Float32Array;
  large: Float64Array;
  x16: Int16Array;
  out: Float64Array;
  /** True at random for half of the elements. */
  mask: Uint8Array;
  /** x with NaN where the mask is true. */
  gaps: Float64Array;
  filled: Float64Array;
  /** Random places. */
  index: Int32Array;
  /** Of 2n elements. */
  wide: Float64Array;
  wide2: Float64Array;
  /** x as a matrix, and a row and a column to add to it. */
  grid: Float64Array;
  row: Float64Array;
  column: Float64Array;
}
export type InputName = keyof Typed;
export type Arrays = Readonly<Record<InputName, NDArray>>;

interface Input {
  readonly make: (arrays: Arrays, n: number) => NDArray;
  /** The expression of Python that makes the same, and the inputs it reads. */
  readonly numpy: string;
  readonly reads?: readonly InputName[];
}

/** Rows and columns of the matrix of n elements: the two powers of ten nearest to a square. */
export function gridOf(n: number): [rows: number, columns: number] {
  const rows = 10 ** Math.floor(Math.log10(n) / 2);
  return [rows, n / rows];
}

function uniform(seed: number, times = 1): Input {
  return {
    make: (_, n) => random.defaultRng(seed).random(n * times),
    numpy: `np.random.default_rng(${seed}).random(n * ${times})`,
  };
}
function castOfX(dtype: DType, scale: number): Input {
  return {
    make: ({ x }) => {
      using scaled = multiply(x, scale);
      return astype(scaled, dtype);
    },
    numpy: `(x * ${scale}).astype("${dtype}")`,
    reads: ["x"],
  };
}

const inputs: Record<InputName, Input> = {
  x: uniform(1),
  y: uniform(2),
  x32: castOfX("float32", 1),
  large: castOfX("float64", 1000),
  x16: castOfX("int16", 1000),
  out: { make: (_, n) => zeros(n), numpy: "np.zeros(n)" },
  mask: { make: ({ y }) => less(y, 0.5), numpy: "y < 0.5", reads: ["y"] },
  gaps: {
    make: ({ mask, x }) => where(mask, Number.NaN, x),
    numpy: "np.where(mask, np.nan, x)",
    reads: ["mask", "x"],
  },
  filled: { make: ({ x }) => x.copy(), numpy: "x.copy()", reads: ["x"] },
  index: {
    make: (_, n) => random.defaultRng(4).integers(0, n, n, { dtype: "int32" }),
    numpy: 'np.random.default_rng(4).integers(0, n, n, dtype="int32").astype(np.intp)',
  },
  wide: uniform(5, 2),
  wide2: uniform(6, 2),
  grid: { make: ({ x }, n) => reshape(x, gridOf(n)), numpy: "x.reshape(rows, columns)", reads: ["x"] },
  row: { make: ({ y }, n) => y.at(slice(0, gridOf(n)[1])), numpy: "y[:columns]", reads: ["y"] },
  column: {
    make: ({ y }, n) => {
      using some = y.at(slice(0, gridOf(n)[0]));
      return reshape(some, [gridOf(n)[0], 1]);
    },
    numpy: "y[:rows].reshape(rows, 1)",
    reads: ["y"],
  },
};

// What an input is made from comes before it.
function inOrder(names: readonly InputName[], found = new Set<InputName>()): Set<InputName> {
  for (const name of names) {
    inOrder(inputs[name].reads ?? [], found);
    found.add(name);
  }
  return found;
}

/** The inputs of one size, here and in Python. Going from one operation to the next it keeps what both read. */
export class Stock {
  readonly #arrays = new Map<InputName, NDArray>();
  readonly #typed = new Map<InputName, Typed[InputName]>();

  constructor(
    readonly n: number,
    readonly python: Python | null,
  ) {}

  /** Begins with Python's names. */
  async open(): Promise<void> {
    const [rows, columns] = gridOf(this.n);
    await this.python?.renew(this.n);
    await this.python?.run(`rows, columns = ${rows}, ${columns}\n${functions}`);
  }

  /** Makes what is missing of these inputs and drops all others; throws if NumPy's are not the same. */
  async provide(names: readonly InputName[]): Promise<{ readonly arrays: Arrays; readonly typed: Typed }> {
    const wanted = inOrder(names);
    for (const name of [...this.#arrays.keys()].reverse()) if (!wanted.has(name)) await this.#drop(name);
    for (const name of wanted) if (!this.#arrays.has(name)) await this.#make(name);
    return {
      arrays: Object.fromEntries(this.#arrays) as Arrays,
      typed: Object.fromEntries(this.#typed) as unknown as Typed, // each name has the kind of array that Typed says
    };
  }

  async #make(name: InputName): Promise<void> {
    const array = inputs[name].make(Object.fromEntries(this.#arrays) as Arrays, this.n);
    const typed = array.toTypedArray() as Typed[InputName];
    this.#arrays.set(name, array);
    this.#typed.set(name, typed);
    if (this.python === null) return;
    await this.python.run(`${name} = ${inputs[name].numpy}`);
    const difference = unlike(describe(typed), await this.python.describe(name), false);
    if (difference !== null) throw new Error(`the input ${name} is not what NumPy made: ${difference}`);
  }

  async #drop(name: InputName): Promise<void> {
    this.#arrays.get(name)?.dispose();
    this.#arrays.delete(name);
    this.#typed.delete(name);
    await this.python?.run(`del ${name}`);
  }

  async close(): Promise<void> {
    for (const name of [...this.#arrays.keys()].reverse()) await this.#drop(name);
  }
}

// What people write in NumPy as a statement, in a form that has a value.
const functions = "def fill(x, mask):\n    x[mask] = 0\n    return x";
