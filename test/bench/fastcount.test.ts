import { array, memory, type NDArray, random } from "nbytes";
import { expect, test } from "vitest";
import { billOf, compare, firstDifference } from "../../bench/compare.js";
import { shortcut, type Usable, ways } from "../../bench/fastcount.js";
import { pairs } from "../../bench/inplace.js";

const n = 1000;

function inputs(): { x: NDArray<"float64">; y: NDArray<"float64"> } {
  const rng = random.defaultRng(1);
  const values = (): number[] => Array.from(rng.random(n).tolist() as number[], (v) => (v < 0.2 ? Number.NaN : v));
  return { x: array(values()), y: array(values()) };
}

function dispose({ x, y, usable }: Usable): void {
  for (const a of [x, y, usable]) a.dispose();
}

const bills: readonly [name: string, allocs: number, allocated: number, peak: number, copied: number][] = [
  ["copying", 5, 19_000, 19_000, 16_000],
  ["copying, using", 5, 19_000, 18_000, 16_000],
  ["inputs kept, 3 arrays", 3, 17_000, 17_000, 0],
  ["in place, 1 array", 1, 1_000, 1_000, 0],
];

test.each(bills)(
  "fastcount, %s: %i arrays, %i B allocated, peak %i B, %i B copied",
  (name, allocs, allocated, peak, copied) => {
    const { run } = ways.find((way) => way.name === name)!,
      { x, y } = inputs();
    const trace = memory.trace(() => run(x, y));
    expect([trace.allocs, trace.allocated, trace.peak, trace.copied]).toEqual([allocs, allocated, peak, copied]);
    const { x: cleanX, y: cleanY, usable } = trace.result;
    expect(trace.retained).toBe(
      usable.nbytes + (cleanX === x ? 0 : cleanX.nbytes) + (cleanY === y ? 0 : cleanY.nbytes),
    );
    dispose(trace.result);
    for (const a of [x, y]) a.dispose();
  },
);

test("fastcount gives in all ways what a plain loop gives", () => {
  for (const { run } of ways) {
    const { x, y } = inputs(),
      before = [x.toTypedArray(), y.toTypedArray()] as Float64Array[];
    const usable = before[0].map((v, i) => Number(!Number.isNaN(v) && !Number.isNaN(before[1][i])));
    const result = run(x, y);
    expect([...result.usable.data]).toEqual([...usable]);
    expect(result.count).toBe(usable.reduce((sum, v) => sum + v));
    expect([...result.x.data]).toEqual([...before[0].map((v, i) => (usable[i] ? v : 0))]);
    expect([...result.y.data]).toEqual([...before[1].map((v, i) => (usable[i] ? v : 0))]);
    dispose(result);
    for (const a of [x, y]) a.dispose();
  }
});

test("fastcount keeps its inputs in all ways but the one in place", () => {
  for (const { name, run } of ways) {
    const { x, y } = inputs(),
      was = x.copy();
    const result = run(x, y);
    expect(firstDifference(was, x) === null).toBe(name !== "in place, 1 array");
    dispose(result);
    for (const a of [x, y, was]) a.dispose();
  }
});

// Times are made up: what is tested is what is compared with what, not how long it took.
const noTime = (subjects: readonly { setup(): void; run(): void }[]) =>
  subjects.map(({ setup, run }, k) => {
    setup();
    run();
    return { median: k + 1, low: k + 1, high: k + 1, samples: 1 };
  });
const plan = { calls: 1, seconds: 0, rounds: 1 };

test("compare(...) gives the nanToNum shortcut no time and no ratio, and says where it differs", () => {
  const set = { x: array([1, Number.NaN, 3]), y: array([1, 2, Number.NaN]) };
  const [first, second, wrong] = compare(
    set,
    [
      ...ways.slice(0, 2).map(({ name, run }) => ({ name, run: ({ x, y }: typeof set) => run(x, y) })),
      { name: "shortcut", run: ({ x, y }: typeof set) => shortcut(x, y) },
    ],
    plan,
    noTime,
  );
  expect([first.verdict, first.ratio]).toEqual(["reference", 1]);
  expect([second.verdict, second.ratio]).toEqual(["equal", 2]);
  expect(wrong).toMatchObject({ verdict: "DIFFERENT (first at x[2]: 0 vs 3)", timing: null, ratio: null });
  expect(set.x.tolist()).toEqual([1, Number.NaN, 3]);
  for (const a of Object.values(set)) a.dispose();
});

test("compare(...) leaves nothing alive", () => {
  const set = inputs(),
    before = memory.usage().live;
  compare(
    set,
    ways.map(({ name, run }) => ({ name, run: ({ x, y }: typeof set) => run(x, y) })),
    plan,
    noTime,
  );
  expect(memory.usage().live).toBe(before);
  for (const a of Object.values(set)) a.dispose();
});

test.each(pairs)("$name gives equal values in place, which allocates nothing", ({ copying, inPlace }) => {
  const operands = { ...inputs(), mask: array(Array.from({ length: n }, (_, i) => i % 3 === 0)) };
  const copied = copying.run(operands);
  const bill = billOf(() => inPlace.run(operands), operands);
  expect(firstDifference(copied, operands.x)).toBe(null);
  expect([bill.allocs, bill.allocated, bill.peak]).toEqual([0, 0, 0]);
  for (const a of [copied, ...Object.values(operands)]) a.dispose();
});
