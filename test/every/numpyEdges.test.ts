import { describe, expect, test } from "vitest";
import * as np from "../../src/index.js";

// Edges where this library once answered otherwise than NumPy 2.4.6.

const { memory } = np;
const list = (make: () => np.NDArray): unknown => memory.scope(() => make().tolist());
// The dtypes of what is made do not matter to the tests.
const any = (a: unknown): np.NDArray => a as np.NDArray;
const float64s = (x: np.NDArray): Float64Array => x.astype("float64").toTypedArray() as Float64Array;

/** Variance by the definition, in float64. */
function varianceOf(values: ArrayLike<number>, keep: (i: number) => boolean = () => true): number {
  const kept = Array.from(values).filter((_, i) => keep(i)),
    mean = kept.reduce((sum, value) => sum + value, 0) / kept.length;
  return kept.reduce((sum, value) => sum + (value - mean) ** 2, 0) / kept.length;
}

describe("issue 7.9: numbers at the edges of what they can be", () => {
  test("arange of bigints beyond 2^53 counts exactly", () => {
    expect(list(() => any(np.arange(2n ** 53n, 2n ** 53n + 4n)))).toEqual([0n, 1n, 2n, 3n].map((k) => 2n ** 53n + k));
    expect(list(() => any(np.arange(2n ** 62n + 1n, 2n ** 62n - 3n, -2n)))).toEqual([2n ** 62n + 1n, 2n ** 62n - 1n]);
  });

  test("sum(floats, axis, { dtype: 'int16' }) casts each element first, by rows and by columns alike", () => {
    memory.scope(() => {
      const x = np.full([40, 3], -1e9),
        sums = [0n, 0n, 0n].map(() => BigInt.asIntN(16, 40n * -32768n));
      expect(np.sum(x, 0, { dtype: "int16" }).tolist()).toEqual(sums.map(Number));
      expect(np.sum(x.T, 1, { dtype: "int16" }).tolist()).toEqual(sums.map(Number));
      expect(np.sum(np.full([3, 40], 300.7), 0, { dtype: "uint8" }).item(0)).toBe((255 * 3) % 256);
    });
  });

  test("linspace of integers floors, of complex ends has complex values, of a step below the least number is as NumPy's", () => {
    expect(list(() => any(np.linspace(-1, 1, 4, { dtype: "int32" })))).toEqual([-1, -1, 0, 1]);
    expect(list(() => any(np.linspace(0, { re: 1, im: -2 }, 3)))).toEqual([
      { re: 0, im: 0 },
      { re: 0.5, im: -1 },
      { re: 1, im: -2 },
    ]);
    expect(list(() => any(np.linspace(0, 5e-324, 4)))).toEqual([0, 0, 5e-324, 5e-324]);
    expect(list(() => any(np.linspace(-5e-324, 5e-324, 5)))).toEqual([-5e-324, -5e-324, 0, 5e-324, 5e-324]);
    expect(list(() => any(np.linspace(0, 1e-323, 5, { endpoint: false })))).toEqual([0, 0, 5e-324, 5e-324, 1e-323]);
    expect(list(() => any(np.linspace(0, Number.POSITIVE_INFINITY, 1)))).toEqual([Number.NaN]);
  });

  test("min(uint8, { initial: 300 }) and max(…, { initial: -1 }) are refused", () => {
    memory.scope(() => {
      const x = np.array([1, 2], { dtype: "uint8" });
      expect(() => np.max(x, null, { initial: 300 })).toThrow(np.OverflowError);
      expect(() => np.min(x, null, { initial: -1 })).toThrow(np.OverflowError);
    });
  });

  test("var and std with where of too few elements are NaN", () => {
    memory.scope(() => {
      const x = np.array([1, 2, 3]);
      expect(np.var(x, null, { where: np.array([false, false, false]) })).toBeNaN();
      expect(np.std(x, null, { where: np.array([true, false, false]), ddof: 1 })).toBeNaN();
      expect(np.var(x, null, { where: np.array([true, false, true]) })).toBe(1);
      expect(np.var(np.zeros(0))).toBeNaN();
    });
  });

  test("var(float32) with a mean of 10^6 is right to 10^-5: whole, by rows, by columns, of views, with where", () => {
    memory.scope(() => {
      const rng = np.random.defaultRng(7);
      const wide = np.add(rng.standardNormal([40, 3000]), 1e6).astype("float32"),
        tall = wide.T.copy();
      const close = (got: number, due: number): void => expect(Math.abs(got / due - 1)).toBeLessThan(1e-5);
      close(np.var(wide) as number, varianceOf(float64s(any(wide))));
      for (const [a, axis] of [
        [wide, 1],
        [tall, 0],
        [wide.at(":, ::-1"), 1],
        [tall.T, 1],
      ] as const) {
        const got = float64s(any(np.var(any(a), axis)));
        for (let row = 0; row < 40; row++) close(got[row], varianceOf(float64s(any(wide.at(row)))));
      }
      const mask = np.equal(np.remainder(np.arange(3000), 3), 0),
        masked = float64s(any(np.var(wide, 1, { where: mask })));
      for (let row = 0; row < 40; row++)
        close(
          masked[row],
          varianceOf(float64s(any(wide.at(row))), (i) => i % 3 === 0),
        );
    });
  });

  test("mean(float32) of a large mean is as near as pairwise sums are (four units of the last place), mean(float16) is summed in float32", () => {
    memory.scope(() => {
      const x = np.add(np.random.defaultRng(3).random([1000, 100]), 1e6).astype("float32"),
        due = float64s(any(x)).reduce((sum, value) => sum + value, 0) / x.size;
      expect(Math.abs((np.mean(x) as number) - due)).toBeLessThanOrEqual(4 * 0.0625);
      expect(np.mean(np.full(5000, 60_000, { dtype: "float16" }))).toBe(60_000);
    });
  });
});

describe("issue 7.10: as NumPy 2.4", () => {
  test("clip takes bounds beyond the dtype, none at all, and { min, max }", () => {
    memory.scope(() => {
      const x = np.array([0, 100, 255], { dtype: "uint8" });
      expect(np.clip(x, 0, 4550).tolist()).toEqual([0, 100, 255]);
      expect(np.clip(x, -5, 100).tolist()).toEqual([0, 100, 100]);
      expect(np.clip(x, null, null).tolist()).toEqual([0, 100, 255]);
      expect(np.clip(x, { min: 50, max: 200 }).tolist()).toEqual([50, 100, 200]);
      expect(np.clip(x, 50, null).dtype).toBe("uint8");
    });
  });

  test("canCast(array, dtype) asks for the array's dtype", () => {
    memory.scope(() => {
      expect(np.canCast(np.array([1], { dtype: "int8" }), "int16")).toBe(true);
      expect(np.canCast(np.array([1]), "float32")).toBe(false);
    });
  });

  test("power of an empty integer array to a negative exponent is refused as of any other", () => {
    memory.scope(() => {
      expect(() => np.power(np.array([2], { dtype: "int32" }), -1)).toThrow("negative integer powers");
      expect(np.power(np.zeros(0, { dtype: "int32" }), 2).dtype).toBe("int32");
    });
  });

  test("round(bools) is float16, and rounds to the dtype's own decimals elsewhere", () => {
    memory.scope(() => {
      expect([np.round([true, false]).dtype, np.round([true, false]).tolist()]).toEqual(["float16", [1, 0]]);
      expect(np.round(np.array([15, 25, -15], { dtype: "int16" }), -1).tolist()).toEqual([20, 20, -20]);
      expect(np.round(np.array([5, 127], { dtype: "int8" }), 400).tolist()).toEqual([5, 127]);
      expect(np.round([125], -400).tolist()).toEqual([Number.NaN]);
    });
  });

  test("finfo and iinfo take arrays, and have NumPy's fields", () => {
    memory.scope(() => {
      expect(np.iinfo(np.zeros(1, { dtype: "int8" }))).toMatchObject({ bits: 8, min: -128n, max: 127n });
      expect(np.finfo(np.zeros(1, { dtype: "float32" }))).toMatchObject({
        bits: 32,
        eps: 2 ** -23,
        nmant: 23,
        precision: 6,
      });
      expect(np.finfo("float64")).toMatchObject({ tiny: 2 ** -1022, maxexp: 1024, minexp: -1022, resolution: 1e-15 });
    });
  });

  test("logaddexp is exact where the result cancels", () => {
    expect(list(() => any(np.logaddexp(-0.69, -0.6963)))).toBe(2.14180174062939e-6);
    expect(list(() => any(np.logaddexp2(-1, -1)))).toBe(0);
  });
});

describe("issue 7.10: nothing to compute", () => {
  const empty = (dtype: np.DType, shape: number[] = [0]): np.NDArray => any(np.zeros(shape, { dtype }));

  test("power of no integers to a negative power is no integers; of one it is an error", () => {
    memory.scope(() => {
      const told = (a: np.NDArray): unknown[] => [a.dtype, a.shape];
      expect(told(np.power(empty("int32"), -1))).toEqual(["int32", [0]]);
      expect(told(np.power(empty("int16", [0, 3]), np.array([-1, 2, 3], { dtype: "int16" })))).toEqual([
        "int16",
        [0, 3],
      ]);
      expect(told(np.power(empty("uint8"), empty("int8")))).toEqual(["int16", [0]]);
      expect(told(np.power(np.array([2], { dtype: "int32" }), empty("int32")))).toEqual(["int32", [0]]);
      expect(told(np.power(2, empty("int32")))).toEqual(["int32", [0]]);
      expect(() => np.power(np.array([2], { dtype: "int32" }), -1)).toThrow(
        "Integers to negative integer powers are not allowed.",
      );
      expect(() => np.power(empty("uint32"), -1)).toThrow(np.OverflowError);
    });
  });

  test.each(["raise", "clip", "wrap"] as const)(
    "take(…, { mode: %j }) from an empty axis, where another is empty",
    (mode) => {
      memory.scope(() => {
        const out = np.zeros([0, 3, 2]);
        expect(np.take(np.zeros([0, 3, 0]), [53, 1], 2, { mode }).shape).toEqual([0, 3, 2]);
        expect(np.take(np.zeros([0, 3, 0]), [53, 1], 2, { mode, out })).toBe(out);
        expect(() => np.take(np.zeros([3, 0]), [5], 1, { mode })).toThrow(np.IndexError);
      });
    },
  );

  test("place(bools, mask, int64) is refused, as NumPy refuses it; lists are assigned", () => {
    memory.scope(() => {
      const bools = np.zeros(3, { dtype: "bool" }),
        mask = np.array([true, false, true]);
      expect(() => np.place(bools, mask, np.array([2], { dtype: "int64" }))).toThrow(
        "Cannot cast array data from dtype('int64') to dtype('bool') according to the rule 'safe'",
      );
      np.place(bools, mask, [1]);
      expect(bools.tolist()).toEqual([true, false, true]);
    });
  });

  test("take([3, 0], [5], 0) is out of range, though there is nothing to take", () => {
    expect(() => np.take(np.zeros([3, 0]), [5], 0)).toThrow("index 5 is out of bounds for axis 0 with size 3");
  });
});

describe("issue 7.12: dtype and casting are heard by all operands", () => {
  const i8 = (): np.NDArray => any(np.array([1, 2], { dtype: "int8" }));
  test.each<[string, () => unknown, string]>([
    [
      "add(int8, 2.5, { casting: 'no' })",
      () => np.add(i8(), 2.5, { casting: "no" }),
      "from dtype('int8') to dtype('float64')",
    ],
    [
      "signbit(int8, { casting: 'equiv' })",
      () => np.signbit(i8(), { casting: "equiv" }),
      "from dtype('int8') to dtype('float16')",
    ],
    [
      "add(int8, 2.5, { dtype: 'int8' })",
      () => np.add(i8(), 2.5, { dtype: "int8" }),
      "input 1 from dtype('float64') to dtype('int8')",
    ],
    [
      "bitwiseAnd(5, bools, { dtype: 'bool' })",
      () => np.bitwiseAnd(5, [true], { dtype: "bool" }),
      "input 0 from dtype('int64') to dtype('bool')",
    ],
  ])("%s is refused", (_, call, words) => {
    memory.scope(() => {
      expect(call).toThrow(np.DTypeError);
      expect(call).toThrow(words);
    });
  });

  test("{ casting: 'no' } allows what is cast nowhere", () => {
    memory.scope(() => {
      expect(np.add(i8(), 2, { casting: "no" }).tolist()).toEqual([3, 4]);
      expect(np.isnan(i8(), { casting: "no" }).tolist()).toEqual([false, false]);
      expect(np.logicalAnd(i8(), np.zeros(2), { casting: "no" }).tolist()).toEqual([false, false]);
      expect(np.add(2, 3, { dtype: "int32" }).tolist()).toBe(5);
    });
  });
});

describe("issue 7.23: closeness", () => {
  const { NaN: NAN, POSITIVE_INFINITY: INF } = Number;

  test("isclose is not symmetric, knows infinities, and NaN if asked", () => {
    memory.scope(() => {
      expect(np.isclose([1e10, 1e-7], [1.00001e10, 1e-8]).tolist()).toEqual([true, false]);
      expect(np.isclose([INF, -INF, INF, 1], [INF, INF, 1, INF]).tolist()).toEqual([true, false, false, false]);
      expect(np.isclose([1, NAN], [1, NAN]).tolist()).toEqual([true, false]);
      expect(np.isclose([1, NAN], [1, NAN], { equalNan: true }).tolist()).toEqual([true, true]);
      expect(np.isclose([[1], [2]], [1, 2]).tolist()).toEqual([
        [true, false],
        [false, true],
      ]);
    });
  });

  test.each([
    "bool",
    "int8",
    "uint8",
    "int64",
    "uint64",
    "float16",
    "float32",
    "float64",
    "complex64",
    "complex128",
  ] as const)("allclose, arrayEqual and arrayEquiv of %s", (dtype) => {
    memory.scope(() => {
      const a = np.ones(3, { dtype }),
        b = np.ones([2, 3], { dtype }),
        c = np.zeros(3, { dtype });
      expect([np.allclose(a, b), np.arrayEqual(a, b), np.arrayEquiv(a, b)]).toEqual([true, false, true]);
      expect([np.allclose(a, c), np.arrayEqual(a, a.copy()), np.arrayEquiv(a, c)]).toEqual([false, true, false]);
      expect([np.arrayEquiv(a, np.ones(2)), np.allclose(np.zeros(0, { dtype }), np.zeros(0))]).toEqual([false, true]);
    });
  });

  test("arrayEqual(…, { equalNan }) takes NaN for NaN", () => {
    expect([np.arrayEqual([NAN], [NAN]), np.arrayEqual([NAN], [NAN], { equalNan: true })]).toEqual([false, true]);
    expect(np.arrayEqual([2n ** 53n], [2n ** 53n + 1n])).toBe(false);
  });
});

describe("issue 7.28: sums of bools, and length", () => {
  test("sum(bools) over all axes is a number, along one int64", () => {
    memory.scope(() => {
      const mask = np.array([
        [true, false],
        [true, true],
      ]);
      expect(mask.sum() / mask.size).toBe(0.75);
      expect(np.sum(mask, 0).tolist()).toEqual([2n, 1n]);
      expect(np.sum(mask, null, { dtype: "int64" })).toBe(3n);
      expect([mask.length, np.zeros([0, 5]).length]).toEqual([2, 0]);
      expect(() => np.array(1).length).toThrow(np.NDArrayError);
    });
  });
});

describe("issue 7.9, 7.10: found by npm run fuzz -- --only edges", () => {
  test("min and max compute in the dtype of `out`, as sums do", () => {
    memory.scope(() => {
      const x = np.array([7, 1, 2], "uint16"),
        out = np.zeros([]);
      np.min(x, null, { initial: 0.25, out });
      expect(out.item()).toBe(0.25);
      const wrapped = np.zeros([], "uint8");
      np.max(np.array([300, 5], "int16"), null, { out: wrapped });
      expect(wrapped.item()).toBe(44);
    });
  });

  test("arange of bigints into floats steps by an exact second value", () => {
    using a = np.arange(9007199254740997n, 9007199254741000n, { dtype: "float64" });
    expect(a.tolist()).toEqual([9007199254740996, 9007199254740998, 9007199254741000]);
  });

  test("tile repeats an axis without elements any number of times", () => {
    memory.scope(() => {
      expect(np.tile(np.zeros([3, 0]), -1).shape).toEqual([3, 0]);
      expect(np.tile(np.zeros([0, 3]), [-1, 1]).shape).toEqual([0, 3]);
      expect(() => np.tile(np.zeros([3]), -1)).toThrow("negative dimensions are not allowed");
      expect(() => np.tile(np.zeros([0, 3]), -1)).toThrow("negative dimensions are not allowed");
    });
  });
});
