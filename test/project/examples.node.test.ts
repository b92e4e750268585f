import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import * as np from "../../src/index.js";

// The examples of doc comments are run: the functions that NumPy's users meet first have one each. A line that ends in a
// comment prints what the comment says: as String(value), on one line.

const EXAMPLES = `
  array zeros ones full arange linspace eye zerosLike at set
  add subtract multiply divide power sqrt exp log absolute maximum minimum equal less isnan
  sum mean std min max argmax any all where clip round
  reshape astype concatenate stack sort`
  .trim()
  .split(/\s+/);

const root = fileURLToPath(new URL("../../src/", import.meta.url)),
  files = readdirSync(root, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".ts")),
  sources = files.map((name) => readFileSync(join(root, name), "utf8"));
const COMMENT = /\/\*\*((?:(?!\*\/)[\s\S])*)\*\/\n(?:\/\/[^\n]*\n)*export (?:const|(?:async )?function\*?) (\w+)/g;

/** The lines of each example, by the function they stand above. */
const examples = sources.flatMap((source) =>
  [...source.matchAll(COMMENT)].flatMap(([, comment, name]): [string, string[]][] => {
    const lines = comment.split("@example\n")[1]?.split("\n");
    return lines === undefined ? [] : [[name, lines.map((line) => line.replace(/^ \* ?/, "").trim()).filter(Boolean)]];
  }),
);

/** What the lines print, each said beside what it should. */
function run(lines: readonly string[]): [is: string[], due: string[]] {
  const due: string[] = [],
    code = lines.map((line) => {
      const [, expression, said] = /^(.*) \/\/ (.*)$/.exec(line) ?? [];
      if (said === undefined) return `${line};`;
      due.push(said);
      return `is.push(String(${expression}));`;
    });
  const { var: variance, delete: remove, ...named } = np as unknown as Record<string, unknown>,
    is: string[] = [];
  np.memory.scope(() => {
    // What stands in a comment is code only here.
    new Function("is", ...Object.keys(named), code.join("\n"))(is, ...Object.values(named));
  });
  return [is.map((text) => text.replace(/\s+/g, " ")), due];
}

test("the functions that are met first have an example each, and all examples are of one to four lines", () => {
  expect(EXAMPLES.length).toBe(40);
  expect(examples.map(([name]) => name)).toEqual(expect.arrayContaining(EXAMPLES));
  expect(examples.filter(([, lines]) => lines.length < 1 || lines.length > 4)).toEqual([]);
});

describe("an example prints what it says", () => {
  test.each(examples)("%s", (_, lines) => {
    const [is, due] = run(lines);
    expect(is).toEqual(due);
    expect(due.length).toBeGreaterThan(0);
  });
});
