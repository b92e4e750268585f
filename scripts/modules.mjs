// dist/modules/: the sources one by one, for bundlers. What a program does not import is not in its bundle: a file that
// it needs nothing of is left out (`sideEffects` in package.json names the few that do something when they are loaded),
// and of the others each constant that nobody reads, for what makes it is marked pure here.
import { readFileSync } from "node:fs";
import { relative, resolve } from "node:path";
import { build } from "esbuild";
import ts from "typescript";
import { PEERS } from "./together.mjs";
import { lowered } from "./using.mjs";

/** The scripts of dist/modules/ and their source maps, as esbuild gives them, for these files of src/. */
export async function separate(sources, plugins) {
  const { outputFiles } = await build({
    entryPoints: sources,
    outbase: "src",
    outdir: "dist/modules",
    write: false,
    bundle: true,
    format: "esm",
    platform: "neutral",
    target: "es2022",
    sourcemap: true,
    plugins: [...plugins, oneByOne],
    external: ["node:*", ...PEERS],
    logLevel: "warning",
  });
  return outputFiles;
}

const inSrc = (path) => !relative("src", path).startsWith("..");

const oneByOne = {
  name: "files of src/ stay apart",
  setup: ({ onResolve, onLoad }) => {
    // They import one another; what else they import is put into them.
    onResolve({ filter: /^\./ }, ({ path, importer, resolveDir }) =>
      importer !== "" && inSrc(importer) && inSrc(resolve(resolveDir, path)) ? { path, external: true } : undefined,
    );
    onLoad({ filter: /\.ts$/ }, ({ path }) =>
      inSrc(path) ? { contents: marked(lowered(readFileSync(path, "utf8"), path), path), loader: "ts" } : undefined,
    );
  },
};

/**
 * A source whose constants are made by calls that are marked pure, with all that is read for them: what does something
 * when a file is loaded is a statement of its own there, never the making of a constant.
 */
function marked(text, path) {
  const file = ts.createSourceFile(path, text, ts.ScriptTarget.ES2022, true, ts.ScriptKind.TS),
    made = [];
  for (const statement of file.statements) {
    if (!ts.isVariableStatement(statement)) continue;
    for (const { initializer } of statement.declarationList.declarations) {
      // Where `new Error` stands in its file is what base/newStack.ts goes by.
      if (initializer && asks(initializer) && !initializer.getText().startsWith("new Error")) made.push(initializer);
    }
  }
  return made.reduceRight((all, node) => {
    const [start, end] = [node.getStart(), node.getEnd()];
    return `${all.slice(0, start)}/* @__PURE__ */ (() => (${all.slice(start, end)}))()${all.slice(end)}`;
  }, text);
}

/** Whether an expression calls or reads something, outside of functions in it. */
function asks(node) {
  if (ts.isFunctionLike(node) || ts.isClassLike(node) || ts.isTypeNode(node)) return false;
  const reads = ts.isPropertyAccessExpression(node) || ts.isElementAccessExpression(node);
  return reads || ts.isCallExpression(node) || ts.isNewExpression(node) || (ts.forEachChild(node, asks) ?? false);
}
