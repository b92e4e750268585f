import { expect, test } from "vitest";
import * as np from "../../../src/index.js";
import { lineOf } from "../../support/lineOf.js";
import text from "./snapshot.test.js?raw";

const { memory } = np;

test("snapshot().statistics('line') gives size, count and average of each line", () => {
  memory.scope(() => {
    using _ = memory.tracing();
    for (let i = 0; i < 100; i++) np.arange(10_000);
    const [row] = memory.snapshot().statistics("line");
    const line = lineOf(text, "  for (let i = 0; i < 100; i++)" + " np.arange(10_000)");
    expect(row).toEqual({
      key: `snapshot.test.ts:${line}`,
      size: 8_000_000,
      count: 100,
      average: 80_000,
      source: "for (let i = 0; i < 100; i++) np.arange(10_000);",
    });
  });
});

test("compareTo lists what changed, the largest change first, and leaves out what did not", () => {
  memory.scope(() => {
    using _ = memory.tracing();
    const kept = np.zeros(5),
      gone = np.zeros([10, 10]);
    const before = memory.snapshot();
    gone.dispose();
    for (let i = 0; i < 10; i++) np.ones(100);
    const after = memory.snapshot(),
      diff = after.compareTo(before, "op");
    expect(diff.map(({ key, sizeDiff, size, countDiff }) => [key, sizeDiff, size, countDiff])).toEqual([
      ["ones", 8000, 8000, 10],
      ["zeros", -800, 40, -1],
    ]);
    expect(String(diff).split("\n")).toEqual([
      "  op     size diff     size  count diff",
      "  ones    +8.00 kB  8.00 kB         +10",
      "  zeros     -800 B     40 B          -1",
      "  total   +7.20 kB  8.04 kB          +9",
    ]);
    expect(after.compareTo(after, "line")).toEqual([]);
    expect(kept.size).toBe(5);
  });
});

test("a snapshot goes through JSON and compares as before", () => {
  memory.scope(() => {
    const before = memory.snapshot();
    np.zeros(10, { dtype: "int16" });
    const after = memory.snapshot(),
      again = memory.Snapshot.fromJSON(JSON.stringify(after));
    expect(again.live).toBe(after.live);
    expect(again.compareTo(memory.Snapshot.fromJSON(before.toJSON()), "dtype")).toEqual(
      after.compareTo(before, "dtype"),
    );
    expect(after.compareTo(before, "shape").map((d) => d.key)).toEqual(["int16 [10]"]);
    expect(after.compareTo(before, "owner").map((d) => [d.key, d.sizeDiff])).toEqual([["array", 20]]);
  });
});

test("statistics can be by function and file too", () => {
  memory.scope(() => {
    using _ = memory.tracing();
    const before = memory.snapshot();
    function maker(): np.NDArray {
      return np.zeros(3);
    }
    maker();
    const after = memory.snapshot();
    expect(after.compareTo(before, "function").map((d) => d.key)).toEqual(["maker snapshot.test.ts"]);
    expect(after.compareTo(before, "file").map((d) => d.key)).toEqual(["snapshot.test.ts"]);
  });
});

test("growth() tells what has become more since it was last called; asked again, nothing", () => {
  memory.scope(() => {
    memory.growth();
    np.zeros(100);
    np.zeros(100);
    np.ones(5);
    const grown = memory.growth();
    expect(grown.map(({ countDiff, sizeDiff }) => [countDiff, sizeDiff])).toEqual([
      [2, 1600],
      [1, 40],
    ]);
    expect(grown[0].key).toBe("float64 [100]  zeros");
    expect(memory.growth()).toEqual([]);
    expect(String(memory.growth())).toBe("");
  });
});

test("mostCommon() lists the kinds of live arrays by their bytes", () => {
  memory.scope(() => {
    for (let i = 0; i < 3; i++) np.zeros(10);
    np.ones(100);
    expect(memory.mostCommon(2).map(({ key, count, size }) => [key, count, size])).toEqual([
      ["float64 [100]  ones", 1, 800],
      ["float64 [10]  zeros", 3, 240],
    ]);
  });
});
