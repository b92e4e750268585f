import { openAsBlob, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { readArrow, readArrowBatches } from "../../src/arrow/index.js";
import * as np from "../../src/index.js";
import { compare, FOLDER, values } from "../columnar/expected.js";

const { memory } = np;
const file = (name: string): string => `${FOLDER}/${name}`;

for (const name of ["file.arrow", "stream.arrows", "batches.arrow", "lz4.arrow", "zstd.arrow", "pandas.feather"])
  test(`readArrow('${name}') is what pyarrow wrote, to the last bit`, async () => {
    const before = memory.usage().live;
    {
      using table = await readArrow(file(name));
      expect(table.length).toBe(40);
      compare(table);
    }
    expect(memory.usage().live).toBe(before);
  });

test("readArrow(path): numbers without nulls in one batch are views of the file, others copies, with the reason", async () => {
  const { size } = await openAsBlob(file("file.arrow"));
  const columns = ["int64", "float32", "category", "bool", "int32 with gaps"];
  const t = await memory.traceAsync(async () => await readArrow(file("file.arrow"), { columns }));
  using table = t.result;
  const { base } = table.array("int64");
  expect([base?.dtype, base?.size, table.array("float32").base === base]).toEqual(["uint8", size, true]);
  // The file, the bools and the integers with gaps.
  expect([t.allocs, t.peak]).toEqual([3, size + 40 + 320]);
});

test("readArrow(array) of a file in engine memory copies no number: one write is seen in both", async () => {
  using bytes = np.array(new Uint8Array(readFileSync(file("file.arrow")))) as np.NDArray<"uint8">;
  const t = await memory.traceAsync(async () => await readArrow(bytes, { columns: ["int16", "float64", "category"] }));
  using table = t.result;
  expect([t.allocs, np.sharesMemory(table.array("int16"), bytes)]).toEqual([0, true]);
  compare(table);
});

test("readArrow(path) of several batches joins them, and gives the file up", async () => {
  const columns = ["int64", "float64"];
  using table = await readArrow(file("batches.arrow"), { columns });
  compare(table);
  expect(table.array("int64").base).toBe(null);
});

test("readArrowBatches(path) gives a table a record batch, each a view of the file; the last ends it", async () => {
  const before = memory.usage().live;
  const lengths: number[] = [];
  const strings: unknown[] = [];
  for await (const table of readArrowBatches(file("batches.arrow"), { columns: ["int8", "strings"] })) {
    using _ = table;
    lengths.push(table.length);
    strings.push(...(table.at("strings").tolist() as unknown[]));
  }
  expect(lengths).toEqual([9, 9, 9, 9, 4]);
  expect(strings).toEqual(values.strings);
  expect(memory.usage().live).toBe(before);
});

test("readArrow(source) reads bytes, a Blob and a stream alike", async () => {
  const bytes = readFileSync(file("stream.arrows"));
  for (const source of [bytes, await openAsBlob(file("stream.arrows")), new Response(bytes)]) {
    using table = await readArrow(source, { columns: ["uint64", "strings with gaps"] });
    compare(table);
  }
});

test("readArrow(path) names a nested column and those it can read, and refuses what is no Arrow file", async () => {
  const before = memory.usage().live;
  await expect(readArrow(file("nested.arrow"))).rejects.toThrow(
    "readArrow: column 'list' of 'test/oracle/columnar/nested.arrow' has no dtype here (List); leave it out: columns: ['x']",
  );
  await expect(readArrow(file("snappy.parquet"))).rejects.toThrow(np.ValueError);
  await expect(readArrow(new Uint8Array(0))).rejects.toThrow("is no Arrow file: it is empty");
  await expect(readArrow(7 as never)).rejects.toThrow("readArrow takes an Arrow file: a path, its bytes");
  await expect(readArrow(np.zeros(9) as never)).rejects.toThrow("readArrow reads an array that holds a file: uint8");
  expect(memory.usage().live - before).toBe(72);
});

test("readArrow(path) of no rows has the columns of the file, of no elements", async () => {
  using table = await readArrow(file("empty.arrow"));
  expect([table.length, table.dtypes.int8, table.dtypes.strings]).toEqual([0, "int8", "category"]);
});
