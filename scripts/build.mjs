// Builds the package. `node scripts/build.mjs` makes dist/, `… core` stops after the WebAssembly, `… tests` adds to that the
// sources as tests load them, `… bench` adds to dist/ build/bench/main.js, `… debug` makes the chapters for a debugger in build/debug/.
//
//   assembly/ ─asc─► build/chapters/*.wasm, *.d.ts ─► build/chapters/*.js ─┐
//             ─asc─► build/core.wasm, all of them in one ─────────────────┤
//                                                                    src/ ┴─esbuild, tsc─► dist/ ◄─ build/bench/main.js ◄─ bench/
//
// What has not changed since the last build is left alone. Every file arrives by rename, because several builds may
// run at once in one tree and no reader may see half a file.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { chapterNames, compileChapters, compileUnpack, endOf, FIRST, sourcesOf, typesOf } from "./chapters.mjs";
import { common, pack, plain } from "./pack.mjs";
import { fileOf, PEERS, TOGETHER, together } from "./together.mjs";

process.chdir(fileURLToPath(new URL("..", import.meta.url)));
const manifest = JSON.parse(readFileSync("package.json", "utf8"));
const scratch = join("build", `.${process.pid}`);
process.on("exit", () => rmSync(scratch, { recursive: true, force: true }));

/** The paths of all files under the given files and folders, in a fixed order. */
function filesUnder(...roots) {
  const found = [];
  for (const root of roots) {
    if (!existsSync(root)) continue;
    if (statSync(root).isFile()) found.push(root);
    else for (const name of readdirSync(root)) found.push(...filesUnder(join(root, name)));
  }
  return found.sort();
}

/** A hash of the contents of files: times say little after a checkout, or when a file is saved during a build. */
function fingerprint(roots, more) {
  const hash = createHash("sha256").update(`${process.version} ${more}`);
  for (const path of filesUnder(...roots)) hash.update(`\0${path}\0`).update(readFileSync(path));
  return hash.digest("hex");
}

/** Runs `make` unless `output` exists and was made from the same inputs and `more`; `make` returns false when it failed. */
async function step(name, output, inputs, make, more = "") {
  const stamp = join("build", `${name}.stamp`);
  const now = fingerprint(inputs, more);
  if (existsSync(output) && existsSync(stamp) && readFileSync(stamp, "utf8") === now) return;
  const started = performance.now();
  rmSync(stamp, { force: true });
  const ok = (await make()) !== false;
  if (ok) put(stamp, now);
  console.log(`build ${name}: ${ok ? "made" : "FAILED"} in ${((performance.now() - started) / 1000).toFixed(1)} s`);
  if (!ok) process.exitCode = 1;
}

/** Writes a file by renaming it into place. */
function put(path, text) {
  mkdirSync(dirname(path), { recursive: true });
  mkdirSync(scratch, { recursive: true });
  const temporary = join(scratch, "file");
  writeFileSync(temporary, text);
  renameSync(temporary, path);
}

/** Moves every file under `from` to the same place under `to`; returns their new paths. */
function moveInto(to, from) {
  return filesUnder(from).map((path) => {
    const target = join(to, relative(from, path));
    mkdirSync(dirname(target), { recursive: true });
    renameSync(path, target);
    return target;
  });
}

/** Writes what esbuild made, in order of name: `chunk-…` comes before the entries that import it. Returns the paths. */
function putAll(outputs) {
  const files = outputs.map(({ path, contents, text }) => ({
    path: relative(process.cwd(), path),
    contents: contents ?? text,
  }));
  files.sort((a, b) => (a.path < b.path ? -1 : 1));
  for (const { path, contents } of files) put(path, contents);
  return files.map(({ path }) => path);
}

/** Runs a tool of node_modules/.bin, showing what it prints; true if it succeeded. */
function run(tool, ...args) {
  return spawnSync(join("node_modules", ".bin", tool), args, { stdio: "inherit" }).status === 0;
}

/** assembly/chapters/ → a module for each, in `folder`; gives their names. A chapter is made again if its sources changed. */
async function chapters(target, folder) {
  const names = chapterNames();
  let base = FIRST;
  for (const name of names) {
    const at = join(folder, name),
      inputs = [...sourcesOf(name), "asconfig.json", "scripts/chapters.mjs"];
    await step(
      `${target}-${name}`,
      `${at}.wasm`,
      inputs,
      async () => {
        const made = await compileChapters([name], target, base);
        for (const [ending, contents] of made) {
          if (ending === "d.ts") put(`${at}.d.ts`, typesOf(contents));
          else if (ending !== "js") put(`${at}.${ending}`, contents);
        }
      },
      base,
    );
    base = endOf(readFileSync(`${at}.wasm`));
  }
  return names;
}

/** Chapters that have tables in common: those are a text by themselves, after which theirs are packed. */
const SHARING = ["random", "math"];

/** A module that exports a text. */
const constant = (text) => `export const text = \`${text}\`;\n`;

/** The chapters as text, each beside its types, and a module that has them all, for tests. */
async function core() {
  const folder = "build/chapters",
    names = await chapters("release", folder);
  const wasm = (name) => join(folder, `${name}.wasm`),
    base = () => readFileSync(wasm("base")),
    tables = () => common(...SHARING.map((name) => readFileSync(wasm(name))));
  for (const name of names) {
    const at = join(folder, `${name}.js`),
      shares = SHARING.includes(name),
      inputs = [name, "base", ...(shares ? SHARING : [])].map(wasm);
    await step(`text-${name}`, at, [...new Set(inputs), "scripts/pack.mjs"], () => {
      const before = name === "base" ? [] : shares ? [base(), tables()] : [base()];
      put(at, constant(pack(readFileSync(wasm(name)), Buffer.concat(before))));
    });
  }
  await step("tables", "build/tables.js", [wasm("base"), ...SHARING.map(wasm), "scripts/pack.mjs"], () => {
    put("build/tables.d.ts", "/** What math and random have in common. */\nexport declare const text: string;\n");
    put("build/tables.js", constant(pack(tables(), base())));
  });
  await step(
    "unpack",
    "build/unpack.js",
    ["assembly/unpack.ts", "scripts/pack.mjs", "scripts/chapters.mjs"],
    async () => {
      const made = await compileUnpack();
      put("build/unpack.d.ts", typesOf(made.get("d.ts")));
      put("build/unpack.js", constant(plain(made.get("wasm"))));
    },
  );
  const all = (line) => `${names.map(line).join("\n")}\n`;
  put(
    "build/core.js",
    `${all((name) => `export { text as ${name} } from "./chapters/${name}.js";`)}export { text as tables } from "./tables.js";\n`,
  );
  put(
    "build/core.d.ts",
    `${all((name) => `import type { Exports as Of_${name} } from "./chapters/${name}.js";`)}${all((name) => `export { text as ${name} } from "./chapters/${name}.js";`)}export { text as tables } from "./tables.js";\n/** What all chapters export. */\nexport type Core = ${names.map((name) => `Of_${name}`).join(" & ")};\n`,
  );
}

/** All chapters as one module, build/core.wasm: what `nbytes/slim` starts. */
async function whole() {
  await step("whole", "build/core.wasm", ["assembly", "asconfig.json", "scripts/chapters.mjs"], async () => {
    put("build/core.wasm", (await compileChapters(chapterNames(), "release", FIRST)).get("wasm"));
  });
}

/**
 * src/ → dist/: one entry for each `./dist/*.js` in package.json, what entries share in chunks, and declarations.
 * White space goes, names and lines stay: stacks stay readable, and what Node prints of a line stays short.
 */
async function dist() {
  const inputs = [
    "src",
    "build/core.wasm",
    "build/chapters",
    "build/tables.js",
    "build/unpack.js",
    "package.json",
    "tsconfig.json",
    "tsconfig.build.json",
    "scripts/build.mjs",
    "scripts/lines.mjs",
    "scripts/pack.mjs",
    "scripts/commonjs.mjs",
    "scripts/modules.mjs",
    "scripts/together.mjs",
    "scripts/using.mjs",
  ];
  await step("dist", "dist/index.js", inputs, async () => {
    const bundles = await build({
      entryPoints: entries(),
      outdir: "dist",
      write: false,
      bundle: true,
      splitting: true,
      // By this name sites.ts knows the package's own files.
      chunkNames: "chunk-nbytes-[hash]",
      format: "esm",
      platform: "neutral",
      target: "es2022",
      sourcemap: true,
      minifyWhitespace: true,
      minifySyntax: true,
      lineLimit: 120,
      plugins: [apart, withoutUsing],
      external: ["node:*", ...PEERS],
      logLevel: "warning",
    });
    // They load TypeScript, which takes longer than a build of what has not changed.
    const { separate } = await import("./modules.mjs"),
      { ambient, portable, requirable, requirableTypes } = await import("./commonjs.mjs");
    const made = join(scratch, "dist");
    const typed = run("tsc", "-p", "tsconfig.build.json", "--outDir", made);
    const declared = moveInto("dist", made);
    for (const path of declared) put(path, portable(readFileSync(path, "utf8"), path));
    put("dist/ambient.d.ts", ambient);
    declared.push("dist/ambient.d.ts");
    const texts = textNames().map(([name, path]) => readFileSync(path, "utf8").replace("text", name)),
      modules = bundles.outputFiles.filter(({ path }) => path.endsWith(".js"));
    const fresh = new Set(declared);
    const files = [
      { path: "dist/core.wasm", contents: readFileSync("build/core.wasm") },
      { path: "dist/chunk-core.js", contents: texts.join("") },
      { path: "dist/licenses.txt", contents: licenses() },
      ...(await requirable(modules, texts)),
      ...requirableTypes(declared),
      ...(await marked(bundles.outputFiles)),
      ...(await separate(
        filesUnder("src").filter((path) => !path.startsWith(CLI)),
        [shared],
      )),
      ...(await commandLine()),
      { path: "dist/modules/core.wasm", contents: readFileSync("build/core.wasm") },
    ];
    for (const path of putAll(files)) fresh.add(path);
    for (const path of filesUnder("dist")) if (!fresh.has(path)) rmSync(path);
    return typed;
  });
}

const CLI = join("src", "cli", "");

/** src/cli/ → dist/cli.js, which `bin` names, a file for each command, and what the processes that they start load first. */
async function commandLine() {
  const usesIndex = {
    name: "the library is its entries",
    setup: ({ onResolve }) => {
      const names = new Map(Object.entries(entries()).map(([name, file]) => [file, name]));
      onResolve({ filter: /^(\.\.\/)+.*\.js$/ }, ({ path, resolveDir }) => {
        const name = names.get(relative(process.cwd(), join(resolveDir, path)).replace(/js$/, "ts"));
        return name === undefined ? undefined : { path: `./${name}.js`, external: true };
      });
      // What the commands use of it is read from bytes: of the core nothing is left, which a test asks.
      onResolve({ filter: TEXT }, ({ path }) => ({ path, external: true, sideEffects: false }));
      // What is pure is put into the commands that use it, and no more than they use.
      onResolve({ filter: /^\.\.?\/.*\.js$/ }, ({ path, resolveDir, importer }) =>
        importer === "" ? undefined : { path: join(resolveDir, path).replace(/js$/, "ts"), sideEffects: false },
      );
    },
  };
  const { outputFiles } = await build({
    entryPoints: {
      cli: "src/cli/bin.ts",
      "cli-traced": "src/cli/child/traced.ts",
      "cli-called": "src/cli/child/called.ts",
      "cli-hooks": "src/cli/child/hooks.ts",
    },
    outdir: "dist",
    write: false,
    bundle: true,
    splitting: true,
    chunkNames: "cli-[name]-[hash]",
    format: "esm",
    platform: "node",
    target: "node20.19",
    minifyWhitespace: true,
    minifySyntax: true,
    lineLimit: 120,
    plugins: [usesIndex, withoutUsing],
    external: ["esbuild"],
    logLevel: "warning",
  });
  return outputFiles;
}

/** src/ → build/tests/: see scripts/together.mjs. */
async function tests() {
  const built = ["build/chapters", "build/tables.js", "build/unpack.js"],
    inputs = ["src", ...built, "scripts/together.mjs", "scripts/using.mjs", "scripts/build.mjs"];
  await step("tests", join(TOGETHER, fileOf("index")), inputs, async () => {
    const fresh = new Set(putAll(await together(filesUnder("src"))));
    for (const path of filesUnder(TOGETHER)) if (!fresh.has(path)) rmSync(path);
  });
}

/**
 * What stays apart in dist/. The core has a file of its own, which no stack names. The module that names the public
 * functions takes them from index.js, so that no other entry holds them.
 */
const apart = {
  name: "files that stay apart",
  setup: ({ onResolve, onLoad }) => {
    given({ onResolve, onLoad });
    onResolve({ filter: /^\.\/api\.js$/ }, ({ importer }) =>
      /\bexposed\.ts$/.test(importer) ? { path: "./index.js", external: true } : undefined,
    );
  },
};

/** In dist/modules/ the core inside is that of dist/. */
const shared = {
  name: "one core inside",
  setup: ({ onResolve, onLoad }) => {
    oneFile({ onResolve, onLoad }, (folder) => `${relative(folder, "src")}/../`);
  },
};

/** Sources whose `using` is lowered before esbuild reads them. */
const withoutUsing = {
  name: "using as try and finally",
  setup: ({ onLoad }) =>
    onLoad({ filter: /[\\/]src[\\/].*\.ts$/ }, async ({ path }) => {
      const { lowered } = await import("./using.mjs");
      return { contents: lowered(readFileSync(path, "utf8"), path), loader: "ts" };
    }),
};

const TEXT = /\/build\/(?:chapters\/)?(\w+)\.js$/;

/** The names of the texts in dist/chunk-core.js, with their files. */
function textNames() {
  const chapters = chapterNames().map((name) => [name, `build/chapters/${name}.js`]);
  return [...chapters, ...["tables", "unpack"].map((name) => [name, `build/${name}.js`])];
}

/**
 * In dist/ the entries that start by themselves load the texts and give them to the chapters, which all entries share:
 * nbytes/slim loads none.
 */
function given({ onResolve, onLoad }) {
  const names = textNames()
      .map(([name]) => name)
      .join(", "),
    starts = /[\\/]inlined\.ts$/;
  onResolve({ filter: TEXT }, ({ path, importer }) => ({
    path: starts.test(importer) ? "given" : TEXT.exec(path)[1],
    namespace: "text",
  }));
  onResolve({ filter: /^held$/, namespace: "text" }, () => ({ path: "held", namespace: "text" }));
  onResolve({ filter: /^\.\/chunk-core\.js$/ }, ({ path }) => ({ path, external: true }));
  onLoad({ filter: /./, namespace: "text" }, ({ path }) => {
    if (path === "held")
      return { contents: `export let ${names};\nexport function hold(all) { ({ ${names} } = all); }` };
    if (path !== "given") return { contents: `export { ${path} as text } from "held";` };
    return {
      contents: `import * as all from "./chunk-core.js";
        import { hold } from "held";
        hold(all);
        export { base as text } from "held";`,
    };
  });
}

/**
 * The chapters are constants of one file: loading ten costs Node 5 ms more. Bundlers keep those that are read. `up` leads
 * from the folder that a file of src/ is in to dist/.
 */
function oneFile({ onResolve, onLoad }, up) {
  const FILE = "chunk-core.js";
  onResolve({ filter: TEXT }, ({ path, resolveDir }) => ({
    path: `${up(resolveDir)}${FILE}#${TEXT.exec(path)[1]}`,
    namespace: "chapter",
  }));
  onLoad({ filter: /./, namespace: "chapter" }, ({ path }) => {
    const [file, name] = path.split("#");
    return { contents: `export { ${name} as text } from "${file}";` };
  });
  onResolve({ filter: /./, namespace: "chapter" }, ({ path }) => ({ path, external: true }));
}

/** The licences of what dist/ holds beside the package's own code. */
function licenses() {
  const names = ["fflate", "@jridgewell/trace-mapping", "@jridgewell/sourcemap-codec", "@jridgewell/resolve-uri"];
  const texts = names.map((name) => {
    const folder = join("node_modules", name),
      { version, license } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")),
      // AssemblyScript's loader is published without the text.
      text = [join(folder, "LICENSE"), "node_modules/assemblyscript/LICENSE"].find(existsSync);
    return `${name} ${version}, ${license}\n\n${readFileSync(text, "utf8").trim()}\n`;
  });
  return texts.join(`\n${"-".repeat(80)}\n\n`);
}

/** Scripts and their maps with the lines marked that throw. */
async function marked(outputs) {
  const { keepAddresses, markThrows } = await import("./lines.mjs");
  const maps = new Map(outputs.map((output) => [output.path, output]));
  return outputs.flatMap((output) => {
    if (output.path.endsWith(".map")) return [];
    const { path, text } = output,
      whole = keepAddresses(text, maps.get(`${path}.map`).text),
      { script, map } = markThrows(whole.script, whole.map);
    return [
      { path, contents: script },
      { path: `${path}.map`, text: map },
    ];
  });
}

/** The sources behind the exports of package.json: `src/x.ts`, or a folder's `src/x/index.ts`. */
function entries() {
  const scripts = targetsOf(manifest.exports).filter((path) => /^\.\/dist\/\w+\.js$/.test(path));
  return Object.fromEntries(
    scripts.map((path) => {
      const [name] = /\w+(?=\.js$)/.exec(path),
        file = `src/${name}.ts`;
      return [name, existsSync(file) ? file : `src/${name}/index.ts`];
    }),
  );
}

/** All paths among conditions within conditions. */
function targetsOf(conditions) {
  return typeof conditions === "string" ? [conditions] : Object.values(conditions).flatMap(targetsOf);
}

/** bench/main.ts → build/bench/main.js, which uses dist/ as a program would. */
async function bench() {
  const inputs = ["bench", "src/shrink/numbers.ts", "package.json", "scripts/build.mjs"];
  await step("bench", "build/bench/main.js", inputs, async () => {
    const fromDist = {
      name: "nbytes is dist/",
      setup: ({ onResolve }) =>
        onResolve({ filter: /^nbytes($|\/)/ }, ({ path }) => ({
          path: `../../dist/${path.slice("nbytes/".length) || "index"}.js`,
          external: true,
        })),
    };
    const bundle = await build({
      entryPoints: ["bench/main.ts"],
      outdir: "build/bench",
      write: false,
      bundle: true,
      format: "esm",
      platform: "node",
      target: "node20.19",
      packages: "external",
      sourcemap: true,
      plugins: [fromDist],
      logLevel: "warning",
    });
    putAll(bundle.outputFiles);
  });
}

const goal = process.argv[2] ?? "dist";
if (!["dist", "core", "tests", "bench", "debug"].includes(goal))
  throw new Error(`unknown goal ${goal}: dist, core, tests, bench or debug`);
if (goal === "debug") await chapters("debug", "build/debug");
else {
  await core();
  if (goal === "tests") await tests();
  else if (goal !== "core") {
    await whole();
    await dist();
  }
  if (goal === "bench") await bench();
}
