// Where memory lies, what is in it, and what has changed.
import { expect, test } from "vitest";
import * as np from "../../src/index.js";
import { lineOf } from "../support/lineOf.js";
import text from "./instruments.test.js?raw";

const { memory } = np;

test("lesson 28: linear memory is static data, pools, arrays and free blocks; they sum to what is reserved", () => {
  memory.scope(() => {
    using _ = memory.pool({ shape: 50, initial: 3, label: "fifties" });
    np.zeros(100);
    np.zeros(200).dispose();
    np.zeros(300);
    const { regions } = memory.map(),
      kinds = new Set(regions.map((region) => region.kind));
    expect([...kinds].sort()).toEqual(["free", "static", "used"]);
    const owned = (owner: string): number[] => regions.filter((r) => r.owner === owner).map(({ nbytes }) => nbytes);
    expect([owned("fifties"), owned("array").sort((a, b) => a - b)]).toEqual([
      [400, 400, 400],
      [800, 2400],
    ]);
    expect(regions.reduce((sum, { span }) => sum + span, 0)).toBe(memory.usage().reserved);
    regions.slice(1).forEach((region, i) => {
      expect(region.start).toBe(regions[i].start + regions[i].span);
    });
  });
});

test("lesson 52: a freed block goes to the next array of its size; linear memory does not grow nor shrink", () => {
  const a = np.zeros(1000),
    { address } = a,
    { reserved } = memory.usage();
  a.dispose();
  using b = np.zeros(1000);
  expect(b.address).toBe(address);
  expect(memory.usage().reserved).toBe(reserved);
});

test("lesson 52: free blocks wait in lists by size class; all classes, the tail and the engine sum to reserved", () => {
  memory.scope(() => {
    const blocks = Array.from({ length: 6 }, () => np.zeros(1000));
    using _ = np.zeros(10);
    const before = memory.classes().rows;
    for (const i of [0, 2, 4]) blocks[i].dispose();
    const { rows, tail, engine, reserved, total } = memory.classes(),
      ofThese = (all: typeof rows): unknown =>
        all.flatMap(({ from, to, usedBlocks, freeBlocks }) =>
          from <= 8064 && 8064 <= to ? [usedBlocks, freeBlocks] : [],
        );
    expect([ofThese(before), ofThese(rows)]).toEqual([
      [6, 0],
      [3, 3],
    ]);
    const sum = rows.reduce((all, { live, overhead, free }) => all + live + overhead + free, 0);
    expect(sum + tail + engine).toBe(reserved);
    const usage = memory.usage();
    expect([reserved, total.live, total.overhead, total.free, total.usedBlocks]).toEqual([
      usage.reserved,
      usage.live,
      usage.overhead,
      usage.free,
      usage.buffers,
    ]);
  });
});

test("lesson 72: freeing every second array leaves holes: more is free than can be had in one piece", () => {
  memory.scope(() => {
    const arrays = Array.from({ length: 100 }, () => np.empty(1000));
    const { largestFree: before } = memory.usage();
    for (let i = 0; i < 100; i += 2) arrays[i].dispose();
    const { free, largestFree } = memory.usage();
    expect(memory.map().holes).toBeGreaterThanOrEqual(49);
    expect(largestFree).toBe(before);
    expect(free - largestFree).toBeGreaterThan(49 * 8000);
    expect(memory.summary()).toMatch(/ free, at most .* in one block \(\d+ % fragmented\)/);
    const { holes, bytes, by } = memory.map().fragmentation!;
    expect([bytes, by.length, by[0].count]).toEqual([holes * 8064, 1, holes]);
    expect(memory.summary()).toContain("of a memory.pool, which makes its arrays together, they leave one");
  });
});

test("lesson 63: tracing shows a hundred arrays of one line: their size, their number, their average", () => {
  memory.scope(() => {
    memory.start();
    for (let i = 0; i < 100; i++) np.arange(10_000);
    const [row] = memory.snapshot().statistics("line");
    memory.stop();
    const line = lineOf(text, "  for (let i = 0; i < 100; i++)" + " np.arange");
    expect([row.key, row.size, row.count, row.average]).toEqual([
      `instruments.test.ts:${line}`,
      8_000_000,
      100,
      80_000,
    ]);
  });
});

test("lesson 64: two snapshots tell what came and what went, largest first, and nothing of what stayed", () => {
  memory.scope(() => {
    memory.start();
    const stayed = np.zeros(77);
    const went = np.zeros([1000, 100]);
    const before = memory.snapshot();
    went.dispose();
    for (let i = 0; i < 10; i++) np.exp(np.ones(100_000)).dispose();
    const after = memory.snapshot();
    memory.stop();
    const diff = (by: "line" | "op"): unknown[] =>
      after.compareTo(before, by).map(({ key, sizeDiff, countDiff }) => [key, sizeDiff, countDiff]);
    const at = (snippet: string): string => `instruments.test.ts:${lineOf(text, snippet)}`;
    expect(diff("line")).toEqual([
      [at("np.exp(" + "np.ones(100_000))"), 8_000_000, 10],
      [at("went = " + "np.zeros([1000, 100])"), -800_000, -1],
    ]);
    expect(diff("op")).toEqual([
      ["ones", 8_000_000, 10],
      ["zeros", -800_000, -1],
    ]);
    expect(stayed.size).toBe(77);
  });
});

test("lesson 68: a base with two views is three handles and two arrows, as text and as a picture", () => {
  memory.scope(() => {
    const base = np.zeros([3, 4]),
      rows = base.at("1:"),
      columns = base.at(":, ::2"),
      graph = memory.graph({ base, rows, columns });
    const handles = graph.nodes.filter((node) => node.kind !== "container");
    expect(handles).toHaveLength(3);
    expect(graph.edges.filter((edge) => edge.kind === "views")).toHaveLength(2);
    for (const drawing of [graph.toMermaid(), graph.toDot(), graph.toSvg()]) {
      for (const { id } of [base, rows, columns]) expect(drawing).toContain(`#${id} float64`);
    }
  });
});

test("lesson 68: growth tells what has become more since it was asked last; asked again, it is silent", () => {
  memory.scope(() => {
    memory.growth();
    for (let i = 0; i < 5; i++) np.zeros([2, 2]);
    expect(String(memory.growth())).toBe("  float64 [2, 2]  zeros  +5  +160 B");
    expect(String(memory.growth())).toBe("");
    expect(memory.mostCommon(1).map(({ key, count }) => [key, count])).toEqual([["float64 [2, 2]  zeros", 5]]);
  });
});

test("lesson 71: a forgotten dispose in a loop is found, with its line and its exact bytes per run", () => {
  const step = (): void => {
    for (let i = 0; i < 4; i++) {
      using a = np.zeros(1000);
      np.exp(a);
    }
  };
  const { found } = memory.leaks(step, { warmups: 1, runs: 3 });
  expect(found.map(({ op, perRun, countPerRun, site }) => [op, perRun, countPerRun, site?.line])).toEqual([
    ["exp", 32_000, 4, lineOf(text, "      np.exp(" + "a);")],
  ]);
});

test("lesson 73: a copy that is only read is needless, and the trace says so", () => {
  using x = np.arange(1000);
  const t = memory.trace(() => {
    using copy = x.copy();
    return np.max(copy);
  });
  expect(t.copies().map(({ needless, needlessBytes }) => [needless, needlessBytes])).toEqual([[true, 8000]]);
  expect(t.advice()[0]).toMatchObject({
    saves: 8000,
    text: "the original instead of copy(): neither was written while the copy lived",
  });
});
