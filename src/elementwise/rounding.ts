import { type ArrayLike, copyAs, type DTypeOf } from "../array/convert.js";
import { type NDArray, viewOf } from "../array/ndarray.js";
import { takes } from "../array/options.js";
import { Temporaries } from "../array/temporaries.js";
import { type Descr, type DType, isInteger, isStorageOnly, partDescr } from "../base/dtype.js";
import { ArgumentError, DTypeError, ValueError } from "../base/errors.js";
import { shown } from "../base/shown.js";
import { nearestOf } from "../core/scalar.js";
import { own } from "../operations/apply.js";
import { copyto } from "./copyto.js";
import { divide, multiply, rint } from "./ufuncs.js";

const ROUND = takes("round(x, decimals)", { out: "out?", decimals: "integer" });

/** The dtype of rounded elements: bools are rounded as float16. */
export type Rounded<D extends DType> = D extends "bool" ? "float16" : D;

/** What `round` takes. */
export interface RoundOptions<D extends DType = DType> {
  /** The array to write into; it is also returned. It must have the array's shape. */
  out?: NDArray<D>;
  /** How many decimals, where they are not given by position: 0. */
  decimals?: number;
}

/**
 * The elements rounded to a number of decimals (0), halves to the even digit; integers stay as they are unless
 * `decimals` is negative, and bools become float16, as in NumPy. Returns a copy, or `out`. Also `around`. Errors:
 * decimals that are no integer; bools have none.
 *
 * @example
 * round([1.256, 2.5], 1) // [1.3 2.5]
 */
export function round<O extends DType>(
  x: ArrayLike,
  decimals: number | undefined,
  options: RoundOptions<O> & { out: NDArray<O> },
): NDArray<O>;
export function round<O extends DType>(x: ArrayLike, options: RoundOptions<O> & { out: NDArray<O> }): NDArray<O>;
export function round<const X extends ArrayLike>(
  x: X,
  decimals?: number | RoundOptions,
  options?: RoundOptions,
): NDArray<Rounded<DTypeOf<X>>>;
export function round(x: ArrayLike, decimals?: number | RoundOptions, options?: RoundOptions): NDArray<DType> {
  const early = typeof decimals === "object" && options === undefined;
  const given = ROUND.read(early ? (decimals ?? undefined) : options, arguments.length); // `read` checks what it is
  if (!early && decimals !== undefined && given.decimals !== undefined)
    throw new ArgumentError("round() got decimals twice: by position and as an option");
  const places = given.decimals ?? (early ? 0 : (decimals ?? 0));
  if (!Number.isSafeInteger(places)) throw new ValueError(`round() takes an integer as decimals, not ${shown(places)}`);
  const rounded = roundedTo(x, places as number); // an integer
  if (given.out === undefined) return rounded;
  using work = new Temporaries("round");
  copyto(given.out, work.use(rounded));
  return given.out;
}

function roundedTo<const X extends ArrayLike>(x: X, decimals: number): NDArray<DTypeOf<X>> {
  using work = new Temporaries("round");
  const a = work.array(x);
  const { kind } = a.descr;
  if (kind === "b" && decimals !== 0)
    throw new DTypeError(
      `Cannot cast ufunc '${decimals < 0 ? "divide" : "multiply"}' output from dtype('float64') to dtype('bool') with casting rule 'same_kind'`,
    );
  if (isInteger(a.descr) && decimals >= 0) return copyAs(a, a.dtype, "round", "requested") as NDArray<DTypeOf<X>>; // of the dtype of x
  if (decimals === 0) return own(rint(a)) as NDArray<DTypeOf<X>>; // of the dtype of x
  const exact = 10 ** Math.abs(decimals),
    // A power of ten that float16 cannot hold is infinity there, as in NumPy.
    power = isStorageOnly(a.descr) ? nearestOf(a.descr, exact) : exact,
    [up, down] = decimals < 0 ? [divide, multiply] : [multiply, divide];
  if (kind === "c")
    return roundedParts(
      a,
      (x) => up(x, power, { out: x }),
      (x) => down(x, power, { out: x }),
    ) as NDArray<DTypeOf<X>>; // of the dtype of x
  const out = up(a, power);
  rint(out, { out });
  down(out, power, { out });
  return own(castBack(out, a)) as NDArray<DTypeOf<X>>; // of the dtype of x
}

// A complex product with an infinite part is NaN in both: each part is rounded for itself.
function roundedParts(a: NDArray<DType>, up: (x: NDArray) => void, down: (x: NDArray) => void): NDArray<DType> {
  const out = copyAs(a, a.dtype, "round", "requested"),
    part: Descr = partDescr(a.descr);
  using work = new Temporaries("round");
  const parts = work.use(viewOf(out, part, [...out.shape, 2], [...out.strides, part.itemsize], 0));
  up(parts);
  rint(parts, { out: parts });
  down(parts);
  return own(out);
}

// Integers were rounded as float64.
function castBack(out: NDArray<DType>, like: NDArray<DType>): NDArray<DType> {
  if (out.dtype === like.dtype) return out;
  using work = new Temporaries("round");
  return copyAs(work.use(out), like.dtype, "round", "dtype");
}

export { round as around };
