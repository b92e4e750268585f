// assembly/ → WebAssembly. Each file of assembly/chapters/ becomes a module of its own on the one imported memory:
//
//   0      1024                                                        heap
//   ├──────┼───────────┬───────────┬───────┬──────────────────────────┼─────────────────
//   │ empty│ arithmetic│ …         │ random│ base: box, scratch, bins │ blocks
//   └──────┴───────────┴───────────┴───────┴──────────────────────────┴─────────────────
//
// Static data lies in windows that are handed out in turn. The base is compiled last: its allocator starts behind all.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** Where the first window begins: addresses near 0 are never right. */
export const FIRST = 1024;

/** The chapters, the base last. */
export function chapterNames() {
  const names = readdirSync("assembly/chapters").map((name) => name.replace(/\.ts$/, ""));
  return [...names.filter((name) => name !== "base").sort(), "base"];
}

/** The files a chapter is made of: its own and, transitively, what they import. */
export function sourcesOf(name) {
  const found = new Set();
  const visit = (path) => {
    if (found.has(path)) return;
    found.add(path);
    for (const [, target] of readFileSync(path, "utf8").matchAll(/\bfrom "(\.[^"]+)"/g))
      visit(join(dirname(path), `${target}.ts`));
  };
  visit(`assembly/chapters/${name}.ts`);
  return [...found];
}

/** Compiles chapters into one module whose static data begins at `base`; gives asc's files by the ending of their name. */
export function compileChapters(names, target, base) {
  // Every module also tells where its static data ends.
  const lines = names.map((name) => `export * from "./chapters/${name}";`);
  // By this name src/core/instance.ts knows a module that has every chapter.
  if (names.length > 1) lines.push("export const whole: bool = true;");
  return compile([...lines, "export const staticEnd: usize = __heap_base;"].join("\n"), target, base, names);
}

/** Compiles what reads the texts of chapters: a module with a memory of its own. */
export function compileUnpack() {
  return compile('export * from "./unpack";', "release", 0, ["unpack"]);
}

async function compile(entry, target, base, names) {
  const made = new Map(),
    text = target === "debug" ? ["--textFile", "made.wat"] : [];
  // Loaded here: most builds find every chapter unchanged.
  const { default: asc } = await import("assemblyscript/asc");
  const { error, stderr } = await asc.main(
    ["assembly/made.ts", "--target", target, "--memoryBase", String(base), "--outFile", "made.wasm", ...text],
    {
      readFile: (name, folder) => {
        if (name === "assembly/made.ts") return entry;
        const path = join(folder ?? ".", name);
        return existsSync(path) ? readFileSync(path, "utf8") : null;
      },
      writeFile: (name, contents) => made.set(name.replace(/^.*made\./, ""), contents),
      listFiles: () => [],
    },
  );
  if (error) throw new Error(`asc: ${names.join(", ")}: ${error.message}\n${stderr}`);
  return made;
}

/** Where the static data of a module ends, on a multiple of 64. */
export function endOf(wasm) {
  const memory = new WebAssembly.Memory({ initial: 16, maximum: 16 }),
    { exports } = new WebAssembly.Instance(new WebAssembly.Module(wasm), { env: { memory } });
  return (exports.staticEnd.value + 63) & ~63;
}

/** A module's types, from asc's: what it exports, and the text that build.mjs writes beside them. */
export function typesOf(declared) {
  const exports = declared.slice(0, declared.indexOf("/** Instantiates"));
  return `/** The module as text. */
export declare const text: string;
${exports}/** What the module exports. */
export type Exports = typeof __AdaptedExports;
`;
}
