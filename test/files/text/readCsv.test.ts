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

test("lesson 46: readCsv(text, { chunkRows }) holds one chunk: 100,000 rows of 3 floats take 240,000 bytes, not 2,400,000", async () => {
  let text = "x,y,z\n";
  for (let i = 0; i < 100_000; i++) text += `${i}.5,${i},${-i}\n`;
  const before = live(),
    float = "float64" as const;
  let sum = 0,
    chunks = 0;
  for await (using chunk of readCsv({ text }, { chunkRows: 10_000, dtypes: { x: float, y: float, z: float } })) {
    expect([chunk.nbytes, live() - before]).toEqual([240_000, 240_000]);
    sum += np.sum(chunk.array("x")) as number;
    chunks++;
  }
  expect([chunks, sum, live() - before]).toEqual([10, (100_000 * 99_999) / 2 + 50_000, 0]);
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
  await expect(rowsOf("a\n1\n", { columns: ["b"] })).rejects.toThrow("no column 'b': the text has a");
  expect(await rowsOf("a,b\n1,2\n3\n4,x\n5,6\n", { onError: "skip", dtypes: { a: "int8", b: "int8" } })).toEqual([
    { a: 1, b: 2 },
    { a: 5, b: 6 },
  ]);
  expect(live()).toBe(before);
});
