import { readdirSync, readFileSync } from "node:fs";
import { dirname, posix } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

// The folders of src/, each after those it may import; the files above all folders are entries and may import any.
const order = [
  "base",
  "core",
  "core/chapters",
  "loops",
  "heap",
  "array",
  "operations",
  "creating",
  "indexing",
  "shaping",
  "reducing",
  "sorting",
  "elementwise",
  "products",
  "statistics",
  "signal",
  "text",
  "table",
  "files",
  "files/text",
  "columnar",
  "mapped",
  "zarr",
  "memory/common",
  "memory/places",
  "memory/record",
  "memory/state",
  "memory/report",
  "memory/watch",
  "memory/keep",
  "memory",
  "shrink",
  "matchers",
  "",
  "arrow",
  "parquet",
  "cli/frame",
  "cli/formats",
  "cli/child",
  "cli/commands",
  "cli",
];

/** Files that may stand above all folders: what package.json names, and what puts the public names together. */
const ENTRIES = 14;

const LINES = 400;

const root = fileURLToPath(new URL("../..", import.meta.url));

/** The TypeScript files below a folder of the project. */
function filesOf(folder: string): { path: string; text: string }[] {
  const names = readdirSync(root + folder, { recursive: true, encoding: "utf8" });
  return names
    .filter((name) => name.endsWith(".ts"))
    .map((name) => ({ path: `${folder}/${name}`, text: readFileSync(`${root}${folder}/${name}`, "utf8") }));
}

/** `src/a/b.ts` → `a`: how `order` names its folder. */
const folderOf = (path: string): string => dirname(path).replace(/^src\/?/, "");

const src = filesOf("src");

/** What each module of src/ imports of src/. */
const imports = new Map(
  src.map(({ path, text }) => {
    const names = [...text.matchAll(/(?:from|import|import\() ?"(\.[^"]+)"/g)].map(([, name]) => String(name));
    const targets = names.map((name) => posix.join(dirname(path), name).replace(/\.js$/, ".ts"));
    return [path, targets.filter((target) => target.startsWith("src/"))];
  }),
);

test("every folder of src/ has its place in the order, and the order names no other", () => {
  expect([...order].sort()).toEqual([...new Set(src.map(({ path }) => folderOf(path)))].sort());
});

test(`no more than ${ENTRIES} files stand above all folders`, () => {
  expect(src.filter(({ path }) => folderOf(path) === "").length).toBeLessThanOrEqual(ENTRIES);
});

test("imports point one way between folders", () => {
  const height = (path: string): number => order.indexOf(folderOf(path));
  const wrong = [...imports].flatMap(([path, targets]) =>
    targets.filter((target) => height(target) > height(path)).map((target) => `${path} imports ${target}`),
  );
  expect(wrong).toEqual([]);
});

test("no module imports itself through others", () => {
  const done = new Set<string>();
  const circles: string[] = [];
  const visit = (path: string, above: readonly string[]): void => {
    if (above.includes(path)) circles.push([...above.slice(above.indexOf(path)), path].join(" → "));
    if (done.has(path) || above.includes(path)) return;
    for (const target of imports.get(path) ?? []) visit(target, [...above, path]);
    done.add(path);
  };
  for (const path of imports.keys()) visit(path, []);
  expect(circles).toEqual([]);
});

test("only src/heap/allocate.ts asks the core for memory and gives it back", () => {
  const asking = src.filter(({ text }) => /\bcore\.(?:allocate|release)\b/.test(text)).map(({ path }) => path);
  expect(asking).toEqual(["src/heap/allocate.ts"]);
});

/** The files of src/ that match, but for what lies below a folder. */
const filesWith = (what: RegExp, but = "no folder"): string[] =>
  src.filter(({ path, text }) => what.test(text) && !path.startsWith(but)).map(({ path }) => path);

test("an array that was there is opened by array/destination.ts alone, and by a.data", () => {
  expect(filesWith(/\bseparate\(/, "src/heap/").sort()).toEqual(["src/array/destination.ts", "src/array/ndarray.ts"]);
  expect(filesWith(/\b(\w+)\.buffer\.pointer \+ \1\.offset/).sort()).toEqual([
    "src/array/destination.ts",
    "src/array/ndarray.ts",
  ]);
});

test("temporaries end in array/temporaries.ts alone, and in array/convert.ts, which is below it", () => {
  expect(filesWith(/\bdrop\([^;]*"operation"\)/).sort()).toEqual(["src/array/convert.ts", "src/array/temporaries.ts"]);
});

test("no chapter has a `finally`, but where scratch is freed", () => {
  const chapters =
    /^src\/(?:operations|creating|indexing|shaping|reducing|elementwise|statistics|sorting|products|text|files)\//;
  const found = filesWith(/\} finally \{/).filter((path) => chapters.test(path));
  expect(found).toEqual(["src/sorting/ordering.ts"]);
});

test("only src/core/box.ts knows a word of the box", () => {
  const imported = /import \{[^}]*\b(?:words|boxAt|scratchAt)\b[^}]*\} from "[^"]*\/instance\.js"/;
  expect(src.filter(({ text }) => imported.test(text)).map(({ path }) => path)).toEqual(["src/core/box.ts"]);
  const written = src.filter(({ text }) => /\bInt32Array\(memory\.buffer, boxAt/.test(text)).map(({ path }) => path);
  expect(written).toEqual(["src/core/instance.ts"]);
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
