import fc from "fast-check";
import { expect } from "vitest";
import { NDArray as Arrays, type DType, type NDArray } from "../../src/index.js";
import { apply, counting, dtype, type Step, shape, step } from "./arbitraries.js";
import { fn } from "./oracle.js";

// Random programs over arrays, and a model that knows how many bytes they hold.

const KINDS = [
  "create",
  "create",
  "view",
  "view",
  "copy",
  "add",
  "iadd",
  "sum",
  "sum axis",
  "dispose",
  "dispose",
] as const;

/** One step; a and b say which of the arrays there are it takes. */
export interface Command {
  readonly kind: (typeof KINDS)[number];
  readonly a: number;
  readonly b: number;
  readonly dtype: DType;
  readonly shape: readonly number[];
  readonly step: Step;
}

export const commands: fc.Arbitrary<Command[]> = fc.array(
  fc.record({ kind: fc.constantFrom(...KINDS), a: fc.nat(50), b: fc.nat(50), dtype, shape, step }),
  { maxLength: 40 },
);

/** Runs steps, and counts the handles of each buffer. */
export class Model {
  readonly arrays: NDArray[] = [];
  readonly #owners = new Map<NDArray, { bytes: number; handles: number }>();

  /** Bytes that must be live. */
  get live(): number {
    return [...this.#owners.values()].reduce((sum, owner) => sum + owner.bytes, 0);
  }

  run({ kind, a, b, dtype, shape, step }: Command): void {
    const n = this.arrays.length;
    if (kind === "create") return this.#hold(counting(shape, dtype, a));
    if (n === 0) return;
    const x = this.arrays[a % n],
      y = this.arrays[b % n];
    if (kind === "dispose") return this.#drop(this.arrays.splice(a % n, 1)[0]);
    if (kind === "view") return this.#hold(apply(x, step));
    // Operands that do not fit throw, and then nothing may have changed.
    try {
      if (kind === "copy") this.#hold(x.copy());
      else if (kind === "add") this.#hold(fn("add")(x, y));
      else if (kind === "iadd") fn("add")(x, y, { out: x });
      else this.#hold(fn("sum")(x, kind === "sum" ? null : 0));
    } catch (error) {
      expect(error).toHaveProperty("name", expect.stringMatching(/^(Shape|Axis|DType|ReadOnly|Value)Error$/));
    }
  }

  disposeAll(): void {
    for (const array of this.arrays.splice(0)) this.#drop(array);
  }

  // A view of what is a view already may be the array itself, and a sum a number.
  #hold(result: unknown): void {
    if (!(result instanceof Arrays) || this.arrays.includes(result as NDArray)) return;
    const array = result as NDArray,
      owner = this.#owners.get(array.base ?? array);
    if (owner) owner.handles++;
    else this.#owners.set(array, { bytes: array.nbytes, handles: 1 });
    this.arrays.push(array);
  }

  #drop(array: NDArray): void {
    const { base } = array,
      key = base ?? array,
      owner = this.#owners.get(key);
    array.dispose();
    if (owner === undefined) return;
    if (base !== null && --owner.handles > 0) return;
    this.#owners.delete(key);
    // With its owner a buffer goes, and its views end.
    const left = this.arrays.filter((other) => other.base !== array);
    for (const other of this.arrays) expect(other.disposed).toBe(!left.includes(other));
    this.arrays.splice(0, this.arrays.length, ...left);
  }
}
