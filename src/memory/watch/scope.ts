import { drop, live, NDArray } from "../../array/ndarray.js";
import { takes } from "../../array/options.js";
import { atMost } from "../../base/arity.js";
import type { DType } from "../../base/dtype.js";
import { NDArrayError } from "../../base/errors.js";
import { plain } from "../../base/plain.js";
import { formatBytes } from "../../base/units.js";
import { siteFor } from "../../heap/allocate.js";
import { closing, listener } from "../../heap/listener.js";
import { checkFunction, checkLabel, nameOf } from "../common/args.js";
import { counted } from "../common/text.js";
import { arraysIn, HELD, isThenable } from "../common/values.js";
import { Extent, whyNotAcross } from "./extent.js";

// An array belongs to the innermost scope of the task it was born in; what a scope keeps moves to the scope around it, so
// that an outer scope frees what an inner one returned.

let scopes = 0;

const SCOPE = takes("memory.scope(fn, label)"),
  OPEN = takes("memory.open(label)");

/** A function, which is asked for its name when somebody wants to know it. */
interface Named {
  readonly name: unknown;
}

/** The arrays born while it is open. Closing it disposes them, but for those it was told to keep. */
export class Scope implements Disposable {
  readonly #label: string | Named;
  #arrays: NDArray[] = [];
  #pruneAt = 64;
  /** Of its arrays so many are its task's, whatever follows. */
  #certain = 0;
  #left = 0;
  readonly #extent: Extent;
  readonly #number = ++scopes;

  /** @internal Scopes are made by `memory.scope` and `memory.open`. */
  constructor(label: string | Named, below: unknown) {
    this.#label = label;
    this.#extent = new Extent(this, below);
  }

  /** What reports call it. */
  get label(): string {
    const label = this.#label;
    return (typeof label === "string" ? plain(label) : nameOf(label)) || "scope";
  }

  /** Receives an array, as those born in the scope: it is disposed with them. */
  adopt(array: NDArray): void {
    if (!(array instanceof NDArray)) live(array);
    if (this.#arrays.push(array) < this.#pruneAt) return;
    // A long loop that disposes as it goes must not make this list grow.
    this.#filter((a) => !a.disposed);
    this.#pruneAt = Math.max(64, 2 * this.#arrays.length);
  }

  #filter(stays: (array: NDArray) => boolean): void {
    const certain = this.#arrays.slice(0, this.#certain).filter(stays);
    this.#arrays = [...certain, ...this.#arrays.slice(this.#certain).filter(stays)];
    this.#certain = certain.length;
  }

  /** @internal */
  certain(): void {
    this.#certain = this.#arrays.length;
  }

  /** @internal Nothing is disposed that may be another task's. */
  uncertain(): void {
    this.#left += this.#arrays.slice(this.#certain).filter((a) => !a.disposed).length;
    this.#arrays.length = this.#certain;
  }

  /**
   * Runs a function in the scope. What it promises is awaited before the scope ends, where the host can tell the
   * function's arrays from those of other tasks meanwhile.
   * @internal
   */
  run<T>(fn: (scope: Scope) => T): T {
    checkFunction(fn, "memory.scope");
    let waiting = false;
    try {
      const result = this.#extent.run(() => fn(this), isThenable);
      if (!isThenable(result)) return this.keep(result);
      if (!this.#extent.follows) throw new NDArrayError(`scope() of an async function ${whyNotAcross}`);
      waiting = true;
      return this.#settled(result) as T; // then T is a promise
    } finally {
      if (!waiting) this.close();
    }
  }

  async #settled(promise: unknown): Promise<unknown> {
    try {
      return this.keep(await promise);
    } finally {
      this.close();
    }
  }

  /**
   * Keeps an array, or all arrays inside a value, beyond the scope; they then belong to the scope around it. After an
   * await they belong to none, unless it is certain that the scope around is of the same task.
   */
  keep<T>(value: T): T {
    atMost(1, arguments.length, "keep(value)");
    if (typeof value !== "object" || value === null) return value;
    const kept = arraysIn(value);
    if (kept.size === 0) return value;
    if (listener !== null) for (const { buffer } of kept) listener.kept?.(buffer, this.#number);
    const around = this.#scopeAround();
    this.#filter((array) => {
      if (!kept.has(array)) return true;
      around?.adopt(array);
      return false;
    });
    return value;
  }

  /** Arrays born here that are neither disposed nor kept. */
  get arrays(): readonly NDArray<DType>[] {
    return this.#arrays.filter((a) => !a.disposed);
  }

  /** @internal The arrays it will dispose. */
  [HELD](): [string, unknown][] {
    return this.arrays.map((array, i) => [`[${i}]`, array]);
  }

  #scopeAround(): Scope | null {
    for (const { owner } of this.#extent.outer()) if (owner instanceof Scope) return owner;
    return null;
  }

  toString(): string {
    atMost(0, arguments.length, "toString()");
    const { arrays } = this,
      bytes = arrays.reduce((sum, { base, nbytes }) => sum + (base === null ? nbytes : 0), 0),
      left = `${counted(this.#left, "array")} left to the collector, which other tasks may have made`;
    return `scope "${this.label}": ${counted(arrays.length, "array")}, ${formatBytes(bytes)}${this.#left > 0 ? `; ${left}` : ""}`;
  }

  /**
   * Closes the scope: disposes its arrays, the youngest first. A second call does nothing. Error, with nothing disposed
   * that another task may have made: the scope was open across an await, where the host cannot tell tasks apart.
   */
  close(): void {
    atMost(0, arguments.length, "close()");
    if (!this.#extent.open) return;
    this.#extent.end();
    const arrays = this.#arrays;
    this.#arrays = [];
    const sited = listener !== null && arrays.some((a) => !a.disposed);
    this.#dispose(arrays, sited ? siteFor(0, this.close, "scope") : 0);
    if (this.#extent.unknowable)
      throw new NDArrayError(`scope "${this.label}" was open across an await, which ${whyNotAcross}`);
  }

  // `drop` passes those that were disposed before.
  #dispose(arrays: readonly NDArray[], site: number): void {
    closing.scope = this.#number;
    for (let i = arrays.length - 1; i >= 0; i--) {
      closing.array = arrays[i].id;
      drop(arrays[i], "scope", site);
    }
    closing.scope = closing.array = 0;
  }

  [Symbol.dispose](): void {
    this.close();
  }
}

/**
 * Runs a function and disposes every array born in it but those it returns, also inside arrays, objects, maps and
 * sets; if it throws, all of them. The function receives the scope, for `keep`. If it is async, await the scope: what
 * is born on the function's behalf is disposed when its promise is settled, and no other task's arrays are. Error: an
 * async function in a browser, which cannot tell tasks apart.
 */
export function scope<T>(fn: (scope: Scope) => T, label?: string): T {
  SCOPE.count(arguments.length);
  checkFunction(fn, "memory.scope");
  if (label !== undefined) checkLabel(label, "memory.scope");
  return new Scope(label ?? fn, null).run(fn);
}

/**
 * Opens a scope that lasts until it is disposed: `using epoch = memory.open("epoch")`. In Node it may last across
 * awaits of the function that opens it: after the first of them only what is born on that function's behalf belongs to
 * it. If that function returns and leaves it open, it has what is born before the job's end, and if it is open then
 * still, only what was born before is certain: the rest is left to the collector, and `toString` tells how many. In
 * other hosts a scope that was open across an await refuses to close. `await memory.scope(async () => …)` is exact in
 * Node, Deno and Bun.
 */
export function open(label = "scope"): Scope {
  OPEN.count(arguments.length);
  checkLabel(label, "memory.open");
  return new Scope(label, open);
}
