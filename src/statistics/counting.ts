import type { ArrayLike } from "../array/convert.js";
import { addressOf, close } from "../array/destination.js";
import { type NDArray, shapeOf, stridesOf, viewOf } from "../array/ndarray.js";
import { takes } from "../array/options.js";
import { checkSameValue } from "../array/sameValue.js";
import { Temporaries } from "../array/temporaries.js";
import { canCast, cannotCast, type DType, dtypes, isInteger } from "../base/dtype.js";
import { ValueError } from "../base/errors.js";
import { checkInt32 } from "../base/layout.js";
import { area, CALL, packOut, runBox, setBox, setOut, setX, setY, TILE } from "../core/box.js";
import { cast } from "../core/boxes.js";
import { counting } from "../core/chapters/counting.js";
import { cleared } from "../creating/creation.js";
import { max } from "../reducing/reductions.js";

/** What `bincount` takes. */
export interface BincountOptions {
  /** The fewest bins: 0. */
  minlength?: number;
}

const BINCOUNT = takes("bincount(x, weights)", { minlength: "integer" });

/**
 * How often each integer from 0 on is in an array of one axis: int32 counts, as many as the largest integer and one. With
 * `weights` the sums of those of each integer, as float64. Allocates the result alone. Errors: a `ValueError` for
 * negative integers, for weights of another length and for other than one axis; a `DTypeError` for what is no integer.
 *
 * @example
 * bincount([1, 2, 2, 4]) // [0 1 2 0 1]
 */
export function bincount(x: ArrayLike, weights?: null, options?: BincountOptions): NDArray<"int32">;
export function bincount(x: ArrayLike, weights: ArrayLike, options?: BincountOptions): NDArray<"float64">;
export function bincount(
  x: ArrayLike,
  weights?: ArrayLike | null,
  options?: BincountOptions,
): NDArray<"int32"> | NDArray<"float64"> {
  const { minlength = 0 } = BINCOUNT.read(options, arguments.length);
  if (minlength < 0) throw new ValueError("'minlength' must not be negative");
  using work = new Temporaries("bincount");
  const places = placesOf(x, work),
    given = weights === undefined || weights === null ? null : weightsOf(weights, places, work);
  const length = Math.max(minlength, binsOf(places, work));
  checkInt32(length, "bincount");
  const out = work.use(cleared([length], given === null ? dtypes.int32 : dtypes.float64, "bincount"));
  if (given === null) tally(places, out);
  else weigh(places, given, out);
  close("bincount", given === null ? [places] : [places, given], out);
  return work.release(out) as NDArray<"int32"> | NDArray<"float64">; // by the weights, two lines above
}

// The largest integer and one. Read as unsigned, a negative one is larger than any other can be: one pass tells both.
function binsOf(x: NDArray<DType>, work: Temporaries): number {
  if (x.size === 0) return 0;
  const { dtype, descr } = x,
    unsigned = dtype.startsWith("i") ? dtypes[`u${dtype}` as "uint8"] : descr, // or another of them
    largest = Number(max(work.use(viewOf(x, unsigned, shapeOf(x), stridesOf(x), x.offset))));
  if (dtype.startsWith("i") && largest >= 2 ** (8 * descr.itemsize - 1))
    throw new ValueError("'list' argument must have no negative elements");
  return largest + 1;
}

function checkAxes({ ndim }: NDArray<DType>): void {
  if (ndim > 1) throw new ValueError("object too deep for desired array");
  if (ndim < 1) throw new ValueError("object of too small depth for desired array");
}

// Integers as they are; lists of JavaScript's numbers are float64, and may be whole.
function placesOf(value: ArrayLike, work: Temporaries): NDArray<DType> {
  const x: NDArray<DType> = work.array(value);
  checkAxes(x);
  if (Array.isArray(value) && x.dtype === "float64") {
    checkSameValue(x, dtypes.int64);
    return work.copy(x, "dtype", "int64");
  }
  // A bool is a byte of any value.
  if (x.dtype === "bool") return work.copy(x, "dtype", "uint8");
  if (!isInteger(x.descr)) throw cannotCast(x.dtype, "int64", "safe");
  return x;
}

function weightsOf(value: ArrayLike, places: NDArray<DType>, work: Temporaries): NDArray<DType> {
  const weights: NDArray<DType> = work.array(value);
  checkAxes(weights);
  if (!canCast(weights.dtype, "float64", "safe")) throw cannotCast(weights.dtype, "float64", "safe");
  if (weights.size !== places.size) throw new ValueError("The weights and list don't have the same length.");
  return weights;
}

function tally(x: NDArray<DType>, out: NDArray<DType>): void {
  const [step] = stridesOf(x);
  for (let i = 0; i < x.size; i += CALL) {
    setBox(1, Math.min(CALL, x.size - i));
    setOut(addressOf(out), 0, 0);
    setX(addressOf(x) + i * step, 0, step);
    runBox(counting.kernels.tally, x.descr.code);
  }
}

// Weights of another dtype are cast by tiles.
function weigh(x: NDArray<DType>, weights: NDArray<DType>, out: NDArray<DType>): void {
  const [step] = stridesOf(x),
    [weightStep] = stridesOf(weights),
    { float64 } = dtypes,
    other = weights.descr !== float64,
    most = other ? TILE : CALL;
  for (let i = 0; i < x.size; i += most) {
    const from = addressOf(weights) + i * weightStep;
    setBox(1, Math.min(most, x.size - i));
    if (other) {
      setX(from, 0, weightStep);
      packOut(area(1), float64.itemsize);
      cast(weights.descr.code, float64.code);
      setY(area(1), 0, float64.itemsize);
    } else setY(from, 0, weightStep);
    setOut(addressOf(out), 0, 0);
    setX(addressOf(x) + i * step, 0, step);
    runBox(counting.kernels.weigh, x.descr.code);
  }
}
