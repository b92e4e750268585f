import { describe, expect, test } from "vitest";
import { slots } from "../../src/core/box.js";
import { boxAt, view, words } from "../../src/core/instance.js";
import * as np from "../../src/index.js";
import { calls, changed, finished } from "../support/calls.js";

// A word of the box that a kernel reads and nobody writes holds what an earlier operation left there.

// No byte lies at -16, and no second element so many bytes behind a first.
const NOWHERE = -16,
  FAR = 0x3ffffff1;
const isAddress = (word: number): boolean => word === 2 || word === 5 || word === 8 || word === 11;

/** What a call gives, after every word of the box and every element beside it was made unfit to be read. */
function poisoned(call: () => unknown): string {
  for (let k = 0; k < words.length; k++) words[k] = isAddress(k) ? NOWHERE : FAR;
  for (const [owner, at] of Object.entries(slots)) if (owner !== "zero") view.setFloat64(boxAt + at, Number.NaN, true);
  return told(call());
}

function told(result: unknown): string {
  if (result instanceof np.NDArray) return `${result.dtype} ${result.shape} ${told(result.tolist())}`;
  if (Array.isArray(result)) return `[${result.map(told).join()}]`;
  if (result instanceof Uint8Array) return result.join();
  if (typeof result === "object" && result !== null) return JSON.stringify(result);
  return String(result);
}

/** The same array as a view: every second element, from the last, along each axis. */
function spread(array: np.NDArray): np.NDArray {
  const wide = np.zeros(
      array.shape.map((n) => 2 * n),
      { dtype: array.dtype },
    ),
    view = wide.at(...array.shape.map(() => np.slice(null, null, -2)));
  np.copyto(view, array);
  return view;
}

describe("issue 7.2: no call reads a word of the box that it did not write", () => {
  // What is not written is anything, and the strides of `asStrided` are made for one array.
  const known = calls.filter(({ name }) => !["empty", "emptyLike", "asStrided"].includes(name));
  test.each(known.map((call, i) => [`${call.name} (${i})`, call] as const))("%s", (_, { args, run }) => {
    np.memory.scope(() => {
      for (const layout of [(array: np.NDArray) => array, spread]) {
        const clean = told(finished(run(changed(args(), layout)))),
          values = changed(args(), layout);
        expect(poisoned(() => finished(run(values)))).toBe(clean);
      }
    });
  });

  test.each(Object.entries({ isnan: np.isnan, isinf: np.isinf, isfinite: np.isfinite, signbit: np.signbit }))(
    "%s of views, with `where`, and of other dtypes looks at its one operand",
    (_, test) => {
      np.memory.scope(() => {
        const wide = np.arange(-3000, 3000),
          rows = np.reshape(wide, [60, 100]);
        const views = [
          wide.at("::2"),
          rows.T,
          rows.at("::-1, 1:"),
          wide.at("::3").astype("int8"),
          rows.astype("float16"),
        ];
        for (const x of views) {
          const run = test as (x: np.ArrayLike, options?: np.UfuncOptions) => np.NDArray;
          const plain = run(x.copy()).tolist();
          expect(poisoned(() => run(x))).toBe(`bool ${x.shape} ${told(plain)}`);
          const out = np.zeros(x.shape, { dtype: "bool" });
          poisoned(() => run(x, { out, where: np.ones(x.shape, { dtype: "bool" }) }));
          expect(out.tolist()).toEqual(plain);
        }
      });
    },
  );
});

describe("issue 7.6: a scalar's place is the scalar's alone", () => {
  test("clip(x, low, high, { out }) with a complex out, beyond a tile", () => {
    np.memory.scope(() => {
      const out = np.zeros([5000], { dtype: "complex128" });
      np.clip(np.full([5000], 9), 1, 5, { out });
      expect(np.countNonzero(np.notEqual(out, 5))).toBe(0);
    });
  });

  test("clip of every dtype between scalars, into every dtype it may be cast to", () => {
    np.memory.scope(() => {
      for (const from of names) {
        for (const to of names) {
          if (!np.canCast(from, to, "same_kind") || from === "bool") continue;
          const x = np.reshape(np.full([4100], 9, { dtype: from }), [41, 100]).T,
            out = np.zeros(x.shape, { dtype: to });
          np.clip(x, 1, 5, { out });
          expect([from, to, np.countNonzero(np.equal(out, 5))]).toEqual([from, to, 4100]);
        }
      }
    });
  });

  test("where(z, x, y) with scalars beside complex tests and arrays", () => {
    np.memory.scope(() => {
      const z = np.full([5000], { re: 0, im: 1 }),
        x = np.full([5000], 2, { dtype: "complex64" });
      expect(np.countNonzero(np.equal(np.where(z, 7, x), 7))).toBe(5000);
      expect(np.countNonzero(np.equal(np.where(z, x, 7), 2))).toBe(5000);
      expect(np.countNonzero(np.equal(np.where(true, x, { re: 1, im: 1 }), 2))).toBe(5000);
    });
  });

  test("sum(x, axis, { where, initial, out }) of complex numbers and halves", () => {
    np.memory.scope(() => {
      const x = np.ones([30, 300], { dtype: "float16" }),
        where = np.ones([30, 300], { dtype: "bool" }),
        out = np.zeros([30], { dtype: "complex128" });
      np.sum(x, 1, { where, initial: 5, out });
      expect(np.countNonzero(np.equal(out, 305))).toBe(30);
    });
  });
});

const names = [
  ...(["bool", "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64"] as const),
  ...(["float16", "float32", "float64", "complex64", "complex128"] as const),
];
