// Hooks of Node's module loader, which run in a thread of their own: https://nodejs.org/api/module.html#hooks
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import type { LoadHook, ResolveHook } from "node:module";
import { fileURLToPath } from "node:url";

/** The part of esbuild that is used. */
interface Esbuild {
  transform(source: string, options: Readonly<Record<string, unknown>>): Promise<{ readonly code: string }>;
}

let esbuild: Esbuild | null = null;

/** Called by Node with the data of `register`. */
export async function initialize(data: { readonly esbuild: string | null }): Promise<void> {
  if (data.esbuild === null) return;
  const { default: whole, ...names } = await import(data.esbuild);
  esbuild = whole ?? names;
}

/** TypeScript names the file that will be: `./x.js` is `./x.ts`, as long as there is no such file. */
export const resolve: ResolveHook = (specifier, context, next) => {
  const { parentURL } = context;
  if (/^\.{0,2}\//.test(specifier) && parentURL?.startsWith("file:")) {
    const url = new URL(specifier, parentURL),
      written = fileURLToPath(url);
    if (!existsSync(written)) {
      const endings = written.endsWith(".mjs") ? [".mts"] : written.endsWith(".cjs") ? [".cts"] : [".ts", ".tsx"];
      const bare = written.replace(/\.[cm]?js$/, ""),
        ending = endings.find((one) => existsSync(bare + one));
      if (ending !== undefined) url.pathname = url.pathname.replace(/\.[cm]?js$/, "") + ending;
      if (ending !== undefined) return next(url.href, context);
    }
  }
  return next(specifier, context);
};

/** Takes the types away, if esbuild is to. */
export const load: LoadHook = async (url, context, next) => {
  if (esbuild === null || !url.startsWith("file:") || !/\.[cm]?tsx?$/.test(url)) return next(url, context);
  const file = fileURLToPath(url),
    common = file.endsWith(".cts");
  const { code } = await esbuild.transform(await readFile(file, "utf8"), {
    loader: file.endsWith("x") ? "tsx" : "ts",
    format: common ? "cjs" : "esm",
    target: `node${process.versions.node}`,
    sourcemap: "inline",
    sourcefile: file,
  });
  return { format: common ? "commonjs" : "module", source: code, shortCircuit: true };
};
