// When memory is given back, and what is left behind.
import { expect, test } from "vitest";
import * as np from "../../src/index.js";
import { lineOf } from "../support/lineOf.js";
import text from "./lifetimes.test.js?raw";

const { memory } = np;
const live = (): number => memory.usage().live;

test("lesson 18: dispose gives the bytes back at once", () => {
  const before = live(),
    a = np.zeros(1000);
  expect(live() - before).toBe(8000);
  a.dispose();
  expect(live() - before).toBe(0);
});

test("lesson 18: a view ends with its array; a copy stays", () => {
  const before = live(),
    a = np.arange(1000),
    v = a.at("10:20"),
    kept = v.copy();
  a.dispose();
  expect(live() - before).toBe(80);
  expect([v.disposed, kept.item(0)]).toEqual([true, 10]);
  expect(() => v.item(0)).toThrow(
    `view #${v.id} (float64, shape [10]) has ended: array #${a.id} (float64, shape [1000]), which it views, was disposed`,
  );
  kept.dispose();
  expect(live() - before).toBe(0);
});

test("lesson 18: a view that a scope returns keeps the memory until it is disposed", () => {
  const before = live(),
    v = memory.scope(() => np.arange(1000).at("10:20"));
  expect([live() - before, v.item(0)]).toEqual([8000, 10]);
  v.dispose();
  expect(live() - before).toBe(0);
});

test("lesson 18: `using` gives the bytes back at the end of the block, also when it throws", () => {
  const before = live(),
    inside: number[] = [];
  const block = (fails: boolean): void => {
    using t = np.zeros([1000, 1000]);
    inside.push(live() - before);
    if (fails) throw new Error(`with ${t.size} elements`);
  };
  block(false);
  expect(() => block(true)).toThrow("with 1000000 elements");
  expect(inside).toEqual([8_000_000, 8_000_000]);
  expect(live() - before).toBe(0);
});

test("lesson 18: disposing twice does nothing; using a disposed array is an error that says where it was", () => {
  const a = np.zeros(3);
  memory.trace(() => a.dispose());
  const line = lineOf(text, "trace(() => " + "a.dispose"),
    after = live();
  a.dispose();
  expect(live()).toBe(after);
  expect(() => np.add(a, 1)).toThrow(np.DisposedError);
  expect(() => a.tolist()).toThrow(`array #${a.id} (float64, shape [3]) was disposed, at lifetimes.test.ts:${line}`);
});

test("lesson 18: the line of a disposal is known without a trace for arrays of 16 MiB and more", () => {
  const large = np.empty(2_097_152);
  large.dispose();
  expect(() => large.item(0)).toThrow(`was disposed, at lifetimes.test.ts:${lineOf(text, "  large." + "dispose")}`);
});

test("lesson 18: a freed address is never readable through an old handle", () => {
  const a = np.full(8, 1),
    { address } = a;
  a.dispose();
  using b = np.full(8, 2);
  expect(b.address).toBe(address);
  expect(() => a.tolist()).toThrow(np.DisposedError);
  expect(() => a.data).toThrow(np.DisposedError);
  expect(() => np.add(b, 1, { out: a as typeof b })).toThrow(np.DisposedError);
  expect(b.tolist()).toEqual(new Array(8).fill(2));
});

test("lesson 19: a scope keeps what it returns, and what its function stored elsewhere is disposed", () => {
  const before = live(),
    elsewhere: np.NDArray[] = [];
  const a = memory.scope(() => {
    elsewhere.push(np.zeros(100));
    return np.zeros(1000);
  });
  expect(live() - before).toBe(8000);
  expect(() => elsewhere[0].tolist()).toThrow("was disposed at the end of memory.scope");
  a.dispose();
});

test("lesson 19: without a scope, an array stored in a global stays, and the trace says which line made it", () => {
  const elsewhere: np.NDArray[] = [];
  const t = memory.trace(() => {
    elsewhere.push(np.zeros(1000));
    np.zeros(500).dispose();
  });
  expect(t.retained).toBe(8000);
  const kept = t.lines().rows.filter((row) => row.allocated > row.freed);
  expect(kept.map((row) => row.source)).toEqual(["elsewhere.push(np.zeros(1000));"]);
  elsewhere[0].dispose();
});

test("lesson 19: what a scope is told to keep stays, and the trace says which line made it", () => {
  const kept: np.NDArray[] = [];
  const t = memory.trace(() => {
    using epoch = memory.open("epoch");
    kept.push(epoch.keep(np.zeros(1000)));
    np.zeros(500);
  });
  expect([t.retained, kept[0].disposed]).toEqual([8000, false]);
  const rows = t.lines().rows.filter((row) => row.allocated > row.freed);
  expect(rows.map((row) => row.source)).toContain("kept.push(epoch.keep(np.zeros(1000)));");
  kept[0].dispose();
});

test("lesson 20: a local array of 10⁷ in a scope: 0, 80,000,000, 0; reserved does not fall", () => {
  const before = live(),
    seen = [live() - before];
  const reserved = memory.scope(() => {
    const a = np.arange(1e7);
    seen.push(live() - before);
    return a.size === 1e7 ? memory.usage().reserved : 0;
  });
  seen.push(live() - before);
  expect(seen).toEqual([0, 80_000_000, 0]);
  expect(memory.usage().reserved).toBe(reserved);
});

test("lesson 53: of a copy and its original, disposing either gives back all its bytes", () => {
  const before = live(),
    steps: number[] = [],
    x = np.arange(1e6);
  steps.push(live() - before);
  const y = x.copy();
  steps.push(live() - before);
  const { reserved } = memory.usage();
  x.dispose();
  steps.push(live() - before);
  expect(steps).toEqual([8_000_000, 16_000_000, 8_000_000]);
  using z = np.empty(1e6);
  expect(memory.usage().reserved).toBe(reserved);
  y.dispose();
  expect(z.size).toBe(1e6);
});

test("lesson 32: an array knows its address and length, and both stay as long as it lives", () => {
  using a = np.array([1, 2, 3, 4, 5], { dtype: "int32" });
  const info = a.bufferInfo();
  expect(info).toEqual({ address: a.address, length: 5, nbytes: 20 });
  using big = np.zeros(1e6);
  expect(a.bufferInfo()).toEqual(info);
  expect(big.address % 64).toBe(0);
});

test("lesson 32: an array made from a typed array is one copy, with its reason", () => {
  const t = memory.trace(() => np.array(new Float64Array(5)));
  expect(t.events.filter((e) => e.kind === "alloc").map((e) => [e.nbytes, e.reason])).toEqual([[40, "host-boundary"]]);
  t.result.dispose();
});

test("lesson 34: running out of memory is an error with the numbers and the lines, and changes nothing", () => {
  using held = np.empty([2048, 1024]);
  const before = memory.usage();
  const run = (): unknown => np.empty(2 ** 29);
  expect(run).toThrow(np.OutOfMemoryError);
  expect(run).toThrow(
    /Unable to allocate 4\.29 GB for an array with shape \(536870912,\) and data type float64 \(empty\)/,
  );
  expect(run).toThrow(/16\.8 MB +1 × +float64 \[2048, 1024\] +empty +lifetimes\.test\.ts:\d+/);
  expect(memory.usage()).toEqual(before);
  expect(held.size).toBe(2048 * 1024);
  np.empty(10).dispose();
});
