import type { Generator } from "./edgeCalls.js";
import {
  type Arg,
  array,
  arrayLike,
  besideShape,
  type Draw,
  DTYPES,
  dtypeOf,
  element,
  integer,
  number,
  ofArray,
  plain,
  REALS,
  scalar,
  shapeOf,
  tuple,
} from "./edgeValues.js";

// How functions that make arrays are called, and those that give an array as something else.

function shape(d: Draw): Arg {
  if (d.once(4)) return integer(d.of([0, 1, 3, -1, 5n]));
  return tuple(d.once(10) ? [2, -1] : shapeOf(d));
}
function dtypeOption(d: Draw): { options?: Record<string, Arg> } {
  return d.once(2) ? {} : { options: { dtype: plain(dtypeOf(d)) } };
}

const shaped =
  (f: string): Generator =>
  (d) => ({ f, args: [shape(d)], ...dtypeOption(d) });
const like =
  (f: string): Generator =>
  (d) => {
    const options: Record<string, Arg> = {};
    if (d.once(2)) options.dtype = plain(dtypeOf(d));
    if (d.once(2)) options.shape = shape(d);
    return { f, args: [arrayLike(d), ...(f === "full_like" ? [value(d)] : [])], options };
  };
// What fits into every dtype, mostly: C leaves the cast of large floats to integers open.
function value(d: Draw): Arg {
  if (d.once(5)) return integer(element(d, "int64") as bigint);
  return d.once(3) ? number(d.below(9), true) : arrayLike(d, REALS, besideShape(d, [3]), true);
}

// A bigint is Python's int, a number its float; arange counts ints in int64 and floats in float64, as NumPy does.
function end(d: Draw, whole: boolean): Arg {
  if (whole)
    return integer(
      d.of([
        BigInt(d.below(20)) - 10n,
        2n ** 53n + BigInt(d.below(9)),
        -(2n ** 63n) + BigInt(d.below(4)),
        2n ** 63n - BigInt(d.below(4)),
        2n ** 64n,
      ]),
    );
  return number(d.of([d.below(20) - 10, d.below(80) / 8 - 5, d.below(30) / 10, 0.1, -0.3, 1e10, NaN, Infinity, -0]));
}
function step(d: Draw, whole: boolean): Arg {
  if (whole) return integer(d.of([1n, 2n, -1n, -3n, 0n, 2n ** 62n, -(2n ** 62n), 2n ** 60n + 1n, 7n]));
  return number(d.of([1, 2, -1, 0.1, -0.25, 0.3, 0, 1e9, 3.5, NaN, Infinity, -2.5]));
}
const ABOUT = 1000;
function arange(d: Draw): ReturnType<Generator> {
  const whole = d.once(2),
    args = [end(d, whole)];
  if (!d.once(3)) args.push(d.once(2) ? end(d, whole) : near(d, args[0]));
  if (args.length === 2 && d.once(2)) args.push(step(d, whole));
  // Nothing that is long.
  const [from, to, by] =
    args.length === 1 ? [0, args[0].given, 1] : [args[0].given, args[1].given, args[2]?.given ?? 1];
  const n = (Number(to) - Number(from)) / Number(by);
  if (n > ABOUT && Number.isFinite(n)) return null;
  // NumPy's differences wrap around.
  if (typeof from === "bigint" && typeof to === "bigint" && BigInt.asIntN(64, to - from) !== to - from) return null;
  const options = d.once(3) ? { dtype: plain(dtypeOf(d)) } : undefined;
  return { f: "arange", args, ...(options && { options }) };
}
function near(d: Draw, { given }: Arg): Arg {
  if (typeof given === "bigint") return integer(given + BigInt(d.below(30)) - 10n);
  return number((given as number) + (d.below(60) - 20) / 4);
}

function linspace(d: Draw): ReturnType<Generator> {
  const ending = (): Arg =>
    d.once(5)
      ? scalar(d, false)
      : d.once(5)
        ? integer(element(d, "int64") as bigint)
        : number(d.of([0, 1, -1, 0.1, 10, -7.5, 5e-324, 1e300, -1e300, 1e308, NaN, Infinity, 3, d.below(99)]));
  const args = [ending(), ending()];
  if (!d.once(4)) args.push(integer(d.of([0, 1, 2, 3, 5, 50, 7, -1])));
  const options: Record<string, Arg> = {};
  if (args.length === 3 && d.once(2)) options.endpoint = plain(d.once(2));
  if (args.length === 3 && d.once(3)) options.dtype = plain(dtypeOf(d));
  return { f: "linspace", args, ...(args.length === 3 && { options }) };
}

/** Generators of calls. */
export const creating: Readonly<Record<string, Generator>> = {
  zeros: shaped("zeros"),
  ones: shaped("ones"),
  full: (d) => ({ f: "full", args: [shape(d), value(d)], options: { dtype: plain(dtypeOf(d)) } }),
  zerosLike: like("zeros_like"),
  onesLike: like("ones_like"),
  fullLike: like("full_like"),
  arange,
  linspace,
  eye: (d) => {
    const n = (): Arg => integer(d.of([0, 1, 2, 3, 4, -1])),
      args = d.once(2) ? [n()] : [n(), n()];
    if (args.length === 1) return { f: "eye", args };
    return { f: "eye", args, options: { k: integer(d.of([0, 1, -1, 2, -2, 9, -9])), dtype: plain(dtypeOf(d)) } };
  },
  identity: (d) => ({ f: "identity", args: [integer(d.of([0, 1, 3, -1]))], ...dtypeOption(d) }),
  array: (d) => ({ f: "array", args: [arrayLike(d)] }),
  asarray: (d) => ({ f: "asarray", args: [arrayLike(d)] }),
  copy: (d) => ({ f: "copy", args: [arrayLike(d)] }),
  ascontiguousarray: (d) => ({ f: "ascontiguousarray", args: [arrayLike(d)] }),
  astype: (d) => ({ f: "astype", args: [arrayLike(d), plain(dtypeOf(d))], ...casting(d) }),
  view: (d) => ({ f: "view", args: [ofArray(array(d, dtypeOf(d), shapeOf(d)).copy()), plain(dtypeOf(d, DTYPES))] }),
  item: (d) => {
    const shape = shapeOf(d),
      at = d.once(3) ? [] : d.once(3) ? [d.below(14) - 6] : shape.map((n) => d.below(2 * n + 1) - n);
    return { f: "item", args: [ofArray(array(d, dtypeOf(d), shape)), ...at.map((i) => integer(i))] };
  },
  tolist: (d) => ({ f: "tolist", args: [ofArray(array(d, dtypeOf(d), shapeOf(d)))] }),
  toTypedArray: (d) => {
    const dtype = dtypeOf(d, DTYPES.slice(0, 9));
    return { f: "toTypedArray", args: [ofArray(array(d, dtype, shapeOf(d)))] };
  },
  real: (d) => ({ f: "real", args: [arrayLike(d)] }),
  imag: (d) => ({ f: "imag", args: [arrayLike(d)] }),
};
function casting(d: Draw): { options?: Record<string, Arg> } {
  return d.once(2)
    ? {}
    : { options: { casting: plain(d.of(["no", "equiv", "safe", "same_kind", "unsafe", "same_value"])) } };
}
