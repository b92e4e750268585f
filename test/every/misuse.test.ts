import { describe, expect, test } from "vitest";
import { listener } from "../../src/heap/listener.js";
import * as np from "../../src/index.js";

const { memory } = np;

type Call = (...args: unknown[]) => unknown;

/** Every kind of value that nobody should pass. */
const nonsense: readonly unknown[] = [
  undefined,
  null,
  Number.NaN,
  -1,
  1.5,
  2 ** 31,
  1e308,
  "",
  "nonsense",
  "\u001b[31m",
  true,
  10n,
  Symbol("s"),
  [],
  {},
  { maxbytes: 1 },
  { label: 5 },
  { level: "everything" },
  { maxEvents: Number.NaN },
  { shape: -1 },
  { at: 5, for: "x" },
  new Map(),
  Object.create(null),
  () => 1,
  () => {
    throw new np.ValueError("on purpose");
  },
  new Proxy({}, { get: () => 1, ownKeys: () => ["a"] }),
];

// These wait for the collector or the host, whatever is passed.
const slow = new Set(["collect", "hostAsync", "host"]);
const functions = Object.entries(memory).filter(
  (entry): entry is [string, Call] => typeof entry[1] === "function" && !slow.has(entry[0]) && !/^[A-Z]/.test(entry[0]),
);

/** Ends what a call may have begun. */
async function ended(result: unknown): Promise<void> {
  const value = await result;
  if (value === null || typeof value !== "object") return;
  if (Symbol.dispose in value) (value as Disposable)[Symbol.dispose]();
}

test.each(functions)(
  "issue 7.14: memory.%s called with nonsense throws this library's errors, and leaves nothing",
  async (name, fn) => {
    const { live, buffers } = memory.usage(),
      native: string[] = [];
    for (const first of nonsense) {
      for (const second of [undefined, ...nonsense]) {
        try {
          await ended(second === undefined ? fn(first) : fn(first, second));
        } catch (error) {
          if (!(error instanceof np.NDArrayError) || error.message.length < 10) native.push(`${name}: ${error}`);
        }
      }
    }
    if (name === "start") memory.stop();
    expect([...new Set(native)]).toEqual([]);
    expect(listener).toBe(null);
    expect([memory.usage().live, memory.usage().buffers]).toEqual([live, buffers]);
  },
);

describe("issue 7.12: an unknown option of memory's is named, with the nearest", () => {
  const said: [string, () => unknown, RegExp][] = [
    ["lruCache({ maxbytes })", () => memory.lruCache({ maxbytes: 5 } as never), /did you mean 'maxBytes'/],
    ["limit({ alocs })", () => memory.limit({ alocs: 5 } as never), /did you mean 'allocs'/],
    ["pool({ shapes })", () => memory.pool({ shapes: 5 } as never), /did you mean 'shape'/],
    ["trace(fn, { maxevents })", () => memory.trace(() => 1, { maxevents: 5 } as never), /did you mean 'maxEvents'/],
    ["sizeOf(x, { depth })", () => memory.sizeOf(1, { deeep: true } as never), /did you mean 'deep'/],
    ["leaks(fn, { run })", () => memory.leaks(() => 1, { run: 2 } as never), /did you mean 'runs'/],
  ];
  test.each(said)("%s", (_, call, sentence) => {
    expect(call).toThrow(np.ArgumentError);
    expect(call).toThrow(sentence);
  });
});

describe("issue 7.3, 7.12: sizes and limits that mean nothing are refused, not tried", () => {
  const calls: [string, () => unknown][] = [
    ["pool({ initial: 2 ** 31 })", () => memory.pool({ shape: 1, initial: 2 ** 31 })],
    ["pool({ max: NaN })", () => memory.pool({ shape: 1, max: Number.NaN })],
    ["trace({ maxEvents: NaN })", () => memory.trace(() => np.zeros(3).dispose(), { maxEvents: Number.NaN })],
    ["trace({ maxEvents: -1 })", () => memory.trace(() => np.zeros(3).dispose(), { maxEvents: -1 })],
    ["trace({ maxEvents: '5' })", () => memory.trace(() => np.zeros(3).dispose(), { maxEvents: "5" as never })],
    ["trace({ maxEvents: 1.5 })", () => memory.trace(() => np.zeros(3).dispose(), { maxEvents: 1.5 })],
    ["limit({ allocs: NaN })", () => memory.limit({ allocs: Number.NaN })],
    ["limit({ live: NaN })", () => memory.limit({ live: Number.NaN })],
    ["limit({ live: '5 apples' })", () => memory.limit({ live: "5 apples" as never })],
    ["growable({ capacity: NaN })", () => memory.growable("float64", { capacity: Number.NaN })],
    ["lruCache({ ttl: 'soon' })", () => memory.lruCache({ ttl: "soon" as never })],
  ];
  test.each(calls)("%s", (_, call) => {
    const { buffers } = memory.usage();
    expect(call).toThrow(np.ValueError);
    expect(memory.usage().buffers).toBe(buffers);
    expect(listener).toBe(null);
  });
});

describe("issue 7.3: a revoked proxy anywhere is nothing that can be read, and no error but the library's own", () => {
  const revoked = (): never => {
    const { proxy, revoke } = Proxy.revocable([], {});
    revoke();
    return proxy as never;
  };
  test("what takes an array, an index or a snapshot refuses it in a typed error", () => {
    const calls: (() => unknown)[] = [
      () => np.insert(np.ones(3), revoked(), 1),
      () => np.ones(3).at(revoked()),
      () => np.ones(3).set(revoked(), 1 as never),
      () => memory.snapshot().compareTo(revoked(), "line"),
    ];
    for (const call of calls) {
      let error: unknown;
      try {
        call();
      } catch (thrown) {
        error = thrown;
      }
      expect([String(call), np.isNDArrayError(error)]).toEqual([String(call), true]);
    }
  });

  test("what looks into any value passes it by", () => {
    expect(np.isNDArrayError(revoked())).toBe(false);
    expect(() => memory.sizeOf({ a: revoked() }, { deep: true })).not.toThrow();
    expect(() => memory.graph({ a: revoked() })).not.toThrow();
    expect(() => memory.scope(() => revoked())).not.toThrow();
    expect(() => memory.scope(() => ({ a: [revoked()] }))).not.toThrow();
    expect(() => memory.trace(() => revoked())).not.toThrow();
  });
});

test("issue 7.3: lists with holes are looked into: graph, sizeOf, scope", () => {
  const list = new Array<unknown>(3);
  list[1] = np.ones(2);
  expect(memory.graph(list).nodes.length).toBeGreaterThan(1);
  expect(memory.sizeOf(list, { deep: true }).payload).toBe(16);
  expect(memory.scope(() => list)).toBe(list);
});
