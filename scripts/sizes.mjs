// `npm run sizes`: the bytes of each chapter of the core, and of programs that import some of the package or all of it,
// bundled and minified, as they are and gzipped. Needs `npm run build`.
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { nodeResolve } from "@rollup/plugin-node-resolve";
import { build, transform } from "esbuild";
import { rollup } from "rollup";
import { chapterNames, endOf, FIRST } from "./chapters.mjs";

process.chdir(fileURLToPath(new URL("..", import.meta.url)));

const programs = [
  ['import { array } from "nbytes/functions"', "console.log(array([1]).size);"],
  ['import { add, array } from "nbytes/functions"', "console.log(add(array([1]), 1).size);"],
  ['import { array, exp, sum } from "nbytes/functions"', "console.log(sum(exp(array([1]))));"],
  ['import { array, sort } from "nbytes/functions"', "console.log(sort(array([1])).size);"],
  ['import { add, array } from "nbytes"', "console.log(add(array([1]), 1).size);"],
  ['import * as np from "nbytes/functions"', "console.log(np);"],
  ['import * as np from "nbytes"', "console.log(np);"],
];

const gzipped = (bytes) => gzipSync(bytes, { level: 9 }).length;

/** A table whose first column is text and the others numbers, each with its sums if asked for. */
function table(head, rows, sums = false) {
  const total = ["all", ...head.slice(1).map((_, k) => rows.reduce((sum, row) => sum + row[k + 1], 0))];
  const lines = [head, ...(sums ? [...rows, total] : rows)].map((row) => row.map((cell) => cell.toLocaleString("en")));
  const widths = head.map((_, k) => Math.max(...lines.map((line) => line[k].length)));
  for (const line of lines)
    console.log(line.map((cell, k) => (k === 0 ? cell.padEnd(widths[k]) : cell.padStart(widths[k]))).join("  "));
  console.log();
}

/** What vite, webpack, esbuild and rollup are given for an address of the package. */
const addresses = { "nbytes/functions": "dist/modules/functions.js", nbytes: "dist/modules/bundled.js" };
const addressed = (text) => text.replace(/"(nbytes.*?)"/, (_, name) => `"./${addresses[name]}"`);

async function byEsbuild(text) {
  const { outputFiles } = await build({
    stdin: { contents: addressed(text), resolveDir: "." },
    bundle: true,
    minify: true,
    format: "esm",
    write: false,
  });
  return outputFiles[0].contents;
}

async function byRollup(text) {
  const entry = {
    name: "the program",
    resolveId: (id) => (id === "program" ? `${process.cwd()}/program.js` : null),
    load: (id) => (id.endsWith("/program.js") ? addressed(text) : null),
  };
  const bundle = await rollup({ input: "program", plugins: [entry, nodeResolve({ browser: true })] });
  const { output } = await bundle.generate({ format: "es", inlineDynamicImports: true });
  return Buffer.from((await transform(output[0].code, { minify: true, format: "esm" })).code);
}

let from = FIRST;
const chapters = chapterNames().map((name) => {
  const wasm = readFileSync(`build/chapters/${name}.wasm`),
    text = readFileSync(`build/chapters/${name}.js`),
    end = endOf(wasm),
    row = [name, wasm.length, gzipped(wasm), text.length, gzipped(text), end - from];
  from = end;
  return row;
});
for (const name of ["tables", "unpack"]) {
  const text = readFileSync(`build/${name}.js`);
  chapters.push([name, 0, 0, text.length, gzipped(text), 0]);
}
table(["chapter", "wasm", "gzipped", "as text", "gzipped", "static"], chapters, true);

const entries = [];
for (const [imports, use] of programs) {
  const bundles = [await byEsbuild(`${imports};\n${use}`), await byRollup(`${imports};\n${use}`)];
  entries.push([imports, ...bundles.flatMap((bytes) => [bytes.length, gzipped(bytes)])]);
}
const whole = readFileSync("build/core.wasm");
entries.push(["core.wasm, all chapters in one", whole.length, gzipped(whole), whole.length, gzipped(whole)]);
table(["program, minified", "esbuild", "gzipped", "rollup", "gzipped"], entries);
