import { live, NDArray } from "../array/ndarray.js";
import { sharesMemory } from "../array/overlap.js";
import { DTypeError } from "../base/errors.js";
import { bounds } from "../base/layout.js";
import { shown } from "../base/shown.js";
import type { MatcherContext, Verdict } from "./measure.js";

/** At least one byte is a byte of both arrays. */
export function toShareMemoryWith(this: MatcherContext, received: unknown, other: NDArray): Verdict {
  const [a, b] = arrays(received, other, "toShareMemoryWith"),
    pass = sharesMemory(a, b);
  const was = pass
    ? "it does"
    : a.buffer === b.buffer
      ? `they lie apart in buffer #${a.buffer.serial}`
      : `they are in the buffers #${a.buffer.serial} and #${b.buffer.serial}`;
  return verdict(pass, `expected ${text(a)}${this.isNot ? " not" : ""} to share memory with ${text(b)}, but ${was}`);
}

/** It is another array on the same buffer, and inside the other one where that is a view itself. */
export function toBeViewOf(this: MatcherContext, received: unknown, other: NDArray): Verdict {
  const [a, b] = arrays(received, other, "toBeViewOf"),
    pass = a !== b && a.base !== null && (a.base === b || (a.base === b.base && within(a, b)));
  return verdict(
    pass,
    `expected ${text(a)}${this.isNot ? " not" : ""} to be a view of ${text(b)}, but ${pass ? "it is" : instead(a, b)}`,
  );
}

function verdict(pass: boolean, message: string): Verdict {
  return { pass, message: () => message };
}

function arrays(a: unknown, b: unknown, matcher: string): [NDArray, NDArray] {
  for (const value of [a, b]) {
    if (!(value instanceof NDArray))
      throw new DTypeError(`${matcher} compares arrays: expect(a).${matcher}(b), not ${shown(value)}`);
    live(value);
  }
  return [a as NDArray, b as NDArray];
}

// Views know the array that owns their buffer, not the views between: what counts is that they reach no further.
function within(a: NDArray, b: NDArray): boolean {
  if (a.size === 0) return true;
  const [lowA, highA] = bounds(a.shape, a.strides, a.itemsize),
    [lowB, highB] = bounds(b.shape, b.strides, b.itemsize);
  return a.offset + lowA >= b.offset + lowB && a.offset + highA <= b.offset + highB;
}

function instead(a: NDArray, b: NDArray): string {
  if (a === b) return "it is that array itself";
  if (a.base === null) return "it owns its memory";
  return a.base === b.base ? "it reaches beyond it" : `it is a view of ${text(a.base)}`;
}

function text(a: NDArray): string {
  return `array #${a.id} (${a.dtype} [${a.shape.join(", ")}])`;
}
