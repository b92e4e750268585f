import { type Descr, partDescr } from "../base/dtype.js";
import { isContiguous } from "../base/layout.js";

// What an array's layout says about it.

/** What NumPy calls an array's flags. */
export interface Flags {
  readonly ownData: boolean;
  readonly cContiguous: boolean;
  readonly fContiguous: boolean;
  readonly writeable: boolean;
  readonly aligned: boolean;
}

interface Layout {
  readonly shape: readonly number[];
  readonly strides: readonly number[];
  readonly offset: number;
  readonly descr: Descr;
  readonly writeable: boolean;
}

/** The flags of an array of a layout. */
export function flagsOf({ shape, strides, offset, descr, writeable }: Layout, ownData: boolean): Flags {
  const { itemsize } = descr,
    alignment = partDescr(descr).itemsize;
  return {
    ownData,
    cContiguous: isContiguous(shape, strides, itemsize),
    fContiguous: isContiguous([...shape].reverse(), [...strides].reverse(), itemsize),
    writeable,
    aligned: strides.every((s) => s % alignment === 0) && offset % alignment === 0,
  };
}

/** Why an array is read-only, as the end of a sentence: several elements are one. Empty if that is not why. */
export function sharedElements({ shape, strides }: Layout): string {
  const repeated = strides.findIndex((s, i) => s === 0 && shape[i] > 1);
  if (repeated < 0) return "";
  const what = repeated === shape.length - 1 ? "elements share one element" : "rows share one row";
  return `: ${shape[repeated]} ${what}; call .copy()`;
}
