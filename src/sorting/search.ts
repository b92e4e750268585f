import { type ArrayLike, isArray, ofList } from "../array/convert.js";
import { addressOf, close, notifyOperation } from "../array/destination.js";
import { live, make, type NDArray, shapeOf, stridesOf } from "../array/ndarray.js";
import { takes } from "../array/options.js";
import { checkSameValue } from "../array/sameValue.js";
import { Temporaries } from "../array/temporaries.js";
import { byCode, type Descr, dtypes, promoteTypes } from "../base/dtype.js";
import { DTypeError, ValueError } from "../base/errors.js";
import { checkInt32 } from "../base/layout.js";
import { shown } from "../base/shown.js";
import {
  area,
  CALL,
  packOut,
  packX,
  runBox,
  setBox,
  setOut,
  setX,
  setY,
  setZ,
  slot,
  slots,
  TILE,
} from "../core/box.js";
import { cast } from "../core/boxes.js";
import { sorting } from "../core/chapters/sorting.js";
import { readElement } from "../core/element.js";
import { view } from "../core/instance.js";
import { codeOfScalar, fits, isOfKind, isScalar, type ScalarLike, writeElement } from "../core/scalar.js";
import { listener } from "../heap/listener.js";
import { inOrder } from "../loops/ordered.js";

/** What `searchsorted` takes. */
export interface SearchOptions {
  /** Whether to stand before elements that are equal, or after them. */
  side?: "left" | "right";
  /** Integers that would sort the array, which then need not be sorted: what `argsort` gives. */
  sorter?: ArrayLike | null;
}

/** `searchsorted` as it is called: a number for a JavaScript value, an array for anything else. */
export interface SearchFunction {
  (a: ArrayLike, v: ScalarLike, options?: SearchOptions): number;
  (a: ArrayLike, v: ArrayLike, options?: SearchOptions): NDArray<"int32">;
}

const SEARCHSORTED = takes("searchsorted(a, v)", { side: "string", sorter: "array?" });

/**
 * Where values would be put into a sorted array of one axis so that it stays sorted, NaN last. Returns an int32 array
 * of the shape of `v`, or a number. The two are compared in the dtype they promote to; the array is cast to it as a
 * whole, unless its own dtype holds all the values. Errors: a `ValueError` for an array that has not one axis, and for a
 * `sorter` of another length or with an index out of range.
 */
export const searchsorted = search as SearchFunction; // by v's type: what the overloads say

function search(a: ArrayLike, v: ArrayLike, options?: SearchOptions): number | NDArray<"int32"> {
  const { side = "left", sorter } = SEARCHSORTED.read(options, arguments.length);
  if (side !== "left" && side !== "right")
    throw new ValueError(`search side must be 'left' or 'right' (got ${shown(side)})`);
  if (!isArray(a)) return ofList(SEARCHSORTED, a, (x: NDArray) => search(x, v, options));
  live(a);
  if (a.ndim > 1) throw new ValueError("object too deep for desired array");
  if (a.ndim < 1) throw new ValueError("object of too small depth for desired array");
  checkInt32(a.size, "searchsorted");
  using work = new Temporaries("searchsorted");
  const order = sorter === undefined || sorter === null ? null : sorterOf(sorter, a.size, work),
    table = new Table(a as unknown as NDArray, order, side, work); // whatever its dtype
  return isScalar(v) ? table.place(v) : table.places(v);
}

function sorterOf(value: ArrayLike, size: number, work: Temporaries): NDArray {
  const given = work.array(value),
    made = given !== value;
  // Lists of JavaScript numbers are float64.
  const whole = "iu".includes(given.descr.kind) || (made && given.dtype === "float64" && holds(dtypes.int64, given));
  if (!whole) throw new DTypeError("sorter must only contain integers");
  if (given.ndim !== 1) throw new DTypeError("could not parse sorter argument");
  if (given.size !== size) throw new ValueError("sorter.size must equal a.size");
  if (given.dtype === "int32") return given;
  if (!holds(dtypes.int32, given)) throw outOfRange();
  return work.copy(given, "dtype", "int32");
}

function outOfRange(): ValueError {
  return new ValueError("Sorter index out of range.");
}

/** Whether a dtype holds all values of an array as they are. */
function holds(descr: Descr, values: NDArray): boolean {
  try {
    checkSameValue(values, descr);
    return true;
  } catch (error) {
    if (error instanceof ValueError) return false;
    throw error;
  }
}

/** Whether a dtype holds a JavaScript value as it is; writes it to an address to see. */
function holdsScalar(descr: Descr, value: ScalarLike, at: number): boolean {
  if (descr.kind === "b" && typeof value !== "boolean") return false;
  if (!isOfKind(value, descr.code) || !fits(value, descr.code)) return false;
  writeElement(descr.code, at, value);
  const read = readElement(descr, at);
  const [re, im] = typeof value === "object" ? [value.re, value.im] : [value, 0],
    [gotRe, gotIm] = typeof read === "object" ? [read.re, read.im] : [read, 0];
  return same(gotRe, re) && same(gotIm, im);
}
function same(x: number | bigint | boolean, y: number | bigint | boolean): boolean {
  // biome-ignore lint/suspicious/noDoubleEquals: a bigint and a number are equal if they are the same integer.
  return x == y || (Number.isNaN(x) && Number.isNaN(y));
}

/** A sorted array in which values are looked up. */
class Table {
  constructor(
    readonly a: NDArray,
    readonly order: NDArray | null,
    readonly side: "left" | "right",
    readonly work: Temporaries,
  ) {}

  /** The place of a JavaScript value. */
  place(value: ScalarLike): number {
    const { a } = this,
      at = slot(slots.constant);
    let descr = a.descr;
    if (!holdsScalar(descr, value, at)) {
      descr = dtypes[promoteTypes(a.dtype, byCode[codeOfScalar(value)].name)];
      writeElement(descr.code, at, value);
    }
    const sorted = this.#as(descr);
    setBox(1, 1);
    setOut(slot(slots.result), 0, 0);
    setX(at, 0, 0);
    this.#look(sorted);
    if (listener !== null) notifyOperation("searchsorted", [a], null, dtypes.int32);
    return view.getInt32(slot(slots.result), true);
  }

  /** The places of the values of an array or list. */
  places(values: ArrayLike): NDArray<"int32"> {
    const { a, work } = this,
      v = work.array(values);
    let descr: Descr = dtypes[promoteTypes(a.dtype, v.dtype)];
    if (descr !== a.descr && a.descr.kind !== "b" && v.size <= a.size && holds(a.descr, v)) descr = a.descr;
    const sorted = this.#as(descr),
      out = work.use(make(shapeOf(v), dtypes.int32, "searchsorted"));
    this.#fill(sorted, v, out); // throws for an index out of range
    close("searchsorted", [a, v], out);
    return work.release(out);
  }

  // Values of another dtype are cast by tiles.
  #fill(sorted: NDArray, v: NDArray, out: NDArray<"int32">): void {
    const { descr } = sorted,
      other = v.descr !== descr;
    inOrder(
      shapeOf(v),
      [addressOf(v), out.buffer.pointer],
      [stridesOf(v), stridesOf(out)],
      other ? TILE : CALL,
      -1,
      ({ rows, cols, at, row, col }) => {
        setBox(rows, cols);
        setX(at[0], row[0], col[0]);
        if (other) {
          packOut(area(1), descr.itemsize);
          cast(v.descr.code, descr.code);
          packX(area(1), descr.itemsize);
        }
        setOut(at[1], row[1], col[1]);
        this.#look(sorted);
      },
    );
  }

  // Looks up what the box holds.
  #look(sorted: NDArray): void {
    const { order, side } = this;
    setY(addressOf(sorted), sorted.size, stridesOf(sorted)[0]);
    setZ(order === null ? 0 : addressOf(order), side === "left" ? 0 : 1, order === null ? 0 : stridesOf(order)[0]);
    if (runBox(sorting.kernels.searchsorted, sorted.descr.code) !== 0) throw outOfRange();
  }

  // The array in the dtype in which values are compared.
  #as(descr: Descr): NDArray {
    if (descr === this.a.descr) return this.a;
    return this.work.copy(this.a, "dtype", descr.name);
  }
}
