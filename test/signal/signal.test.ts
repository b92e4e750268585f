import { describe, expect, test } from "vitest";
import type { DType } from "../../src/index.js";
import * as np from "../../src/index.js";
import text from "../oracle/special.json?raw";
import { arrayOf, DTYPES, decode, fn, type Refusal } from "../support/oracle.js";

// NumPy's answers (scripts/oracle_special.py).

interface Answers {
  readonly floats: string;
  readonly sinc: Record<"float32" | "float64", string>;
  readonly i0: Record<"float32" | "float64", string>;
  readonly complexes: string;
  readonly sincOfComplex: string;
  readonly dtypes: Record<"sinc" | "i0", Record<DType, DType | null>>;
  readonly windows: Record<string, Record<string, string>>;
  readonly parts: Record<string, Record<DType, string | Refusal>>;
  readonly angles: Record<DType, Record<string, string>>;
}
const numpy = JSON.parse(text) as Answers;

const doubles = (base64: string): Float64Array => new Float64Array(decode(base64).buffer);
const of = (dtype: "float32" | "float64", base64: string): number[] =>
  Array.from(dtype === "float64" ? doubles(base64) : new Float32Array(decode(base64).buffer));

/** Equal, or as near as `ulps` units in the last place of the larger of the two. */
function near(got: ArrayLike<number>, expected: ArrayLike<number>, eps: number, ulps: number): void {
  expect(got.length).toBe(expected.length);
  const far = Array.from(got).flatMap((x, i) => {
    const y = expected[i];
    const close = Object.is(x, y) || Math.abs(x - y) <= ulps * eps * Math.max(Math.abs(x), Math.abs(y));
    return close ? [] : [`${i}: ${x}, not ${y}`];
  });
  expect(far).toEqual([]);
}

const floats = np.array(Array.from(doubles(numpy.floats)));

const functions = { sinc: np.sinc, i0: np.i0 };
describe.each(["sinc", "i0"] as const)("%s", (name) => {
  const call = functions[name];
  test.each(["float64", "float32"] as const)("of %s is NumPy's", (dtype) => {
    const got = call(floats.astype(dtype)),
      eps = np.finfo(dtype).eps;
    expect(got.dtype).toBe(dtype);
    near(np.toTypedArray(got) as Float64Array, of(dtype, numpy[name][dtype]), eps, 4);
  });

  test("of a view is that of its copy, and out takes it", () => {
    const wide = np.zeros([floats.size, 3]);
    wide.set(":, 1", floats);
    const view = wide.at("::-2, 1"),
      out = np.empty([view.size]);
    expect(call(view, { out })).toBe(out);
    expect(np.toTypedArray(out)).toEqual(np.toTypedArray(call(view.copy())));
  });

  test("has NumPy's dtype for each dtype", () => {
    for (const dtype of DTYPES) {
      const expected = numpy.dtypes[name][dtype];
      if (expected === null) expect(() => call(np.ones(3, { dtype }))).toThrow(np.DTypeError);
      else expect(call(np.ones(3, { dtype })).dtype).toBe(expected);
    }
  });
});

test("sinc of complex numbers is NumPy's", () => {
  const z = np.array(np.tolist(np.view(np.array(Array.from(doubles(numpy.complexes))), "complex128")) as np.Complex[]);
  near(np.toTypedArray(np.view(np.sinc(z), "float64")) as Float64Array, doubles(numpy.sincOfComplex), 2 ** -52, 8);
});

const windows = { bartlett: np.bartlett, blackman: np.blackman, hamming: np.hamming, hanning: np.hanning };
describe.each(["bartlett", "blackman", "hamming", "hanning"] as const)("%s", (name) => {
  test.each(Object.keys(numpy.windows[name]))("of %s samples is NumPy's, in its own bytes alone", (m) => {
    const before = np.memory.usage().live;
    const got = windows[name](Number(m));
    expect(np.memory.usage().live - before).toBe(got.nbytes);
    const expected = doubles(numpy.windows[name][m]);
    expect(got.size).toBe(expected.length);
    // Where a sum of cosines cancels, what is left is rounding.
    expect(np.allclose(got, Array.from(expected), { rtol: 1e-15, atol: 2e-16 })).toBe(true);
  });
});

test.each(Object.keys(numpy.windows.kaiser))("kaiser(%s) is NumPy's", (call) => {
  const [m, beta] = call.split(",").map(Number);
  near(np.toTypedArray(np.kaiser(m, beta)) as Float64Array, doubles(numpy.windows.kaiser[call]), 2 ** -52, 8);
});

test("a window refuses what is no whole number, and a beta that is none", () => {
  expect(() => np.hanning(2.5)).toThrow("hanning() takes an integer number of samples, not 2.5");
  expect(() => np.kaiser(3, "5" as never)).toThrow(np.ValueError);
});

describe.each(["iscomplex", "isreal", "isposinf", "isneginf"])("%s", (name) => {
  test.each(DTYPES)("of %s is NumPy's", (dtype) => {
    const answer = numpy.parts[name][dtype],
      values = /float|complex/.test(dtype) ? [0, 1, Infinity, -Infinity, NaN] : [0, 1, 1, 0, 1];
    const a = np.array(values, { dtype });
    if (typeof answer !== "string")
      expect(() => fn(name)(a)).toThrow(answer.message.replace(/(\w+) values/, `${dtype} values`));
    else
      expect(Array.from(np.toTypedArray(fn(name)(a) as np.NDArray<"bool">) as Uint8Array)).toEqual(
        Array.from(decode(answer)),
      );
  });
});

test.each(DTYPES)("angle of %s is NumPy's", (dtype) => {
  const values = dtype.startsWith("complex")
    ? [
        [1, 0],
        [-2, 0],
        [0, 0],
        [0, 1],
        [-1, -1],
        [3, -4],
      ].map(([re, im]) => ({ re, im }))
    : /bool|uint/.test(dtype)
      ? [1, 0, 1]
      : [1, -2, 0];
  for (const deg of [false, true]) {
    const got = np.angle(np.array(values, { dtype }), { deg });
    const expected = arrayOf(got.dtype, decode(numpy.angles[dtype][deg ? "True" : "False"]), got.shape);
    expect(np.allclose(got, expected, { rtol: 4 * np.finfo(got.dtype).eps, atol: 0 })).toBe(true);
  }
});

test("realIfClose gives the real parts where the imaginary ones are small", () => {
  const z = np.array([
    { re: 2.1, im: 4e-15 },
    { re: 5.2, im: -3e-15 },
  ]);
  const parts = np.realIfClose(z);
  expect(np.tolist(parts)).toEqual([2.1, 5.2]);
  expect(np.sharesMemory(parts, z)).toBe(true);
  expect(np.realIfClose(np.array([{ re: 1, im: 4e-13 }])).dtype).toBe("complex128");
  expect(np.realIfClose(np.array([{ re: 1, im: 4e-13 }]), { tol: 1e-12 }).dtype).toBe("float64");
  const real = np.ones(2);
  expect(np.realIfClose(real)).toBe(real);
});

test("pow, fix and bitwiseInvert are other names", () => {
  expect([np.pow, np.fix, np.bitwiseInvert]).toEqual([np.power, np.trunc, np.bitwiseNot]);
});
