import { describe, expect, test } from "vitest";
import { byCode, type Descr, dtypes } from "../../src/base/dtype.js";
import {
  additions,
  exactly,
  exactSum,
  factorsOf,
  folds,
  type Item,
  itemsOf,
  OUT,
  productIsNear,
  resultOf,
  same,
  sumIsNear,
  unit,
  wrapped,
  X,
  Y,
} from "../support/folds.js";

const COUNTS = [...Array.from({ length: 70 }, (_, i) => i + 1), 511, 512, 513, 5000];
const LAYOUTS = [
  ["contiguous", 1],
  ["every third", 3],
  ["reversed", -1],
] as const;

// float16 is reduced as float32.
const ALL = byCode.filter(({ name }) => name !== "float16");
const FLOATS = ALL.filter(({ kind }) => kind === "f");
const INEXACT = ALL.filter(({ kind }) => kind === "f" || kind === "c");

const { view, call, run, read, write } = await folds();

describe.each(LAYOUTS)("folds of a row, %s", (_, step) => {
  const near = step < 0 ? X + 8 : X;

  test.each(ALL)("choose and count $name as a plain loop does", (descr) => {
    const items = itemsOf(descr, 5000);
    write(descr, near, items, step);
    for (const name of ["min", "max", "argmin", "argmax", "countNonzero"] as const) {
      const wrong = COUNTS.filter((cols) => {
        return !same(run(name, descr, { cols, step, x: near })[0]!, exactly(name, items.slice(0, cols)));
      });
      expect({ name, wrong }).toEqual({ name, wrong: [] });
    }
  });

  test.each(ALL)("sum and prod of $name are exact for integers, within the pairwise bound for floats", (descr) => {
    const exact = "biu".includes(descr.kind);
    const wrong = { sum: [] as number[], prod: [] as number[] };
    for (const name of ["sum", "prod"] as const) {
      const items = name === "sum" ? itemsOf(descr, 5000) : factorsOf(descr, 5000);
      const join = name === "sum" ? (x: bigint, y: bigint) => x + y : (x: bigint, y: bigint) => x * y;
      const isNear = name === "sum" ? sumIsNear : productIsNear;
      write(descr, near, items, step);
      for (const cols of COUNTS) {
        const [result] = run(name, descr, { cols, step, x: near });
        const row = items.slice(0, cols);
        if (exact ? result !== wrapped(descr, join, row) : !isNear(result!, row, descr)) wrong[name].push(cols);
      }
    }
    expect(wrong).toEqual({ sum: [], prod: [] });
  });

  test.each(FLOATS)("squaredDeviations of $name stays within the pairwise bound", (descr) => {
    const items = itemsOf(descr, 5000) as number[];
    const mean = Math.fround(17.3);
    write(descr, near, items, step);
    write(descr, Y, [mean]);
    const wrong = COUNTS.filter((cols) => {
      const { total } = exactSum(items.slice(0, cols).map((item) => (item - mean) ** 2));
      const [result] = run("squaredDeviations", descr, { cols, step, x: near });
      return Math.abs((result as number) - total) > (additions(descr) + 3) * unit(descr) * total;
    });
    expect(wrong.slice(0, 5)).toEqual([]);
  });
});

describe("NaN", () => {
  const nans = (descr: Descr): Item[] => {
    if (descr.kind === "f") return [Number.NaN];
    return [
      { re: Number.NaN, im: 2 },
      { re: 3, im: Number.NaN },
    ];
  };

  test.each(INEXACT)("wins in $name wherever it stands, and the first of two", (descr) => {
    const wrong: unknown[] = [];
    for (const cols of [1, 2, 3, 4, 7, 8, 9, 15, 17, 33, 70, 513, 2500]) {
      const places = [0, 1, cols >> 1, cols - 2, cols - 1].filter((place) => place >= 0 && place < cols);
      for (const place of places) {
        for (const nan of nans(descr)) {
          const items = itemsOf(descr, cols);
          items[place] = items[(place + cols) >> 1] = nan;
          for (const step of [1, 2, -1]) {
            write(descr, X, items, step);
            for (const name of ["min", "max", "argmin", "argmax", "countNonzero"] as const) {
              const [result] = run(name, descr, { cols, step });
              if (!same(result!, exactly(name, items))) wrong.push({ name, cols, place, step, result });
            }
          }
        }
      }
    }
    expect(wrong.slice(0, 5)).toEqual([]);
  });

  test.each(INEXACT)("is not made of infinities in $name", (descr) => {
    const infinite = (sign: number): Item => (descr.kind === "f" ? sign / 0 : { re: sign / 0, im: sign / 0 });
    const items = Array.from({ length: 100 }, (_, i) => infinite(i % 2 ? 1 : -1));
    write(descr, X, items);
    expect(run("max", descr, { cols: 100 })).toEqual([infinite(1)]);
    expect(run("min", descr, { cols: 100 })).toEqual([infinite(-1)]);
    expect(run("argmax", descr, { cols: 100 })).toEqual([1n]);
  });
});

describe("rows", () => {
  const names = ["sum", "prod", "min", "max", "argmin", "argmax", "countNonzero"] as const;

  test.each(ALL)("of $name give what each gives alone, with pitches and backwards", (descr) => {
    write(descr, X, itemsOf(descr, 2000));
    const wrong: unknown[] = [];
    for (const cols of [1, 2, 3, 5, 7, 8, 9, 16, 17, 40]) {
      for (const [row, step] of [
        [cols, 1],
        [cols + 3, 1],
        [-cols, 1],
        [1, 7],
        [2 * cols, -2],
        [0, 1],
      ] as const) {
        for (const name of names) {
          const first = X + 1000 * descr.itemsize;
          const outRow = resultOf(name, descr).itemsize;
          const together = run(name, descr, { cols, rows: 7, row, step, x: first, outRow });
          const alone = together.map(
            (_, r) => run(name, descr, { cols, step, x: first + r * row * descr.itemsize })[0]!,
          );
          if (!together.every((result, r) => same(result, alone[r]!))) wrong.push({ name, cols, row, step });
        }
      }
    }
    expect(wrong.slice(0, 5)).toEqual([]);
  });

  test.each(ALL)("of $name write nothing past their results", (descr) => {
    for (const name of names) {
      new Uint8Array(view.buffer, OUT, 256).fill(0xa5);
      const size = resultOf(name, descr).itemsize;
      run(name, descr, { cols: 33, rows: 3, row: 33, outRow: size });
      expect(new Uint8Array(view.buffer, OUT + 3 * size, 64)).toEqual(new Uint8Array(64).fill(0xa5));
    }
  });

  test.each(FLOATS)("squaredDeviations of $name takes a mean from each row", (descr) => {
    write(descr, X, [1, 2, 3, 10, 20, 30]);
    write(descr, Y, [2, 0, 20], 1);
    expect(run("squaredDeviations", descr, { cols: 3, rows: 2, row: 3, yRow: 2 })).toEqual([2, 200]);
  });

  test.each(ALL)("of $name that repeat one element", (descr) => {
    const item: Item = descr.kind === "c" ? { re: 3, im: 0 } : descr.kind === "f" ? 3 : 1n;
    const times = (n: number): Item =>
      typeof item === "object" ? { re: 3 * n, im: 0 } : descr.kind === "f" ? 3 * n : BigInt(n);
    write(descr, X, [item]);
    expect(run("sum", descr, { cols: 1000, step: 0 })).toEqual([times(1000)]);
    expect(run("max", descr, { cols: 1000, step: 0 })).toEqual([item]);
    expect(run("argmin", descr, { cols: 1000, step: 0 })).toEqual([0n]);
    expect(run("countNonzero", descr, { cols: 1000, step: 0 })).toEqual([1000n]);
  });
});

describe("sum", () => {
  test.each(INEXACT)("of a strided row of $name has the bits of its contiguous copy", (descr) => {
    const items = itemsOf(descr, 3000, 5);
    write(descr, X, items);
    write(descr, X + 0x80000, items, -2);
    for (const cols of [5, 8, 77, 1000, 3000]) {
      expect(run("sum", descr, { cols, x: X + 0x80000, step: -2 })).toEqual(run("sum", descr, { cols }));
    }
  });

  test("of 65,536 float32 tenths is within the bound that adding in order misses", () => {
    const items = new Array<number>(65536).fill(Math.fround(0.1));
    write(dtypes.float32, X, items);
    expect(sumIsNear(run("sum", dtypes.float32, { cols: 65536 })[0]!, items, dtypes.float32)).toBe(true);
    expect(
      sumIsNear(
        items.reduce((total, x) => Math.fround(total + x)),
        items,
        dtypes.float32,
      ),
    ).toBe(false);
  });

  test.each(ALL.filter(({ kind, itemsize }) => "iu".includes(kind) && itemsize < 8))(
    "of 65,536 extremes of $name does not overflow",
    (descr) => {
      const bits = BigInt(8 * descr.itemsize);
      const extremes = descr.kind === "u" ? [(1n << bits) - 1n] : [-(1n << (bits - 1n)), (1n << (bits - 1n)) - 1n];
      for (const extreme of extremes) {
        write(descr, X, new Array<bigint>(65536).fill(extreme));
        expect(run("sum", descr, { cols: 65536 })).toEqual([extreme * 65536n]);
      }
    },
  );
});

describe("argmax and argmin", () => {
  test.each(ALL.filter(({ kind }) => kind !== "b" && kind !== "c"))(
    "of $name find the first of equals far apart",
    (descr) => {
      const item = (x: number): Item => (descr.kind === "f" ? x : BigInt(x));
      for (const place of [0, 63, 1023, 1024, 2047, 2999]) {
        const items = new Array<Item>(3000).fill(item(5));
        items[place] = items[2999] = item(9);
        write(descr, X, items);
        expect(run("argmax", descr, { cols: 3000 })).toEqual([BigInt(place)]);
        items[place] = items[2999] = item(1);
        write(descr, X, items, -1);
        expect(run("argmin", descr, { cols: 3000, step: -1 })).toEqual([BigInt(place)]);
      }
    },
  );
});

describe("accumulateSquares", () => {
  test.each(FLOATS)("adds (y - z)² of $name to x, also row upon row into one", (descr) => {
    const round = descr.itemsize === 4 ? Math.fround : (x: number) => x;
    const size = descr.itemsize;
    for (const cols of [1, 2, 3, 4, 5, 17, 100]) {
      for (const [yStep, zStep] of [
        [1, 1],
        [2, 1],
        [-1, 0],
        [1, 0],
      ] as const) {
        const [x, y, z] = [3, 4, 5].map((seed) => itemsOf(descr, 2 * cols, seed) as number[]);
        write(descr, OUT, x!);
        write(descr, X, y!, yStep);
        write(descr, Y, z!, zStep === 0 ? 0 : 1);
        const mean = (c: number) => (zStep === 0 ? z!.at(-1)! : z![c]!);
        const yRow = cols * yStep * size;
        call("accumulateSquares", descr, [
          2,
          cols,
          OUT,
          0,
          size,
          OUT,
          0,
          size,
          X,
          yRow,
          yStep * size,
          Y,
          0,
          zStep * size,
        ]);
        const square = (r: number, c: number) => round(round(y![r * cols + c]! - mean(c)) ** 2);
        const expected = Array.from({ length: cols }, (_, c) => round(round(x![c]! + square(0, c)) + square(1, c)));
        expect(Array.from({ length: cols }, (_, c) => read(descr, OUT + c * size))).toEqual(expected);
      }
    }
  });
});
