import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { nodeResolve } from "@rollup/plugin-node-resolve";
import * as esbuild from "esbuild";
import { rollup } from "rollup";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { expected, install, type Project, runInNode } from "./consumer.js";

// nbytes/functions: what a program does not import is not in its bundle.

let project: Project;
const answer = "console.log(JSON.stringify(tolist(add(array([1, 2, 3]), array([10, 20, 30])))));";

beforeAll(() => {
  project = install();
  project.write({
    "few.js": `import { add, array, tolist } from "nbytes/functions";\n${answer}`,
    "few.cjs": `const { add, array, tolist } = require("nbytes/functions");\n${answer}`,
  });
});

afterAll(() => project.remove());

/** The files of the package in a bundle by esbuild, by their paths in dist/modules/, and the bundle's bytes gzipped. */
async function bundled(entry: string): Promise<{ files: string[]; gzipped: number }> {
  const { metafile } = await esbuild.build({
    absWorkingDir: project.folder,
    entryPoints: [`./${entry}`],
    outfile: `esbuild/${entry}`,
    bundle: true,
    minify: true,
    format: "esm",
    metafile: true,
  });
  const inputs = Object.values(metafile.outputs)[0].inputs;
  const kept = Object.entries(inputs).filter(([, { bytesInOutput }]) => bytesInOutput > 0);
  return {
    files: kept.map(([path]) => path.replace(/^.*\/dist\/(?:modules\/)?/, "")),
    gzipped: gzipped(readFileSync(join(project.folder, "esbuild", entry))),
  };
}

const gzipped = (bytes: Uint8Array | string): number => gzipSync(bytes, { level: 9 }).length;

/** The chapters of the core whose texts are in a script: each is known by its first 40 characters, those of `text`. */
function textsIn(script: string): string[] {
  const texts = readFileSync(join(project.folder, "node_modules/nbytes/dist/chunk-core.js"), "utf8");
  const found = [...texts.matchAll(/export const (\w+) = `([^`]{40})/g)].filter(([, , begin]) =>
    script.includes(begin),
  );
  return found.map(([, name]) => name);
}

test("import and require of nbytes/functions start by themselves, with the engine of nbytes", () => {
  expect(runInNode(project.folder, "few.js")).toBe(expected);
  expect(runInNode(project.folder, "few.cjs")).toBe(expected);
  project.write({
    "both.js": `import { NDArray, ones } from "nbytes";
      import * as few from "nbytes/functions";
      console.log(few.sum(ones(3)), few.NDArray === NDArray);`,
  });
  expect(runInNode(project.folder, "both.js")).toBe("3 true");
});

describe("a bundle of add and array", () => {
  test("by esbuild holds neither methods nor reports, no other chapter, takes 35 kB, and runs", async () => {
    const { files, gzipped } = await bundled("few.js");
    const chapters =
      /^(?:memory|shrink|text|files|reducing|statistics|indexing|shaping|creating|matchers)\/|ethods\.js$/;
    expect(files.filter((path) => chapters.test(path))).toEqual([]);
    expect(files).toContain("elementwise/ufuncs.js");
    expect(gzipped).toBeLessThan(35_000);
    const script = readFileSync(join(project.folder, "esbuild/few.js"), "utf8");
    expect(textsIn(script).sort()).toEqual(["arithmetic", "base", "casts", "unpack"]);
    expect(runInNode(project.folder, "esbuild/few.js")).toBe(expected);
  });

  test("by rollup runs, takes 35 kB, and has no warning", async () => {
    const warnings: string[] = [];
    const bundle = await rollup({
      input: join(project.folder, "few.js"),
      plugins: [nodeResolve({ browser: true })],
      onwarn: ({ message }) => warnings.push(message),
    });
    const { output } = await bundle.write({ file: join(project.folder, "rollup/few.js"), format: "es" });
    expect(warnings).toEqual([]);
    const names = Object.entries(output[0].modules).filter(([, { renderedLength }]) => renderedLength > 0);
    expect(names.filter(([path]) => /modules\/(?:memory|shrink|text)\//.test(path))).toEqual([]);
    const { code } = await esbuild.transform(output[0].code, { minify: true, format: "esm" });
    expect(gzipped(code)).toBeLessThan(35_000);
    expect(runInNode(project.folder, "rollup/few.js")).toBe(expected);
  });

  test("from nbytes still has methods, and lines of errors and leaks", async () => {
    project.write({
      "told.js": `import { array, memory } from "nbytes";
        let said = "";
        memory.trace(() => {
          const a = array([1, 2, 3]);
          a.dispose();
          try { a.sum(); } catch (error) { said = error.message; }
        });
        console.log(String(array([1, 2]).add(1)), /disposed.*told\\.js:5/s.test(said), memory.usage().arrays);`,
    });
    await esbuild.build({
      absWorkingDir: project.folder,
      entryPoints: ["./told.js"],
      outfile: "esbuild/told.js",
      bundle: true,
      sourcemap: true,
      format: "esm",
    });
    expect(runInNode(project.folder, "told.js")).toBe("[2. 3.] true 2");
    expect(runInNode(project.folder, "esbuild/told.js")).toBe("[2. 3.] true 2");
  });
});

test("a bundle of everything takes 244 kB, and one of nbytes/slim has no text of the core", async () => {
  project.write({
    "all.js": 'import * as np from "nbytes"; console.log(np.random.defaultRng(1).random().toFixed(3), np);',
    "slim.js": 'import * as np from "nbytes/slim"; console.log(np);',
  });
  expect((await bundled("all.js")).gzipped).toBeLessThan(244_000);
  expect(runInNode(project.folder, "esbuild/all.js")).toMatch(/^0\.512 /);
  const script = readFileSync(join(project.folder, "esbuild/all.js"), "utf8");
  expect(textsIn(script)).toHaveLength(18);
  const { files } = await bundled("slim.js");
  expect(files.filter((path) => path.endsWith("chunk-core.js"))).toEqual([]);
  expect(textsIn(readFileSync(join(project.folder, "esbuild/slim.js"), "utf8"))).toEqual([]);
});

test("the types of nbytes/functions have functions and dispose(), and no methods", () => {
  project.write({
    "use.ts": `import { add, array, type NDArray, sum } from "nbytes/functions";
      const a = array([1, 2, 3]);
      export const b: NDArray<"float64"> = add(a, 1);
      export const total: number = sum(b);
      // @ts-expect-error there are no methods
      a.sum();
      a.dispose();`,
    "tsconfig.json": JSON.stringify({
      compilerOptions: { noEmit: true, strict: true, target: "es2022", module: "nodenext", types: [] },
      files: ["use.ts"],
    }),
  });
  const tsc = fileURLToPath(new URL("../../node_modules/typescript/bin/tsc", import.meta.url));
  expect(spawnSync(process.execPath, [tsc], { cwd: project.folder, encoding: "utf8" }).stdout).toBe("");
}, 600_000);

test("inside the library nothing calls a method", () => {
  const root = fileURLToPath(new URL("../..", import.meta.url)),
    tsc = join(root, "node_modules/typescript/bin/tsc"),
    config = join(root, "build/functions.tsconfig.json");
  const files = { files: ["../src/functions.ts"], include: [] };
  writeFileSync(config, JSON.stringify({ extends: "../tsconfig.json", compilerOptions: { noEmit: true }, ...files }));
  const told = spawnSync(process.execPath, [tsc, "-p", config, "--listFilesOnly"], { encoding: "utf8" }).stdout;
  expect(told).not.toMatch(/src\/methods\.ts/);
  expect(spawnSync(process.execPath, [tsc, "-p", config], { encoding: "utf8" }).stdout).toBe("");
}, 600_000);
