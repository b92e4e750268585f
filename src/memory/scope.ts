import { closing, ledger } from "../buffer.js";
import type { DType } from "../dtype.js";
import { NDArrayError } from "../errors.js";
import { siteFor } from "../heap.js";
import { type Birthplace, drop, enter, type NDArray } from "../ndarray.js";
import { takes } from "../options.js";
import { formatBytes } from "../units.js";
import { checkFunction, labelOf, nameOf } from "./args.js";
import { counted } from "./text.js";
import { arraysIn, HELD, isThenable } from "./values.js";

// Scopes are a stack: each knows the one around it. An array belongs to the scope it was born in; what a scope keeps
// moves to the scope around it, so that an outer scope frees what an inner one returned.

let innermost: Scope | null = null;
let scopes = 0;

const SCOPE = takes("memory.scope(fn, label)"),
  OPEN = takes("memory.open(label)");

/** The arrays born while it is open. Closing it disposes them, but for those it was told to keep. */
export class Scope implements Birthplace, Disposable {
  #arrays: NDArray[] = [];
  #pruneAt = 64;
  #around = innermost;
  #open = true;
  readonly #number = ++scopes;

  /** @internal Scopes are made by `memory.scope` and `memory.open`. */
  constructor(
    /** What reports call it. */
    readonly label: string,
  ) {
    innermost = this;
    enter(this);
  }

  /** Receives an array born in the scope. */
  born(array: NDArray): void {
    if (this.#arrays.push(array) < this.#pruneAt) return;
    // A long loop that disposes as it goes must not make this list grow.
    this.#arrays = this.#arrays.filter((a) => !a.disposed);
    this.#pruneAt = Math.max(64, 2 * this.#arrays.length);
  }

  /** Keeps an array, or all arrays inside a value, beyond the scope; they then belong to the scope around it. */
  keep<T>(value: T): T {
    const kept = arraysIn(value);
    if (ledger !== null) for (const { buffer } of kept) ledger.kept?.(buffer, this.#number);
    this.#arrays = this.#arrays.filter((array) => {
      if (!kept.has(array)) return true;
      this.#around?.born(array);
      return false;
    });
    return value;
  }

  /** Arrays born here that are neither disposed nor kept. */
  get arrays(): readonly NDArray<DType>[] {
    return this.#arrays.filter((a) => !a.disposed) as unknown as NDArray<DType>[];
  }

  /** @internal The arrays it will dispose. */
  [HELD](): [string, unknown][] {
    return this.arrays.map((array, i) => [`[${i}]`, array]);
  }

  toString(): string {
    const { arrays } = this,
      bytes = arrays.reduce((sum, { base, nbytes }) => sum + (base === null ? nbytes : 0), 0);
    return `scope "${this.label}": ${counted(arrays.length, "array")}, ${formatBytes(bytes)}`;
  }

  /** Closes the scope: disposes its arrays, the youngest first. A second call does nothing. */
  close(): void {
    if (!this.#open) return;
    this.#open = false;
    this.#leave();
    const left = this.#arrays.filter((a) => !a.disposed);
    this.#arrays = [];
    const site = left.length > 0 ? siteFor(0, this.close, "scope") : 0;
    closing.scope = this.#number;
    for (let i = left.length - 1; i >= 0; i--) drop(left[i], "scope", site);
    closing.scope = 0;
  }

  [Symbol.dispose](): void {
    this.close();
  }

  // Scopes opened across awaits may close in any order: the chain is mended round the one that leaves.
  #leave(): void {
    if (innermost === this) {
      innermost = this.#around;
      enter(innermost);
      return;
    }
    for (let inner = innermost; inner !== null; inner = inner.#around) {
      if (inner.#around === this) inner.#around = this.#around;
    }
  }
}

/**
 * Runs a function and disposes every array born in it but those it returns, also inside arrays, objects, maps and
 * sets; if it throws, all of them. The function receives the scope, for `keep`. It must be synchronous: across an
 * await, use `using s = memory.open()`.
 */
export function scope<T>(fn: (scope: Scope) => T, label?: string): T {
  SCOPE.count(arguments.length);
  checkFunction(fn, "memory.scope");
  const inside = new Scope(labelOf(label ?? nameOf(fn), "memory.scope") || "scope");
  try {
    const result = fn(inside);
    if (isThenable(result)) {
      throw new NDArrayError(
        "scope() frees at the end of synchronous work; use `using s = memory.open()` around an await",
      );
    }
    return inside.keep(result);
  } finally {
    inside.close();
  }
}

/** Opens a scope that lasts until it is disposed: `using epoch = memory.open("epoch")`. */
export function open(label = "scope"): Scope {
  OPEN.count(arguments.length);
  return new Scope(labelOf(label, "memory.open"));
}
