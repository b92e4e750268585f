import type { DType, NDArray } from "../../src/index.js";
import { NDArray as Arrays, broadcastTo, slice, zeros } from "../../src/index.js";
import { difference, type Failures } from "./compare.js";
import { fill, type Layout, layouts, untouched } from "./layouts.js";
import { arrayOf, itemsize, peek, poke, sizes } from "./oracle.js";

// Replays an elementwise operation in every layout, with out, in place, overlapping, masked, broadcast, 0-d, empty.

/** An operation with its inputs (N elements each) and NumPy's answer. */
export interface Case {
  readonly op: string;
  readonly call: (...args: readonly unknown[]) => unknown;
  readonly inputs: readonly { readonly dtype: DType; readonly bytes: Uint8Array }[];
  readonly dtype: DType;
  readonly want: Uint8Array;
  /** Whether it takes `out` and `where`; `where` itself and nanToNum do not. */
  readonly ufunc: boolean;
}

const { N, GRID } = sizes;
const contiguous = layouts[0];
const named = (name: string) => layouts.find((l) => l.name === name) as Layout;
const outs = ["contiguous", "negative", "transposed", "sparse"].map(named);

function check(c: Case, result: unknown, shape: readonly number[], want = c.want): string | null {
  if (!(result instanceof Arrays)) return `is no array but ${String(result)}`;
  const array = result as NDArray;
  if (array.dtype !== c.dtype) return `is ${array.dtype}, NumPy says ${c.dtype}`;
  if (array.shape.join() !== shape.join()) return `has shape (${array.shape.join()}), not (${shape.join()})`;
  return difference(c.op, c.dtype, peek(array), want);
}

/** All of them. */
export function replay(c: Case, failures: Failures): void {
  for (const layout of layouts) inLayout(c, layout, failures);
  ofFewElements(c, failures);
  failures.try("repeated beyond 64 Ki", () => beyondOneCall(c));
  if (c.inputs.length === 2 && c.inputs[0].bytes !== c.inputs[1].bytes) onGrid(c, failures);
  if (!c.ufunc) return;
  for (const layout of outs) withOut(c, layout, failures);
  masked(c, failures);
  if (c.inputs[0].dtype === c.dtype) overlapping(c, failures);
}

// All operands in the layout, and each alone in it.
function inLayout(c: Case, layout: Layout, failures: Failures): void {
  const spread = c.inputs.map((input) => fill(layout, input.dtype, input.bytes));
  failures.try(layout.name, () => check(c, c.call(...spread), layout.shape));
  if (c.inputs.length === 1 || layout === contiguous) return;
  const packed = c.inputs.map((input) => arrayOf(input.dtype, input.bytes, layout.shape));
  for (let k = 0; k < c.inputs.length; k++) {
    const operands = packed.map((a, i) => (i === k ? spread[k] : a));
    failures.try(`operand ${k} ${layout.name}`, () => check(c, c.call(...operands), layout.shape));
  }
}

// 0-d, empty, and a few elements, fewer than a vector has lanes.
function ofFewElements(c: Case, failures: Failures): void {
  for (const shape of [[0], [3, 0], [0, 2]]) {
    failures.try(`shape (${shape.join()})`, () =>
      check(c, c.call(...c.inputs.map((x) => zeros(shape, { dtype: x.dtype }))), shape, new Uint8Array(0)),
    );
  }
  const take = (bytes: Uint8Array, dtype: DType, i: number, n: number) =>
    bytes.slice(i * itemsize(dtype), (i + n) * itemsize(dtype));
  for (const [i, n] of [
    [5, 1],
    [150, 1],
    [307, 1],
    [3, 3],
    [290, 7],
    [200, 17],
  ]) {
    const shape = n === 1 ? [] : [n];
    const operands = c.inputs.map((x) => arrayOf(x.dtype, take(x.bytes, x.dtype, i, n), shape));
    failures.try(`${n} from ${i}`, () => check(c, c.call(...operands), shape, take(c.want, c.dtype, i, n)));
  }
}

// 209 times the pool: more than the 64 Ki elements of one call of the core, and many tiles.
function beyondOneCall(c: Case): string | null {
  const times = 209;
  const operands = c.inputs.map((x) => {
    const array: NDArray = zeros([times * N], { dtype: x.dtype });
    repeat(array, x.bytes);
    return array;
  });
  const result = c.call(...operands);
  if (!(result instanceof Arrays)) return "is no array";
  const bytes = peek(result as NDArray),
    one = c.want.length;
  for (let i = 0; i < times; i++) {
    const wrong = difference(c.op, c.dtype, bytes.slice(i * one, (i + 1) * one), c.want);
    if (wrong !== null) return `after ${i * N} elements ${wrong}`;
  }
  return null;
}

function repeat(array: NDArray, bytes: Uint8Array): void {
  const all = new Uint8Array(array.data.buffer as ArrayBuffer, array.address, array.nbytes);
  for (let at = 0; at < all.length; at += bytes.length) all.set(bytes, at);
}

// The first GRID × GRID pairs are every value of a list against every other: a column against a row.
function onGrid(c: Case, failures: Failures): void {
  const [x, y] = c.inputs,
    width = itemsize(c.dtype),
    shape = [GRID, GRID];
  const column = x.bytes
    .filter((_, i) => Math.floor(i / itemsize(x.dtype)) % GRID === 0)
    .slice(0, GRID * itemsize(x.dtype));
  const row = y.bytes.slice(0, GRID * itemsize(y.dtype));
  const want = c.want.slice(0, GRID * GRID * width),
    turned = new Uint8Array(want.length);
  for (let i = 0; i < GRID; i++) {
    for (let j = 0; j < GRID; j++)
      turned.set(want.subarray((i * GRID + j) * width, (i * GRID + j + 1) * width), (j * GRID + i) * width);
  }
  const upright = (dtype: DType, bytes: Uint8Array) => arrayOf(dtype, bytes, [GRID, 1]);
  const flat = (dtype: DType, bytes: Uint8Array) => arrayOf(dtype, bytes, [GRID]);
  failures.try("column, row", () => check(c, c.call(upright(x.dtype, column), flat(y.dtype, row)), shape, want));
  failures.try("row, column", () => check(c, c.call(flat(x.dtype, column), upright(y.dtype, row)), shape, turned));
  const wide = broadcastTo(upright(x.dtype, column), shape),
    tall = broadcastTo(flat(y.dtype, row), shape);
  failures.try("broadcast, broadcast", () => check(c, c.call(wide, tall), shape, want));
  for (const i of [0, 3, 11]) {
    const one = arrayOf(x.dtype, column.slice(i * itemsize(x.dtype)), []),
      line = want.slice(i * GRID * width, (i + 1) * GRID * width);
    failures.try(`0-d ${i}, row`, () => check(c, c.call(one, flat(y.dtype, row)), [GRID], line));
  }
}

// Into a view: the right values, the array itself returned, nothing written beside it.
function withOut(c: Case, layout: Layout, failures: Failures): void {
  const operands = c.inputs.map((x) => arrayOf(x.dtype, x.bytes, layout.shape)),
    out = layout.make(c.dtype);
  failures.try(`out ${layout.name}`, () => {
    if (c.call(...operands, { out }) !== out) return "does not return out";
    return check(c, out, layout.shape) ?? untouched(out);
  });
  if (c.inputs.some((x) => x.dtype !== c.dtype)) return;
  for (let k = 0; k < operands.length; k++) {
    const inPlace = operands.map((a, i) => (i === k ? fill(layout, c.dtype, c.inputs[k].bytes) : a));
    failures.try(`in place of operand ${k}, ${layout.name}`, () => {
      c.call(...inPlace, { out: inPlace[k] });
      return check(c, inPlace[k], layout.shape) ?? untouched(inPlace[k]);
    });
  }
}

// Where the mask is false out keeps what it had.
function masked(c: Case, failures: Failures): void {
  const width = itemsize(c.dtype),
    bits = Uint8Array.from({ length: N }, (_, i) => (i % 3 === 1 || i % 7 === 2 ? 0 : 1));
  const before = c.want.slice(0, width),
    want = c.want.slice();
  for (let i = 0; i < N; i++) if (!bits[i]) want.set(before, i * width);
  for (const layout of outs) {
    failures.try(`where ${layout.name}`, () => {
      const operands = c.inputs.map((x) => fill(layout, x.dtype, x.bytes)),
        out = layout.make(c.dtype);
      poke(out, before);
      c.call(...operands, { out, where: fill(layout, "bool", bits) });
      return check(c, out, layout.shape, want) ?? untouched(out);
    });
  }
}

// out overlaps what is still to be read: shifted both ways, reversed, a square and its transpose.
function overlapping(c: Case, failures: Failures): void {
  const [x, ...rest] = c.inputs,
    width = itemsize(c.dtype);
  const others = rest.map((o) => arrayOf(o.dtype, o.bytes, [N]));
  const shifted = (from: number, to: number) => () => {
    const base: NDArray = zeros([N + 3], { dtype: c.dtype }),
      input = base.at(slice(from, from + N)),
      out = base.at(slice(to, to + N));
    poke(input, x.bytes);
    c.call(input, ...others, { out });
    return check(c, out, [N]);
  };
  failures.try("out one element later", shifted(0, 1));
  failures.try("out one element earlier", shifted(1, 0));
  failures.try("out three elements later", shifted(0, 3));
  failures.try("out reversed", () => {
    const input = arrayOf(c.dtype, x.bytes, [N]),
      out = input.at(slice(null, null, -1));
    c.call(input, ...others, { out });
    return check(c, out, [N]);
  });
  failures.try("out transposed", () => {
    const n = GRID * GRID * width,
      square = arrayOf(c.dtype, x.bytes.slice(0, n), [GRID, GRID]),
      out = square.T as NDArray;
    c.call(square, ...rest.map((o) => arrayOf(o.dtype, o.bytes, [GRID, GRID])), { out });
    return check(c, out, [GRID, GRID], c.want.slice(0, n));
  });
}
