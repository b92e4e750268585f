import { mkdtempSync, rmSync, statSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as np from "nbytes";
import { afterAll, expect, test } from "vitest";
import { openMemmap } from "../../src/node.js";

const folder = mkdtempSync(join(tmpdir(), "nbytes-mapped-"));
afterAll(() => rmSync(folder, { recursive: true }));

test("lesson 47: a file of 100 MB read in chunks of 1 MiB takes one chunk; the last is short; read whole it takes its bytes", () => {
  const path = join(folder, "chunks.dat"),
    chunk = 2 ** 20,
    size = 100_000_003;
  writeFileSync(path, "");
  truncateSync(path, size);
  using m = openMemmap(path, { mode: "r" });
  const lengths: number[] = [];
  const inChunks = np.memory.trace(() => {
    for (const bytes of m.blocks(chunk)) lengths.push(bytes.size);
  });
  expect(lengths.slice(0, -1).every((length) => length === chunk)).toBe(true);
  expect([lengths.length, lengths.at(-1)]).toEqual([96, size % chunk]);
  // The page of the file's end stays in the cache.
  expect([inChunks.peak, inChunks.retained]).toEqual([chunk, 65_536]);
  const whole = np.memory.trace(() => m.evaluate().dispose());
  expect(whole.peak).toBe(size);
});

test("lesson 54: 800 MB opened take nothing; an element written is there again; a column stays within the cache", () => {
  const path = join(folder, "matrix.dat"),
    shape = [10_000, 10_000],
    before = np.memory.usage().live;
  {
    using m = openMemmap(path, { dtype: "float64", shape, mode: "w+" });
    expect(np.memory.usage().live - before).toBe(0);
    m.set(0, 0, 1);
    expect(statSync(path).size).toBe(800_000_000);
  }
  using m = openMemmap(path, { dtype: "float64", shape, mode: "r" });
  expect(m.item(0, 0)).toBe(1);
  const trace = np.memory.trace(() => {
    expect(np.sum(m.at(":, 0"))).toBe(1);
  });
  expect(m.stats.cached).toBe(8 * 2 ** 20);
  expect(trace.peak).toBeLessThan(8 * 2 ** 20 + 2 ** 20);
  expect(() => m.set(0, 0, 2)).toThrow(/assignment destination is read-only: '.*dat' is mapped with mode "r"/);
  m.close();
  expect(np.memory.usage().live - before).toBe(0);
});

test("lesson 55: a hundred elements of a file of 80 MB are 800 bytes and the reading of two pages at most", () => {
  const path = join(folder, "counting.dat"),
    numbers = new Float64Array(10_000_000);
  for (let i = 0; i < numbers.length; i++) numbers[i] = i;
  writeFileSync(path, numbers);
  using m = openMemmap(path, { dtype: "float64", mode: "r" });
  let part = np.zeros(0);
  const trace = np.memory.trace(() => {
    part = m.at("0:100").evaluate();
  });
  expect(np.arrayEqual(part, np.arange(100))).toBe(true);
  expect(m.stats.read).toBeLessThanOrEqual(2 * 65_536);
  expect(trace.peak).toBe(800 + 65_536);
});
