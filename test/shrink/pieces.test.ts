// Columns that come in pieces: an async iterator of tables.
import { expect, test } from "vitest";
import * as np from "../../src/index.js";

const { memory, shrink } = np;
const n = 10_000,
  STEP = 1500;

const whole = (): Record<string, np.NDArray> => ({
  counts: np.remainder(np.arange(n), 4001) as np.NDArray,
  price: np.divide(np.arange(n), 100) as np.NDArray,
  flags: np.greater(np.arange(n), 5000) as np.NDArray,
  serial: np.add(np.arange(n, { dtype: "int64" }), 2n ** 60n) as np.NDArray,
  temp: np.linspace(-40, 60, n) as np.NDArray,
});

/** A table as those of other libraries are: names, columns, and an end. */
class Piece {
  static live = 0;
  static most = 0;
  readonly columns: string[];
  constructor(readonly given: Readonly<Record<string, unknown>>) {
    this.columns = Object.keys(given);
    Piece.most = Math.max(Piece.most, ++Piece.live);
  }
  at(name: string): unknown {
    return this.given[name];
  }
  [Symbol.dispose](): void {
    Piece.live--;
    for (const column of Object.values(this.given)) if (column instanceof np.NDArray) column.dispose();
  }
}

async function* tables(columns: Readonly<Record<string, np.NDArray>>): AsyncGenerator<Piece, void, void> {
  for (let at = 0; at < n; at += STEP) {
    const parts = Object.entries(columns).map(([name, a]) => [name, a.at(np.slice(at, at + STEP)).copy()] as const);
    yield new Piece({ ...Object.fromEntries(parts), city: ["a", "b"] });
  }
}

async function* given<T>(...pieces: T[]): AsyncGenerator<T, void, void> {
  yield* pieces;
}

test("report(tables) says of each column what report(columns) says; only the sums of pieces are other sums", async () => {
  const columns = whole();
  const due = shrink.report(columns, { abs: 1e-3 }),
    before = memory.usage().live;
  Piece.most = 0;
  const report = await shrink.report(tables(columns), { abs: 1e-3 });
  expect([Piece.live, Piece.most]).toEqual([0, 1]);
  expect(memory.usage().live).toBe(before);
  expect(report.left).toEqual(["city"]);
  const known = ({ drift, ...rest }: (typeof due.columns)[number]) => ({ ...rest, running: drift?.running });
  expect(report.columns.map(known)).toEqual(due.columns.map(known));
  for (const [k, { drift }] of report.columns.entries()) {
    if (drift === null) continue;
    expect(drift.exact).toBeCloseTo(due.columns[k].drift!.exact, 6);
    expect(Math.abs(drift.paired / due.columns[k].drift!.paired - 1)).toBeLessThan(1e-6);
  }
  expect([report.before, report.after]).toEqual([due.before, due.after]);
  for (const column of Object.values(columns)) column.dispose();
});

test("report(tables) keeps 57 KiB for all columns and 4 KiB for each more, and gives them back", async () => {
  const columns = whole();
  const pieces: Piece[] = [];
  for await (const piece of tables(columns)) pieces.push(piece);
  const t = await memory.traceAsync(() => shrink.report(given(...pieces)));
  // A sum in float16 casts its piece first.
  expect([t.allocs, t.scratchPeak]).toEqual([2, 54_272 + 5 * 4120 + STEP * 2]);
  for (const column of Object.values(columns)) column.dispose();
});

test("report(tables) of none has no columns, and options are checked none the less", async () => {
  expect((await shrink.report(given<Piece>())).columns).toEqual([]);
  await expect(shrink.report(given<Piece>(), { abs: -1 })).rejects.toThrow("abs is an error of 0 or more, not -1");
});

test("apply(tables, report) gives tables of the small dtypes one by one, with what else they had", async () => {
  const columns = whole();
  const report = await shrink.report(tables(columns), { abs: 1e-2 });
  const sums = new Map<string, number>();
  let rows = 0;
  for await (const piece of shrink.apply(tables(columns), report)) {
    expect(piece.city).toEqual(["a", "b"]);
    for (const { name, best } of report.columns) {
      using column = piece[name] as np.NDArray;
      expect(column.dtype).toBe(best);
      sums.set(name, (sums.get(name) ?? 0) + Number(np.sum(column, null, { dtype: "float64" })));
    }
    rows += STEP;
  }
  expect(rows).toBe(10_500);
  Piece.live = 0;
  expect(sums.get("counts")).toBe(np.sum(columns.counts));
  for (const column of Object.values(columns)) column.dispose();
});

test("report(readCsv(…)) and apply(readCsv(…), report) of a text keep the texts, and hold one chunk", async () => {
  const lines = Array.from(
    { length: 5000 },
    (_, i) => `${i % 200},${(i / 100).toFixed(2)},${i % 3 === 0 ? "red" : "blue"}`,
  );
  const text = { text: `id,price,colour\n${lines.join("\n")}\n` },
    before = memory.usage().live;
  const report = await shrink.report(np.readCsv(text, { chunkRows: 1000 }), { abs: 0.01 });
  expect(memory.usage().live).toBe(before);
  expect(report.columns.map(({ name, from, best, size }) => [name, from, best, size])).toEqual([
    ["id", "int64", "uint8", 5000],
    ["price", "float64", "float32", 5000],
  ]);
  expect(report.columns[1].ideas).toMatchObject([{ kind: "scaled", dtype: "int16", scale: 100 }]);
  expect(report.left).toEqual(["colour"]);
  let [rows, reds] = [0, 0];
  for await (const chunk of shrink.apply(np.readCsv(text, { chunkRows: 1000 }), report)) {
    const { id, price, colour } = chunk as { id: np.NDArray; price: np.NDArray; colour: np.Categorical };
    expect([id.dtype, price.dtype]).toEqual(["uint8", "float32"]);
    rows += id.size;
    reds += colour.tolist().filter((word) => word === "red").length;
    for (const column of [id, price, colour]) column.dispose();
  }
  expect([rows, reds, memory.usage().live]).toEqual([5000, 1667, before]);
});

test("apply(table, report) gives the columns of a table by name, and leaves others as they are", () => {
  memory.scope(() => {
    const table = new Piece({ x: np.arange(5), word: "as it is" }),
      report = shrink.report(table);
    expect([report.columns.map(({ best }) => best), report.left]).toEqual([["int8"], ["word"]]);
    const small = shrink.apply(table, report) as { x: np.NDArray; word: string };
    expect([small.x.dtype, small.x.tolist(), small.word]).toEqual(["int8", [0, 1, 2, 3, 4], "as it is"]);
    Piece.live--;
  });
});

test("report(tables) refuses tables that differ, and gives everything up", async () => {
  const before = memory.usage().live;
  await expect(
    shrink.report(given(new Piece({ x: np.arange(3) }), new Piece({ x: np.arange(3, { dtype: "int64" }) }))),
  ).rejects.toThrow("column 'x' is int64 in table 2, and float64 in the first: give it one dtype");
  await expect(shrink.report(given(new Piece({ x: np.arange(3) }), new Piece({ y: np.arange(3) })))).rejects.toThrow(
    "table 2 has the columns y, and the first x",
  );
  await expect(shrink.report(given([1, 2]) as never)).rejects.toThrow("a piece of this one is a list");
  expect([Piece.live, memory.usage().live]).toEqual([0, before]);
});
