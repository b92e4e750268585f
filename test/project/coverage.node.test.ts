// NumPy's public numeric names, each present or left out with its reason; docs/coverage.md says the same, and
// `npm run coverage` writes it.
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import * as np from "../../src/index.js";
import text from "../oracle/names.json?raw";
import { chapters, leftOut, otherwise } from "../support/coverage.js";

const numpy = JSON.parse(text) as Record<"numpy" | "ndarray" | "generator", string[]> & {
  modules: Record<string, string[]>;
};
const generator = np.random.defaultRng(0);
const page = fileURLToPath(new URL("../../docs/coverage.md", import.meta.url));
const words = (list: string): string[] => list.split(/\s+/);

/** Drops each underscore and capitalises the letter after it: NumPy's name as it is here. */
const camelCase = (name: string): string => name.replace(/_+([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());

/** Whether a module of ours, or the prototype of a class, has NumPy's name. */
function has(owner: unknown, name: string): boolean {
  return typeof owner === "object" && owner !== null && camelCase(name) in owner;
}

interface Chapter {
  readonly title: string;
  readonly present: string[];
  readonly missing: string[];
}

function chapter(title: string, names: readonly string[], here: (name: string) => boolean): Chapter {
  return { title, present: names.filter(here), missing: names.filter((name) => !here(name)) };
}

/** A module of NumPy as a chapter: its functions under the name that it has here, `linalg.solve`. */
function moduleChapter([title, names]: [string, string[]]): Chapter {
  const owner = title
    .split(".")
    .reduce<unknown>((of, part) => (has(of, part) ? Reflect.get(Object(of), part) : {}), np);
  return chapter(`numpy.${title}`, names, (name) => has(owner, name));
}

const main = Object.entries(chapters).map(([title, list]) =>
  chapter(title, words(list), (name) => has(np, name) || name in otherwise),
);
const more = [
  chapter("methods and attributes of ndarray", numpy.ndarray, (name) => has(np.NDArray.prototype, name)),
  chapter("random.Generator", numpy.generator, (name) => has(generator, name)),
  ...Object.entries(numpy.modules).map(moduleChapter),
];

function table(rows: readonly Chapter[]): string {
  const named = (name: string) => `\`${camelCase(name)}\`${name in otherwise ? ` (${otherwise[name]})` : ""}`;
  const line = ({ title, present, missing }: Chapter) =>
    `| ${title} | ${present.length} of ${present.length + missing.length} | ${present.map(named).join(" ")} | ${missing.join(" ")} |`;
  return ["| chapter | here | the names | not yet |", "|---|--:|---|---|", ...rows.map(line)].join("\n");
}

function written(): string {
  const of = main.reduce((sum, { present, missing }) => sum + present.length + missing.length, 0);
  const here = main.reduce((sum, { present }) => sum + present.length, 0);
  return `# What is here of NumPy

Written by \`npm run coverage\` from NumPy 2.4's own list of names; a test holds this page against what the package exports.
A name is NumPy's with each underscore dropped and the next letter capitalised. **${here} of ${of}** functions and constants
that make sense for numbers are here.

${table(main)}

## Classes and modules

${table(more)}

## Left out

| because | NumPy's names |
|---|---|
${leftOut.map(([reason, names]) => `| ${reason} | ${words(names).join(" ")} |`).join("\n")}
`;
}

test("each of NumPy's names stands in one chapter, or is left out with a reason", () => {
  const listed = [...Object.values(chapters), ...leftOut.map(([, names]) => names)].flatMap(words);
  expect([...listed].sort()).toEqual([...numpy.numpy].sort());
});

test("what is left out is not here, and what has another name here is not under its own", () => {
  const out = leftOut.flatMap(([, names]) => words(names)).filter((name) => /^[a-z]/.test(name));
  // Modules are here as far as their chapters are.
  const modules = ["random", ...Object.keys(numpy.modules)];
  expect(out.filter((name) => !modules.includes(name) && has(np, name))).toEqual([]);
  expect(Object.keys(otherwise).filter((name) => has(np, name))).toEqual([]);
});

test("docs/coverage.md says what is here", () => {
  if (process.env.NBYTES_UPDATE === "1") writeFileSync(page, written());
  expect(readFileSync(page, "utf8")).toBe(written());
});
