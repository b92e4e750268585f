import { ArgumentError, ShapeError, ValueError } from "../base/errors.js";
import { checkAxis, shapeText } from "../base/layout.js";
import { shown } from "../base/shown.js";

// What a signature such as `(n?,k),(k,m?)->(n?,m?)` says of shapes: which axes of each operand are its core axes, how long
// they are, and what shape the result has. A letter with `?` is left out where an operand has too few axes for it.

/** A signature, taken apart: the letters of each operand's core axes. */
export interface CoreShape {
  readonly name: string;
  readonly text: string;
  readonly inputs: readonly (readonly string[])[];
  readonly output: readonly string[];
}

/** How core axes are chosen. */
export interface CoreAxesOptions {
  /** The core axis of every operand, for functions that have a single one: the last by default. */
  axis?: number;
  /** The core axes of each operand and of the result, whose entry may be left out if it has none. */
  axes?: readonly (number | readonly number[])[];
  /** Whether the result keeps the core axis, with length 1, for functions of a single one. */
  keepdims?: boolean;
}

/** The core axes of an operand: their letters, and where they lie. */
export interface CoreAxes {
  readonly letters: readonly string[];
  readonly axes: readonly number[];
}

/** Those of all operands and of the result. */
export interface AllAxes {
  readonly inputs: readonly CoreAxes[];
  readonly output: CoreAxes;
}

/** Lengths of core axes, and of all others. */
export interface Sizes {
  readonly lengths: ReadonlyMap<string, number>;
  readonly outers: readonly (readonly number[])[];
  readonly outer: readonly number[];
  readonly shape: readonly number[];
}

/** Takes a signature apart. */
export function parseSignature(name: string, text: string): CoreShape {
  const [inputs, [output]] = text
    .split("->")
    .map((side) => [...side.matchAll(/\(([^)]*)\)/g)].map(([, letters]) => letters.split(",").filter(Boolean)));
  return { name, text, inputs, output };
}

/** What a list says of core axes, in the order of `axes`, and of all others. */
export function splitOf(list: readonly number[], { axes }: CoreAxes): { core: number[]; outer: number[] } {
  return { core: axes.map((axis) => list[axis]), outer: list.filter((_, axis) => !axes.includes(axis)) };
}

/** The core axes of all operands. Errors: too few axes; what `axis`, `axes` and `keepdims` cannot mean. */
export function axesOf(
  shape: CoreShape,
  inputs: readonly (readonly number[])[],
  options: CoreAxesOptions,
  outNdim: number | undefined,
): AllAxes {
  const missing = new Set<string>();
  const letters = inputs.map(({ length }, k) => lettersOf(shape, k, length, missing)),
    output = shape.output.filter((letter) => !missing.has(letter)).map(plain);
  const { keepdims = false } = options;
  checkOptions(shape, options);
  const given = options.axes === undefined ? null : givenAxes(shape, options);
  const entryOf = (k: number, count: number): readonly number[] | number | undefined =>
    given?.[k] ?? (count === 1 ? options.axis : undefined);
  const found = inputs.map(({ length }, k) => place(shape, k, letters[k], length, entryOf(k, letters[k].length)));
  const kept = keepdims ? [""] : output,
    ndim =
      Math.max(...inputs.map(({ length }, k) => length - letters[k].length), (outNdim ?? 0) - kept.length) +
      kept.length;
  if (outNdim !== undefined && outNdim < kept.length) throw tooFew(shape, "Output operand 0", outNdim, kept.length);
  return {
    inputs: found,
    output: place(
      shape,
      inputs.length,
      kept,
      ndim,
      entryOf(inputs.length, kept.length) ?? (keepdims ? given?.[0] : undefined),
    ),
  };
}

const plain = (letter: string): string => letter.replace("?", "");

function lettersOf(shape: CoreShape, k: number, ndim: number, missing: Set<string>): string[] {
  let letters = shape.inputs[k];
  for (const letter of letters) {
    if (ndim >= letters.length || !letter.endsWith("?")) continue;
    missing.add(letter);
    letters = letters.filter((other) => other !== letter);
  }
  if (ndim >= letters.length) return letters.map(plain);
  throw tooFew(shape, `Input operand ${k}`, ndim, letters.length);
}

function tooFew({ name, text }: CoreShape, operand: string, has: number, requires: number): ValueError {
  return new ValueError(
    `${name}: ${operand} does not have enough dimensions (has ${has}, gufunc core with signature ${text} requires ${requires})`,
  );
}

function checkOptions({ name, text, inputs, output }: CoreShape, { axis, axes, keepdims }: CoreAxesOptions): void {
  if (axis !== undefined && axes !== undefined) throw new ArgumentError("cannot specify both 'axis' and 'axes'");
  const letters = new Set([...inputs.flat(), ...output]);
  if (axis !== undefined && (letters.size !== 1 || [...inputs, output].some((list) => list.length > 1)))
    throw new ArgumentError(
      `${name}: axis can only be used with a single shared core dimension, not with the ${letters.size} distinct ones implied by signature ${text}.`,
    );
  if (keepdims === undefined) return;
  const k = inputs.findIndex((list) => list.length !== inputs[0].length),
    [where, count] = k >= 0 ? [`input ${k}`, inputs[k].length] : ["output 0", output.length];
  if (output.length > 0 || k >= 0)
    throw new ArgumentError(
      `${name} does not support keepdims: its signature ${text} requires ${where} to have ${count} core dimensions, but keepdims can only be used when all inputs have the same number of core dimensions and all outputs have no core dimensions.`,
    );
}

function givenAxes({ inputs, output }: CoreShape, { axes }: CoreAxesOptions): readonly (number | readonly number[])[] {
  if (!Array.isArray(axes)) throw new ArgumentError("axes should be a list.");
  const all = inputs.length + 1;
  if (axes.length === all || (axes.length === all - 1 && output.length === 0)) return axes;
  throw new ValueError(
    `axes should be a list with an entry for all ${all} inputs and outputs; entries for outputs can only be omitted if none of them has core axes.`,
  );
}

// Where the core axes of operand k lie: where its entry says, or at the end.
function place(
  { name }: CoreShape,
  k: number,
  letters: readonly string[],
  ndim: number,
  entry: number | readonly number[] | undefined,
): CoreAxes {
  const count = letters.length;
  if (entry === undefined) return { letters, axes: letters.map((_, i) => ndim - count + i) };
  if (!Array.isArray(entry)) {
    if (typeof entry !== "number" && typeof entry !== "bigint")
      throw new ArgumentError(`${shown(entry)} object cannot be interpreted as an integer`);
    if (count !== 1)
      throw new ValueError(
        `${name}: operand ${k} has ${count} core dimensions, but the axes item is a single integer.`,
      );
    return { letters, axes: [checkAxis(entry, ndim)] };
  }
  if (entry.length !== count)
    throw new ValueError(
      `${name}: operand ${k} has ${count} core dimensions, but ${entry.length} dimensions are specified by axes tuple.`,
    );
  const axes = entry.map((axis) => checkAxis(axis, ndim));
  axes.forEach((axis, i) => {
    if (axes.indexOf(axis) !== i) throw new ValueError(`axes item ${k} has value ${axis} repeated`);
  });
  return { letters, axes };
}

/** The lengths of all axes. Errors: core axes that differ in length, others that do not broadcast, an `out` that is unfit. */
export function sizesOf(
  shape: CoreShape,
  inputs: readonly (readonly number[])[],
  all: AllAxes,
  out: readonly number[] | undefined,
): Sizes {
  const lengths = new Map<string, number>();
  const parts = inputs.map((list, k) => splitOf(list, all.inputs[k]));
  parts.forEach(({ core }, k) => {
    core.forEach((length, i) => {
      meet(shape, lengths, all.inputs[k].letters[i], length, `Input operand ${k}`, i);
    });
  });
  const written = out && splitOf(out, all.output);
  if (written !== undefined) {
    written.core.forEach((length, i) => {
      const letter = all.output.letters[i];
      if (letter !== "") meet(shape, lengths, letter, length, "Output operand 0", i);
      else if (length !== 1) throw unfit(out!, 1);
    });
  }
  const core = all.output.letters.map((letter) => lengths.get(letter) ?? 1),
    outers = parts.map(({ outer }) => outer);
  const outer = broadcastOuter(inputs, outers, written?.outer, out, core);
  const result: number[] = [];
  all.output.axes.forEach((axis, i) => {
    result[axis] = core[i];
  });
  let k = 0;
  for (let axis = 0; axis < outer.length + core.length; axis++)
    if (!all.output.axes.includes(axis)) result[axis] = outer[k++];
  return { lengths, outers, outer, shape: result };
}

function meet(
  { name, text }: CoreShape,
  lengths: Map<string, number>,
  letter: string,
  length: number,
  operand: string,
  i: number,
): void {
  const known = lengths.get(letter) ?? length;
  if (known !== length)
    throw new ValueError(
      `${name}: ${operand} has a mismatch in its core dimension ${i}, with gufunc signature ${text} (size ${length} is different from ${known})`,
    );
  lengths.set(letter, length);
}

// The axes that are no core axes, broadcast; NumPy shows how each operand takes part in it.
function broadcastOuter(
  inputs: readonly (readonly number[])[],
  outers: readonly (readonly number[])[],
  written: readonly number[] | undefined,
  out: readonly number[] | undefined,
  core: readonly number[],
): readonly number[] {
  const all = written === undefined ? outers : [...outers, written],
    ndim = Math.max(...all.map(({ length }) => length)),
    outer = new Array<number>(ndim).fill(1);
  let meets = true;
  for (const list of all) {
    list.forEach((length, i) => {
      const at = ndim - list.length + i;
      if (outer[at] === 1) outer[at] = length;
      else if (length !== 1 && length !== outer[at]) meets = false;
    });
  }
  if (!meets) {
    const pad = (list: readonly number[], last: readonly (number | null)[]): string =>
      remapped([...new Array<null>(ndim - list.length).fill(null), ...list, ...last]);
    const shapes = out === undefined ? inputs : [...inputs, out],
      texts = shapes.map(
        (list, k) => `${shapeText(list)}->${pad(all[k], k < inputs.length ? core.map(() => null) : core)}`,
      );
    throw new ShapeError(
      `operands could not be broadcast together with remapped shapes [original->remapped]: ${texts.join(" ")}  and requested shape ${pad([], core)}`,
    );
  }
  if (written !== undefined && outer.some((length, i) => length !== written[i])) throw unfit(out!, outer);
  return outer;
}

function remapped(list: readonly (number | null)[]): string {
  const first = list.findIndex((length) => length !== null);
  if (first < 0) return "()";
  return `(${list
    .slice(first)
    .map((length) => length ?? "newaxis")
    .join(",")}${list.length === 1 ? "," : ""})`;
}

function unfit(got: readonly number[], expected: readonly number[] | number): ShapeError {
  const text =
    typeof expected === "number" ? `length ${expected} along its core axis` : `loop shape ${shapeText(expected)}`;
  return new ShapeError(`non-broadcastable output operand with shape ${shapeText(got)} doesn't match the ${text}`);
}
