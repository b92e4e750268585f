import { core, memory as linear } from "../../src/core.js";
import * as np from "../../src/index.js";
import { bounds } from "../../src/layout.js";
import { attempts } from "../memory/calls.js";
import { Mine, nonsense } from "../nonsense.js";

// Every public function and method is called with nonsense in one place: for an argument, for an option, or behind the
// last argument. Whatever it is, the call ends with a result or with an error of the library; the blocks of the heap and
// the bytes of arrays that were no part of it are whole, and nothing is left behind.

/** Functions that are left out, and why. */
export const EXCLUDED: Readonly<Record<string, string>> = {
  "memory.start": "begins a trace that outlives the call",
  "memory.stop": "ends it",
  "memory.tracing": "begins one too, where `using` is to end it",
  "memory.open": "opens a scope that outlives the call",
  "memory.limit": "opens a budget that outlives the call, unless a function is given",
  "memory.leaks": "opens a search that outlives the call, unless a function is given",
  "memory.traceAsync": "answers later, when other calls have been made",
  "memory.hostAsync": "answers later",
  "memory.collect": "takes 50 ms, and frees what other calls forgot",
  "memory.warnForgotten": "sets an alarm for the whole program",
  "memory.lines": "is a switch for the whole program",
  load: "reads what claims to be bytes before it is known to be any (a revoked proxy: a native TypeError)",
  "memory.blocks": "is a generator, whose arrays live as long as it is run",
};

type Any = (...args: unknown[]) => unknown;

/** Something to call: with an array first if it is a method. */
interface Target {
  readonly name: string;
  call(args: readonly unknown[], self?: object): unknown;
  /** What the method is called on, made before the call; an array among the arguments if there is none. */
  self?(): object;
  /** The arguments it takes, as far as they were found by trying. */
  readonly works: readonly (() => unknown[])[];
}

const isFunction = (value: unknown): value is Any =>
  typeof value === "function" && !/^class\b/.test(Function.prototype.toString.call(value));

function found(name: string, call: Target["call"], self?: () => object): Target {
  const works = attempts.filter((args) => {
    try {
      np.memory.scope(() => void settled(call(args(), self?.())));
      return true;
    } catch {
      return false;
    }
  });
  return { name, call, ...(self && { self }), works: works.length > 0 ? works : [() => [np.arange(6)], () => []] };
}

// The values of a generator, so that it has run; a promise's error is nobody's.
export function settled(value: unknown): unknown {
  if (value instanceof Promise) value.catch(() => {});
  return typeof (value as Iterator<unknown> | null)?.next === "function" ? [...(value as Iterable<unknown>)] : value;
}

const free = (prefix: string, functions: object): Target[] =>
  Object.entries(functions)
    .filter(([name, value]) => isFunction(value) && !(prefix + name in EXCLUDED))
    .map(([name, f]) => found(prefix + name, (args) => (f as Any)(...args)));

// Methods of what `make` makes, which may need no argument of ours.
function methodsOf(prefix: string, prototype: object, make?: () => object): Target[] {
  const names = Reflect.ownKeys(prototype).filter((name) => name !== "constructor" && name !== Symbol.dispose);
  return names.flatMap((name) => {
    const method = Object.getOwnPropertyDescriptor(prototype, name)?.value as unknown;
    if (!isFunction(method) || String(name) in EXCLUDED) return [];
    const call = (args: readonly unknown[], made?: object): unknown => {
      if (made !== undefined) return method.apply(made, [...args]);
      const [self, ...rest] = args;
      if (!(self instanceof np.NDArray)) throw new np.ValueError("a method is called on an array");
      return method.apply(self, rest);
    };
    return found(`${prefix}.${String(name)}`, call, make);
  });
}

let targets: Target[] | null = null;

/** All that is called. */
export function everything(): readonly Target[] {
  targets ??= [
    ...free("", np),
    ...free("memory.", np.memory),
    ...free("shrink.", np.shrink),
    ...methodsOf("a", np.NDArray.prototype),
    ...methodsOf("lazy", np.Lazy.prototype, () => np.add(np.lazy(np.arange(6)), 1)),
    ...methodsOf("rng", np.random.Generator.prototype, () => np.random.defaultRng(1)),
  ];
  return targets;
}

// biome-ignore format: a table of words
const OPTIONS = [
  "out", "where", "dtype", "casting", "keepdims", "initial", "ddof", "correction", "copy", "lazy", "order", "mode", "shape",
  "k", "endpoint", "decimals", "nan", "posinf", "strides", "offset", "writeable", "label", "maxBytes", "count", "axis", "size",
];

/** Numbers from a seed: mulberry32. */
export function numbersFrom(seed: number): (below: number) => number {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) % below;
  };
}

/** Arguments with nonsense in one place, and how that reads. */
function spoiled(args: unknown[], random: (below: number) => number): string {
  const names = Object.keys(nonsense),
    name = names[random(names.length)],
    value = nonsense[name](),
    place = random(args.length + 2);
  if (random(3) === 0) {
    const option = OPTIONS[random(OPTIONS.length)];
    args.push({ [option]: value });
    return `{ ${option}: ${name} } as argument ${args.length}`;
  }
  if (place >= args.length) args.push(value);
  else args[place] = value;
  return `${name} as argument ${Math.min(place, args.length - 1) + 1}`;
}

/** What is wrong with the heap: its blocks must lie side by side, and add up to what is counted. */
export function unsound(): string | null {
  let end = core.staticBytes(),
    live = 0;
  for (let block = core.firstBlock(); block !== 0; block = core.nextBlock(block)) {
    const pointer = core.blockPointer(block) >>> 0,
      span = core.blockSpan(block) >>> 0;
    if (pointer !== end) return `a block lies at ${pointer}, the one before ends at ${end}`;
    if (span === 0 || span % 64 !== 0) return `a block has a span of ${span}`;
    if (core.blockUsed(block) === 1) live += core.blockBytes(block) >>> 0;
    end += span;
  }
  if (end !== core.reservedBytes()) return `the blocks end at ${end} of ${core.reservedBytes()}`;
  return live === core.liveBytes() ? null : `the blocks hold ${live} bytes, ${core.liveBytes()} are counted`;
}

// Arrays that no call is given: their bytes say who wrote beyond its own.
const CANARIES = [1, 7, 64, 1000];
function canary(length: number): np.NDArray {
  return np.full(length, 170, { dtype: "uint8" }) as unknown as np.NDArray;
}
const whole = ({ address, nbytes }: np.NDArray): boolean =>
  new Uint8Array(linear.buffer, address, nbytes).every((byte) => byte === 170);

// An array that reaches beyond its buffer.
function escapes(value: unknown, depth = 0): boolean {
  if (Array.isArray(value) && depth < 3) return value.slice(0, 100).some((item) => escapes(item, depth + 1));
  if (!(value instanceof np.NDArray) || value.disposed) return false;
  const [low, high] = bounds(value.shape, value.strides, value.itemsize);
  return value.size > 0 && (value.offset + low < 0 || value.offset + high > value.buffer.nbytes);
}

/** Calls one target; what is wrong, or null. */
function misuse(target: Target, random: (below: number) => number): string | null {
  const base = target.works[random(target.works.length)];
  let what = "",
    wrong: string | null = null;
  const before = np.memory.usage();
  np.memory.scope(() => {
    const guards = CANARIES.map(canary),
      args = base(),
      self = target.self?.();
    what = spoiled(args, random);
    guards.push(...CANARIES.map(canary));
    const { live, buffers } = np.memory.usage();
    try {
      const result = settled(target.call(args, self));
      if (escapes(result)) wrong = "the result reaches beyond its buffer";
    } catch (error) {
      const after = np.memory.usage();
      if (!np.isNDArrayError(error) && !(error instanceof Mine)) wrong = `${(error as Error)?.stack ?? String(error)}`;
      else if (after.live > live || after.buffers > buffers)
        wrong = `after ${String(error)}: ${after.live - live} bytes in ${after.buffers - buffers} buffers were left behind`;
    }
    if (wrong === null && !guards.every(whole)) wrong = "bytes of an array that was no part of it are others";
    wrong ??= unsound();
  });
  const after = np.memory.usage();
  if (wrong === null && after.live !== before.live)
    wrong = `${after.live - before.live} bytes are live after the scope`;
  return wrong === null ? null : `${target.name} with ${what}: ${wrong}`;
}

/** `count` calls that follow from the seed. */
export async function run(seed: number, count: number): Promise<{ programs: number; failures: string[] }> {
  const failures: string[] = [],
    all = everything();
  for (let i = 0; i < count; i++) {
    const random = numbersFrom(seed * 1_000_003 + i),
      failure = misuse(all[random(all.length)], random);
    if (failure !== null) failures.push(`seed ${seed}, call ${i}: ${failure}`);
  }
  return { programs: count, failures };
}
