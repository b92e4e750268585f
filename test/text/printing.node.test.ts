import assert from "node:assert";
import { Console } from "node:console";
import { Writable } from "node:stream";
import { inspect, isDeepStrictEqual } from "node:util";
import { describe, expect, test } from "vitest";
import * as np from "../../src/index.js";
import { kinds } from "../support/kinds.js";

/** What a failing assertion says. */
function failure(run: () => void): string {
  try {
    run();
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error("it did not fail");
}

const pairs: [string, np.NDArray, np.NDArray, boolean][] = [
  ["the same values", np.array([1, 2, 3]), np.array([1, 2, 3]), true],
  [
    "a view and an array of its own",
    np.arange(6).reshape([2, 3]).T,
    np.array([
      [0, 3],
      [1, 4],
      [2, 5],
    ]),
    true,
  ],
  ["NaN and NaN", np.array([Number.NaN]), np.array([-Number.NaN]), true],
  ["two empty ones", np.zeros([0, 3]), np.zeros([0, 3]), true],
  ["complex ones", np.array([{ re: 1, im: -0 }]), np.array([{ re: 1, im: -0 }]), true],
  ["large ones", np.arange(5000), np.arange(5000), true],
  ["large views", np.arange(10_000).at("::2"), np.arange(5000).multiply(2), true],
  ["other values", np.array([1, 2, 3]), np.array([1, 2, 4]), false],
  ["values that differ in the last place", np.array([0.1 + 0.2]), np.array([0.3]), false],
  ["large integers", np.array([2n ** 53n]), np.array([2n ** 53n + 1n]), false],
  ["0 and -0, as in lists", np.array([0]), np.array([-0]), false],
  ["another dtype", np.array([1, 2]), np.array([1, 2], "float32"), false],
  ["another shape", np.zeros([2, 3]), np.zeros([3, 2]), false],
  ["empty ones of other shapes", np.zeros([0]), np.zeros([0, 3]), false],
  ["bool and number", np.array([true]), np.array([1], "uint8"), false],
  [
    "large ones that differ in the middle",
    np.arange(5000),
    np.where(np.arange(5000).equal(2500), 0, np.arange(5000)),
    false,
  ],
  [
    "large ones with two exchanged",
    np.arange(2000),
    np.concatenate([np.arange(1000), [1001, 1000], np.arange(1002, 2000)]),
    false,
  ],
];

describe("issue 7.23: node:assert compares arrays by dtype, shape and values", () => {
  test.each(pairs)("assert.deepStrictEqual(a, b) of %s", (_, a, b, equal) => {
    expect(isDeepStrictEqual(a, b)).toBe(equal);
    expect(isDeepStrictEqual({ deep: [a] }, { deep: [b] })).toBe(equal);
    if (equal) {
      assert.deepStrictEqual(a, b);
      assert.deepEqual(a, b);
    } else {
      assert.notDeepStrictEqual(a, b);
      assert.notDeepEqual(a, b);
      expect(failure(() => assert.deepStrictEqual(a, b))).toMatch("NDArray [array(");
    }
  });

  test("assert.deepStrictEqual(a, b) fails with the values", () => {
    const text = failure(() => assert.deepStrictEqual(np.array([1, 2, 3]), np.array([1, 2, 4])));
    expect(text).toMatch("+ NDArray [array([1., 2., 3.])] {");
    expect(text).toMatch("- NDArray [array([1., 2., 4.])] {");
  });

  test("assert.deepStrictEqual(a, b) of a disposed array fails, and of the same one does not", () => {
    const a = np.ones(2),
      b = np.ones(2);
    a.dispose();
    b.dispose();
    assert.deepStrictEqual(a, a);
    assert.notDeepStrictEqual(a, np.ones(2));
    assert.notDeepStrictEqual(a, b);
  });
});

describe("issue 7.23: inspect(a) never throws", () => {
  const ended = np.ones(2),
    view = ended.at("1:");
  ended.dispose();
  const told: [string, unknown, RegExp][] = [
    ["an array", np.array([1, 2]), /array\(\[1\., 2\.\]\)/],
    ["a 0-d array", np.array(5), /array\(5\.\)/],
    ["an empty array", np.zeros([0, 3]), /array\(\[\], shape=\(0, 3\), dtype=float64\)/],
    ["a large array", np.arange(1e6), /\.\.\./],
    ["a disposed array", ended, /array #\d+ \(float64, shape \[2\]\) was disposed/],
    ["an ended view", view, /view #\d+ .* has ended/],
    ["a lazy expression", np.add(np.lazy(np.ones(2)), 1), /lazy add/],
    ["the buffer of an array", np.ones(2).buffer, /buffer of 16 B, float64 \[2\]/],
    ["the buffer of a disposed array", ended.buffer, /buffer without memory/],
  ];
  test.each(told)("inspect(value) of %s", (_, value, expected) => {
    for (const options of [
      {},
      { compact: false },
      { depth: 0 },
      { depth: null },
      { colors: true },
      { showHidden: true },
    ])
      expect(inspect(value, options)).toMatch(expected);
    for (const options of [{}, { depth: 4 }]) expect(inspect({ inside: [value] }, options)).toMatch(expected);
    expect(inspect([[[[value]]]])).toMatch(/\[Array\]/);
    expect(inspect(value, { customInspect: false })).not.toBe("");
    expect((value as Record<symbol, () => string>)[Symbol.for("Deno.customInspect")]()).toBe(inspect(value));
    expect(`${value}`).not.toBe("");
  });

  test("console.log, dir, table, error and assertions of all that the package hands out print text", () => {
    using _ = np.memory.open("kinds");
    for (const [name, x] of Object.entries(kinds())) {
      const chunks: string[] = [],
        stream = new Writable({ write: (chunk, _encoding, done) => done(void chunks.push(String(chunk))) }),
        console = new Console(stream);
      console.log(x, [x], { x });
      console.log("%s %o %O %j", x, x, x, x);
      console.dir(x, { depth: 0, showHidden: true });
      console.table(x);
      console.table([x]);
      for (const depth of [0, 1, 2, 3, 4, 5, null])
        for (const showHidden of [false, true])
          for (const getters of [false, true]) chunks.push(inspect({ deep: [[x]] }, { depth, showHidden, getters }));
      expect(chunks.every((text) => text !== "") && chunks.join("").length, name).toBeGreaterThan(0);
      expect(inspect(x, { depth: 0 }).length, name).toBeLessThan(20_000);
    }
  });

  test("inspect(NDArray.prototype) says what it is", () => {
    expect(inspect(np.NDArray.prototype)).toMatch("NDArray");
  });
});

describe("issue 7.23: arrays where JavaScript's own values are expected", () => {
  test("JSON.stringify(a) writes lists, and 64-bit integers as strings", () => {
    expect(JSON.stringify({ a: np.array([[1, 2.5]]), b: np.array(true) })).toBe('{"a":[[1,2.5]],"b":true}');
    expect(JSON.stringify(np.array([[2n ** 53n + 1n]]))).toBe('[["9007199254740993"]]');
    expect(JSON.stringify(np.array([{ re: 1, im: 2 }]))).toBe('[{"re":1,"im":2}]');
    expect(JSON.stringify(np.array([Number.NaN, Number.POSITIVE_INFINITY]))).toBe("[null,null]");
    expect(JSON.stringify(np.zeros([0]))).toBe("[]");
  });
});
