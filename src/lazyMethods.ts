import type { DType } from "./base/dtype.js";
import { clip } from "./elementwise/clip.js";
import { conjugate } from "./elementwise/magnitude.js";
import { power } from "./elementwise/powers.js";
import * as u from "./elementwise/ufuncs.js";
import { markEnd } from "./memory/places/sites.js";
import { Lazy } from "./operations/lazy.js";
import type {
  LazyBinaryMethod,
  LazyFoldMethod,
  LazyReductionMethod,
  LazyTernaryMethod,
  LazyUnaryMethod,
} from "./operations/signatures.js";
import { all, any, max, min, prod, sum } from "./reducing/reductions.js";
import { mean, std, variance } from "./statistics/statistics.js";

// The methods of lazy expressions: those of arrays that are elementwise, or reduce everything. Nothing in them but a call
// of the function of that name.

declare module "./operations/lazy.js" {
  interface Lazy<D extends DType = DType> {
    /** x + y. */
    add: LazyBinaryMethod<"any">;
    /** x - y. */
    subtract: LazyBinaryMethod<"numbers">;
    /** x * y. */
    multiply: LazyBinaryMethod<"any">;
    /** x / y. */
    divide: LazyBinaryMethod<"quotient">;
    /** Python's x // y. */
    floorDivide: LazyBinaryMethod<"real">;
    /** Python's x % y. */
    remainder: LazyBinaryMethod<"real">;
    /** x to the power y. */
    power: LazyBinaryMethod<"counted">;
    /** -x. */
    negative: LazyUnaryMethod<"numbers">;
    /** ~x. */
    invert: LazyUnaryMethod<"bits">;
    /** x & y. */
    bitwiseAnd: LazyBinaryMethod<"bits">;
    /** x | y. */
    bitwiseOr: LazyBinaryMethod<"bits">;
    /** x ^ y. */
    bitwiseXor: LazyBinaryMethod<"bits">;
    /** x == y, element by element. */
    equal: LazyBinaryMethod<"any", "bool">;
    /** x != y. */
    notEqual: LazyBinaryMethod<"any", "bool">;
    /** x < y. */
    less: LazyBinaryMethod<"any", "bool">;
    /** x <= y. */
    lessEqual: LazyBinaryMethod<"any", "bool">;
    /** x > y. */
    greater: LazyBinaryMethod<"any", "bool">;
    /** x >= y. */
    greaterEqual: LazyBinaryMethod<"any", "bool">;
    /** The elements limited to low … high. */
    clip: LazyTernaryMethod<"any">;
    /** The complex conjugates. */
    conj: LazyUnaryMethod<"counted">;
    /** The sum of the elements, in one block of scratch; so are all that follow. */
    sum: LazyFoldMethod<"total">;
    /** The product of the elements. */
    prod: LazyFoldMethod<"wide">;
    /** The smallest element. */
    min: LazyReductionMethod<"same">;
    /** The largest element. */
    max: LazyReductionMethod<"same">;
    /** The arithmetic mean. */
    mean: LazyFoldMethod<"mean">;
    /** The standard deviation. */
    std: LazyFoldMethod<"variance">;
    /** The variance. */
    var: LazyFoldMethod<"variance">;
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
  std,
  var: variance,
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
