import { type ArrayLike, copyInto, type DTypeOf } from "../array/convert.js";
import { addressOf, close, open } from "../array/destination.js";
import { make, type NDArray, shapeOf, stridesOf, writable } from "../array/ndarray.js";
import { takes } from "../array/options.js";
import { overlapsItself } from "../array/overlap.js";
import { Temporaries } from "../array/temporaries.js";
import { computedDescr, type DTypeWithin, floatLimitsOf, partDescr } from "../base/dtype.js";
import { setY, slot, slots } from "../core/box.js";
import { extremes } from "../core/chapters/extremes.js";
import { writeElement } from "../core/scalar.js";
import { begin, operand, run } from "../loops/walk.js";

// Replacing NaN and the infinities.

const NAN_TO_NUM = takes("nanToNum(x)", { copy: "boolean", nan: "number", posinf: "number?", neginf: "number?" });

/** What `nanToNum` takes. */
export interface NanToNumOptions {
  /** False writes into the array itself and allocates nothing. */
  copy?: boolean;
  /** What replaces NaN: 0. */
  nan?: number;
  /** What replaces +∞: the dtype's largest number. */
  posinf?: number | null;
  /** What replaces -∞: the dtype's lowest number. */
  neginf?: number | null;
}

/**
 * The elements with NaN and the infinities replaced, in one pass and without a mask. Returns a copy, or with
 * `copy: false` the array itself. Integers have nothing to replace. NumPy: `nan_to_num`.
 */
export function nanToNum<const X extends ArrayLike>(x: X, given?: NanToNumOptions): NDArray<DTypeOf<X>> {
  const options = NAN_TO_NUM.read(given, arguments.length),
    { copy = true, nan = 0 } = options;
  using work = new Temporaries("nanToNum");
  const a = work.array(x),
    inPlace = !copy && a === x;
  if (inPlace) writable(a);
  const out = inPlace ? a : make(shapeOf(a), a.descr, "nanToNum");
  const real = partDescr(a.descr);
  if (real.kind !== "f") {
    if (out !== a) {
      copyInto(out, a);
      close("nanToNum", [a], out);
    }
    return out as NDArray<DTypeOf<X>>; // of the dtype of x
  }
  const { code, itemsize } = computedDescr(real),
    limits = floatLimitsOf(real.name as DTypeWithin<"f">), // its kind is f
    at = slot(slots.limits);
  const values = [nan, options.posinf ?? limits.max, options.neginf ?? -limits.max];
  for (let i = 0; i < 3; i++) writeElement(code, at + i * itemsize, values[i]);
  const parts = a.descr.kind === "c" ? [2] : [],
    step = parts.map(() => real.itemsize);
  // What was replaced must not be met a second time.
  const from = inPlace && overlapsItself(a) ? work.copy(a, "overlap") : a,
    to = open(out);
  begin([...shapeOf(a), ...parts]);
  operand(to, [...stridesOf(out), ...step], real.code);
  operand(addressOf(from), [...stridesOf(from), ...step], real.code);
  run(
    (loop, box) => {
      setY(at, 0, 0);
      extremes.kernels.nanToNum(loop, box);
    },
    code,
    code,
  );
  close("nanToNum", [a], out);
  return out as NDArray<DTypeOf<X>>; // of the dtype of x
}
