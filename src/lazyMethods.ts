import type { DType, Scalar } from "./dtype.js";
import { Lazy } from "./lazy.js";
import { markEnd } from "./memory/sites.js";
import type { NDArray } from "./ndarray.js";
import { power } from "./powers.js";
import type { LoopOf, Loops, PromoteOperands } from "./promote.js";
import { all, any, max, min, prod, sum, type Wide } from "./reductions.js";
import { clip, conjugate } from "./selection.js";
import { type MeanDType, mean } from "./statistics.js";
import type { BesideLazy, LazyOptions, Stands } from "./ufuncs.js";
import * as u from "./ufuncs.js";

// The methods of lazy expressions: those of arrays that are elementwise, or reduce everything. Nothing in them but a call
// of the function of that name.

type Pair<L extends Loops, D extends DType, Y> = Lazy<LoopOf<L, PromoteOperands<NDArray<D>, Stands<Y>>>>;

declare module "./lazy.js" {
  interface Lazy<D extends DType = DType> {
    /** x + y. */
    add<const Y extends BesideLazy>(y: Y, options?: LazyOptions): Pair<"any", D, Y>;
    /** x - y. */
    subtract<const Y extends BesideLazy>(y: Y, options?: LazyOptions): Pair<"numbers", D, Y>;
    /** x * y. */
    multiply<const Y extends BesideLazy>(y: Y, options?: LazyOptions): Pair<"any", D, Y>;
    /** x / y. */
    divide<const Y extends BesideLazy>(y: Y, options?: LazyOptions): Pair<"quotient", D, Y>;
    /** Python's x // y. */
    floorDivide<const Y extends BesideLazy>(y: Y, options?: LazyOptions): Pair<"real", D, Y>;
    /** Python's x % y. */
    remainder<const Y extends BesideLazy>(y: Y, options?: LazyOptions): Pair<"real", D, Y>;
    /** x to the power y. */
    power<const Y extends BesideLazy>(y: Y, options?: LazyOptions): Pair<"counted", D, Y>;
    /** -x. */
    negative(options?: LazyOptions): Lazy<LoopOf<"numbers", D>>;
    /** ~x. */
    invert(options?: LazyOptions): Lazy<LoopOf<"bits", D>>;
    /** x & y. */
    bitwiseAnd<const Y extends BesideLazy>(y: Y, options?: LazyOptions): Pair<"bits", D, Y>;
    /** x | y. */
    bitwiseOr<const Y extends BesideLazy>(y: Y, options?: LazyOptions): Pair<"bits", D, Y>;
    /** x ^ y. */
    bitwiseXor<const Y extends BesideLazy>(y: Y, options?: LazyOptions): Pair<"bits", D, Y>;
    /** x == y, element by element. */
    equal(y: BesideLazy): Lazy<"bool">;
    /** x != y. */
    notEqual(y: BesideLazy): Lazy<"bool">;
    /** x < y. */
    less(y: BesideLazy): Lazy<"bool">;
    /** x <= y. */
    lessEqual(y: BesideLazy): Lazy<"bool">;
    /** x > y. */
    greater(y: BesideLazy): Lazy<"bool">;
    /** x >= y. */
    greaterEqual(y: BesideLazy): Lazy<"bool">;
    /** The elements limited to low … high. */
    clip(low: BesideLazy | null, high: BesideLazy | null): Lazy;
    /** The complex conjugates. */
    conj(): Lazy<LoopOf<"counted", D>>;
    /** The sum of the elements, in one block of scratch; so are all that follow. */
    sum(): Scalar<Wide<D>>;
    /** The product of the elements. */
    prod(): Scalar<Wide<D>>;
    /** The smallest element. */
    min(): Scalar<D>;
    /** The largest element. */
    max(): Scalar<D>;
    /** The arithmetic mean. */
    mean(): Scalar<MeanDType<D>>;
    /** Whether all elements are true. */
    all(): boolean;
    /** Whether any element is true. */
    any(): boolean;
  }
}

/** The functions that are methods of arrays too, by their names. */
export const shared = {
  add: u.add,
  subtract: u.subtract,
  multiply: u.multiply,
  divide: u.divide,
  floorDivide: u.floorDivide,
  remainder: u.remainder,
  power,
  negative: u.negative,
  invert: u.invert,
  bitwiseAnd: u.bitwiseAnd,
  bitwiseOr: u.bitwiseOr,
  bitwiseXor: u.bitwiseXor,
  equal: u.equal,
  notEqual: u.notEqual,
  less: u.less,
  lessEqual: u.lessEqual,
  greater: u.greater,
  greaterEqual: u.greaterEqual,
  clip,
  conj: conjugate,
  sum,
  prod,
  min,
  max,
  mean,
  all,
  any,
};

for (const [name, f] of Object.entries(shared as Record<string, (...args: never[]) => unknown>)) {
  Object.defineProperty(Lazy.prototype, name, {
    configurable: true,
    writable: true,
    value(this: Lazy, ...args: never[]) {
      return f(this as never, ...args);
    },
  });
}

markEnd(new Error("where the methods of lazy expressions end"));
