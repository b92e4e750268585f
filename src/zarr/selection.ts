import { checkIndex, ellipsis, type IndexItem, readString, Slice, sliceRange } from "../array/slices.js";
import { IndexError } from "../base/errors.js";
import { asIndex } from "../base/integers.js";
import { isInstance } from "../base/shown.js";

// What an index of integers and slices selects of an array in chunks, and the part of each chunk that it falls into:
//
//      axis     0 1 2 │ 3 4 5 │ 6 7 8        1::3 of 9 in chunks of 3
//                 ▲       ▲       ▲          chunk 0, from 1: element 0 of the result; chunk 1, from 1: element 1; …

/** Indices of one axis of the array: `count` from `start` on by `step`. */
export interface Range {
  readonly start: number;
  readonly count: number;
  readonly step: number;
}

/** What an index selects. */
export interface Selected {
  /** A range for each axis of the array. */
  readonly ranges: readonly Range[];
  /** The shape of the result. */
  readonly shape: readonly number[];
  /** For each axis of the array the axis of the result; -1 for one that an integer took. */
  readonly axes: readonly number[];
}

/** Reads an index of an array of a shape. Errors: an `IndexError`. */
export function selectedBy(index: readonly IndexItem[], lengths: readonly number[], op: string): Selected {
  const items = index.flatMap((item): IndexItem[] => (typeof item === "string" ? readString(item) : [item])),
    used = items.filter((item) => item !== null && item !== ellipsis).length,
    dots = items.filter((item) => item === ellipsis).length;
  if (used > lengths.length)
    throw new IndexError(
      `too many indices for array: array is ${lengths.length}-dimensional, but ${used} were indexed`,
    );
  if (dots > 1) throw new IndexError("an index can only have a single ellipsis ('...')");
  if (dots === 0) items.push(ellipsis);
  const ranges: Range[] = [],
    shape: number[] = [],
    axes: number[] = [];
  const keep = (range: Range): void => {
    ranges.push(range);
    axes.push(shape.length);
    shape.push(range.count);
  };
  for (const item of items) {
    const length = lengths[ranges.length];
    if (item === ellipsis) {
      for (const end = ranges.length + lengths.length - used; ranges.length < end; )
        keep({ start: 0, count: lengths[ranges.length], step: 1 });
    } else if (item === null) shape.push(1);
    else if (isInstance(item, Slice)) {
      const [start, count, step] = sliceRange(item, length);
      keep({ start, count, step });
    } else if (typeof item === "number" || typeof item === "bigint") {
      axes.push(-1);
      ranges.push({ start: checkIndex(asIndex(item), ranges.length, length), count: 1, step: 1 });
    } else throw new IndexError(`${op} of a Zarr array takes integers and slices: read a part, then index that`);
  }
  return { ranges, shape, axes };
}

/** The part of a selection that is in one chunk. */
export interface Part {
  /** The chunk's place in the grid of chunks. */
  readonly chunk: readonly number[];
  /** The first index within the chunk, for each axis. */
  readonly from: readonly number[];
  /** How many elements, for each axis. */
  readonly counts: readonly number[];
  /** How many elements of the selection come before, for each axis. */
  readonly before: readonly number[];
}

/** The parts of a selection, chunk by chunk, the last axis first. */
export function* partsIn(ranges: readonly Range[], chunks: readonly number[]): Generator<Part, void, undefined> {
  const [range, ...others] = ranges,
    [length, ...lengths] = chunks;
  if (range === undefined) return yield { chunk: [], from: [], counts: [], before: [] };
  for (let k = 0; k < range.count; ) {
    const at = range.start + k * range.step,
      chunk = Math.floor(at / length),
      from = at - chunk * length,
      inside = range.step > 0 ? Math.ceil((length - from) / range.step) : Math.floor(from / -range.step) + 1,
      count = Math.min(inside, range.count - k);
    for (const rest of partsIn(others, lengths))
      yield {
        chunk: [chunk, ...rest.chunk],
        from: [from, ...rest.from],
        counts: [count, ...rest.counts],
        before: [k, ...rest.before],
      };
    k += count;
  }
}
