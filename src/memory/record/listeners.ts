import type { Descr } from "../../base/dtype.js";
import type { Buffer, Slot } from "../../heap/buffer.js";
import { type Listener, listen } from "../../heap/listener.js";
import type { CopyReason, FreedBy } from "../../heap/reasons.js";

// One stream of events, many who listen: traces, nested ones too, and budgets. The heap knows a single listener.

const listeners: Listener[] = [];

class Broadcast implements Listener {
  // Asked anew for each search: the trace of one task wants lines only while that task runs.
  get sited(): boolean {
    for (let i = 0; i < listeners.length; i++) if (listeners[i].sited) return true;
    return false;
  }

  // Refusals come before anything is recorded, so that a refused allocation leaves no mark in any listener.
  allowing(nbytes: number, op: string, descr: Descr, shape: readonly number[], reason: CopyReason | null): void {
    for (let i = 0; i < listeners.length; i++) listeners[i].allowing(nbytes, op, descr, shape, reason);
  }

  born(buffer: Buffer): void {
    for (let i = 0; i < listeners.length; i++) listeners[i].born(buffer);
  }

  died(slot: Slot, by: FreedBy, site: number, buffer: Buffer | null): void {
    for (let i = 0; i < listeners.length; i++) listeners[i].died(slot, by, site, buffer);
  }

  owned(buffer: Buffer): void {
    for (let i = 0; i < listeners.length; i++) listeners[i].owned?.(buffer);
  }

  again(array: number): void {
    for (let i = 0; i < listeners.length; i++) listeners[i].again?.(array);
  }

  kept(buffer: Buffer, scope: number): void {
    for (let i = 0; i < listeners.length; i++) listeners[i].kept?.(buffer, scope);
  }

  endedViews(buffer: Buffer, count: number): void {
    for (let i = 0; i < listeners.length; i++) listeners[i].endedViews?.(buffer, count);
  }

  viewed(buffer: Buffer, shape: readonly number[], descr: Descr): void {
    for (let i = 0; i < listeners.length; i++) listeners[i].viewed(buffer, shape, descr);
  }

  ran(op: string, source: Buffer | null, output: Buffer | null, descr?: Descr): void {
    for (let i = 0; i < listeners.length; i++) listeners[i].ran(op, source, output, descr);
  }
}

const broadcast = new Broadcast();

/** Lets a listener hear everything from now on. */
export function attach(listener: Listener): void {
  listeners.push(listener);
  relisten();
}

/** Ends what `attach` began. */
export function detach(listener: Listener): void {
  const at = listeners.indexOf(listener);
  if (at >= 0) listeners.splice(at, 1);
  relisten();
}

function relisten(): void {
  const [first = null] = listeners;
  listen(listeners.length > 1 ? broadcast : first);
}
