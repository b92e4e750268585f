// A small program for other runtimes: what it prints must be the same everywhere. See runtimes.mjs.
import * as np from "../dist/index.js";

const x = np.random.defaultRng(42).standardNormal([1000]);
console.log(np.sum(x), np.std(x), String(np.arange(6).reshape([2, 3]).at("1, ::-1")));
console.log(np.array([1 / 3], { dtype: "float16" }).item(0), np.sum(np.array([2n ** 62n, 5n])));
const trace = np.memory.trace(() => np.memory.scope(() => np.add(x, 1).astype("float32")));
console.log(trace.allocs, trace.allocated, trace.peak, trace.lines().rows[0].site?.line);
// Two tasks at once have each their own bill.
const task = async (size) => {
  np.zeros(size).dispose();
  await new Promise((resolve) => setTimeout(resolve, 1));
  return np.ones(size);
};
const tasks = await Promise.all([10, 1000].map((size) => np.memory.traceAsync(() => task(size))));
console.log(...tasks.map((t) => [t.allocs, t.allocated, t.retained, t.unattributed].join(" ")));
// Forgetting must not end a program: the arrays of this loop are 2.4 GB.
const ones = np.ones([1_000_000]);
let y = ones;
for (let i = 0; i < 300; i++) y = np.add(ones, 1);
console.log(y.item(0), np.memory.usage().reserved < 1e9);
