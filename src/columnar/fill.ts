import { addressOf } from "../array/destination.js";
import { make, type NDArray, rawData } from "../array/ndarray.js";
import type { Temporaries } from "../array/temporaries.js";
import { type DType, descrOf, dtypes } from "../base/dtype.js";
import { ValueError } from "../base/errors.js";
import { shown } from "../base/shown.js";
import { writeElement } from "../core/scalar.js";
import type { CopyReason } from "../heap/reasons.js";
import { type Categorical, Factors } from "../table/factorize.js";
import type { Column } from "../table/table.js";

// Columns that are filled piece by piece with values of JavaScript. Where a value is missing, floats have NaN; integers and
// bools become float64 with NaN, as pandas makes them, unless a value is given that stands for it; strings have the code -1.

/** What stands for missing values, by the name of the column. */
export type Fill = Readonly<Record<string, number | bigint | boolean>>;

/** How the values of a file become elements. */
export interface Kind {
  readonly dtype: DType | "category";
  /** What an element is made of a value that is not missing; without it, the value itself. */
  readonly read?: (value: unknown) => number | bigint;
}

/** Milliseconds, of what is counted in another unit. */
export const MILLISECONDS = {
  DAYS: (days) => (days as number) * 86_400_000,
  SECONDS: (seconds) => Number(seconds) * 1000,
  MILLIS: Number,
  MICROS: (micros) => Number(micros) / 1000,
  // 2 ** 53 ns are 104 days: the milliseconds and the rest apart.
  NANOS: (nanos) => Number((nanos as bigint) / 1_000_000n) + Number((nanos as bigint) % 1_000_000n) / 1_000_000,
} as const satisfies Readonly<Record<string, (value: unknown) => number>>;

/** A column that is being filled. */
export interface Filler {
  /** Puts values from a row on. null and undefined are missing. */
  put(values: ArrayLike<unknown>, row: number): void;
  /** The column, when all rows are there. */
  finish(): Column;
}

/** Starts a column. `missing`: whether values may be missing, as far as the file tells before it is read. */
export function fillerOf(
  name: string,
  kind: Kind,
  rows: number,
  missing: boolean,
  fill: number | bigint | boolean | undefined,
  work: Temporaries,
  reason: CopyReason = "host-boundary",
): Filler {
  if (kind.dtype === "category") return new TextFiller(rows, work);
  return new NumberFiller(name, kind, kind.dtype, rows, missing, fill, work, reason);
}

class TextFiller implements Filler {
  readonly #codes: Int32Array;
  readonly #factors = new Factors();
  readonly #work: Temporaries;
  constructor(rows: number, work: Temporaries) {
    this.#codes = new Int32Array(rows);
    this.#work = work;
  }

  put(values: ArrayLike<unknown>, row: number): void {
    const codes = this.#codes,
      factors = this.#factors;
    for (let i = 0; i < values.length; i++) {
      const value = values[i];
      codes[row + i] = value === null || value === undefined ? -1 : factors.code(value as string); // who reads the file gives strings
    }
  }

  finish(): Categorical {
    const made = this.#factors.categorical(this.#codes, this.#work.op);
    this.#work.use(made.codes);
    return made;
  }
}

/** A typed array whose elements are of whatever kind its dtype says. */
interface Elements {
  readonly length: number;
  [index: number]: number | bigint;
}

class NumberFiller implements Filler {
  readonly #name: string;
  readonly #kind: Kind;
  readonly #work: Temporaries;
  #fill: number | bigint | undefined;
  #array: NDArray<DType>;
  constructor(
    name: string,
    kind: Kind,
    dtype: DType,
    rows: number,
    missing: boolean,
    fill: number | bigint | boolean | undefined,
    work: Temporaries,
    reason: CopyReason,
  ) {
    this.#name = name;
    this.#kind = kind;
    this.#work = work;
    this.#fill = fill === undefined ? undefined : fillOf(name, dtype, fill);
    const held = missing && fill === undefined && dtypes[dtype].kind !== "f" ? "float64" : dtype;
    this.#array = work.use(make([rows], descrOf(held), work.op, reason));
    if (dtype !== "float16" || this.#fill === undefined || rows === 0) return;
    // The elements of float16 are written as bits.
    writeElement(this.#array.descr.code, addressOf(this.#array), this.#fill);
    this.#fill = (rawData(this.#array) as Elements)[0];
  }

  put(values: ArrayLike<unknown>, row: number): void {
    if (this.#kind.read === undefined && this.#set(values, row)) return;
    const from = this.#loop(values, row, 0);
    if (from === values.length) return;
    // A value is missing where the file had told of none.
    this.#widen();
    this.#loop(values, row, from);
  }

  // Whole typed arrays are copied as they are.
  #set(values: ArrayLike<unknown>, row: number): boolean {
    if (!ArrayBuffer.isView(values)) return false;
    const raw = rawData(this.#array);
    const bigs = values instanceof BigInt64Array || values instanceof BigUint64Array;
    if (bigs !== (raw instanceof BigInt64Array || raw instanceof BigUint64Array)) return false;
    if (this.#array.dtype === "float64" && this.#kind.dtype !== "float64") return false;
    (raw as Uint8Array).set(values as unknown as Uint8Array, row); // both have numbers, or both integers of 64 bits
    return true;
  }

  // Puts values one by one, and says how many: fewer where one is missing that the dtype has no place for.
  #loop(values: ArrayLike<unknown>, row: number, from: number): number {
    const raw = rawData(this.#array) as Elements,
      float = dtypes[this.#array.dtype].kind === "f",
      own = this.#array.dtype === this.#kind.dtype,
      none = this.#array.dtype === "float16" ? 0x7e00 : Number.NaN,
      fill = this.#fill ?? (float ? none : undefined),
      read = this.#kind.read;
    for (let i = from; i < values.length; i++) {
      const value = values[i];
      if (value === null || value === undefined) {
        if (fill === undefined) return i;
        raw[row + i] = fill;
        continue;
      }
      const element = read === undefined ? (value as number | bigint) : read(value);
      raw[row + i] = own ? element : this.#float(element);
    }
    return values.length;
  }

  // An integer as float64, if that is the same integer.
  #float(value: number | bigint | boolean): number {
    const float = Number(value);
    if (typeof value === "bigint" && BigInt(float) !== value)
      throw new ValueError(
        `column ${shown(this.#name)} has missing values, and ${value}, which float64 cannot hold: pass fill: { ${this.#name}: 0 } for ${this.#kind.dtype} with 0 where a value is missing`,
      );
    return float;
  }

  #widen(): void {
    const old = this.#array;
    const wide = this.#work.use(make([old.size], descrOf("float64"), this.#work.op, "dtype"));
    const from = rawData(old) as Elements,
      to = rawData(wide);
    for (let i = 0; i < from.length; i++) to[i] = this.#float(from[i]);
    this.#array = wide;
    this.#work.drop(old);
  }

  finish(): NDArray<DType> {
    return this.#array;
  }
}

function fillOf(name: string, dtype: DType, fill: number | bigint | boolean): number | bigint {
  const { kind } = dtypes[dtype],
    wide = dtype === "int64" || dtype === "uint64";
  const unfit = new ValueError(`fill for column ${shown(name)} is ${shown(fill)}, which ${dtype} cannot hold`);
  if (typeof fill !== "number" && typeof fill !== "bigint" && typeof fill !== "boolean") throw unfit;
  if (kind === "f") return Number(fill);
  if (typeof fill === "number" && !Number.isInteger(fill)) throw unfit;
  const one = new dtypes[dtype].array(1);
  const value = wide ? BigInt(fill) : Number(fill);
  one[0] = value as never; // of the kind of the elements
  if (one[0] !== value || (kind === "b" && Number(value) > 1)) throw unfit;
  return value;
}
