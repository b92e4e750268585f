import type { Descr } from "../../base/dtype.js";
import { attempt, builtin } from "../../base/host.js";
import { plain } from "../../base/plain.js";
import type { Buffer, Slot } from "../../heap/buffer.js";
import type { Listener } from "../../heap/listener.js";
import type { FreedBy } from "../../heap/reasons.js";
import { checkFunction, nameOf } from "../common/args.js";
import { isThenable } from "../common/values.js";
import { spendings } from "../record/costs.js";
import { attach, detach } from "../record/listeners.js";
import type { Recorder } from "../record/recorder.js";
import { recorderOf, TRACE_ASYNC, Trace, type TraceOptions } from "./trace.js";

// The trace of one task among others. Where the host has AsyncLocalStorage, it tells on whose behalf code runs, also
// after an await, in a timer or in another promise's callback.

/** What the storage holds: a trace's place in the chain of those it was called in. Promises keep it, so it is small. */
class Context {
  open = true;
  constructor(readonly outer: Context | null) {}
}

interface Storage {
  getStore(): Context | undefined;
  run<R>(context: Context, fn: () => R): R;
  disable?(): void;
}

let storage: Storage | null | undefined;

// One for all traces, made when the first is asked for.
function storageOfHost(): Storage | null {
  if (storage !== undefined) return storage;
  const hooks = builtin<{ AsyncLocalStorage?: new () => Storage }>("node:async_hooks");
  storage = attempt(() => (hooks?.AsyncLocalStorage === undefined ? null : new hooks.AsyncLocalStorage())) ?? null;
  return storage;
}

/** Tasks under way. Without any the storage is put to rest, since it makes every promise of the program dearer. */
let tasks = 0;

/** Lets a recorder hear what happens on behalf of one function, and the death of what was born of it, whoever frees. */
class Task implements Listener {
  readonly #recorder: Recorder;
  readonly #storage: Storage;
  readonly #context: Context;
  // The serials of what was born here, by the slot of the buffer: of the others' dead the recorder must not hear.
  readonly #serials: number[] = [];

  constructor(recorder: Recorder, storage: Storage) {
    let outer = storage.getStore() ?? null;
    while (outer !== null && !outer.open) outer = outer.outer;
    this.#recorder = recorder;
    this.#storage = storage;
    this.#context = new Context(outer);
    tasks++;
  }

  run<R>(fn: () => R): R {
    return this.#storage.run(this.#context, fn);
  }

  end(): void {
    this.#context.open = false;
    if (--tasks === 0) this.#storage.disable?.();
  }

  #isOurs(): boolean {
    for (let at = this.#storage.getStore() ?? null; at !== null; at = at.outer) if (at === this.#context) return true;
    return false;
  }

  get sited(): boolean {
    return this.#recorder.sited && this.#isOurs();
  }

  allowing(): void {}

  born(buffer: Buffer): void {
    if (!this.#isOurs()) return;
    const { index } = buffer.slot;
    while (this.#serials.length <= index) this.#serials.push(0);
    this.#serials[index] = buffer.serial;
    this.#recorder.born(buffer);
  }

  // The collector runs during anybody's allocation: what it finds is no deed of the task's.
  died(slot: Slot, by: FreedBy, site: number, buffer: Buffer | null): void {
    const known = this.#serials[slot.index] === slot.serial;
    if (known || (by !== "gc" && this.#isOurs())) this.#recorder.died(slot, by, site, buffer);
  }

  owned(buffer: Buffer): void {
    this.#recorder.owned(buffer);
  }

  kept(buffer: Buffer, scope: number): void {
    this.#recorder.kept(buffer, scope);
  }

  endedViews(buffer: Buffer, count: number): void {
    if (this.#isOurs()) this.#recorder.endedViews(buffer, count);
  }

  viewed(buffer: Buffer, shape: readonly number[], descr: Descr): void {
    if (this.#isOurs()) this.#recorder.viewed(buffer, shape, descr);
  }

  ran(op: string, source: Buffer | null, output: Buffer | null, descr?: Descr): void {
    if (this.#isOurs()) this.#recorder.ran(op, source, output, descr);
  }
}

/**
 * Runs a function, awaits what it returns, and reports what it did to memory across its awaits. In Node, Deno and Bun
 * only what happens on its behalf is counted, in the promises and timers it starts too, until its result is there; what
 * was born of it and is freed by others counts as freed. In browsers all that happens meanwhile is counted, and
 * `unattributed` is true if that may be more. If the function fails, so does this, with the same error.
 */
export async function traceAsync<T>(fn: () => T, given?: TraceOptions): Promise<Trace<Awaited<T>>> {
  const options = TRACE_ASYNC.read(given, arguments.length);
  checkFunction(fn, "memory.traceAsync");
  const recorder = recorderOf(options),
    before = spendings(),
    storage = storageOfHost(),
    task = storage === null ? null : new Task(recorder, storage),
    listener = task ?? recorder;
  let result: Awaited<T>,
    crossed = false;
  recorder.start();
  attach(listener);
  try {
    const returned = task === null ? fn() : task.run(fn);
    crossed = isThenable(returned);
    // A plain value ends the trace before it is anybody else's turn.
    result = crossed ? await returned : (returned as Awaited<T>);
  } finally {
    detach(listener);
    recorder.stop();
    task?.end();
  }
  const trace = new Trace(recorder, plain(options.label ?? nameOf(fn)), before, options.source ?? true, result);
  trace.crossed = crossed && task === null;
  return trace.end();
}
