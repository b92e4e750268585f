import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type BuildOptions, build } from "esbuild";
import { afterAll, beforeAll, expect, test } from "vitest";

// The exit report of a program that was not changed.

const root = fileURLToPath(new URL("../..", import.meta.url));
let folder: string;

const program = `import { add, zeros } from "nbytes";
type Unused = "moves the lines of the built file";
function sums(n: number) {
  const x = zeros(n);
  const y = add(x, 1);
  x.dispose();
  return y.copy();
}
console.log("out");
(globalThis as { kept?: unknown }).kept = [1e5, 1e6].map(sums);
`;

beforeAll(async () => {
  execFileSync(process.execPath, ["scripts/build.mjs"], { cwd: root });
  folder = mkdtempSync(join(tmpdir(), "nbytes-trace-"));
  mkdirSync(join(folder, "node_modules"));
  symlinkSync(root, join(folder, "node_modules/nbytes"));
  writeFileSync(join(folder, "package.json"), '{ "type": "module" }');
  writeFileSync(join(folder, "typed.ts"), program);
  writeFileSync(join(folder, "plain.js"), program.replace(/: number| as \{.*?\}/g, "").replace(/^type .*/m, ""));
  writeFileSync(join(folder, "required.cjs"), 'const { zeros } = require("nbytes");\nzeros(10).dispose();\n');
  writeFileSync(join(folder, "idle.js"), 'import "nbytes";\n');
  writeFileSync(join(folder, "without.js"), "globalThis.x = 1;\n");
  writeFileSync(join(folder, "fails.js"), 'import { zeros } from "nbytes";\nzeros(1);\nthrow new Error("mine");\n');
  writeFileSync(
    join(folder, "slim.js"),
    'import { init, zeros } from "nbytes/slim";\nawait init();\nglobalThis.a = zeros(10);\n',
  );
  const options: BuildOptions = {
    absWorkingDir: folder,
    entryPoints: ["typed.ts"],
    bundle: true,
    format: "esm",
    sourcemap: true,
  };
  await build({ ...options, outfile: join(folder, "bundled.js") });
  await build({ ...options, outfile: join(folder, "beside.js"), external: ["nbytes"] });
});

afterAll(() => rmSync(folder, { recursive: true }));

/** What a program prints on stderr; on stdout it prints only its own. */
function stderrOf(level: string | undefined, args: string[], out = "out\n"): string {
  const { NBYTES_TRACE: _, NODE_OPTIONS: __, ...env } = process.env;
  const traced = level === undefined ? env : { ...env, NBYTES_TRACE: level };
  const { stdout, stderr } = spawnSync(process.execPath, args, { cwd: folder, encoding: "utf8", env: traced });
  expect(stdout).toBe(out);
  return stderr;
}

/** The report of \`program\`, whose lines are those of \`name\`. */
const report = (name: string, script: string): (string | RegExp)[] => [
  `nbytes: the memory of ${script}, traced at the level lines`,
  "  allocated  26.4 MB  in 6 arrays, 8.80 MB of it copies",
  "  peak       17.6 MB",
  "  retained   17.6 MB  in 4 arrays at exit, 8.80 MB of it forgotten",
  /^ {2}reserved {3}\d\d\.\d MB {2}of linear memory$/,
  "",
  "allocated, by line",
  `  8.80 MB  in 2  ${name}:4  zeros  const x = zeros(n);`,
  `  8.80 MB  in 2  ${name}:5  add    const y = add(x, 1);`,
  `  8.80 MB  in 2  ${name}:7  copy   return y.copy();`,
  "",
  "live at exit, by line",
  `  8.80 MB  in 2  ${name}:7  copy  return y.copy();`,
  "",
  /^tracing took \d+\.\d ms and \d+\.\d+ kB of JavaScript memory$/,
];

test.each([
  ["NBYTES_TRACE=lines node plain.js", "lines", ["plain.js"], "plain.js"],
  ["NBYTES_TRACE=1", "1", ["plain.js"], "plain.js"],
  ["node --import nbytes/trace plain.js", undefined, ["--import", "nbytes/trace", "plain.js"], "plain.js"],
  ["both", "lines", ["--import", "nbytes/trace", "plain.js"], "plain.js"],
  ["TypeScript in one file with the library", "lines", ["bundled.js"], "typed.ts"],
  ["the same with --import", undefined, ["--import", "nbytes/trace", "bundled.js"], "typed.ts"],
  ["TypeScript beside the library", undefined, ["--import", "nbytes/trace", "beside.js"], "typed.ts"],
  ["Node's own source maps", "lines", ["--enable-source-maps", "beside.js"], "typed.ts"],
])("lesson 74: the exit report tells totals, the user's lines and what is live: %s", (_, level, args, name) => {
  const lines = stderrOf(level, args).trimEnd().split("\n");
  const expected = report(name, args.at(-1) ?? "");
  expect(lines).toEqual(expected.map((line) => (line instanceof RegExp ? expect.stringMatching(line) : line)));
});

test("without being asked a program prints nothing", () => {
  for (const level of [undefined, "", "0", "off"]) expect(stderrOf(level, ["plain.js"])).toBe("");
});

test("the level stacks adds callers, events gives operations, counters only totals", () => {
  expect(stderrOf("stacks", ["plain.js"])).toContain(
    "  8.80 MB in 2 arrays, zeros\n    at plain.js:4  const x = zeros(n);\n    at plain.js:10  (globalThis).kept = [1e5, 1e6].map(sums);\n",
  );
  expect(stderrOf("events", ["plain.js"])).toContain(
    "\nallocated, by operation\n  8.80 MB  in 2  add\n  8.80 MB  in 2  copy\n  8.80 MB  in 2  zeros\n",
  );
  expect(stderrOf("counters", ["plain.js"])).not.toContain("plain.js:");
});

test("a level that is none is told, and lines are taken", () => {
  expect(stderrOf("line", ["plain.js"])).toMatch(
    /^nbytes: NBYTES_TRACE=line is none of counters, events, lines, stacks; taking lines\nnbytes: the memory of plain\.js/,
  );
});

test("a program that makes no arrays hears so once, with the library or without", () => {
  expect(stderrOf("lines", ["idle.js"], "")).toBe("nbytes: idle.js made no arrays\n");
  expect(stderrOf(undefined, ["--import", "nbytes/trace", "idle.js"], "")).toBe("nbytes: idle.js made no arrays\n");
  expect(stderrOf("lines", ["--import", "nbytes/trace", "without.js"], "")).toBe("nbytes: without.js made no arrays\n");
});

test("nbytes/slim and a program that fails report too", () => {
  expect(stderrOf("lines", ["slim.js"], "")).toMatch(/ 80 B {2}slim\.js:3 {2}zeros /);
  const text = stderrOf(undefined, ["--import", "nbytes/trace", "fails.js"], "");
  expect(text).toMatch(/Error: mine/);
  expect(text).toMatch(/ 8 B {2}fails\.js:2 {2}zeros {2}zeros\(1\);/);
});

test("searches for forgotten arrays during the program are told, with what they found", () => {
  writeFileSync(
    join(folder, "forgets.js"),
    'import { zeros } from "nbytes";\nfor (let i = 0; i < 100; i++) zeros(1e6);\n',
  );
  const text = stderrOf("lines", ["forgets.js"], "");
  expect(text).toMatch(/\n\d+ search(es)? for forgotten arrays took \d+ ms and found \d+ MB, most by forgets\.js:2\n$/);
  expect(text).toMatch(/\n {2}allocated +800 MB {2}in 100 arrays\n/);
  expect(text).toMatch(/\n {2}retained .* of it forgotten\n/);
  expect(text).not.toContain("live at exit");
});

test("Deno is not made to ask its user for the environment", () => {
  writeFileSync(
    join(folder, "deno.js"),
    `const env = new Proxy({}, { get(_, name) { if (name === "NBYTES_TRACE") throw new Error("the user was asked"); } });
    Object.defineProperty(process, "env", { value: env });
    globalThis.Deno = { permissions: { querySync: ({ variable }) => ({ state: variable === "NBYTES_TRACE" ? "prompt" : "" }) } };
    await import("nbytes");\n`,
  );
  expect(stderrOf("lines", ["deno.js"], "")).toBe("");
});

test("in a context of its own, as Jest makes one, lines are those that the main context's hook tells", async () => {
  const outfile = join(folder, "context-built.js");
  await build({ absWorkingDir: folder, entryPoints: ["typed.ts"], bundle: true, format: "iife", outfile });
  writeFileSync(
    join(folder, "context.js"),
    `import { readFileSync } from "node:fs";
    import vm from "node:vm";
    Error.prepareStackTrace = (error, frames) =>
      [error, ...frames.map((f) => \`    at f (/told.ts:\${f.getLineNumber() + 100000}:1)\`)].join("\\n");
    const { console, process, performance, WebAssembly, Buffer, TextDecoder } = globalThis;
    const context = vm.createContext({ console, process, performance, WebAssembly, Buffer, TextDecoder });
    vm.runInContext(readFileSync("context-built.js", "utf8"), context, "/built.js");\n`,
  );
  expect(stderrOf("lines", ["context.js"])).toMatch(/ told\.ts:1\d{5} {2}zeros/);
});
