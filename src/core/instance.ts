import { NDArrayError } from "../base/errors.js";

/** The exports of the base, the chapter of the core that every program has, as asc wrote their types. */
export type Core = import("../../build/chapters/base.js").Exports;

/** A strided 2-D loop of the core: the dtype's code, and where the box is. */
export type Kernel = (dtype: number, box: number) => void;

/** The exports of the base. Modules import the memory and nothing else, so that nobody has to help them start. */
export let core: Core = new Proxy({} as Core, { get: notStarted });

/** Whether the core has started. */
export let started = false;

/** The one linear memory. It only grows, at most to 65,535 pages. */
export let memory: WebAssembly.Memory;

/** The bytes to which it may grow. */
export let capacity = 0;

/** The address of the box that this thread writes, and of the four scratch areas of 32 KiB. */
export let boxAt = 0;
export let scratchAt = 0;

/** The words of the box, for box.ts. With `view` the only views that outlive a statement: `refresh` makes them anew after growth. */
export let words: Int32Array;

/** All of linear memory, to read and write single elements. */
export let view: DataView;

/** Makes the views anew if memory has grown since, which leaves them without a byte. To ask for `memory.buffer` costs 15 ns. */
export function refresh(): void {
  if (words.length > 0) return;
  words = new Int32Array(memory.buffer, boxAt, 14);
  view = new DataView(memory.buffer);
}

function notStarted(): never {
  throw new NDArrayError("nbytes/slim has not started: await init() before the first operation");
}

// The exports of a module that has every chapter, as core.wasm has.
let whole: object | null = null;

/**
 * Starts the core from its base, or from all chapters in one module; a second call does nothing. Throws what
 * `WebAssembly` throws. A buffer that ended exactly at 4 GiB would make pointer arithmetic wrap, so the last page is
 * never asked for.
 */
export function start(source: BufferSource | WebAssembly.Module): void {
  if (started) return;
  memory = largestMemory();
  core = link<Core>(source);
  if ("whole" in core) whole = core;
  boxAt = core.boxAddress();
  scratchAt = core.scratchAddress();
  words = new Int32Array(memory.buffer, boxAt, 14);
  view = new DataView(memory.buffer);
  started = true;
}

/** Compiles a module, unless it is compiled, and links it to a memory, the one of all arrays; gives what it exports. */
export function link<E extends object>(source: BufferSource | WebAssembly.Module, on = memory): E {
  const module = source instanceof WebAssembly.Module ? source : compiled(source);
  // WebAssembly.Exports knows no names; asc wrote those of E from the same sources.
  return new WebAssembly.Instance(module, { env: { memory: on } }).exports as unknown as E; // what asc declares of the module
}

/** What a chapter exports: from the module that the core was started with if it has every chapter, else from `make`. */
export function exportsOf<E extends object>(make: () => BufferSource): E {
  if (!started) notStarted();
  return (whole as E | null) ?? link<E>(make());
}

function compiled(source: BufferSource): WebAssembly.Module {
  try {
    return new WebAssembly.Module(source);
  } catch (error) {
    throw explained(error);
  }
}

/** What a host says when it may not compile WebAssembly, with what to do about it; any other error as it is. @internal */
export function explained(error: unknown): unknown {
  const text = error instanceof Error ? error.message : "";
  if (!/Content.?Security.?Policy|disallowed by embedder|unsafe-eval|blocked by CSP/i.test(text)) return error;
  return new NDArrayError(
    "WebAssembly may not be compiled here, since the Content-Security-Policy of the page forbids it: " +
      `let it say script-src 'self' 'wasm-unsafe-eval'\n${text}`,
    { cause: error },
  );
}

// A host that cannot reserve 4 GiB of addresses refuses the memory: take half, and half again.
function largestMemory(): WebAssembly.Memory {
  for (let maximum = 65535; ; maximum = (maximum + 1) / 2 - 1) {
    try {
      capacity = maximum * 65536;
      return new WebAssembly.Memory({ initial: 16, maximum });
    } catch (error) {
      if (maximum <= 1024) throw error;
    }
  }
}
