import { describe, expect, test } from "vitest";
import * as np from "../../../src/index.js";

// What lazy expressions cost, what a trace tells of them, and what they refuse. That their values are those of the eager
// forms is in test/operations/lazy.test.ts.

const { lazy, memory } = np;
const N = 1_000_000;
/** Bytes of a block of float64. */
const BLOCK = 8 * 32_768;

function pair(n = N): { x: np.NDArray<"float64">; y: np.NDArray<"float64"> } {
  return { x: np.full([n], 3), y: np.full([n], 4) };
}
function hypotenuse(x: np.NDArray<"float64">, y: np.NDArray<"float64">): np.Lazy<"float64"> {
  const a = lazy(x),
    b = lazy(y);
  return np.sqrt(np.add(np.multiply(a, a), np.multiply(b, b)));
}

describe("bytes", () => {
  test("lazy(x) and ufuncs of it allocate nothing", () => {
    const { x, y } = pair();
    const t = memory.trace(() => hypotenuse(x, y));
    expect([t.allocs, t.allocated, t.events.length, t.result.nbytes]).toEqual([0, 0, 0, 8 * N]);
  });

  test("evaluate() of sqrt(x * x + y * y) allocates the result and one block of scratch", () => {
    const { x, y } = pair(),
      e = hypotenuse(x, y);
    const t = memory.trace(() => e.evaluate());
    expect([t.allocs, t.frees, t.allocated, t.peak]).toEqual([2, 1, 8 * N + BLOCK, 8 * N + BLOCK]);
    expect([t.scratchPeak, t.retained, t.copied, t.result.item(-1)]).toEqual([BLOCK, 8 * N, 0, 5]);
  });

  test("evaluate({ out }) allocates the block alone, and none where a chain needs none", () => {
    const { x, y } = pair(),
      out = np.empty([N]);
    expect(memory.trace(() => hypotenuse(x, y).evaluate({ out })).allocated).toBe(BLOCK);
    const chain = np.sqrt(np.add(np.multiply(lazy(x), 2), y));
    expect(memory.trace(() => chain.evaluate({ out })).allocated).toBe(0);
  });

  test("evaluate({ out }) into an input needs a block more, and copies none of the same elements", () => {
    const { x, y } = pair();
    const t = memory.trace(() => hypotenuse(x, y).evaluate({ out: x }));
    expect([t.allocs, t.allocated, t.copied, x.item(0)]).toEqual([1, 2 * BLOCK, 0, 5]);
    const part = memory.trace(() => np.add(lazy(y.at(":-1")), 1).evaluate({ out: y.at("1:") }));
    expect([part.copied, part.events.filter((e) => e.reason === "overlap").length]).toEqual([8 * (N - 1), 1]);
  });

  test("sum(e) allocates one piece of 65,536 elements, or as many as there are", () => {
    const { x } = pair(),
      a = lazy(x);
    const t = memory.trace(() => np.sum(np.multiply(a, a)));
    expect([t.result, t.allocs, t.allocated, t.peak, t.retained]).toEqual([9 * N, 1, 524_288, 524_288, 0]);
    const few = memory.trace(() => np.mean(np.multiply(lazy(x.at(":100")), 2)));
    expect([few.result, few.allocated]).toEqual([6, 800]);
    expect(memory.trace(() => np.sum(a)).allocated).toBe(0);
  });

  test("a node that is used twice is computed once", () => {
    const x = np.arange(N, { dtype: "float32" });
    const d = np.subtract(lazy(x), 1);
    const t = memory.trace(() => np.multiply(d, d).evaluate());
    expect(t.ops().map(({ op, calls }) => [op, calls])).toEqual([
      ["evaluate", 1],
      ["multiply", 1],
      ["subtract", 1],
    ]);
    // d is computed in the block of the result.
    expect(t.allocated).toBe(4 * N);
  });

  test("each dtype on the way takes its own width", () => {
    const x = np.ones(N, { dtype: "int16" });
    const e = np.less(np.multiply(lazy(x), 2), np.add(lazy(x), 0.5));
    expect(e.dtype).toBe("bool");
    expect(memory.trace(() => e.evaluate()).allocated).toBe(N + 32_768 * (2 + 8));
  });
});

describe("a trace", () => {
  test("tells each operation once, the result and its scratch as evaluate's, and the user's line", () => {
    const { x, y } = pair();
    const t = memory.trace(() => hypotenuse(x, y).evaluate(), { level: "lines" });
    expect(t.ops().map(({ op, calls, allocated, scratch }) => [op, calls, allocated, scratch])).toEqual([
      ["evaluate", 1, 8 * N + BLOCK, BLOCK],
      ["add", 1, 0, 0],
      ["multiply", 2, 0, 0],
      ["sqrt", 1, 0, 0],
    ]);
    expect(t.events.map(({ kind, op }) => [kind, op])).toEqual([
      ["alloc", "evaluate"],
      ["scratch", "evaluate"],
      ["write", "sqrt"],
      ["free", "evaluate"],
    ]);
    expect(t.events[0].site?.file).toMatch(/lazy\.test\.ts/);
    expect(t.dtypes().map(({ op, calls }) => [op, calls])).toEqual([
      ["float64", 5],
      ["uint8", 0],
    ]);
    expect([memory.bufferOf(x).reads, memory.bufferOf(t.result).version]).toEqual([1, 1]);
  });

  test("tells a reduction's operations and its scratch", () => {
    const { x } = pair();
    const t = memory.trace(() => np.any(np.greater(lazy(x), 5)));
    expect(t.ops().map(({ op, calls, scratch }) => [op, calls, scratch])).toEqual([
      ["any", 1, 65_536],
      ["greater", 1, 0],
    ]);
    expect(t.events.map(({ kind }) => kind)).toEqual(["scratch", "free"]);
  });

  test("tells evaluate() of an array alone as a copy that was asked for", () => {
    const t = memory.trace(() => lazy(np.ones(3)).evaluate());
    expect(t.events.at(-2)).toMatchObject({ kind: "alloc", op: "evaluate", reason: "requested", nbytes: 24 });
  });

  test("a scope keeps the arrays that a returned expression reads", () => {
    const e = memory.scope(() => np.add(lazy(np.ones(3)), 1));
    expect(e.evaluate().tolist()).toEqual([2, 2, 2]);
  });
});

describe("refusals are typed, come when the operation is written down, and change nothing", () => {
  const x = np.ones([2, 3]),
    a = lazy(x),
    i = lazy(np.ones(3, { dtype: "int8" }));
  const untyped = np as unknown as Record<string, (...args: unknown[]) => unknown>;
  const refusals: [string, () => unknown, string][] = [
    [
      "add(lazy, array) of other shapes",
      () => np.add(a, np.ones(2)),
      "ShapeError: operands could not be broadcast together with shapes (2,3) (2,)",
    ],
    ["add(lazy int8, 300)", () => np.add(i, 300), "OverflowError: integer 300 is out of bounds for int8"],
    [
      "bitwiseAnd(lazy float64, 1)",
      () => np.bitwiseAnd(a as never, 1),
      "DTypeError: ufunc 'bitwiseAnd' not supported for the input types (float64, float64)",
    ],
    [
      "add(lazy, list)",
      () => untyped.add(a, [1, 2, 3]),
      "DTypeError: add: a lazy expression is made of arrays and numbers; call array() on what is neither",
    ],
    ["lazy(list)", () => untyped.lazy([1]), "DTypeError: lazy: a lazy expression is made of arrays"],
    [
      "add(lazy, 1, { out })",
      () => untyped.add(a, 1, { out: x }),
      "ValueError: add of a lazy expression takes no out: evaluate({ out })",
    ],
    ["x.iadd(lazy)", () => x.iadd(a as never), "ValueError: add of a lazy expression takes no out: evaluate({ out })"],
    [
      "add(lazy, 1, { where })",
      () => untyped.add(a, 1, { where: [true, false, true] }),
      "ValueError: add of a lazy expression takes no where: evaluate() it first",
    ],
    [
      "add(lazy, 1, { dtype })",
      () => np.add(a, 1, { dtype: "int8" }),
      "DTypeError: Cannot cast ufunc 'add' input 0 from dtype('float64') to dtype('int8') with casting rule 'same_kind'",
    ],
    [
      "power(int, lazy int)",
      () => np.power(i, i),
      "ValueError: power of integers to a lazy exponent cannot be checked: evaluate() the exponent first",
    ],
    ["power(lazy int, -1)", () => np.power(i, -1), "ValueError: Integers to negative integer powers are not allowed."],
    [
      "absolute(lazy complex)",
      () => np.absolute(np.add(a, { re: 0, im: 1 })),
      "DTypeError: absolute of a complex lazy expression",
    ],
    [
      "sum(lazy, 0)",
      () => untyped.sum(a, 0),
      "ValueError: sum of a lazy expression takes no axis: evaluate() it first",
    ],
    [
      "mean(lazy, null, { keepdims })",
      () => untyped.mean(a, null, { keepdims: true }),
      "ValueError: mean of a lazy expression takes no keepdims: evaluate() it first",
    ],
    [
      "any(lazy, null, { out })",
      () => untyped.any(a, null, { out: np.zeros([]) }),
      "ValueError: any of a lazy expression takes no out: evaluate() it first",
    ],
    [
      "max of an empty one",
      () => np.max(lazy(np.ones(0))),
      "ValueError: zero-size array to reduction operation maximum which has no identity",
    ],
    [
      "std(lazy, 0)",
      () => untyped.std(a, 0),
      "ValueError: std of a lazy expression takes no axis: evaluate() it first",
    ],
    [
      "var of a lazy complex expression",
      () => untyped.var(np.multiply(a, { re: 0, im: 1 })),
      "DTypeError: var of a lazy expression is of real numbers: evaluate() it first",
    ],
    ["argmin(lazy)", () => untyped.argmin(a), "DTypeError: a lazy expression is no array yet: evaluate() it first"],
    [
      "concatenate([lazy])",
      () => untyped.concatenate([a, x]),
      "DTypeError: a lazy expression is no array yet: evaluate() it first",
    ],
    [
      "evaluate({ out }) of another shape",
      () => a.evaluate({ out: np.ones([3, 2]) }),
      "ShapeError: operands could not be broadcast together with shapes (2,3) (3,2)",
    ],
    [
      "evaluate({ out }) of another kind",
      () => np.add(a, 1).evaluate({ out: np.ones([2, 3], { dtype: "int8" }) }),
      "DTypeError: Cannot cast ufunc 'add' output from dtype('float64') to dtype('int8') with casting rule 'same_kind'",
    ],
    [
      "evaluate({ out }) that is read-only",
      () => a.evaluate({ out: np.broadcastTo(np.ones(3), [2, 3]) }),
      "ReadOnlyError: output array is read-only: 2 rows share one row; call .copy()",
    ],
  ];
  test.each(refusals)("%s", (_, run, message) => {
    memory.scope(() => {
      const before = x.tolist();
      let told = "nothing";
      const t = memory.trace(() => {
        try {
          run();
        } catch (error) {
          told = String(error);
        }
      });
      expect(told.slice(0, message.length)).toBe(message);
      expect([t.scratchPeak, t.copied]).toEqual([0, 0]);
      expect(x.tolist()).toEqual(before);
    });
  });

  test("evaluate() with an input that was disposed is a DisposedError, before anything is allocated", () => {
    const x = np.ones(3),
      e = np.add(lazy(x), 1);
    x.dispose();
    for (const run of [() => e.evaluate(), () => np.sum(e), () => np.any(e), () => np.add(lazy(x), 1)]) {
      const before = memory.usage();
      expect(run).toThrow(np.DisposedError);
      expect(memory.usage()).toEqual(before);
    }
  });
});

describe("memory that runs out inside", () => {
  const x = np.full([200, 300], 2),
    y = x.T.copy().T,
    attempts: [string, number, () => unknown][] = [
      ["evaluate()", 2, () => hypotenuse(x, y).evaluate()],
      ["evaluate({ out }) that overlaps", 2, () => np.add(np.multiply(lazy(x.at("::-1")), x), 1).evaluate({ out: x })],
      ["sum(e)", 1, () => np.sum(np.multiply(lazy(x), x))],
    ];

  test.each(attempts)("%s frees what it had, at each allocation in turn", (_, allocations, run) => {
    const refused: number[] = [];
    for (let left = 0; left < 10; left++) {
      const { live, buffers } = memory.usage(),
        before = x.tolist();
      let result: unknown = null;
      try {
        using _ = memory.limit({ allocs: left });
        result = run();
      } catch (error) {
        expect(error).toBeInstanceOf(np.MemoryBudgetError);
        refused.push(left);
        expect(x.tolist()).toEqual(before);
      }
      if (result instanceof np.NDArray && result !== x) result.dispose();
      expect([memory.usage().live, memory.usage().buffers]).toEqual([live, buffers]);
    }
    expect(refused).toEqual([...Array(allocations).keys()]);
  });
});
