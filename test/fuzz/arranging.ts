import type { Step } from "./steps.js";
import { type Draw, DTYPES, type View } from "./views.js";

// Steps that lay elements out anew: repeated, turned, cut, joined, put in and left out.

const ARRANGING = (
  "repeat roll tile flip rot90 moveaxis transpose swapaxes delete arraySplit split diagonal squeeze expandDims " +
  "broadcastTo ravel reshape unstack slidingWindowView atleast2d flatten"
).split(" ");

/** Further arguments of a function, by its name; null where an array of this shape has none. */
function further(f: string, draw: Draw): readonly unknown[] | null {
  const { random, ndim, shape } = draw,
    axis = (): number | null => (ndim === 0 || random.chance(0.4) ? null : draw.axis());
  const along = ndim === 0 ? 0 : draw.axis(),
    length = shape.at(along) ?? 1;
  const two = ndim < 2 ? null : random.shuffled(shape.map((_, i) => i)).slice(0, 2);
  if (f === "roll") {
    if (ndim > 1 && random.chance(0.2))
      return [
        [random.int(-9, 10), random.int(-9, 10)],
        [0, 1],
      ];
    return [random.int(-9, 10), axis()];
  }
  if (f === "repeat") {
    const every = axis() ?? null,
      n = every === null ? shape.reduce((a, b) => a * b, 1) : shape.at(every)!;
    return [random.chance(0.3) && n < 200 ? random.list(n, () => random.int(0, 4)) : random.int(0, 4), every];
  }
  if (f === "tile")
    return [random.chance(0.5) ? random.int(0, 4) : random.list(random.int(1, 4), () => random.int(0, 3))];
  if (f === "flip") return [random.chance(0.3) && two ? two : axis()];
  if (f === "rot90") return two && [random.int(-5, 6), two];
  if (f === "moveaxis") return ndim === 0 ? null : [draw.axis(), draw.axis()];
  if (f === "swapaxes") return ndim === 0 ? null : [draw.axis(), draw.axis()];
  if (f === "transpose") return random.chance(0.3) ? [] : [random.shuffled(shape.map((_, i) => i))];
  if (f === "delete") {
    const every = axis() ?? null,
      n = every === null ? shape.reduce((a, b) => a * b, 1) : shape.at(every)!;
    if (n === 0) return null;
    const place = (): number => random.int(-n, n);
    return [random.chance(0.4) ? place() : random.list(random.int(0, 6), place), every];
  }
  if (f === "arraySplit")
    return [random.chance(0.5) ? random.int(1, 7) : random.list(3, () => random.int(-4, 9)), along];
  if (f === "split") return ndim === 0 ? null : [random.of([1, 2, 3].filter((n) => length % n === 0)), along];
  if (f === "unstack") return ndim === 0 || length > 300 ? null : [along];
  if (f === "diagonal") return two && [random.int(-3, 4)];
  if (f === "squeeze") return [];
  if (f === "expandDims") return [random.int(-ndim - 1, ndim + 1)];
  if (f === "broadcastTo") return [[random.int(1, 4), ...shape]];
  if (f === "reshape") return [random.of([[-1], [1, -1], [-1, 1], [...shape].reverse()])];
  if (f === "slidingWindowView")
    return length === 0 || ndim === 0 ? null : [random.int(1, Math.min(length, 5) + 1), along];
  return [];
}

export function arranging(draw: Draw): Step {
  for (;;) {
    const f = draw.random.of(ARRANGING),
      more = further(f, draw);
    if (more !== null) return { kind: "arrange", f, args: [draw.x], more };
  }
}

export function joining(draw: Draw): Step {
  const { random, x, ndim, shape } = draw;
  const another = (): View => draw.view(random.int(0, draw.bases.length), shape);
  const f = random.of(["concatenate", "concatenate", "stack", "vstack", "hstack", "append", "insert"]);
  if (f === "insert") return inserting(draw);
  if (f === "append") {
    const axis = ndim === 0 || random.chance(0.5) ? null : draw.axis();
    return { kind: "join", f, args: [x, another()], axis };
  }
  const args = [x, ...random.list(random.int(0, 3), another)];
  if (f !== "concatenate" && f !== "stack") return { kind: "join", f, args };
  const axis = f === "stack" ? draw.axis(ndim + 1) : ndim === 0 || random.chance(0.3) ? null : draw.axis();
  const options: Record<string, string> = {};
  if (random.chance(0.3)) options.casting = "unsafe";
  const out = random.maybe(0.3, () => joined(draw, f, axis, args.length));
  if (!out && random.chance(0.3)) options.dtype = random.of(DTYPES);
  return { kind: "join", f, args, axis, options, out: out ?? undefined };
}

// A place for so many arrays of the shape, where one of the buffers has room.
function joined(draw: Draw, f: string, axis: number | null, count: number): View | null {
  const { random, bases, shape, ndim } = draw;
  const size = shape.reduce((n, m) => n * m, 1);
  if (size * count > bases[0].length) return null;
  const at = axis === null ? 0 : axis < 0 ? axis + ndim + (f === "stack" ? 1 : 0) : axis;
  const lengths =
    axis === null
      ? [size * count]
      : f === "stack"
        ? shape.toSpliced(at, 0, count)
        : shape.map((n, i) => (i === at ? n * count : n));
  const base = random.chance(0.7) ? draw.x.base : random.int(0, bases.length);
  const strides: number[] = [];
  for (let i = lengths.length - 1, step = 1; i >= 0; i--) {
    strides.unshift(step);
    step *= Math.max(lengths[i], 1);
  }
  return { base, offset: random.int(0, bases[0].length - size * count + 1), shape: lengths, strides };
}

function inserting(draw: Draw): Step {
  const { random, x, ndim, shape } = draw,
    axis = ndim === 0 || random.chance(0.5) ? null : draw.axis();
  const n = axis === null ? shape.reduce((a, b) => a * b, 1) : shape.at(axis)!;
  const place = (): number => random.int(-n, n + 1),
    at = random.chance(0.5) ? place() : random.list(random.int(0, 4), place);
  return {
    kind: "join",
    f: "insert",
    args: [x, random.chance(0.7) ? random.int(0, 6) : draw.view(0, [])],
    axis,
    more: [at],
  };
}
