import * as np from "../../src/index.js";
import { numbersFrom } from "./random.js";
import { disagreements } from "./reportSums.js";

// Random programs of arrays, views, lazy copies, scopes, pools, caches and growables, with a model that knows which
// memory is held by whom. After each, every report function must say what the model says, and all parts must sum to the
// whole.

const { memory } = np;

type Pick = (below: number) => number;

/** Memory: it is held by its array, by views of it, and by lazy copies that read it. */
export interface Block {
  readonly nbytes: number;
  owned: boolean;
  views: number;
  readonly readers: Set<Thing>;
}

/** An array, and what it stands on. */
export interface Thing {
  readonly array: np.NDArray;
  readonly view: boolean;
  block: Block;
  /** Whether it is a lazy copy that is not made yet. */
  lazy: boolean;
  alive: boolean;
}

/** What a program holds. */
export class Model {
  readonly things: Thing[] = [];
  readonly weak: [np.memory.Weak<np.NDArray>, Thing][] = [];

  get alive(): Thing[] {
    return this.things.filter(({ alive }) => alive);
  }

  /** The blocks that something holds. */
  blocks(of: readonly Thing[] = this.things.filter(({ alive }) => alive)): Set<Block> {
    return new Set(of.map(({ block }) => block));
  }

  bytes(of?: readonly Thing[]): number {
    return [...this.blocks(of)].reduce((sum, { nbytes }) => sum + nbytes, 0);
  }

  made(array: np.NDArray): Thing {
    const block = { nbytes: array.nbytes, owned: true, views: 0, readers: new Set<Thing>() };
    return this.#add({ array, view: false, block, lazy: false, alive: true });
  }

  viewed(of: Thing, array: np.NDArray): void {
    if (array === of.array) return;
    // A view of a lazy copy is one of the copy: it goes with it to the copy's own memory.
    this.#add({ array, view: true, block: of.block, lazy: false, alive: true });
    of.block.views++;
  }

  copiedLater(of: Thing, array: np.NDArray): void {
    const lazy = array.nbytes > 0 && memory.bufferOf(array).borrowedFrom !== undefined;
    if (!lazy) return void this.made(array);
    of.block.readers.add(this.#add({ array, view: false, block: of.block, lazy: true, alive: true }));
  }

  #add(thing: Thing): Thing {
    this.things.push(thing);
    return thing;
  }

  /** An array is written: lazy copies of it are made, and it is made itself if it is one. */
  written(thing: Thing): void {
    const { block } = thing;
    if (thing.lazy) return this.#settle(thing);
    for (const reader of [...block.readers]) this.#settle(reader);
  }

  #settle(thing: Thing): void {
    thing.block.readers.delete(thing);
    thing.block = { nbytes: thing.array.nbytes, owned: true, views: 0, readers: new Set() };
    thing.lazy = false;
  }

  disposed(thing: Thing): void {
    thing.alive = false;
    const { block } = thing;
    if (thing.lazy) return void block.readers.delete(thing);
    if (thing.view) return void block.views--;
    block.owned = false;
    block.views = 0;
    for (const other of this.things) if (other.view && other.block === block) other.alive = false;
  }
}

const DTYPES = ["float64", "float32", "int32", "bool", "complex128", "float16"] as const;

function step(model: Model, pick: Pick): void {
  const { alive } = model,
    kind = alive.length === 0 ? 0 : pick(10);
  if (kind < 3) {
    const shape = [pick(4), 1 + pick(5)];
    return void model.made(np.ones(shape, { dtype: DTYPES[pick(DTYPES.length)] }) as np.NDArray);
  }
  const thing = alive[pick(alive.length)],
    { array } = thing;
  if (kind === 3 && !thing.lazy) {
    const view = [() => array.at("::-1"), () => array.T, () => array.at("...")][pick(3)]();
    return model.viewed(thing, view as np.NDArray);
  }
  if (kind === 4 && !thing.view) return model.copiedLater(thing, array.copy({ lazy: true }) as np.NDArray);
  if (kind === 5) {
    model.written(thing);
    array.set("...", 1);
    return;
  }
  if (kind === 6) return void model.made(np.copy(array) as np.NDArray);
  if (kind === 7) return void model.weak.push([memory.weak(array), thing]);
  if (kind === 8) return void model.made(memory.scope(() => np.abs(np.equal(array, 1))) as unknown as np.NDArray);
  array.dispose();
  model.disposed(thing);
}

const LEVELS = ["counters", "events", "lines", "stacks"] as const;

/** How often each report was held against the model, for a test that all are. */
export const held = { programs: 0, estimates: 0, exact: 0, lazies: 0, views: 0, weak: 0 };

function program(seed: number): string[] {
  const pick = numbersFrom(seed),
    model = new Model(),
    before = { usage: memory.usage(), snapshot: memory.snapshot() },
    level = LEVELS[pick(4)],
    steps = 3 + pick(30);
  const t = memory.trace(
    () => {
      for (let i = 0; i < steps; i++) step(model, pick);
    },
    { level },
  );
  held.programs++;
  held.lazies += model.alive.filter(({ lazy }) => lazy).length;
  held.views += model.alive.filter(({ view }) => view).length;
  held.weak += model.weak.length;
  const found = disagreements(model, t, before, pick);
  for (const { array } of model.things) array.dispose();
  const { live, buffers, views } = memory.usage();
  if (live !== before.usage.live || buffers !== before.usage.buffers || views !== before.usage.views)
    found.push(
      `after all is disposed ${live - before.usage.live} B and ${buffers - before.usage.buffers} buffers stay`,
    );
  return [...found, ...estimated(pick), ...keepers(pick), ...leaking(pick)];
}

// What `estimate` tells is what a trace measures, wherever it says exact.
function estimated(pick: Pick): string[] {
  const factor = 1 + pick(3),
    extra = pick(50),
    ops = Array.from({ length: 1 + pick(3) }, () => pick(5));
  const fn = (n: number): void => {
    let x = np.zeros(factor * n + extra) as np.NDArray;
    for (const op of ops) {
      if (op === 0) x = np.sqrt(x) as np.NDArray;
      else if (op === 1) x = np.concatenate([x, x]) as np.NDArray;
      else if (op === 2) np.greater(x, 1);
      else if (op === 3) np.roll(x, 1);
      else np.add(x, 1).dispose();
    }
  };
  const size = 200 + pick(3000),
    told = memory.estimate(fn, { at: [10 + pick(20), 40 + pick(60)], for: size }),
    t = memory.trace(() => memory.scope(() => fn(size)), { level: "counters" });
  held.estimates++;
  if (told.exact) held.exact++;
  const is = [t.peak, t.allocated, t.allocs],
    says = [told.peak, told.allocated, told.allocs];
  return told.exact && `${is}` !== `${says}` ? [`estimate says exactly ${says}, and ${is} is measured`] : [];
}

// Pools, caches and growables: their own figures, those of `sizeOf`, and what the ledger keeps under their names.
function keepers(pick: Pick): string[] {
  const before = memory.usage(),
    found: string[] = [],
    pool = memory.pool({ shape: [1 + pick(9)], dtype: "float64", initial: pick(3), label: "p" }),
    cache = memory.lruCache<number, np.NDArray>({ maxEntries: 1 + pick(3), label: "c" }),
    list = memory.growable("float64");
  const taken = Array.from({ length: pick(3) }, () => pool.take());
  for (let i = pick(5); i > 0; i--) cache.set(pick(3), np.zeros(1 + pick(9)) as np.NDArray);
  for (let i = pick(40); i > 0; i--) list.push(i);
  const all = memory.sizeOf({ pool, cache, list, taken }, { deep: true }).payload,
    byOwner = memory.snapshot().statistics("owner"),
    of = (name: string): number => byOwner.find(({ key }) => key === name)?.size ?? 0;
  const { live } = memory.usage();
  if (all !== live - before.live)
    found.push(`sizeOf of pool, cache and growable says ${all}, ${live - before.live} live`);
  if (pool.stats.bytes !== of("p")) found.push(`the pool says ${pool.stats.bytes}, statistics ${of("p")}`);
  if (cache.stats.bytes !== of("c")) found.push(`the cache says ${cache.stats.bytes}, statistics ${of("c")}`);
  const drawn = memory.graph({ pool, cache, list, taken }).nodes.reduce((sum, { nbytes }) => sum + nbytes, 0);
  if (drawn !== all) found.push(`graph of pool, cache and growable has ${drawn}, ${all} reachable`);
  for (const array of taken) array.dispose();
  pool.dispose();
  cache.dispose();
  list.dispose();
  const after = memory.usage().live - before.live;
  if (after !== 0) found.push(`${after} B stay of pool, cache and growable`);
  return found;
}

function leaking(pick: Pick): string[] {
  const kept: np.NDArray[] = [],
    count = pick(4),
    n = 1 + pick(20);
  const { perRun, found } = memory.leaks(
    () => {
      for (let i = 0; i < count; i++) kept.push(np.zeros(n) as np.NDArray);
      np.zeros(3).dispose();
    },
    { warmups: pick(2), runs: 1 + pick(3) },
  );
  const arrays = found.reduce((sum, { countPerRun }) => sum + countPerRun, 0);
  for (const array of kept) array.dispose();
  return perRun === 8 * n * count && arrays === count
    ? []
    : [`leaks: ${perRun} B of ${8 * n * count}, ${arrays} of ${count}`];
}

/** Runs `count` programs from `seed`, and holds every report against the model. */
export async function run(seed: number, count: number): Promise<{ programs: number; failures: string[] }> {
  const failures: string[] = [];
  for (let i = 0; i < count; i++)
    for (const text of program(seed + i)) failures.push(`reports, seed ${seed + i}: ${text}`);
  return { programs: count, failures };
}
