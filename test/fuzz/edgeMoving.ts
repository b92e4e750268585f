import type { Generator } from "./edgeCalls.js";
import {
  type Arg,
  array,
  arrayLike,
  axes,
  axis,
  besideShape,
  type Draw,
  DTYPES,
  dtypeOf,
  integer,
  integers,
  none,
  number,
  ofArray,
  plain,
  scalar,
  shapeOf,
  sizeOf,
  told,
  tuple,
} from "./edgeValues.js";

// How functions are called that take arrays apart, turn them, put them together, and pick from them.

const INDEX = ["int8", "int32", "int64", "uint8", "uint32"] as const;

const only =
  (f: string): Generator =>
  (d) => ({ f, args: [arrayLike(d)] });

/** A permutation of axes, or what is none. */
function order(d: Draw, ndim: number): Arg {
  const list = Array.from({ length: ndim }, (_, i) => i).sort(() => d.below(3) - 1);
  if (d.once(8)) return d.of([none, tuple([0]), tuple([0, 0]), tuple([1, 0]), tuple([])]);
  return tuple(list.map((k) => (d.once(3) ? k - ndim : k)));
}

/** A position that is no integer, at times: NumPy refuses it, or takes it. */
function position(d: Draw, length: number): Arg {
  if (d.once(14)) return number(d.of([0.5, NaN, -1.5, Infinity]));
  if (d.once(10)) return integer(d.of([length, -length - 1, 2n ** 20n, 99]));
  return integer(length === 0 ? 0 : d.below(2 * length) - length);
}
function positions(d: Draw, length: number): Arg {
  if (d.once(3)) return position(d, length);
  const list = d.many(d.below(4), () => (length === 0 ? 0 : d.below(2 * length) - length));
  if (d.once(8)) list.push(d.of([length, -length - 1, 0.5]));
  if (d.once(4) && list.every(Number.isInteger)) {
    const a = arrayOfIndices(d, list);
    if (a !== null) return a;
  }
  return integers(list);
}
function arrayOfIndices(d: Draw, list: readonly number[]): Arg | null {
  const dtype = d.of(INDEX);
  if (dtype.startsWith("u") && list.some((i) => i < 0)) return null;
  const a = array(d, "bool", [0]);
  return list.length === 0 ? ofArray(a.astype(dtype)) : { ...ofArrayOf(list, dtype) };
}
function ofArrayOf(list: readonly number[], dtype: (typeof INDEX)[number]): Arg {
  const a = plainArray(list, dtype);
  return { given: a, told: told(a) };
}

import { array as make, NDArray } from "nbytes";

const plainArray = (list: readonly number[], dtype: (typeof INDEX)[number]): ReturnType<typeof array> =>
  make(dtype.endsWith("64") ? list.map(BigInt) : [...list], { dtype }) as unknown as ReturnType<typeof array>;

function sections(d: Draw, length: number): Arg {
  if (d.once(2))
    return d.once(8) ? number(d.of([0.5, NaN, 2.5])) : integer(d.of([1, 2, 3, 0, -1, length || 1, length + 2]));
  return integers(d.many(d.below(4), () => d.of([0, 1, 2, length, length + 3, -1, -2])));
}
const splitting =
  (f: string, withAxis: boolean): Generator =>
  (d) => {
    const shape = shapeOf(d),
      along = withAxis && d.once(2) ? [axis(d, shape.length, false)] : [];
    return { f, args: [arrayLike(d, DTYPES, shape), sections(d, shape[0] ?? 2), ...along] };
  };

/** Arrays that go together, mostly. */
function parts(d: Draw, stack: boolean): Arg {
  const shape = shapeOf(d, 1),
    dtype = dtypeOf(d),
    vary = d.below(Math.max(shape.length, 1));
  const list = d.many(d.once(9) ? 0 : 1 + d.below(3), () => {
    const own = shape.map((n, k) => (!stack && k === vary ? d.below(3) : n));
    return arrayLike(d, d.once(2) ? [dtype] : DTYPES, d.once(12) ? shapeOf(d) : own);
  });
  return { given: list.map((x) => x.given), told: { l: list.map((x) => x.told) } };
}
const joining =
  (f: string, stack: boolean, withAxis: boolean): Generator =>
  (d) => {
    const args = [parts(d, stack)];
    if (withAxis && d.once(2)) args.push(d.once(6) && f !== "stack" ? none : integer(d.below(7) - 3));
    const options =
      d.once(6) && !(f === "column_stack" || f === "dstack")
        ? { dtype: plain(d.of(["complex128", "float64"])), casting: plain(d.of(["same_kind", "unsafe"])) }
        : null;
    return {
      f,
      args: options && withAxis && args.length === 1 ? [...args, integer(0)] : args,
      ...(options && { options }),
    };
  };

function picking(d: Draw): readonly [shape: readonly number[], x: Arg, along: Arg, length: number] {
  const shape = shapeOf(d),
    along = axis(d, shape.length);
  const k = along.given as number | null;
  return [shape, ofArray(array(d, dtypeOf(d), shape)), along, k === null ? sizeOf(shape) : (shape.at(k) ?? 1)];
}

function alongAxis(d: Draw, writes: boolean): ReturnType<Generator> {
  const shape = shapeOf(d, 1),
    x = ofArray(array(d, dtypeOf(d), shape)),
    k = d.below(shape.length || 1);
  const wide = shape.map((n, i) => (i === k ? d.below(3) : d.once(6) ? 1 : n)),
    length = shape[k] ?? 1;
  const list = d.many(sizeOf(wide), () => (length === 0 ? 0 : d.below(2 * length) - length));
  if (d.once(6) && list.length > 0) list[0] = length;
  const indices = plainArray(list.length === 0 ? [] : list, d.of(["int64", "int32", "int8"])).reshape(wide);
  const args = [x, { given: indices, told: told(indices) }];
  const along = integer(d.once(2) ? k : k - shape.length);
  if (!writes) return { f: "take_along_axis", args: [...args, along] };
  const values = d.once(2) ? scalar(d, true) : arrayLike(d, ["bool", "int8"], besideShape(d, wide), true);
  return { f: "put_along_axis", args: [...args, values, along], writes: true };
}

const turning: Readonly<Record<string, Generator>> = {
  reshape: (d) => {
    const shape = shapeOf(d),
      n = sizeOf(shape);
    const to = d.of([
      tuple([n]),
      tuple([-1]),
      integer(n),
      integer(-1),
      tuple([]),
      tuple([1, n]),
      tuple([n, 1]),
      tuple([2, -1]),
      tuple([-1, 0]),
      tuple([-1, -1]),
      tuple([3, -1, 1]),
      tuple([n, -1]),
      tuple([-2]),
    ]);
    const options = d.once(3) ? { order: plain(d.of(["C", "F"])) } : null;
    return { f: "reshape", args: [arrayLike(d, DTYPES, shape), to], ...(options && { options }) };
  },
  ravel: (d) => ({
    f: "ravel",
    args: [arrayLike(d)],
    ...(d.once(2) && { options: { order: plain(d.of(["C", "F"])) } }),
  }),
  flatten: only("flatten"),
  transpose: (d) => {
    const shape = shapeOf(d);
    return { f: "transpose", args: [arrayLike(d, DTYPES, shape), order(d, shape.length)] };
  },
  permuteDims: (d) => {
    const shape = shapeOf(d),
      axes = d.once(6) ? integer(d.of([0, -1, 1])) : order(d, shape.length);
    return { f: "permute_dims", args: [arrayLike(d, DTYPES, shape), axes] };
  },
  matrixTranspose: only("matrix_transpose"),
  swapaxes: (d) => {
    const shape = shapeOf(d);
    return {
      f: "swapaxes",
      args: [arrayLike(d, DTYPES, shape), axis(d, shape.length, false), axis(d, shape.length, false)],
    };
  },
  moveaxis: (d) => {
    const shape = shapeOf(d),
      args = d.once(2)
        ? [axis(d, shape.length, false), axis(d, shape.length, false)]
        : [order(d, shape.length), order(d, shape.length)];
    return args.includes(none) ? null : { f: "moveaxis", args: [arrayLike(d, DTYPES, shape), ...args] };
  },
  squeeze: (d) => {
    const shape = shapeOf(d);
    return { f: "squeeze", args: [arrayLike(d, DTYPES, shape), axes(d, shape.length)] };
  },
  expandDims: (d) => {
    const shape = shapeOf(d),
      k = d.once(2) ? axis(d, shape.length + 1, false) : tuple(d.many(d.below(3), () => d.below(7) - 3));
    return { f: "expand_dims", args: [arrayLike(d, DTYPES, shape), k] };
  },
  flip: (d) => {
    const shape = shapeOf(d);
    return { f: "flip", args: [arrayLike(d, DTYPES, shape), axes(d, shape.length)] };
  },
  fliplr: only("fliplr"),
  flipud: only("flipud"),
  rot90: (d) => ({
    f: "rot90",
    args: [
      arrayLike(d),
      integer(d.below(11) - 5),
      d.of([tuple([0, 1]), tuple([1, 0]), tuple([-1, 0]), tuple([0, 0]), tuple([0, 2]), tuple([0])]),
    ],
  }),
  broadcastTo: (d) => {
    const shape = shapeOf(d);
    return {
      f: "broadcast_to",
      args: [arrayLike(d, DTYPES, besideShape(d, shape)), d.once(8) ? integer(d.below(4)) : tuple(shape)],
    };
  },
  broadcastArrays: (d) => {
    const shape = shapeOf(d);
    return { f: "broadcast_arrays", args: d.many(d.below(4), () => arrayLike(d, DTYPES, besideShape(d, shape))) };
  },
  atleast1d: only("atleast_1d"),
  atleast2d: only("atleast_2d"),
  atleast3d: only("atleast_3d"),
  slidingWindowView: (d) => {
    const shape = shapeOf(d),
      x = arrayLike(d, DTYPES, shape);
    const window = d.once(3) ? integer(d.of([0, 1, 2, 3, 9, -1])) : tuple(shape.map((n) => d.below(n + 2)));
    if (d.once(2)) return { f: "sliding_window_view", args: [x, window] };
    const many = d.below(3);
    if (d.once(2)) return { f: "sliding_window_view", args: [x, window, axis(d, shape.length)] };
    return {
      f: "sliding_window_view",
      args: [x, tuple(d.many(many, () => d.below(3))), tuple(d.many(many, () => d.below(5) - 2))],
    };
  },
  diagonal: (d) => {
    const k = (): Arg => integer(d.below(7) - 3);
    return { f: "diagonal", args: d.once(2) ? [arrayLike(d), k()] : [arrayLike(d), k(), k(), k()] };
  },
  diag: (d) => ({ f: "diag", args: [arrayLike(d), integer(d.below(7) - 3)] }),
};

const together: Readonly<Record<string, Generator>> = {
  concatenate: joining("concatenate", false, true),
  concat: joining("concat", false, true),
  stack: joining("stack", true, true),
  vstack: joining("vstack", false, false),
  hstack: joining("hstack", false, false),
  dstack: joining("dstack", true, false),
  columnStack: joining("column_stack", true, false),
  append: (d) => {
    const shape = shapeOf(d),
      values = d.once(3) ? arrayLike(d) : arrayLike(d, DTYPES, shape);
    return { f: "append", args: [arrayLike(d, DTYPES, shape), values, axis(d, shape.length)] };
  },
  insert: (d) => {
    const [shape, x, along, length] = picking(d),
      at = positions(d, length),
      values = d.once(2)
        ? number(d.below(9), true)
        : arrayLike(d, ["int8", "bool", "float64"], besideShape(d, shape), true);
    // NumPy adds to positions in their own dtype.
    if (at.given instanceof NDArray && at.given.dtype !== "int64") return null;
    return { f: "insert", args: [x, at, values, along] };
  },
  delete: (d) => {
    const [, x, along, length] = picking(d),
      mask = ofArray(array(d, "bool", [d.once(6) ? length + 1 : length]));
    return { f: "delete", args: [x, d.once(5) ? mask : positions(d, length), along] };
  },
  tile: (d) => ({
    f: "tile",
    args: [
      arrayLike(d),
      d.once(2) ? integer(d.below(4) - (d.once(9) ? 1 : 0)) : tuple(d.many(d.below(4), () => d.below(3))),
    ],
  }),
  repeat: (d) => {
    const [, x, along, length] = picking(d),
      times = d.once(2)
        ? integer(d.below(4) - (d.once(9) ? 1 : 0))
        : integers(d.many(d.once(6) ? 1 : length, () => d.below(3)));
    return { f: "repeat", args: [x, d.once(16) ? number(1.5) : times, along] };
  },
  roll: (d) => {
    const shape = shapeOf(d),
      shift = d.once(3)
        ? tuple(d.many(d.below(3), () => d.below(9) - 4))
        : d.once(9)
          ? number(d.of([0.5, NaN, 1e300]))
          : integer(d.of([0, 1, -1, 2, 7, -7, 10n ** 12n, 2n ** 62n]));
    return { f: "roll", args: [arrayLike(d, DTYPES, shape), shift, axes(d, shape.length)] };
  },
  split: splitting("split", true),
  arraySplit: splitting("array_split", true),
  hsplit: splitting("hsplit", false),
  vsplit: splitting("vsplit", false),
  unstack: (d) => {
    const shape = shapeOf(d);
    return {
      f: "unstack",
      args: d.once(2) ? [arrayLike(d, DTYPES, shape)] : [arrayLike(d, DTYPES, shape), axis(d, shape.length, false)],
    };
  },
};

const picked: Readonly<Record<string, Generator>> = {
  take: (d) => {
    const [shape, x, along, length] = picking(d),
      options = d.once(2) ? { mode: plain(d.of(["raise", "wrap", "clip"])) } : null;
    // NumPy does not look at positions where there is nothing to take.
    if (sizeOf(shape) === 0 && length > 0) return null;
    return { f: "take", args: [x, positions(d, length), along], ...(options && { options }) };
  },
  put: (d) => {
    const [shape, x] = picking(d),
      options = d.once(2) ? { mode: plain(d.of(["raise", "wrap", "clip"])) } : null;
    const values = d.once(2) ? scalar(d, true) : arrayLike(d, ["bool", "int8", "uint8"], shapeOf(d), true);
    return { f: "put", args: [x, positions(d, sizeOf(shape)), values], ...(options && { options }), writes: true };
  },
  takeAlongAxis: (d) => alongAxis(d, false),
  putAlongAxis: (d) => alongAxis(d, true),
  compress: (d) => {
    const [shape, x, along, length] = picking(d),
      more = d.once(5) ? 1 : 0;
    // NumPy looks for no condition beyond the end of an array without elements.
    if (shape.includes(0) && more) return null;
    const lengths = d.once(9) && !shape.includes(0) ? shapeOf(d) : [Math.max(0, length - d.below(2) + more)];
    return { f: "compress", args: [arrayLike(d, DTYPES, lengths), x, along] };
  },
  extract: (d) => {
    const shape = shapeOf(d);
    return { f: "extract", args: [arrayLike(d, DTYPES, d.once(5) ? shapeOf(d) : shape), arrayLike(d, DTYPES, shape)] };
  },
  place: (d) => {
    const shape = shapeOf(d),
      x = ofArray(array(d, dtypeOf(d), shape)),
      mask = arrayLike(d, DTYPES, d.once(6) ? shapeOf(d) : shape);
    return {
      f: "place",
      args: [x, mask, d.once(3) ? number(d.below(9), true) : arrayLike(d, ["bool", "int8", "uint8"], shapeOf(d), true)],
      writes: true,
    };
  },
  nonzero: only("nonzero"),
  flatnonzero: only("flatnonzero"),
  argwhere: only("argwhere"),
};

/** Generators of calls. */
export const moving: Readonly<Record<string, Generator>> = { ...turning, ...together, ...picked };
