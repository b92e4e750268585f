import { bounds } from "../../src/base/layout.js";
import { core, memory as linear } from "../../src/core/instance.js";
import * as np from "../../src/index.js";
import { isLater, kinds } from "../support/calls.js";
import { close, handles, methodNames } from "../support/handles.js";
import { Mine, nonsense } from "../support/nonsense.js";
import { numbersFrom } from "./random.js";

// Every public function, every method of arrays and of all that functions give, and every public constructor is called
// with nonsense in one place: for an argument, for an option, or behind the last argument. Whatever it is, the call ends
// with a result or with an error of the library that says something; the blocks of the heap and the bytes of arrays that
// were no part of it are whole, what it was given is as it was if it failed, and nothing is left behind.

/** What is called seldom, and why: one in so many times that it is chosen. */
const SELDOM: Readonly<Record<string, number>> = { "memory.collect": 50, "memory.hostAsync": 5, "memory.host": 5 };

/** A call that takes longer hangs. */
const LONG = 5000;

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

// What methods of handles and functions of functions take, beside what arrays' functions do.
const more: (() => unknown[])[] = [
  () => ["op"],
  () => ["json"],
  () => ["live"],
  () => ["x"],
  () => [np.memory.snapshot(), "op"],
  () => ["x", np.arange(3)],
  () => [() => np.arange(3)],
  () => [() => np.arange(3), { label: "mine" }],
  () => [(n: number) => np.zeros(n), { at: [10, 20, 40], for: 100 }],
  () => [{ live: "1 MB" }],
  () => [{ shape: [2, 3] }],
  () => [np.arange(6), [2, 3]],
  () => [np.memory.snapshot().toJSON()],
];

function found(name: string, call: Target["call"], self?: () => object): Target {
  let works: Target["works"] | null = null; // found by trying, when it is first called
  return {
    name,
    call,
    ...(self && { self }),
    get works() {
      works ??= worksOf(name, call, self);
      return works;
    },
  };
}

function worksOf(name: string, call: Target["call"], self?: () => object): Target["works"] {
  const tried = name in SELDOM ? [() => []] : [...kinds, ...more];
  const works = tried.filter((args) => {
    try {
      np.memory.scope(() => {
        const made = self?.();
        try {
          close(settled(call(args(), made)));
        } finally {
          close(made);
        }
      });
      return true;
    } catch {
      return false;
    } finally {
      stopped();
    }
  });
  return works.length > 0 ? works : [() => [np.arange(6)], () => []];
}

// Ends what `memory.start` began.
function stopped(): void {
  try {
    np.memory.stop();
  } catch {
    // It was not called.
  }
}

async function ended(values: AsyncIterable<unknown>): Promise<void> {
  for await (const value of values) close(value);
}

/** The values of a generator, so that it has run; a promise goes to those that are awaited. */
export function settled(value: unknown, promises: Promise<unknown>[] = []): unknown {
  if (isLater(value)) return settled(ended(value), promises);
  if (value instanceof Promise) {
    value.catch(() => {});
    promises.push(value);
  }
  return typeof (value as Iterator<unknown> | null)?.next === "function" ? [...(value as Iterable<unknown>)] : value;
}

const free = (prefix: string, functions: object): Target[] =>
  Object.entries(functions)
    .filter(([, value]) => isFunction(value))
    .map(([name, f]) => found(prefix + name, (args) => (f as Any)(...args)));

// Errors are made as JavaScript's own are, of what becomes a text; those of `memory` are not called: they are public for
// `instanceof`, and the declarations have no parameters for them.
const constructors = (prefix: string, names: object): Target[] =>
  Object.entries(names)
    .filter(([name, value]) => typeof value === "function" && !isFunction(value) && !name.endsWith("Error"))
    .map(([name, C]) =>
      found(`new ${prefix}${name}`, (args) => new (C as new (...args: unknown[]) => unknown)(...args)),
    );

function methodsOfArrays(): Target[] {
  return methodNames(np.NDArray.prototype).map((name) =>
    found(`a.${String(name)}`, ([self, ...rest]) => {
      if (!(self instanceof np.NDArray)) throw new np.ValueError("a method is called on an array");
      return (self as unknown as Record<PropertyKey, Any>)[name](...rest);
    }),
  );
}

function methodsOf(handle: string, make: () => object): Target[] {
  const one = make(),
    names = methodNames(one);
  close(one);
  return names.map((name) =>
    found(`${handle}.${String(name)}`, (args, self) => (self as Record<PropertyKey, Any>)[name](...args), make),
  );
}

let targets: Target[] | null = null;

// What it begins lasts until somebody ends it, or comes later.
const LASTING = /^memory\.(start|stop|tracing|open|limit|leaks|warnForgotten|collect|hostAsync|traceAsync)$|^new /;

/** What can be called by itself, and is over when it returns. */
export function everyFunction(): readonly Target[] {
  return everything().filter(({ name, self }) => self === undefined && !LASTING.test(name));
}

/** All that is called. */
export function everything(): readonly Target[] {
  targets ??= np.memory.scope(() => [
    ...free("", np),
    ...free("memory.", np.memory),
    ...free("shrink.", np.shrink),
    ...free("random.", np.random),
    ...free("Snapshot.", { fromJSON: np.memory.Snapshot.fromJSON }),
    ...constructors("", np),
    ...constructors("random.", np.random),
    ...methodsOfArrays(),
    ...Object.entries(handles).flatMap(([name, make]) => methodsOf(name, make)),
  ]);
  return targets;
}

// biome-ignore format: a table of words
const OPTIONS = [
  "out", "where", "dtype", "casting", "keepdims", "initial", "ddof", "correction", "copy", "lazy", "order", "mode", "shape",
  "k", "endpoint", "decimals", "nan", "posinf", "strides", "offset", "writeable", "label", "maxBytes", "count", "axis", "size",
];

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

// What an array holds, for what must be as it was.
function bytesOf(value: unknown): string | null {
  if (!(value instanceof np.NDArray) || value.disposed) return null;
  return new Uint8Array(linear.buffer, value.buffer.pointer, value.buffer.nbytes).join();
}

// What is wrong with an error: it is no error of the library's, or says nothing.
function faultOf(error: unknown): string | null {
  if (error instanceof Mine) return null;
  if (!np.isNDArrayError(error)) return `${(error as Error)?.stack ?? String(error)}`;
  const says =
    error.message.length > 9 && !/\[object |undefined \(|is not a function|is not iterable/.test(error.message);
  return says ? null : `says nothing: ${error.message}`;
}

/** Calls one target; what is wrong, or null. */
async function misuse(target: Target, random: (below: number) => number): Promise<string | null> {
  const base = target.works[random(target.works.length)],
    promises: Promise<unknown>[] = [],
    began = Date.now();
  let what = "",
    wrong: string | null = null;
  const before = np.memory.usage();
  np.memory.scope(() => {
    const guards = CANARIES.map(canary),
      args = base();
    what = spoiled(args, random);
    guards.push(...CANARIES.map(canary));
    const self = target.self?.(); // a scope takes what is made after it
    const given = args.map(bytesOf),
      { live, buffers } = np.memory.usage();
    try {
      const result = settled(target.call(args, self), promises);
      if (escapes(result)) wrong = "the result reaches beyond its buffer";
      close(result);
      stopped();
    } catch (error) {
      const after = np.memory.usage();
      wrong = faultOf(error);
      if (wrong === null && (after.live > live || after.buffers > buffers))
        wrong = `after ${String(error)}: ${after.live - live} bytes in ${after.buffers - buffers} buffers were left behind`;
      const changed = args.findIndex(
        (arg, i) => given[i] !== null && bytesOf(arg) !== null && bytesOf(arg) !== given[i],
      );
      if (changed >= 0) wrong ??= `after ${String(error)}: argument ${changed + 1} holds other values`;
    }
    close(self);
    if (wrong === null && !guards.every(whole)) wrong = "bytes of an array that was no part of it are others";
    wrong ??= unsound();
  });
  const after = np.memory.usage();
  // It may be less: what looks for leaks collects what earlier programs forgot.
  if (wrong === null && after.live > before.live) wrong = `${after.live - before.live} bytes are live after the scope`;
  if (wrong === null && Date.now() - began > LONG) wrong = `took ${Date.now() - began} ms`;
  for (const one of promises) {
    try {
      close(await one);
    } catch (error) {
      wrong ??= faultOf(error);
    }
  }
  return wrong === null ? null : `${target.name} with ${what}: ${wrong}`;
}

/** `count` calls that follow from the seed. */
export async function run(seed: number, count: number): Promise<{ programs: number; failures: string[] }> {
  const failures: string[] = [],
    all = everything();
  for (let i = 0; i < count; i++) {
    const random = numbersFrom(seed * 1_000_003 + i),
      target = all[random(all.length)];
    if (random(SELDOM[target.name] ?? 1) > 0) continue;
    const failure = await misuse(target, random);
    if (failure !== null) failures.push(`seed ${seed}, call ${i}: ${failure}`);
  }
  return { programs: count, failures };
}
