import { type ArrayLike, copyInto } from "../array/convert.js";
import { addressOf, checkOutCast, close, open } from "../array/destination.js";
import { make, type NDArray, shapeOf, stridesOf, writable } from "../array/ndarray.js";
import { type Signature, type Table, takes } from "../array/options.js";
import { mayMeet, overlapsItself } from "../array/overlap.js";
import { Temporaries } from "../array/temporaries.js";
import { byCode, type Descr, type DType } from "../base/dtype.js";
import { broadcastStrides } from "../base/layout.js";
import { eachLane } from "../loops/lanes.js";
import { axesOf, type CoreAxesOptions, type CoreShape, parseSignature, sizesOf, splitOf } from "./coreShapes.js";
import type { PromotePair } from "./loops.js";
import { chooseLoop, type LoopOptions, Op } from "./op.js";

// Functions whose kernels have core axes, NumPy's generalized ufuncs: `(n),(n)->()`, `(m,n),(n)->(m)`. Over all other
// axes, which are broadcast, there is one loop for every such function. So a function is a kernel and a line.

/** What a kernel of core axes is called with. */
export interface CoreCall {
  /** The dtype to compute in; each operand and the result has its own, from which and to which the kernel casts. */
  readonly loop: Descr;
  /** The operands' dtypes, and that of the result. */
  readonly descrs: readonly Descr[];
  /** The length of a core axis, by its letter: 1 where the operands leave it out. */
  size(letter: string): number;
  /** The bytes from one element to the next along a core axis of operand k, or of the result; 0 where it has none. */
  step(k: number, letter: string): number;
}

/** Computes some lanes of the loop: `at` has the first of each operand and of the result, `next` the bytes to the next. */
export type CoreKernel = (call: CoreCall, lanes: number, at: readonly number[], next: readonly number[]) => void;

/** What a function with core axes takes after its operands. */
export interface CoreOptions<D extends DType = DType> extends LoopOptions, CoreAxesOptions {
  /** The array to write into; it is also returned. Its other axes may be more than the operands have. */
  out?: NDArray<D>;
}

/** A function of two operands with core axes. */
export interface CoreFunction {
  <const X extends ArrayLike, const Y extends ArrayLike>(
    x: X,
    y: Y,
    options?: CoreOptions & { out?: undefined; dtype?: undefined },
  ): NDArray<PromotePair<"any", X, Y>>;
  <R extends DType>(x: ArrayLike, y: ArrayLike, options: CoreOptions & { out: NDArray<R> }): NDArray<R>;
  <T extends DType>(x: ArrayLike, y: ArrayLike, options: CoreOptions & { out?: undefined; dtype: T }): NDArray<T>;
  (x: ArrayLike, y: ArrayLike, options?: CoreOptions): NDArray<DType>;
}

const OPTIONS: Table = {
  axis: "integer",
  axes: "anything",
  keepdims: "boolean",
  out: "out?",
  dtype: "dtype?",
  casting: "casting",
};

/** Makes a function of its name, its signature in NumPy's form, and its kernel, which is given at most `most` lanes at once. */
export function coreFunction(
  name: string,
  signature: string,
  most: (call: CoreCall) => number,
  kernel: CoreKernel,
): CoreFunction {
  const operation = new CoreOperation(name, signature, most, kernel);
  return function (x: ArrayLike, y: ArrayLike, options?: CoreOptions) {
    return operation.apply([x, y], options, arguments.length);
  } as CoreFunction;
}

class CoreOperation {
  readonly #op: Op;
  readonly #shape: CoreShape;
  readonly #most: (call: CoreCall) => number;
  readonly #kernel: CoreKernel;
  readonly #takes: Signature;
  constructor(name: string, signature: string, most: (call: CoreCall) => number, kernel: CoreKernel) {
    this.#op = new Op(name, "any", null, () => {});
    this.#shape = parseSignature(name, signature);
    this.#most = most;
    this.#kernel = kernel;
    this.#takes = takes(`${name}(x, y)`, OPTIONS);
  }

  apply(operands: readonly ArrayLike[], options: CoreOptions | undefined, given: number): NDArray<DType> {
    const read = this.#takes.read(options, given),
      { name } = this.#op,
      { out } = read;
    using work = new Temporaries(name);
    const arrays = operands.map((x) => work.array(x)),
      inputs = arrays.map(shapeOf),
      axes = axesOf(this.#shape, inputs, read, out?.ndim);
    const sizes = sizesOf(this.#shape, inputs, axes, out === undefined ? undefined : shapeOf(out));
    const loop = byCode[chooseLoop(this.#op, arrays, read)];
    if (out !== undefined) {
      writable(out, "output array");
      checkOutCast(name, loop, out, read.casting ?? "same_kind");
    }
    const direct = out !== undefined && !overlapsItself(out) && !arrays.some((a) => mayMeet(a, out));
    const target = direct ? out : work.use(make(sizes.shape, loop, name, out === undefined ? null : "overlap"));
    const strides = arrays.map((array, k) => splitOf(stridesOf(array), axes.inputs[k]));
    const written = splitOf(stridesOf(target), axes.output),
      call = new Call(
        loop,
        [...arrays, target],
        sizes.lengths,
        [...axes.inputs, axes.output],
        [...strides.map(({ core }) => core), written.core],
      );
    const outer = strides.map((split, k) => broadcastStrides(sizes.outers[k], split.outer, sizes.outer)!); // it was checked
    const at = [...arrays.map(addressOf), direct ? open(target) : addressOf(target)];
    eachLane(sizes.outer, at, [...outer, written.outer], this.#most(call), (lanes, places, next) => {
      this.#kernel(call, lanes, places, next);
    });
    close(name, arrays, target);
    if (out === undefined) return work.release(target);
    if (target === out) return out;
    open(out);
    copyInto(out, target);
    close(name, [target], out);
    return out;
  }
}

class Call implements CoreCall {
  readonly descrs: readonly Descr[];
  readonly #steps: readonly ReadonlyMap<string, number>[];
  constructor(
    readonly loop: Descr,
    arrays: readonly NDArray[],
    readonly lengths: ReadonlyMap<string, number>,
    axes: readonly { readonly letters: readonly string[] }[],
    steps: readonly (readonly number[])[],
  ) {
    this.descrs = arrays.map(({ descr }) => descr);
    this.#steps = steps.map((list, k) => new Map(list.map((step, i) => [axes[k].letters[i], step])));
  }
  size(letter: string): number {
    return this.lengths.get(letter) ?? 1;
  }
  step(k: number, letter: string): number {
    return this.#steps[k].get(letter) ?? 0;
  }
}
