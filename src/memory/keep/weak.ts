import { live, NDArray, refuseStranger } from "../../array/ndarray.js";
import { atMost } from "../../base/arity.js";
import type { DType } from "../../base/dtype.js";
import { DTypeError } from "../../base/errors.js";
import { weakRef } from "../../base/host.js";
import { HELD } from "../common/values.js";

/** A handle that keeps nothing alive. */
export class Weak<A extends NDArray<DType>> {
  readonly #ref: WeakRef<A>;

  /** @internal Weak handles are made by `memory.weak`. */
  constructor(array: A) {
    refuseStranger(array);
    if (!(array instanceof NDArray)) throw new DTypeError(`${textOf(array)} cannot be held weakly: only arrays can`);
    live(array);
    array.buffer.watched = true;
    this.#ref = weakRef(array);
  }

  /** The array, or undefined from the moment it is disposed or collected. */
  deref(): A | undefined {
    const array = this.#ref.deref();
    return array === undefined || array.disposed ? undefined : array;
  }

  /** @internal It holds nothing. */
  [HELD](): [string, unknown][] {
    return [];
  }

  toString(): string {
    const array = this.deref();
    return array === undefined ? "weak, and empty" : `weak #${array.id} ${array.dtype} [${array.shape.join(", ")}]`;
  }
}

function textOf(value: unknown): string {
  return value === null ? "null" : typeof value === "object" ? "an object" : `a ${typeof value}`;
}

/**
 * Refers to an array without keeping it: `deref()` gives it until it is disposed, at once, or collected. The handle
 * does not count in `buffer.refcount`. Python: `weakref.ref`. Errors: a `DTypeError` for anything but an array.
 */
export function weak<A extends NDArray<DType>>(array: A): Weak<A> {
  atMost(1, arguments.length, "memory.weak(array)");
  return new Weak(array);
}
