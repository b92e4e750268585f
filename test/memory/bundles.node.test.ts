import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type BuildOptions, build } from "esbuild";
import { afterAll, beforeAll, expect, test } from "vitest";

// Lines must be the user's own however the library is packed: beside the user's code, or in one file with it.

const root = fileURLToPath(new URL("../..", import.meta.url));
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "nbytes-lines-"));
  writeFileSync(join(folder, "package.json"), '{ "type": "module" }');
  writeFileSync(
    join(folder, "app.ts"),
    `import { add, memory, zeros } from "nbytes";
interface Unused {
  readonly moves: "the lines of the built file";
}
export function twice(): void {
  const a = zeros(100);
  a.copy().dispose();
  add(a, 1, { out: a });
}
const t = memory.trace(twice);
console.log(JSON.stringify(t.lines().rows.map(({ site, source }) => [site.file, site.line, source])));
`,
  );
});

afterAll(() => rmSync(folder, { recursive: true }));

async function rowsOf(name: string, options: BuildOptions, ...flags: string[]): Promise<[string, number, string][]> {
  const outfile = join(folder, `${name}.js`);
  await build({
    entryPoints: [join(folder, "app.ts")],
    bundle: true,
    format: "esm",
    platform: "neutral",
    target: "es2022",
    alias: { nbytes: join(root, "src/index.ts") },
    logLevel: "error",
    outfile,
    ...options,
  });
  return JSON.parse(execFileSync(process.execPath, [...flags, outfile], { encoding: "utf8" })) as [
    string,
    number,
    string,
  ][];
}

const mapped = [
  [6, "const a = zeros(100);"],
  [7, "a.copy().dispose();"],
];

test.each([
  ["a source map beside the file", { sourcemap: true }, []],
  ["a source map inside the file", { sourcemap: "inline" as const }, []],
  ["Node's own source maps", { sourcemap: true }, ["--enable-source-maps"]],
  ["a minified file", { sourcemap: true, minify: true }, []],
])("in one file with the user's code, with %s, lines are those of the TypeScript", async (name, options, flags) => {
  const rows = await rowsOf(name.replaceAll(" ", "-"), options, ...flags);
  expect(rows.map(([, line, source]) => [line, source])).toEqual(mapped);
  expect(rows[0][0]).toBe(join(folder, "app.ts"));
});

test("without a source map lines are those of the built file, and still the user's", async () => {
  const rows = await rowsOf("plain", {});
  expect(rows.map(([file, , source]) => [file.replace("file://", ""), source])).toEqual(
    ["const a = zeros(100);", "a.copy().dispose();"].map((source) => [join(folder, "plain.js"), source]),
  );
});
