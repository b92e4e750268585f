import { live, MAKER, make, NDArray, refuseStranger, shapeOf } from "../array/ndarray.js";
import { takes } from "../array/options.js";
import { isStoredFirst, Temporaries } from "../array/temporaries.js";
import { atMost } from "../base/arity.js";
import { byCode, type Descr, type DType } from "../base/dtype.js";
import { ArgumentError, DTypeError, ValueError } from "../base/errors.js";
import { frozenCopy, sizeOfShape } from "../base/layout.js";
import { BRAND, printAsText } from "../base/shown.js";
import { formatBytes } from "../base/units.js";
import { copyKernel } from "../core/boxes.js";
import { isScalar, type ScalarLike } from "../core/scalar.js";
import { listener } from "../heap/listener.js";
import { Evaluation, type Pieces } from "./evaluation.js";
import { Applied, Fed, type Node } from "./expression.js";
import {
  asRead,
  chooseLoop,
  commonShape,
  isStoredLoop,
  isTyped,
  kernelCode,
  type LoopOptions,
  Op,
  shapeInto,
} from "./op.js";
import { EVALUATE, setPostpone } from "./postponing.js";

/** What `evaluate` takes. */
export interface EvaluateOptions<D extends DType = DType> {
  /** The array to write into; it is also returned. It must have the expression's shape, and may be one of its inputs. */
  out?: NDArray<D>;
}

const EVALUATING = takes("evaluate()", { out: "out?" });

const copyOp = new Op("copy", "any", null, copyKernel, { halves: true });

/** A lazy expression as an operand: what its type must tell of it. */
export interface LazyOperand<out D extends DType = DType> {
  readonly dtype: D;
  evaluate(): unknown;
}

/** What an expression is made of: nobody who holds it reaches that, for it leads to memory. @internal */
export let nodeIn: (lazy: Lazy) => Node;

/**
 * An elementwise expression that is not computed yet: ufuncs of it are lazy expressions too. It holds the arrays it was
 * made of, and reads them when it is evaluated: what is written into them before that shows, and a disposed one is a
 * `DisposedError` then. Made by `lazy`.
 */
export class Lazy<D extends DType = DType> implements LazyOperand<D> {
  // As with arrays: no expression of another copy of the package, and no proxy of one.
  readonly #node: Node;

  /** Whether a value is a lazy expression of this engine. */
  static [Symbol.hasInstance](value: unknown): value is Lazy {
    return typeof value === "object" && value !== null && #node in value;
  }

  /** @internal Expressions are made by `lazy` and the operations on them. */
  constructor(node: Node, maker: typeof MAKER) {
    if (maker !== MAKER) throw new ArgumentError("lazy expressions are made by lazy(x), not by new Lazy");
    this.#node = node;
  }

  static {
    nodeIn = (lazy) => lazy.#node;
  }

  /** @internal */
  get descr(): Descr<D> {
    return this.#node.descr as Descr<D>;
  }

  /** The name of the dtype that the result will have. */
  get dtype(): D {
    return this.descr.name;
  }

  /** Lengths of the axes. */
  get shape(): readonly number[] {
    return frozenCopy(shapeOfNode(this.#node));
  }

  /** The number of axes. */
  get ndim(): number {
    return shapeOfNode(this.#node).length;
  }

  /** The number of elements. */
  get size(): number {
    return sizeOfShape(shapeOfNode(this.#node));
  }

  /** Bytes of one element. */
  get itemsize(): number {
    return this.descr.itemsize;
  }

  /** Bytes that the result would take. */
  get nbytes(): number {
    return this.size * this.itemsize;
  }

  /**
   * Computes the elements, block by block: what lies between the operations is scratch of some blocks, never an array.
   * Returns a copy, or `out`. Errors: a disposed input; an `out` of another shape, read-only, or of a dtype that the
   * result cannot be cast to.
   */
  evaluate(): NDArray<D>;
  evaluate<O extends DType>(options: { out: NDArray<O> }): NDArray<O>;
  evaluate(options?: EvaluateOptions): NDArray;
  evaluate(options?: EvaluateOptions): NDArray {
    const { out } = EVALUATING.read(options, arguments.length);
    const node = this.#node,
      root =
        node instanceof Applied && !(node instanceof Fed)
          ? node
          : new Applied(copyOp, [node], node.descr.code, node.descr, shapeOfNode(node), undefined);
    const { op, descr, shape } = root;
    using evaluation = new Evaluation(root, EVALUATE);
    if (out !== undefined) shapeInto(op, [shape], out, descr, root.casting);
    using work = new Temporaries(EVALUATE);
    const result = out ?? work.use(make(shape, descr, EVALUATE, op === copyOp ? "requested" : null));
    evaluation.into(result);
    if (out === undefined) result.buffer.whole = listener !== null;
    return work.release(result);
  }

  /** The expression, its dtype and shape, and what it would take; arrays by their `id`. */
  toString(): string {
    atMost(0, arguments.length, "toString()");
    return `lazy ${textOf(this.#node, 4)} ${this.dtype} [${this.shape.join(", ")}], ${formatBytes(this.nbytes)} if evaluated`;
  }

  /** The same for `JSON.stringify`. */
  toJSON(): string {
    return String(this);
  }
}

Object.defineProperty(Lazy.prototype, BRAND, { value: true });
printAsText(Lazy);

// Operations below so many levels are not told.
function textOf(value: Node | ScalarLike, levels: number): string {
  if (value instanceof NDArray) return `#${value.id}`;
  if (value instanceof Fed) return value.op.name;
  if (!(value instanceof Applied))
    return typeof value === "object" ? `{ re: ${value.re}, im: ${value.im} }` : String(value);
  if (levels === 0) return "…";
  return `${value.op.name}(${value.operands.map((x) => textOf(x, levels - 1)).join(", ")})`;
}

/**
 * An array as a lazy expression; one that is lazy already is returned as it is. Allocates nothing. Lists and typed arrays
 * are a `DTypeError`: what `array` makes of them is memory that somebody must be able to dispose.
 */
export function lazy<D extends DType>(x: NDArray<D> | Lazy<D>): Lazy<D> {
  atMost(1, arguments.length, "lazy(x)");
  return x instanceof Lazy ? x : new Lazy<D>(nodeOf("lazy", x as NDArray) as Node, MAKER); // nodeOf refuses numbers here
}

function shapeOfNode(node: Node): readonly number[] {
  return node instanceof NDArray ? shapeOf(node) : node.shape;
}

// Writes an operation down instead of running it: its dtype, shape and errors are those of the eager form.
function postponed(
  op: Op,
  operands: readonly unknown[],
  options: LoopOptions & { out?: unknown; where?: unknown } = {},
): Lazy | null {
  if (!operands.some((value) => value instanceof Lazy)) return null;
  const { name } = op;
  if (options.out !== undefined) throw new ValueError(`${name} of a lazy expression takes no out: evaluate({ out })`);
  if (options.where !== undefined && options.where !== true)
    throw new ValueError(`${name} of a lazy expression takes no where: evaluate() it first`);
  const nodes = operands.map((value) => nodeOf(name, value)),
    loop = chooseLoop(op, nodes, options);
  const descr = op.resultDtype ?? byCode[loop],
    shape = commonShape(nodes.flatMap((node) => (isTyped(node) ? [shapeOfNode(node)] : [])));
  const inputs = asRead(nodes, loop).map((node) => (isStoredLoop(loop) ? asStored(node, byCode[loop]) : node));
  return new Lazy(new Applied(op, inputs, kernelCode(op, loop), descr, shape, options.casting), MAKER);
}

/** Elements that are fed as the operand of expressions: what `make` gives is one, and more. @internal */
export function fedOp(name: string): Op {
  return new Op(name, "any", null, copyKernel, { halves: true });
}

/** An expression cast to a dtype. @internal */
export function castTo(e: Lazy, descr: Descr): Applied {
  const node = nodeIn(e);
  return new Applied(copyOp, [node], node.descr.code, descr, shapeOfNode(node), "unsafe");
}

/** An expression in the dtype, only stored, in which it is to be reduced. @internal */
export function storedAs(e: Lazy, descr: Descr): Lazy {
  return new Lazy(asStored(nodeIn(e), descr), MAKER);
}

// What is asked for as float16 is that first, as in the eager form.
function asStored<N extends Node | ScalarLike>(node: N, descr: Descr): N | Applied {
  if (!isTyped(node) || !isStoredFirst(node.descr, descr)) return node;
  return new Applied(copyOp, [node], node.descr.code, descr, shapeOfNode(node), "unsafe");
}

function nodeOf(op: string, value: unknown): Node | ScalarLike {
  if (value instanceof Lazy) return nodeIn(value);
  if (value instanceof NDArray) {
    live(value);
    return value;
  }
  if (isScalar(value) && op !== "lazy") return value;
  refuseStranger(value);
  throw new DTypeError(`${op}: a lazy expression is made of arrays and numbers; call array() on what is neither`);
}

/**
 * Runs `use` over the pieces of an expression, for a reduction that the listener knows as `op`. @internal
 */
export function inPieces<R>(root: Applied, op: string, use: (pieces: Pieces) => R): R {
  using evaluation = new Evaluation(root, op);
  return use(evaluation.pieces());
}

setPostpone(postponed);
