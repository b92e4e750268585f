import * as np from "nbytes";

// Random indices, read with `at` and written with `set`, beside a model that counts every element by hand. The model
// knows one rule: what an index selects are row-major numbers, and a shape.

type Selected = { shape: number[]; numbers: number[] };
type Item = { given: unknown; slice?: number[]; integer?: number; newaxis?: true; ellipsis?: true; picks?: Picks };
/** An array of indices along `axes` axes: its shape, and for each of its elements one index for each axis. */
type Picks = { axes: number; shape: number[]; at: number[][] };

function random(seed: number): (below: number) => number {
  let state = (seed * 2654435761 + 12345) >>> 0;
  return (below) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % below;
  };
}

type Random = ReturnType<typeof random>;

const sizeOf = (shape: readonly number[]): number => shape.reduce((n, m) => n * m, 1);

/** All indices into a shape, in row-major order. */
function places(shape: readonly number[]): number[][] {
  let all: number[][] = [[]];
  for (const length of shape) all = all.flatMap((at) => Array.from({ length }, (_, i) => [...at, i]));
  return all;
}

function nested(shape: readonly number[], leaves: readonly unknown[]): unknown {
  if (shape.length === 0) return leaves[0];
  const below = sizeOf(shape.slice(1));
  return Array.from({ length: shape[0] }, (_, i) => nested(shape.slice(1), leaves.slice(i * below, (i + 1) * below)));
}

function integer(r: Random, length: number): Item {
  const i = r(length),
    signed = r(2) ? i : i - length;
  return { given: [signed, BigInt(signed), `${signed}`][r(3)], integer: i };
}

function slice(r: Random, length: number): Item {
  const end = (): number | null => (r(3) === 0 ? null : r(2 * length + 4) - length - 2),
    step = [null, 1, 2, -1, -2, 3][r(6)];
  const [start, stop] = [end(), end()];
  const chosen: number[] = [];
  // Python's rule, step by step.
  const by = step ?? 1,
    clip = (n: number, low: number, high: number): number => Math.min(Math.max(n < 0 ? n + length : n, low), high);
  const [low, high] = by > 0 ? [0, length] : [-1, length - 1];
  const last = stop === null ? (by > 0 ? length : -1) : clip(stop, low, high);
  for (
    let i = start === null ? (by > 0 ? 0 : length - 1) : clip(start, low, high);
    by > 0 ? i < last : i > last;
    i += by
  )
    chosen.push(i);
  const text = `${start ?? ""}:${stop ?? ""}${step === null ? "" : `:${step}`}`;
  return { given: r(2) ? text : np.slice(start, stop, step), slice: chosen };
}

function indices(r: Random, length: number, shape: readonly number[]): Item {
  const at = places(shape).map(() => (length === 0 ? 0 : r(length)));
  const values = at.map((i) => (r(2) ? i : i - length)),
    list = nested(shape, values);
  const given = shape.length === 0 || r(2) ? np.array(list as number[], { dtype: r(2) ? "int64" : "int16" }) : list;
  return { given, picks: { axes: 1, shape: [...shape], at: at.map((i) => [i]) } };
}

function mask(r: Random, lengths: readonly number[]): Item {
  const all = places(lengths),
    bits = all.map(() => r(3) > 0),
    list = nested(lengths, bits);
  const at = all.filter((_, k) => bits[k]);
  const empty = lengths.length === 0 || lengths.includes(0);
  return {
    given: empty || r(2) ? np.array(list as boolean[], "bool").reshape([...lengths]) : list,
    picks: { axes: lengths.length, shape: [at.length], at },
  };
}

/** Items for an array of a shape, at most one of them an ellipsis; all arrays of indices broadcast. */
function itemsFor(r: Random, shape: readonly number[]): Item[] {
  const items: Item[] = [],
    common = [[], [1], [2], [3], [0], [2, 1], [1, 2], [2, 2]][r(8)];
  let axis = 0,
    masked = false;
  while (axis < shape.length) {
    const kind = r(10),
      length = shape[axis];
    if (kind === 0) break;
    if (kind === 1) items.push({ given: r(2) ? null : "None", newaxis: true });
    else if (kind === 7 && !masked && !items.some((i) => i.picks)) {
      const many = r(shape.length - axis + 1);
      items.push(mask(r, shape.slice(axis, axis + many)));
      axis += many;
      masked = true;
    } else {
      const picks = !masked && (length > 0 || common.includes(0));
      if (kind < 5) items.push(slice(r, length));
      else if (kind < 7 && length > 0) items.push(integer(r, length));
      else items.push(picks ? indices(r, length, common) : slice(r, length));
      axis++;
    }
  }
  // An ellipsis may stand for what is left, also for nothing at the end.
  if (r(3) === 0) items.push({ given: "...", ellipsis: true });
  return items.length === 0 ? [{ given: "...", ellipsis: true }] : items;
}

/** What the items select: NumPy's rules, an element at a time. */
function selected(shape: readonly number[], items: readonly Item[]): Selected {
  const advanced = items.some((item) => item.picks),
    kept: number[][] = [],
    keptAxes: number[] = [];
  const picks: (Picks & { axis: number })[] = [];
  let axis = 0,
    place = -1,
    last = -1,
    together = true;
  items.forEach((item, i) => {
    const picking = item.picks !== undefined || (advanced && item.integer !== undefined);
    if (picking) {
      if (place < 0) place = kept.length;
      else if (last !== i - 1) together = false;
      last = i;
      const own = item.picks ?? { axes: 1, shape: [], at: [[item.integer!]] };
      picks.push({ ...own, axis });
      axis += own.axes;
    } else if (item.integer !== undefined) {
      picks.push({ axes: 1, shape: [], at: [[item.integer]], axis: axis++ });
    } else if (item.newaxis) {
      kept.push([0]);
      keptAxes.push(-1);
    } else if (item.slice) {
      kept.push(item.slice);
      keptAxes.push(axis++);
    }
  });
  for (; axis < shape.length; axis++) {
    kept.push(Array.from({ length: shape[axis] }, (_, i) => i));
    keptAxes.push(axis);
  }
  if (!together || place < 0) place = 0;
  const ndim = Math.max(0, ...picks.map((p) => p.shape.length));
  const wide = Array.from({ length: ndim }, (_, k) => {
    const lengths = picks.map((p) => p.shape[k - ndim + p.shape.length] ?? 1);
    return lengths.find((length) => length !== 1) ?? 1;
  });
  const result = [...kept.slice(0, place).map((k) => k.length), ...wide, ...kept.slice(place).map((k) => k.length)];
  const numbers = places(result).map((at) => {
    const index = new Array<number>(shape.length).fill(0),
      inside = at.slice(place, place + wide.length),
      outside = [...at.slice(0, place), ...at.slice(place + wide.length)];
    outside.forEach((i, k) => {
      if (keptAxes[k] >= 0) index[keptAxes[k]] = kept[k][i];
    });
    const flat = inside.reduce((n, i, k) => n * wide[k] + i, 0);
    for (const p of picks)
      p.at[p.at.length === 1 ? 0 : flat]?.forEach((i, k) => {
        index[p.axis + k] = i;
      });
    return index.reduce((n, i, k) => n * shape[k] + i, 0);
  });
  return { shape: result, numbers };
}

function valueFor(
  r: Random,
  a: np.NDArray,
  elements: number[],
  s: Selected,
): { given: unknown; values: number[] } | null {
  const kind = r(4);
  if (kind === 0) return { given: 7, values: s.numbers.map(() => 7) };
  const values = s.numbers.map(() => r(100));
  if (kind === 1 || s.shape.length === 0) {
    const flat = np.array(values, "float64");
    return { given: flat.reshape(s.shape), values };
  }
  if (kind === 2) {
    // Along the last axis only.
    const row = Array.from({ length: s.shape.at(-1)! }, () => r(100));
    return { given: row, values: s.numbers.map((_, k) => row[k % row.length]) };
  }
  // The target's own first elements, the other way round.
  const width = s.shape.at(-1)!;
  if (a.ndim !== 1 || width > a.size || width === 0) return null;
  const own = elements.slice(0, width).reverse();
  return { given: a.at(np.slice(0, width)).at("::-1"), values: s.numbers.map((_, k) => own[k % width]) };
}

function program(seed: number): string | null {
  const r = random(seed);
  for (let i = 0; i < 8; i++) r(2);
  const shape = Array.from({ length: r(4) }, () => [0, 1, 2, 3, 4][r(5)]),
    n = sizeOf(shape),
    elements = Array.from({ length: n }, (_, i) => i);
  const whole = np
    .arange(n)
    .astype((["float64", "int32", "int64", "complex128"] as const)[r(4)])
    .reshape(shape);
  const a = r(2) || shape.length < 2 ? whole : whole.T.copy().T;
  const items = itemsFor(r, shape),
    index = items.map((item) => item.given) as np.IndexItem[],
    told = `shape [${shape}], index ${items.map(({ given }) => show(given)).join(" | ")}`;
  const s = selected(shape, items),
    got = a.at(...index);
  const numbers = flatten(got);
  if (`${got.shape}` !== `${s.shape}` || `${numbers}` !== `${s.numbers}`)
    return `at: ${told}: [${got.shape}] ${numbers}, not [${s.shape}] ${s.numbers}`;
  const value = valueFor(r, a, elements, s);
  if (value === null) return null;
  a.set(...index, value.given as number);
  s.numbers.forEach((at, k) => {
    elements[at] = value.values[k];
  });
  const after = flatten(a);
  return `${after}` === `${elements}` ? null : `set: ${told}, value ${show(value.given)}: ${after}, not ${elements}`;
}

function flatten(a: np.NDArray): number[] {
  return (a.ravel().tolist() as unknown[]).map((v) => Number(typeof v === "object" ? (v as { re: number }).re : v));
}

function show(value: unknown): string {
  if (value instanceof np.NDArray)
    return `${value.dtype}${JSON.stringify(value.tolist(), (_, v) => (typeof v === "bigint" ? Number(v) : v))}[${value.shape}]`;
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

/** `count` programs from `seed` on. */
export async function run(seed: number, count: number): Promise<{ programs: number; failures: string[] }> {
  const failures: string[] = [];
  for (let i = 0; i < count; i++) {
    const own = (seed * 1009 + i) % 2 ** 31,
      before = np.memory.usage().live;
    let failure: string | null;
    try {
      failure = np.memory.scope(() => program(own));
    } catch (error) {
      failure = `threw ${(error as Error).stack}`;
    }
    if (failure !== null) failures.push(`program ${own} (seed ${seed}): ${failure}`);
    if (np.memory.usage().live !== before) failures.push(`program ${own} (seed ${seed}): bytes are left`);
  }
  return { programs: count, failures };
}
