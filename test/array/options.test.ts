import { describe, expect, test } from "vitest";
import * as np from "../../src/index.js";

// Calls that the types refuse: what JavaScript lets through must be refused at run time.
// biome-ignore lint/suspicious/noExplicitAny: the calls here are wrong on purpose, and no type says so
const js = np as any;

describe("issue 7.12: what is passed is taken or refused, never ignored", () => {
  const x = np.array([1.25, 2.5, 3.75]);
  test.each<[string, () => unknown, string]>([
    [
      "sum(a, 0, { keepDims })",
      () => js.sum(x, 0, { keepDims: true }),
      "sum() got an unexpected keyword argument 'keepDims': did you mean 'keepdims'?",
    ],
    ["sum(a, { axis: 0 })", () => js.sum(x, { axis: 0 }), "an axis is an integer or a list of integers, not an object"],
    ["sum(a, 0, { axis: 0 })", () => js.sum(x, null, { axis: 0 }), "pass it by position, sum(a, axis, {"],
    [
      "sum(a, 0, { keepdims: 'no' })",
      () => js.sum(x, 0, { keepdims: "no" }),
      "takes true or false as keepdims, not 'no'",
    ],
    ["sum(a, 0, 1)", () => js.sum(x, 0, 1), "sum() takes its options as a plain object, not 1"],
    ["add(a, b, array)", () => js.add(x, x, np.zeros(3)), "not an NDArray: pass { out: … }"],
    ["add(a, b, {}, 5)", () => js.add(x, x, {}, 5), "add() takes at most 3 arguments but 4 were given"],
    [
      "add(a, b, { casting })",
      () => js.add(x, x, { casting: "samekind" }),
      "one of 'no', 'equiv', 'safe', 'same_kind'",
    ],
    ["zeros(2, 3)", () => js.zeros(2, 3), "for more axes pass a list: zeros([2, 3])"],
    ["reshape(a, 3, 1)", () => js.reshape(x, 3, 1), "pass a list: reshape(a, [3, 4])"],
    ["a.reshape(3, 1)", () => js.reshape(x, 3, 1, 1), "pass a list: reshape(a, [3, 4])"],
    ["reshape(a, shape, { order })", () => js.reshape(x, 3, { order: "K" }), "one of 'C', 'F' as order, not 'K'"],
    ["concatenate(a, b)", () => js.concatenate(x, x), "pass a list: concatenate([a, b])"],
    ["round(a, 1.5)", () => np.round(x, 1.5), "round() takes an integer as decimals, not 1.5"],
    ["a.iadd(b, { where })", () => js.NDArray.prototype.iadd.call(x, 1, {}), "iadd() takes at most 1 argument"],
    ["array2string(a, { precison })", () => js.array2string(x, { precison: 2 }), "did you mean 'precision'?"],
    ["arrayRepr(a, { prefix })", () => js.arrayRepr(x, { prefix: "" }), "unexpected keyword argument 'prefix'"],
    ["arrayStr(a, 2)", () => js.arrayStr(x, 2), "arrayStr(a) takes at most 1 argument but 2 were given"],
    ["formatBytes(n, { decimal })", () => js.formatBytes(1, { decimal: 1 }), "did you mean 'decimals'?"],
    ["a.tolist(1)", () => js.NDArray.prototype.tolist.call(x, 1), "takes at most 1 argument but 2 were given"],
    ["a.fill(0, 1)", () => js.NDArray.prototype.fill.call(x, 0, 1), "fill(value) takes at most 1 argument"],
    ["canCast(a, b, 'safe', 1)", () => js.canCast("int8", "int16", "safe", 1), "takes at most 3 arguments but 4"],
    ["finfo(dtype, 1)", () => js.finfo("float32", 1), "takes at most 1 argument but 2 were given"],
    ["promoteTypes(a, b, c)", () => js.promoteTypes("int8", "int8", "int8"), "at most 2 arguments but 3 were given"],
    ["sum(a, null, {}, 1)", () => js.sum(x, null, {}, 1), "sum(a, axis, options) takes at most 3 arguments but 4"],
    ["lazy(a, 1)", () => js.lazy(x, 1), "lazy(x) takes at most 1 argument but 2 were given"],
    ["sharesMemory(a, b, NaN)", () => js.sharesMemory(x, x, Number.NaN), "a number of steps as maxWork, not NaN"],
    ["isNDArrayError(error, 1)", () => js.isNDArrayError(new Error(), 1), "the name of a kind"],
    ["memory.usage(1)", () => js.memory.usage(1), "memory.usage() takes no arguments but 1 was given"],
    ["memory.map().toSvg(1)", () => js.memory.map().toSvg(1), "toSvg() takes no arguments but 1 was given"],
    ["memory.graph().toDot({})", () => js.memory.graph().toDot({}), "toDot() takes no arguments"],
    ["trace.lines(1)", () => js.memory.trace(() => 1).lines(1), "lines() takes no arguments"],
    ["std(a, null, { ddof, correction })", () => np.std(x, null, { ddof: 1, correction: 1 }), "simultaneously"],
  ])("%s", (_, run, message) => {
    expect(run).toThrow(np.NDArrayError);
    expect(run).toThrow(message);
  });

  test("NumPy's positional dtypes are taken: zeros(3, 'int32'), full, array, zerosLike, arange", () => {
    const dtypes = [
      np.zeros(3, "int32"),
      np.full(3, 7, "int32"),
      np.array([1, 2], "int32"),
      np.asarray([1, 2], "int32"),
      np.zerosLike(x, "int32"),
      np.arange(1, 5, "int32"),
      np.identity(2, "int32"),
    ].map((a) => a.dtype);
    expect(new Set(dtypes)).toEqual(new Set(["int32"]));
  });

  test("std(a, null, { correction }) is NumPy 2's other name of ddof; round(a, { decimals, out }) writes into out", () => {
    expect(np.std(x, null, { correction: 1 })).toBe(np.std(x, null, { ddof: 1 }));
    const out = np.zeros(3);
    expect(np.round(x, 1, { out })).toBe(out);
    expect(out.tolist()).toEqual([1.2, 2.5, 3.8]);
    expect(np.round(x, { decimals: 1 }).tolist()).toEqual([1.2, 2.5, 3.8]);
  });
});

describe("issue 7.1: arrays are recognised by class and engine", () => {
  const stranger = (): unknown => {
    class NDArray {
      id = 3;
      descr = {};
      buffer = { generation: 0, pointer: 64 };
      generation = 0;
      shape = [8];
    }
    return new NDArray();
  };
  test.each<[string, (value: unknown) => unknown]>([
    ["operand", (s) => js.add(np.ones(8), s)],
    ["out", (s) => js.add(np.ones(8), 41, { out: s })],
    ["where", (s) => js.add(np.ones(8), 41, { where: s })],
    ["sum", (s) => js.sum(s)],
    ["item of a list", (s) => js.array([s, s])],
    ["reshape", (s) => js.reshape(s, [2, 4])],
    ["put", (s) => js.put(s, 0, 1)],
  ])("as %s a stranger, a proxy and an object in an array's image are refused", (_, use) => {
    const own = np.zeros(8),
      { live } = np.memory.usage();
    expect(() => use(stranger())).toThrow("array #3 belongs to another copy of nbytes");
    expect(() => use(new Proxy(own, {}))).toThrow("in an array's image");
    expect(() => use(Object.create(np.NDArray.prototype))).toThrow("in an array's image");
    expect(np.memory.usage().live - live).toBeLessThanOrEqual(3 * 64);
    expect(own.tolist()).toEqual(new Array(8).fill(0));
  });

  test("isNDArrayError(error) knows the errors of another copy", () => {
    class Theirs extends Error {
      override name = "ShapeError";
    }
    Object.defineProperty(Theirs.prototype, Symbol.for("nbytes.error"), { value: true });
    expect(np.isNDArrayError(new Theirs(), "ShapeError")).toBe(true);
    expect(np.isNDArrayError(new Error("x"))).toBe(false);
  });
});

describe("issue 7.14: what the caller's own code throws comes through", () => {
  const own = new RangeError("the caller's own");
  const complex = Object.defineProperty({ im: 1 }, "re", {
    get() {
      throw own;
    },
  });
  test.each<[string, () => unknown]>([
    ["add(a, { get re() })", () => js.add(np.ones(2), complex)],
    ["array([{ get re() }])", () => js.array([complex])],
    ["full(2, { get re() })", () => js.full(2, complex)],
    ["a.set(0, { get re() })", () => js.set(np.zeros(2), 0, complex)],
    ["where(mask, a, { get re() })", () => js.where(np.ones(2), np.ones(2), complex)],
  ])("%s throws it, and leaves nothing", (_, run) => {
    const { live } = np.memory.usage();
    let error: unknown;
    np.memory.scope(() => {
      try {
        run();
      } catch (thrown) {
        error = thrown;
      }
    });
    expect(error).toBe(own);
    expect(np.memory.usage().live).toBe(live);
  });
});

describe("issue 7.14: lists and typed arrays are taken wherever NumPy takes them", () => {
  test("reshape([1, 2], [2, 1]) is an array, whose memory ends with it", () => {
    const { live } = np.memory.usage();
    const a = np.reshape([1, 2], [2, 1]);
    expect(a.tolist()).toEqual([[1], [2]]);
    expect(np.memory.usage().live - live).toBe(16);
    a.dispose();
    expect(np.memory.usage().live).toBe(live);
  });

  test("array([array, array, list]) stacks and promotes; subclasses of typed arrays are what they are", () => {
    const row = np.array([1, 2], "int8");
    expect(js.array([row, row]).dtype).toBe("int8");
    expect(js.array([row, [3, 4.5]]).tolist()).toEqual([
      [1, 2],
      [3, 4.5],
    ]);
    class Bytes extends Uint8Array {}
    expect(np.array(new Bytes([1, 2])).dtype).toBe("uint8");
    expect(js.array([new Float32Array([1, 2]), new Float32Array([3, 4])]).dtype).toBe("float32");
  });

  test("what is no array says what to do: a set, an ArrayBuffer, a list in itself", () => {
    expect(() => js.array(new Set([1]))).toThrow("pass [...x], or memory.fromIter(x, dtype)");
    expect(() => js.array(new ArrayBuffer(8))).toThrow("pass a typed array over it");
    const endless: unknown[] = [];
    endless.push(endless);
    expect(() => js.array(endless)).toThrow("exceed the maximum number of dimension of 64");
  });
});
