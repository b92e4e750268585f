import { readdirSync, readFileSync } from "node:fs";
import { dirname, posix } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

// The modules of src/, each after those it may import. A new module goes into its row.
const order = [
  [
    "plain",
    "shown",
    "host",
    "newStack",
    "errors",
    "arity",
    "strangers",
    "units",
    "dtype",
    "integers",
    "literal",
    "layout",
    "inOrder",
    "seedSequence",
  ],
  ["buffer", "core", "reclaim", "heap", "loans", "viewing"],
  ["element", "flags", "ndarray"],
  ["scalar", "options", "lists", "cast", "walk", "slices", "overlap", "sameValue", "convert", "promote", "views"],
  ["op", "expression", "evaluation", "lazy", "call", "fold", "reduce", "signatures"],
  ["creation", "ranges", "ufuncs", "manipulation", "copying", "selection", "rounding", "random"],
  ["extremes", "reductions", "statistics", "powers", "closeness"],
  ["masks", "subscript", "advanced", "indexing", "picking", "diagonals", "rearranging", "insertion", "joining"],
  ["digits", "limits", "format", "printing"],
  ["npyDType", "npy"],
  [
    "memory/frames",
    "memory/activation",
    "memory/sourceMap",
    "memory/fileNames",
    "memory/sites",
    "memory/userStack",
    "memory/values",
    "memory/args",
    "memory/events",
    "memory/sums",
    "memory/births",
    "memory/lives",
    "memory/overlap",
    "memory/text",
    "memory/endings",
    "memory/holding",
    "memory/ledger",
  ],
  [
    "memory/taskHost",
    "memory/extent",
    "memory/hub",
    "memory/blocks",
    "memory/costs",
    "memory/table",
    "memory/lineTable",
    "memory/timeline",
    "memory/leftovers",
    "memory/copies",
    "memory/advice",
    "memory/leftAdvice",
    "memory/viewRows",
  ],
  [
    "memory/snapshot",
    "memory/map",
    "memory/classes",
    "memory/reportTables",
    "memory/reportText",
    "memory/pprof",
    "memory/htmlParts",
    "memory/html",
    "memory/exports",
  ],
  [
    "memory/report",
    "memory/trace",
    "memory/traceAsync",
    "memory/usage",
    "memory/scope",
    "memory/disposal",
    "memory/limit",
    "memory/leaks",
  ],
  [
    "memory/facts",
    "memory/sizeOf",
    "memory/graph",
    "memory/deepCopy",
    "memory/extrapolation",
    "memory/estimate",
    "memory/wouldCopy",
  ],
  ["memory/pool", "memory/growable", "memory/fromIter", "memory/chunks", "memory/weak", "memory/weakCache"],
  ["memory/lruCache", "memory/collect", "memory/forgotten", "memory/host"],
  ["memory/bill", "memory/exitReport"],
  ["shrink/numbers", "shrink/work", "shrink/block", "shrink/tally", "shrink/ideas", "shrink/column"],
  ["shrink/reportText", "shrink/report", "shrink/apply", "shrink/sweep", "shrink/index"],
  ["memory/index"],
  ["lazyMethods", "methods"],
  ["api"],
  ["exposed", "inlined", "bundled", "index", "slim"],
  [
    "matchers/measure",
    "matchers/amounts",
    "matchers/sharing",
    "matchers/equality",
    "matchers/lockfile",
    "matchers/lock",
    "matchers/setup",
  ],
  ["matchers/index", "matchers", "vitest", "jest", "trace"],
].flat();

const LINES = 400;

const root = fileURLToPath(new URL("..", import.meta.url));

/** The TypeScript files below a folder of the project. */
function filesOf(folder: string): { path: string; text: string }[] {
  const names = readdirSync(root + folder, { recursive: true, encoding: "utf8" });
  return names
    .filter((name) => name.endsWith(".ts"))
    .map((name) => ({ path: `${folder}/${name}`, text: readFileSync(`${root}${folder}/${name}`, "utf8") }));
}

/** `src/a/b.ts` → `a/b`: how `order` names it. */
const moduleOf = (path: string): string => path.replace(/^src\//, "").replace(/\.[tj]s$/, "");

const src = filesOf("src");

test("every module of src/ has its place in the order, and the order names no other", () => {
  expect([...order].sort()).toEqual(src.map(({ path }) => moduleOf(path)).sort());
});

test("imports point one way", () => {
  const placed = src.filter(({ path }) => order.includes(moduleOf(path)));
  const wrong = placed.flatMap(({ path, text }) => {
    const found = [...text.matchAll(/(?:from|import|import\() ?"(\.[^"]+)"/g)].map(([, name]) => String(name));
    const targets = found.map((name) => posix.join(dirname(path), name)).filter((target) => target.startsWith("src/"));
    return targets
      .filter((target) => order.indexOf(moduleOf(target)) >= order.indexOf(moduleOf(path)))
      .map((target) => `${path} imports ${target}`);
  });
  expect(wrong).toEqual([]);
});

test("only src/heap.ts asks the core for memory and gives it back", () => {
  const asking = src.filter(({ text }) => /\bcore\.(?:allocate|release)\b/.test(text)).map(({ path }) => path);
  expect(asking).toEqual(["src/heap.ts"]);
});

test("the core makes no managed objects", () => {
  const made = filesOf("assembly").filter(({ text }) => /^[^/*\n]*\bnew [A-Z]/m.test(text));
  expect(made.map(({ path }) => path)).toEqual([]);
});

test(`no file is longer than ${LINES} lines`, () => {
  const files = ["src", "assembly", "bench", "test"].flatMap(filesOf);
  const long = files.map(({ path, text }) => `${path}: ${text.split("\n").length - 1}`);
  expect(long.filter((line) => Number(line.split(": ")[1]) > LINES)).toEqual([]);
});
