import * as np from "nbytes";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { SyncAccessHandle } from "../../src/mapped/handle.js";
import { createZarr, load, openMemmap, openZarr, saveZarr } from "../../src/node.js";
import { Mine, nonsense } from "../support/nonsense.js";

// Functions of nbytes/node, and the methods of what they give, with nonsense in the place of each argument and option: every
// error is one of the library's, or one that the caller's own code threw.

/** A file in memory. */
function file(bytes = new Uint8Array(96)): SyncAccessHandle {
  return {
    read(into, { at }) {
      const part = bytes.subarray(at, at + into.length);
      into.set(part);
      return part.length;
    },
    write(from, { at }) {
      bytes.set(from, at);
      return from.length;
    },
    getSize: () => bytes.length,
    truncate() {},
    flush() {},
    close() {},
  };
}

type Any = (...args: unknown[]) => unknown;

/** What methods take. */
function argsOf(name: string): unknown[] {
  const all: Readonly<Record<string, unknown[]>> = {
    item: [1, 2],
    at: ["1:", 0],
    set: ["1", 5],
    evaluate: [{ out: np.zeros([3, 4]) }],
    read: ["0", np.slice(1)],
    write: ["0", 1, 5],
    region: [0, 1],
  };
  return Object.hasOwn(all, name) ? all[name] : [];
}

/** What is called: a function, arguments that it takes, and what it is called on. */
const targets: Readonly<Record<string, () => Promise<{ f: Any; args: unknown[] }> | { f: Any; args: unknown[] }>> = {
  openMemmap: () => ({
    f: openMemmap as Any,
    args: [file(), { dtype: "float64", shape: [3, 4], mode: "r+", offset: 0, cache: 65_536 }],
  }),
  load: () => ({ f: load as Any, args: [file(np.save([1, 2])), { mmapMode: "r", cache: 65_536 }] }),
  openZarr: async () => {
    const store = new Map<string, Uint8Array>();
    await saveZarr([1, 2], store, { path: "a" });
    return { f: openZarr as Any, args: [store, { path: "a" }] };
  },
  createZarr: () => ({
    f: createZarr as Any,
    args: [
      new Map(),
      {
        ...{ shape: [3, 4], dtype: "int8", chunks: 2, compressor: "gzip", fillValue: 1, order: "F", path: "a/b" },
        ...{ attrs: { unit: "m" }, overwrite: true },
      },
    ],
  }),
  saveZarr: () => ({
    f: saveZarr as Any,
    args: [[1, 2, 3], new Map(), { chunks: 2, compressor: { id: "zlib", level: 1 } }],
  }),
  ...Object.fromEntries(
    ["at", "item", "set", "blocks", "evaluate", "flush", "close", "toString"].map((name) => [
      `m.${name}`,
      () => {
        const m = openMemmap(file(), { dtype: "float64", shape: [3, 4], cache: 65_536 });
        const f: Any = (...all) => {
          using _ = m;
          const found = (m as unknown as Record<string, Any>)[name](...all);
          return name === "blocks" ? [...(found as Iterable<unknown>)].length : found;
        };
        return { f, args: argsOf(name) };
      },
    ]),
  ),
  ...Object.fromEntries(
    ["read", "write", "region", "blocks", "places", "toString"].map((name) => [
      `z.${name}`,
      async () => {
        const z = await saveZarr([[1, 2, 3]], new Map(), { chunks: [1, 2] });
        const f: Any = (...all) => (z as unknown as Record<string, Any>)[name](...all);
        return { f, args: argsOf(name) };
      },
    ]),
  ),
};

/** The arguments with one of them, or one option, replaced, or one too many; undefined behind the last such way. */
function misused(args: readonly unknown[], k: number, value: unknown): unknown[] | undefined {
  if (k <= args.length) return Object.assign([...args], { [k]: value });
  const last = args.at(-1);
  if (typeof last !== "object" || last === null || Object.getPrototypeOf(last) !== Object.prototype) return undefined;
  const key = [...Object.keys(last), "unknown"][k - args.length - 1];
  return key === undefined ? undefined : [...args.slice(0, -1), { ...last, [key]: value }];
}

// Thousands of errors are thrown, and their lines, which nobody reads here, would take most of the time.
const { stackTraceLimit } = Error;
beforeAll(() => {
  Error.stackTraceLimit = 0;
});
afterAll(() => {
  Error.stackTraceLimit = stackTraceLimit;
});

test.each(Object.keys(targets))(
  "%s called with nonsense throws this library's errors",
  { timeout: 120_000 },
  async (name) => {
    const wrong: string[] = [];
    for (const [what, value] of Object.entries(nonsense))
      for (let k = 0; ; k++) {
        const { f, args } = await targets[name](),
          all = misused(args, k, (value as () => unknown)());
        if (all === undefined) break;
        // A text is the path of a directory, which would be made.
        if (name.endsWith("Zarr") && typeof all[name === "saveZarr" ? 1 : 0] === "string") continue;
        try {
          const result = f(...all);
          await result;
          (result as Partial<Disposable> | null | undefined)?.[Symbol.dispose]?.();
        } catch (error) {
          if (error instanceof Mine) continue;
          if (!np.isNDArrayError(error) || error.message.length < 10)
            wrong.push(`${what} ${k}: ${(error as Error).stack ?? error}`);
        }
      }
    expect([...new Set(wrong)]).toEqual([]);
  },
);
