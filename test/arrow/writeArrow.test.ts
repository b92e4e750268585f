import { expect, test } from "vitest";
import { fromArrow, readArrow, toArrow, writeArrow } from "../../src/arrow/index.js";
import * as np from "../../src/index.js";
import { everyKind } from "../columnar/everyKind.js";

const { memory, table } = np;

test("readArrow(await writeArrow(table)) is the table, to the last bit, whatever the dtype; so is fromArrow(toArrow)", async () => {
  const before = memory.usage().live;
  {
    const words = Array.from({ length: 1000 }, (_, i) => (i % 11 === 0 ? null : `w${i % 300}`)),
      columns = everyKind(1000);
    using t = table({ ...columns, words, kinds: words.map((word) => word ?? "none") });
    for (const format of ["file", "stream"] as const) {
      using back = await readArrow(await writeArrow(t, undefined, { format }));
      using made = fromArrow(await toArrow(t));
      for (const other of [back, made]) {
        expect(other.dtypes).toEqual(t.dtypes);
        for (const name of t.columns) expect([name, other.at(name).tolist()]).toEqual([name, t.at(name).tolist()]);
      }
    }
    for (const column of Object.values(columns)) column.dispose();
  }
  expect(memory.usage().live).toBe(before);
});

test("writeArrow(table) writes views as they are seen, and takes no engine memory for what is packed", async () => {
  using x = np.arange(100);
  using packed = table({ x });
  using backwards = table({ x: x.at("::-2") });
  const t = await memory.traceAsync(async () => await writeArrow(packed));
  expect(t.allocs).toBe(0);
  using back = await readArrow(await writeArrow(backwards));
  expect(back.at("x").tolist()).toEqual(x.at("::-2").tolist());
});

test("writeArrow(table) refuses complex columns by name, and what is no table", async () => {
  using t = table({ z: np.array([{ re: 1, im: 2 }]) });
  await expect(writeArrow(t)).rejects.toThrow("writeArrow: column 'z' is complex128, which Arrow has no type for");
  await expect(toArrow({} as never)).rejects.toThrow("toArrow takes a table, not an object");
  expect(() => fromArrow(t as never)).toThrow("fromArrow takes a table of @uwdata/flechette, not a Table");
});

test("lesson 56: a million float64 come from Arrow in one copy of 8,000,000 B; of a file they are a view, and no copy", async () => {
  using t = table({ x: np.arange(1_000_000) });
  const arrow = await toArrow(t);
  const copied = memory.trace(() => fromArrow(arrow), { level: "events" });
  using back = copied.result;
  expect(copied.events.filter((e) => e.kind === "alloc").map((e) => [e.nbytes, e.reason])).toEqual([
    [8_000_000, "host-boundary"],
  ]);
  const bytes = await writeArrow(t);
  const read = await memory.traceAsync(() => readArrow(bytes));
  using file = read.result;
  // The file once, and its column is a view of that.
  expect([read.allocs, read.allocated]).toEqual([1, bytes.length]);
  expect([file.array("x").base?.dtype, file.array("x").base?.size]).toEqual(["uint8", bytes.length]);
  expect(np.arrayEqual(back.array("x"), file.array("x"))).toBe(true);
});
