import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { typesOf } from "../../../src/cli/commands/program.js";
import { nbytes, type Printed } from "../running.js";

// Programs in processes of their own, with the built package, written in TypeScript.

const root = fileURLToPath(new URL("../../..", import.meta.url));
let folder: string;

beforeAll(() => {
  execFileSync(process.execPath, ["scripts/build.mjs"], { cwd: root });
  folder = mkdtempSync(join(tmpdir(), "nbytes-cli-"));
  mkdirSync(join(folder, "node_modules"));
  symlinkSync(root, join(folder, "node_modules/nbytes"));
  symlinkSync(join(root, "node_modules/esbuild"), join(folder, "node_modules/esbuild"));
  write("package.json", '{ "type": "module" }');
  write(
    "sums.ts",
    `import { add, type NDArray, zeros } from "nbytes";
type Unused = "moves the lines of what runs";
export function sums(n: number): NDArray {
  const x = zeros(n);
  const y = add(x, 1);
  x.dispose();
  return y;
}
export function forgetful(): void {
  zeros(1000);
}
export async function late(): Promise<void> {}
export default sums;
`,
  );
  write(
    "app.ts",
    `import { memory } from "nbytes";
import { sums } from "./sums.js";
interface Row { readonly n: number }
const rows: Row[] = process.argv.slice(2).map((n) => ({ n: Number(n) }));
await Promise.resolve();
memory.scope(() => {
  for (const { n } of rows) console.log(sums(n).sum(), process.env.NBYTES_JOB ?? "");
});
export const kept = sums(10);
`,
  );
  write("idle.mjs", "console.log('idle');");
  write("fails.mjs", "import { zeros } from 'nbytes';\nglobalThis.a = zeros(5);\nprocess.exit(3);");
  write("dies.mjs", "process.kill(process.pid, 'SIGKILL');");
});

afterAll(() => rmSync(folder, { recursive: true }));

function write(name: string, text: string): void {
  writeFileSync(join(folder, name), text);
}

const run = (...argv: string[]): Promise<Printed> => nbytes(argv, { cwd: folder, env: process.env });

test("nbytes trace app.ts -- 1000 prints the bill by lines of TypeScript, below what the program prints", async () => {
  const { code, out, err } = await run("trace", "app.ts", "--", "1000");
  expect({ code, err }).toEqual({ code: 0, err: "" });
  expect(out.replace(/took .*/, "took …")).toBe(`1000 
app.ts: 4 arrays, 16,160 B allocated, peak 16,000 B, retained 80 B
 line  allocs  allocated     freed  live after     peak  source
    4       2    8.08 kB                  80 B  8.00 kB  const x = zeros(n);
    5       2    8.08 kB                 160 B  16.0 kB  const y = add(x, 1);
    6                     -8.08 kB        80 B           x.dispose();
at scope end  -8.00 kB: y (5)
tracing took …
`);
});

test("nbytes trace --level stacks adds callers, --html writes one page", async () => {
  const { code, out } = await run("trace", "app.ts", "--level", "stacks", "--html", "report.html", "--", "1000");
  expect(code).toBe(0);
  expect(out).toContain("  8.00 kB\n    at sums (sums.ts:4)\n    at (no name) (app.ts:7)\n");
  expect(out).toMatch(/\nwritten: report\.html\n$/);
  expect(readFileSync(join(folder, "report.html"), "utf8")).toMatch(/^<!doctype html>/i);
  expect(readdirSync(folder).filter((name) => name.startsWith("."))).toEqual([]);
});

test("nbytes trace --open hands the page to what BROWSER names, and says if there is none", async () => {
  const browser = join(folder, "browser"),
    seen = join(folder, "seen.txt");
  writeFileSync(browser, `#!/bin/sh\necho "$1" > '${seen}'\n`, { mode: 0o755 });
  const open = (BROWSER: string, ...argv: string[]): Promise<Printed> =>
    nbytes(["trace", "app.ts", "--open", ...argv, "--", "1000"], { cwd: folder, env: { ...process.env, BROWSER } });
  expect((await open(browser, "--html", "shown.html")).code).toBe(0);
  await vi.waitFor(() => expect(readFileSync(seen, "utf8")).toBe(`${join(folder, "shown.html")}\n`), 10_000);
  rmSync(seen);
  const { out } = await open(browser);
  const [, temporary] = /\nwritten: (.*)\n$/.exec(out) ?? [];
  await vi.waitFor(() => expect(readFileSync(seen, "utf8")).toBe(`${temporary}\n`), 10_000);
  expect(readFileSync(temporary, "utf8")).toMatch(/^<!doctype html>/i);
  rmSync(temporary);
  expect(await open(join(folder, "none"), "--html", "shown.html")).toMatchObject({
    code: 1,
    err: expect.stringContaining(`nbytes: not opened: there is no ${join(folder, "none")} here\n`),
  });
});

test("nbytes trace --json prints nothing but the report: the program's output goes to stderr", async () => {
  const { code, out, err } = await run("trace", "app.ts", "--json", "--", "1000");
  expect({ code, err }).toEqual({ code: 0, err: "1000 \n" });
  expect(JSON.parse(out)).toMatchObject({ label: "app.ts", allocated: 16160, peak: 16000, retained: 80 });
});

test("nbytes trace ends with 1 if the program fails, and says how", async () => {
  const { code, out, err } = await run("trace", "fails.mjs");
  expect(code).toBe(1);
  expect(out).toMatch(/^fails\.mjs: 1 array, 40 B allocated/);
  expect(err).toBe("nbytes: fails.mjs did not end well: exit code 3\n");
  expect(await run("trace", "dies.mjs")).toEqual({
    code: 1,
    out: "",
    err: "nbytes trace: dies.mjs ended before it could report: ended by SIGKILL\n",
  });
  expect(await run("trace", "none.ts")).toEqual({
    code: 1,
    out: "",
    err: "nbytes trace: none.ts: no such file or folder\n",
  });
});

test("nbytes trace of a program without arrays says so", async () => {
  expect(await run("trace", "idle.mjs")).toEqual({ code: 0, out: "idle\nidle.mjs made no arrays\n", err: "" });
});

test("nbytes peak tells the lines that were live at the peak; --max ends with 1", async () => {
  const { code, out } = await run("peak", "app.ts", "--", "1000");
  expect(code).toBe(0);
  expect(out).toContain(`peak 16.0 kB, of these lines
  8.00 kB  sums.ts:4  const x = zeros(n);
  8.00 kB  sums.ts:5  const y = add(x, 1);
`);
  const over = await run("peak", "app.ts", "--max", "10 kB", "--", "1000");
  expect(over.code).toBe(1);
  expect(over.out).toMatch(/more than 10\.0 kB by 6\.00 kB\n$/);
  expect((await run("peak", "app.ts", "--max", "16kB", "--", "1000")).code).toBe(0);
  expect((await run("peak", "app.ts", "--max", "lots")).code).toBe(2);
});

test("nbytes leaks tells what is live at the end, and ends with 1 if anything is", async () => {
  expect(await run("leaks", "app.ts")).toEqual({
    code: 1,
    err: "",
    out: `80 B live at exit: never given back, of these lines
  80 B  sums.ts:5  const y = add(x, 1);
\`using\` or memory.scope frees at once
`,
  });
  expect(await run("leaks", "idle.mjs")).toEqual({ code: 0, out: "idle\nidle.mjs gave back all it took\n", err: "" });
});

test("nbytes leaks --call runs a function that the program exports", async () => {
  const { code, out } = await run("leaks", "sums.ts", "--call", "forgetful", "--runs", "2");
  expect(code).toBe(1);
  expect(out).toBe(
    "1 leak, 8,000 B per run (the same in 2 of 2 runs)\n  +8,000 B  1 array per run  sums.ts:10  zeros  never disposed\n",
  );
  expect((await run("leaks", "sums.ts", "--call", "forgetfl")).err).toBe(
    "nbytes leaks: sums.ts: it exports no function forgetfl; there is default, forgetful, late, sums\n",
  );
  expect((await run("leaks", "sums.ts", "--call", "late")).err).toMatch(
    /^nbytes leaks: sums\.ts: late\(\) threw: .*asynchronous/,
  );
});

test("nbytes estimate tells what a size would take, and ends with 1 if it does not fit", async () => {
  const { code, out } = await run("estimate", "sums.ts", "--for", "1e7", "--json");
  expect(code).toBe(0);
  expect(JSON.parse(out)).toMatchObject({ peak: 160e6, allocs: 2, exact: true, fits: true });
  const much = await run("estimate", "sums.ts", "--call", "sums", "--for", "1e9");
  expect(much.code).toBe(1);
  expect(much.out).toMatch(/\n {2}too much {3}by 11\.7 GB/);
  expect((await run("estimate", "sums.ts")).err).toBe(
    "nbytes estimate: it needs the size to tell of: --for 10_000_000\n",
  );
});

test("TypeScript without Node's help, esbuild or tsx is one clear sentence", () => {
  const bare = mkdtempSync(join(tmpdir(), "nbytes-bare-"));
  try {
    const path = join(bare, "app.tsx");
    expect(() => typesOf(path, { cwd: bare })).toThrow(
      /^Node [\d.]+ does not run TypeScript by itself: npm install --save-dev esbuild \(or tsx\), or use Node from 22\.6 on$/,
    );
    expect(typesOf(join(bare, "app.js"), { cwd: bare })).toEqual({ flags: [], esbuild: null, hooks: false });
  } finally {
    rmSync(bare, { recursive: true });
  }
});
