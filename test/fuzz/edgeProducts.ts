import * as np from "nbytes";
import {
  type Arg,
  arrayLike,
  axis,
  type Call,
  type Draw,
  DTYPES,
  dtypeOf,
  integer,
  plain,
  shapeOf,
  tuple,
} from "./edgeValues.js";

// Products of vectors and matrices, of small whole numbers: their sums are exact in every dtype.

type Generator = (d: Draw) => Call | null;

const OUTER: readonly (readonly number[])[] = [[], [], [], [1], [2], [3, 1], [2, 1], [0]];
const LENGTHS = [0, 1, 2, 3, 5];

/** A call with core axes of these letters; at times a length or a whole shape is another. */
function product(f: string, letters: readonly [string, string]): Generator {
  return (d) => {
    const lengths: Record<string, number> = { n: d.of(LENGTHS), k: d.of(LENGTHS), m: d.of(LENGTHS) };
    const args = letters.map((core) => {
      const axes = f === "matmul" && d.once(4) ? ["k"] : [...core];
      const own = [...d.of(OUTER), ...axes.map((letter) => (d.once(25) ? d.of(LENGTHS) : lengths[letter]))];
      return arrayLike(d, DTYPES, d.once(15) ? shapeOf(d) : own, true);
    });
    const options: Record<string, Arg> = {};
    if (d.once(5)) options.dtype = plain(dtypeOf(d));
    if (d.once(6)) options.casting = plain(d.of(["no", "equiv", "safe", "same_kind", "unsafe"]));
    if (d.once(f === "vecdot" ? 3 : 20)) options.axis = axis(d, 2, false);
    if (d.once(f === "vecdot" ? 3 : 20)) options.keepdims = plain(d.once(2));
    if (d.once(8)) {
      const entries = d.many(d.of([2, 3, 3]), () => {
        const many = d.many(d.below(3), () => d.below(5) - 3);
        return d.once(3) ? integer(d.below(3) - 2) : tuple(many);
      });
      options.axes = { given: entries.map(({ given }) => given), told: { l: entries.map(({ told }) => told) } };
    }
    return { f, args, ...(Object.keys(options).length > 0 && { options }) };
  };
}

/** A call of an older product, whose operands have axes of these letters behind others; at times what stands behind them. */
function older(f: string, forms: readonly (readonly [string, string])[], more?: (d: Draw) => Arg): Generator {
  return (d) => {
    const lengths: Record<string, number> = { n: d.of(LENGTHS), k: d.of(LENGTHS), m: d.of(LENGTHS), v: 3 };
    const args = d.of(forms).map((letters) => {
      const own = [...letters].map((letter) => (d.once(25) ? d.of(LENGTHS) : lengths[letter]));
      return arrayLike(d, DTYPES, d.once(15) ? shapeOf(d) : own, true);
    });
    if (f === "cross" && args.some(({ given }) => np.asarray(given as np.NDArray).shape.at(-1) === 2)) return null; // NumPy warns
    return { f, args: more === undefined || d.once(3) ? args : [...args, more(d)] };
  };
}

function trace(d: Draw): Call {
  const args = [arrayLike(d, DTYPES, d.once(6) ? shapeOf(d) : [...d.of(OUTER), d.of(LENGTHS), d.of(LENGTHS)], true)],
    options: Record<string, Arg> = {};
  if (d.once(2)) options.offset = plain(d.below(7) - 3);
  if (d.once(3)) options.axis1 = axis(d, 2, false);
  if (d.once(3)) options.axis2 = axis(d, 2, false);
  return { f: "trace", args, ...(Object.keys(options).length > 0 && { options }) };
}

/** A generator for each. */
export const products: Readonly<Record<string, Generator>> = {
  vecdot: product("vecdot", ["n", "n"]),
  matvec: product("matvec", ["mn", "n"]),
  vecmat: product("vecmat", ["n", "nm"]),
  matmul: product("matmul", ["nk", "km"]),
  dot: older("dot", [
    ["k", "k"],
    ["nk", "k"],
    ["k", "km"],
    ["nk", "km"],
    ["mnk", "nkm"],
    ["", "nk"],
    ["k", "mnkn"],
  ]),
  vdot: older("vdot", [
    ["n", "n"],
    ["nk", "kn"],
    ["nk", "nk"],
    ["", ""],
  ]),
  inner: older("inner", [
    ["k", "k"],
    ["nk", "mk"],
    ["mnk", "k"],
    ["nmk", "nnk"],
    ["n", ""],
  ]),
  outer: older("outer", [
    ["n", "m"],
    ["nk", "m"],
    ["", "nk"],
  ]),
  kron: older("kron", [
    ["n", "m"],
    ["nk", "m"],
    ["n", "mnk"],
    ["", "n"],
  ]),
  tensordot: older(
    "tensordot",
    [
      ["mnk", "nkm"],
      ["mk", "kn"],
      ["nk", "nk"],
    ],
    (d) => plain(d.below(4)),
  ),
  cross: older("cross", [
    ["v", "v"],
    ["nv", "v"],
    ["nv", "mnv"],
  ]),
  trace,
};
