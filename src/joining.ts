import { type ArrayLike, copyAs, type DTypeOf, toArray } from "./convert.js";
import { byCode, type Casting, canCast, type Descr, type DType, descrOf, type Promote, promoteCodes } from "./dtype.js";
import { DTypeError, ShapeError, ValueError } from "./errors.js";
import { checkAxis, rowMajor, sameShape, sizeOfShape } from "./layout.js";
import { separate } from "./loans.js";
import { drop, make, type NDArray, viewOf, writable } from "./ndarray.js";
import { finish } from "./op.js";
import { mayMeet } from "./overlap.js";
import { begin, operand, transfer } from "./walk.js";

// Arrays put together and cut apart. Putting together is one allocation: every input is copied, and cast by tiles,
// straight into its place in the result.

/** The dtype that arrays promote to when they are joined. */
export type Joined<A> = A extends readonly [infer X]
  ? DTypeOf<X>
  : A extends readonly [infer X, ...infer R]
    ? Promote<DTypeOf<X>, Joined<R>>
    : A extends readonly (infer X)[]
      ? Promote<DTypeOf<X>, DTypeOf<X>>
      : DType;

/** What `concatenate` and its like take. */
export interface JoinOptions<D extends DType = DType> {
  /** The array to write into; it is also returned. It must have the result's shape. */
  out?: NDArray<D>;
  /** The dtype of the result, unless `out` is given. */
  dtype?: D;
  /** How freely inputs may be cast to it: `same_kind` by default. */
  casting?: Casting;
}

/** A function that joins a list of arrays. */
export interface Join<Args extends readonly unknown[]> {
  <const A extends readonly ArrayLike[]>(
    arrays: A,
    ...args: [...Args, options?: JoinOptions & { out?: undefined; dtype?: undefined }]
  ): NDArray<Joined<A>>;
  <D extends DType>(arrays: readonly ArrayLike[], ...args: [...Args, options: JoinOptions<D>]): NDArray<D>;
}

/** An input as it is laid into the result: an array, perhaps with axes of length 1 more than it has. */
interface Part {
  readonly array: NDArray;
  readonly shape: readonly number[];
  readonly strides: readonly number[];
}

/** Runs `work` on arrays made from array-likes, and drops those that were made here. */
function withArrays<T>(
  values: readonly ArrayLike[],
  op: string,
  work: (arrays: NDArray[], temporaries: NDArray[]) => T,
): T {
  const temporaries: NDArray[] = [];
  try {
    const arrays = values.map((value) => {
      const [array, made] = toArray(value, op);
      if (made) temporaries.push(array);
      return array;
    });
    return work(arrays, temporaries);
  } finally {
    for (const array of temporaries) drop(array, "operation");
  }
}

function asIs(array: NDArray): Part {
  return { array, shape: array.shape, strides: array.strides };
}

// An axis of length 1 at a place.
function withAxis({ array, shape, strides }: Part, place: number): Part {
  return { array, shape: shape.toSpliced(place, 0, 1), strides: strides.toSpliced(place, 0, 0) };
}

function joinedShape(parts: readonly Part[], axis: number): number[] {
  const first = parts[0].shape,
    shape = [...first];
  if (first.length === 0) throw new ValueError("zero-dimensional arrays cannot be concatenated");
  const along = checkAxis(axis, first.length);
  parts.forEach((part, i) => {
    if (part.shape.length !== first.length) {
      throw new ShapeError(
        "all the input arrays must have same number of dimensions, but the array at index 0 has " +
          `${first.length} dimension(s) and the array at index ${i} has ${part.shape.length} dimension(s)`,
      );
    }
    part.shape.forEach((length, k) => {
      if (k === along || length === first[k]) return;
      throw new ShapeError(
        "all the input array dimensions except for the concatenation axis must match exactly, but along dimension " +
          `${k}, the array at index 0 has size ${first[k]} and the array at index ${i} has size ${length}`,
      );
    });
    if (i > 0) shape[along] += part.shape[along];
  });
  return shape;
}

// The dtype of the result, and whether every input may be cast to it.
function joinedDescr(parts: readonly Part[], { out, dtype, casting = "same_kind" }: JoinOptions): Descr {
  if (out !== undefined && dtype !== undefined) {
    throw new DTypeError("concatenate() only takes `out` or `dtype` as an argument, but both were provided.");
  }
  const promoted = parts.reduce((code, part) => promoteCodes(code, part.array.descr.code), parts[0].array.descr.code);
  const descr = out?.descr ?? (dtype === undefined ? byCode[promoted] : descrOf(dtype));
  for (const { array } of parts) {
    if (canCast(array.dtype, descr.name, casting)) continue;
    throw new DTypeError(
      `Cannot cast array data from dtype('${array.dtype}') to dtype('${descr.name}') according to the rule '${casting}'`,
    );
  }
  return descr;
}

function checkOut(out: NDArray, shape: readonly number[], flat: boolean): void {
  writable(out, "output array");
  if (flat && out.ndim !== 1) throw new ShapeError("Output array must be 1D");
  if (out.ndim !== shape.length) throw new ShapeError("Output array has wrong dimensionality");
  if (!sameShape(out.shape, shape)) throw new ShapeError("Output array is the wrong shape");
}

// Joins parts along an axis, or the elements of all in row-major order if the axis is null.
function join(
  op: string,
  given: readonly Part[],
  axis: number | null,
  options: JoinOptions,
  temporaries: NDArray[],
): NDArray {
  if (given.length === 0) throw new ValueError("need at least one array to concatenate");
  const descr = joinedDescr(given, options);
  const shape =
    axis === null ? [given.reduce((sum, part) => sum + sizeOfShape(part.shape), 0)] : joinedShape(given, axis);
  if (options.out) checkOut(options.out, shape, axis === null);
  const parts = options.out ? given.map((part) => apart(part, options.out!, op, temporaries)) : given;
  const out = options.out ?? make(shape, descr, op, "join"),
    along = axis === null ? 0 : checkAxis(axis, shape.length);
  separate(out.buffer);
  let at = out.buffer.pointer + out.offset;
  for (const part of parts) {
    const count = axis === null ? sizeOfShape(part.shape) : part.shape[along];
    // A flat result has room for the part's elements in row-major order, in steps of its one stride.
    lay(part, at, axis === null ? rowMajor(part.shape, out.strides[0]) : out.strides, descr);
    at += count * out.strides[along];
  }
  finish(
    op,
    given.map((part) => part.array),
    out,
  );
  return out;
}

function apart(part: Part, out: NDArray, op: string, temporaries: NDArray[]): Part {
  if (!mayMeet(part.array, out)) return part;
  const copy = copyAs(part.array, part.array.dtype, op, "overlap");
  temporaries.push(copy);
  return { array: copy, shape: part.shape, strides: rowMajor(part.shape, copy.itemsize) };
}

/** Copies a part to an address, with the strides of what lies there. */
function lay(part: Part, at: number, strides: readonly number[], descr: Descr): void {
  begin(part.shape);
  operand(at, strides, descr.code);
  operand(part.array.buffer.pointer + part.array.offset, part.strides, part.array.descr.code);
  transfer();
}

/**
 * Arrays one after the other along an axis (the first); null joins their elements in row-major order. Returns a copy,
 * or `out`: one allocation, whatever the dtypes are. Also `concat`. Errors: no array, shapes that differ elsewhere.
 */
export const concatenate = ((arrays: readonly ArrayLike[], axis: number | null = 0, options: JoinOptions = {}) =>
  withArrays(arrays, "concatenate", (list, temporaries) =>
    join("concatenate", list.map(asIs), axis, options, temporaries),
  )) as Join<[axis?: number | null]>;
/** Another name of `concatenate`. */
export { concatenate as concat };

/** Arrays of one shape along a new axis (the first). Returns a copy, or `out`. */
export const stack = ((arrays: readonly ArrayLike[], axis = 0, options: JoinOptions = {}) =>
  withArrays(arrays, "stack", (list, temporaries) => {
    if (list.length === 0) throw new ValueError("need at least one array to stack");
    if (list.some((array) => !sameShape(array.shape, list[0].shape)))
      throw new ShapeError("all input arrays must have the same shape");
    const place = checkAxis(axis, list[0].ndim + 1);
    return join(
      "stack",
      list.map((array) => withAxis(asIs(array), place)),
      place,
      options,
      temporaries,
    );
  })) as Join<[axis?: number]>;

// Adds axes of length 1 as `atleast1d`, `atleast2d` and `atleast3d` do.
function atLeast(array: NDArray, places: readonly (readonly number[])[]): Part {
  return (places[array.ndim] ?? []).reduce(withAxis, asIs(array));
}

/** Arrays above each other: along the first axis, one-dimensional ones as rows. Returns a copy, or `out`. */
export const vstack = ((arrays: readonly ArrayLike[], options: JoinOptions = {}) =>
  withArrays(arrays, "vstack", (list, temporaries) =>
    join(
      "vstack",
      list.map((array) => atLeast(array, [[0, 1], [0]])),
      0,
      options,
      temporaries,
    ),
  )) as Join<[]>;

/** Arrays beside each other: along the second axis, one-dimensional ones along the first. Returns a copy, or `out`. */
export const hstack = ((arrays: readonly ArrayLike[], options: JoinOptions = {}) =>
  withArrays(arrays, "hstack", (list, temporaries) => {
    const parts = list.map((array) => atLeast(array, [[0]]));
    return join("hstack", parts, parts[0]?.shape.length === 1 ? 0 : 1, options, temporaries);
  })) as Join<[]>;

/** Arrays behind each other: along the third axis. Returns a copy, or `out`. */
export const dstack = ((arrays: readonly ArrayLike[], options: JoinOptions = {}) =>
  withArrays(arrays, "dstack", (list, temporaries) =>
    join(
      "dstack",
      list.map((array) => atLeast(array, [[0, 1, 2], [0, 2], [2]])),
      2,
      options,
      temporaries,
    ),
  )) as Join<[]>;

/**
 * One-dimensional arrays as columns beside each other; two-dimensional ones as they are. Returns a copy. NumPy:
 * `column_stack`.
 */
export const columnStack = ((arrays: readonly ArrayLike[], options: JoinOptions = {}) =>
  withArrays(arrays, "columnStack", (list, temporaries) =>
    join(
      "columnStack",
      list.map((array) => atLeast(array, [[0, 1], [1]])),
      1,
      options,
      temporaries,
    ),
  )) as Join<[]>;

/** Values behind an array along an axis; without one, the elements of both in row-major order. Returns a copy. */
export function append<const A extends ArrayLike, const V extends ArrayLike>(
  a: A,
  values: V,
  axis: number | null = null,
): NDArray<Promote<DTypeOf<A>, DTypeOf<V>>> {
  const out = withArrays([a, values], "append", (list, temporaries) =>
    join("append", list.map(asIs), axis, {}, temporaries),
  );
  return out as unknown as NDArray<Promote<DTypeOf<A>, DTypeOf<V>>>; // the dtype that both codes promoted to
}

// Views of the stretches between cuts along an axis. As in Python a cut may be negative or lie behind the end.
function pieces<D extends DType>(a: NDArray<D>, cuts: readonly number[], axis: number): NDArray<D>[] {
  const along = checkAxis(axis, a.ndim),
    length = a.shape[along];
  const at = cuts.map((cut) => Math.min(Math.max(cut < 0 ? cut + length : cut, 0), length));
  return [0, ...at].map((from, i) => {
    const count = Math.max((i < at.length ? at[i] : length) - from, 0);
    return viewOf(
      a,
      a.descr,
      a.shape.with(along, count),
      a.strides,
      a.offset + (count > 0 ? from * a.strides[along] : 0),
    );
  });
}

/**
 * The parts of an array along an axis: so many, the first ones one longer where they cannot be equal, or cut before
 * these indices. Returns views. NumPy: `array_split`.
 */
export function arraySplit<D extends DType>(
  a: NDArray<D>,
  sections: number | readonly number[],
  axis = 0,
): NDArray<D>[] {
  if (typeof sections !== "number") return pieces(a, sections, axis);
  if (!Number.isInteger(sections) || sections <= 0) throw new ValueError("number sections must be larger than 0.");
  const length = a.shape[checkAxis(axis, a.ndim)],
    each = Math.floor(length / sections),
    longer = length % sections;
  return pieces(
    a,
    Array.from({ length: sections - 1 }, (_, i) => (i + 1) * each + Math.min(i + 1, longer)),
    axis,
  );
}

/** The equal parts of an array along an axis, or the parts cut before these indices. Returns views. */
export function split<D extends DType>(a: NDArray<D>, sections: number | readonly number[], axis = 0): NDArray<D>[] {
  if (typeof sections === "number" && a.shape[checkAxis(axis, a.ndim)] % sections !== 0) {
    throw new ValueError("array split does not result in an equal division");
  }
  return arraySplit(a, sections, axis);
}

/** `split` from left to right: along the second axis, or the only one. Returns views. */
export function hsplit<D extends DType>(a: NDArray<D>, sections: number | readonly number[]): NDArray<D>[] {
  if (a.ndim === 0) throw new ValueError("hsplit only works on arrays of 1 or more dimensions");
  return split(a, sections, a.ndim > 1 ? 1 : 0);
}

/** `split` from top to bottom: along the first axis of two or more. Returns views. */
export function vsplit<D extends DType>(a: NDArray<D>, sections: number | readonly number[]): NDArray<D>[] {
  if (a.ndim < 2) throw new ValueError("vsplit only works on arrays of 2 or more dimensions");
  return split(a, sections, 0);
}

/** The items along an axis (the first). Returns views. */
export function unstack<D extends DType>(a: NDArray<D>, axis = 0): NDArray<D>[] {
  if (a.ndim === 0) throw new ValueError("Input array must be at least 1-d.");
  const along = checkAxis(axis, a.ndim),
    shape = a.shape.toSpliced(along, 1),
    strides = a.strides.toSpliced(along, 1);
  return Array.from({ length: a.shape[along] }, (_, i) =>
    viewOf(a, a.descr, shape, strides, a.offset + i * a.strides[along]),
  );
}
