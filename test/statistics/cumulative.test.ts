import * as np from "nbytes";
import { describe, expect, test } from "vitest";
import text from "../oracle/cumulative.json?raw";
import { difference, Failures, refusalDifference } from "../support/compare.js";
import { fill, layoutsOf, untouched } from "../support/layouts.js";
import {
  bytesOf,
  camel,
  DTYPES,
  decode,
  fn,
  isRefusal,
  itemsize,
  peek,
  pool,
  type Refusal,
  type Shaped,
} from "../support/oracle.js";

const { memory } = np;

interface Question {
  readonly op: string;
  readonly dtype: np.DType;
  readonly pool: string;
  readonly shape: readonly number[];
  readonly axis: number | null;
  readonly options?: Readonly<Record<string, unknown>>;
  /** The dtype of the array that it is written into. */
  readonly out?: np.DType;
}
type Case = Question & ({ readonly result: Shaped } | Refusal);

const table = JSON.parse(text) as Record<string, readonly Case[]>;
const lengthOf = (shape: readonly number[]): number => shape.reduce((a, b) => a * b, 1);
const title = ({ op, pool: name, shape, axis, options, out }: Question): string =>
  `${op} ${name} (${shape.join()}) axis ${axis} ${JSON.stringify(options ?? {})} ${out ?? ""}`;

/** Calls the function: those of the array API standard take the axis as an option. */
function ask(c: Question, a: np.NDArray, more: object = {}): unknown {
  const options = Object.fromEntries(Object.entries({ ...c.options, ...more }).map(([key, v]) => [camel(key), v]));
  return c.op.startsWith("cumulative") ? fn(c.op)(a, { axis: c.axis, ...options }) : fn(c.op)(a, c.axis, options);
}

function wrong(c: Question, want: Shaped, result: unknown): string | null {
  if (!(result instanceof np.NDArray)) return `is no array but ${String(result)}`;
  if (result.dtype !== want.dtype) return `is ${result.dtype}, NumPy says ${want.dtype}`;
  if (result.shape.join() !== want.shape.join())
    return `has shape (${result.shape.join()}), not (${want.shape.join()})`;
  return difference(c.op, want.dtype, bytesOf(result, want.dtype), decode(want.data));
}

describe.each(Object.entries(table))("%s(a, axis)", (op, cases) => {
  test.each(DTYPES)(`${camel(op)}(%s) is NumPy's, bit for bit, in every layout`, (dtype) => {
    const failures = new Failures();
    for (const c of cases.filter((one) => one.dtype === dtype)) {
      const bytes = pool(dtype, c.pool).slice(0, lengthOf(c.shape) * itemsize(dtype));
      memory.scope(() => {
        for (const layout of layoutsOf(c.shape)) {
          const name = `${title(c)} ${layout.name}`;
          if (isRefusal(c)) failures.try(name, () => refusalDifference(c, () => ask(c, fill(layout, dtype, bytes))));
          else if (c.out === undefined)
            failures.try(name, () => wrong(c, c.result, ask(c, fill(layout, dtype, bytes))));
        }
        if (isRefusal(c) || c.options?.dtype !== undefined) return;
        for (const layout of layoutsOf(c.result.shape)) {
          failures.try(`${title(c)} out ${layout.name}`, () => {
            const out = layout.make(c.result.dtype),
              [a] = layoutsOf(c.shape).map((of) => fill(of, dtype, bytes));
            // Without an `out` integers are widened; into one of that dtype they are too.
            if (ask(c, a, { out }) !== out) return "does not return out";
            return difference(op, c.result.dtype, peek(out), decode(c.result.data)) ?? untouched(out);
          });
        }
      });
    }
    failures.none();
  });
});

describe("cumsum(a, axis) beyond one call of the kernel", () => {
  test("goes on where the piece before ended: 200,001 elements, along rows and across them", () => {
    memory.scope(() => {
      const n = 200_001,
        ones = np.ones(n),
        counted = np.arange(1, n + 1);
      expect(np.arrayEqual(np.cumsum(ones), counted)).toBe(true);
      expect(np.arrayEqual(np.cumsum(ones.at("::-1")), counted)).toBe(true);
      for (const width of [1, 3, 70]) {
        const tall = np.ones([n, width], { dtype: "float32" }).at("::2"),
          sums = np.cumsum(tall, 0),
          rows = np.arange(1, tall.shape[0] + 1, { dtype: "float32" }).reshape([-1, 1]);
        expect(np.countNonzero(np.notEqual(sums, rows))).toBe(0);
      }
    });
  });
});

describe("cumsum(a, axis, { out })", () => {
  test("in place is right, and so is an out that overlaps otherwise", () => {
    memory.scope(() => {
      const a = np.arange(12).reshape([3, 4]).copy(),
        want = np.cumsum(a, 0);
      np.cumsum(a, 0, { out: a });
      expect(np.arrayEqual(a, want)).toBe(true);
      const b = np.arange(10);
      np.cumsum(b.at(":9"), 0, { out: b.at("1:") });
      expect(b.tolist()).toEqual([0, 0, 1, 3, 6, 10, 15, 21, 28, 36]);
      const c = np.arange(6);
      np.cumsum(c.at("::-1"), 0, { out: c });
      expect(c.tolist()).toEqual([5, 9, 12, 14, 15, 15]);
    });
  });

  test("of another shape is refused in NumPy's words before anything is written", () => {
    using out = np.full(2, 7);
    expect(() => np.cumsum([1, 2, 3], 0, { out })).toThrow(
      "operands could not be broadcast together with remapped shapes [original->remapped]: (2,)->(2,) (3,)->(3,)",
    );
    expect(out.tolist()).toEqual([7, 7]);
  });
});

describe("bytes", () => {
  test("cumsum(a) takes its result, with out nothing, and a cast goes through the result", () => {
    memory.scope(() => {
      const a = np.ones(10_000),
        i = np.ones(10_000, { dtype: "int8" }),
        m = np.ones([100, 100]).T,
        out = np.zeros(10_000);
      expect(memory.trace(() => np.cumsum(a)).peak).toBe(80_000);
      expect(memory.trace(() => np.cumsum(i)).peak).toBe(80_000);
      expect(memory.trace(() => np.cumsum(m)).peak).toBe(80_000);
      expect(memory.trace(() => np.cumsum(a, 0, { out })).peak).toBe(0);
      expect(memory.trace(() => np.cumsum(m, null, { out })).peak).toBe(0);
      expect(memory.trace(() => np.cumulativeSum(a, { includeInitial: true })).peak).toBe(80_008);
    });
  });
});

test("nancumsum(a, axis, { dtype }) of an integer dtype counts NaN as 0 before the cast", () => {
  expect(np.nancumsum([1.5, Number.NaN, 2], 0, { dtype: "int64" }).tolist()).toEqual([1n, 1n, 3n]);
});
