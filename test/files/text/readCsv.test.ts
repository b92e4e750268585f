import { expect, test } from "vitest";
import * as np from "../../../src/index.js";

const { memory, readCsv } = np;
const live = (): number => memory.usage().live;

async function rowsOf(text: string, options: np.CsvOptions = {}): Promise<np.Row[]> {
  const rows: np.Row[] = [];
  for await (using chunk of readCsv({ text }, options)) rows.push(...chunk.toJSON());
  return rows;
}

test("readCsv(text) reads quotes, CRLF, a byte order mark, comments, missing values; sees the dtypes", async () => {
  const text = '\ufeffid,price,name,ok\r\n1,2.5,"a, ""b""",true\r\n# no row\r\n2,,"two\r\nlines",False\r\n3,1e3,,TRUE';
  const before = live();
  let dtypes: object = {};
  for await (using chunk of readCsv({ text }, { comments: "#" })) {
    dtypes = chunk.dtypes;
    expect(chunk.toJSON()).toEqual([
      { id: "1", price: 2.5, name: 'a, "b"', ok: true },
      { id: "2", price: Number.NaN, name: "two\r\nlines", ok: false },
      { id: "3", price: 1000, name: null, ok: true },
    ]);
  }
  expect(dtypes).toEqual({ id: "int64", price: "float64", name: "category", ok: "bool" });
  expect(live()).toBe(before);
});

test("lesson 46: readCsv(text, { chunkRows }) holds one chunk: 1,000,000 rows of 3 floats take 240,000 bytes, not 24,000,000", async () => {
  async function* pieces(): AsyncGenerator<string> {
    yield "x,y,z\n";
    for (let i = 0; i < 1_000_000; i += 1000)
      yield Array.from({ length: 1000 }, (_, k) => `${i + k}.5,${i + k},${-i - k}\n`).join("");
  }
  const float = "float64" as const;
  let sum = 0;
  const t = await memory.traceAsync(async () => {
    for await (using chunk of readCsv(pieces(), { chunkRows: 10_000, dtypes: { x: float, y: float, z: float } })) {
      expect(chunk.nbytes).toBe(240_000);
      sum += np.sum(chunk.array("x")) as number;
    }
  });
  // The second chunk is begun before the first is given up; nothing else is held.
  expect([t.allocs, t.peak <= 480_000, t.retained, sum]).toEqual([300, true, 0, (1_000_000 * 999_999) / 2 + 500_000]);
});

test("readCsv(text, { columns, dtypes, header }) reads what is asked for", async () => {
  expect(await rowsOf("a,b\n1,x\n2,y\n", { columns: ["a"], dtypes: { a: "int8" } })).toEqual([{ a: 1 }, { a: 2 }]);
  expect(await rowsOf("1;2\n", { delimiter: ";", header: false, dtypes: { 0: "int8", 1: "float32" } })).toEqual([
    { 0: 1, 1: 2 },
  ]);
});

test("readCsv(text) refuses what does not fit, and says where and what to pass; or leaves it out", async () => {
  const before = live();
  await expect(rowsOf("a,b\n1,2\n3\n")).rejects.toThrow("Expected 2 fields, saw 1 at row 2: the text, line 3");
  await expect(rowsOf("a\n1\n2\n2.5\n", { chunkRows: 2 })).rejects.toThrow(
    "could not convert string '2.5' to int64 in column 'a'; the first chunk had int64: pass dtypes: { a: 'float64' }: the text, line 4, column 1",
  );
  await expect(rowsOf("a\nx\n", { dtypes: { a: "int8" } })).rejects.toThrow(np.ParseError);
  await expect(rowsOf('a\n"x\n')).rejects.toThrow("a quote is never closed: the text, line 2");
  await expect(rowsOf("a\n1\n", { columns: ["b"] })).rejects.toThrow("no column 'b' in the text: did you mean 'a'?");
  expect(await rowsOf("a,b\n1,2\n3\n4,x\n5,6\n", { onError: "skip", dtypes: { a: "int8", b: "int8" } })).toEqual([
    { a: 1, b: 2 },
    { a: 5, b: 6 },
  ]);
  expect(live()).toBe(before);
});

test("readCsv(text) converts what is read when a column turns out to be wider, and reads it once more for strings", async () => {
  expect(await rowsOf("a,b,c\n1,1,1\n2,2.5,x\n-0,NA,3\n")).toEqual([
    { a: 1, b: 1, c: "1" },
    { a: 2, b: 2.5, c: "x" },
    { a: -0, b: Number.NaN, c: "3" },
  ]);
  // Digits that no float64 has stay what they are.
  expect(await rowsOf("id\n1\n18446744073709551615\n")).toEqual([{ id: "1" }, { id: "18446744073709551615" }]);
  expect(await rowsOf("id\n9223372036854775807\n-9223372036854775808\n")).toEqual([
    { id: "9223372036854775807" },
    { id: "-9223372036854775808" },
  ]);
  expect(await rowsOf("id\n1\n9223372036854775808\n")).toEqual([{ id: 1 }, { id: 2 ** 63 }]);
});

test("readCsv(text, { infer: 'each' }) lets later chunks have wider dtypes", async () => {
  const dtypes: unknown[] = [];
  for await (using chunk of readCsv({ text: "a\n1\n2\n2.5\n3\nx\n4\n" }, { chunkRows: 2, infer: "each" }))
    dtypes.push([chunk.at("a") instanceof np.NDArray ? chunk.array("a").tolist() : chunk.toJSON(), chunk.dtypes.a]);
  expect(dtypes).toEqual([
    [[1n, 2n], "int64"],
    [[2.5, 3], "float64"],
    [[{ a: "x" }, { a: "4" }], "category"],
  ]);
});

test("readCsv(text, { chunkRows: Infinity }) is one table; a stream's columns grow, what can be read twice is counted", async () => {
  const text = `x\n${"1.5\n".repeat(150_000)}`,
    reasons = async (source: np.TextSource | np.LateTextSource): Promise<unknown> => {
      const t = await memory.traceAsync(async () => {
        for await (using chunk of readCsv(source, { chunkRows: Number.POSITIVE_INFINITY, dtypes: { x: "float64" } }))
          expect(chunk.length).toBe(150_000);
      });
      return [t.allocs, t.peak];
    };
  expect(await reasons({ text })).toEqual([1, 1_200_000]);
  const bytes = new TextEncoder().encode(text);
  expect(
    await reasons(
      (async function* () {
        yield bytes;
      })(),
    ),
  ).toEqual([4, 3_297_152]);
});

test("readCsv(text, { names, skiprows, encoding, delimiter }) reads what lies before the table, and blanks", async () => {
  expect(
    await rowsOf("made by hand\n\n1 2\n3  4\n", { skiprows: 1, header: false, names: ["a", "b"], delimiter: null }),
  ).toEqual([
    { a: "1", b: "2" },
    { a: "3", b: "4" },
  ]);
  expect(await rowsOf("a\tb\n'x\ty'\t2\n", { delimiter: "\t", quotechar: "'", columns: ["b", "a"] })).toEqual([
    { b: "2", a: "x\ty" },
  ]);
  const rows: unknown[] = [];
  for await (using chunk of readCsv(Uint8Array.of(0x61, 10, 0xe4, 10), { encoding: "latin1" }))
    rows.push(...chunk.toJSON());
  expect(rows).toEqual([{ a: "ä" }]);
});

test("readCsv(text) of no rows is an empty table with its columns, of nothing at all none", async () => {
  const dtypes: unknown[] = [];
  for await (using chunk of readCsv({ text: "a,b\n" }, { dtypes: { b: "category" } }))
    dtypes.push(chunk.length, chunk.dtypes);
  expect(dtypes).toEqual([0, { a: "int64", b: "category" }]);
  expect(await rowsOf("")).toEqual([]);
});

test("readCsv(text, { onError: 'skip' }) counts what it leaves out; break ends the reading and frees what was made", async () => {
  const before = live(),
    reader = readCsv({ text: "a,b\n1,2\n3\n4,5\n6,7,8\n9,10\n" }, { onError: "skip", chunkRows: 2 });
  for await (using chunk of reader) {
    expect([chunk.array("a").tolist(), reader.skipped]).toEqual([[1n, 4n], 1]);
    break;
  }
  expect((await reader.next()).done).toBe(true);
  expect(live()).toBe(before);
});

test("readCsv(source, options) refuses at the call what it does not take", () => {
  const refused: [unknown, unknown, string][] = [
    [{ text: "" }, { chunkRows: 0 }, "chunkRows is a number of rows from 1 on, or Infinity, not 0"],
    [{ text: "" }, { onError: "warn" }, "onError is 'throw' or 'skip', not 'warn'"],
    [{ text: "" }, { columns: "a" }, "columns is a list of strings, not 'a'"],
    [{ text: "" }, { columns: ["a", "a"] }, "columns has 'a' twice"],
    [{ text: "" }, { dtypes: { a: "float31" } }, "float31"],
    [{ text: "" }, { missing: [1] }, "missing is a list of strings, which 1 is not"],
    [{ text: "" }, { delimiter: ";;" }, "single unicode character"],
    [{ text: "" }, { quote: "'" }, "quote"],
    [5, {}, "readCsv takes a text: { text }, its lines: a path"],
    [["a", 1], {}, "readCsv takes lines as strings, not 1"],
  ];
  for (const [source, options, sentence] of refused)
    expect(() => readCsv(source as np.TextSource, options as np.CsvOptions)).toThrow(sentence);
});
