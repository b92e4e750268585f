import { casts } from "./casts.js";
import { boxAt, type Kernel, scratchAt, words } from "./instance.js";

// The box that kernels read (assembly/box.ts draws it), and what lies around it: no other file knows its words by
// number. Write the operands that a kernel has, then run it:
//
//      setBox(rows, cols);   setOut(at, row, col);   setX(at, row, col);   runBox(kernel, code);
//
// Steps are bytes; step 0 repeats one element. Named writes take 9 ns where `words.set([…])` took 38.

/** Elements of one call: WASM code is replaced by its optimised form only between calls. */
export const CALL = 65536;

/** Elements of a tile; 4,096 gains nothing and 256 costs up to 1.6 times. */
export const TILE = 2048;

/** Bytes of one scratch area: a tile of the widest dtype. */
export const AREA = 32768;

// Bytes from the box to its four slots for scalar operands.
const SCALARS = 448;

/**
 * Bytes from the box to places for single elements. Each has one owner, and none is an operand's slot: what a cast or
 * a fold needs in passing never meets a value that the operation under way still reads.
 */
export const slots = {
  /** 16 bytes that nobody writes: the imaginary part of a real number, no offset. */
  zero: 512,
  /** The float64 that `writeElement` rounds to a half. */
  half: 528,
  /** The one result of a reduction, a count or a search. */
  result: 544,
  /** What stands for elements that a fold leaves out, or what it begins with. */
  identity: 560,
  /** The `initial` of a reduction. */
  initial: 576,
  /** The mean that deviations are taken from. */
  mean: 592,
  /** What `nanToNum` puts for NaN and the infinities: three elements. */
  limits: 608,
  /** A constant beside an array, in loops that are no walk. */
  constant: 640,
} as const;

/** The address of a place for a single element: `slot(slots.result)`. By a name as text every call would look it up: 11 ns. */
export function slot(offset: number): number {
  return boxAt + offset;
}

/** The address of the slot for operand `k` that is a JavaScript value. */
export function scalarSlot(k: number): number {
  return boxAt + SCALARS + 16 * k;
}

/** The address of one of the four scratch areas. */
export function area(k: number): number {
  return scratchAt + k * AREA;
}

/** Begins a box of so many elements, at most `CALL`. */
export function setBox(rows: number, cols: number): void {
  words[0] = rows;
  words[1] = cols;
}

/** What the kernel writes: an address, the bytes from row to row and from column to column. */
export function setOut(at: number, row: number, col: number): void {
  words[2] = at;
  words[3] = row;
  words[4] = col;
}

/** The first operand. */
export function setX(at: number, row: number, col: number): void {
  words[5] = at;
  words[6] = row;
  words[7] = col;
}

/** What the kernel writes, packed: elements of so many bytes one after the other, row after row. */
export function packOut(at: number, width: number): void {
  setOut(at, words[1] * width, width);
}

/** A packed first operand. */
export function packX(at: number, width: number): void {
  setX(at, words[1] * width, width);
}

/** The second operand. */
export function setY(at: number, row: number, col: number): void {
  words[8] = at;
  words[9] = row;
  words[10] = col;
}

/** A packed second operand. */
export function packY(at: number, width: number): void {
  setY(at, words[1] * width, width);
}

/** The third operand, or the mask of `where`, `compress` and `expand`. */
export function setZ(at: number, row: number, col: number): void {
  words[11] = at;
  words[12] = row;
  words[13] = col;
}

/** Operand `k`: 0 is out, 1 x, and so on. */
export function setOperand(k: number, at: number, row: number, col: number): void {
  const word = 2 + 3 * k;
  words[word] = at;
  words[word + 1] = row;
  words[word + 2] = col;
}

/** Three numbers that a kernel is told beside its operands; they lie where the third would. */
export function setNumbers(first: number, second: number, third: number): void {
  setZ(first, second, third);
}

/** Moves out and x by so many bytes. */
export function shift(out: number, x: number): void {
  words[2] += out;
  words[5] += x;
}

/** Makes the results of a reduction, one for each row, the operand of a box that writes them where they lie. */
export function againOut(): void {
  words[1] = 1;
  words[4] = 0;
  setX(words[2], words[3], 0);
}

/** Runs a kernel over the box in the loop of a dtype's code, or of whatever else its first parameter tells. */
export function runBox<R>(kernel: (code: number, box: number) => R, code: number): R {
  return kernel(code, boxAt);
}

/** Runs the box as a cast between the codes of two real dtypes, or from a complex one to bool. */
export function runCast(from: number, to: number): void {
  cast(from, to, boxAt);
}

// The first cast compiles them.
let cast: typeof casts.kernels.cast = (from, to, box) => {
  cast = casts.kernels.cast;
  cast(from, to, box);
};

/**
 * Runs a kernel over operands that need no walk: each contiguous, or one element that repeats (step 0), all of the
 * dtypes the kernel reads and writes. y is ignored by kernels of one operand.
 */
export function runFlat(
  kernel: Kernel,
  loop: number,
  size: number,
  out: number,
  outStep: number,
  x: number,
  xStep: number,
  y: number,
  yStep: number,
): void {
  words[0] = 1;
  words[4] = outStep;
  words[7] = xStep;
  words[10] = yStep;
  for (let done = 0; done < size; done += CALL) {
    words[1] = size - done < CALL ? size - done : CALL;
    words[2] = out + done * outStep;
    words[5] = x + done * xStep;
    words[8] = y + done * yStep;
    kernel(loop, boxAt);
  }
}

/** Folds elements that are one run, at most `CALL`, into the slot `result`. */
export function foldFlat(kernel: Kernel, code: number, size: number, x: number, xStep: number): void {
  words[0] = 1;
  words[1] = size;
  words[2] = slot(slots.result);
  words[3] = words[4] = words[6] = 0;
  words[5] = x;
  words[7] = xStep;
  kernel(code, boxAt);
}
