import fc from "fast-check";
import { expect, test } from "vitest";
import * as np from "../../../src/index.js";

const { memory } = np;

// Random programs over a few arrays, with scopes, faults and budgets in them.

const kinds = [
  "view",
  "copy",
  "lazy copy",
  "add",
  "dispose",
  "mask",
  "cast",
  "overlap",
  "list",
  "evaluate",
  "evaluate into",
  "lazy sum",
  "data",
] as const;

type Step =
  | { kind: "make"; size: number; dtype: np.DType }
  | { kind: (typeof kinds)[number]; which: number }
  | { kind: "scope" | "throw" | "budget" | "trace"; steps: readonly Step[] };

const dtype = fc.constantFrom<np.DType>("bool", "int8", "int32", "float16", "float64", "complex128");
const { steps } = fc.letrec<{ steps: readonly Step[]; step: Step }>((tie) => ({
  steps: fc.array(tie("step"), { maxLength: 8, depthIdentifier: "steps" }),
  step: fc.oneof(
    { depthIdentifier: "steps" },
    fc.record({ kind: fc.constant("make" as const), size: fc.integer({ min: 0, max: 300 }), dtype }),
    fc.record({
      kind: fc.constantFrom(...kinds),
      which: fc.nat(20),
    }),
    fc.record({ kind: fc.constantFrom("scope", "throw", "budget", "trace"), steps: tie("steps") }),
  ),
}));

class OnPurpose extends Error {}

const faults = (error: unknown): boolean => error instanceof OnPurpose || error instanceof np.MemoryBudgetError;

function caught(fn: () => void): void {
  try {
    fn();
  } catch (error) {
    if (!faults(error)) throw error;
  }
}

function run(steps: readonly Step[], arrays: np.NDArray[]): void {
  for (const step of steps) {
    if (step.kind === "make") arrays.push(np.zeros([step.size], { dtype: step.dtype }));
    else if ("steps" in step) inside(step.kind, step.steps, [...arrays]);
    else {
      const alive = arrays.filter((a) => !a.disposed);
      if (alive.length > 0) one(step.kind, alive[step.which % alive.length], arrays);
    }
  }
}

function inside(kind: "scope" | "throw" | "budget" | "trace", steps: readonly Step[], arrays: np.NDArray[]): void {
  if (kind === "scope") return memory.scope(() => run(steps, arrays));
  if (kind === "trace") return agree(() => run(steps, arrays));
  if (kind === "throw") {
    return caught(() =>
      memory.scope(() => {
        run(steps, arrays);
        throw new OnPurpose();
      }),
    );
  }
  caught(() => {
    using _ = memory.limit({ live: 1000, allocs: 5 });
    run(steps, arrays);
  });
}

function one(kind: (typeof kinds)[number], a: np.NDArray, arrays: np.NDArray[]): void {
  if (kind === "dispose") return a.dispose();
  if (kind === "mask") return a.set(np.equal(a, 0), 1);
  if (kind === "overlap") return void np.add(a.at(":-1"), a.at("1:"), { out: a.at("1:") });
  if (kind === "list") return void np.equal(a, new Array<number>(a.size).fill(1)).dispose();
  if (kind === "lazy sum") return void np.sum(np.multiply(np.lazy(a), a));
  if (kind === "evaluate into") return void np.add(np.lazy(a), a).evaluate({ out: a });
  if (kind === "data") return void (a.contiguous && a.data);
  const made = {
    view: () => a.at("1::2"),
    copy: () => a.copy(),
    "lazy copy": () => a.copy({ lazy: true }),
    add: () => np.add(a, a),
    cast: () => a.astype("complex64"),
    evaluate: () => np.add(np.multiply(np.lazy(a), a), a).evaluate(),
  };
  arrays.push(made[kind]());
}

/** Events, sums, counters and the heap walk must tell the same. */
function agree(program: () => void): void {
  const before = memory.usage();
  const t = memory.trace(() => caught(program), { level: "events" });
  const after = memory.usage();
  let live = 0;
  for (const e of t.events) {
    if (e.kind === "alloc" || e.kind === "scratch") live += e.nbytes;
    if (e.kind === "free") live -= e.nbytes;
    expect(e.live).toBe(live);
  }
  const count = (...kinds: string[]): number => t.events.filter((e) => kinds.includes(e.kind)).length;
  expect([t.retained, t.allocs, t.frees]).toEqual([live, count("alloc", "scratch"), count("free")]);
  expect([after.live - before.live, after.allocs - before.allocs, after.frees - before.frees]).toEqual([
    t.retained,
    t.allocs,
    t.frees,
  ]);
  const used = memory.map().regions.filter((region) => region.kind === "used");
  expect([used.reduce((sum, { nbytes }) => sum + nbytes, 0), used.length]).toEqual([after.live, after.buffers]);
  expect(t.atEnd().live).toBe(t.events.length === 0 ? 0 : bornAndAlive(t.events));
  expect(t.atPeak().live).toBeGreaterThanOrEqual(t.peak);
}

function bornAndAlive(events: readonly np.memory.AllocEvent[]): number {
  const alive = new Map<number, number>();
  for (const e of events) {
    if (e.kind === "alloc" || e.kind === "scratch") alive.set(e.buffer, e.nbytes);
    if (e.kind === "free") alive.delete(e.buffer);
  }
  return [...alive.values()].reduce((sum, nbytes) => sum + nbytes, 0);
}

test("for random programs, faults included, events, sums, counters and heap walk agree, and a scope leaves nothing", () => {
  fc.assert(
    fc.property(steps, (program) => {
      const { live, buffers } = memory.usage();
      memory.scope(() => agree(() => run(program, [])));
      expect([memory.usage().live, memory.usage().buffers]).toEqual([live, buffers]);
    }),
    { numRuns: 300 },
  );
});
