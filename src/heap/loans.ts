import { memory } from "../core/instance.js";
import { allocate, forget, repay } from "./allocate.js";
import { type Buffer, loanOf } from "./buffer.js";
import { ledger, setOwner, told } from "./listening.js";

// Copies that are made late: until either is written, the copy reads the original's memory.
//
//      x ──► buffer ──► memory          x ──► buffer ──► memory
//               ▲ loan        ▲   write              copy ─┐
//      y ──► buffer ──────────┘   ───►  y ──► buffer ──► memory
//
// Whoever writes an array that was there before calls `separate` first: before it reads an address, for that of a copy
// changes, and after its checks, for an error must change nothing.

/** The buffer whose memory this one reads: itself, but for a copy that is not made yet. */
export function holderOf(buffer: Buffer): Buffer {
  return loanOf(buffer)?.lender ?? buffer;
}

/** Lazy copies that read a buffer's memory: they count among its handles, but are no views of it. */
export function borrowersOf(buffer: Buffer): number {
  const loan = loanOf(buffer);
  return loan !== null && loan.lender === buffer ? loan.borrowers.size : 0;
}

/** Makes the copies that were put off until this buffer is written. Throws `OutOfMemoryError` before anything is. */
export function separate(buffer: Buffer): void {
  const loan = loanOf(buffer);
  if (loan === null) return;
  if (loan.lender !== buffer) return settle(buffer);
  for (const slot of [...loan.borrowers]) {
    const borrower = slot.ref!.deref();
    if (borrower !== undefined) settle(borrower);
    else forget(slot);
  }
}

function settle(buffer: Buffer): void {
  const { pointer: from, nbytes, descr, shape } = buffer,
    { lender } = loanOf(buffer)!;
  allocate(nbytes, "copy", descr, shape, "requested", false, buffer);
  new Uint8Array(memory.buffer, buffer.pointer, nbytes).set(new Uint8Array(memory.buffer, from, nbytes));
  buffer.version++;
  if (ledger !== null) told("copy", lender, null, buffer);
  if (buffer.owner !== "array") setOwner(buffer, buffer.owner);
  repay(buffer, "dispose");
}
