import { apply, define, maskOf, own, UFUNC, type UfuncOptions } from "./call.js";
import { copyKernel, scalarSlot, selectKernel, slot } from "./cast.js";
import { type ArrayLike, copyAs, copyInto, type DTypeOf, toArray } from "./convert.js";
import { boxAt, core, words } from "./core.js";
import { byCode, type Casting, canCast, type Descr, type DType, dtypes, finfo, promoteCodes } from "./dtype.js";
import { ArgumentError, DTypeError, ShapeError, ValueError } from "./errors.js";
import { broadcastShapes, broadcastStrides, shapeText } from "./layout.js";
import { Lazy } from "./lazy.js";
import { separate } from "./loans.js";
import { drop, make, NDArray, viewOf, writable } from "./ndarray.js";
import { areOneRun, finish } from "./op.js";
import { takes } from "./options.js";
import { harmfulOverlap, overlapsItself } from "./overlap.js";
import type { PromoteOperands } from "./promote.js";
import { checkElement, codeOfScalar, isScalar, type ScalarLike, weakCode, writeElement } from "./scalar.js";
import { shown } from "./shown.js";
import type { TernaryUfunc, UnaryUfunc } from "./signatures.js";
import { divide, hypot, maximum, minimum, multiply, rint } from "./ufuncs.js";
import { begin, condition, operand, run, transfer } from "./walk.js";

// Elementwise functions with more to them than a kernel: choosing, limiting, replacing.

const WHERE = takes("where(condition, x, y)"),
  CLIP = takes("clip(x, low, high)", UFUNC),
  NAN_TO_NUM = takes("nanToNum(x)", { copy: "boolean", nan: "number", posinf: "number?", neginf: "number?" }),
  ABSOLUTE = takes("absolute(x)", UFUNC),
  CONJUGATE = takes("conjugate(x)", UFUNC),
  ROUND = takes("round(x, decimals)", { out: "out?", decimals: "integer" }),
  COPYTO = takes("copyto(target, values)", { where: "array", casting: "casting" });

/**
 * The elements of x where the condition is true and of y elsewhere. Returns a copy, in the dtype both promote to.
 * Allocates the result and nothing else: operands of other dtypes or shapes are prepared by tiles.
 */
export function where<const X extends ArrayLike, const Y extends ArrayLike>(
  condition: ArrayLike,
  x: X,
  y: Y,
): NDArray<PromoteOperands<X, Y>>;
export function where(test: ArrayLike, x: ArrayLike, y: ArrayLike): NDArray<DType> {
  WHERE.count(arguments.length);
  const made: NDArray[] = [];
  const value = (v: ArrayLike): NDArray | ScalarLike => {
    if (isScalar(v)) return v;
    const [array, temporary] = toArray(v, "where");
    if (temporary) made.push(array);
    return array;
  };
  try {
    const [c, a, b] = [value(test), value(x), value(y)];
    const code = commonCode(a, b);
    const shape = broadcastShapes(...[c, a, b].map((v) => (v instanceof NDArray ? v.shape : [])));
    const out = make(shape, byCode[code], "where");
    begin(shape);
    operand(out.buffer.pointer, out.strides, code);
    addValue(a, 1, code, shape, operand);
    addValue(b, 2, code, shape, operand);
    addValue(c, 3, dtypes.bool.code, shape, condition);
    run(selectKernel, code, code);
    finish("where", [c, a, b], out);
    return out;
  } finally {
    for (const array of made) drop(array, "operation");
  }
}

function commonCode(a: NDArray | ScalarLike, b: NDArray | ScalarLike): number {
  if (a instanceof NDArray)
    return promoteCodes(a.descr.code, b instanceof NDArray ? b.descr.code : weakCode(b, a.descr.code));
  return b instanceof NDArray
    ? promoteCodes(weakCode(a, b.descr.code), b.descr.code)
    : promoteCodes(codeOfScalar(a), codeOfScalar(b));
}

function addValue(
  v: NDArray | ScalarLike,
  k: number,
  code: number,
  shape: readonly number[],
  add: typeof operand,
): void {
  if (v instanceof NDArray)
    return add(v.buffer.pointer + v.offset, broadcastStrides(v.shape, v.strides, shape)!, v.descr.code);
  writeElement(code, scalarSlot(k), v);
  add(scalarSlot(k), new Array<number>(shape.length).fill(0), code);
}

const clipOp = define("clip", "any", null, "clip");

/**
 * The elements limited to low … high; `null` leaves an end open. Where low > high the result is high, and NaN wins.
 * Returns a copy, or `out`.
 */
export const clip = function (
  x: ArrayLike | Lazy,
  low: ArrayLike | Lazy | null,
  high: ArrayLike | Lazy | null,
  options?: UfuncOptions,
): NDArray<DType> | Lazy<DType> {
  CLIP.count(arguments.length);
  if (low === null && high === null) throw new ValueError("One of max or min must be given");
  // No overload of theirs takes what may be lazy or not; they do.
  if (low === null) return minimum(x as ArrayLike, high as ArrayLike, options);
  if (high === null) return maximum(x as ArrayLike, low as ArrayLike, options);
  return apply(clipOp, [x, low, high], options);
} as TernaryUfunc<"any">;

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
  const [a, made] = toArray(x, "nanToNum");
  let copied: NDArray<DType> | null = null;
  try {
    if (!copy && !made) writable(a);
    const out = copy || made ? make(a.shape, a.descr, "nanToNum") : a;
    const real = realDescr(a.descr);
    if (real.kind !== "f") {
      if (out !== a) {
        copyInto(out, a);
        finish("nanToNum", [a], out);
      }
      return out as unknown as NDArray<DTypeOf<X>>;
    }
    const code = real.name === "float16" ? dtypes.float32.code : real.code,
      limits = finfo(real.name),
      at = slot("limits");
    const values = [nan, options.posinf ?? limits.max, options.neginf ?? limits.min];
    for (let i = 0; i < 3; i++) writeElement(code, at + i * byCode[code].itemsize, values[i]);
    const parts = a.descr.kind === "c" ? [2] : [],
      step = parts.map(() => real.itemsize);
    // What was replaced must not be met a second time.
    const from = out === a && overlapsItself(a) ? copyAs(a, a.dtype, "nanToNum", "overlap") : a;
    if (from !== a) copied = from;
    separate(out.buffer);
    begin([...a.shape, ...parts]);
    operand(out.buffer.pointer + out.offset, [...out.strides, ...step], real.code);
    operand(from.buffer.pointer + from.offset, [...from.strides, ...step], real.code);
    run(
      (loop) => {
        words[8] = at;
        core.nanToNum(loop, boxAt);
      },
      code,
      code,
    );
    finish("nanToNum", [a], out);
    return out as unknown as NDArray<DTypeOf<X>>;
  } finally {
    if (made) drop(a, "operation");
    if (copied !== null) drop(copied, "operation");
  }
}

function realDescr(descr: Descr): Descr {
  return descr.kind === "c" ? byCode[descr.code - 2] : descr;
}

const absoluteOp = define("absolute", "ordered", null, "absolute");

/** The distances from 0; of complex numbers as reals. The lowest integer of a dtype stays itself. Also `abs`. */
export const absolute = function (x: ArrayLike | Lazy, options?: UfuncOptions): NDArray<DType> | Lazy<DType> {
  ABSOLUTE.count(arguments.length);
  if (x instanceof Lazy) {
    if (x.descr.kind !== "c") return apply(absoluteOp, [x], options);
    throw new DTypeError("absolute of a complex lazy expression is not elementwise in its parts: evaluate() it first");
  }
  const [a, made] = toArray(x, "absolute");
  try {
    if (a.descr.kind !== "c") return apply(absoluteOp, [a], options);
    const real = realDescr(a.descr),
      re = viewOf(a, real, a.shape, a.strides, a.offset);
    const im = viewOf(a, real, a.shape, a.strides, a.offset + real.itemsize);
    try {
      return hypot(re, im, options);
    } finally {
      drop(re, "operation");
      drop(im, "operation");
    }
  } finally {
    if (made) drop(a, "operation");
  }
} as UnaryUfunc<"ordered", "magnitude">;

/** The complex conjugates; real numbers stay as they are. Returns a copy. Also `conj`. */
export const conjugate = function (x: ArrayLike | Lazy, options?: UfuncOptions): NDArray<DType> | Lazy<DType> {
  CONJUGATE.count(arguments.length);
  return apply(conjugateOp, [x], options);
} as UnaryUfunc<"counted">;
const conjugateOp = define("conjugate", "counted", null, (code, box) =>
  code < dtypes.complex64.code ? copyKernel(code, box) : core.conjugate(code, box),
);

/** What `round` takes. */
export interface RoundOptions<D extends DType = DType> {
  /** The array to write into; it is also returned. It must have the array's shape. */
  out?: NDArray<D>;
  /** How many decimals, where they are not given by position: 0. */
  decimals?: number;
}

/**
 * The elements rounded to a number of decimals (0), halves to the even digit; integers stay as they are unless
 * `decimals` is negative. Returns a copy, or `out`. Also `around`.
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
): NDArray<DTypeOf<X>>;
export function round(x: ArrayLike, decimals?: number | RoundOptions, options?: RoundOptions): NDArray<DType> {
  const early = typeof decimals === "object" && options === undefined;
  const given = ROUND.read(early ? (decimals ?? undefined) : options, arguments.length); // `read` checks what it is
  if (!early && decimals !== undefined && given.decimals !== undefined)
    throw new ArgumentError("round() got decimals twice: by position and as an option");
  const places = given.decimals ?? (early ? 0 : (decimals ?? 0));
  if (!Number.isSafeInteger(places)) throw new ValueError(`round() takes an integer as decimals, not ${shown(places)}`);
  const rounded = roundedTo(x, places as number); // an integer
  if (given.out === undefined) return rounded;
  try {
    copyto(given.out, rounded);
    return given.out;
  } finally {
    drop(rounded, "operation");
  }
}

function roundedTo<const X extends ArrayLike>(x: X, decimals: number): NDArray<DTypeOf<X>> {
  const [a, made] = toArray(x, "round");
  try {
    if (a.descr.kind !== "f" && a.descr.kind !== "c" && decimals >= 0)
      return copyAs(a, a.dtype, "round", "requested") as unknown as NDArray<DTypeOf<X>>;
    const power = 10 ** Math.abs(decimals),
      [up, down] = decimals < 0 ? [divide, multiply] : [multiply, divide];
    if (decimals === 0) return own(rint(a)) as unknown as NDArray<DTypeOf<X>>;
    const out = up(a, power);
    rint(out, { out });
    down(out, power, { out });
    return own(castBack(out, a)) as unknown as NDArray<DTypeOf<X>>;
  } finally {
    if (made) drop(a, "operation");
  }
}

// Integers were rounded as float64.
function castBack(out: NDArray<DType>, like: NDArray<DType>): NDArray<DType> {
  if (out.dtype === like.dtype) return out;
  try {
    return copyAs(out, like.dtype, "round", "dtype");
  } finally {
    drop(out, "operation");
  }
}

/** What `copyto` takes. */
export interface CopytoOptions {
  /** Only elements where this bool array is true are written. */
  where?: ArrayLike;
  casting?: Casting;
}

/**
 * Writes values into an array, broadcasting and casting them; allocates nothing unless they overlap it. Errors: a
 * read-only target, shapes that do not broadcast, a cast that `casting` (`same_kind`) forbids.
 */
export function copyto(target: NDArray<DType>, values: ArrayLike, options?: CopytoOptions): void {
  const { where: selected, casting = "same_kind" } = COPYTO.read(options, arguments.length);
  writable(target);
  const made: NDArray[] = [];
  try {
    let only = selected === undefined || selected === true ? null : maskOf(selected, "copyto", made);
    if (only && broadcastStrides(only.shape, only.strides, target.shape) === null) throw cannotBroadcast(only, target);
    const oneRun = areOneRun([only, values], target.shape);
    if (only && harmfulOverlap(only, target, oneRun)) {
      only = copyAs(only, "bool", "copyto", "overlap") as unknown as NDArray;
      made.push(only);
    }
    if (isScalar(values)) {
      checkCast(byCode[weakCode(values, target.descr.code)].name, target, casting);
      checkElement(values, target.descr.code);
      writeElement(target.descr.code, scalarSlot(1), values);
      separate(target.buffer);
      write(target, scalarSlot(1), new Array<number>(target.ndim).fill(0), target.descr.code, only);
      return finish("copyto", [only], target);
    }
    const [given, temporary] = toArray(values, "copyto");
    if (temporary) made.push(given);
    checkCast(given.dtype, target, casting);
    if (broadcastStrides(given.shape, given.strides, target.shape) === null) throw cannotBroadcast(given, target);
    const source = harmfulOverlap(given, target, oneRun) ? copyAs(given, given.dtype, "copyto", "overlap") : given;
    if (source !== given) made.push(source);
    const strides = broadcastStrides(source.shape, source.strides, target.shape)!;
    separate(target.buffer);
    write(target, source.buffer.pointer + source.offset, strides, source.descr.code, only);
    finish("copyto", [source, only], target);
  } finally {
    for (const array of made) drop(array, "operation");
  }
}

function checkCast(from: DType, target: NDArray<DType>, casting: Casting): void {
  if (canCast(from, target.dtype, casting)) return;
  throw new DTypeError(
    `Cannot cast array data from dtype('${from}') to dtype('${target.dtype}') according to the rule '${casting}'`,
  );
}

function cannotBroadcast(source: NDArray<DType>, target: NDArray<DType>): ShapeError {
  return new ShapeError(
    `could not broadcast input array from shape ${shapeText(source.shape)} into shape ${shapeText(target.shape)}`,
  );
}

// Where a mask selects, the target is also the other choice: one pass and no scratch.
function write(
  target: NDArray<DType>,
  at: number,
  strides: readonly number[],
  code: number,
  only: NDArray | null,
): void {
  const into = target.buffer.pointer + target.offset,
    own = target.descr.code;
  begin(target.shape);
  operand(into, target.strides, own);
  operand(at, strides, code);
  if (only === null) return transfer();
  operand(into, target.strides, own);
  condition(
    only.buffer.pointer + only.offset,
    broadcastStrides(only.shape, only.strides, target.shape)!,
    only.descr.code,
  );
  run(selectKernel, own, own);
}

export { absolute as abs, conjugate as conj, round as around };
