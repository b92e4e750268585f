import { explained, start, started } from "./core/instance.js";
import { NDArrayError } from "./base/errors.js";
import { builtin } from "./base/host.js";

// The public names again, started from core.wasm, which has every chapter, instead of from the text of the base.
export * from "./whole.js";
import "./memory/watch/exitReport.js";

/** What `init` reads the core from: an address, an answer to `fetch`, bytes, or a compiled module. */
export type CoreSource = URL | Response | BufferSource | WebAssembly.Module;

let starting: Promise<void> | undefined;

/**
 * Starts the engine; await it before the first operation. Without a source it reads `core.wasm` beside this module,
 * which Node, Deno, Bun and browsers find by themselves, as do vite and webpack; after esbuild and rollup, copy
 * `nbytes/core.wasm` beside the bundle or give its URL. A second call waits for the first. Rejects with an
 * `NDArrayError` if the source cannot be read, or with what `WebAssembly.compile` throws; `init` may then be tried again.
 */
export function init(source?: CoreSource): Promise<void> {
  if (started) return Promise.resolve();
  starting ??= compile(source ?? new URL("./core.wasm", import.meta.url))
    .then(start)
    .finally(() => {
      starting = undefined;
    });
  return starting;
}

async function compile(source: CoreSource): Promise<WebAssembly.Module> {
  if (source instanceof WebAssembly.Module) return source;
  if (source instanceof URL) return compile(await read(source));
  if (source instanceof Response) {
    if (!source.ok) throw new NDArrayError(`cannot read the core from ${source.url}: status ${source.status}`);
    return compile(await source.arrayBuffer());
  }
  return WebAssembly.compile(source).catch((error) => {
    throw explained(error);
  });
}

// Node's fetch reads no files. Its file system is asked for without an import, which a bundler would follow.
function read(address: URL): Promise<Response | BufferSource> {
  const files = builtin<{ readFile(path: URL): Promise<BufferSource> }>("node:fs/promises");
  return address.protocol !== "file:" || files === undefined ? fetch(address) : files.readFile(address);
}
