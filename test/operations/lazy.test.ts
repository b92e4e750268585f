import fc from "fast-check";
import { describe, expect, test } from "vitest";
import * as np from "../../src/index.js";
import { apply, counting, shape, steps } from "../support/arbitraries.js";
import { layouts, untouched } from "../support/layouts.js";
import { DTYPES, peek } from "../support/oracle.js";

// A lazy expression is its eager form: the same bits, dtypes, shapes and refusals. What it costs is in
// test/memory/record/lazy.test.ts.

type Arrays = readonly np.NDArray[];
/** An expression written once for both forms; each ufunc takes and gives lazy expressions as it does arrays. */
type Expression = (...operands: np.NDArray[]) => np.NDArray;

const lazily = (expression: Expression, arrays: Arrays): np.Lazy =>
  // The one place where a lazy operand passes for an array.
  expression(...arrays.map((a) => np.lazy(a) as unknown as np.NDArray)) as unknown as np.Lazy;

interface Outcome {
  readonly told: unknown;
  readonly bits: Uint8Array;
}

/** The dtype, shape and bits of a result, or its refusal. */
function outcome(run: () => np.NDArray): Outcome {
  try {
    const a = run();
    return { told: [a.dtype, a.shape], bits: peek(a) };
  } catch (error) {
    return { told: `${(error as Error).name}: ${(error as Error).message}`, bits: new Uint8Array(0) };
  }
}

/** Where two lists of bytes differ first; -1 if nowhere. */
function difference(a: Uint8Array, b: Uint8Array): number {
  return a.length === b.length ? a.findIndex((byte, i) => byte !== b[i]) : Math.min(a.length, b.length);
}

/** Holds `evaluate` against the eager form, and what the expression says of itself against its result. */
function agree(expression: Expression, arrays: Arrays): void {
  np.memory.scope(() => {
    const eager = outcome(() => expression(...arrays));
    const lazy = outcome(() => {
      const e = lazily(expression, arrays),
        z = e.evaluate();
      expect([e.dtype, e.shape, e.ndim, e.size, e.itemsize, e.nbytes]).toEqual([
        z.dtype,
        z.shape,
        z.ndim,
        z.size,
        z.itemsize,
        z.nbytes,
      ]);
      return z as np.NDArray;
    });
    expect([String(expression), lazy.told]).toEqual([String(expression), eager.told]);
    expect([String(expression), difference(lazy.bits, eager.bits)]).toEqual([String(expression), -1]);
  });
}

const expressions: readonly Expression[] = [
  (x, y) => np.sqrt(np.add(np.multiply(x, x), np.multiply(y, y))) as np.NDArray,
  (x, y) => {
    const d = np.subtract(x, y);
    return np.add(np.multiply(d, d), d) as np.NDArray;
  },
  (x, y) => np.less(np.multiply(x, 2), np.add(y, y)) as np.NDArray,
  (x, y) => np.greater(np.multiply(np.add(x, 1), y), np.add(y, 2)) as np.NDArray,
  (x, y) => np.logicalAnd(np.greater(x, 1), np.notEqual(y, 3)) as np.NDArray,
  (x, y) => np.clip(np.maximum(x, y), 1, np.add(y, 2)) as np.NDArray,
  (x, y) => np.add(np.divide(x, 3), np.multiply(np.isnan(y), 5)) as np.NDArray,
  (x, y) => np.arctan2(np.floorDivide(x, 2), np.positive(y)) as np.NDArray,
  (x, y) => np.add(np.negative(x), np.multiply(y, np.add(x, { re: 1, im: 2 }))) as np.NDArray,
  (x, y) => np.bitwiseXor(np.invert(x), np.leftShift(y, 1)) as np.NDArray,
  (x, y) => np.floatPower(np.fabs(x), np.minimum(y, 2)) as np.NDArray,
  (x, y) => np.power(np.add(x, y), 3) as np.NDArray,
  (x, y) => np.conjugate(np.multiply(x, y, { dtype: "complex64" })) as np.NDArray,
  (x, y) => np.add(np.multiply(x, y, { dtype: "float32", casting: "unsafe" }), 0.1) as np.NDArray,
];

describe("evaluate() gives the eager form's bits", () => {
  test.each(DTYPES)("for %s beside every dtype", (dtype) => {
    for (const other of DTYPES) {
      const x = counting([5, 7], dtype, 1),
        y = counting([7], other, 4);
      for (const expression of expressions) agree(expression, [x, y]);
    }
  });

  test.each(layouts.map((layout) => [layout.name, layout] as const))("in the layout %s", (_, { make, shape }) => {
    for (const dtype of ["float64", "float16", "int16", "complex64"] as const) {
      const x = make(dtype),
        y = counting(shape, "float32", 2);
      np.copyto(x, counting(shape, dtype, 3));
      for (const expression of expressions.slice(0, 5)) agree(expression, [x, y]);
    }
  });

  test("over random views of random arrays", () => {
    const dtype = fc.constantFrom(...DTYPES);
    fc.assert(
      fc.property(shape, dtype, dtype, steps, fc.nat(expressions.length - 1), (shape, a, b, steps, k) => {
        np.memory.scope(() => {
          const x = steps.reduce(apply, counting(shape, a, 1)),
            y = counting(x.shape, b, 5);
          agree(expressions[k], [x, y]);
        });
      }),
      { numRuns: 300 },
    );
  });

  const long: [string, (a: np.NDArray) => np.NDArray][] = [
    ["one run", (a) => a.reshape([-1])],
    ["backwards", (a) => a.reshape([-1]).at("::-1")],
    ["a short last axis", (a) => a.reshape([-1, 3])],
    ["a last axis longer than a block", (a) => a.reshape([3, -1])],
    ["transposed", (a) => a.reshape([300, 400]).T],
    ["planes longer than a block", (a) => a.reshape([3, 200, 200]).at(":, ::-1")],
    ["planes shorter than a block", (a) => np.transpose(a.reshape([10, 100, 120]), [0, 2, 1])],
  ];
  test.each(long)("over several blocks: %s", (_, view) => {
    const x = view(counting([120_000], "float64", 1)),
      row = counting([x.shape.at(-1) as number], "float32", 2),
      column = np.broadcastTo(counting(x.ndim > 1 ? [x.shape.at(-2) as number, 1] : [1], "int16", 3), x.shape);
    for (const expression of expressions.slice(0, 7)) {
      agree(expression, [x, x]);
      agree(expression, [x, row]);
      agree(expression, [column as np.NDArray, x]);
    }
  });

  test("of an array alone, which is copied", () => {
    const x = np.reshape(np.arange(12), [3, 4]).T;
    for (const a of [x, np.zeros([0, 3]), np.zeros([]), x.astype("float16")] as np.NDArray[]) agree((x) => x, [a]);
    expect(np.lazy(np.lazy(x)).evaluate().tolist()).toEqual(x.tolist());
  });
});

describe("evaluate({ out })", () => {
  test.each(layouts.map((layout) => [layout.name, layout] as const))(
    "writes into the layout %s, and not beside it",
    (_, { make, shape }) => {
      const x = counting(shape, "float64", 1),
        y = counting(shape, "float64", 6);
      for (const dtype of ["float64", "float32", "float16", "complex128"] as const) {
        const out = make(dtype);
        expect(lazily(expressions[0], [x, y]).evaluate({ out })).toBe(out);
        expect(difference(peek(out), peek(expressions[0](x, y).astype(dtype) as np.NDArray))).toBe(-1);
        expect(untouched(out)).toBeNull();
      }
    },
  );

  // Found by npm run fuzz (advice, seed 1335701): it wrote beyond `out`, over what lay there.
  test.each([
    [[6], [1, 6]],
    [[6], [2, 3, 6]],
    [
      [3, 1],
      [3, 4],
    ],
    [[], [5]],
    [[1], [0, 3]],
    [
      [3, 1],
      [2, 3, 40_000],
    ],
  ])(
    "an expression of shape %j fills an out of shape %j, as its eager form does, and nothing beside it",
    (own, wide) => {
      np.memory.scope(() => {
        const x = counting(own, "float64", 1),
          frame = np.full([wide.reduce((n, m) => n * m, 1) + 8], -7),
          out = frame.at("4:-4").reshape(wide),
          due = np.zeros(wide);
        np.multiply(np.add(x, 1), x, { out: due });
        lazily((a) => np.multiply(np.add(a, 1), x), [x]).evaluate({ out });
        expect(difference(peek(out), peek(due))).toBe(-1);
        expect([frame.at(":4").tolist(), frame.at("-4:").tolist()]).toEqual([Array(4).fill(-7), Array(4).fill(-7)]);
        expect(() => lazily((a) => np.multiply(a, x), [due]).evaluate({ out: np.zeros([7]) })).toThrow(np.ShapeError);
        np.multiply(np.lazy(x), x).evaluate({ out });
        expect(difference(peek(out), peek(np.multiply(x, x, { out: due })))).toBe(-1);
      });
    },
  );

  const overlaps: [string, (base: np.NDArray) => [x: np.NDArray, y: np.NDArray, out: np.NDArray]][] = [
    ["is an input", (a) => [a.at("0"), a.at("1"), a.at("0")]],
    ["is an input that is read last", (a) => [a.at("0"), a.at("1"), a.at("1")]],
    ["begins before an input", (a) => [a.at("0, 1:"), a.at("1, 1:"), a.at("0, :-1")]],
    ["begins behind an input", (a) => [a.at("0, :-1"), a.at("1, 1:"), a.at("0, 1:")]],
    ["is an input backwards", (a) => [a.at("0, ::-1"), a.at("1"), a.at("0")]],
    ["lies between the elements of an input", (a) => [a.at("0, ::2"), a.at("1, ::2"), a.at("0, 1::2")]],
    ["is one of two that overlap it otherwise", (a) => [a.at("0, :-1"), a.at("0, 1:"), a.at("0, 1:")]],
    [
      "is an input turned",
      (a) => [a.reshape([400, 500]).at(":400, :400").T, a.at("1, :400"), a.reshape([400, 500]).at(":400, :400")],
    ],
  ];
  test.each(overlaps)("gives what it would without overlap where out %s", (_, pick) => {
    for (const expression of expressions.slice(0, 2)) {
      const base = np.random.defaultRng(3).standardNormal([2, 100_000]) as unknown as np.NDArray,
        [x, y, out] = pick(base),
        due = peek(expression(x.copy() as np.NDArray, y.copy() as np.NDArray));
      lazily(expression, [x, y]).evaluate({ out });
      expect(difference(peek(out), due)).toBe(-1);
    }
  });
});

describe("a reduction of a lazy expression", () => {
  const reductions: [string, (a: np.NDArray) => unknown][] = [
    ["sum(e)", (a) => np.sum(a)],
    ["sum(e, null, { dtype: float32 })", (a) => np.sum(a, null, { dtype: "float32" })],
    ["sum(e, null, { initial: 7 })", (a) => np.sum(a, null, { initial: 7 })],
    ["prod(e)", (a) => np.prod(a)],
    ["min(e)", (a) => np.min(a)],
    ["max(e, null, { initial: 1e9 })", (a) => np.max(a, null, { initial: 3 })],
    ["any(e)", (a) => np.any(a)],
    ["all(e)", (a) => np.all(a)],
    ["countNonzero(e)", (a) => np.countNonzero(a)],
    ["mean(e)", (a) => np.mean(a)],
    ["mean(e, null, { dtype: complex64 })", (a) => np.mean(a, null, { dtype: "complex64" })],
    ["var(e)", (a) => np.var(a)],
    ["std(e, null, { ddof: 1 })", (a) => np.std(a, null, { ddof: 1 })],
    ["std(e, null, { dtype: float32 })", (a) => np.std(a, null, { dtype: "float32" })],
  ];
  const of: [string, Expression][] = [
    ["multiply(x, x)", (x) => np.multiply(x, x) as np.NDArray],
    ["clip(x, -0.5, y)", (x, y) => np.clip(x, -0.5, y) as np.NDArray],
    ["greater(x, y)", (x, y) => np.greater(x, y) as np.NDArray],
    ["multiply(x, y) in int32", (x, y) => np.multiply(x, y, { dtype: "int32", casting: "unsafe" }) as np.NDArray],
    ["add(x, y) in float16", (x, y) => np.add(x, y, { dtype: "float16" }) as np.NDArray],
    ["x", (x) => x],
  ];

  function value(run: () => unknown): unknown {
    try {
      return run();
    } catch (error) {
      return `${(error as Error).name}: ${(error as Error).message}`;
    }
  }

  test.each(reductions)("%s has the eager form's bits, whatever is added in which order", (_, reduce) => {
    const rng = np.random.defaultRng(11);
    for (const shape of [[], [0], [3], [2047], [65_537], [300, 500], [3, 200, 401]]) {
      const x = rng.standardNormal(shape) as unknown as np.NDArray,
        y = np.zeros(shape.slice(-1), { dtype: "float32" }) as unknown as np.NDArray;
      for (const turned of [x, x.T.at("...").copy().T] as np.NDArray[]) {
        for (const [name, expression] of of) {
          const lazy = value(() => reduce(lazily(expression, [turned, y]) as unknown as np.NDArray));
          const eager = value(() => reduce(name === "x" ? turned : expression(turned, y)));
          expect([name, shape, lazy]).toEqual([name, shape, eager]);
        }
      }
    }
  });

  test("any(e), all(e) stop at the first element that tells", () => {
    const x = np.zeros(1_000_000);
    x.set(70_000, 1);
    const e = np.multiply(np.lazy(x), 1);
    expect([np.any(e), np.all(e), np.countNonzero(e)]).toEqual([true, false, 1]);
  });
});

describe("lazy(x)", () => {
  test("reads its arrays when it is evaluated", () => {
    const x = np.ones(3),
      e = np.add(np.lazy(x), 1);
    x.set(1, 5);
    expect([e.evaluate().tolist(), np.sum(e)]).toEqual([[2, 6, 2], 10]);
  });

  test("tells what it is and what it would take", () => {
    const x = np.ones(1_000_000),
      a = np.lazy(x);
    const e = np.sqrt(np.add(np.multiply(a, a), 2.5));
    const id = `#${x.id}`;
    expect(String(e)).toBe(`lazy sqrt(add(multiply(${id}, ${id}), 2.5)) float64 [1000000], 8.00 MB if evaluated`);
    const deep = np.exp(np.exp(np.exp(e)));
    expect(String(deep)).toBe("lazy exp(exp(exp(sqrt(…)))) float64 [1000000], 8.00 MB if evaluated");
  });

  test("has the methods of arrays that are elementwise or reduce everything, and they give what the arrays' own give", () => {
    const x = np.array([1, 2, 3, 4, 5, 6], { dtype: "int32" }),
      e = np.lazy(x);
    const names = Object.keys(Object.getOwnPropertyDescriptors(np.Lazy.prototype)),
      pairs = ["add", "subtract", "multiply", "divide", "floorDivide", "remainder", "power", "equal", "notEqual"],
      more = ["less", "lessEqual", "greater", "greaterEqual", "bitwiseAnd", "bitwiseOr", "bitwiseXor"],
      alone = ["negative", "invert", "conj"],
      whole = ["sum", "prod", "min", "max", "mean", "std", "var", "all", "any"];
    expect(names).toEqual(expect.arrayContaining([...pairs, ...more, ...alone, ...whole, "clip"]));
    type Called = Record<string, (...args: unknown[]) => unknown>;
    const both = (name: string, ...args: unknown[]): unknown[] =>
      [e, x].map((a) => {
        const given = (a as unknown as Called)[name](...args);
        const array = given instanceof np.Lazy ? given.evaluate() : given;
        return array instanceof np.NDArray ? [array.dtype, array.tolist()] : given;
      });
    for (const name of [...pairs, ...more]) {
      const [lazily, eagerly] = both(name, 3);
      expect([name, lazily]).toEqual([name, eagerly]);
    }
    for (const name of [...alone, ...whole]) {
      const [lazily, eagerly] = both(name);
      expect([name, lazily]).toEqual([name, eagerly]);
    }
    const [clipped, eager] = both("clip", 2, 4);
    expect(clipped).toEqual(eager);
    expect(e.multiply(x).add(1).sum()).toBe(97n);
  });

  test("evaluates a chain of ten thousand operations", () => {
    let e = np.add(np.lazy(np.zeros(2)), 1);
    for (let i = 1; i < 10_000; i++) e = np.add(e, 1);
    expect(e.evaluate().tolist()).toEqual([10_000, 10_000]);
  });
});
