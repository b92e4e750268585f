import { enter } from "../../src/array/ndarray.js";
import { listener } from "../../src/heap/listener.js";
import * as np from "../../src/index.js";
import { attach, detach } from "../../src/memory/record/listeners.js";
import { calls, finished } from "../support/calls.js";
import { everyFunction, settled, unsound } from "./misuse.js";
import { numbersFrom } from "./random.js";

// Every public function with each of its allocations refused in turn, and with each callback throwing. Whatever the call
// had made by then is given back: bytes, buffers, arrays, views, the open scope and the listener are as before.

/** Stands for the user's own error. */
class Boom extends Error {}

/** A call, made anew for each run, so that what one run writes or disposes does not matter to the next. */
interface Program {
  readonly name: string;
  /** Makes the arguments; returns the call. */
  prepare(): () => unknown;
}

/** Refuses the allocation with the given number. */
class Refusal {
  readonly sited = false;
  refused = false;
  constructor(private left: number) {}
  allowing(nbytes: number): void {
    if (this.left-- > 0) return;
    this.refused = true;
    throw new np.OutOfMemoryError("refused by the test", nbytes, 0, 0, 0);
  }
  born(): void {}
  died(): void {}
  viewed(): void {}
  ran(): void {}
}

const functions = np as unknown as Readonly<Record<string, (...args: unknown[]) => unknown>>;

const boom = (): never => {
  throw new Boom("thrown by the user's function");
};

// Gives some values, then throws.
function* failing(values: readonly unknown[]): Generator<unknown> {
  yield* values;
  boom();
}

const making = (): never => {
  np.zeros(100).at("1:").add(1);
  return boom();
};

// Functions that call the user's: `fn` throws at once, `making` after it made arrays, which are then the user's own.
const callbacks: [string, () => () => unknown][] = [
  ["memory.scope(fn)", () => () => np.memory.scope(making)],
  ["memory.trace(fn)", () => () => np.memory.trace(boom)],
  ["memory.trace(fn, stacks)", () => () => np.memory.trace(boom, { level: "stacks" })],
  ["memory.trace(scope(fn))", () => () => np.memory.trace(() => np.memory.scope(making))],
  ["memory.lines(fn)", () => () => np.memory.lines(boom)],
  ["memory.leaks(fn)", () => () => np.memory.leaks(boom)],
  ["memory.leaks(scope(fn))", () => () => np.memory.leaks(() => np.memory.scope(making))],
  ["memory.estimate(fn)", () => () => np.memory.estimate(boom, { n: 1e6 } as never)],
  ["memory.fromIter(it)", () => () => np.memory.fromIter(failing([1, 2, 3]) as Iterable<number>, "float64" as never)],
  [
    "memory.fromIter(it, count)",
    () => () => np.memory.fromIter(failing([1, 2, 3]) as Iterable<number>, { dtype: "float64", count: 10 } as never),
  ],
  ["array([[1], getter])", () => () => np.array([[1], Object.defineProperty([0], 0, { get: boom })])],
  ["array([valueOf])", () => () => np.array([1, { valueOf: boom } as never])],
  ["full([3], valueOf)", () => () => np.full([3], { valueOf: boom } as never)],
  ["add(list, valueOf)", () => () => np.add([1, 2], { valueOf: boom } as never)],
  ["zeros(getter)", () => () => np.zeros(Object.defineProperty([0, 2], 0, { get: boom }) as number[])],
  [
    "sum(list, { get where })",
    () => () => np.sum([1, 2], null, Object.defineProperty({}, "where", { get: boom, enumerable: true })),
  ],
];

// What the issue names, and what takes the longest way through a reduction.
const named: [string, () => () => unknown][] = [
  ...(["sum", "prod", "mean", "std", "var", "min", "max", "any", "all", "argmax", "countNonzero"] as const).flatMap(
    (name) =>
      ([0, 1, null] as const).map((axis): [string, () => () => unknown] => [
        `${name}(list, ${axis}, where)`,
        () => {
          const x = np.arange(12).reshape([3, 4]).T,
            f = functions[name];
          return () => f(x, axis, { where: [true, false, true], initial: 1 });
        },
      ]),
  ),
  ...(["sum", "mean", "std", "var", "any", "all"] as const).map((name): [string, () => () => unknown] => [
    `${name}(a.T, where)`,
    () => {
      const x = np.arange(12).reshape([3, 4]).T,
        f = functions[name];
      return () => f(x, 0, { where: [true, false, true], keepdims: true });
    },
  ]),
  [
    "array(a.data)",
    () => {
      const a = np.arange(1000);
      return () => np.array(a.data);
    },
  ],
];

let all: Program[] | null = null;

function programs(): readonly Program[] {
  all ??= [
    ...everyFunction().flatMap((target) =>
      target.works.map((args) => ({
        name: target.name,
        prepare: () => {
          const values = args();
          return () => target.call(values);
        },
      })),
    ),
    ...calls.map(({ name, args, run }) => ({
      name: `${name} (calls.ts)`,
      prepare: () => {
        const values = args();
        return () => finished(run(values));
      },
    })),
    ...[...callbacks, ...named].map(([name, prepare]) => ({ name, prepare })),
  ];
  return all;
}

interface State {
  readonly live: number;
  readonly buffers: number;
  readonly arrays: number;
  readonly views: number;
}

function state(): State {
  const { live, buffers, arrays, views } = np.memory.usage();
  return { live, buffers, arrays, views };
}

function scopeNow(): unknown {
  const scope = enter(null);
  enter(scope);
  return scope;
}

/** Runs a call with one allocation refused; what is wrong, null if nothing is, or `done` if nothing was refused. */
function refuse(program: Program, at: number): string | null | "done" {
  const refusal = new Refusal(at);
  let wrong: string | null = null,
    failed = false;
  const outer = scopeNow(),
    listening = listener;
  np.memory.scope(() => {
    const call = program.prepare(),
      scope = scopeNow(),
      before = state();
    attach(refusal);
    let thrown: unknown = null;
    try {
      settled(call());
    } catch (error) {
      failed = true;
      thrown = error;
    } finally {
      detach(refusal);
    }
    if (failed) {
      const after = state(),
        more = (Object.keys(before) as (keyof State)[]).filter((key) => after[key] > before[key]);
      if (more.length > 0)
        wrong = `left ${more.map((key) => `${after[key] - before[key]} ${key}`).join(", ")} behind after ${String(thrown)}`;
      else if (!np.isNDArrayError(thrown) && !(thrown instanceof Boom)) wrong = `threw ${String(thrown)}`;
    }
    if (scopeNow() !== scope) wrong ??= "left another scope open";
    if (listener !== listening) wrong ??= "left a listener";
    wrong ??= unsound();
  });
  if (scopeNow() !== outer) wrong ??= "left another scope open";
  if (wrong !== null) return `${program.name} with allocation ${at} refused ${wrong}`;
  return refusal.refused ? null : "done";
}

/** `count` calls that follow from the seed, each with all of its allocations refused in turn. */
export async function run(seed: number, count: number): Promise<{ programs: number; failures: string[] }> {
  const failures: string[] = [],
    list = programs();
  for (let i = 0; i < count; i++) {
    // The first seed goes through all of them in turn, from the last.
    const program =
      list[seed === 1 ? list.length - 1 - (i % list.length) : numbersFrom(seed * 1_000_003 + i)(list.length)];
    for (let at = 0; at < 40; at++) {
      const wrong = refuse(program, at);
      if (wrong === "done") break;
      if (wrong === null) continue;
      failures.push(`seed ${seed}, call ${i}: ${wrong}`);
      break;
    }
  }
  return { programs: count, failures };
}
