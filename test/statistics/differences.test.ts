import * as np from "nbytes";
import { describe, expect, test } from "vitest";
import text from "../oracle/differences.json?raw";
import { difference, Failures, refusalDifference } from "../support/compare.js";
import { fill, layoutsOf } from "../support/layouts.js";
import {
  arrayOf,
  bytesOf,
  camel,
  DTYPES,
  decode,
  fn,
  isRefusal,
  itemsize,
  pool,
  type Refusal,
  type Shaped,
} from "../support/oracle.js";

const { memory } = np;

/** An array of the first elements of a pool. */
interface Pooled {
  readonly dtype: np.DType;
  readonly pool: string;
  readonly shape: readonly number[];
}
interface Question {
  readonly op: string;
  readonly args: readonly unknown[];
  readonly options: Readonly<Record<string, unknown>>;
}
type Case = Question & ({ readonly result: Shaped } | Refusal);

const table = JSON.parse(text) as Record<np.DType, readonly Case[]>;
const isPooled = (value: unknown): value is Pooled => typeof value === "object" && value !== null && "pool" in value;

/** An argument, an array in the layout of that number. */
function made(value: unknown, layout: number): unknown {
  if (!isPooled(value)) return value;
  const { dtype, pool: name, shape } = value,
    all = layoutsOf(shape),
    size = shape.reduce((a, b) => a * b, 1);
  return fill(all[layout % all.length], dtype, pool(dtype, name).slice(0, size * itemsize(dtype)));
}

function ask({ op, args, options }: Question, layout: number): unknown {
  const named = Object.entries(options).map(([key, value]) => [camel(key), made(value, layout)]),
    given = args.map((value) => made(value, layout));
  if (op === "trapezoid" && given.length === 1) given.push(null);
  if (op === "gradient" && given.length === 1) given.push(1);
  if (op === "diff" && named.length === 0) return fn(op)(...given);
  return fn(op)(...given, ...(named.length > 0 ? [Object.fromEntries(named)] : []));
}

/** Whether sums of floats are near: they are added in another order, and are as far off as their terms are large. */
function isNear(want: Shaped, result: unknown): boolean {
  const sizes = (value: np.ArrayLike): number[] =>
      [np.astype(np.absolute(value), "float64").tolist()].flat(9) as number[],
    theirs = arrayOf(want.dtype, decode(want.data), want.shape),
    eps = { float16: 2 ** -10, float32: 2 ** -23, complex64: 2 ** -23 }[want.dtype as string] ?? 2 ** -52;
  const scale = Math.max(100, ...sizes(theirs)),
    off = sizes(np.subtract(np.asarray(result as np.NDArray), theirs));
  return off.every((distance) => distance <= 8 * eps * scale);
}

function wrong(c: Question, want: Shaped, result: unknown): string | null {
  if (result instanceof np.NDArray) {
    if (result.dtype !== want.dtype) return `is ${result.dtype}, NumPy says ${want.dtype}`;
    if (result.shape.join() !== want.shape.join())
      return `has shape (${result.shape.join()}), not (${want.shape.join()})`;
  } else if (want.shape.length > 0) return `is no array but ${String(result)}`;
  if ((c.op === "trapezoid" || c.op === "gradient") && isNear(want, result)) return null;
  return difference(c.op, want.dtype, bytesOf(result, want.dtype), decode(want.data));
}

describe.each(["diff", "ediff1d", "ptp", "trapezoid", "gradient"])("%s(a)", (op) => {
  test.each(DTYPES)(`${op}(%s) is NumPy's in every layout`, (dtype) => {
    const failures = new Failures();
    for (const c of table[dtype].filter((one) => one.op === op)) {
      const title = `${op} ${JSON.stringify(c.args)} ${JSON.stringify(c.options)}`;
      for (let layout = 0; layout < 6; layout++) {
        memory.scope(() =>
          failures.try(`${title} ${layout}`, () =>
            isRefusal(c) ? refusalDifference(c, () => ask(c, layout)) : wrong(c, c.result, ask(c, layout)),
          ),
        );
      }
    }
    failures.none();
  });
});

test("diff(a, n, axis, { prepend }) gives a JavaScript value no say in the dtype, and 0.5 beside integers float64", () => {
  const i = np.array([1, 3], { dtype: "int32" });
  const whole = np.diff(i, 1, 0, { prepend: 0 }),
    half = np.diff(i, 1, 0, { append: 0.5 });
  expect([whole.dtype, whole.tolist(), half.dtype, half.tolist()]).toEqual(["int32", [1, 2], "float64", [2, -2.5]]);
});

test("ediff1d(a, { toBegin, toEnd }) takes whole numbers beside integers, and refuses fractions", () => {
  const i = np.array([1, 3], { dtype: "int16" });
  expect(np.ediff1d(i, { toBegin: -9, toEnd: [8, 7] }).tolist()).toEqual([-9, 2, 8, 7]);
  expect(() => np.ediff1d(i, { toEnd: 0.5 })).toThrow("dtype of `to_end` must be compatible with input `ary`");
});

test("ptp(a, axis, { out }) writes into out and returns it", () => {
  using out = np.zeros(2);
  expect(
    np.ptp(
      [
        [1, 5],
        [2, 9],
      ],
      1,
      { out },
    ),
  ).toBe(out);
  expect(out.tolist()).toEqual([4, 7]);
});

test("diff(a) takes its result alone; n times two of them at once; trapezoid(y) the areas", () => {
  using a = np.arange(10_001);
  expect(memory.trace(() => np.diff(a)).peak).toBe(80_000);
  expect(memory.trace(() => np.diff(a, 3)).peak).toBe(80_000 + 79_992);
  expect(memory.trace(() => np.trapezoid(a)).peak).toBe(160_000);
});

test("gradient(f) of two axes is a list of one for each, with distances of each", () => {
  const f = np.reshape(np.square(np.arange(9)), [3, 3]),
    list = np.gradient(f, [2, [0, 1, 3]]) as np.NDArray<"float64">[];
  const [down, across] = list.map((one) => one.at(1));
  expect(down.tolist()).toEqual([9, 12, 15]);
  expect(np.allclose(across, [7, 37 / 6, 4.5], { rtol: 1e-15 })).toBe(true);
  expect(() => np.gradient(f, [1, 2, 3])).toThrow("invalid number of arguments");
});
