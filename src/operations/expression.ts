import { NDArray } from "../array/ndarray.js";
import type { Casting, Descr } from "../base/dtype.js";
import type { ScalarLike } from "../core/scalar.js";
import type { Op } from "./op.js";

// Operations that are written down, the order in which they run, and where each leaves its block of elements:
//
//      x ──┬─ multiply ─┐                       in the block of the result itself
//          │            add ── sqrt ── result
//      y ──┴─ multiply ─┘                       in scratch

/** An operation that was written down: what its eager form would decide is decided. */
export class Applied {
  constructor(
    readonly op: Op,
    readonly operands: readonly (Node | ScalarLike)[],
    /** The code that its kernel computes in. */
    readonly code: number,
    readonly descr: Descr,
    readonly shape: readonly number[],
    readonly casting: Casting | undefined,
  ) {}
}

/**
 * Elements that come from elsewhere, as from a file, in the place of an operation: `feed` puts `n` of them, from the
 * element `first` of the row-major order on, packed at an address.
 */
export class Fed extends Applied {
  constructor(
    op: Op,
    descr: Descr,
    shape: readonly number[],
    readonly feed: (first: number, n: number, at: number) => void,
  ) {
    super(op, [], descr.code, descr, shape, undefined);
  }
}

/** What an expression is made of: arrays that are read, and operations. */
export type Node = NDArray | Applied;

/** All operations of an expression, each once and after its operands, the left ones first. */
export function inOrder(root: Applied): Applied[] {
  const order = new Set<Applied>(),
    waiting = [root];
  while (waiting.length > 0) {
    const node = waiting[waiting.length - 1],
      next = node.operands.find((x): x is Applied => x instanceof Applied && !order.has(x));
    if (next !== undefined) waiting.push(next);
    else order.add(waiting.pop()!);
  }
  return [...order];
}

/** The arrays that operations read, each once. */
export function inputsOf(order: readonly Applied[]): NDArray[] {
  return [...new Set(order.flatMap(({ operands }) => operands.filter((x) => x instanceof NDArray)))];
}

/** Memory for the elements of one block: the bytes of the widest, and where it begins once that is known. */
export interface Storage {
  at: number;
  width: number;
}

/** Elements during an evaluation: an array's under the expression's shape, or, without strides, a packed block. */
export interface Place {
  readonly storage: Storage;
  readonly descr: Descr;
  readonly strides: readonly number[] | null;
}

/** Whether an operand is a place, and no JavaScript value. */
export function isPlace(value: Place | ScalarLike): value is Place {
  return typeof value === "object" && "storage" in value;
}

/** An operation, where its operands lie, and where its result goes. */
export interface Step {
  readonly node: Applied;
  readonly inputs: readonly (Place | ScalarLike)[];
  readonly to: Place;
}

/**
 * Finds a place for the result of each operation; the last one's is `target`. A block is used again once its elements
 * have been read for the last time, and that of `target` too, unless it is `shared` with an array that is still to be
 * read. Returns the steps, and the storage that they need besides.
 */
export function schedule(
  order: readonly Applied[],
  target: Place,
  shared: boolean,
  placeOf: (array: NDArray) => Place,
): { steps: Step[]; scratch: Storage[] } {
  const lastReader = new Map<unknown, Applied>();
  for (const node of order) for (const x of node.operands) lastReader.set(x, node);
  const places = new Map<Applied, Place>(),
    scratch: Storage[] = [],
    unused = new Set(shared ? [] : [target.storage]);
  const steps = order.map((node, i): Step => {
    const inputs = node.operands.map((x) =>
      x instanceof Applied ? places.get(x)! : x instanceof NDArray ? placeOf(x) : x,
    );
    const done = node.operands.flatMap((x) =>
      x instanceof Applied && lastReader.get(x) === node ? [places.get(x)!] : [],
    );
    // Over an operand only where each element is written just where it is read.
    const over = done.filter(({ descr }) => descr === node.descr).map(({ storage }) => storage);
    const free = new Set([...over, ...unused]);
    // What is fed comes packed.
    if (node instanceof Fed && target.strides !== null) free.delete(target.storage);
    const to = i === order.length - 1 ? target : placeFor(node.descr, target, free, scratch);
    for (const { storage } of done) unused.add(storage);
    unused.delete(to.storage);
    places.set(node, to);
    return { node, inputs, to };
  });
  return { steps, scratch };
}

// The block of the target where the dtypes agree, else scratch that is free, of the same width if there is some.
function placeFor(descr: Descr, target: Place, free: ReadonlySet<Storage>, scratch: Storage[]): Place {
  if (descr === target.descr && free.has(target.storage)) return target;
  const others = [...free].filter((storage) => storage !== target.storage),
    storage = others.find(({ width }) => width === descr.itemsize) ?? others[0] ?? { at: 0, width: 0 };
  if (storage.width === 0) scratch.push(storage);
  storage.width = Math.max(storage.width, descr.itemsize);
  return { storage, descr, strides: null };
}
