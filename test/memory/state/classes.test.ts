import { expect, test } from "vitest";
import * as np from "../../../src/index.js";

const { memory } = np;

test("memory.classes() counts every block of the map in its class, smallest class first", () => {
  memory.scope(() => {
    const arrays = [0, 1, 48, 49, 5000, 100_000, 100_001].map((n) => np.zeros(n, { dtype: "int8" }));
    arrays[3].dispose();
    const { rows, tail, engine, reserved, total } = memory.classes(),
      { regions } = memory.map(),
      within = (kind: string, { from, to }: np.memory.ClassRow) =>
        regions.slice(0, tail > 0 ? -2 : -1).filter((r) => r.kind === kind && from <= r.span && r.span <= to);
    expect(rows.map((row) => [row.usedBlocks, row.freeBlocks])).toEqual(
      rows.map((row) => [within("used", row).length, within("free", row).length]),
    );
    expect(rows.map(({ from }) => from)).toEqual(rows.map(({ from }) => from).sort((a, b) => a - b));
    const small = rows.find(({ from }) => from === 64);
    expect(small).toEqual({ from: 64, to: 64, usedBlocks: 3, live: 49, overhead: 143, freeBlocks: 0, free: 0 });
    expect(total.live + total.overhead + total.free).toBe(reserved);
    const blocks = rows.reduce((sum, row) => sum + row.live + row.overhead + row.free, 0);
    expect(blocks + tail + engine).toBe(reserved);
  });
});

test("String(memory.classes()) fits 80 columns, however many classes there are", () => {
  memory.scope(() => {
    for (let n = 1; n < 5e5; n = Math.ceil(1.1 * n)) np.zeros(n);
    const lines = String(memory.classes()).split("\n");
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(80);
    expect(lines).toHaveLength(26);
    expect(lines.at(-4)).toMatch(/^ {2}\d+ more classes$/);
    expect(lines.at(-1)).toMatch(/^ {2}sum /);
  });
});

test("memory.classes() of a full memory has no tail", () => {
  memory.scope(() => {
    np.empty(memory.usage().largestFree, { dtype: "int8" });
    const { tail, total } = memory.classes();
    expect([tail, total.free]).toEqual([0, memory.usage().free]);
    expect(String(memory.classes())).toContain("the tail, used last");
  });
});
