import { expect, test } from "vitest";
import * as np from "../../src/index.js";
import { parquetInfo, readParquet, writeParquet } from "../../src/parquet/index.js";
import { everyKind } from "../columnar/everyKind.js";

const { memory, table } = np;

test("readParquet(await writeParquet(table)) is the table, to the last bit, whatever the dtype", async () => {
  const before = memory.usage().live;
  {
    const words = Array.from({ length: 1000 }, (_, i) => (i % 11 === 0 ? null : `w${i % 300}`));
    const columns = everyKind(1000);
    using t = table({ ...columns, words });
    for (const codec of ["SNAPPY", "UNCOMPRESSED"] as const) {
      const bytes = await writeParquet(t, undefined, { rowGroupSize: 300, codec });
      expect((await parquetInfo(bytes)).rowGroups).toEqual([300, 300, 300, 100]);
      using back = await readParquet(bytes);
      expect(back.dtypes).toEqual({ ...t.dtypes, words: "category" });
      for (const name of t.columns) expect(back.at(name).tolist()).toEqual(t.at(name).tolist());
    }
    for (const column of Object.values(columns)) column.dispose();
  }
  expect(memory.usage().live).toBe(before);
});

test("writeParquet(table) writes views as they are seen, and takes no engine memory for what is packed", async () => {
  using x = np.arange(100);
  using packed = table({ x });
  using backwards = table({ x: x.at("::-2") });
  const { views } = memory.usage();
  const t = await memory.traceAsync(async () => await writeParquet(packed));
  expect([t.allocs, memory.usage().views]).toEqual([0, views]);
  using back = await readParquet(await writeParquet(backwards));
  expect(back.at("x").tolist()).toEqual(x.at("::-2").tolist());
});

test("writeParquet(table) refuses complex columns by name, and what is no table", async () => {
  using t = table({ z: np.array([{ re: 1, im: 2 }]) });
  await expect(writeParquet(t)).rejects.toThrow(
    "writeParquet: column 'z' is complex128, which Parquet has no type for",
  );
  await expect(writeParquet({} as never)).rejects.toThrow("writeParquet takes a table, not an object");
  await expect(writeParquet(t, undefined, { codec: "LZO" as never })).rejects.toThrow(np.ValueError);
  t.dispose();
});

test("readParquet(bytes) of a column with missing values and integers beyond 2 ** 53 says what to pass", async () => {
  using t = table({ id: np.array([1n, 2n ** 60n + 1n]) as np.NDArray });
  using back = await readParquet(await writeParquet(t));
  expect(back.at("id").tolist()).toEqual([1n, 2n ** 60n + 1n]);
});
