import { execFileSync } from "node:child_process";
import { copyFileSync } from "node:fs";
import { join } from "node:path";
import { nodeResolve } from "@rollup/plugin-node-resolve";
import * as esbuild from "esbuild";
import { rollup } from "rollup";
import * as vite from "vite";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import webpack from "webpack";
import {
  closeBrowser,
  executablePath,
  expected,
  install,
  open,
  type Project,
  page,
  program,
  requiringProgram,
  runInChromium,
  runInNode,
  slimProgram,
} from "./consumer.js";

let project: Project;

beforeAll(() => {
  project = install();
  project.write({
    "app.js": program,
    "slim.js": slimProgram(),
    "app.cjs": requiringProgram,
    "index.html": page("./app.js"),
    "slim.html": page("./slim.js"),
  });
});

afterAll(async () => {
  await closeBrowser();
  project.remove();
});

/** A folder of the project, for what a bundler writes, with a page that runs `app.js`. */
function output(name: string): string {
  project.write({ [`${name}/index.html`]: page("./app.js") });
  return join(project.folder, name);
}

describe("in Node", () => {
  test('import … from "nbytes" starts by itself', () => {
    expect(runInNode(project.folder, "app.js")).toBe(expected);
  });

  test('require("nbytes") works: no top-level await', () => {
    expect(runInNode(project.folder, "app.cjs")).toBe(expected);
  });

  test("issue 7.24: a program that imports and requires has one engine", () => {
    project.write({
      "mixed.cjs": `const required = require("nbytes");
        import("nbytes").then((imported) => {
          const a = imported.ones(3);
          console.log(required.add(a, required.ones(3)).sum(), required.NDArray === imported.NDArray);
        });`,
    });
    expect(runInNode(project.folder, "mixed.cjs")).toBe("6 true");
  });

  test("issue 7.24: who can only require, as Jest, shares the engine between nbytes, its matchers and nbytes/jest", () => {
    project.write({
      "old.cjs": `const nbytes = require("nbytes"), { matchers } = require("nbytes/jest");
        const { pass } = matchers.toAllocate.call({ isNot: false }, () => nbytes.ones(3).dispose(), { arrays: 1 });
        console.log(pass, require.resolve("nbytes").split("/").slice(-3).join("/"));`,
    });
    const flags = ["--no-experimental-require-module", "old.cjs"];
    const printed = execFileSync(process.execPath, flags, { cwd: project.folder, encoding: "utf8" });
    expect(printed.trim()).toBe("true dist/cjs/index.js");
  });

  test('import … from "nbytes/slim" with init() reads core.wasm beside it', () => {
    expect(runInNode(project.folder, "slim.js")).toBe(expected);
  });

  test("init(source) takes the bytes of nbytes/core.wasm, a module, a URL and a Response", () => {
    const imports = `import { readFileSync } from "node:fs";
      import { createRequire } from "node:module";
      import { pathToFileURL } from "node:url";
      const path = createRequire(import.meta.url).resolve("nbytes/core.wasm");
      const bytes = readFileSync(path);
      const headers = { "content-type": "application/wasm" };`;
    const sources = [
      "bytes",
      "new WebAssembly.Module(bytes)",
      "pathToFileURL(path)",
      "new Response(bytes, { headers })",
    ];
    for (const [i, source] of sources.entries()) {
      project.write({ [`slim${i}.js`]: slimProgram(source, imports) });
      expect(runInNode(project.folder, `slim${i}.js`), source).toBe(expected);
    }
  });
});

describe.skipIf(executablePath === undefined)("in Chromium", () => {
  test("a static page with an import map", async () => {
    const dist = "./node_modules/nbytes/dist";
    project.write({
      "map.html": page("./app.js", { nbytes: `${dist}/index.js` }),
      "map-slim.html": page("./slim.js", { "nbytes/slim": `${dist}/slim.js` }),
    });
    expect(await open(project.folder, "map.html")).toBe(expected);
    expect(await open(project.folder, "map-slim.html")).toBe(expected);
  });

  test.each(["index.html", "slim.html"])("vite build of %s", async (input) => {
    const outDir = `vite-${input.replace(".html", "")}`;
    await vite.build({
      root: project.folder,
      configFile: false,
      logLevel: "error",
      build: { outDir, rolldownOptions: { input: join(project.folder, input) } },
    });
    expect(await open(join(project.folder, outDir), input)).toBe(expected);
  });

  test.each(["index.html", "slim.html"])("vite dev of %s", async (input) => {
    const cacheDir = join(project.folder, `.vite-${input}`);
    const server = await vite.createServer({
      root: project.folder,
      configFile: false,
      logLevel: "error",
      cacheDir,
      server: { port: 0, host: "127.0.0.1", hmr: false, ws: false },
    });
    try {
      await server.listen();
      expect(await runInChromium(`${server.resolvedUrls?.local[0]}${input}`)).toBe(expected);
    } finally {
      await server.close();
    }
  });

  test.each(["app", "slim"])("webpack of %s.js", async (name) => {
    const folder = output(`webpack-${name}`);
    const compiler = webpack({
      mode: "production",
      context: project.folder,
      entry: `./${name}.js`,
      output: { path: folder, filename: "app.js" },
      performance: false,
    });
    const stats = await new Promise<webpack.Stats | undefined>((resolve, reject) =>
      compiler.run((error, done) => (error ? reject(error) : resolve(done))),
    );
    expect(stats?.toJson({ all: false, errors: true, warnings: true })).toMatchObject({ errors: [], warnings: [] });
    expect(await open(folder)).toBe(expected);
  });

  // esbuild and rollup leave `new URL("./core.wasm", import.meta.url)` as it is: core.wasm goes beside the bundle.
  test.each(["app", "slim"])("esbuild of %s.js", async (name) => {
    const folder = output(`esbuild-${name}`);
    const built = await esbuild.build({
      absWorkingDir: project.folder,
      entryPoints: [`./${name}.js`],
      outfile: join(folder, "app.js"),
      bundle: true,
      format: "esm",
    });
    expect(built).toMatchObject({ errors: [], warnings: [] });
    if (name === "slim") copyCore(folder);
    expect(await open(folder)).toBe(expected);
  });

  test.each(["app", "slim"])("rollup of %s.js", async (name) => {
    const folder = output(`rollup-${name}`);
    const warnings: string[] = [];
    const bundle = await rollup({
      input: join(project.folder, `${name}.js`),
      plugins: [nodeResolve({ browser: true })],
      onwarn: ({ message }) => warnings.push(message),
    });
    await bundle.write({ file: join(folder, "app.js"), format: "es" });
    expect(warnings).toEqual([]);
    if (name === "slim") copyCore(folder);
    expect(await open(folder)).toBe(expected);
  });

  function copyCore(folder: string): void {
    copyFileSync(join(project.folder, "node_modules/nbytes/dist/core.wasm"), join(folder, "core.wasm"));
  }
});
