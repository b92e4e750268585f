// README.md and docs/ are programs: every ```ts block compiles, and where a ```text block follows, the program prints
// exactly that. A first line `// name.ts` names a program's file; a later block of the same page may import it, and a
// ```sh block that a ```text block follows may run it as name.js.
// There `nbytes` is the command line, beside the programs' sources and real files.
// `NBYTES_UPDATE=1 npx vitest run --project node test/project/docs.node.test.ts` writes what the programs print into the pages.
import { execFileSync, spawnSync } from "node:child_process";
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { chromium } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { browserFlags } from "../../scripts/browser.mjs";
import * as np from "../../src/index.js";
import { executablePath, serve } from "../package/consumer.js";

const root = fileURLToPath(new URL("../..", import.meta.url));
const updating = process.env.NBYTES_UPDATE !== undefined;

interface Program {
  readonly language: "ts" | "sh";
  /** The file of a program, or the command. */
  readonly name: string;
  readonly code: string;
  /** What the page says it prints; null where the page does not say. */
  readonly output: string | null;
}

interface Page {
  /** Its path from the root of the project. */
  readonly path: string;
  readonly text: string;
  readonly programs: readonly Program[];
}

const BLOCK = /^```(ts|sh)\n([\s\S]*?)^```\n(?:\n*```text\n([\s\S]*?)^```$)?/gm;

function readPage(path: string): Page {
  const text = readFileSync(join(root, path), "utf8");
  const programs = [...text.matchAll(BLOCK)].map(([, language, code, output], i): Program => {
    const named = language === "sh" ? code.trim() : /^\/\/ ([\w.-]+\.ts)\n/.exec(code)?.[1];
    return { language: language as "ts" | "sh", name: named ?? `program${i + 1}.ts`, code, output: output ?? null };
  });
  return { path, text, programs };
}

const docs = readdirSync(join(root, "docs")).filter((name) => name.endsWith(".md"));
const pages = ["README.md", ...docs.map((name) => `docs/${name}`)].map(readPage);

// What no two runs share: how long something took, and when the collector ran. Addresses stay in the pages, for they
// teach something, but depend on how large the core's own data is.
const repeatable = (text: string): string =>
  text
    .replace(/\btook [\d.,]+ (ns|µs|ms|s)\b/g, "took … $1")
    .replace(/[\d.]+ (MB|GB) in [\d,]+ arrays were forgotten/g, "… $1 in … arrays were forgotten");
const comparable = (text: string): string => text.replace(/0x[0-9a-f]{8}/g, "0x…");

let folder: string;
const folderOf = ({ path }: Page): string => join(folder, path.replace(/\W/g, "-"));

beforeAll(async () => {
  execFileSync(process.execPath, ["scripts/build.mjs"], { cwd: root });
  folder = mkdtempSync(join(tmpdir(), "nbytes-docs-"));
  mkdirSync(join(folder, "node_modules"));
  symlinkSync(root, join(folder, "node_modules/nbytes"));
  for (const name of ["@types", "vitest", "esbuild"])
    symlinkSync(join(root, "node_modules", name), join(folder, "node_modules", name));
  writeFileSync(join(folder, "package.json"), '{ "type": "module" }');
  mkdirSync(join(folder, "bin"));
  writeFileSync(join(folder, "bin/nbytes"), `#!/bin/sh\nexec node '${root}dist/cli.js' "$@"\n`, { mode: 0o755 });
  for (const page of pages) {
    const programs = page.programs.filter(({ language }) => language === "ts");
    mkdirSync(folderOf(page));
    for (const { name, code } of programs) writeFileSync(join(folderOf(page), name), code);
    await build({
      absWorkingDir: folderOf(page),
      entryPoints: programs.map(({ name }) => name),
      outdir: "built",
      bundle: true,
      packages: "external",
      format: "esm",
      platform: "node",
      target: "es2022",
      sourcemap: true,
      logLevel: "error",
    });
    for (const { name, code } of programs) writeFileSync(join(folderOf(page), "built", name), code);
    for (const name of programs.length > 0 ? ["weather.csv", "flights-3m.parquet"] : [])
      copyFileSync(join(root, "node_modules/vega-datasets/data", name), join(folderOf(page), "built", name));
  }
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** What a program prints, errors and warnings too. */
function run(page: Page, { language, name, code }: Program): string {
  const command = language === "sh" ? code : `node ${name.replace(/ts$/, "js")}`;
  const { NBYTES_UPDATE: _, ...env } = process.env;
  const { stdout } = spawnSync("bash", ["-c", `exec 2>&1; ${command}`], {
    cwd: join(folderOf(page), "built"),
    encoding: "utf8",
    env: { ...env, PATH: `${join(folder, "bin")}${delimiter}${env.PATH}` },
  });
  return repeatable(stdout.replaceAll(`${folderOf(page)}/built/`, "").replace(/[^\S\n]+$/gm, ""));
}

describe.each(pages)("$path", (page) => {
  const printing = page.programs.filter(({ output }) => output !== null);
  const names = page.programs.map(({ name }) => name);

  test("names each of its programs differently", () => {
    expect(new Set(names).size).toBe(names.length);
  });

  test.each(printing)("$name prints what the page says", (program) => {
    const printed = run(page, program);
    if (updating && comparable(printed) !== comparable(program.output!)) update(page, program, printed);
    else expect(comparable(printed)).toBe(comparable(program.output!));
  });

  test("leads to files and headings that exist", () => {
    const missing = [...page.text.matchAll(/\]\((?!\w+:)([^)#\s]*)(?:#([^)\s]+))?\)/g)].filter(([, path, heading]) => {
      const target = path === "" ? join(root, page.path) : resolve(root, dirname(page.path), path);
      if (!existsSync(target)) return true;
      return heading !== undefined && !anchorsOf(readFileSync(target, "utf8")).includes(heading);
    });
    expect(missing.map(([link]) => link)).toEqual([]);
  });
});

function update({ path }: Page, program: Program, printed: string): void {
  const text = readFileSync(join(root, path), "utf8");
  const before = `${program.code}\`\`\`\n\n\`\`\`text\n`;
  expect(text).toContain(before + program.output);
  writeFileSync(
    join(root, path),
    text.replace(before + program.output, () => before + printed),
  );
}

/** The anchors of a page's headings, as GitHub makes them. */
function anchorsOf(text: string): string[] {
  const headings = text.replace(/^```[\s\S]*?^```$/gm, "").matchAll(/^#+ (.*)$/gm);
  return [...headings].map(([, title]) =>
    title
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, "")
      .replaceAll(" ", "-"),
  );
}

test("every ```ts block compiles against the package's declarations", () => {
  const compilerOptions = {
    target: "ES2022",
    module: "NodeNext",
    lib: ["ES2023", "ESNext.Disposable", "DOM", "DOM.Iterable"],
    types: ["node"],
    strict: true,
    skipLibCheck: true,
    noEmit: true,
  };
  writeFileSync(join(folder, "tsconfig.json"), JSON.stringify({ compilerOptions, include: ["*/*.ts"] }));
  const { status, stdout } = spawnSync(join(root, "node_modules/.bin/tsc"), { cwd: folder, encoding: "utf8" });
  expect(stdout).toBe("");
  expect(status).toBe(0);
}, 120_000);

test("the README's table of names is the package: every function, and nothing that is not there", () => {
  const [, table] = /^## NumPy's names\n([\s\S]*?)^## /m.exec(pages[0].text) ?? [];
  const named = [...table.matchAll(/^\| .*$/gm)].flatMap(([row]) => [...row.matchAll(/`([\w.]+)`/g)].map((m) => m[1]));
  const callable = (names: object): string[] =>
    Object.entries(names).flatMap(([name, value]) =>
      typeof value === "function" && /^[a-z]/.test(name) ? [name] : [],
    );
  const functions = [
    ...callable(np),
    ...callable(np.random).map((name) => `random.${name}`),
    ...callable(np.memory).map((name) => `memory.${name}`),
    ...callable(np.shrink).map((name) => `shrink.${name}`),
  ];
  const missing = functions.filter((name) => !named.includes(name));
  const unknown = named.filter((name) => !functions.includes(name));
  expect({ missing, unknown }).toEqual({ missing: [], unknown: [] });
});

test.skipIf(executablePath === undefined)("the README's page shows an array in Chromium", async () => {
  const [, html] = /^```html\n([\s\S]*?)^```$/m.exec(pages[0].text) ?? [];
  writeFileSync(join(folder, "index.html"), html);
  const { address, close } = await serve(folder);
  const browser = await chromium.launch({ executablePath, args: browserFlags });
  try {
    const page = await browser.newPage();
    await page.goto(`${address}index.html`);
    await page.waitForFunction("document.body.innerText !== ''");
    expect(await page.innerText("body")).toBe("[[ 0. 1. 2. 3.] [ 4. 5. 6. 7.] [ 8. 9. 10. 11.]]");
  } finally {
    await browser.close();
    close();
  }
});

test.each([
  ...["tracemalloc", "memory_profiler", "objgraph", "pympler", "psutil", "weakref", "lru_cache", "TTLCache"],
  ...["gc.collect", "pickle", "deepcopy", "memmap", "read_csv", "__slots__"],
])("issue 7.27: who looks for %s finds what it is called here", (name) => {
  const found = ["README.md", "docs/from-python.md"].filter((path) => readFileSync(root + path, "utf8").includes(name));
  expect(found).not.toEqual([]);
});
