import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { memory, zeros } from "../../../src/index.js";
import { nbytes, type Printed } from "../running.js";

const folder = mkdtempSync(join(tmpdir(), "nbytes-diff-"));
afterAll(() => rmSync(folder, { recursive: true }));

const run = (...argv: string[]): Promise<Printed> => nbytes(argv, { cwd: folder });

function write(name: string, text: string): void {
  writeFileSync(join(folder, name), text);
}

/** A trace as `nbytes trace --json` prints it. */
function trace(allocs: number, lines: readonly (readonly [line: number, source: string, bytes: number])[]): string {
  const allocated = lines.reduce((sum, [, , bytes]) => sum + bytes, 0);
  return JSON.stringify({
    ...{ label: "app.ts", allocs, allocated, peak: allocated, retained: 0, copied: 0 },
    lines: lines.map(([line, source, bytes]) => ({
      site: { file: "/app.ts", line, column: 1 },
      source,
      allocs: 1,
      allocated: bytes,
    })),
  });
}

test("nbytes diff of two traces tells sums and lines, known by their text, and ends with 1", async () => {
  write(
    "a.json",
    trace(2, [
      [3, "const x = zeros(n);", 8000],
      [4, "const y = add(x, 1);", 8000],
    ]),
  );
  write(
    "b.json",
    trace(2, [
      [13, "const x = zeros(n);", 8000],
      [14, "const y = x.copy();", 1000],
    ]),
  );
  expect(await run("diff", "a.json", "b.json")).toEqual({
    code: 1,
    err: "",
    out: `            before    after  difference
allocs           2        2
allocated  16.0 kB  9.00 kB    -7.00 kB
peak       16.0 kB  9.00 kB    -7.00 kB
retained       0 B      0 B
copied         0 B      0 B
by line
  -8.00 kB  -1 array  app.ts:4   const y = add(x, 1);
  +1.00 kB  +1 array  app.ts:14  const y = x.copy();
`,
  });
  const { lines, before } = JSON.parse((await run("diff", "a.json", "b.json", "--json")).out);
  expect(lines).toHaveLength(2);
  expect(before.allocated).toBe(16000);
});

test("nbytes diff of a real trace and itself finds nothing", async () => {
  const t = memory.trace(() => zeros(10).dispose());
  write("real.json", t.export("json"));
  expect(await run("diff", "real.json", "real.json")).toEqual({
    code: 0,
    out: "they allocate the same, line by line\n",
    err: "",
  });
});

test.each([
  ["none.json", null, /none\.json: no such file or folder\n$/],
  ["half.json", "{", /half\.json: no JSON: /],
  ["other.json", '{ "label": 1 }', /other\.json: no trace, as nbytes trace --json prints it\n$/],
  ["null.json", "null", /null\.json: no trace/],
  ["lines.json", trace(1, []).replace("[]", "[{}]"), /lines\.json: no trace/],
])("nbytes diff of %s is one line and 1", async (name, text, line) => {
  if (text !== null) write(name, text);
  const { code, err } = await run("diff", name, name);
  expect(code).toBe(1);
  expect(err).toMatch(line);
  expect(err.split("\n")).toHaveLength(2);
});
