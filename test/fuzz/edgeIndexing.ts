import * as np from "nbytes";
import type { Generator } from "./edgeCalls.js";
import {
  type Arg,
  array,
  arrayLike,
  besideShape,
  type Draw,
  dtypeOf,
  integer,
  integers,
  none,
  number,
  ofArray,
  plain,
  shapeOf,
} from "./edgeValues.js";

// Indices of every kind, and what is no index: out of bounds, too many, fractions, masks of other shapes, two ellipses,
// strings that say nothing. Read with `at`, written with `set`: both refuse, or both give, and refusals write nothing.

const ELLIPSIS: Arg = { given: "...", told: { e: 1 } };

function slice(d: Draw, length: number): Arg {
  const end = (): number | null => (d.once(3) ? null : d.below(2 * length + 4) - length - 2),
    step = d.of([null, 1, 2, -1, -2, d.once(6) ? 0 : 3]);
  const [start, stop] = [end(), end()];
  const told = { slice: [start, stop, step] };
  if (step !== 0 && d.once(2)) return { given: np.slice(start, stop, step), told };
  return { given: `${start ?? ""}:${stop ?? ""}${step === null ? "" : `:${step}`}`, told };
}

function mask(d: Draw, shape: readonly number[]): Arg {
  const lengths = d.once(6) ? [...shape, 2] : d.once(6) ? shape.map((n) => n + 1) : shape;
  // NumPy takes masks without elements that fit no axis.
  return lengths.includes(0) ? ELLIPSIS : ofArray(array(d, "bool", lengths));
}

function list(d: Draw, length: number): Arg {
  const at = d.many(1 + d.below(3), () => (d.once(12) ? length : d.below(2 * length || 1) - length));
  if (d.once(12)) return integers([...at, 0.5]);
  if (d.once(3)) return integers([at, at]);
  if (d.once(2)) return integers(at);
  return ofArray(np.array(at, { dtype: d.of(["int8", "int32", "float64"] as const) }) as unknown as np.NDArray);
}

function item(d: Draw, length: number): Arg {
  switch (d.below(10)) {
    case 0:
      return none;
    case 1:
      return ELLIPSIS;
    case 2:
      return d.once(5)
        ? d.of([plain("x"), plain("1.5"), plain("::0x"), number(0.5), number(Number.NaN)])
        : list(d, length);
    case 3:
      return mask(d, [length]);
    case 4:
      return list(d, length);
    case 5:
    case 6:
      return d.once(10)
        ? integer(d.of([length, -length - 1, 2n ** 40n]))
        : integer(length === 0 ? 0 : d.below(2 * length) - length);
    default:
      return slice(d, length);
  }
}

function index(d: Draw, shape: readonly number[]): Arg[] {
  if (d.once(8)) return [mask(d, shape)];
  const many = d.below(shape.length + 1) + (d.once(8) ? 1 : 0);
  const items = Array.from({ length: many }, (_, k) => item(d, shape[k] ?? 2));
  return items.length === 0 ? [ELLIPSIS] : items;
}

/** Generators of calls. */
export const indexing: Readonly<Record<string, Generator>> = {
  at: (d) => {
    const shape = shapeOf(d);
    return { f: "at", args: [ofArray(array(d, dtypeOf(d), shape)), ...index(d, shape)] };
  },
  set: (d) => {
    const shape = shapeOf(d),
      value = d.once(2)
        ? number(d.below(9), true)
        : arrayLike(d, ["bool", "int8", "uint8"], besideShape(d, shape), true);
    return { f: "set", args: [ofArray(array(d, dtypeOf(d), shape)), ...index(d, shape), value], writes: true };
  },
};
