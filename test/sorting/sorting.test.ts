import { describe, expect, test } from "vitest";
import type { DType, NDArray } from "../../src/index.js";
import * as np from "../../src/index.js";
import text from "../oracle/sorting.json?raw";
import { Failures } from "../support/compare.js";
import { fill, layoutsOf, untouched } from "../support/layouts.js";
import { arrayOf, DTYPES, decode, itemsize, peek, pool } from "../support/oracle.js";

// NumPy's stable orders (scripts/oracle_sorting.py). A sort holds the elements in that order; where it need not be
// stable, elements that are equal may stand in another.

interface Ordered {
  readonly dtype: DType;
  readonly pool: string;
  readonly shape: readonly number[];
  readonly axis: number | null;
  readonly order: string;
}
interface Keyed {
  readonly keys: readonly (readonly [DType, string])[];
  readonly shape: readonly number[];
  readonly axis: number;
  readonly order: string;
}
interface Searched {
  readonly dtype: DType;
  readonly of: DType;
  readonly sorter: string;
  readonly left: string;
  readonly right: string;
}

const table = JSON.parse(text) as {
  readonly orders: readonly Ordered[];
  readonly keyed: readonly Keyed[];
  readonly searches: readonly Searched[];
};

const numbers = (base64: string): number[] => Array.from(new Uint16Array(decode(base64).buffer));
const sizeOf = (shape: readonly number[]): number => shape.reduce((a, b) => a * b, 1);
const title = (c: Ordered): string => `${c.dtype} ${c.pool} (${c.shape.join()}) axis ${c.axis}`;

/** The elements' own bytes. */
function elements(c: Ordered): Uint8Array {
  return pool(c.dtype, c.pool).slice(0, sizeOf(c.shape) * itemsize(c.dtype));
}

/** For each place of the result the element, counted in row-major order, that the indices of a lane put there. */
function sources(c: Ordered, indices: readonly number[]): number[] {
  if (c.axis === null) return [...indices];
  const inner = sizeOf(c.shape.slice(c.axis + 1)),
    n = c.shape[c.axis];
  return indices.map((index, i) => i + (index - (Math.floor(i / inner) % n)) * inner);
}

/** The elements in NumPy's stable order. */
function sorted(c: Ordered): Uint8Array {
  const from = elements(c),
    width = itemsize(c.dtype),
    to = new Uint8Array(from.length);
  sources(c, numbers(c.order)).forEach((source, i) => {
    to.set(from.subarray(source * width, (source + 1) * width), i * width);
  });
  return to;
}

/** What tells elements apart that are not equal: -0 is 0, NaN is NaN, of complex numbers with NaN only some parts count. */
function textsOf(c: Ordered, bytes: Uint8Array): string[] {
  const flat: NDArray = arrayOf(c.dtype, bytes, [bytes.length / itemsize(c.dtype)]);
  return (flat.tolist() as unknown[]).map((value) => {
    if (typeof value !== "object") return String(value);
    const { re, im } = value as np.Complex;
    return Number.isNaN(re) ? (Number.isNaN(im) ? "nan" : `nan ${im}`) : `${re} ${im}`;
  });
}

function indicesIn(c: Ordered, result: unknown, want: readonly number[]): string | null {
  const got = result as NDArray;
  if (got.dtype !== "int32") return `is ${got.dtype}`;
  const list = Array.from(new Int32Array(peek(got).buffer)),
    i = list.findIndex((index, k) => index !== want[k]);
  return i < 0 ? null : `${title(c)}: index ${list[i]} at ${i}, NumPy says ${want[i]}`;
}

const sameBytes = (a: Uint8Array, b: Uint8Array): boolean =>
  a.length === b.length && a.every((byte, i) => byte === b[i]);

const same = (a: readonly string[], b: readonly string[]): string | null => {
  const i = a.findIndex((value, k) => value !== b[k]);
  return i < 0 ? null : `${a[i]} at ${i}, not ${b[i]}`;
};

describe.each(DTYPES)("%s", (dtype) => {
  const rows = table.orders.filter((row) => row.dtype === dtype);

  test("argsort(a, axis) gives NumPy's stable order in every layout, whatever the kind", () => {
    const failures = new Failures();
    for (const c of rows) {
      const want = numbers(c.order);
      for (const layout of layoutsOf(c.shape)) {
        const a = fill(layout, dtype, elements(c));
        failures.add(`${title(c)} ${layout.name}`, indicesIn(c, np.argsort(a, c.axis), want));
        failures.add(`${title(c)} ${layout.name}`, indicesIn(c, a.argsort(c.axis, { kind: "quicksort" }), want));
      }
    }
    failures.none();
  });

  test("sort(a, axis, { stable: true }) gives the elements in NumPy's order, bit by bit", () => {
    const failures = new Failures();
    for (const c of rows) {
      const want = sorted(c);
      for (const layout of layoutsOf(c.shape)) {
        const a = fill(layout, dtype, elements(c)),
          result = np.sort(a, c.axis, { stable: true });
        expect(result.dtype).toBe(dtype);
        expect(result.shape).toEqual(c.axis === null ? [sizeOf(c.shape)] : c.shape);
        failures.add(`${title(c)} ${layout.name}`, sameBytes(peek(result), want) ? null : "other bytes");
        failures.add(`${title(c)} ${layout.name}`, sameBytes(peek(a), elements(c)) ? null : "was changed");
      }
    }
    failures.none();
  });

  test("sort(a, axis) and a.sort(axis) give the elements in NumPy's order, and write nothing beside them", () => {
    const failures = new Failures();
    for (const c of rows) {
      const want = textsOf(c, sorted(c));
      for (const layout of layoutsOf(c.shape)) {
        const a = fill(layout, dtype, elements(c));
        failures.add(`sort ${title(c)} ${layout.name}`, same(textsOf(c, peek(np.sort(a, c.axis))), want));
        if (c.axis === null) continue;
        a.sort(c.axis);
        failures.add(`a.sort ${title(c)} ${layout.name}`, same(textsOf(c, peek(a)), want));
        failures.add(`a.sort ${title(c)} ${layout.name}`, untouched(a));
      }
    }
    failures.none();
  });

  test("partition(a, kth, axis) and argpartition(a, kth, axis) put ranks where a sort does", () => {
    const failures = new Failures();
    for (const c of rows) {
      const n = c.axis === null ? sizeOf(c.shape) : c.shape[c.axis],
        ranks = [...new Set([0, n >> 1, n - 1, Math.floor(n / 3)])];
      for (const layout of layoutsOf(c.shape)) {
        for (const kth of layout.name === "contiguous" ? [ranks, [n >> 1]] : [ranks]) {
          const a = fill(layout, dtype, elements(c)),
            name = `${title(c)} ${layout.name} ${kth.join()}`;
          failures.add(`partition ${name}`, misplaced(c, peek(np.partition(a, kth, c.axis)), kth));
          const indices = np.argpartition(a, kth, c.axis);
          failures.add(`argpartition ${name}`, misplaced(c, taken(c, indices), kth));
          if (c.axis === null) continue;
          a.partition(kth, c.axis);
          failures.add(`a.partition ${name}`, misplaced(c, peek(a), kth));
          failures.add(`a.partition ${name}`, untouched(a));
        }
      }
    }
    failures.none();
  });
});

/** The elements that indices of lanes pick. */
function taken(c: Ordered, indices: NDArray<"int32">): Uint8Array {
  const list = Array.from(new Int32Array(peek(indices as unknown as NDArray).buffer));
  return sorted({ ...c, order: btoa(String.fromCharCode(...new Uint8Array(Uint16Array.from(list).buffer))) });
}

/** What is wrong with elements that are said to have ranks in their places. */
function misplaced(c: Ordered, bytes: Uint8Array, kth: readonly number[]): string | null {
  const rankOf = new Map<string, number>();
  const want = lanes(c, textsOf(c, sorted(c))),
    got = lanes(c, textsOf(c, bytes));
  for (let lane = 0; lane < want.length; lane++) {
    rankOf.clear();
    want[lane].forEach((value, i) => {
      if (!rankOf.has(value)) rankOf.set(value, i);
    });
    const ranks = got[lane].map((value) => rankOf.get(value) ?? -1);
    const lost = same([...got[lane]].sort(), [...want[lane]].sort());
    if (lost !== null) return `other elements: ${lost}`;
    for (const k of kth) {
      if (got[lane][k] !== want[lane][k]) return `${got[lane][k]} at rank ${k}, not ${want[lane][k]}`;
      if (ranks.some((rank, i) => (i < k ? rank > ranks[k] : rank < ranks[k]))) return `rank ${k} does not divide`;
    }
  }
  return null;
}

function lanes(c: Ordered, values: readonly string[]): string[][] {
  if (c.axis === null) return [[...values]];
  const inner = sizeOf(c.shape.slice(c.axis + 1)),
    n = c.shape[c.axis],
    made = Array.from({ length: values.length / n }, (): string[] => []);
  values.forEach((value, i) => {
    made[Math.floor(i / (inner * n)) * inner + (i % inner)].push(value);
  });
  return made;
}

test("lexsort(keys, axis) gives NumPy's order by several keys of any dtypes, in every layout", () => {
  const failures = new Failures();
  for (const c of table.keyed) {
    const want = numbers(c.order);
    for (const layout of layoutsOf(c.shape)) {
      const keys = c.keys.map(([dtype, name]) =>
        fill(layout, dtype, pool(dtype, name).slice(0, sizeOf(c.shape) * itemsize(dtype))),
      );
      const got = Array.from(new Int32Array(peek(np.lexsort(keys, c.axis) as unknown as NDArray).buffer));
      const i = got.findIndex((index, k) => index !== want[k]);
      failures.add(
        `${c.keys.join(" ")} axis ${c.axis} ${layout.name}`,
        i < 0 ? null : `${got[i]} at ${i}, not ${want[i]}`,
      );
    }
  }
  failures.none();
});

describe.each(["left", "right"] as const)("searchsorted(a, v, { side: %j })", (side) => {
  test("gives NumPy's places for values of every dtype in arrays of every dtype, with and without a sorter", () => {
    const failures = new Failures();
    for (const c of table.searches) {
      const width = itemsize(c.dtype),
        x = pool(c.dtype, "x"),
        order = numbers(c.sorter),
        some = new Uint8Array(order.length * width),
        inOrder = new Uint8Array(order.length * width);
      order.forEach((_, i) => {
        some.set(x.subarray(5 * i * width, (5 * i + 1) * width), i * width);
      });
      order.forEach((from, i) => {
        inOrder.set(some.subarray(from * width, (from + 1) * width), i * width);
      });
      const values = arrayOf(c.of, pool(c.of, "y").slice(0, 40 * itemsize(c.of)), [5, 8]),
        want = numbers(c[side]).join();
      for (const layout of layoutsOf([order.length])) {
        const a = fill(layout, c.dtype, inOrder);
        const ask = (name: string, result: np.NDArray<"int32">) => {
          failures.add(
            `${c.of} in ${c.dtype} ${layout.name} ${name}`,
            (result.ravel().tolist() as number[]).join() === want ? null : "differs",
          );
          expect(result.shape).toEqual([5, 8]);
        };
        ask("plain", np.searchsorted(a, values, { side }));
        ask("transposed", np.transpose(np.searchsorted(a, np.transpose(values), { side })));
        for (const i of [0, 13, 39]) {
          const value = values.item(Math.floor(i / 8), i % 8);
          failures.add(
            `${c.of} in ${c.dtype} ${layout.name} ${String(value)}`,
            np.searchsorted(a, value, { side }) === numbers(c[side])[i] ? null : "differs as a JavaScript value",
          );
        }
        ask("sorter", np.searchsorted(fill(layout, c.dtype, some), values, { side, sorter: order }));
      }
    }
    failures.none();
  });
});
