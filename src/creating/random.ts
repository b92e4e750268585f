import { checkOut, close, open } from "../array/destination.js";
import { make, type NDArray, readElement, writable } from "../array/ndarray.js";
import { takes } from "../array/options.js";
import { atMost } from "../base/arity.js";
import { type Descr, type DType, descrOf, dtypes, limitsOf, type Scalar } from "../base/dtype.js";
import { DTypeError, OverflowError, ValueError } from "../base/errors.js";
import { entropy } from "../base/host.js";
import { checkShape, type ShapeLike } from "../base/layout.js";
import { printAsText, shown } from "../base/shown.js";
import { area, CALL, runFlat, slot, slots } from "../core/box.js";
import { arithmetic } from "../core/chapters/arithmetic.js";
import { random } from "../core/chapters/random.js";
import { memory, view } from "../core/instance.js";
import { writeElement } from "../core/scalar.js";
import { pcg64State, type Seed } from "./seedSequence.js";

export type { Seed } from "./seedSequence.js";

type FloatDType = "float32" | "float64";
type IntegerDType = "bool" | `${"" | "u"}int${8 | 16 | 32 | 64}`;

/**
 * Draws values of `shape`; a number if no shape is given. `dtype` is float64 unless it says float32. `out` is a
 * contiguous array of that dtype to write into; it is also returned. Errors: another dtype; an `out` that does not fit.
 */
export interface Distribution {
  (shape?: undefined, options?: { dtype?: FloatDType; out?: undefined }): number;
  <D extends FloatDType = "float64">(shape: ShapeLike, options?: { dtype?: D; out?: NDArray<D> }): NDArray<D>;
  <D extends FloatDType = "float64">(shape: undefined, options: { dtype?: D; out: NDArray<D> }): NDArray<D>;
}

/** What `integers` takes after the shape. */
export interface IntegersOptions<D extends IntegerDType = IntegerDType> {
  /** int64 by default. */
  dtype?: D;
  /** Whether `high` itself may be drawn; it may not by default. */
  endpoint?: boolean;
}

// What src/ reads and writes in the core's Generator (assembly/creating/random.ts): a state, then what a call wants.
const STATE_BYTES = 40,
  PIECES = 40,
  LOW = 48,
  RANGE = 56,
  OUT = 64,
  COUNT = 68;

// Elements that a kernel fills at once.

const FLOAT64 = dtypes.float64;
/** The kernels that draw. */
type Draws = "random" | "standardNormal" | "standardExponential" | "integers";
const NORMAL = takes("normal(loc, scale, shape)"),
  UNIFORM = takes("uniform(low, high, shape)"),
  INTEGERS = takes("integers(low, high, shape)", { dtype: "dtype?", endpoint: "boolean" });

/**
 * A stream of random values: NumPy's `Generator` over `PCG64`. The same seed and calls give NumPy's values, bit for
 * bit; only normal values beyond 3.65 and exponential ones beyond 7.69 may differ in the last place, as they do in
 * NumPy between C libraries. The state is 40 bytes outside the engine: there is nothing to dispose.
 */
export class Generator {
  readonly #state: Uint8Array;

  /** @internal Made by `defaultRng`. */
  constructor(seed: Seed) {
    this.#state = new Uint8Array(STATE_BYTES);
    this.#state.set(new Uint8Array(pcg64State(seed).buffer));
  }

  /** NumPy's `Generator(PCG64)`. */
  toString(): string {
    return "Generator(PCG64)";
  }

  /** Uniform values in [0, 1). */
  readonly random = this.#distribution("random");
  /** Normal values of mean 0 and variance 1. */
  readonly standardNormal = this.#distribution("standardNormal");
  /** Exponential values of mean 1. */
  readonly standardExponential = this.#distribution("standardExponential");

  /** Normal float64 values of mean `loc` and standard deviation `scale`. Errors: a negative `scale`. */
  normal(loc?: number, scale?: number): number;
  normal(loc: number, scale: number, shape: ShapeLike): NDArray<"float64">;
  normal(loc = 0, scale = 1, shape?: ShapeLike): NDArray | number {
    NORMAL.count(arguments.length);
    checkNumbers(loc, scale);
    if (scale < 0 || Object.is(scale, -0)) throw new ValueError("scale < 0");
    return this.#scaled("normal", "standardNormal", loc, scale, shape);
  }

  /** Uniform float64 values in [low, high). Errors: `high` below `low`, or not finite. */
  uniform(low?: number, high?: number): number;
  uniform(low: number, high: number, shape: ShapeLike): NDArray<"float64">;
  uniform(low = 0, high = 1, shape?: ShapeLike): NDArray | number {
    UNIFORM.count(arguments.length);
    checkNumbers(low, high);
    const range = high - low;
    if (!Number.isFinite(range)) throw new OverflowError("high - low range exceeds valid bounds");
    if (range < 0) throw new ValueError("high - low < 0");
    return this.#scaled("uniform", "random", low, range, shape);
  }

  /**
   * Integers from `low` up to, but without, `high`; from 0 up to `low` if there is no `high`. Without a shape one item:
   * a bigint for int64 and uint64, a boolean for bool, else a number. Errors: an empty range; one that leaves the dtype.
   */
  integers<D extends IntegerDType = "int64">(
    low: number | bigint,
    high?: number | bigint | null,
    shape?: undefined,
    options?: IntegersOptions<D>,
  ): Scalar<D>;
  integers<D extends IntegerDType = "int64">(
    low: number | bigint,
    high: number | bigint | null | undefined,
    shape: ShapeLike,
    options?: IntegersOptions<D>,
  ): NDArray<D>;
  integers(
    low: number | bigint,
    high?: number | bigint | null,
    shape?: ShapeLike,
    options?: IntegersOptions,
  ): NDArray | Scalar<DType> {
    const { dtype = "int64", endpoint = false } = INTEGERS.read(options, arguments.length);
    const descr = descrOf(dtype);
    const [first, last] = checkRange(low, high ?? null, descr, endpoint);
    view.setBigUint64(random.kernels.randomState() + LOW, BigInt.asUintN(64, first), true);
    view.setBigUint64(random.kernels.randomState() + RANGE, last - first, true);
    return this.#draw("integers", "integers", shape, descr);
  }

  #distribution(name: Exclude<Draws, "integers">): Distribution {
    const signature = takes(`${name}(shape)`, { dtype: "dtype?", out: "out?" });
    const draw = (shape?: ShapeLike, given?: { dtype?: DType; out?: NDArray }, ...more: unknown[]) => {
      const options = signature.read(given, 2 + more.length);
      const descr = descrOf(options.dtype ?? "float64");
      if (descr.name !== "float64" && descr.name !== "float32") {
        throw new DTypeError(`Unsupported dtype dtype('${descr.name}') for ${name}`);
      }
      if (options.out === undefined) return this.#draw(name, name, shape, descr);
      const out = checkFit(options.out, descr, shape);
      this.#fill(name, descr, open(out), out.size);
      close(name, [], out);
      return out;
    };
    return draw as Distribution;
  }

  // loc + scale * value, rounded twice as in NumPy.
  #scaled(op: string, kernel: Draws, loc: number, scale: number, shape: ShapeLike | undefined): NDArray | number {
    if (shape === undefined) return loc + scale * (this.#draw(op, kernel, shape, FLOAT64) as number);
    const out = this.#draw(op, kernel, shape, FLOAT64) as NDArray;
    const factor = slot(slots.constant);
    writeElement(FLOAT64.code, factor, scale);
    runFlat(arithmetic.kernels.multiply, FLOAT64.code, out.size, out.address, 8, out.address, 8, factor, 0);
    writeElement(FLOAT64.code, factor, loc);
    runFlat(arithmetic.kernels.add, FLOAT64.code, out.size, out.address, 8, out.address, 8, factor, 0);
    return out;
  }

  // A new array, or one item.
  #draw(op: string, kernel: Draws, shape: ShapeLike | undefined, descr: Descr): NDArray | Scalar<DType> {
    if (shape === undefined) {
      this.#fill(kernel, descr, area(0), 1);
      return readElement(descr, area(0));
    }
    const out = make(checkShape(shape), descr, op);
    this.#fill(kernel, descr, out.address, out.size);
    close(op, [], out);
    return out;
  }

  #fill(kernel: Draws, descr: Descr, address: number, size: number): void {
    const at = random.kernels.randomState();
    const state = new Uint8Array(memory.buffer, at, STATE_BYTES);
    state.set(this.#state);
    view.setUint32(at + PIECES, 0, true);
    for (let done = 0; done < size; done += CALL) {
      view.setUint32(at + OUT, address + done * descr.itemsize, true);
      view.setUint32(at + COUNT, Math.min(CALL, size - done), true);
      random.kernels[kernel](descr.code, at);
    }
    this.#state.set(state);
  }
}

printAsText(Generator);

/**
 * A generator with NumPy's stream for the seed: a non-negative integer of any size, or several. Without a seed it
 * starts from the system's entropy. NumPy: `random.default_rng`. Errors: a negative or fractional seed.
 */
export function defaultRng(seed?: Seed): Generator {
  atMost(1, arguments.length, "defaultRng(seed)");
  return new Generator(seed ?? entropy(4));
}

// The lowest and the highest value to draw.
function checkRange(
  low: number | bigint,
  high: number | bigint | null,
  descr: Descr,
  endpoint: boolean,
): [bigint, bigint] {
  if (descr.kind !== "b" && descr.kind !== "i" && descr.kind !== "u") {
    throw new DTypeError(`Unsupported dtype dtype('${descr.name}') for integers`);
  }
  const [min, max] = descr.kind === "b" ? [0n, 1n] : limitsOf(descr.name);
  const first = high === null ? 0n : whole(low);
  const last = whole(high ?? low) - (endpoint ? 0n : 1n);
  if (first < min) throw new ValueError(`low is out of bounds for ${descr.name}`);
  if (last > max) throw new ValueError(`high is out of bounds for ${descr.name}`);
  if (first > last)
    throw new ValueError(high === null ? `high ${endpoint ? "<" : "<="} 0` : `low ${endpoint ? ">" : ">="} high`);
  return [first, last];
}

function checkNumbers(...values: readonly unknown[]): void {
  for (const value of values)
    if (typeof value !== "number") throw new DTypeError(`must be a real number, not ${shown(value)}`);
}

// As Python's int() does it.
function whole(value: number | bigint): bigint {
  if (typeof value !== "bigint" && typeof value !== "number")
    throw new DTypeError(`${shown(value)} cannot be interpreted as an integer`);
  if (Number.isNaN(value)) throw new ValueError("cannot convert float NaN to integer");
  if (value === Number.POSITIVE_INFINITY || value === Number.NEGATIVE_INFINITY) {
    throw new OverflowError("cannot convert float infinity to integer");
  }
  return typeof value === "bigint" ? value : BigInt(Math.trunc(value));
}

function checkFit(out: NDArray, descr: Descr, shape: ShapeLike | undefined): NDArray {
  writable(out, "output array");
  if (!out.contiguous && !out.flags.fContiguous) {
    throw new ValueError("Supplied output array must be contiguous, writable, aligned, and in machine byte-order.");
  }
  if (out.descr.code !== descr.code) {
    throw new DTypeError(`Supplied output array has the wrong type. Expected ${descr.name}, got ${out.dtype}`);
  }
  if (shape !== undefined)
    checkOut(out, checkShape(shape), () => new ValueError("size must match out.shape when used together"));
  return out;
}
