import { memory } from "../core/instance.js";
import { allocate, endSharing, forget } from "./allocate.js";
import { type Buffer, copyOnWriteOf } from "./buffer.js";
import { listener, notify, setOwner } from "./listener.js";

// Copy-on-write: until either is written, a lazy copy reads the original's memory.
//
//      x ──► buffer ──► memory          x ──► buffer ──► memory
//               ▲ shared      ▲   write              copy ─┐
//      y ──► buffer ──────────┘   ───►  y ──► buffer ──► memory
//
// Whoever writes an array that was there before calls `separate` first: before it reads an address, for that of a copy
// changes, and after its checks, for an error must change nothing.

/** The buffer whose memory this one reads: itself, but for a copy that is not made yet. */
export function holderOf(buffer: Buffer): Buffer {
  return copyOnWriteOf(buffer)?.holder ?? buffer;
}

/** How many lazy copies read a buffer's memory: they count among its handles, but are no views of it. */
export function lazyCopiesOf(buffer: Buffer): number {
  const shared = copyOnWriteOf(buffer);
  return shared !== null && shared.holder === buffer ? shared.copies.size : 0;
}

/** Makes the copies that were put off until this buffer is written. Throws `OutOfMemoryError` before anything is. */
export function separate(buffer: Buffer): void {
  const shared = copyOnWriteOf(buffer);
  if (shared === null) return;
  if (shared.holder !== buffer) return settle(buffer);
  for (const slot of [...shared.copies]) {
    const copy = slot.ref!.deref();
    if (copy !== undefined) settle(copy);
    else forget(slot);
  }
}

function settle(buffer: Buffer): void {
  const { pointer: from, nbytes, descr, shape } = buffer,
    { holder } = copyOnWriteOf(buffer)!;
  allocate(nbytes, "copy", descr, shape, "requested", false, buffer);
  new Uint8Array(memory.buffer, buffer.pointer, nbytes).set(new Uint8Array(memory.buffer, from, nbytes));
  buffer.version++;
  if (listener !== null) notify("copy", holder, null, buffer);
  if (buffer.owner !== "array") setOwner(buffer, buffer.owner);
  endSharing(buffer, "dispose");
}
