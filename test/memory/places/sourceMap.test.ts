import { encode } from "@jridgewell/sourcemap-codec";
import { describe, expect, test } from "vitest";
import { FIRST_PLACE } from "../../../src/base/newStack.js";
import newStack from "../../../src/base/newStack.ts?raw";
import { type Mapped, mapFrame } from "../../../src/memory/places/sourceMap.js";

// Scripts are addresses that hold their text, so that Node and browsers read them alike.

type Segment = [column: number] | [column: number, source: number, line: number, at: number];

const source = "one();\n  two();\nthree();\n";

const mapOf = (lines: Segment[][], more: object = {}): object => ({
  version: 3,
  sources: ["app.ts"],
  sourcesContent: [source],
  names: [],
  mappings: encode(lines),
  ...more,
});

const comment = (text: string): string =>
  `//# sourceMappingURL=data:application/json;base64,${btoa(unescape(encodeURIComponent(text)))}`;

const script = (text: string): string => `data:text/javascript;charset=utf-8,${encodeURIComponent(text)}`;

/** The user's place for one in a script of two lines with a map. */
function placed(map: unknown, line: number, column: number): Mapped {
  const text = typeof map === "string" ? map : JSON.stringify(map);
  return mapFrame({ file: script(`f(); g(); h();\ni();\n${comment(text)}\n`), line, column, fn: "" }, null);
}

const at = ({ file, line, column, source }: Mapped): unknown[] => [file, line, column, source];

test("issue 7.20: FIRST_PLACE is where newStack.ts makes its error", () => {
  const lines = newStack.split("\n"),
    at = lines.findIndex((line) => line.includes('new Error("where')),
    line = at + 1,
    column = lines[at].indexOf("new Error") + 1;
  expect(FIRST_PLACE).toEqual({ line, column });
});

describe("issue 7.20: mapFrame", () => {
  test("takes the last segment that does not lie behind the column", () => {
    const map = mapOf([
      [
        [0, 0, 0, 0],
        [5, 0, 1, 2],
      ],
      [[0, 0, 2, 0]],
    ]);
    expect(at(placed(map, 1, 1))).toEqual(["app.ts", 1, 1, "one();"]);
    expect(at(placed(map, 1, 5))).toEqual(["app.ts", 1, 1, "one();"]);
    expect(at(placed(map, 1, 6))).toEqual(["app.ts", 2, 3, "two();"]);
    expect(at(placed(map, 1, 14))).toEqual(["app.ts", 2, 3, "two();"]);
    expect(at(placed(map, 2, 1))).toEqual(["app.ts", 3, 1, "three();"]);
  });

  test("gives the user's part of the statement where a minifier put a function of the library into it", () => {
    const own = ["node_modules/nbytes/src/creation.ts", "webpack://shop/dist/chunk-nbytes-NFBV2GXQ.js"];
    for (const name of own) {
      const map = mapOf(
        [
          [
            [0, 0, 0, 0],
            [3, 0, 1, 2],
            [5, 1, 597, 4],
            [8, 1, 598, 4],
          ],
        ],
        { sources: ["src/array/ndarray.ts", name], sourcesContent: [source, ""] },
      );
      expect(at(placed(map, 1, 10))).toEqual(["src/array/ndarray.ts", 2, 3, "two();"]);
      expect(at(placed(map, 1, 3))).toEqual(["src/array/ndarray.ts", 1, 1, "one();"]);
    }
    const alone = mapOf([[[0, 0, 0, 0]]], { sources: [own[0]] });
    expect(at(placed(alone, 1, 10))).toEqual([own[0], 1, 1, "one();"]);
  });

  test("gives the built line where code has no source", () => {
    const map = mapOf([[[0, 0, 0, 0], [5]]]);
    expect(placed(map, 1, 7)).toMatchObject({ line: 1, column: 7, source: "f(); g(); h();" });
    expect(placed(map, 2, 1)).toMatchObject({ line: 2, column: 1, source: "i();" });
  });

  test("reads an indexed map: each section for what follows its beginning", () => {
    const section = (line: number, column: number, file: string, more?: object): object => ({
      offset: { line, column },
      map: mapOf([[[0, 0, 1, 2]], [[0, 0, 2, 0]]], { sources: [file], ...more }),
    });
    const map = { version: 3, sections: [section(0, 0, "a.ts"), section(0, 5, "b.ts"), section(1, 2, "c.ts")] };
    expect(at(placed(map, 1, 3))).toEqual(["a.ts", 2, 3, "two();"]);
    expect(at(placed(map, 1, 6))).toEqual(["b.ts", 2, 3, "two();"]);
    expect(at(placed(map, 2, 1))).toEqual(["b.ts", 3, 1, "three();"]);
    expect(at(placed(map, 2, 3))).toEqual(["c.ts", 2, 3, "two();"]);
    const nested = { version: 3, sections: [{ offset: { line: 0, column: 0 }, map }] };
    expect(at(placed(nested, 1, 6))).toEqual(["b.ts", 2, 3, "two();"]);
  });

  test("finds the names of sources: roots, addresses, drives, and signs of every kind", () => {
    const names: [name: string, root: string | undefined, file: string][] = [
      ["app.ts", "src", "src/app.ts"],
      ["../lib/app.ts", "src/x", "src/lib/app.ts"],
      ["webpack://shop/./src/app.ts", undefined, "webpack://shop/src/app.ts"],
      ["turbopack:///[project]/app/page.tsx", undefined, "turbopack:///[project]/app/page.tsx"],
      ["https://x.org/src/app.ts?t=17#top", undefined, "https://x.org/src/app.ts"],
      ["C:/Users/me/app.ts", undefined, "C:/Users/me/app.ts"],
      ["/home/größe/mein app.ts", undefined, "/home/größe/mein app.ts"],
    ];
    for (const [name, sourceRoot, file] of names) {
      const map = mapOf([[[0, 0, 0, 0]]], { sources: [name], sourceRoot });
      expect(at(placed(map, 1, 1))).toEqual([file, 1, 1, "one();"]);
    }
  });

  test("reads a map behind the line that guards it, and one that is written as an address", () => {
    const map = JSON.stringify(mapOf([[[0, 0, 1, 2]]]));
    expect(at(placed(`)]}'\n${map}`, 1, 1))).toEqual(["app.ts", 2, 3, "two();"]);
    const file = script(`f();\n//# sourceMappingURL=data:application/json,${encodeURIComponent(map)}\n`);
    expect(at(mapFrame({ file, line: 1, column: 1, fn: "" }, null))).toEqual(["app.ts", 2, 3, "two();"]);
  });

  test("takes what a host's own formatter says, and maps nothing that a host has mapped", () => {
    const file = script("f();\n"),
      told = { file: "https://x.org/app.ts", line: 7, column: 3, fn: "" };
    expect(mapFrame({ file, line: 1, column: 1, fn: "" }, told)).toMatchObject({ file: told.file, line: 7, column: 3 });
  });

  test("cuts a line of a minified file to the statement, and says that the column tells places apart", () => {
    const text = `${"var x=1;".repeat(50)}y=zeros(3);z=zeros(4);${"var x=1;".repeat(50)}`,
      file = script(text),
      first = text.indexOf("zeros(3)") + 1,
      second = text.indexOf("zeros(4)") + 1;
    const places = [first, second].map((column) => mapFrame({ file, line: 1, column, fn: "" }, null));
    expect(places).toMatchObject([
      { line: 1, column: first, source: "y=zeros(3);", crowded: true },
      { line: 1, column: second, source: "z=zeros(4);", crowded: true },
    ]);
  });

  const broken: Record<string, unknown> = {
    "no JSON": "{",
    binary: "\u0000\u0001\u0002ÿþ",
    "a list": [],
    "no mappings": { version: 3, sources: ["a.ts"] },
    "junk in its mappings": mapOf([], { mappings: "!?$%&/()=" }),
    "mappings that end within a number": mapOf([], { mappings: "ggggg" }),
    "a number of a thousand digits": mapOf([], { mappings: `${"g".repeat(1000)}A,AAAA` }),
    "a million empty lines before its line": mapOf([], { mappings: `${";".repeat(1e6)}AAAA` }),
    "lines that its source has not": mapOf([[[0, 0, 99, 0]]]),
    "sources that are none": mapOf([[[0, 0, 0, 0]]], { sources: [null] }),
    "sections that are none": { version: 3, sections: 7 },
    "a section without a map": { version: 3, sections: [{ offset: { line: 0, column: 0 }, url: "x.map" }] },
    "a section far below": { version: 3, sections: [{ offset: { line: 1e9, column: 0 }, map: mapOf([]) }] },
    "sections in sections": `${'{"sections":[{"offset":{"line":0,"column":0},"map":'.repeat(2000)}{}${"}]}".repeat(2000)}`,
  };

  test.each(Object.entries(broken))("gives the built line for a map with %s", (_, map) => {
    expect(placed(map, 1, 6)).toMatchObject({ line: 1, column: 6, source: "f(); g(); h();" });
  });
});
