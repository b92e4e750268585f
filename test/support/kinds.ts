import * as np from "../../src/index.js";

/** One of everything that the package hands out, by name; what is disposed ended before it is told of. */
export function kinds(): Record<string, unknown> {
  const { memory } = np;
  const a = np.arange(6).reshape([2, 3]),
    owner = np.ones(2),
    ended = owner.at("1:"),
    lost = owner.buffer,
    pool = memory.pool({ shape: 2 }),
    cache = memory.lruCache({ maxEntries: 2 }),
    weakCache = memory.weakCache<string>(),
    growable = memory.growable("float64"),
    gone = memory.growable("float64"),
    weak = memory.weak(owner);
  pool.take();
  cache.set("a", np.ones(2));
  weakCache.set("a", a);
  growable.push(1);
  gone.dispose();
  const old = np.lazy(owner).add(1);
  owner.dispose();
  return {
    "an array": a,
    "a view": a.T,
    "a 0-d array": np.array(5),
    "an empty array": np.zeros([0, 3]),
    "a large array": np.arange(1e5),
    "an array of bools": np.array([true]),
    "an array of 64-bit integers": np.array([2n ** 62n]),
    "an array of complex numbers": np.array([{ re: 1, im: 2 }]),
    "a disposed array": owner,
    "an ended view": ended,
    "a buffer": a.buffer,
    "the buffer of what is disposed": lost,
    flags: a.flags,
    shape: a.shape,
    "a lazy expression": np.lazy(a).add(1),
    "a lazy expression of what is disposed": old,
    "an iterator": np.iterate(a),
    "a trace": memory.trace(() => np.ones(3).dispose()),
    "the lines of a trace": memory.trace(() => np.ones(3).dispose()).lines(),
    "the timeline of a trace": memory.trace(() => np.ones(3).dispose()).timeline(),
    "an estimate": memory.estimate((n) => np.ones(n).dispose(), { at: [10, 20], for: 50 }),
    leaks: memory.leaks(() => np.ones(3).dispose()),
    "a snapshot": memory.snapshot(),
    "the rows of a snapshot": memory.snapshot().statistics("line"),
    usage: memory.usage(),
    summary: memory.summary(),
    "a map": memory.map(),
    classes: memory.classes(),
    "what there is most of": memory.mostCommon(),
    growth: memory.growth(),
    "what the host holds": memory.host(),
    "a graph": memory.graph(a),
    "what is known of an array": memory.info(a),
    buffers: memory.buffers(),
    "a size": memory.sizeOf({ a }, { deep: true }),
    "what would be copied": memory.wouldCopy("ravel", a.T),
    "a scope": memory.open("epoch"),
    "a budget": memory.limit({ live: "1 GB" }),
    "an open trace": memory.tracing(),
    "a pool": pool,
    "a cache": cache,
    "a cache of weak keys": weakCache,
    "a weak reference": memory.weak(a),
    "a weak reference to what is disposed": weak,
    "a growable": growable,
    "a disposed growable": gone,
    "a generator": np.random.defaultRng(1),
    "a report of dtypes": np.shrink.report({ a }),
    "a table": np.table({ x: [1, 2], name: ["a", "b"] }),
    "strings as codes": np.factorize(["a", null, "a"]),
    finfo: np.finfo("float32"),
    iinfo: np.iinfo("int64"),
    "an error": thrown(() => a.at(9)),
    "an error of what is disposed": thrown(() => owner.sum()),
  };
}

function thrown(run: () => unknown): unknown {
  try {
    return run();
  } catch (error) {
    return error;
  }
}
