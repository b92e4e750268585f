import type { ArrayLike } from "../array/convert.js";
import type { NDArray } from "../array/ndarray.js";
import type { Bytes } from "../base/units.js";
import type { CopyReason } from "../heap/reasons.js";
import {
  type Allocation,
  type LeakRuns,
  toAllocate,
  toAllocateAtMost,
  toAllocateNothing,
  toBeLeakFree,
  toCopyOnlyBecause,
  toPeakAtMost,
  toRetain,
} from "./amounts.js";
import { equalArrays, type Tolerance, toBeCloseToArray } from "./equality.js";
import { type LockOptions, toMatchAllocationLock } from "./lock.js";
import { toBeViewOf, toShareMemoryWith } from "./sharing.js";

export type { Allocation, LeakRuns } from "./amounts.js";
export { equalArrays, type Tolerance } from "./equality.js";
export { type LockOptions, lock } from "./lock.js";
export type { LockEntry } from "./lockfile.js";
export type { MatcherContext, Verdict } from "./measure.js";
export { type Hooks, type MemoryRules, memoryRules } from "./setup.js";

/** The matchers, for `expect.extend`. */
export const matchers = {
  toAllocate,
  toAllocateAtMost,
  toAllocateNothing,
  toPeakAtMost,
  toRetain,
  toBeLeakFree,
  toCopyOnlyBecause,
  toMatchAllocationLock,
  toShareMemoryWith,
  toBeViewOf,
  toBeCloseToArray,
};

/** An `expect` that can be given matchers, and in newer runners what decides whether two values are equal. */
export interface Expecting {
  extend(added: typeof matchers): void;
  addEqualityTesters?(testers: ((a: unknown, b: unknown) => boolean | undefined)[]): void;
}

/** Adds the matchers to an `expect`, and has `toEqual` and `toStrictEqual` compare arrays by dtype, shape and values. */
export function register(expect: Expecting): void {
  expect.extend(matchers);
  expect.addEqualityTesters?.([equalArrays]);
}

/**
 * What `expect` gains. Functions given to it are run once (`toBeLeakFree`: several times) and must be synchronous. Bytes
 * are exact; what the garbage collector frees meanwhile is not counted as freed, for it comes when it likes.
 */
export interface MemoryMatchers<R = void> {
  /** Exactly so many arrays and bytes, in sum: `toAllocate({ arrays: 5, bytes: 19_000_000 })`. */
  toAllocate(expected: Allocation): R;
  /** At most so many bytes, in sum: `toAllocateAtMost("1 MB")`. */
  toAllocateAtMost(most: Bytes): R;
  /** No array and no temporary. */
  toAllocateNothing(): R;
  /** At most so many bytes live at once beyond those at the start, temporaries inside operations included. */
  toPeakAtMost(most: Bytes): R;
  /** Exactly so many bytes more live after it than before, its result included. */
  toRetain(bytes: Bytes): R;
  /** Nothing more is live after each run than before it, but for arrays that it returns: those are its caller's. */
  toBeLeakFree(options?: LeakRuns): R;
  /** No copy but for these reasons; without any, no copy at all. */
  toCopyOnlyBecause(...reasons: CopyReason[]): R;
  /** It allocates what `memory.lock.json` says; `name` is the test's unless given. In Node only. */
  toMatchAllocationLock(name?: string, options?: LockOptions): R;
  /** At least one byte is a byte of both arrays. */
  toShareMemoryWith(other: NDArray): R;
  /** It is another array on the same buffer, and inside the other one where that is a view itself. */
  toBeViewOf(other: NDArray): R;
  /** Its elements lie within `rtol` (1e-7) and `atol` (0) of those of an array, or list, of the same shape. */
  toBeCloseToArray(expected: ArrayLike, tolerance?: Tolerance): R;
}
