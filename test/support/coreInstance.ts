// A core of a test's own, beside the one of src/core/instance.ts.
import { text } from "../../build/inlined.js";
import type { Core } from "../../src/core/instance.js";
import { bytesOf } from "../../src/core/text.js";

let compiled: Promise<WebAssembly.Module> | undefined;

/** A new instance of the core with a memory of its own, of at most `maximumPages` pages of 64 KiB. */
export async function freshCore(maximumPages = 65535): Promise<{ exports: Core; memory: WebAssembly.Memory }> {
  compiled ??= WebAssembly.compile(bytesOf(text));
  const memory = new WebAssembly.Memory({ initial: 16, maximum: maximumPages });
  const instance = await WebAssembly.instantiate(await compiled, { env: { memory, abort } });
  // WebAssembly.Exports knows no names; asc wrote those of Core from the same sources.
  return { exports: instance.exports as unknown as Core, memory };
}

function abort(): never {
  throw new Error("the core aborted");
}
