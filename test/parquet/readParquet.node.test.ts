import { openAsBlob, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import * as np from "../../src/index.js";
import { parquetInfo, readParquet, readParquetGroups } from "../../src/parquet/index.js";
import { compare, FOLDER, values } from "../columnar/expected.js";

const { memory } = np;
const file = (name: string): string => `${FOLDER}/${name}.parquet`;

for (const name of ["snappy", "plain-v1", "gzip-v2-groups", "zstd-pages", "brotli", "lz4", "delta", "split", "int96"])
  test(`readParquet('${name}.parquet') is what pyarrow wrote, to the last bit`, async () => {
    const before = memory.usage().live;
    {
      using table = await readParquet(file(name));
      expect(table.length).toBe(40);
      compare(table);
    }
    expect(memory.usage().live).toBe(before);
  });

test("readParquet(path) of a file by pandas: its eight columns, dates as milliseconds", async () => {
  using table = await readParquet(file("pandas"));
  expect(table.columns).toEqual(["int8", "int64", "float32", "strings", "bool", "timestamp ns", "category"]);
  compare(table);
});

test("readParquet(source) reads a path, bytes, a Blob and a stream alike", async () => {
  const bytes = readFileSync(file("snappy"));
  const sources = [
    file("snappy"),
    bytes,
    await openAsBlob(file("snappy")),
    new Response(bytes),
    new Blob([bytes]).stream(),
  ];
  for (const source of sources) {
    using table = await readParquet(source, { columns: ["int64", "strings"] });
    compare(table);
  }
});

test("readParquet(path, { columns, rowGroups }) reads these, in this order", async () => {
  using table = await readParquet(file("gzip-v2-groups"), { columns: ["strings", "int8"], rowGroups: [4, 1] });
  const rows = [36, 37, 38, 39, 9, 10, 11, 12, 13, 14, 15, 16, 17];
  expect(table.columns).toEqual(["strings", "int8"]);
  expect(table.at("int8").tolist()).toEqual(rows.map((row) => values.int8[row]));
  expect(table.at("strings").tolist()).toEqual(rows.map((row) => values.strings[row]));
});

test("readParquet(path, { fill }) keeps the dtype of integers and bools that have gaps", async () => {
  const columns = ["int32 with gaps", "bool with gaps", "float64 with gaps"];
  using table = await readParquet(file("snappy"), {
    columns,
    fill: { "int32 with gaps": -1, "bool with gaps": false, "float64 with gaps": 7 },
  });
  expect(table.dtypes).toEqual({
    "int32 with gaps": "int32",
    "bool with gaps": "bool",
    "float64 with gaps": "float64",
  });
  expect(table.at("int32 with gaps").tolist()).toEqual(values["int32 with gaps"].map((value) => value ?? -1));
  expect(table.at("bool with gaps").tolist()).toEqual(values["bool with gaps"].map((value) => value ?? false));
  await expect(readParquet(file("snappy"), { fill: { int8: 300 } })).rejects.toThrow(
    "fill for column 'int8' is 300, which int8 cannot hold",
  );
});

test("readParquet(path) takes the data once: 40 rows are the bytes of their columns, and codes", async () => {
  const columns = ["int8", "float64", "strings"];
  const t = await memory.traceAsync(async () => await readParquet(file("gzip-v2-groups"), { columns }));
  using table = t.result;
  expect([t.allocs, t.peak, t.copied, table.nbytes]).toEqual([3, 40 + 320 + 40, 400, 400]);
});

test("readParquetGroups(path) gives a table a row group, and takes the memory of one", async () => {
  const before = memory.usage().live;
  const t = await memory.traceAsync(async () => {
    const lengths: number[] = [];
    let sum = 0n;
    for await (const table of readParquetGroups(file("gzip-v2-groups"), { columns: ["int64", "int32 with gaps"] })) {
      using _ = table;
      lengths.push(table.length);
      sum += table.array("int64").sum() as bigint;
      expect(table.dtypes).toEqual({ int64: "int64", "int32 with gaps": "float64" });
    }
    return [lengths, sum];
  });
  const whole = values.int64.reduce<bigint>((sum, value) => BigInt.asIntN(64, sum + BigInt(value!)), 0n);
  expect(t.result[0]).toEqual([9, 9, 9, 9, 4]);
  expect(BigInt.asIntN(64, t.result[1] as bigint)).toBe(whole);
  expect(t.peak).toBeLessThanOrEqual(9 * 16 + 64);
  expect(memory.usage().live).toBe(before);
});

test("readParquetGroups(path) that is left early closes the file and leaves nothing", async () => {
  const before = memory.usage().live;
  for await (const table of readParquetGroups(file("gzip-v2-groups"))) {
    table.dispose();
    break;
  }
  expect(memory.usage().live).toBe(before);
});

test("parquetInfo(path) tells rows, row groups and columns, and reads no data", async () => {
  const info = await parquetInfo(file("nested"));
  expect(info.rows).toBe(2);
  expect(info.rowGroups).toEqual([2]);
  expect(info.columns).toEqual([
    { name: "x", type: "INT64", dtype: "int64", nullable: true },
    { name: "list", type: "nested LIST", dtype: null, nullable: true },
    { name: "pair", type: "nested", dtype: null, nullable: true },
  ]);
  expect(info.createdBy).toContain("parquet-cpp-arrow");
});

test("readParquet(path) names a nested column and those it can read; without it the rest is read", async () => {
  await expect(readParquet(file("nested"))).rejects.toThrow(
    "readParquet: column 'list' of 'test/oracle/columnar/nested.parquet' is nested (nested LIST); leave it out: columns: ['x']",
  );
  using table = await readParquet(file("nested"), { columns: ["x"] });
  expect(table.at("x").tolist()).toEqual([1n, 2n]);
});

test("readParquet(path) of no rows has the columns of the file, of no elements", async () => {
  using table = await readParquet(file("empty"));
  expect([table.length, table.dtypes.int8, table.dtypes.strings]).toEqual([0, "int8", "category"]);
});

test("readParquet(source) refuses what is no Parquet file, and columns and groups that there are not", async () => {
  await expect(readParquet("test/oracle/columnar/values.json")).rejects.toThrow("its last four bytes are");
  await expect(readParquet("nowhere.parquet")).rejects.toThrow(np.FileError);
  await expect(readParquet(new Uint8Array(3))).rejects.toThrow("it has 3 bytes");
  await expect(readParquet(7 as never)).rejects.toThrow("readParquet takes a Parquet file: a path, its bytes");
  await expect(readParquet(file("snappy"), { columns: ["int9"] })).rejects.toThrow("did you mean 'int8'?");
  await expect(readParquet(file("snappy"), { columns: ["int8", "int8"] })).rejects.toThrow("comes twice");
  await expect(readParquet(file("snappy"), { rowGroups: [1] })).rejects.toThrow(np.IndexError);
  await expect(readParquet(file("snappy"), { rows: 3 } as never)).rejects.toThrow(np.ArgumentError);
});
