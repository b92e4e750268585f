import { addressOf, close, notifyOperation, open } from "../array/destination.js";
import { live, type NDArray, shapeOf, stridesOf } from "../array/ndarray.js";
import { overlapsItself } from "../array/overlap.js";
import { Temporaries } from "../array/temporaries.js";
import { dtypes } from "../base/dtype.js";
import { ShapeError } from "../base/errors.js";
import {
  broadcastStrides,
  cutAt,
  type Part,
  partsOf,
  reshapeStrides,
  rowMajor,
  sameShape,
  shapeText,
  sizeOfShape,
} from "../base/layout.js";
import { AREA, area, CALL, TILE } from "../core/box.js";
import { memory } from "../core/instance.js";
import { allocate, free } from "../heap/allocate.js";
import type { Buffer } from "../heap/buffer.js";
import { listener } from "../heap/listener.js";
import { begin, operand } from "../loops/walk.js";
import {
  type Applied,
  Fed,
  inOrder,
  inputsOf,
  isPlace,
  type Place,
  type Step,
  type Storage,
  schedule,
} from "./expression.js";
import { addScalar, areOneRun, launch } from "./op.js";

// How the elements of an expression are made: block by block, and for each block all operations one after the other,
// through the walk. So what lies between two operations is a block long, whatever the length of the arrays.

/** Elements of one block: a quarter of them costs a tenth of the time more, twice as many gain less than that. */
const BLOCK = 32768;

/** Makes `n` packed elements from `first` on, in row-major order, and gives their address. */
export type Pieces = (first: number, n: number) => number;

/**
 * One evaluation of an expression: `into` an array, or in `pieces` for a reduction. It asks for scratch once, in the name
 * of `op`; the end of the block that uses it gives it back. Errors: a `DisposedError` for an input that is gone.
 */
export class Evaluation {
  readonly #root: Applied;
  readonly #op: string;
  readonly #order: readonly Applied[];
  readonly #inputs: readonly NDArray[];
  readonly #work: Temporaries;
  #scratch: Buffer | null = null;
  // The shape that is cut into blocks: that of the elements to make, or a single axis where every operand is one run.
  #shape: readonly number[];
  #steps: readonly Step[] = [];

  constructor(root: Applied, op: string) {
    this.#root = root;
    this.#op = op;
    this.#work = new Temporaries(root.op.name);
    this.#shape = root.shape;
    this.#order = inOrder(root);
    this.#inputs = inputsOf(this.#order);
    for (const array of this.#inputs) live(array);
    for (const node of this.#order) if (node instanceof Fed) checkFed(node, root.shape);
  }

  /** Writes the result into an array that it broadcasts to, which may overlap the inputs. */
  into(out: NDArray): void {
    open(out);
    this.#shape = shapeOf(out);
    const { op, operands } = this.#root,
      oneRun = areOneRun(this.#inputs, shapeOf(out)),
      read = new Map(this.#inputs.map((array) => [array, this.#work.apart(array, out, oneRun)])),
      shared = overlapsItself(out) || [...read.values()].some(({ buffer }) => buffer === out.buffer);
    this.#prepare(placeOf(out), shared, (array) => read.get(array)!, 0);
    this.#make(0, out.size, 0);
    if (listener !== null) {
      this.#notify(this.#order.slice(0, -1));
      notifyOperation(this.#op, [], null, this.#root.descr);
    }
    close(op.name, operands, out);
  }

  /** Gives the elements piece by piece, at most 65,536 at a time; the function is good as long as the evaluation. */
  pieces(): Pieces {
    const { descr, shape } = this.#root,
      size = sizeOfShape(shape),
      storage = { at: 0, width: 0 };
    this.#prepare({ storage, descr, strides: null }, false, (array) => array, Math.min(size, CALL));
    if (listener !== null) this.#notify(this.#order);
    // The first scratch area holds what a reduction has found so far: at most 16 bytes for each 2,048 elements.
    const at = storage.at,
      found = Math.min(AREA, 16 * Math.ceil(size / TILE)),
      aside = size > CALL ? new Uint8Array(found) : null;
    let from = 0,
      to = 0;
    return (first, n) => {
      if (first + n > to) {
        from = first;
        to = Math.min(size, first + CALL);
        aside?.set(new Uint8Array(memory.buffer, area(0), found));
        this.#make(from, to, at);
        if (aside !== null) new Uint8Array(memory.buffer, area(0), found).set(aside);
      }
      return at + (first - from) * descr.itemsize;
    };
  }

  /** Gives back what the evaluation asked for: what `using` calls at the end of its block. */
  [Symbol.dispose](): void {
    if (this.#scratch !== null) free(this.#scratch, "operation");
    this.#work[Symbol.dispose]();
  }

  // Finds places for all elements, and asks for the scratch among them; `room` is for a target that is no array.
  #prepare(target: Place, shared: boolean, read: (array: NDArray) => NDArray, room: number): void {
    const shape = this.#shape,
      arrays = new Map(this.#inputs.map((array) => [array, placeOf(read(array), shape)])),
      flat = flattened(shape, target.strides === null ? [...arrays.values()] : [target, ...arrays.values()]);
    if (flat !== null) this.#shape = [sizeOfShape(shape)];
    const at = (place: Place): Place => flat?.get(place) ?? place;
    const { steps, scratch } = schedule(this.#order, at(target), shared, (array) => at(arrays.get(array)!));
    this.#steps = steps;
    this.#obtain(scratch, room === 0 ? null : target, room);
  }

  // One allocation for all: the target, then blocks of scratch, the widest first, so that each is aligned.
  #obtain(scratch: readonly Storage[], target: Place | null, room: number): void {
    const block = unitOf(this.#shape),
      all = scratch.map((storage) => ({ storage, nbytes: storage.width * block }));
    all.sort((a, b) => b.storage.width - a.storage.width);
    if (target !== null) all.unshift({ storage: target.storage, nbytes: target.descr.itemsize * room });
    const nbytes = all.reduce((sum, one) => sum + one.nbytes, 0);
    if (nbytes === 0) return;
    this.#scratch = allocate(nbytes, this.#op, dtypes.uint8, [nbytes], null, true);
    let at = this.#scratch.pointer;
    for (const one of all) {
      one.storage.at = at;
      at += one.nbytes;
    }
  }

  // Makes the elements from `from` to `to` of the row-major order; `packed` is where those of a packed target begin.
  #make(from: number, to: number, packed: number): void {
    const block = unitOf(this.#shape),
      { storage, descr, strides } = this.#steps[this.#steps.length - 1].to;
    for (let first = from; first < to; ) {
      const next = Math.min(to, (Math.floor(first / block) + 1) * block);
      for (const part of partsOf(this.#shape, first, next)) {
        if (strides === null) storage.at = packed + (part.first - from) * descr.itemsize;
        for (const step of this.#steps) runStep(step, part);
      }
      first = next;
    }
  }

  #notify(order: readonly Applied[]): void {
    for (const { op, operands, descr } of order) notifyOperation(op.name, operands, null, descr);
  }
}

// Elements that come packed cannot be repeated.
function checkFed(node: Fed, shape: readonly number[]): void {
  if (sameShape(node.shape, shape)) return;
  throw new ShapeError(
    `a mapped array of shape ${shapeText(node.shape)} cannot be repeated to ${shapeText(shape)} while it is read: evaluate() it first`,
  );
}

/** The elements of a block, as many as make whole steps of an axis. */
function unitOf(shape: readonly number[]): number {
  const { below, step } = cutAt(shape, BLOCK);
  return below * step;
}

function placeOf(array: NDArray, shape = shapeOf(array)): Place {
  return {
    storage: { at: addressOf(array), width: 0 },
    descr: array.descr,
    strides: broadcastStrides(shapeOf(array), stridesOf(array), shape)!,
  };
}

// All arrays as a single axis; null if one of them is no single run.
function flattened(shape: readonly number[], places: readonly Place[]): Map<Place, Place> | null {
  const flat = new Map<Place, Place>(),
    size = [sizeOfShape(shape)];
  for (const place of places) {
    const strides = reshapeStrides(shape, place.strides!, size, place.descr.itemsize);
    if (strides === null) return null;
    flat.set(place, { ...place, strides });
  }
  return flat;
}

function runStep({ node, inputs, to }: Step, part: Part): void {
  if (node instanceof Fed) return node.feed(part.first, sizeOfShape(part.shape), to.storage.at);
  begin(part.shape);
  addPlace(to, part);
  for (let k = 0; k < inputs.length; k++) {
    const input = inputs[k];
    if (isPlace(input)) addPlace(input, part);
    else addScalar(input, k + 1, node.code, part.shape.length);
  }
  launch(node.op, node.code, node.descr);
}

function addPlace({ storage, descr, strides }: Place, { start, shape }: Part): void {
  if (strides === null) return operand(storage.at, rowMajor(shape, descr.itemsize), descr.code);
  operand(
    start.reduce((at, index, k) => at + index * strides[k], storage.at),
    strides,
    descr.code,
  );
}
