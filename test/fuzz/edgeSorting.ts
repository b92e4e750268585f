import * as np from "nbytes";
import type { Generator } from "./edgeCalls.js";
import {
  type Arg,
  array,
  arrayLike,
  axis,
  DTYPES,
  dtypeOf,
  integers,
  ofArray,
  plain,
  scalar,
  shapeOf,
} from "./edgeValues.js";

// How sorting is called. What a partition leaves of the order is open: test/sorting/ judges it by its ranks.

const stably =
  (f: string): Generator =>
  (d) => {
    const shape = shapeOf(d),
      options = { kind: plain(d.of(["stable", "mergesort"])) };
    return { f, args: [arrayLike(d, DTYPES, shape), axis(d, shape.length)], options };
  };

export const sorting: Readonly<Record<string, Generator>> = {
  sort: stably("sort"),
  argsort: stably("argsort"),
  lexsort: (d) => {
    const shape = shapeOf(d),
      keys = d.many(d.once(9) ? 0 : 1 + d.below(3), () => arrayLike(d, DTYPES, d.once(12) ? shapeOf(d) : shape)),
      list: Arg = { given: keys.map((key) => key.given), told: { l: keys.map((key) => key.told) } };
    return { f: "lexsort", args: d.once(2) ? [list] : [list, axis(d, shape.length, false)] };
  },
  searchsorted: (d) => {
    const n = d.of([0, 1, 2, 3, 5, 9]),
      a = d.once(12) ? arrayLike(d) : ofArray(array(d, dtypeOf(d), [n])),
      v = d.once(3) ? scalar(d, false) : arrayLike(d),
      options: Record<string, Arg> = {};
    if (d.once(2)) options.side = plain(d.of(["left", "right"]));
    // Of what is not sorted the answer is open.
    if (!(a.given instanceof np.NDArray && a.given.ndim === 1)) return { f: "searchsorted", args: [a, v], options };
    if (!d.once(3)) return { f: "searchsorted", args: [ofArray(np.sort(a.given)), v], options };
    const sorter = np.argsort(a.given);
    options.sorter =
      sorter.size === 0 || d.once(2) ? ofArray(sorter as unknown as np.NDArray) : integers(sorter.tolist() as number[]);
    return { f: "searchsorted", args: [a, v], options };
  },
};
