import { beforeAll, describe, expect, test } from "vitest";
import type { KernelsOf } from "../../src/core/chapter.js";
import { seeded } from "../support/coreHeap.js";
import { type Core, freshCore } from "../support/coreInstance.js";
import {
  atComplexPoints,
  atParts,
  atPoints,
  bases,
  complexPoints,
  exponents,
  parts,
  points,
} from "../support/mathValues.js";

const [int16, float16, float32, float64, complex64, complex128] = [2, 9, 10, 11, 12, 13];
const size: Record<number, number> = { [float32]: 4, [float64]: 8, [complex64]: 8, [complex128]: 16 };

const X = 0x100000;
const Y = 0x140000;
const OUT = 0x180000;

let core: Core;
let memory: WebAssembly.Memory;

beforeAll(async () => {
  ({ exports: core, memory } = await freshCore(64));
  memory.grow(16);
});

/** Writes a box of one row, steps in bytes, and runs the kernel. */
function run(
  name: KernelsOf<Core>,
  dtype: number,
  count: number,
  [out, x, y]: number[],
  at = [OUT, X, Y],
  base = 0,
): void {
  const words = new Int32Array(memory.buffer, core.boxAddress() >>> 0, 14);
  words.set([1, count, at[0] as number, 0, out as number, at[1] as number, 0, x as number]);
  words.set([at[2] as number, 0, y as number, base], 8);
  core[name](dtype, words.byteOffset);
}

const reals = (dtype: number, at: number, count: number): Float32Array | Float64Array =>
  dtype === float32 || dtype === complex64
    ? new Float32Array(memory.buffer, at, count)
    : new Float64Array(memory.buffer, at, count);

/** The kernel over contiguous values; complex values are pairs. */
function map(name: KernelsOf<Core>, dtype: number, x: readonly number[], y: readonly number[] = []): number[] {
  const step = size[dtype] as number;
  const width = dtype >= complex64 ? 2 : 1;
  reals(dtype, X, x.length).set(x);
  reals(dtype, Y, y.length).set(y);
  run(name, dtype, x.length / width, [step, step, y.length === x.length ? step : 0]);
  return [...reals(dtype, OUT, x.length)];
}

const numbers = (text: string): number[] =>
  text.split(" ").map((word) => Number(word.replace("inf", "Infinity").replace("nan", "NaN")));

/** The distance in units of the last place of `want`; 0 for two NaN, infinite where a sign or an infinity differs. */
function ulps(got: number, want: number, digits = 52): number {
  if (Object.is(got, want)) return 0;
  if (!Number.isFinite(want) || got === want) return Number.POSITIVE_INFINITY;
  const exponent = Math.max(Math.floor(Math.log2(Math.abs(want))), digits === 52 ? -1022 : -126);
  return Math.abs(got - want) / 2 ** Math.max(exponent - digits, -1074);
}

/** Pairs compared as numbers of the plane: the error of both parts counts against the length. */
function expectNear(got: readonly number[], want: readonly number[], epsilons: number, epsilon: number): void {
  for (let i = 0; i < want.length; i += 2) {
    const [a, b, c, d] = [got[i], got[i + 1], want[i], want[i + 1]] as [number, number, number, number];
    expect(Math.hypot(a - c, b - d) / Math.hypot(c, d), `${a} ${b}`).toBeLessThan(epsilons * epsilon);
  }
}

const unary = Object.keys(atPoints) as KernelsOf<Core>[];
const complex = Object.keys(atComplexPoints) as KernelsOf<Core>[];

describe("real functions", () => {
  test.each(unary)(
    "%s(x) of float64 is within 2.4 units of the last place, zeros, infinities and NaN included",
    (name) => {
      const want = numbers(atPoints[name] as string);
      const got = map(name, float64, numbers(points));
      got.forEach((y, i) => {
        expect(ulps(y, want[i] as number), `${numbers(points)[i]} → ${y}, not ${want[i]}`).toBeLessThan(2.4);
      });
    },
  );

  test.each(unary)("%s(x) of float32 is within 2 units of the last place of what float64 gives", (name) => {
    const random = seeded(7);
    const x = Float32Array.from({ length: 4001 }, (_, i) => (random() - 0.5) * 2 ** ((i % 40) - 20));
    const wide = Float32Array.from(map(name, float64, [...x]));
    map(name, float32, [...x]).forEach((y, i) => {
      expect(ulps(y, wide[i] as number, 23), `${x[i]} → ${y}, not ${wide[i]}`).toBeLessThanOrEqual(2);
    });
  });

  const builtins = "cbrt exp expm1 log log2 log10 log1p sin cos tan sinh cosh tanh".split(" ");
  const inverses = "sin cos tan sinh cosh tanh".split(" ").map((name) => [`arc${name}`, `a${name}`]);
  const pairs = [...builtins.map((name) => [name, name]), ...inverses];
  test.each(pairs as [KernelsOf<Core>, keyof Math][])(
    "%s agrees with Math.%s to 4 units over many magnitudes",
    (name, builtin) => {
      const random = seeded(11);
      const x = Array.from({ length: 8000 }, (_, i) => (random() - 0.5) * 2 ** ((i % 60) - 40));
      const reference = Math[builtin] as (x: number) => number;
      map(name, float64, x).forEach((y, i) => {
        expect(ulps(y, reference(x[i] as number)), `${x[i]} → ${y}`).toBeLessThan(4);
      });
    },
  );

  test("sin and cos keep their digits near multiples of π/2 and far from zero", () => {
    const x = [Math.PI, 2 * Math.PI, 1000000 * Math.PI, 11, 22, 355, 4194303.9, 4194304.5, 1e8, 1e15, 2 ** 1000];
    const sines = map("sin", float64, x);
    const cosines = map("cos", float64, x);
    x.forEach((v, i) => {
      expect(ulps(sines[i] as number, Math.sin(v)), `sin ${v}`).toBeLessThan(3);
      expect(ulps(cosines[i] as number, Math.cos(v)), `cos ${v}`).toBeLessThan(3);
    });
  });

  const binary = ["arctan2", "hypot", "copysign", "nextafter", "logaddexp", "logaddexp2", "heaviside", "power"];
  test.each([...unary, ...binary] as KernelsOf<Core>[])(
    "%s gives the same bits contiguous, strided, repeated and in place",
    (name) => {
      const special = [0, -0, 1, -1, 1e-310, 1e30, 3e6, -7e6, Infinity, -Infinity, Number.NaN, 0.5, 2, 100, -100, 750];
      const x = Array.from({ length: 64 }, (_, i) => special[(i * 7) % 16] as number);
      const y = Array.from({ length: 64 }, (_, i) => special[(i * 5 + 3) % 16] as number);
      for (const dtype of [float32, float64]) {
        const step = size[dtype] as number;
        const want = map(name, dtype, x, y);
        for (let i = 0; i < 64; i++) {
          reals(dtype, X, 256)[3 * i] = x[i] as number;
          reals(dtype, Y, 256)[2 * i] = y[i] as number;
        }
        run(name, dtype, 64, [step, 3 * step, 2 * step]);
        expect([...reals(dtype, OUT, 64)]).toEqual(want);
        run(name, dtype, 64, [3 * step, 3 * step, 2 * step], [X, X, Y]);
        expect([...reals(dtype, X, 256)].filter((_, i) => i % 3 === 0 && i < 192)).toEqual(want);
        for (const [i, v] of special.entries()) {
          reals(dtype, X, 1)[0] = v;
          reals(dtype, Y, 1)[0] = y[i] as number;
          run(name, dtype, 33, [step, 0, 0]);
          const one = reals(dtype, OUT, 33);
          expect(one.every((w) => Object.is(w, one[0]))).toBe(true);
        }
      }
    },
  );

  test("rounding keeps the sign of zero and takes halves to the even neighbour", () => {
    const x = [-0, -0.5, 0.5, 1.5, 2.5, -1.5, -2.5, 2 ** 53, -Infinity, 1e300];
    expect(map("rint", float64, x)).toEqual([-0, -0, 0, 2, 2, -2, -2, 2 ** 53, -Infinity, 1e300]);
    expect(map("floor", float64, x)).toEqual([-0, -1, 0, 1, 2, -2, -3, 2 ** 53, -Infinity, 1e300]);
    expect(map("ceil", float64, x)).toEqual([-0, -0, 1, 2, 3, -1, -2, 2 ** 53, -Infinity, 1e300]);
    expect(map("trunc", float64, x)).toEqual([-0, -0, 0, 1, 2, -1, -2, 2 ** 53, -Infinity, 1e300]);
    expect(map("rint", complex64, [-0.5, 2.5, 1.5, -1.5])).toEqual([-0, 2, 2, -2]);
  });
});

describe("functions of two real numbers", () => {
  test("arctan2 knows the quadrants, the zeros and the infinities", () => {
    const y = [0, -0, 0, -0, 1, -1, Infinity, -Infinity, 1, Infinity, Number.NaN];
    const x = [1, 1, -1, -1, 0, -0, Infinity, -Infinity, -Infinity, 1, 1];
    expect(map("arctan2", float64, y, x)).toEqual(y.map((v, i) => Math.atan2(v, x[i] as number)));
    const random = seeded(3);
    const a = Array.from({ length: 4000 }, (_, i) => (random() - 0.5) * 2 ** (i % 30));
    const b = Array.from({ length: 4000 }, (_, i) => (random() - 0.5) * 2 ** ((i * 7) % 30));
    map("arctan2", float64, a, b).forEach((v, i) => {
      expect(ulps(v, Math.atan2(a[i] as number, b[i] as number))).toBeLessThan(3);
    });
  });

  test("hypot neither overflows nor underflows, and an infinite leg wins over NaN", () => {
    const x = [3 * 2 ** 1000, 3 * 2 ** -1060, Infinity, Number.NaN, Number.NaN, 3];
    const y = [4 * 2 ** 1000, 4 * 2 ** -1060, Number.NaN, -Infinity, 1, 4];
    expect(map("hypot", float64, x, y)).toEqual([5 * 2 ** 1000, 5 * 2 ** -1060, Infinity, Infinity, Number.NaN, 5]);
    expect(map("hypot", float32, [3e38, Infinity, 3e-44], [0, Number.NaN, 0])).toEqual(
      [3e38, Infinity, 3e-44].map(Math.fround),
    );
  });

  test("nextafter steps through zero, over binades and to infinity", () => {
    const x = [0, -0, 1, 1, Number.MAX_VALUE, -5e-324, Infinity, 1, Number.NaN, 2];
    const y = [1, -1, 2, 0, Infinity, 1, 0, 1, 1, Number.NaN];
    const want = [
      5e-324,
      -5e-324,
      1 + 2 ** -52,
      1 - 2 ** -53,
      Infinity,
      -0,
      Number.MAX_VALUE,
      1,
      Number.NaN,
      Number.NaN,
    ];
    expect(map("nextafter", float64, x, y)).toEqual(want);
    expect(map("nextafter", float32, [1, 0], [2, -1])).toEqual([1 + 2 ** -23, -(2 ** -149)]);
  });

  test("nextafter of float16 steps through the halves themselves", () => {
    const halves = (at: number) => new Uint16Array(memory.buffer, at, 6);
    halves(X).set([0x3c00, 0x3c00, 0x0000, 0x8001, 0x7bff, 0x7e00]);
    halves(Y).set([0x4000, 0xbc00, 0xbc00, 0x3c00, 0x7c00, 0x3c00]);
    run("nextafter", float16, 6, [2, 2, 2]);
    expect([...halves(OUT)]).toEqual([0x3c01, 0x3bff, 0x8001, 0x8000, 0x7c00, 0x7e00]);
  });

  test("logaddexp of infinities, of equal and of distant numbers", () => {
    const x = [0, -Infinity, Infinity, Infinity, 1000, -1000, Number.NaN];
    const y = [0, -Infinity, Infinity, -Infinity, 0, -1000, 1];
    const want = [Math.LN2, -Infinity, Infinity, Infinity, 1000, -1000 + Math.LN2, Number.NaN];
    expect(map("logaddexp", float64, x, y)).toEqual(want);
    expect(map("logaddexp2", float64, [3, 3, -Infinity], [3, 3.5, -Infinity])).toEqual([
      4,
      expect.closeTo(Math.log2(2 ** 3 + 2 ** 3.5), 14),
      -Infinity,
    ]);
  });

  test("heaviside is 0, 1, or at zero the second argument", () => {
    expect(map("heaviside", float64, [-1, 0, -0, 2, Number.NaN], [5, 5, 6, 5, 5])).toEqual([0, 5, 6, 1, Number.NaN]);
  });

  test("power(x, y) of floats follows C: 1 to any power and -1 to an infinite one are 1", () => {
    const x = [1, -1, 0, -0, -2, -2, 2, Infinity, Number.NaN, 4];
    const y = [Number.NaN, Infinity, -3, -3, 3, 0.5, -1074, -1, 0, 0.5];
    const want = [1, 1, Infinity, -Infinity, -8, Number.NaN, 5e-324, 0, 1, 2];
    expect(map("power", float64, x, y)).toEqual(want);
    expect(map("power", float32, x, y)).toEqual(want.map(Math.fround));
  });
});

describe("complex functions", () => {
  const grid = numbers(parts).flatMap((a) => numbers(parts).flatMap((b) => [a, b]));

  test.each(complex)("%s has NumPy's values at zeros, infinities and NaN, and at the branch cuts", (name) => {
    const want = numbers(atParts[name] as string);
    for (const dtype of [complex64, complex128]) {
      map(name, dtype, grid).forEach((v, i) => {
        const w = want[i] as number;
        const same = Object.is(v, w) || (v !== 0 && w !== 0 && Math.abs(v - w) <= 6e-6 * Math.abs(w));
        expect(same, `${grid.slice(i & ~1, (i | 1) + 1)} → part ${i & 1} is ${v}, not ${w}`).toBe(true);
      });
    }
  });

  test.each(complex)("%s is within 4 epsilons of its length elsewhere", (name) => {
    const want = numbers(atComplexPoints[name] as string);
    expectNear(map(name, complex128, numbers(complexPoints)), want, 4, 2 ** -52);
    const rounded = numbers(complexPoints).map(Math.fround);
    expectNear(map(name, complex64, rounded), map(name, complex128, rounded), 1, 2 ** -23);
  });

  test("power(x, y) has NumPy's values: 0 to the 0, whole, negative, broken and complex exponents", () => {
    const pairs = (text: string) => {
      const list = numbers(text);
      return Array.from({ length: list.length / 2 }, (_, i) => list.slice(2 * i, 2 * i + 2));
    };
    const x = pairs(bases).flatMap((base) => pairs(exponents).flatMap(() => base));
    const y = pairs(bases).flatMap(() => pairs(exponents).flat());
    const want = numbers(atParts.power as string);
    map("power", complex128, x, y).forEach((v, i) => {
      const w = want[i] as number;
      const near = Object.is(v, w) || Math.abs(v - w) <= 6e-6 * Math.max(Math.abs(w), 1e-9);
      expect(near, `${x.slice(i & ~1, (i | 1) + 1)} ** ${y.slice(i & ~1, (i | 1) + 1)} → ${v}, not ${w}`).toBe(true);
    });
  });

  test("strided complex operands give the same bits as contiguous ones", () => {
    const x = numbers(complexPoints);
    for (const name of complex) {
      const want = map(name, complex64, x);
      for (let i = 0; i < x.length; i += 2) reals(complex64, X, 64).set(x.slice(i, i + 2), 2 * i);
      run(name, complex64, x.length / 2, [24, 16, 0]);
      const got = [...reals(complex64, OUT, 64)].filter((_, i) => i % 6 < 2 && i < 3 * x.length);
      expect(got).toEqual(want);
    }
  });
});

describe("ramp", () => {
  const put = (dtype: number, start: number, step: number) => {
    reals(dtype, X, 1)[0] = start;
    reals(dtype, Y, 1)[0] = step;
  };

  test("float64 and float32 are start + i × step, rounded twice, whatever the stride", () => {
    for (const [dtype, round] of [
      [float64, (x: number) => x],
      [float32, Math.fround],
    ] as const) {
      put(dtype, 0.1, 0.3);
      const want = Array.from({ length: 37 }, (_, i) => round(round(0.1) + round(round(i + 5) * round(0.3))));
      for (const stride of [1, 3]) {
        run("ramp", dtype, 37, [stride * (size[dtype] as number), 0, 0], undefined, 5);
        expect([...reals(dtype, OUT, 37 * stride)].filter((_, i) => i % stride === 0)).toEqual(want);
      }
    }
  });

  test("float32 rounds an index beyond 2^24 to a float32 first", () => {
    put(float32, 0, 1);
    run("ramp", float32, 9, [4, 0, 0], undefined, 2 ** 24);
    expect([...reals(float32, OUT, 9)]).toEqual(Array.from({ length: 9 }, (_, i) => Math.fround(2 ** 24 + i)));
  });

  test("integers wrap", () => {
    const values = (at: number, count: number) => new Int16Array(memory.buffer, at, count);
    values(X, 1)[0] = 32000;
    values(Y, 1)[0] = -301;
    run("ramp", int16, 300, [2, 0, 0], undefined, 1000);
    const want = Int16Array.from({ length: 300 }, (_, i) => 32000 - 301 * (1000 + i));
    expect(values(OUT, 300)).toEqual(want);
  });
});

describe("nanToNum", () => {
  const replace = (dtype: number, x: number[], stride: number, inPlace: boolean): number[] => {
    const step = stride * (size[dtype] as number);
    const all = reals(dtype, X, x.length * stride);
    for (const [i, v] of x.entries()) all[i * stride] = v;
    reals(dtype, Y, 3).set([7, 1e30, -1e30]);
    const out = inPlace ? X : OUT;
    run("nanToNum", dtype, x.length, [step, step, 0], [out, X, Y]);
    return [...reals(dtype, out, x.length * stride)].filter((_, i) => i % stride === 0);
  };

  test("replaces NaN and infinities and nothing else, contiguous, strided and in place", () => {
    const special = [Number.NaN, Infinity, -Infinity, -0, 1.5, Number.NaN, 2, 3, -4, 5, 6, Infinity, 8];
    for (const dtype of [float32, float64]) {
      const round = dtype === float32 ? Math.fround : (x: number) => x;
      const want = special.map((v) => round(Number.isNaN(v) ? 7 : Math.abs(v) === Infinity ? Math.sign(v) * 1e30 : v));
      for (const stride of [1, 2]) {
        for (const inPlace of [false, true]) expect(replace(dtype, special, stride, inPlace)).toEqual(want);
      }
    }
  });
});
