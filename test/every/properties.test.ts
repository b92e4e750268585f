import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { core } from "../../src/core/instance.js";
import type { DType, NDArray } from "../../src/index.js";
import { NDArray as Arrays, memory, slice, transpose } from "../../src/index.js";
import { apply, counting, dtype, shape, steps } from "../support/arbitraries.js";
import { difference } from "../support/compare.js";
import { expectSound } from "../support/coreHeap.js";
import { bytesOf, fn, peek, poke } from "../support/oracle.js";
import { commands, Model } from "../support/programs.js";

// The result's dtype and elements, or the error's sentence: a view and its copy agree in both.
function outcome(run: () => unknown): { dtype: DType | null; shape: string; bytes: Uint8Array; error: string } {
  try {
    const result = run();
    if (result instanceof Arrays)
      return { dtype: result.dtype, shape: result.shape.join(), bytes: peek(result as NDArray), error: "" };
    return {
      dtype: null,
      shape: "scalar",
      bytes: new Uint8Array(0),
      error: JSON.stringify(result, (_, v) => (typeof v === "bigint" ? `${v}n` : Object.is(v, -0) ? "-0" : v)),
    };
  } catch (error) {
    return { dtype: null, shape: "error", bytes: new Uint8Array(0), error: (error as Error).message };
  }
}

function agree(op: string, x: ReturnType<typeof outcome>, y: ReturnType<typeof outcome>): void {
  expect([x.dtype, x.shape, x.error]).toEqual([y.dtype, y.shape, y.error]);
  if (x.dtype !== null) expect(difference(op, x.dtype, x.bytes, y.bytes)).toBeNull();
}

const unary = fc.constantFrom(
  "negative",
  "absolute",
  "square",
  "sqrt",
  "exp",
  "sin",
  "floor",
  "isnan",
  "logical_not",
  "invert",
  "sign",
  "copy",
);
const binary = fc.constantFrom(
  "add",
  "subtract",
  "multiply",
  "divide",
  "floor_divide",
  "remainder",
  "maximum",
  "less",
  "equal",
  "bitwise_xor",
  "logical_and",
  "arctan2",
);
const fold = fc.constantFrom("sum", "prod", "min", "max", "argmin", "argmax", "any", "all", "count_nonzero", "mean");

describe("f(view) equals f(view.copy())", () => {
  test("for functions of one array", () => {
    fc.assert(
      fc.property(unary, dtype, shape, steps, (op, d, s, program) =>
        memory.scope(() => {
          const view = program.reduce(apply, counting(s, d, 3)),
            call = (a: NDArray) => (op === "copy" ? a.copy() : fn(op)(a));
          agree(
            op,
            outcome(() => call(view)),
            outcome(() => call(view.copy())),
          );
        }),
      ),
      { numRuns: 400 },
    );
  });

  test("for functions of two, with broadcasting and any two dtypes", () => {
    fc.assert(
      fc.property(binary, dtype, dtype, shape, steps, fc.nat(15), (op, d, e, s, program, dropped) =>
        memory.scope(() => {
          const x = program.reduce(apply, counting(s, d, 1));
          // The other operand: the same shape, some axes of length 1, perhaps fewer axes, and reversed.
          const lengths = x.shape.map((n, i) => ((dropped >> i) & 1 ? 1 : n)).slice(dropped % 2 && x.ndim ? 1 : 0);
          const y = transpose(counting([...lengths].reverse(), e, 5));
          agree(
            op,
            outcome(() => fn(op)(x, y)),
            outcome(() => fn(op)(x.copy(), y.copy())),
          );
          agree(
            op,
            outcome(() => fn(op)(y, x)),
            outcome(() => fn(op)(y.copy(), x.copy())),
          );
        }),
      ),
      { numRuns: 600 },
    );
  });

  test("for reductions along any axis", () => {
    fc.assert(
      fc.property(fold, dtype, shape, steps, fc.option(fc.nat(5)), fc.boolean(), (op, d, s, program, at, keepdims) =>
        memory.scope(() => {
          const view = program.reduce(apply, counting(s, d, 4)),
            axis = at === null || view.ndim === 0 ? null : at % view.ndim;
          // Products round in floats: their order shows.
          if (op === "prod" && /^(float|complex)/.test(d)) return;
          agree(
            op,
            outcome(() => fn(op)(view, axis, { keepdims })),
            outcome(() => fn(op)(view.copy(), axis, { keepdims })),
          );
        }),
      ),
      { numRuns: 600 },
    );
  });

  test("for astype", () => {
    fc.assert(
      fc.property(dtype, dtype, shape, steps, (d, e, s, program) =>
        memory.scope(() => {
          const view = program.reduce(apply, counting(s, d, 2));
          agree(
            "astype",
            outcome(() => view.astype(e)),
            outcome(() => view.copy().astype(e)),
          );
        }),
      ),
      { numRuns: 300 },
    );
  });
});

describe("an output that overlaps the inputs", () => {
  const start = fc.nat(12),
    by = fc.constantFrom(-2, -1, 1, 2);
  test("gets what it gets from copies", () => {
    const line = fc.record({ start, by });
    fc.assert(
      fc.property(binary, dtype, fc.integer({ min: 1, max: 300 }), line, line, line, (op, d, n, a, b, c) =>
        memory.scope(() => {
          const length = 2 * n + 26,
            view = (of: NDArray, l: { start: number; by: number }) => {
              const from = l.by > 0 ? l.start : length - 1 - l.start;
              return of.at(slice(from, null, l.by)).at(slice(0, n));
            };
          const base = counting([length], d, 1),
            before = base.copy();
          const want = outcome(() => fn(op)(view(before, a), view(before, b)));
          const out = view(base, c),
            got = outcome(() => fn(op)(view(base, a), view(base, b), { out }));
          if (want.dtype !== d) return;
          agree(op, got, want);
          // What lies beside out is untouched.
          poke(view(before, c), peek(out));
          expect(peek(base)).toEqual(peek(before));
        }),
      ),
      { numRuns: 600 },
    );
  });

  test("also in two dimensions, transposed and flipped", () => {
    const turn = fc.constantFrom("same", "T", "flip rows", "flip columns", "both");
    const turned = (a: NDArray, t: string): NDArray =>
      t === "T"
        ? (a.T as NDArray)
        : t === "same"
          ? a
          : a.at(
              t === "flip columns" ? slice() : slice(null, null, -1),
              t === "flip rows" ? slice() : slice(null, null, -1),
            );
    fc.assert(
      fc.property(binary, dtype, fc.integer({ min: 1, max: 40 }), turn, turn, turn, (op, d, n, a, b, c) =>
        memory.scope(() => {
          const base = counting([n, n], d, 1),
            before = base.copy();
          const want = outcome(() => fn(op)(turned(before, a), turned(before, b)));
          const got = outcome(() => fn(op)(turned(base, a), turned(base, b), { out: turned(base, c) }));
          if (want.dtype === d) agree(op, got, want);
        }),
      ),
      { numRuns: 300 },
    );
  });
});

describe("random programs", () => {
  test("leave as many live bytes as the model says, after each step", () => {
    fc.assert(
      fc.property(commands, (program) => {
        const before = memory.usage().live,
          model = new Model();
        for (const c of program) {
          model.run(c);
          expect(memory.usage().live - before).toBe(model.live);
        }
        model.disposeAll();
        expect(memory.usage().live).toBe(before);
      }),
      { numRuns: 150 },
    );
  });

  test("make events, counters and the walk over the heap agree", () => {
    fc.assert(
      fc.property(commands, (program) => {
        const before = memory.usage().live,
          model = new Model();
        const report = memory.trace(
          () => {
            for (const c of program) model.run(c);
          },
          { level: "events" },
        );
        const bytes = (...kinds: string[]) =>
          report.events.reduce((sum, e) => sum + (kinds.includes(e.kind) ? e.nbytes : 0), 0);
        expect(report.dropped).toBe(0);
        expect(report.allocated).toBe(bytes("alloc", "scratch"));
        expect(report.retained).toBe(report.allocated - bytes("free"));
        expect(report.peak).toBe(Math.max(0, ...report.events.map((e) => e.live)));
        expect([report.retained, memory.usage().live - before]).toEqual([model.live, model.live]);
        expectSound(core);
        model.disposeAll();
        expectSound(core);
      }),
      { numRuns: 100 },
    );
  });

  test("give the same bytes with a trace and without", () => {
    fc.assert(
      fc.property(commands, (program) => {
        const run = (): Uint8Array[] => {
          const model = new Model();
          for (const c of program) model.run(c);
          const bytes = model.arrays.map(peek);
          model.disposeAll();
          return bytes;
        };
        expect(memory.trace(run, { level: "lines" }).result).toEqual(run());
      }),
      { numRuns: 50 },
    );
  });
});

describe("bytesOf", () => {
  test("reads back what poke wrote", () => {
    fc.assert(
      fc.property(dtype, shape, steps, (d, s, program) =>
        memory.scope(() => {
          const view = program.filter((p) => p.kind !== "broadcast").reduce(apply, counting(s, d, 0)),
            bytes = peek(view).reverse();
          poke(view, bytes.length ? bytes : new Uint8Array(1));
          expect(bytesOf(view, d)).toEqual(bytes);
        }),
      ),
      { numRuns: 50 },
    );
  });
});
