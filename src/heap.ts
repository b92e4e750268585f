import { core, refresh } from "./core.js";
import type { Descr } from "./dtype.js";
import { DTypeError, OutOfMemoryError } from "./errors.js";
import { canCollect, collectGarbage } from "./reclaim.js";
import { formatBytes } from "./units.js";

/**
 * Where the library's code begins when it lies in one file with the user's: sites are told apart by their place in it.
 * No module that is evaluated before this one calls what allocates.
 */
export const firstLine = new Error("where nbytes begins");

/** Why a copy was made. Every copy carries exactly one of these. */
export type CopyReason =
  | "requested" // copy(), astype() to the same dtype, array(a)
  | "dtype" // astype()
  | "advanced-index" // a mask or integer indices
  | "strides" // reshape or ravel of an array that is no single run
  | "overlap" // the target overlaps what is still to be read
  | "contiguous-kernel" // a kernel that needs packed input
  | "join" // concatenate, stack, append
  | "growth" // a growable array outgrew its capacity
  | "host-boundary"; // JavaScript values or typed arrays, in or out

/** Who freed a buffer. The order is the code in which a disposed array remembers it. */
export const freers = ["dispose", "using", "scope", "operation", "pool", "cache", "resize", "gc"] as const;
export type FreedBy = (typeof freers)[number];

/** What listens to allocations, frees and operations while a trace or a budget is on. */
export interface Ledger {
  /** Whether allocations and disposals look for the user's line. */
  readonly sited: boolean;
  /** Before anything is allocated; throws to refuse it. */
  allowing(nbytes: number, op: string, descr: Descr, shape: readonly number[], reason: CopyReason | null): void;
  born(buffer: Buffer): void;
  /** A buffer's memory was given back; `site` is the line that did it, 0 if unknown. Collected ones have no object. */
  died(serial: number, nbytes: number, by: FreedBy, site: number, buffer: Buffer | null): void;
  /** An array was made that views a buffer. */
  viewed(buffer: Buffer, shape: readonly number[], descr: Descr): void;
  /** An operation read `inputs` and wrote `output`. */
  ran(op: string, inputs: readonly (Buffer | null)[], output: Buffer | null): void;
}

/** The listener, or null: then nothing is recorded and nothing is paid. */
export let ledger: Ledger | null = null;

/** Counts what listeners hear: the time in which a trace says what came before what. */
export let clock = 0;

/** The next moment. */
export function tick(): number {
  return ++clock;
}

/** Puts a listener in place, or none; returns the one before. */
export function listen(next: Ledger | null): Ledger | null {
  const before = ledger;
  ledger = next;
  return before;
}

// What is left of a buffer when its object is collected: enough to free its memory.
class Slot {
  pointer = 0;
  serial = 0;
  nbytes = 0;
  site = 0;
  ref: WeakRef<Buffer> | null = null;
}

/**
 * One allocation. Arrays are handles on it; the last handle that is disposed frees it. The object is used again
 * for a later allocation: `generation` tells a handle of the earlier one that its memory is gone.
 */
export class Buffer {
  pointer = 0;
  /** Bytes asked for. */
  nbytes = 0;
  generation = 0;
  /** Arrays on it that were not disposed: the owner and its views. */
  refcount = 0;
  /** Counts allocations from 1; also the tag of the block in the core's heap. */
  serial = 0;
  /** Operations that wrote into it. */
  version = 0;
  /** When it was last used in any way, by `clock`: known while a trace runs. */
  touched = 0;
  /** Operations that read it, counted while a trace runs. */
  reads = 0;
  /** Whether a typed array over it was given out: writes through that are not seen. */
  escaped = false;
  /** Whether the array that owns it, rather than a view, is among its handles. */
  owned = false;
  /** What keeps it: `array`, or the name of a pool or cache. */
  owner = "array";
  /** Where it goes when its last array is disposed, instead of being freed: the pool that lent it. */
  home: { back(buffer: Buffer, by: FreedBy, site: number): void } | null = null;
  op = "";
  reason: CopyReason | null = null;
  /** True for memory that lives only while an operation runs. */
  scratch = false;
  /** Where it was born: an index into the sites of src/memory/sites.ts, 0 if nobody looked. */
  site = 0;
  shape: readonly number[] = [];
  descr!: Descr;
  constructor(readonly slot: Slot) {}
}

const slots: Slot[] = [];
const pool: Buffer[] = [];
const deadSlots: Slot[] = [];
const registry = canCollect
  ? null
  : new FinalizationRegistry<Slot>((slot) => {
      sweepSlot(slot);
      ringAlarm();
    });
let serial = 0;

/** How often and how long the collector was called to find forgotten arrays, and what it found. */
export const reclaims = { count: 0, ms: 0, buffers: 0, bytes: 0 };

/** Bytes of forgotten arrays by the site that made them, 0 for those whose line nobody looked for. */
export const forgotten = new Map<number, number>();

const MIB = 1024 * 1024;
let reclaimAt = 256 * MIB;

// The site of a large allocation is kept even when nobody traces: it costs 2 µs beside filling 4 MiB, and an
// OutOfMemoryError can then name the lines.
const LARGE = 4 * MIB;
let siteOf: (below: unknown, op: string) => number = () => 0;

/** Gives the function that finds the user's line of the call under way, looking only below a function that runs for an operation. */
export function setSiteOf(find: (below: unknown, op: string) => number): void {
  siteOf = find;
}

/**
 * The user's line of the call under way, where it is wanted: for large memory always, else while a trace asks for it.
 * `below` is a running function that the user's line lies below: fewer frames to look at cost less.
 */
export function siteFor(nbytes: number, below: unknown, op: string): number {
  return nbytes >= LARGE || ledger?.sited ? siteOf(below, op) : 0;
}

// Bytes handed out since the start, and those of them that received copies. A typed array: a module's `let` of a
// double makes a heap number at every change.
const sums = new Float64Array(2);

/** Bytes allocated since the start, and how many of them received copies. */
export function totals(): { readonly allocated: number; readonly copied: number } {
  return { allocated: sums[0], copied: sums[1] };
}

function newBuffer(): Buffer {
  const slot = deadSlots.pop() ?? new Slot();
  const buffer = new Buffer(slot);
  if (slot.ref === null) slots.push(slot);
  slot.ref = new WeakRef(buffer);
  registry?.register(buffer, slot);
  return buffer;
}

/**
 * The one place where memory is asked for, with the operation it is for and, if it receives a copy, the reason.
 * The bytes are not cleared. Throws `OutOfMemoryError` with nothing changed.
 */
export function allocate(
  nbytes: number,
  op: string,
  descr: Descr,
  shape: readonly number[],
  reason: CopyReason | null,
  scratch = false,
): Buffer {
  if (ledger !== null) ledger.allowing(nbytes, op, descr, shape, reason);
  const pointer = obtain(nbytes, op, shape, descr);
  const buffer = pool.pop() ?? newBuffer();
  const slot = buffer.slot;
  slot.pointer = buffer.pointer = pointer;
  slot.nbytes = buffer.nbytes = nbytes;
  slot.serial = buffer.serial = serial;
  buffer.refcount = 0;
  buffer.version = 0;
  buffer.op = op;
  buffer.descr = descr;
  buffer.shape = shape;
  buffer.reason = reason;
  buffer.scratch = scratch;
  buffer.touched = clock;
  buffer.reads = 0;
  buffer.escaped = false;
  buffer.owned = false;
  buffer.owner = "array";
  buffer.home = null;
  slot.site = buffer.site = ledger === null && nbytes < LARGE ? 0 : siteFor(nbytes, allocate, op);
  sums[0] += nbytes;
  if (reason !== null) sums[1] += nbytes;
  if (ledger !== null) ledger.born(buffer);
  return buffer;
}

function obtain(nbytes: number, op: string, shape: readonly number[], descr: Descr): number {
  // Sizes of 4 GiB and more would wrap on their way into the core.
  if (!(nbytes < 2 ** 32)) {
    if (Number.isNaN(nbytes)) throw new DTypeError(`${op}: a length that is no integer`);
    throw outOfMemory(nbytes, op, shape, descr);
  }
  if (canCollect && core.liveBytes() + nbytes > reclaimAt) reclaim(nbytes);
  serial++;
  let pointer = core.allocate(nbytes, serial) >>> 0;
  if (pointer === 0 && canCollect && reclaim(nbytes) > 0) pointer = core.allocate(nbytes, serial) >>> 0;
  if (pointer === 0) throw outOfMemory(nbytes, op, shape, descr);
  refresh();
  return pointer;
}

/** Frees a buffer's memory now. Its object is used again; handles of it find another generation. */
export function free(buffer: Buffer, by: FreedBy, site = 0): void {
  core.release(buffer.pointer);
  if (ledger !== null) ledger.died(buffer.serial, buffer.nbytes, by, site, buffer);
  buffer.generation++;
  buffer.pointer = buffer.slot.pointer = 0;
  pool.push(buffer);
}

/**
 * Finds the buffers that no array reaches any more and frees them; returns their bytes. The next time comes when the
 * live bytes have doubled, but not before 64 MiB, nor before 64 MiB for each millisecond that this
 * took, 512 MiB at most: on a busy machine a millisecond says little.
 */
export function reclaim(wanted = 0): number {
  const began = performance.now(),
    before = core.liveBytes();
  collectGarbage();
  for (const slot of slots) if (slot.pointer !== 0 && slot.ref!.deref() === undefined) sweepSlot(slot);
  const live = core.liveBytes(),
    ms = performance.now() - began;
  reclaims.count++;
  reclaims.ms += ms;
  const cost = Math.min(64 * MIB * ms, 512 * MIB);
  reclaimAt = live + wanted + Math.max(64 * MIB, live, cost);
  ringAlarm();
  return before - live;
}

/** Rings once, when the bytes of forgotten arrays reach `at`. */
export const alarm = { at: Number.POSITIVE_INFINITY, ring: (): void => {} };

function ringAlarm(): void {
  if (reclaims.bytes < alarm.at) return;
  alarm.at = Number.POSITIVE_INFINITY;
  alarm.ring();
}

function sweepSlot(slot: Slot): void {
  if (slot.pointer !== 0) {
    core.release(slot.pointer);
    slot.pointer = 0;
    reclaims.buffers++;
    reclaims.bytes += slot.nbytes;
    forgotten.set(slot.site, (forgotten.get(slot.site) ?? 0) + slot.nbytes);
    if (ledger !== null) ledger.died(slot.serial, slot.nbytes, "gc", 0, null);
  }
  deadSlots.push(slot);
}

/** Bytes of buffers that no array reaches any more and that are still to be freed: known once the collector ran. */
export function pendingBytes(): number {
  let bytes = 0;
  for (const slot of slots) if (slot.pointer !== 0 && slot.ref!.deref() === undefined) bytes += slot.nbytes;
  return bytes;
}

/** The buffers whose objects are still reachable, oldest first. */
export function liveBuffers(): Buffer[] {
  const found: Buffer[] = [];
  for (const slot of slots) {
    const buffer = slot.pointer === 0 ? undefined : slot.ref?.deref();
    if (buffer) found.push(buffer);
  }
  return found.sort((a, b) => a.serial - b.serial);
}

let describe: () => string = () => "";

/** Gives the function that tells, for an error, which lines hold the memory. */
export function setHolders(text: () => string): void {
  describe = text;
}

function outOfMemory(nbytes: number, op: string, shape: readonly number[], descr: Descr): OutOfMemoryError {
  const live = core.liveBytes(),
    reserved = core.reservedBytes(),
    largest = core.largestPossible();
  return new OutOfMemoryError(
    `Unable to allocate ${formatBytes(nbytes)} for an array with shape (${shape.join(", ")}${shape.length === 1 ? "," : ""}) ` +
      `and data type ${descr.name} (${op}): ${formatBytes(live)} live of ${formatBytes(reserved)} reserved, ` +
      `and at most ${formatBytes(largest)} can still be had in one block${describe()}`,
    nbytes,
    live,
    reserved,
    largest,
  );
}
