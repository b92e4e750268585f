import { execFileSync, spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, test } from "vitest";

// Hosts that have less than Node, or guard what they have: each is played by a script that runs before the import.

const root = fileURLToPath(new URL("../..", import.meta.url));

beforeAll(() => {
  execFileSync(process.execPath, ["scripts/build.mjs"], { cwd: root });
});

const freezeAll = `const seen = new Set();
  const freeze = (o) => {
    if (o === null || !["object", "function"].includes(typeof o) || seen.has(o) || o === process) return;
    seen.add(o);
    Object.freeze(o);
    for (const { value, get, set } of Object.values(Object.getOwnPropertyDescriptors(o))) [value, get, set].forEach(freeze);
    freeze(Object.getPrototypeOf(o));
  };
  for (const name of ["Object", "Function", "Array", "String", "Number", "Boolean", "Symbol", "BigInt", "Map", "Set", "WeakMap",
    "WeakSet", "WeakRef", "FinalizationRegistry", "Promise", "Proxy", "Reflect", "RegExp", "Date", "JSON", "Math", "Error",
    "TypeError", "RangeError", "ArrayBuffer", "SharedArrayBuffer", "DataView", "Uint8Array", "Float64Array", "Int32Array",
    "BigInt64Array", "Atomics", "Intl", "WebAssembly", "URL", "TextDecoder"]) freeze(globalThis[name]);`;

const throws = "() => { throw new Error('not implemented'); }";

const preludes: Record<string, string> = {
  "Error is frozen": "Object.freeze(Error);",
  "Error.stackTraceLimit is 0": "Error.stackTraceLimit = 0;",
  "Error.stackTraceLimit cannot be written":
    "Object.defineProperty(Error, 'stackTraceLimit', { value: 0, writable: false, configurable: false });",
  "Error.stackTraceLimit is missing": "delete Error.stackTraceLimit;",
  "Error.stackTraceLimit throws": `Object.defineProperty(Error, "stackTraceLimit", { get: ${throws}, set: ${throws} });`,
  "Error.captureStackTrace is missing": "delete Error.captureStackTrace;",
  "Error.captureStackTrace does nothing": "Error.captureStackTrace = () => {};",
  "Error.captureStackTrace throws": `Error.captureStackTrace = ${throws};`,
  "Error.prepareStackTrace is the user's": "Error.prepareStackTrace = (error, frames) => frames;",
  "Error.prepareStackTrace throws": `Error.prepareStackTrace = ${throws};`,
  "Error.prepareStackTrace cannot be set":
    "Object.defineProperty(Error, 'prepareStackTrace', { get: () => undefined, configurable: false });",
  "vm is a stub and v8 is empty": `const g = process.getBuiltinModule; process.getBuiltinModule = (n) => { n = n.replace("node:", "");
     return n === "vm" ? { runInThisContext: ${throws}, Script: class { constructor() { throw new Error(); } } } : n === "v8" ? {} : g(n); };`,
  "vm and v8 have stubs only": `const g = process.getBuiltinModule; process.getBuiltinModule = (n) => { n = n.replace("node:", ""); const no = ${throws};
     return n === "vm" ? { runInThisContext: no, runInNewContext: no, createContext: no, Script: no } : n === "v8" ? { setFlagsFromString: no } : g(n); };`,
  "process.getBuiltinModule throws": `process.getBuiltinModule = ${throws};`,
  "process.getBuiltinModule gives nothing": "process.getBuiltinModule = () => undefined;",
  "all modules are empty": "process.getBuiltinModule = () => ({});",
  "process has nothing": "Object.defineProperty(globalThis, 'process', { value: {} });",
  "process.env may not be read": `process.env = new Proxy(process.env, { get: (env, name) => { if (name === "NBYTES_TRACE") throw new Error("no"); return env[name]; } });`,
  "process is missing": "delete globalThis.process;",
  "TextDecoder and TextEncoder are missing": "delete globalThis.TextDecoder; delete globalThis.TextEncoder;",
  "performance is missing": "delete globalThis.performance;",
  "FinalizationRegistry is missing": "delete globalThis.FinalizationRegistry;",
  "FinalizationRegistry is missing, in a browser":
    "delete globalThis.FinalizationRegistry; process.getBuiltinModule = undefined;",
  "WeakRef is missing": "delete globalThis.WeakRef; delete globalThis.FinalizationRegistry;",
  "structuredClone is missing": "delete globalThis.structuredClone;",
  "crypto is missing": "delete globalThis.crypto;",
  "Buffer is missing": "delete globalThis.Buffer;",
  "console is missing": "globalThis.print = console.log; delete globalThis.console;",
  "URL, fetch and Response are missing":
    "for (const name of ['URL', 'fetch', 'Response', 'XMLHttpRequest']) delete globalThis[name];",
  "Symbol.dispose cannot be defined": "Object.freeze(Symbol);",
  "globals cannot be made": "Object.preventExtensions(globalThis);",
  "the intrinsics are frozen": freezeAll,
};

// What every host must print. Lines are the program's own, or unknown.
const program = `
  const before = Object.getOwnPropertyDescriptor(Error, "stackTraceLimit");
  const nb = await import(ENTRY);
  const { memory } = nb;
  const print = globalThis.print ?? console.log;
  const told = [];
  const a = nb.arange(6).reshape([2, 3]);
  told.push(nb.add(a, a.T.reshape([2, 3]).copy()).sum(), String(a.at("0")), nb.load(nb.save(a)).item(1, 2));
  nb.zeros(3e6).dispose();
  const t = memory.trace(() => memory.scope(() => nb.add(nb.zeros(300), 1)), { level: "stacks" });
  told.push(t.allocated, t.allocs);
  const sites = t.lines().rows.map((row) => row.site?.file ?? "");
  for (const text of [String(t), t.export("html"), memory.summary(), memory.snapshot(), memory.host(), memory.map()]) String(text);
  told.push(String(memory.leaks(() => nb.zeros(3).dispose())).split("\\n").length);
  const r = await memory.traceAsync(async () => { await null; return nb.zeros(2); });
  told.push(r.allocated);
  for (let i = 0; i < 40; i++) nb.zeros(1e6);
  await memory.collect();
  for (const fail of [() => a.at(9), () => nb.add(nb.zeros(3), nb.zeros(4)), () => a.sum(7)]) {
    try { fail(); told.push("no error"); } catch (error) { told.push(error.name); try { String(error.stack); } catch {} }
  }
  try { memory.trace(() => a.at(9)); } catch (error) { told.push(error.name); }
  told.push(Number(nb.random.defaultRng(1).integers(5)), Number.isFinite(nb.random.defaultRng().random()));
  const after = Object.getOwnPropertyDescriptor(Error, "stackTraceLimit");
  told.push(before?.value === after?.value);
  told.push(sites.every((file) => file === "" || /eval1|program/.test(file)) || sites);
  print(JSON.stringify(told));`;

describe("issue 7.5: a host that has less, or guards what it has", () => {
  test.each(Object.entries(preludes))("%s", (_, prelude) => {
    const entry = JSON.stringify(new URL("../../dist/index.js", import.meta.url).href);
    const code = `${prelude}\n${program.replace("ENTRY", entry)}`;
    const args = ["--input-type=module", "-e", code];
    const { stdout, stderr } = spawnSync(process.execPath, args, { encoding: "utf8", cwd: root });
    expect(stdout.trim() || stderr.slice(0, 2000)).toBe(
      '[30,"[0. 1. 2.]",5,4800,2,1,16,"IndexError","ShapeError","AxisError","IndexError",2,true,true,true]',
    );
  });
});

test("issue 7.24: where a Content-Security-Policy forbids WebAssembly, the error at the start says what to allow", () => {
  const entry = JSON.stringify(new URL("../../dist/index.js", import.meta.url).href);
  const refuse = `WebAssembly.Module = class { constructor() { throw new WebAssembly.CompileError(
    "WebAssembly.Module(): Wasm code generation disallowed by embedder"); } };`;
  const { stderr } = spawnSync(process.execPath, ["--input-type=module", "-e", `${refuse} await import(${entry});`], {
    encoding: "utf8",
  });
  expect(stderr).toContain("script-src 'self' 'wasm-unsafe-eval'");
  expect(stderr.length).toBeLessThan(3000);
});
