import { tolist } from "../array/convert.js";
import { addressOf } from "../array/destination.js";
import { live, make, type NDArray, rawData, readElement, stridesOf } from "../array/ndarray.js";
import { takes } from "../array/options.js";
import { descrOf } from "../base/dtype.js";
import { ArgumentError, DTypeError, IndexError } from "../base/errors.js";
import { isList, printAsText, shown } from "../base/shown.js";

/** The dtypes of codes. */
export type CodeDType = "int8" | "int16" | "int32";

/** What only the package's own functions give to the constructors of `Categorical` and `Table`. */
export const MAKER = Symbol("table");

const FACTORIZE = takes("factorize(strings)");

/** Strings as codes and categories: a code is where its string is among the categories, -1 for none. */
export class Categorical {
  /** @internal Made by `factorize`, and by tables. */
  constructor(
    readonly codes: NDArray<CodeDType>,
    readonly categories: readonly string[],
    maker: typeof MAKER,
  ) {
    if (maker !== MAKER) throw new ArgumentError("categories are made by factorize(strings), not by new Categorical");
  }

  /** The number of strings. */
  get length(): number {
    return this.codes.size;
  }

  /** Bytes of the codes. */
  get nbytes(): number {
    return this.codes.nbytes;
  }

  /** The string at a place, null for none. Errors: an `IndexError` beyond the end. */
  item(index: number): string | null {
    const at = index < 0 ? index + this.length : index;
    if (!(Number.isInteger(at) && at >= 0 && at < this.length))
      throw new IndexError(`index ${index} is out of bounds for axis 0 with size ${this.length}`);
    live(this.codes);
    const code = readElement(this.codes.descr, addressOf(this.codes) + at * stridesOf(this.codes)[0]);
    return this.categories[code as number] ?? null; // codes are small integers
  }

  /** All strings, null for none. */
  tolist(): (string | null)[] {
    return (tolist(this.codes) as number[]).map((code) => this.categories[code] ?? null); // codes have one axis
  }

  toString(): string {
    return `${this.length} strings of ${this.categories.length} kinds, codes ${this.codes.dtype}`;
  }

  /** Gives the codes up. */
  dispose(): void {
    this.codes.dispose();
  }

  /** What `using` calls at the end of its block. */
  [Symbol.dispose](): void {
    this.codes[Symbol.dispose]();
  }
}
printAsText(Categorical);

/**
 * Makes codes and categories of strings, in the order in which they first appear; null and undefined are -1. The codes
 * have the smallest of int8, int16 and int32. pandas: `factorize`.
 *
 * @example
 * factorize(["a", "b", "a"]).codes.tolist() // 0,1,0
 */
export function factorize(strings: readonly (string | null | undefined)[]): Categorical {
  FACTORIZE.count(arguments.length);
  if (!isList(strings)) throw new DTypeError(`factorize takes a list of strings, not ${shown(strings)}`);
  const found = new Factors();
  const codes = Int32Array.from(strings, (text: unknown) => {
    if (text === null || text === undefined) return -1;
    if (typeof text !== "string") throw new DTypeError(`factorize takes strings, not ${shown(text)}`);
    return found.code(text);
  });
  return found.categorical(codes, "factorize");
}

/** Strings that are given codes as they come. */
export class Factors {
  readonly #codes = new Map<string, number>();

  /** The code of a string. */
  code(text: string): number {
    const known = this.#codes.get(text);
    if (known !== undefined) return known;
    this.#codes.set(text, this.#codes.size);
    return this.#codes.size - 1;
  }

  /** Codes and categories, in the smallest dtype. */
  categorical(codes: Int32Array, op: string): Categorical {
    const { size } = this.#codes,
      dtype: CodeDType = size <= 128 ? "int8" : size <= 32768 ? "int16" : "int32",
      array = make([codes.length], descrOf(dtype), op, "host-boundary");
    rawData(array).set(codes);
    return new Categorical(array, [...this.#codes.keys()], MAKER);
  }
}
