import { live, NDArray, refuseStranger } from "../../array/ndarray.js";
import { DTypeError, ValueError } from "../../base/errors.js";
import { plain } from "../../base/plain.js";
import { shown } from "../../base/shown.js";
import type { AnyArray } from "./values.js";

// Checks of what is passed to the functions of `memory`: each names the function, and what it takes.

/** Throws a `ValueError` unless a function was passed. */
export function checkFunction(fn: unknown, call: string): void {
  if (typeof fn !== "function") throw new ValueError(`${call} takes a function, not ${shown(fn)}`);
}

/** Throws a `ValueError` unless a text was passed. */
export function checkLabel(label: unknown, call: string): asserts label is string {
  if (typeof label !== "string") throw new ValueError(`${call} takes a text as label, not ${shown(label)}`);
}

/** A label as reports show it, on one line; a `ValueError` if it is no text. */
export function labelOf(label: unknown, call: string): string {
  checkLabel(label, call);
  return plain(label);
}

/** Throws a `DTypeError` unless an array of this engine was passed, and a `DisposedError` if it is gone. */
export function checkArray(array: AnyArray, call: string): void {
  if (array instanceof NDArray) return live(array);
  refuseStranger(array);
  throw new DTypeError(`${call} takes an array, not ${shown(array)}`);
}

/** The name of a function, for reports; it may have been given any. */
export function nameOf(fn: { readonly name: unknown }): string {
  return typeof fn.name === "string" ? plain(fn.name) : "";
}
