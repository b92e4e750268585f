import type { NDArray } from "../array/ndarray.js";
import { Temporaries } from "../array/temporaries.js";
import { atMost } from "../base/arity.js";
import { ValueError } from "../base/errors.js";
import { shown } from "../base/shown.js";
import { empty, ones } from "../creating/creation.js";
import { arange } from "../creating/ranges.js";
import * as u from "../elementwise/ufuncs.js";
import { item } from "../indexing/indexing.js";
import { type Lazy, lazy } from "../operations/lazy.js";
import { i0 } from "./special.js";

// Windows: weights of M samples that fall off towards both ends. Each is an expression of the places 1 - M, 3 - M, …,
// M - 1, evaluated into their own array: a window takes its bytes once.

type Floats = Lazy<"float64">;

function windowOf(op: string, M: number, expression: (n: Floats, last: number) => Floats): NDArray<"float64"> {
  if (!Number.isInteger(M)) throw new ValueError(`${op}() takes an integer number of samples, not ${shown(M)}`);
  if (!(M >= 1)) return empty([0]);
  if (M === 1) return ones([1]);
  using work = new Temporaries(op);
  const places = work.use(arange(1 - M, M, 2));
  return work.release(expression(lazy(places), M - 1).evaluate({ out: places }));
}

// cos(k π n / (M - 1)), in NumPy's steps.
const wave = (n: Floats, last: number, k: number): Floats => u.cos(u.divide(u.multiply(n, k * Math.PI), last));

/** The triangle of Bartlett, 0 at both ends: M float64 weights. Returns a copy. */
export function bartlett(M: number): NDArray<"float64"> {
  atMost(1, arguments.length, "bartlett(M)");
  // 1 - |n| / (M - 1)
  return windowOf("bartlett", M, (n, last) => u.subtract(1, u.divide(u.fabs(n), last)));
}

/** The window of Blackman, three terms of cosines: M float64 weights. Returns a copy. */
export function blackman(M: number): NDArray<"float64"> {
  atMost(1, arguments.length, "blackman(M)");
  return windowOf("blackman", M, (n, last) =>
    u.add(u.add(u.multiply(wave(n, last, 1), 0.5), 0.42), u.multiply(wave(n, last, 2), 0.08)),
  );
}

/** The raised cosine of Hamming, 0.08 at both ends: M float64 weights. Returns a copy. */
export function hamming(M: number): NDArray<"float64"> {
  atMost(1, arguments.length, "hamming(M)");
  return windowOf("hamming", M, (n, last) => u.add(u.multiply(wave(n, last, 1), 0.46), 0.54));
}

/** The raised cosine of von Hann, 0 at both ends: M float64 weights. Returns a copy. */
export function hanning(M: number): NDArray<"float64"> {
  atMost(1, arguments.length, "hanning(M)");
  return windowOf("hanning", M, (n, last) => u.add(u.multiply(wave(n, last, 1), 0.5), 0.5));
}

/**
 * The window of Kaiser: M float64 weights, the steeper the larger `beta` (0 is a rectangle, 5 near Hamming's, 8.6 near
 * Blackman's). Returns a copy. Source: Kaiser and Schafer, On the use of the I0-sinh window, 1980.
 */
export function kaiser(M: number, beta: number): NDArray<"float64"> {
  atMost(2, arguments.length, "kaiser(M, beta)");
  if (typeof beta !== "number") throw new ValueError(`kaiser() takes a number as beta, not ${shown(beta)}`);
  using work = new Temporaries("kaiser");
  const scale = item(work.use(i0([beta])), 0);
  return windowOf("kaiser", M, (n, last) => {
    const fall = u.sqrt(u.subtract(1, u.square(u.divide(n, last))));
    return u.divide(i0(u.multiply(fall, beta)) as Floats, scale);
  });
}
