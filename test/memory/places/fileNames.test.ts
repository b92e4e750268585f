import fc from "fast-check";
import { describe, expect, test } from "vitest";
import * as np from "../../../src/index.js";
import { linesOf, namesOf, numbersOf } from "../../../src/memory/places/fileNames.js";
import type { Held } from "../../../src/memory/state/snapshot.js";

const { memory } = np;

describe("issue 7.17: files of one base name", () => {
  test("namesOf gives the shortest end of a path that no other file has", () => {
    const names = (...files: string[]): string[] => files.map(namesOf(files));
    expect(names("/p/util.ts", "/p/main.ts")).toEqual(["util.ts", "main.ts"]);
    expect(names("/p/a/util.ts", "/p/b/util.ts", "/p/c.ts")).toEqual(["a/util.ts", "b/util.ts", "c.ts"]);
    expect(names("/a/x/util.ts", "/b/x/util.ts", "/b/y/util.ts")).toEqual(["a/x/util.ts", "b/x/util.ts", "y/util.ts"]);
    expect(names("/util.ts", "/a/util.ts", "util.ts")).toEqual(["/util.ts", "a/util.ts", "util.ts"]);
    expect(names("C:\\p\\a\\util.ts", "C:\\p\\b\\util.ts")).toEqual(["a/util.ts", "b/util.ts"]);
    expect(names("http://h/util.ts?v=1", "http://h/util.ts?v=2")).toEqual(["util.ts?v=1", "util.ts?v=2"]);
  });

  test("namesOf never calls two paths by one name", () => {
    const part = fc.constantFrom("a", "b", "util.ts", "index.ts"),
      path = fc.array(part, { minLength: 1, maxLength: 5 }).map((parts) => `/${parts.join("/")}`);
    fc.assert(
      fc.property(fc.uniqueArray(path, { maxLength: 30 }), (files) => {
        const names = files.map(namesOf(files));
        expect(new Set(names).size).toBe(files.length);
        names.forEach((name, i) => {
          expect(files[i].endsWith(name)).toBe(true);
        });
      }),
    );
  });

  test("linesOf and numbersOf name lines; a number is enough where there is one file", () => {
    const a = { file: "/p/a/util.ts", line: 3 },
      b = { file: "/p/b/util.ts", line: 3 };
    expect([a, b].map(linesOf([a, b, undefined]))).toEqual(["a/util.ts:3", "b/util.ts:3"]);
    expect([a, undefined].map(numbersOf([a, undefined]))).toEqual(["3", "?"]);
    expect([a, b].map(numbersOf([a, b]))).toEqual(["a/util.ts:3", "b/util.ts:3"]);
  });

  const held = (file: string, nbytes: number): Held => ({
    nbytes,
    op: "zeros",
    dtype: "uint8",
    shape: [nbytes],
    owner: "array",
    site: { file, line: 3, column: 1, fn: "make", source: file },
  });
  const of = (...all: Held[]): np.memory.Snapshot => memory.Snapshot.fromJSON({ live: 0, held: all });

  test.each(["line", "file", "function", "stack"] as const)("snapshot.statistics('%s') keeps them apart", (by) => {
    const rows = of(held("/p/a/util.ts", 1), held("/p/b/util.ts", 10), held("/p/b/util.ts", 10)).statistics(by);
    expect(rows.map(({ size, count }) => [size, count])).toEqual([
      [20, 2],
      [1, 1],
    ]);
    expect(rows[0].key).toContain("b/util.ts");
    expect(rows[1].key).toContain("a/util.ts");
    expect(String(rows)).toContain("a/util.ts");
  });

  test("compareTo knows a line again that the older snapshot could name more shortly", () => {
    const before = of(held("/p/a/util.ts", 1)),
      after = of(held("/p/a/util.ts", 1), held("/p/b/util.ts", 10));
    expect(after.compareTo(before, "line").map(({ key, sizeDiff }) => [key, sizeDiff])).toEqual([["b/util.ts:3", 10]]);
  });
});

test("issue 7.17: tables of very many rows print", () => {
  const held: Held[] = Array.from({ length: 200_000 }, (_, i) => ({
    nbytes: 1,
    op: `op${i}`,
    dtype: "uint8",
    shape: [1],
    owner: "array",
  }));
  expect(String(memory.Snapshot.fromJSON({ held }).statistics("op")).split("\n")).toHaveLength(200_001);
});
