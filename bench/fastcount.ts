import { countNonzero, equal, invert, isnan, logicalNot, memory, type NDArray, nanToNum, where } from "nbytes";

// Two arrays with missing values: mask where either is missing, zero both there, say which pairs are usable and how
// many. The same job four ways; n is the number of elements, and a float64 has 8 bytes, a bool 1.

type Float64 = NDArray<"float64">;

/** What every way gives. In place, `x` and `y` are the arrays that went in. */
export interface Usable {
  readonly x: Float64;
  readonly y: Float64;
  readonly usable: NDArray<"bool">;
  readonly count: number;
}

/** Literally, as one would write it in NumPy. 5 arrays, 19n bytes, all alive at the end: peak 19n. */
export function copying(x: Float64, y: Float64): Usable {
  return memory.scope(() => {
    const missing = isnan(x);
    missing.ior(isnan(y));
    const cleanX = x.copy();
    const cleanY = y.copy();
    cleanX.set(missing, 0);
    cleanY.set(missing, 0);
    const usable = logicalNot(missing);
    return { x: cleanX, y: cleanY, usable, count: Number(countNonzero(usable)) };
  });
}

/** The same with the second mask freed as soon as it was read. 5 arrays, 19n bytes, peak 18n. */
export function copyingUsing(x: Float64, y: Float64): Usable {
  using missing = isnan(x);
  {
    using second = isnan(y);
    missing.ior(second);
  }
  const cleanX = x.copy();
  const cleanY = y.copy();
  cleanX.set(missing, 0);
  cleanY.set(missing, 0);
  const usable = logicalNot(missing);
  return { x: cleanX, y: cleanY, usable, count: Number(countNonzero(usable)) };
}

// A number equals itself, NaN does not. The second comparison writes only where the first found a number, so one mask
// holds both answers and no temporary is needed.
function bothPresent(x: Float64, y: Float64): NDArray<"bool"> {
  const usable = equal(x, x);
  equal(y, y, { out: usable, where: usable });
  return usable;
}

/** One mask, and results that are chosen rather than copied and then overwritten. 3 arrays, 17n bytes. */
export function keepingInputs(x: Float64, y: Float64): Usable {
  const usable = bothPresent(x, y);
  return { x: where(usable, x, 0), y: where(usable, y, 0), usable, count: Number(countNonzero(usable)) };
}

/** Over the inputs. 1 array, n bytes. */
export function inPlace(x: Float64, y: Float64): Usable {
  const usable = bothPresent(x, y);
  const missing = invert(usable, { out: usable });
  x.set(missing, 0);
  y.set(missing, 0);
  invert(missing, { out: usable });
  return { x, y, usable, count: Number(countNonzero(usable)) };
}

/**
 * A shortcut often advised, and wrong: `nanToNum` zeroes each array only where that array is missing, not where the
 * other is. It stands here to be found out by the comparison.
 */
export function shortcut(x: Float64, y: Float64): Usable {
  const usable = bothPresent(x, y);
  nanToNum(x, { copy: false });
  nanToNum(y, { copy: false });
  return { x, y, usable, count: Number(countNonzero(usable)) };
}

/** One of the four ways, with the bill it must have. Bytes are in multiples of n. */
export interface Way {
  readonly name: string;
  readonly run: (x: Float64, y: Float64) => Usable;
  readonly bill: {
    readonly allocs: number;
    readonly allocated: number;
    readonly peak: number;
    readonly copied: number;
  };
}

/** The four ways, the reference first. */
export const ways: readonly Way[] = [
  { name: "copying", run: copying, bill: { allocs: 5, allocated: 19, peak: 19, copied: 16 } },
  { name: "copying, using", run: copyingUsing, bill: { allocs: 5, allocated: 19, peak: 18, copied: 16 } },
  { name: "inputs kept, 3 arrays", run: keepingInputs, bill: { allocs: 3, allocated: 17, peak: 17, copied: 0 } },
  { name: "in place, 1 array", run: inPlace, bill: { allocs: 1, allocated: 1, peak: 1, copied: 0 } },
];
