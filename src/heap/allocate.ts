import type { Descr } from "../base/dtype.js";
import { DTypeError, OutOfMemoryError } from "../base/errors.js";
import { now, weakRef } from "../base/host.js";
import { formatBytes } from "../base/units.js";
import { core, refresh } from "../core/instance.js";
import {
  Buffer,
  copyOnWriteOf,
  countHandles,
  endGeneration,
  Slot,
  setCopyOnWrite,
  setHome,
  setMemory,
  setRef,
  setSharedFrom,
  setSlotPointer,
} from "./buffer.js";
import { canCollect, collectGarbage } from "./collector.js";
import { clock, listener } from "./listener.js";
import type { CopyReason, FreedBy } from "./reasons.js";

const slots: Slot[] = [];
const pool: Buffer[] = [];
const deadSlots: Slot[] = [];
let registry = canCollect ? null : newRegistry();
let serial = 0;

/** How often and how long the collector was called to find forgotten arrays, and what it found. */
export const reclaims = { count: 0, ms: 0, buffers: 0, bytes: 0 };

/** Bytes of forgotten arrays by the site that made them, 0 for those whose line nobody looked for. */
export const forgotten = new Map<number, number>();

const MIB = 1024 * 1024;
let reclaimAt = 256 * MIB;

// The site of a large allocation is kept even when nobody traces, so that an OutOfMemoryError can name the lines. It
// costs 4 µs beside the milliseconds in which 16 MiB are filled. Arrays of 1 MiB count as large in a program that is on
// its way to the limit, that forgets arrays, or that wants to be warned when it does.
const LARGE = 16 * MIB,
  NOTABLE = MIB,
  MUCH = 512 * MIB;
/** The function that every call of an operation comes through: its user is found quicker when looked for below that. */
export const entrances = new Map<string, unknown>();

let siteOf: (below: unknown, op: string, callers: boolean) => number = () => 0;

/** Gives the function that finds the user's line of the call under way, looking only below a function that runs for an operation. */
export function setSiteOf(find: (below: unknown, op: string, callers: boolean) => number): void {
  siteOf = find;
}

/**
 * The user's line of the call under way, where it is wanted: for large memory always, else while a trace asks for it.
 * `below` is a running function that the user's line lies below: fewer frames to look at cost less.
 */
export function siteFor(nbytes: number, below: unknown, op: string): number {
  return isWanted(nbytes) ? siteOf(below, op, false) : 0;
}

function isWanted(nbytes: number): boolean {
  return listener?.sited || nbytes >= LARGE || (nbytes >= NOTABLE && inTrouble());
}

function inTrouble(): boolean {
  return reclaims.bytes > 0 || alarm.at < Number.POSITIVE_INFINITY || core.liveBytes() > MUCH;
}

// Bytes handed out since the start, and those of them that received copies. A typed array: a module's `let` of a
// double makes a heap number at every change.
const sums = new Float64Array(2);

/** Bytes allocated since the start, and how many of them received copies. */
export function totals(): { readonly allocated: number; readonly copied: number } {
  return { allocated: sums[0], copied: sums[1] };
}

// What tells of forgotten arrays where the collector cannot be called: it tells when no code runs. Null where there is
// none: then arrays are freed by their users only.
function newRegistry(): FinalizationRegistry<Slot> | null {
  if (typeof FinalizationRegistry !== "function") return null;
  return new FinalizationRegistry((slot) => {
    sweepSlot(slot);
    ringAlarm();
  });
}

// The host seemed to have a collector that can be called, and has none.
function watchInstead(): void {
  registry = newRegistry();
  for (const slot of slots) {
    const buffer = slot.ref?.deref();
    if (buffer !== undefined) registry?.register(buffer, slot);
  }
}

// Small arrays that are forgotten fill JavaScript's heap rather than ours: some 600 bytes each, in objects that only the
// collector frees. A buffer's object is used again after `dispose`, so only what is kept or forgotten needs new ones.
const MANY = 25_000;
let made = 0,
  searchAfter = MANY;

function newBuffer(): Buffer {
  if (canCollect && ++made > searchAfter) reclaim();
  const slot = deadSlots.pop() ?? new Slot();
  const buffer = new Buffer(slot);
  if (slot.ref === null) slot.index = slots.push(slot) - 1;
  setRef(slot, weakRef(buffer));
  registry?.register(buffer, slot);
  return buffer;
}

/**
 * The one place where memory is asked for, with the operation it is for and, if it receives a copy, the reason.
 * The bytes are not cleared. It is the memory of a new buffer, or of `into`, which had none of its own. Throws
 * `OutOfMemoryError` with nothing changed.
 */
export function allocate(
  nbytes: number,
  op: string,
  descr: Descr,
  shape: readonly number[],
  reason: CopyReason | null,
  scratch = false,
  into: Buffer | null = null,
): Buffer {
  if (listener !== null) listener.allowing(nbytes, op, descr, shape, reason);
  const pointer = obtain(nbytes, op, shape, descr);
  const buffer = into ?? unused();
  const slot = buffer.slot;
  setSlotPointer(slot, pointer);
  setMemory(buffer, pointer, nbytes, shape);
  slot.nbytes = nbytes;
  slot.serial = buffer.serial = serial;
  buffer.op = op;
  buffer.descr = descr;
  buffer.reason = reason;
  buffer.scratch = scratch;
  buffer.touched = clock;
  slot.site = buffer.site = 0;
  if (listener !== null || nbytes >= NOTABLE) {
    // From here, not from a function of its own: each frame between the user and the search makes it slower.
    if (isWanted(nbytes)) slot.site = buffer.site = siteOf(allocate, op, true);
    mark(buffer);
  }
  sums[0] += nbytes;
  if (reason !== null) sums[1] += nbytes;
  if (listener !== null) announce(buffer);
  return buffer;
}

// A buffer's object without memory.
function unused(): Buffer {
  const buffer = pool.pop() ?? newBuffer();
  countHandles(buffer, 0 - buffer.refcount); // -0 would make a heap number of every count
  buffer.version = 0;
  buffer.reads = 0;
  buffer.escaped = false;
  buffer.watched = false;
  buffer.owned = false;
  buffer.owner = "array";
  buffer.keepers = 0;
  buffer.viewsGone = 0;
  setHome(buffer, null);
  return buffer;
}

/** A buffer that reads memory of another as its own; it owns none, until `separate` gives it some. */
export function lazyCopyOf(holder: Buffer, pointer: number, nbytes: number, shape: readonly number[]): Buffer {
  const buffer = unused(),
    { slot } = buffer;
  setMemory(buffer, pointer, nbytes, shape);
  buffer.serial = slot.serial = slot.nbytes = slot.site = buffer.site = 0;
  setSharedFrom(slot, holder.slot);
  buffer.op = "copy";
  buffer.reason = "requested";
  buffer.scratch = false;
  buffer.descr = holder.descr;
  const shared = copyOnWriteOf(holder) ?? Object.freeze({ holder, copies: new Set<Slot>() });
  shared.copies.add(slot);
  countHandles(holder, 1);
  setCopyOnWrite(holder, shared);
  setCopyOnWrite(buffer, shared);
  return buffer;
}

/** Ends what `lazyCopyOf` began: the buffer has memory now, or is given up. The last that leaves frees the memory. */
export function endSharing(buffer: Buffer, by: FreedBy, site = 0): void {
  const { holder, copies } = copyOnWriteOf(buffer)!;
  setCopyOnWrite(buffer, null);
  setSharedFrom(buffer.slot, null);
  copies.delete(buffer.slot);
  leave(holder, by, site);
}

function leave(holder: Buffer, by: FreedBy, site: number): void {
  if (copyOnWriteOf(holder)!.copies.size === 0) setCopyOnWrite(holder, null);
  if (countHandles(holder, -1) === 0) free(holder, by, site);
}

/** The operation and line that brought live bytes to the highest so far, of those that were looked at. */
export const highest = { bytes: 0, op: "", site: 0 };

function mark(buffer: Buffer): void {
  const live = core.liveBytes();
  if (live <= highest.bytes) return;
  highest.bytes = live;
  highest.op = buffer.op;
  highest.site = buffer.site;
}

function announce(buffer: Buffer): void {
  buffer.views = 0;
  buffer.filledAt = 0;
  buffer.whole = false;
  buffer.source = null;
  listener!.born(buffer);
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
  if (copyOnWriteOf(buffer) !== null) endSharing(buffer, by, site);
  else {
    core.release(buffer.pointer);
    if (listener !== null) listener.died(buffer.slot, by, site, buffer);
  }
  endGeneration(buffer);
  setSlotPointer(buffer.slot, 0);
  pool.push(buffer);
}

/**
 * Finds the buffers that no array reaches any more and frees them; returns their bytes. The next time comes when the
 * live bytes have doubled, but not before 64 MiB, nor before 64 MiB for each millisecond that this
 * took, 512 MiB at most: on a busy machine a millisecond says little.
 */
export function reclaim(wanted = 0): number {
  const began = now(),
    before = core.liveBytes();
  if (!collectGarbage()) watchInstead();
  for (const slot of slots) {
    if ((slot.pointer !== 0 || slot.sharedFrom !== null) && slot.ref!.deref() === undefined) sweepSlot(slot);
  }
  const live = core.liveBytes(),
    ms = now() - began;
  made = 0;
  searchAfter = Math.max(MANY, slots.length - deadSlots.length);
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
    setSlotPointer(slot, 0);
    reclaims.buffers++;
    reclaims.bytes += slot.nbytes;
    forgotten.set(slot.site, (forgotten.get(slot.site) ?? 0) + slot.nbytes);
    if (listener !== null) listener.died(slot, "gc", 0, null);
  }
  if (slot.sharedFrom !== null) {
    const holder = slot.sharedFrom.ref?.deref();
    if (holder !== undefined && copyOnWriteOf(holder)?.copies.delete(slot)) leave(holder, "gc", 0);
    setSharedFrom(slot, null);
  }
  deadSlots.push(slot);
}

/** Ends what a lazy copy holds whose object is gone; where there is a registry, that will come to it. */
export function forget(slot: Slot): void {
  if (registry === null) sweepSlot(slot);
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
      `and data type ${descr.name} (${op})\n` +
      `${formatBytes(live)} live of ${formatBytes(reserved)} reserved; at most ${formatBytes(largest)} more in one block${describe()}`,
    nbytes,
    live,
    reserved,
    largest,
  );
}
