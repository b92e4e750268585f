import { execFileSync } from "node:child_process";
import { cpSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type BuildOptions, build } from "esbuild";
import { afterAll, beforeAll, expect, test } from "vitest";
import webpack from "webpack";

// Lines must be the user's own however the library is packed: beside the user's code, or in one file with it.

const root = fileURLToPath(new URL("../../..", import.meta.url));
let folder: string;

beforeAll(() => {
  execFileSync(process.execPath, ["scripts/build.mjs"], { cwd: root });
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
console.log(
  process.argv[2] === "report" ? String(t) : JSON.stringify(t.lines().rows.map(({ site, source }) => [site.file, site.line, source])),
);
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

test("issue 7.20: without a source map a minified file has a row for each place, and the report says what is missing", async () => {
  const rows = await rowsOf("minified", { minify: true }),
    outfile = join(folder, "minified.js");
  expect(rows.map(([file]) => file)).toEqual([outfile, outfile, outfile]);
  const texts = rows.map(([, , source]) => source);
  expect(texts[0]).toMatch(/^let [\w$]+=[\w$]+\(100\);$/);
  expect(texts[1]).toMatch(/[\w$]+\.copy\(\)\.dispose\(\)/);
  const report = execFileSync(process.execPath, [outfile, "report"], { encoding: "utf8" });
  expect(report.match(/^no source map for minified\.js: lines are those of the built file$/gm)).toHaveLength(1);
  expect(report.match(/^ *\d+:\d+ /gm)).toHaveLength(3);
});

// As Deno does: frames are mapped before they are told, but a file keeps its name where its source is not there.
const denoLike = `
import { SourceMap } from "node:module";
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
const maps = new Map();
const placed = (site) => {
  const file = (site.getFileName() ?? "").replace(/^file:\\/\\//, ""), none = [file, site.getLineNumber(), site.getColumnNumber()];
  if (!maps.has(file)) maps.set(file, existsSync(file + ".map") ? new SourceMap(JSON.parse(readFileSync(file + ".map", "utf8"))) : null);
  const found = maps.get(file)?.findEntry(none[1] - 1, none[2] - 1);
  if (found?.originalSource === undefined) return none;
  const source = fileURLToPath(new URL(found.originalSource, "file://" + file));
  return [existsSync(source) ? source : file, found.originalLine + 1, found.originalColumn + 1];
};
let hook;
Object.defineProperty(Error, "prepareStackTrace", {
  get: () => hook,
  set: (to) => { hook = to && ((error, sites) => to(error, sites.map((site) => {
    const [file, line, column] = placed(site);
    return { getFileName: () => file, getLineNumber: () => line, getColumnNumber: () => column, getFunctionName: () => site.getFunctionName() };
  }))); },
});
`;

test.each([
  ["the package's own files", false],
  ["one file with the user's code", true],
])("issue 7.20: where the host maps frames but not the names of files, with %s", async (name, inOne) => {
  const place = join(folder, name.replaceAll(" ", "-")),
    installed = join(place, "node_modules/nbytes");
  for (const part of ["dist", "package.json"]) cpSync(join(root, part), join(installed, part), { recursive: true });
  writeFileSync(join(place, "package.json"), '{ "type": "module" }');
  writeFileSync(join(place, "deno.js"), denoLike);
  cpSync(join(folder, "app.ts"), join(place, "app.ts"));
  const common: BuildOptions = { bundle: true, format: "esm", platform: "node", sourcemap: true };
  const outfile = join(place, "out.js");
  await build({ ...common, entryPoints: [join(place, "app.ts")], outfile, ...(inOne ? {} : { packages: "external" }) });
  const printed = execFileSync(process.execPath, ["--import", join(place, "deno.js"), outfile], { encoding: "utf8" });
  const rows = JSON.parse(printed) as [string, number, string][];
  expect(rows).toEqual(mapped.map(([line, source]) => [join(place, "app.ts"), line, source]));
});

test("issue 7.20: with webpack's eval-source-map lines are those of the source", async () => {
  const script = join(folder, "script.js");
  await build({
    entryPoints: [join(root, "src/index.ts")],
    bundle: true,
    format: "esm",
    target: "es2022",
    logLevel: "error",
    outfile: join(folder, "nbytes.js"),
  });
  writeFileSync(
    script,
    `import { memory, zeros } from "./nbytes.js";
/** A line. */
export const twice = () => {

  zeros(100).dispose();
};
console.log(JSON.stringify(memory.trace(twice).lines().rows.map(({ site, source }) => [site.file, site.line, source])));
`,
  );
  await new Promise<void>((resolve, reject) =>
    webpack(
      {
        mode: "development",
        devtool: "eval-source-map",
        context: folder,
        entry: script,
        target: "node",
        output: { path: join(folder, "out"), filename: "eval.cjs" },
      },
      (error, stats) => (error || stats?.hasErrors() ? reject(error ?? new Error(String(stats))) : resolve()),
    ),
  );
  const printed = execFileSync(process.execPath, [join(folder, "out/eval.cjs")], { encoding: "utf8" });
  const [[file, line, source]] = JSON.parse(printed) as [string, number, string][];
  expect([file.replace(/^.*\//, ""), line, source]).toEqual(["script.js", 5, "zeros(100).dispose();"]);
});
