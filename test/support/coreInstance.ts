// A core of a test's own, beside the one of src/core/instance.ts: every chapter on one memory.
import { instantiateSync } from "@assemblyscript/loader";
import type { Core } from "../../build/core.js";
import * as texts from "../../build/core.js";
import { bytesOf } from "../../src/core/unpack.js";

export type { Core } from "../../build/core.js";

const { base, tables, ...others } = texts,
  all = [["base", base], ...Object.entries(others)] as const,
  before = (name: string): string[] =>
    name === "base" ? [] : name === "math" || name === "random" ? [base, tables] : [base];

let compiled: Promise<WebAssembly.Module[]> | undefined;

/** A new instance of the core with a memory of its own, of at most `maximumPages` pages of 64 KiB. */
export async function freshCore(maximumPages = 65535): Promise<{ exports: Core; memory: WebAssembly.Memory }> {
  compiled ??= Promise.all(all.map(([name, text]) => WebAssembly.compile(bytesOf(text, ...before(name)))));
  const memory = new WebAssembly.Memory({ initial: 16, maximum: maximumPages });
  const exports = {};
  for (const module of await compiled) {
    // AssemblyScript's own loader takes the modules too: they are as it expects them.
    Object.assign(exports, instantiateSync(module, { env: { memory } }).instance.exports);
  }
  // WebAssembly.Exports knows no names; asc wrote those of Core from the same sources.
  return { exports: exports as Core, memory };
}
