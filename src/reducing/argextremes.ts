import { type ArrayLike, copyInto } from "../array/convert.js";
import { addressOf, checkOut, close, open } from "../array/destination.js";
import { make, type NDArray, readElement, shapeOf, stridesOf, writable } from "../array/ndarray.js";
import { takes } from "../array/options.js";
import { mayMeet, overlapsItself } from "../array/overlap.js";
import { Temporaries } from "../array/temporaries.js";
import {
  type Complex,
  cannotCast,
  computedDescr,
  type DType,
  dtypes,
  isInexact,
  isStorageOnly,
} from "../base/dtype.js";
import { ValueError } from "../base/errors.js";
import { checkAxis, checkInt32, isOfNone, shapeText } from "../base/layout.js";
import { area, CALL, packOut, packX, runBox, setBox, setOut, setX, slot, slots, TILE } from "../core/box.js";
import { cast } from "../core/boxes.js";
import { reducing } from "../core/chapters/reducing.js";
import { view } from "../core/instance.js";
import { listener, notify } from "../heap/listener.js";
import { arrange, eachIndex } from "../loops/axes.js";
import { eachLane, without } from "../loops/lanes.js";

// argmin and argmax. Along an axis that fits one call the kernel answers for many rows at once; a longer one is cut
// into pieces, whose winners are compared here.

/** What `argmax` and `argmin` take after the axis. */
export interface ArgOptions {
  /** Whether the reduced axis stays, with length 1. */
  keepdims?: boolean;
  /** The int32 array to write into; it is also returned. */
  out?: NDArray<"int32">;
}

/** `argmax` or `argmin` as it is called. */
export interface ArgFunction {
  (a: ArrayLike, axis?: null, options?: { keepdims?: false; out?: undefined }): number;
  (a: ArrayLike, axis: number | null | undefined, options?: ArgOptions): NDArray<"int32">;
}

/**
 * The index of the largest element, in row-major order or along an axis; the first of equals, and the first NaN.
 *
 * @example
 * argmax([3, 9, 2]) // 1
 */
export const argmax = winner("argmax", (x, y) => x > y);
/** The index of the smallest element, in row-major order or along an axis; the first of equals, and the first NaN. */
export const argmin = winner("argmin", (x, y) => x < y);

type Item = number | bigint | boolean | Complex;
type Beats = (x: number | bigint | boolean, y: number | bigint | boolean) => boolean;

type Name = "argmax" | "argmin";

function winner(name: Name, beats: Beats, leavesNaN = false): ArgFunction {
  const signature = takes(`${name}(a, axis)`, { keepdims: "boolean", out: "out?" });
  return function (x: ArrayLike, axis?: number | null, options?: ArgOptions) {
    const { keepdims = false, out } = signature.read(options, arguments.length);
    using work = new Temporaries(name);
    const a = work.array(x),
      { along, shape } = checked(a, name, axis, keepdims, out);
    if (out) {
      open(out);
      close(name, [a], out);
    } else if (listener !== null) notify(name, a.buffer, null, null);
    const seek: Seek = { a, name, kernel: leavesNaN && isInexact(a.descr) ? `nan${name}` : name, beats };
    if (along === null) return whole(seek, keepdims || out ? (out ?? make(shape, dtypes.int32, name)) : null);
    const apart = out !== undefined && (mayMeet(a, out) || overlapsItself(out)),
      result = apart || !out ? make(shape, dtypes.int32, name, apart ? "overlap" : null) : out;
    alongAxis(seek, along, result, keepdims);
    if (!apart) return result;
    copyInto(out, work.use(result));
    return out;
  } as ArgFunction;
}

/** `argmax` or `argmin` that leaves NaN out: -1 where there is nothing else. @internal */
export const presentArg = {
  argmax: winner("argmax", (x, y) => x > y, true),
  argmin: winner("argmin", (x, y) => x < y, true),
} as const;

/** What is asked for, checked: the axis, or null for all, and the shape of the indices. @internal */
export function checked(
  a: NDArray<DType>,
  name: Name,
  axis: number | null | undefined,
  keepdims: boolean,
  out: NDArray<"int32"> | undefined,
): { along: number | null; shape: number[] } {
  const along = axis === null || axis === undefined || isOfNone(axis, a.ndim) ? null : checkAxis(axis, a.ndim);
  const shape = shapeOf(a).flatMap((n, i) => (along === null || i === along ? (keepdims ? [1] : []) : [n]));
  const n = along === null ? a.size : shapeOf(a)[along];
  if (n === 0) throw new ValueError(`attempt to get ${name} of an empty sequence`);
  if (along !== null || keepdims || out) checkInt32(n, name);
  if (out) checkFit(out, shape);
  return { along, shape };
}

/** What is sought where: NaN forms have kernels of their own. */
interface Seek {
  readonly a: NDArray<DType>;
  readonly name: Name;
  readonly kernel: Name | `nan${Name}`;
  readonly beats: Beats;
}

function checkFit(out: NDArray<DType>, shape: readonly number[]): void {
  writable(out, "output array");
  if (out.dtype !== "int32") throw cannotCast("int32", out.dtype, "safe");
  checkOut(out, shape, (got) => {
    const texts = `${shapeText(got)} for ${shapeText(shape)}`;
    return new ValueError(`output array does not match result of np.argmax: ${texts}`);
  });
}

// The best element so far, and its index.
class Best {
  index = -1;
  value: Item = 0;
  constructor(readonly seek: Seek) {}

  /** Takes n elements from an address on, `step` bytes apart, the first of which has the index `first`. */
  take(at: number, step: number, n: number, first: number): void {
    const { a, beats } = this.seek,
      most = isStorageOnly(a.descr) ? TILE : CALL;
    for (let done = 0; done < n; done += most) {
      const count = Math.min(most, n - done),
        k = this.piece(at + done * step, step, count);
      if (k < 0) continue;
      const value = readElement(a.descr, at + (done + k) * step);
      if (this.index >= 0 && !better(value, this.value, beats)) continue;
      this.index = first + done + k;
      this.value = value;
    }
  }

  private piece(at: number, step: number, n: number): number {
    runRows(this.seek, 1, n, at, 0, step, slot(slots.result), 0);
    return view.getInt32(slot(slots.result), true);
  }
}

function runRows(
  { a, kernel }: Seek,
  m: number,
  n: number,
  at: number,
  row: number,
  step: number,
  out: number,
  outRow: number,
): void {
  let code = a.descr.code;
  setBox(m, n);
  setX(at, row, step);
  if (isStorageOnly(a.descr)) {
    const { code: wide, itemsize } = computedDescr(a.descr);
    packOut(area(1), itemsize);
    cast(code, wide);
    packX(area(1), itemsize);
    code = wide;
  }
  setOut(out, outRow, 0);
  runBox(reducing.kernels[kernel], code);
}

function better(x: Item, y: Item, beats: Beats): boolean {
  if (isNaNItem(y)) return false;
  if (isNaNItem(x)) return true;
  if (typeof x !== "object" || typeof y !== "object") return beats(x as number, y as number);
  return x.re === y.re ? beats(x.im, y.im) : beats(x.re, y.re);
}
function isNaNItem(x: Item): boolean {
  return typeof x === "object" ? Number.isNaN(x.re) || Number.isNaN(x.im) : Number.isNaN(x as number);
}

function whole(seek: Seek, out: NDArray<"int32"> | null): number | NDArray<"int32"> {
  const { a } = seek,
    best = new Best(seek),
    start = addressOf(a);
  if (a.contiguous) best.take(start, a.itemsize, a.size, 0);
  else {
    const at = [start],
      axes = arrange(shapeOf(a), [stridesOf(a)], at),
      last = axes.lengths.length - 1,
      length = axes.lengths[last];
    let first = 0;
    eachIndex(axes, last, at, () => {
      best.take(at[0], axes.steps[0][last], length, first);
      first += length;
    });
  }
  if (out === null) return best.index;
  view.setInt32(addressOf(out), best.index, true);
  return out;
}

function alongAxis(seek: Seek, axis: number, out: NDArray<"int32">, keepdims: boolean): void {
  if (out.size === 0) return;
  const { a } = seek,
    n = shapeOf(a)[axis],
    step = stridesOf(a)[axis],
    most = isStorageOnly(a.descr) ? TILE : CALL,
    to = keepdims ? without(stridesOf(out), axis) : stridesOf(out);
  eachLane(
    without(shapeOf(a), axis),
    [addressOf(a), addressOf(out)],
    [without(stridesOf(a), axis), to],
    most / n,
    (lanes, at, next) => {
      if (n <= most) return runRows(seek, lanes, n, at[0], next[0], step, at[1], next[1]);
      const best = new Best(seek);
      best.take(at[0], step, n, 0);
      view.setInt32(at[1], best.index, true);
    },
  );
}
