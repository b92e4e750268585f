import type { Descr } from "../base/dtype.js";
import { weakRef } from "../base/host.js";
import type { Buffer, Original, Slot } from "./buffer.js";
import type { CopyReason, FreedBy } from "./reasons.js";

// Who hears of allocations, frees and operations: one listener or none, the clock it counts by, and what it is told.

/** What listens to allocations, frees and operations while a trace or a budget is on. */
export interface Listener {
  /** Whether allocations and disposals look for the user's line. */
  readonly sited: boolean;
  /** Before anything is allocated; throws to refuse it. */
  allowing(nbytes: number, op: string, descr: Descr, shape: readonly number[], reason: CopyReason | null): void;
  born(buffer: Buffer): void;
  /** A buffer's memory was given back; `site` is the line that did it, 0 if unknown. Collected ones have no object. */
  died(slot: Slot, by: FreedBy, site: number, buffer: Buffer | null): void;
  /** A pool, a cache or a growable array took a buffer over. */
  owned?(buffer: Buffer): void;
  /** An array, by its number, is disposed that was disposed before. */
  again?(array: number): void;
  /** A scope, by its number, keeps an array on a buffer when it closes. */
  kept?(buffer: Buffer, scope: number): void;
  /** An array that owns a buffer is disposed by hand, and ends so many views with it. */
  endedViews?(buffer: Buffer, count: number): void;
  /** An array was made that views a buffer. */
  viewed(buffer: Buffer, shape: readonly number[], descr: Descr): void;
  /** An operation wrote `output`, and read `source` if it read a single array. `descr` is the dtype of what no buffer keeps. */
  ran(op: string, source: Buffer | null, output: Buffer | null, descr?: Descr): void;
}

/** The listener, or null: then nothing is recorded and nothing is paid. */
export let listener: Listener | null = null;

/** The numbers of the scope that is closing and of the array it disposes, by which deaths are told apart; 0 if none is. */
export const closing = { scope: 0, array: 0 };

/** Counts what listeners hear: the time in which a trace says what came before what. */
export let clock = 0;

/** The next moment. */
export function tick(): number {
  return ++clock;
}

/** Puts a listener in place, or none; returns the one before. */
export function listen(next: Listener | null): Listener | null {
  const before = listener;
  listener = next;
  return before;
}

/**
 * Tells the listener that an operation read `x` and `y` and wrote `output`. Called only while somebody listens; an
 * operation of more operands counts the reads of the others itself.
 */
export function notify(op: string, x: Buffer | null, y: Buffer | null, output: Buffer | null, descr?: Descr): void {
  if (x !== null) {
    x.reads++;
    x.touched = clock;
  }
  if (y !== null && y !== x) {
    y.reads++;
    y.touched = clock;
  }
  const source = y === null ? x : null;
  if (output !== null) {
    output.touched = clock;
    if (output.filledAt === 0) {
      output.filledAt = clock;
      output.filledVersion = output.version;
    }
  }
  // A use after this operation comes later than it: the clock moves on before anything else can happen.
  clock++;
  listener!.ran(op, source, output, descr);
}

/** Tells of a copy from what it was made, if either could stand for the other: both have one dtype and one layout. */
export function noteOriginal(original: Original, { id, buffer: copy }: Original): void {
  copy.source = weakRef(original);
  copy.sourceVersion = original.buffer.version;
  copy.copyId = id;
}

/** Says that a pool or cache, by its name, keeps a buffer from now on. */
export function setOwner(buffer: Buffer, owner: string): void {
  buffer.owner = owner;
  listener?.owned?.(buffer);
}
