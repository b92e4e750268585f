import * as np from "../../src/index.js";

// Every kind of object that a function of the package gives, made anew for each call of one of its methods.

const { memory } = np;

const traced = (): np.memory.Trace => memory.trace(() => np.zeros(3).dispose());

/** What refuses as soon as something is asked of it gives its error. */
function refusal(): object {
  const budget = memory.limit({ live: 1 });
  try {
    return np.zeros(9);
  } catch (error) {
    return error as object;
  } finally {
    budget.close();
  }
}

function filledCache(): np.memory.LruCache<unknown> {
  const cache = memory.lruCache<unknown>({ maxBytes: 1000 });
  cache.set("x", np.arange(4));
  return cache;
}

function filledWeakCache(): np.memory.WeakCache<unknown> {
  const cache = memory.weakCache<unknown>();
  cache.set("x", np.arange(4));
  return cache;
}

function filledGrowable(): np.memory.Growable {
  const growable = memory.growable();
  growable.push(1, 2, 3);
  return growable as unknown as np.memory.Growable;
}

/** Makers of handles by name. */
export const handles: Readonly<Record<string, () => object>> = {
  lazy: () => np.add(np.lazy(np.arange(6)), 1),
  "lazy of an array": () => np.lazy(np.arange(6)),
  rng: () => np.random.defaultRng(1),
  slice: () => np.slice(1, 4, 2),
  iinfo: () => np.iinfo("int8"),
  finfo: () => np.finfo("float32"),
  iterator: () => np.iterate(np.arange(3)),
  blocks: () => memory.blocks(np.arange(9), 2),
  buffer: () => np.arange(6).buffer,
  slot: () => np.arange(6).buffer.slot,
  flags: () => np.arange(6).flags,
  error: () => new np.AxisError(1, 2),
  refusal,
  trace: traced,
  "trace of all": () => memory.trace(() => np.zeros(3), { level: "stacks" }),
  "trace.lines()": () => traced().lines(),
  "trace.ops()": () => traced().ops(),
  "trace.timeline()": () => traced().timeline(),
  snapshot: () => memory.snapshot(),
  "snapshot.statistics()": () => memory.snapshot().statistics("op"),
  tracing: () => memory.tracing(),
  scope: () => memory.open("mine"),
  budget: () => memory.limit({ live: "1 GB", allocs: 1000 }),
  pool: () => memory.pool({ shape: [2, 3], max: 3 }),
  cache: filledCache,
  growable: filledGrowable,
  weak: () => memory.weak(np.arange(3)),
  weakCache: filledWeakCache,
  graph: () => memory.graph([np.arange(3)]),
  estimate: () => memory.estimate((n) => np.zeros(n).dispose(), { at: [10, 20, 40], for: 100 }),
  leaks: () => memory.leaks(() => 1, { runs: 2, warmups: 0 }),
  map: () => memory.map(),
  classes: () => memory.classes(),
  host: () => memory.host(),
  sizeOf: () => memory.sizeOf([np.arange(3)], { deep: true }),
  info: () => memory.info(np.arange(3)),
  usage: () => memory.usage(),
  table: () => np.table({ x: np.arange(3), name: ["b", null, "a"] }),
  strings: () => np.factorize(["a", null, "a"]),
  reader: () => np.readCsv({ text: "a,b\n1,x\n2,y\n" }, { chunkRows: 1 }),
  report: () => np.shrink.report(np.arange(4)),
};

/** Ends what lasts until somebody ends it. */
export function close(handle: unknown): void {
  const end = (handle as Partial<Disposable> | null | undefined)?.[Symbol.dispose];
  if (typeof handle === "object" && typeof end === "function" && !(handle instanceof np.NDArray)) end.call(handle);
}

/** The methods of an object, its own and those of its class, but for those of the language. */
export function methodNames(of: object): PropertyKey[] {
  const names = new Set<PropertyKey>();
  for (let at: object = of; !isLanguage(at); at = Object.getPrototypeOf(at) ?? Object.prototype)
    for (const name of Reflect.ownKeys(at)) {
      const value = Object.getOwnPropertyDescriptor(at, name)?.value as unknown;
      if (typeof value === "function" && name !== "constructor") names.add(name);
    }
  return [...names];
}

// The runtime's own objects, of whatever generator, have functions of native code.
function isLanguage(object: object): boolean {
  if (object === Object.prototype || object === Error.prototype || object === Array.prototype) return true;
  const made = Object.getOwnPropertyDescriptor(object, "next")?.value ?? null;
  return typeof made === "function" && /\[native code\]/.test(Function.prototype.toString.call(made));
}
