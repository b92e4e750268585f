import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { mapFrame } from "../../../src/memory/places/sourceMap.js";

const folder = mkdtempSync(join(tmpdir(), "nbytes-maps-"));

afterAll(() => rmSync(folder, { recursive: true }));

const maps = {
  "no JSON": "{",
  "no object": "null",
  "no mappings": '{ "version": 3, "sources": ["a.ts"] }',
  "mappings that are no text": '{ "sources": ["a.ts"], "mappings": 7 }',
  "no sources": '{ "mappings": "AAAA" }',
  "a source that is not there": '{ "sources": [], "mappings": "AAAA" }',
  "negative lines": '{ "sources": ["a.ts"], "mappings": "AADD" }',
  "a negative source": '{ "sources": ["a.ts"], "mappings": "ADAA" }',
  "content that is no text": '{ "sources": ["a.ts"], "sourcesContent": [7], "mappings": "AAAA" }',
};

test.each(Object.entries(maps))("issue 7.5: a source map with %s gives the built line", (name, map) => {
  const file = join(folder, `${name}.js`);
  writeFileSync(file, `run();\n//# sourceMappingURL=data:application/json;base64,${btoa(map)}\n`);
  expect(mapFrame({ file, line: 1, column: 1, fn: "" }, null)).toEqual({ file, line: 1, column: 1, source: "run();" });
});
