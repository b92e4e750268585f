// dist/cjs/: the same scripts and declarations for who can only `require`, Jest in its default mode first of all. Node
// and bundlers are given the modules for both ways of loading, so that a program has one engine.
import { readdirSync, readFileSync } from "node:fs";
import { transform } from "esbuild";
import { markThrows } from "./lines.mjs";

/** The scripts of dist/cjs/, by path. `modules` and the `texts` of the chapters are those of dist/. */
export async function requirable(modules, texts) {
  const scripts = modules.filter(({ path }) => !/(?:arrow|node|parquet|slim|trace|vitest)\.js$/.test(path));
  const made = await Promise.all(
    scripts.map(async ({ path, text }) => {
      const { code } = await transform(text, {
        format: "cjs",
        minifyWhitespace: true,
        lineLimit: 120,
        target: "es2022",
      });
      return { path: `dist/cjs/${path.split("/").at(-1)}`, contents: markThrows(code).script };
    }),
  );
  return [
    ...made,
    { path: "dist/cjs/chunk-core.js", contents: texts.join("").replaceAll("export const ", "exports.") },
    { path: "dist/cjs/package.json", contents: '{ "type": "commonjs" }\n' },
  ];
}

/** The declarations of dist/cjs/, by path. */
export function requirableTypes(paths) {
  const copies = paths
    .filter((path) => !/^dist\/(?:(?:node|slim|trace|vitest)\.d\.ts$|(?:arrow|columnar|parquet)\/)/.test(path))
    .map((path) => ({
      path: path.replace(/^dist\//, "dist/cjs/"),
      contents: readFileSync(path, "utf8").replace(/"\.\.\/((?:\.\.\/)*)build\//g, (_, up) => `"${up || "./"}build/`),
    }));
  const chapters = readdirSync("build/chapters")
    .filter((name) => name.endsWith(".d.ts"))
    .map((name) => ({
      path: `dist/cjs/build/chapters/${name}`,
      contents: readFileSync(`build/chapters/${name}`, "utf8"),
    }));
  return [...copies, ...chapters];
}

/**
 * What declarations must say for older compilers and for projects without the DOM: typed arrays were not generic before
 * TypeScript 5.7, and the names of the DOM are made known, empty, where it is not there.
 */
export function portable(text, path) {
  const plain = text
    .replaceAll("Uint8Array<ArrayBuffer>", 'ReturnType<Uint8ArrayConstructor["from"]>')
    .replace(/\bBufferSource\b/g, "ArrayBufferView | ArrayBuffer");
  if (!/WebAssembly|\bURL\b|\bResponse\b|Disposable|Symbol\.dispose/.test(plain)) return plain;
  return `/// <reference path="${"../".repeat(path.split("/").length - 2) || "./"}ambient.d.ts" />\n${plain}`;
}

/** dist/ambient.d.ts. Interfaces and namespaces join those of the DOM or of Node, if they are there. */
export const ambient = `/// <reference lib="esnext.disposable" />
declare namespace WebAssembly {
  interface Memory {}
  interface Module {}
}
interface URL {}
interface Response {}
`;
