// docs/lessons.md and the tests it leads to: neither may name a lesson that the other does not have.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";

const here = fileURLToPath(new URL("..", import.meta.url));
const page = readFileSync(join(here, "../docs/lessons.md"), "utf8");
const all = Array.from({ length: 76 }, (_, i) => i + 1);

/** The rows of the table under a heading, each as its cells. */
function table(heading: string): string[][] {
  const [, section] = new RegExp(`^## ${heading}\n([^]*?)(?=^## |(?![^]))`, "m").exec(page)!;
  const rows = section.split("\n").filter((line) => line.startsWith("|"));
  const cells = rows.map((row) =>
    row
      .slice(1, -1)
      .split("|")
      .map((cell) => cell.trim()),
  );
  return cells.slice(2);
}

/** "46–48, 57" is 46, 47, 48 and 57. */
function numbersIn(text: string): number[] {
  return text.split(", ").flatMap((range) => {
    const [first, last = first] = range.split("–").map(Number);
    return Array.from({ length: last - first + 1 }, (_, i) => first + i);
  });
}

/** The numbers of the lessons in the titles of a file's tests. */
function lessonsIn(path: string): number[] {
  const titles = readFileSync(join(here, path), "utf8").matchAll(/(?:^test|^\]\))\("lessons? ([\d, ]+): /gm);
  return [...new Set([...titles].flatMap(([, numbers]) => numbersIn(numbers)))];
}

const rows = table("The lessons").map(([number, teaches, tests]) => {
  const files = [...tests.matchAll(/\]\(\.\.\/test\/([^)#]+)\)/g)].map(([, path]) => path);
  return { lesson: Number(number), teaches, files };
});
const tested = new Set(rows.filter(({ files }) => files.length > 0).map(({ lesson }) => lesson));

test("every lesson is listed once, in order", () => {
  expect(rows.map(({ lesson }) => lesson)).toEqual(all);
  expect(rows.filter(({ teaches }) => teaches === "")).toEqual([]);
});

test("each lesson has a test", () => {
  expect(rows.filter(({ files }) => files.length === 0)).toEqual([]);
});

test.each(rows.flatMap(({ lesson, files }) => files.map((file) => [lesson, file] as const)))(
  "lesson %i is in a title of test/%s",
  (lesson, file) => {
    expect(existsSync(join(here, file))).toBe(true);
    expect(lessonsIn(file)).toContain(lesson);
  },
);

describe("in test/lessons", () => {
  const files = readdirSync(join(here, "lessons")).filter((name) => name.endsWith(".test.ts"));

  test.each(files)("%s shows lessons, and the page leads to it from each", (name) => {
    const path = `lessons/${name}`;
    const leading = rows.filter((row) => row.files.includes(path)).map(({ lesson }) => lesson);
    expect(leading.length).toBeGreaterThan(0);
    expect(lessonsIn(path).sort((a, b) => a - b)).toEqual(leading);
  });

  test.each(files)("every test of %s has the number of its lesson", (name) => {
    const source = readFileSync(join(here, "lessons", name), "utf8");
    const untold = [...source.matchAll(/^test\("(.*?)"/gm)].filter(([, title]) => !/^lessons? [\d, ]+: ./.test(title));
    expect(untold.map(([, title]) => title)).toEqual([]);
  });
});

test("a good practice is shown by lessons that have a test", () => {
  for (const [practice, numbers] of table("Good practice")) {
    const shown = numbersIn(numbers).every((lesson) => tested.has(lesson));
    expect([practice, shown]).toEqual([practice, true]);
  }
});

test.each(["In another form", "Without a counterpart"])("%s: each lesson has its reason", (heading) => {
  const reasons = table(heading);
  expect(reasons.length).toBeGreaterThan(0);
  for (const [number, before, reason] of reasons) {
    expect(all).toContain(Number(number));
    expect([before, reason]).not.toContain("");
  }
});
