import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

// What has one owner is decided nowhere else.

const root = fileURLToPath(new URL("../..", import.meta.url));

/** The lines of a folder's TypeScript files that match, as `path:number: line`. */
function linesOf(folder: string, matches: (line: string) => boolean): string[] {
  const names = readdirSync(root + folder, { recursive: true, encoding: "utf8" }).filter((name) => /\.ts$/.test(name));
  return names.flatMap((name) =>
    readFileSync(`${root}${folder}/${name}`, "utf8")
      .split("\n")
      .map((line, i) => ({ line, at: `${folder}/${name}:${i + 1}: ${line.trim()}` }))
      .filter(({ line }) => matches(line))
      .map(({ at }) => at),
  );
}

test("facts of a dtype stand in the table of src/base/dtype.ts: no file counts codes or asks for a name instead", () => {
  const decides =
    /\bcode - 2\b|(?<![<>])[<>]=? 1[2-5]\b|[!=]== "(float16|complex64|complex128)"|[!=]==? (dtypes\.)?float16\b/i;
  const found = linesOf("src", (line) => decides.test(line)).filter((line) => !/^src\/base\/dtype\.ts/.test(line));
  expect(found.map((line) => line.replace(/:\d+: /, ": "))).toEqual([
    // JavaScript's own class of that name.
    'src/array/convert.ts: return a.dtype === "float16" && Float16Array ? new Float16Array(copy.buffer) : copy;',
    // JavaScript has no such elements everywhere: columns of tables hold their bits.
    'src/columnar/fill.ts: if (dtype !== "float16" || this.#fill === undefined || rows === 0) return;',
    'src/columnar/fill.ts: none = this.#array.dtype === "float16" ? 0x7e00 : Number.NaN,',
    'src/parquet/leaves.ts: if (word === "FLOAT16" && length === 2) return { dtype: "float16", read: (value) => half(value as Uint8Array) };',
    'src/parquet/write.ts: if (packed.dtype === "float16") return Array.from(raw as Uint16Array, fromHalf);',
    // The candidates of shrink are a list of its own: two of them have a running sum.
    'src/shrink/tally.ts: if (dtype === "float16" || dtype === "float32") {',
    'src/shrink/tally.ts: this.#sum = this.#integer ? 0 : sums[dtype === "float16" ? 0 : 1];',
    'src/shrink/tally.ts: return this.dtype === "float16" ? fromHalf(view.getUint16(this.#sum, true)) : view.getFloat32(this.#sum, true);',
  ]);
});

test("assembly/dtype.ts alone asks which dtype it is", () => {
  const asks = /\bDType\.\w|switch \((dtype|from|to)\)|\bdtype [<>=!]=?/;
  const found = linesOf("assembly", (line) => asks.test(line));
  expect(found.filter((line) => !/^assembly\/dtype\.ts/.test(line))).toEqual([]);
  expect(found.length).toBeGreaterThan(20);
});

test("assembly/: each dispatcher stands in dtype.ts alone", () => {
  const found = linesOf("assembly", (line) => /function for[A-Z]/.test(line));
  expect(found.filter((line) => !/^assembly\/dtype\.ts/.test(line))).toEqual([]);
  expect(found.length).toBeGreaterThan(10);
});

test("a cast over unknown gives its reason on its line", () => {
  expect(linesOf("src", (line) => /as unknown as/.test(line) && !/as unknown as.* \/\/ \w/.test(line))).toEqual([]);
});
