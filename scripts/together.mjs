// build/tests/: the sources as tests load them, one file in place of two hundred. For each file of src/ there is one here
// that exports the same: `chunk-nbytes-HEAP0ALLOCATE.js` what `heap/allocate.ts` does.
import { readFileSync } from "node:fs";
import { relative, resolve } from "node:path";

/** The packages of others that some entry loads, if it is used: they are in none of our files. */
export const PEERS = Object.keys(JSON.parse(readFileSync("package.json", "utf8")).peerDependencies);

/** The folder of these files. */
export const TOGETHER = "build/tests";

/** What stays apart: entries, and what starts the core, gives arrays their methods or prints at exit. Who imports none has none. */
const APART = /^(?:\w+|(?:parquet|arrow)\/index|core\/inlined|memory\/watch\/exitReport)$/;

/** `heap/allocate` for that file of src/, undefined for others: the command line is used from outside, and stays as it is. */
const nameOf = (path) => /^((?!cli\/)\w[\w/]*)\.ts$/.exec(relative("src", path))?.[1];

/** The file that stands for it. By such names sites.ts knows the library's own files. */
export const fileOf = (name) => `chunk-nbytes-${name.replace(/\W/g, "0").toUpperCase()}.js`;

/** A plugin by which tests, wherever they import a file of src/, get what stands for it. */
export const fromTogether = {
  name: "the sources together",
  enforce: "pre",
  // Vitest that watches loads the sources, so that it sees them change.
  apply: () => process.argv.includes("run"),
  async resolveId(source, importer, options) {
    if (importer === undefined || nameOf(importer.replace(/\?.*/, "")) !== undefined) return;
    const found = await this.resolve(source, importer, { ...options, skipSelf: true }),
      name = nameOf(found?.id ?? "");
    return name === undefined ? found : resolve(TOGETHER, fileOf(name));
  },
};

/** These files, and their source maps, for the given ones of src/. */
export async function together(sources) {
  const { build } = await import("vite"),
    { lowered } = await import("./using.mjs"),
    names = sources.map(nameOf).filter((name) => name !== undefined);
  const withoutUsing = {
    name: "using as try and finally",
    enforce: "pre",
    load: (id) => (nameOf(id) === undefined ? undefined : lowered(readFileSync(id, "utf8"), id)),
  };
  const { output } = await build({
    configFile: false,
    logLevel: "error",
    plugins: [withoutUsing],
    build: {
      write: false,
      outDir: TOGETHER,
      target: "es2022",
      minify: false,
      sourcemap: true,
      copyPublicDir: false,
      modulePreload: false,
      rolldownOptions: {
        input: Object.fromEntries(names.map((name) => [name, resolve("src", `${name}.ts`)])),
        external: [/^node:/, ...PEERS],
        preserveEntrySignatures: "allow-extension",
        output: {
          format: "es",
          entryFileNames: ({ name }) => fileOf(name),
          chunkFileNames: ({ name }) => fileOf(name),
          codeSplitting: { includeDependenciesRecursively: false, groups: [{ name: groupOf }] },
        },
      },
    },
  });
  return output.map(({ fileName, code, source }) => ({ path: resolve(TOGETHER, fileName), contents: code ?? source }));
}

function groupOf(path) {
  const name = nameOf(path);
  if (name === undefined) return relative("build", path).startsWith("..") ? "all" : "core";
  return APART.test(name) ? name : "all";
}
