import { type ArrayLike, type DTypeOf, isArray, ofList, toTypedArray } from "../array/convert.js";
import { addressOf, checkOut, close, open } from "../array/destination.js";
import { make, NDArray, refuseStranger, shapeOf, stridesOf, viewOf } from "../array/ndarray.js";
import { type Signature, type Table, takes } from "../array/options.js";
import { Temporaries } from "../array/temporaries.js";
import {
  byCode,
  type Casting,
  canCast,
  cannotCast,
  type Descr,
  type DType,
  descrOf,
  type Promote,
  promoteAll,
} from "../base/dtype.js";
import { ArgumentError, DTypeError, ShapeError, ValueError } from "../base/errors.js";
import { asIndex } from "../base/integers.js";
import { checkAxis, listOf, rowMajor, sameShape, sizeOfShape } from "../base/layout.js";
import { isList, shown } from "../base/shown.js";
import { begin, operand, transfer } from "../loops/walk.js";
import type { Joined } from "../operations/loops.js";

const JOIN: Table = { out: "out?", dtype: "dtype?", casting: "casting" },
  CONCATENATE = takes("concatenate(arrays, axis)", JOIN, "pass a list: concatenate([a, b])"),
  STACK = takes("stack(arrays, axis)", JOIN, "pass a list: stack([a, b])"),
  APPEND = takes("append(a, values, axis)"),
  ARRAY_SPLIT = takes("arraySplit(a, sections, axis)"),
  SPLIT = takes("split(a, sections, axis)"),
  HSPLIT = takes("hsplit(a, sections)"),
  VSPLIT = takes("vsplit(a, sections)"),
  UNSTACK = takes("unstack(a, axis)");

// Arrays put together and cut apart. Putting together is one allocation: every input is copied, and cast by tiles,
// straight into its place in the result.

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

// The operands as arrays.
function arraysOf(values: readonly ArrayLike[], work: Temporaries): NDArray[] {
  const items = itemsOf(values, work),
    arrays: NDArray[] = [];
  // One by one and by index: a list may be 2³² holes long, and its iterator may lie.
  for (let i = 0; i < items.length; i++) arrays.push(work.array(items[i]));
  return arrays;
}

// The arrays to join: a list of them, or one array, which is a list of what lies along its first axis.
function itemsOf(values: unknown, work: Temporaries): readonly ArrayLike[] {
  if (isList(values)) return values as readonly ArrayLike[]; // each is looked at when it is its turn
  const array = work.array(values as ArrayLike),
    { op } = work;
  if (array.ndim === 0) throw new ValueError(`${op} takes a list of arrays, not ${shown(values)}: pass ${op}([a, b])`);
  return unstack(array).map((item) => work.use(item));
}

// An axis is never an array: two arrays side by side are the mistake that is made here.
function checkPlace(axis: unknown, signature: Signature): void {
  if (typeof axis === "object" && axis !== null)
    throw new ArgumentError(`${shown(axis)} is no axis: ${signature.hint}`);
}

function asIs(array: NDArray): Part {
  return { array, shape: shapeOf(array), strides: stridesOf(array) };
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
  const promoted = promoteAll(parts.map(({ array }) => array.descr.code));
  const descr = out?.descr ?? (dtype === undefined ? byCode[promoted] : descrOf(dtype));
  for (const { array } of parts) {
    if (!canCast(array.dtype, descr.name, casting)) throw cannotCast(array.dtype, descr.name, casting);
  }
  return descr;
}

function checkFit(out: NDArray, shape: readonly number[], flat: boolean): void {
  checkOut(out, shape, (got) => {
    if (flat && got.length !== 1) return new ShapeError("Output array must be 1D");
    return new ShapeError(
      got.length !== shape.length ? "Output array has wrong dimensionality" : "Output array is the wrong shape",
    );
  });
}

// Joins parts along an axis, or the elements of all in row-major order if the axis is null.
function join(given: readonly Part[], axis: number | null, options: JoinOptions, work: Temporaries): NDArray {
  if (given.length === 0) throw new ValueError("need at least one array to concatenate");
  const descr = joinedDescr(given, options);
  const shape =
    axis === null ? [given.reduce((sum, part) => sum + sizeOfShape(part.shape), 0)] : joinedShape(given, axis);
  const into = options.out;
  if (into) checkFit(into, shape, axis === null);
  const parts = into ? given.map((part) => unmet(part, into, work)) : given;
  const out = into ?? make(shape, descr, work.op, "join"),
    along = axis === null ? 0 : checkAxis(axis, shape.length);
  let at = open(out);
  for (const part of parts) {
    const count = axis === null ? sizeOfShape(part.shape) : part.shape[along];
    // A flat result has room for the part's elements in row-major order, in steps of its one stride.
    lay(part, at, axis === null ? rowMajor(part.shape, stridesOf(out)[0]) : stridesOf(out), descr);
    at += count * stridesOf(out)[along];
  }
  close(
    work.op,
    given.map((part) => part.array),
    out,
  );
  return out;
}

function unmet(part: Part, out: NDArray, work: Temporaries): Part {
  const array = work.unmet(part.array, out);
  return array === part.array ? part : { array, shape: part.shape, strides: rowMajor(part.shape, array.itemsize) };
}

/** Copies a part to an address, with the strides of what lies there. */
function lay(part: Part, at: number, strides: readonly number[], descr: Descr): void {
  begin(part.shape);
  operand(at, strides, descr.code);
  operand(addressOf(part.array), part.strides, part.array.descr.code);
  transfer();
}

/**
 * Arrays one after the other along an axis (the first); null joins their elements in row-major order. Returns a copy,
 * or `out`: one allocation, whatever the dtypes are. Also `concat`. Errors: no array, shapes that differ elsewhere.
 *
 * @example
 * concatenate([[1, 2], [3]]) // [1. 2. 3.]
 */
export const concatenate = function (arrays: readonly ArrayLike[], axis: number | null = 0, options?: JoinOptions) {
  checkPlace(axis, CONCATENATE);
  const given = CONCATENATE.read(options, arguments.length);
  using work = new Temporaries("concatenate");
  return join(arraysOf(arrays, work).map(asIs), axis, given, work);
} as Join<[axis?: number | null]>;
/** Another name of `concatenate`. */
export { concatenate as concat };

/**
 * Arrays of one shape along a new axis (the first). Returns a copy, or `out`.
 *
 * @example
 * stack([[1, 2], [3, 4]], 1) // [[1. 3.] [2. 4.]]
 */
export const stack = function (arrays: readonly ArrayLike[], axis = 0, options?: JoinOptions) {
  checkPlace(axis, STACK);
  const given = STACK.read(options, arguments.length);
  using work = new Temporaries("stack");
  const list = arraysOf(arrays, work);
  if (list.length === 0) throw new ValueError("need at least one array to stack");
  if (list.some((array) => !sameShape(shapeOf(array), shapeOf(list[0]))))
    throw new ShapeError("all input arrays must have the same shape");
  const place = checkAxis(axis, list[0].ndim + 1);
  return join(
    list.map((array) => withAxis(asIs(array), place)),
    place,
    given,
    work,
  );
} as Join<[axis?: number]>;

// Adds axes of length 1 as `atleast1d`, `atleast2d` and `atleast3d` do.
function atLeast(array: NDArray, places: readonly (readonly number[])[]): Part {
  return (places[array.ndim] ?? []).reduce(withAxis, asIs(array));
}

// The stacks along an axis of their own: how an array becomes a part, and the axis, which the parts may decide.
function stacking(name: string, part: (array: NDArray) => Part, axisOf: (parts: readonly Part[]) => number): Join<[]> {
  const signature = takes(`${name}(arrays)`, JOIN, `pass a list: ${name}([a, b])`);
  return function (arrays: readonly ArrayLike[], options?: JoinOptions) {
    const given = signature.read(options, arguments.length);
    using work = new Temporaries(name);
    const parts = arraysOf(arrays, work).map(part);
    return join(parts, axisOf(parts), given, work);
  } as Join<[]>;
}

/** Arrays above each other: along the first axis, one-dimensional ones as rows. Returns a copy, or `out`. */
export const vstack: Join<[]> = stacking(
  "vstack",
  (array) => atLeast(array, [[0, 1], [0]]),
  () => 0,
);

/** Arrays beside each other: along the second axis, one-dimensional ones along the first. Returns a copy, or `out`. */
export const hstack: Join<[]> = stacking(
  "hstack",
  (array) => atLeast(array, [[0]]),
  (parts) => (parts[0]?.shape.length === 1 ? 0 : 1),
);

/** Arrays behind each other: along the third axis. Returns a copy, or `out`. */
export const dstack: Join<[]> = stacking(
  "dstack",
  (array) => atLeast(array, [[0, 1, 2], [0, 2], [2]]),
  () => 2,
);

/**
 * One-dimensional arrays as columns beside each other; two-dimensional ones as they are. Returns a copy. NumPy:
 * `column_stack`.
 */
export const columnStack: Join<[]> = stacking(
  "columnStack",
  (array) => atLeast(array, [[0, 1], [1]]),
  () => 1,
);

/** Values behind an array along an axis; without one, the elements of both in row-major order. Returns a copy. */
export function append<const A extends ArrayLike, const V extends ArrayLike>(
  a: A,
  values: V,
  axis: number | null = null,
): NDArray<Promote<DTypeOf<A>, DTypeOf<V>>> {
  APPEND.count(arguments.length);
  using work = new Temporaries("append");
  const out = join(arraysOf([a, values], work).map(asIs), axis, {}, work);
  return out as unknown as NDArray<Promote<DTypeOf<A>, DTypeOf<V>>>; // the dtype that both codes promoted to
}

// Views of the stretches between cuts along an axis. As in Python a cut may be negative or lie behind the end.
function pieces<D extends DType>(a: NDArray<D>, cuts: readonly number[], axis: number): NDArray<D>[] {
  const along = checkAxis(axis, a.ndim),
    length = shapeOf(a)[along];
  const at = cuts.map((cut) => Math.min(Math.max(cut < 0 ? cut + length : cut, 0), length));
  return [0, ...at].map((from, i) => {
    const count = Math.max((i < at.length ? at[i] : length) - from, 0);
    return viewOf(
      a,
      a.descr,
      shapeOf(a).with(along, count),
      stridesOf(a),
      a.offset + (count > 0 ? from * stridesOf(a)[along] : 0),
    );
  });
}

/** The most arrays that one call makes: each is an object of its own. */
const MOST = 2 ** 20;

// Where to cut: integers in a list, a typed array or an array.
function cutsOf(sections: unknown): number[] {
  refuseStranger(sections);
  const cuts = listOf(sections instanceof NDArray ? toTypedArray(sections) : sections, "sections", MOST);
  return cuts.map(asIndex);
}

/**
 * The parts of an array along an axis: so many, the first ones one longer where they cannot be equal, or cut before
 * these indices. Returns views. NumPy: `array_split`.
 */
export function arraySplit<D extends DType>(
  a: NDArray<D> | ArrayLike,
  sections: number | readonly number[],
  axis = 0,
): NDArray<D>[] {
  ARRAY_SPLIT.count(arguments.length);
  if (!isArray(a)) return ofList(ARRAY_SPLIT, a, (x: NDArray<D>) => arraySplit(x, sections, axis));
  if (typeof sections === "object") return pieces(a, cutsOf(sections), axis);
  const parts = asIndex(sections);
  if (parts > MOST) throw new ValueError(`${parts} parts are too many: at most ${MOST} arrays are made at once`);
  if (parts <= 0) throw new ValueError("number sections must be larger than 0.");
  const length = shapeOf(a)[checkAxis(axis, a.ndim)],
    each = Math.floor(length / parts),
    longer = length % parts;
  return pieces(
    a,
    Array.from({ length: parts - 1 }, (_, i) => (i + 1) * each + Math.min(i + 1, longer)),
    axis,
  );
}

/** The equal parts of an array along an axis, or the parts cut before these indices. Returns views. */
export function split<D extends DType>(
  a: NDArray<D> | ArrayLike,
  sections: number | readonly number[],
  axis = 0,
): NDArray<D>[] {
  SPLIT.count(arguments.length);
  if (!isArray(a)) return ofList(SPLIT, a, (x: NDArray<D>) => split(x, sections, axis));
  if (typeof sections !== "object" && shapeOf(a)[checkAxis(axis, a.ndim)] % asIndex(sections) !== 0) {
    throw new ValueError("array split does not result in an equal division");
  }
  return arraySplit(a, sections, axis);
}

/** `split` from left to right: along the second axis, or the only one. Returns views. */
export function hsplit<D extends DType>(a: NDArray<D> | ArrayLike, sections: number | readonly number[]): NDArray<D>[] {
  HSPLIT.count(arguments.length);
  if (!isArray(a)) return ofList(HSPLIT, a, (x: NDArray<D>) => hsplit(x, sections));
  if (a.ndim === 0) throw new ValueError("hsplit only works on arrays of 1 or more dimensions");
  return split(a, sections, a.ndim > 1 ? 1 : 0);
}

/** `split` from top to bottom: along the first axis of two or more. Returns views. */
export function vsplit<D extends DType>(a: NDArray<D> | ArrayLike, sections: number | readonly number[]): NDArray<D>[] {
  VSPLIT.count(arguments.length);
  if (!isArray(a)) return ofList(VSPLIT, a, (x: NDArray<D>) => vsplit(x, sections));
  if (a.ndim < 2) throw new ValueError("vsplit only works on arrays of 2 or more dimensions");
  return split(a, sections, 0);
}

/** The items along an axis (the first). Returns views. */
export function unstack<D extends DType>(a: NDArray<D> | ArrayLike, axis = 0): NDArray<D>[] {
  UNSTACK.count(arguments.length);
  if (!isArray(a)) return ofList(UNSTACK, a, (x: NDArray<D>) => unstack(x, axis));
  if (a.ndim === 0) throw new ValueError("Input array must be at least 1-d.");
  const along = checkAxis(axis, a.ndim),
    shape = shapeOf(a).toSpliced(along, 1),
    strides = stridesOf(a).toSpliced(along, 1);
  return Array.from({ length: shapeOf(a)[along] }, (_, i) =>
    viewOf(a, a.descr, shape, strides, a.offset + i * stridesOf(a)[along]),
  );
}
