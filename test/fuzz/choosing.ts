import type { Step } from "./steps.js";
import { type Draw, DTYPES, type View } from "./views.js";

// Steps that choose elements, by positions, indices and masks, and steps that write into what is there.

/** An item of an index: an integer, a slice, a new axis, an ellipsis, a list of integers or booleans. */
export type Item =
  | number
  | { readonly cut: readonly (number | null)[] }
  | null
  | "..."
  | readonly number[]
  | readonly boolean[];

const CHOOSING =
  "take take at at at atMask compress extract nonzero flatnonzero argwhere where where astype astype twice round".split(
    " ",
  );

export function choosing(draw: Draw): Step {
  const { random, x, ndim, shape } = draw,
    f = random.of(CHOOSING),
    kind = "choose";
  if (f === "take") return taking(draw);
  if (f === "at") return { kind, f, args: [x], more: index(draw) };
  if (f === "atMask" || f === "extract") return { kind, f, args: [x], where: draw.wholeMask() };
  if (f === "compress") {
    if (ndim === 0) return { kind, f: "atMask", args: [x], where: draw.wholeMask() };
    const axis = draw.axis();
    return { kind, f, args: [x], axis, where: draw.wholeMask([shape.at(axis)!]) };
  }
  if (f === "where") return { kind, f, args: [draw.operand(0), x, draw.operand()] };
  if (f === "astype") return { kind, f, args: [x], more: [random.of(DTYPES)] };
  if (f === "twice") return { kind, f, args: [x], more: [random.of(DTYPES), random.of(DTYPES)] };
  if (f === "round") return { kind, f, args: [x], more: [random.of([0, 0, 1, 2, -1])] };
  return { kind, f, args: [ndim === 0 ? { ...x, shape: [1], strides: [1] } : x] };
}

function taking(draw: Draw): Step {
  const { random, x, ndim, shape } = draw,
    axis = ndim === 0 || random.chance(0.5) ? null : draw.axis(),
    length = axis === null ? shape.reduce((n, m) => n * m, 1) : shape.at(axis)!;
  const mode = random.of(["raise", "wrap", "clip"]),
    place = (): number => (mode === "raise" ? random.int(-length, length) : random.int(-9, 60));
  const indices = random.list(length === 0 ? random.int(0, 2) : random.int(0, 30), place);
  const at = axis === null ? 0 : (axis + ndim) % ndim,
    given = axis === null ? [indices.length] : shape.with(at, indices.length);
  const room = given.reduce((n, m) => n * m, 1) <= draw.bases[0].length;
  const out = room ? random.maybe(0.3, () => draw.view(x.base, given)) : undefined;
  return { kind: "choose", f: "take", args: [x], axis, out, options: { mode }, more: [indices] };
}

/** Items of an index, valid for the first operand's shape. */
function index(draw: Draw): Item[] {
  const { random, shape } = draw,
    items: Item[] = [],
    count = random.int(2, 6);
  const some = random.int(0, shape.length + 1);
  shape.slice(0, some).forEach((n) => {
    if (random.chance(0.1)) items.push(null);
    items.push(item(draw, n, count));
  });
  if (some < shape.length && random.chance(0.4)) {
    items.push("...");
    if (random.chance(0.3)) items.push(null);
  }
  return items.length === 0 ? ["..."] : items;
}

function item({ random }: Draw, n: number, count: number): Item {
  const draw = random.next(),
    end = (): number | null => (random.chance(0.3) ? null : random.int(-n - 2, n + 3));
  if (n > 0 && draw < 0.25) return random.int(-n, n);
  if (draw < 0.6) return { cut: [end(), end(), random.of([null, 1, 2, -1, -2, 3])] };
  // Lists of one length, or of one element, broadcast with each other.
  if (n > 0 && draw < 0.85) return random.list(random.chance(0.2) ? 1 : count, () => random.int(-n, n));
  if (n > 0 && n < 50) {
    const flags = random.list(n, () => random.chance(0.5));
    const at = (i: number): boolean => i < count;
    // As many are true as the lists have elements, where there are so many.
    return n >= count ? random.shuffled(flags.map((_, i) => at(i))) : flags;
  }
  return { cut: [null, null, null] };
}

const WRITING = "copyto copyto set set putMask put nanToNum setAt setAt place".split(" ");

export function writing(draw: Draw): Step {
  const { random, x, shape } = draw,
    f = random.of(WRITING),
    kind = "write";
  const to = draw.target(),
    value = random.chance(0.5) ? x : draw.operand();
  if (f === "copyto")
    return { kind, f, args: [to, value], where: random.maybe(0.4, () => draw.mask()), options: { casting: "unsafe" } };
  if (f === "set") return { kind, f, args: [to, value] };
  if (f === "setAt") {
    const more = index(draw);
    // NumPy takes no array of one axis for a single element.
    return {
      kind,
      f,
      args: [
        x,
        single(
          draw,
          more.some((i) => typeof i !== "number"),
        ),
      ],
      more,
    };
  }
  if (f === "putMask") return { kind, f, args: [to, random.int(0, 6)], where: draw.wholeMask() };
  if (f === "place") {
    const values = draw.view(random.int(0, draw.bases.length), [random.int(1, Math.min(6, draw.bases[0].length + 1))]);
    return { kind, f, args: [to, values], where: draw.wholeMask() };
  }
  if (f === "put") {
    const size = shape.reduce((n, m) => n * m, 1),
      mode = random.of(["raise", "wrap", "clip"]);
    const place = (): number => (mode === "raise" && size > 0 ? random.int(-size, size) : random.int(0, 60));
    return { kind, f, args: [to, single(draw)], options: { mode }, more: [random.list(random.int(0, 30), place)] };
  }
  return { kind, f, args: [to] };
}

function single(draw: Draw, list = true): View | number {
  const { random } = draw;
  if (random.chance(0.6)) return random.int(0, 6);
  return draw.view(random.int(0, draw.bases.length), list && random.chance(0.5) ? [1] : []);
}
