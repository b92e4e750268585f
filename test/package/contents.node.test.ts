import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, expect, test } from "vitest";
import { install, type Project } from "./consumer.js";

let project: Project;
let folder: string;

beforeAll(() => {
  project = install();
  folder = join(project.folder, "node_modules/nbytes");
});

afterAll(() => project.remove());

/** The scripts an entry loads: itself and, transitively, what it imports. */
function scripts(entry: string, seen = new Set<string>()): Set<string> {
  if (seen.has(entry)) return seen;
  seen.add(entry);
  for (const name of imports(entry)) if (name.startsWith("./")) scripts(name.slice(2), seen);
  return seen;
}

/** What a bundled script imports: esbuild writes one statement per module, without spaces. */
function imports(script: string): string[] {
  const text = readFileSync(join(folder, "dist", script), "utf8");
  return [...text.matchAll(/(?:^|;)(?:import|export)(?:[\w$*{},\s]*from)?\s?"([^"]+)"/gm)].map(([, name]) =>
    String(name),
  );
}

test("package.json has no dependencies of any kind at run time", () => {
  const manifest = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  expect(manifest).not.toHaveProperty("dependencies");
  expect(manifest).not.toHaveProperty("optionalDependencies");
});

test("the browser entries import nothing but each other's chunks, and index.js itself", () => {
  const reached = [...scripts("index.js"), ...scripts("functions.js"), ...scripts("slim.js")];
  expect([...scripts("slim.js")].filter((name) => name === "chunk-core.js" || name === "index.js")).toEqual([]);
  expect(scripts("functions.js")).toContain("chunk-core.js");
  const outside = reached.flatMap(imports).filter((name) => !name.startsWith("./chunk-") && name !== "./index.js");
  expect(outside).toEqual([]);
  expect(reached.length).toBeGreaterThan(2);
});

test("the tarball holds dist, the types of the core, and the texts a reader wants", () => {
  expect(readdirSync(folder).sort()).toEqual(["CHANGELOG.md", "LICENSE", "README.md", "build", "dist", "package.json"]);
  expect(readdirSync(join(folder, "build"))).toEqual(["chapters"]);
  const types = readdirSync(join(folder, "build/chapters"));
  expect(types).toContain("base.d.ts");
  expect(types.filter((name) => !name.endsWith(".d.ts"))).toEqual([]);
});

test("issue 7.15: the declarations compile with lib ES2022 alone, libraries checked, for import and require", () => {
  project.write({
    "use.ts": `import { add, array, lazy, memory, shrink } from "nbytes";
      import { init } from "nbytes/slim";
      export const text: string = JSON.stringify(add(array([1, 2]), array([3, 4])).tolist());
      export const ready: Promise<void> = init();
      export const total: number = lazy(array([1, 2])).add(1).sum();
      export const bytes: Promise<number> = memory.traceAsync(async () => 1).then((t) => t.peak + t.result);
      export const late = array([1, 2]).copy({ lazy: true }).at("1:");
      export const best: string = String(shrink.report(array([1, 2])));`,
  });
  const tsc = fileURLToPath(new URL("../../node_modules/typescript/bin/tsc", import.meta.url));
  project.write({
    "use.cts": `import nbytes = require("nbytes");
      import { register } from "nbytes/jest";
      export const total: number = nbytes.zeros(3).sum();
      export const called = [register];`,
  });
  const cases = [
    ["node16", ["ES2022"]],
    ["preserve", ["ESNext", "DOM"]],
  ] as const;
  for (const [module, lib] of cases) {
    const compilerOptions = {
      noEmit: true,
      strict: true,
      target: "es2022",
      skipLibCheck: false,
      types: [],
      module,
      lib,
    };
    project.write({ "tsconfig.json": JSON.stringify({ compilerOptions, files: ["use.ts", "use.cts"] }) });
    expect(spawnSync(process.execPath, [tsc], { cwd: project.folder, encoding: "utf8" }).stdout).toBe("");
  }
}, 600_000);

test("gzipped, the default entry stays below 291 KB, of which the core is 72", () => {
  const gzipped = (paths: Iterable<string>): number => {
    let sum = 0;
    for (const path of paths) sum += gzipSync(readFileSync(join(folder, "dist", path))).length;
    return sum;
  };
  const whole = gzipped(scripts("index.js"));
  expect(whole).toBeLessThan(291_000);
  expect(gzipped(["chunk-core.js"])).toBeLessThan(76_000);
});

test("readParquet says what to install where its packages are not; neither they nor it are in the default entry", () => {
  project.write({
    "parquet.js": `import { table } from "nbytes";
      import { ImportError, readParquet, writeParquet } from "nbytes/parquet";
      const said = (error) => [error instanceof ImportError, error.packageName, error.message];
      const all = [readParquet(new Uint8Array(9)), writeParquet(table({ x: [1] }))];
      console.log(JSON.stringify((await Promise.allSettled(all)).map(({ reason }) => said(reason))));`,
  });
  const { stdout } = spawnSync(process.execPath, ["parquet.js"], { cwd: project.folder, encoding: "utf8" });
  expect(JSON.parse(stdout)).toEqual([
    [true, "hyparquet", "readParquet needs the package hyparquet: npm install hyparquet"],
    [true, "hyparquet-writer", "writeParquet needs the package hyparquet-writer: npm install hyparquet-writer"],
  ]);
  const texts = [...scripts("index.js")].map((name) => readFileSync(join(folder, "dist", name), "utf8"));
  expect(texts.filter((text) => /hyparquet|flechette|readParquet/.test(text))).toEqual([]);
  expect(readFileSync(join(folder, "dist/parquet.js"), "utf8")).toContain('import("hyparquet")');
});
