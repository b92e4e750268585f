import type { LoopOptions, Op } from "./op.js";

// What operations know of lazy expressions: nothing, until a program has them.

/** In whose name a result asks for memory: the operations of its expression asked for none. */
export const EVALUATE = "evaluate";

/** Writes an operation down if one of its operands is lazy, as a lazy expression; null if none is. */
export type Postpone = (
  op: Op,
  operands: readonly unknown[],
  options: (LoopOptions & { out?: unknown; where?: unknown }) | undefined,
) => object | null;

/** What postpones operations. */
export let postpone: Postpone = () => null;

/** Gives what postpones operations: lazy.ts, which a bundle without lazy expressions does not have. */
export function setPostpone(by: Postpone): void {
  postpone = by;
}
