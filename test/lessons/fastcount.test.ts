// One small function, its five arrays, and how few it needs.
import { expect, test } from "vitest";
import * as np from "../../src/index.js";
import { lineOf } from "../support/lineOf.js";
import { careless, fastcount, inPlace, keeping } from "./fastcount.js";
import text from "./fastcount.js?raw";
import tests from "./fastcount.test.js?raw";

const { memory } = np;
const n = 100_000;

/** Two seeded arrays, each with about a tenth of its values missing. */
function inputs(): [np.NDArray<"float64">, np.NDArray<"float64">] {
  const rng = np.random.defaultRng(42),
    x = rng.standardNormal([n]),
    y = rng.standardNormal([n]);
  for (const a of [x, y]) {
    using missing = np.less(rng.random([n]), 0.1);
    a.set(missing, Number.NaN);
  }
  return [x, y];
}

type Way = (x: np.NDArray<"float64">, y: np.NDArray<"float64">) => np.NDArray<"bool">;

function bill(way: Way): Record<string, number> {
  return memory.scope(() => {
    const [x, y] = inputs();
    const { allocs, allocated, peak, retained, copied } = memory.trace(() => memory.scope(() => way(x, y)));
    return { allocs, allocated, peak, retained, copied };
  });
}

test("lesson 40: fastcount makes 5 arrays and allocates 19 n bytes; with `using` it peaks at 18 n", () => {
  expect(bill(fastcount)).toEqual({ allocs: 5, allocated: 19 * n, peak: 18 * n, retained: n, copied: 16 * n });
});

test("lesson 40: without `using` the unnamed mask lives to the end of the scope: the peak is 19 n", () => {
  expect(bill(careless)).toEqual({ allocs: 5, allocated: 19 * n, peak: 19 * n, retained: n, copied: 16 * n });
});

test("lesson 40: if the inputs may change, one array of n bytes is enough", () => {
  expect(bill(inPlace)).toEqual({ allocs: 1, allocated: n, peak: n, retained: n, copied: 0 });
});

test("lesson 40: if the inputs must stay, three arrays and 17 n bytes are enough", () => {
  expect(bill(keeping)).toEqual({ allocs: 3, allocated: 17 * n, peak: 17 * n, retained: n, copied: 16 * n });
});

test("lesson 40: all four ways give the same answer", () => {
  memory.scope(() => {
    const answers = [fastcount, careless, keeping, inPlace].map((way) => {
      const [x, y] = inputs();
      return way(x, y);
    });
    for (const answer of answers) expect(np.all(np.equal(answer, answers[0]))).toBe(true);
    expect(np.countNonzero(answers[0])).toBeLessThan(n);
  });
});

test("lesson 40: the report names the five lines that allocate, in the user's own source", () => {
  memory.scope(() => {
    const [x, y] = inputs(),
      t = memory.trace(() => memory.scope(() => fastcount(x, y)));
    expect(t.lines().rows.map(({ source, allocated, freed }) => [source, allocated, freed])).toEqual([
      ["const na = np.isnan(x);", n, 0],
      ["using t = np.isnan(y);", n, n],
      ["const lx = x.copy();", 8 * n, 0],
      ["const ly = y.copy();", 8 * n, 0],
      ["return np.logicalNot(na);", n, 0],
    ]);
    const lines = String(t).split("\n"),
      first = text.slice(0, text.indexOf("const na")).split("\n").length;
    const [na, using, lx, ly, result] = [0, 2, 5, 6, 9].map((i) => String(first + i).padStart(5));
    expect(lines.slice(0, -1)).toEqual([
      "fastcount: 5 arrays, 1,900,000 B allocated, peak 1,800,000 B,",
      "  retained 100,000 B, copied 1,600,000 B",
      " line  allocs  allocated    freed  live after     peak  source",
      `${na}       1     100 kB               100 kB   100 kB  const na = np.isnan(x);`,
      `${using}       1     100 kB  -100 kB      100 kB   200 kB  using t = np.isnan(y);`,
      `${lx}       1     800 kB               900 kB   900 kB  const lx = x.copy();`,
      `${ly}       1     800 kB              1.70 MB  1.70 MB  const ly = y.copy();`,
      `${result}       1     100 kB              1.80 MB  1.80 MB  return np.logicalNot(na…`,
      `at scope end  -1.70 MB: na (${na.trim()}), lx (${lx.trim()}), ly (${ly.trim()})`,
      `advice        -100 kB  line ${result.trim()}: logicalNot(…, { out: na }): na is not used again`,
    ]);
    expect(lines.at(-1)).toMatch(/^tracing took [\d.]+ ms and [\d.]+ kB of JavaScript memory$/);
    for (const line of lines) expect(line.length).toBeLessThanOrEqual(80);
  });
});

test("lesson 41: two inputs of 1 GB take 4.25 GB at the peak: known from runs with a few thousand numbers", () => {
  const run = (k: number): unknown => fastcount(np.zeros(k), np.zeros(k));
  const told = memory.estimate(run, { at: [1e3, 2e3], for: 1.25e8 });
  expect(told).toMatchObject({ peak: 4.25e9, allocated: 4.375e9, allocs: 7, exact: true });
  const literal = memory.estimate((k) => careless(np.zeros(k), np.zeros(k)), { at: [1e3, 2e3], for: 1.25e8 });
  expect(literal.peak).toBe(4.375e9);
  // Of 65,535 pages the one just fits, and the other cannot run at all.
  const { live, overhead } = memory.usage();
  expect([told.left, literal.left]).toEqual([4.25e9, 4.375e9].map((peak) => 65_535 * 65_536 - live - overhead - peak));
  expect([told.left > 0, literal.left < 0]).toEqual([true, true]);
  expect(String(told)).toMatch(
    /^estimate for n = 125,000,000 \(exact, if bytes go on in a line\)\n {2}peak {7}4\.25 GB\n {2}allocated {2}4\.38 GB in 7 arrays\n {2}fits {7}\d+\.\d MB of 4\.29 GB would be left$/,
  );
  expect(String(literal)).toMatch(/\n {2}too much {3}by \d+\.\d MB: linear memory ends at 4\.29 GB$/);
  expect(memory.estimate((k) => inPlace(np.zeros(k), np.zeros(k)), { at: [1e3, 2e3], for: 1.25e8 }).peak).toBe(2.125e9);
});

test("lesson 41: an estimate of what does not grow in a line says that it is not exact", () => {
  const square = (k: number): unknown => np.zeros([k, k]);
  expect(memory.estimate(square, { at: [10, 20], for: 100 }).exact).toBe(false);
});

test("lesson 42: writing the second mask into the first saves an array", () => {
  using x = np.zeros(n);
  using y = np.zeros(n);
  const two = memory.trace(() =>
    memory.scope(() => {
      np.countNonzero(np.isnan(x));
      np.countNonzero(np.isnan(y));
    }),
  );
  const one = memory.trace(() =>
    memory.scope(() => {
      const mask = np.isnan(x);
      np.countNonzero(mask);
      np.countNonzero(np.isnan(y, { out: mask }));
    }),
  );
  expect(two.advice().map(({ saves, text }) => [saves, text])).toEqual([
    [
      n,
      `isnan(…, { out }): the result of isnan on line ${lineOf(tests, "countNonzero(np.isnan(x)" + ")")} is not used again`,
    ],
  ]);
  expect(one.advice()).toEqual([]);
  expect([two.allocs, one.allocs]).toEqual([2, 1]);
  expect([two.peak, one.peak]).toEqual([2 * n, n]);
});
