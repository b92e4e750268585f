import * as np from "nbytes";
import { memorySetupWith } from "nbytes/matchers";
import { matchers, memoryRules, memorySetup } from "nbytes/vitest";
import { afterEach, describe, expect, test } from "vitest";
import { careless, fastcount, inPlace } from "../lessons/fastcount.js";
import fastcountText from "../lessons/fastcount.js?raw";
import text from "./vitest.test.js?raw";

const { memory } = np;

/** The number of the first line of a source that holds the snippet. */
function lineOf(source: string, snippet: string): number {
  return source.slice(0, source.indexOf(snippet)).split("\n").length;
}

const n = 1_000_000;

/** What a failing check says. */
function messageOf(check: () => void): string {
  try {
    check();
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error("the check passed");
}

type Way = (x: np.NDArray<"float64">, y: np.NDArray<"float64">) => np.NDArray<"bool">;

/** Gives a check two arrays, and frees all that is born during it. */
function withInputs(check: (run: (way: Way) => () => unknown) => void): void {
  memory.scope(() => {
    const x = np.zeros(n),
      y = np.zeros(n);
    check((way) => () => memory.scope(() => way(x, y)));
  });
}

test("toAllocate is exact in arrays and in bytes", () => {
  withInputs((run) => {
    expect(run(fastcount)).toAllocate({ arrays: 5, bytes: 19_000_000 });
    expect(run(fastcount)).toAllocate({ allocs: 5 });
    expect(run(fastcount)).toAllocate({ bytes: "19 MB" });
    expect(run(fastcount)).not.toAllocate({ arrays: 5, bytes: 19_000_001 });
    expect(run(inPlace)).toAllocate({ arrays: 1, bytes: n });
    expect(messageOf(() => expect(run(inPlace)).toAllocate({ arrays: 2, bytes: 2 * n })).split("\n")[0]).toBe(
      "expected inPlace to allocate 2,000,000 B in 2 arrays, but it allocated 1,000,000 B in 1 array",
    );
    expect(messageOf(() => expect(run(inPlace)).not.toAllocate({ arrays: 1 })).split("\n")[0]).toBe(
      "expected inPlace not to allocate 1 array, but it did",
    );
  });
});

test("toAllocateAtMost prints the lines that allocated, the largest first", () => {
  withInputs((run) => {
    expect(run(inPlace)).toAllocateAtMost("1 MB");
    const start = fastcountText.slice(0, fastcountText.indexOf("const na = np.isnan(x);\n  {")).split("\n").length;
    const at = (line: number): string => `fastcount.ts:${start + line}`.padEnd(15);
    expect(messageOf(() => expect(run(fastcount)).toAllocateAtMost("1 MB"))).toBe(
      [
        "expected fastcount to allocate at most 1.00 MB, but it allocated 19.0 MB in 5 arrays",
        `  8.00 MB  ${at(5)}  copy        const lx = x.copy();`,
        `  8.00 MB  ${at(6)}  copy        const ly = y.copy();`,
        `  1.00 MB  ${at(0)}  isnan       const na = np.isnan(x);`,
        `  1.00 MB  ${at(2)}  isnan       using t = np.isnan(y);`,
        `  1.00 MB  ${at(9)}  logicalNot  return np.logicalNot(na);`,
        "  over by 18.0 MB; peak was 18.0 MB",
      ].join("\n"),
    );
    expect(messageOf(() => expect(run(inPlace)).not.toAllocateAtMost("1 MB")).split("\n")[0]).toBe(
      "expected inPlace to allocate more than 1.00 MB, but it allocated 1.00 MB in 1 array",
    );
    expect(messageOf(() => expect(run(inPlace)).toAllocateAtMost(999_999)).split("\n")[0]).toBe(
      "expected inPlace to allocate at most 999,999 B, but it allocated 1,000,000 B in 1 array",
    );
  });
});

test("toAllocateNothing holds for operations with out", () => {
  withInputs((run) => {
    expect(run((x) => np.add(x, 1, { out: x }) as never)).toAllocateNothing();
    expect(run((x) => np.add(x, 1) as never)).not.toAllocateNothing();
    expect(messageOf(() => expect(run((x) => np.add(x, 1) as never)).toAllocateNothing())).toMatch(
      /^expected the function to allocate nothing, but it allocated 8,000,000 B in 1 array\n {2}8\.00 MB {2}vitest\.test\.ts:\d+ {2}add /,
    );
  });
});

test("toPeakAtMost counts what is live at once, temporaries included", () => {
  withInputs((run) => {
    expect(run(fastcount)).toPeakAtMost(18 * n);
    expect(run(fastcount)).not.toPeakAtMost(18 * n - 1);
    expect(run(careless)).toPeakAtMost("19 MB");
    expect(run((x) => np.add(x, new Float64Array(n), { out: x }) as never)).not.toPeakAtMost(8 * n - 1);
    const lines = messageOf(() => expect(run(careless)).toPeakAtMost("18 MB")).split("\n");
    expect(lines[0]).toBe("expected the peak of careless to be at most 18.0 MB, but it was 19.0 MB");
    expect(lines.at(-1)).toBe("  over by 1.00 MB; allocated were 19.0 MB in 5 arrays");
  });
});

test("toRetain is exact, and counts the result", () => {
  withInputs((run) => {
    expect(run(fastcount)).toRetain(n);
    expect(() => fastcount(np.zeros(3), np.zeros(3)).dispose()).not.toRetain(0);
    using old = np.zeros(4);
    expect(() => old.dispose()).toRetain(-32);
    const message = messageOf(() => expect(run(fastcount)).toRetain(0));
    const line = lineOf(fastcountText.split("/** The same")[0], "return np.logicalNot(na);");
    expect(message).toBe(
      `expected fastcount to retain 0 B, but it retained 1,000,000 B\n  1.00 MB  fastcount.ts:${line}  logicalNot  return np.logicalNot(na);`,
    );
  });
});

describe("toBeLeakFree", () => {
  const kept: np.NDArray[] = [];
  afterEach(() => {
    for (const array of kept.splice(0)) array.dispose();
  });

  test("tells line and bytes of each run", () => {
    function step(): void {
      kept.push(np.zeros(100)); // leaks
      np.ones(50).dispose();
    }
    expect(messageOf(() => expect(step).toBeLeakFree({ warmups: 1, runs: 3 }))).toBe(
      [
        "expected step to be leak-free, but it retained 800 B in each of 3 runs",
        `  800 B  vitest.test.ts:${lineOf(text, "kept.push(np.zeros(100))")}  zeros  kept.push(np.zeros(100)); // leaks`,
      ].join("\n"),
    );
  });

  test("lets the first run fill a cache", () => {
    const cache = new Map<string, np.NDArray>();
    const step = (): void => {
      if (!cache.has("x")) cache.set("x", np.zeros(10));
    };
    expect(step).toBeLeakFree();
    cache.get("x")?.dispose();
    cache.clear();
    const message = messageOf(() => expect(step).toBeLeakFree({ warmups: 0 }));
    expect(message.split("\n")[0]).toBe(
      "expected step to be leak-free, but it retained 80 B, then 0 B, then 0 B in 3 runs",
    );
    cache.get("x")?.dispose();
  });

  test("leaves results to the caller, and lets a state be replaced", () => {
    let state: np.NDArray = np.zeros(10);
    const replace = (): void => {
      const next = np.add(state, 1);
      state.dispose();
      state = next;
    };
    expect(replace).toBeLeakFree();
    expect(() => np.add(state, 1)).toBeLeakFree();
    expect(() => ({ deep: [np.add(state, 1).reshape([2, 5])] })).toBeLeakFree();
    const returning = (): np.NDArray => {
      replace();
      return state;
    };
    expect(returning).toBeLeakFree();
    state.dispose();
    expect(messageOf(() => expect(() => 1).not.toBeLeakFree())).toBe(
      "expected the function to leak, but nothing it made was live after 3 runs",
    );
  });

  test("refuses numbers of runs that check nothing", () => {
    expect(() => expect(() => 1).toBeLeakFree({ runs: 0 })).toThrow(np.ValueError);
  });
});

test("what only the collector frees counts as not freed, on every host", () => {
  const forget = (): void => {
    for (let i = 0; i < 60; i++) np.empty(1_000_000);
  };
  expect(forget).toRetain(480_000_000);
  expect(forget).toPeakAtMost(480_000_000);
});

test("toCopyOnlyBecause tells the lines that copied for other reasons", () => {
  withInputs((run) => {
    expect(run(fastcount)).toCopyOnlyBecause("requested");
    expect(run(inPlace)).toCopyOnlyBecause();
    expect(run(fastcount)).not.toCopyOnlyBecause("dtype", "strides");
    const work: Way = (x) => {
      x.copy();
      const small = x.astype("float32");
      return np.isnan(small);
    };
    expect(messageOf(() => expect(run(work)).toCopyOnlyBecause("requested"))).toBe(
      [
        "expected work to copy only because of requested, but it copied 4.00 MB because of dtype",
        `  4.00 MB  vitest.test.ts:${lineOf(text, "const small")}  astype  dtype  const small = x.astype("float32");`,
      ].join("\n"),
    );
    expect(messageOf(() => expect(run(work)).toCopyOnlyBecause()).split("\n")[0]).toBe(
      "expected work not to copy, but it copied 12.0 MB because of requested, dtype",
    );
    expect(() => expect(run(work)).toCopyOnlyBecause("because" as never)).toThrow(
      "'because' is no reason of a copy; reasons are requested, dtype,",
    );
  });
});

test("toShareMemoryWith is about bytes, toBeViewOf about buffers and reach", () => {
  memory.scope(() => {
    const x = np.zeros([4, 3]),
      v = x.at("1:3"),
      w = v.at(0);
    expect(v).toShareMemoryWith(x);
    expect(x.at(0)).not.toShareMemoryWith(v);
    expect(x.copy()).not.toShareMemoryWith(x);
    expect(v).toBeViewOf(x);
    expect(w).toBeViewOf(x);
    expect(w).toBeViewOf(v);
    expect(v).not.toBeViewOf(w);
    expect(x).not.toBeViewOf(x);
    expect(x.copy()).not.toBeViewOf(x);
    expect(x.at("0:0")).toBeViewOf(x);
    expect(messageOf(() => expect(x.at(0)).toShareMemoryWith(v))).toMatch(
      /^expected array #\d+ \(float64 \[3\]\) to share memory with array #\d+ \(float64 \[2, 3\]\), but they lie apart in buffer #\d+$/,
    );
    expect(messageOf(() => expect(x.copy()).toBeViewOf(x))).toMatch(
      / to be a view of array .* but it owns its memory$/,
    );
    expect(messageOf(() => expect(v).toBeViewOf(w))).toMatch(/ to be a view of array .* but it reaches beyond it$/);
    expect(messageOf(() => expect(v).not.toShareMemoryWith(x))).toMatch(
      / not to share memory with array .* but it does$/,
    );
  });
});

test("misuse is a typed error, not a failed expectation", async () => {
  expect(() => expect(np.zeros(1)).toAllocateNothing()).toThrow(
    new np.ValueError("toAllocateNothing runs a function: expect(() => …).toAllocateNothing(…), not an NDArray"),
  );
  expect(() => expect(async () => np.zeros(1)).toAllocateNothing()).toThrow(np.NDArrayError);
  expect(() => expect(() => Promise.resolve(1)).toAllocateNothing()).toThrow(/use `await memory\.traceAsync\(fn\)`/);
  expect(() => expect(() => 1).toAllocate({})).toThrow(np.ValueError);
  expect(() => expect(() => 1).toAllocate({ arrays: 1, allocs: 2 })).toThrow(np.ValueError);
  expect(() => expect(() => 1).toAllocateAtMost("1 mb" as never)).toThrow(np.ValueError);
  expect(() => expect(1).toShareMemoryWith(1 as never)).toThrow(
    new np.DTypeError("toShareMemoryWith compares arrays: expect(a).toShareMemoryWith(b), not 1"),
  );
  const gone = np.zeros(1);
  gone.dispose();
  expect(() => expect(gone).toBeViewOf(gone)).toThrow(np.DisposedError);
});

test("toMatchAllocationLock needs files: elsewhere it is a typed error", () => {
  const { process } = globalThis as { process?: { getBuiltinModule?: unknown } };
  const needs = typeof process?.getBuiltinModule === "function" ? 'there is no entry "a"' : "needs Node's file system";
  expect(() => expect(() => 1).toMatchAllocationLock("a", { file: "none.json", update: false })).toThrow(needs);
});

test("a function that throws ends its bill, and the error is the function's", () => {
  const fault = (): void => {
    np.zeros(3).dispose();
    throw new Error("mine");
  };
  expect(() => expect(fault).toAllocateNothing()).toThrow("mine");
  const before = memory.usage().allocs;
  expect(() => np.zeros(3).dispose()).toAllocate({ arrays: 1, bytes: 24 });
  expect(memory.usage().allocs - before).toBe(1);
});

test("matchers work by the protocol that Jest has too: { pass, message }", () => {
  const { pass, message } = matchers.toAllocateNothing.call({ isNot: false }, () => np.zeros(2).dispose());
  expect([pass, message().split("\n")[0]]).toEqual([
    false,
    "expected the function to allocate nothing, but it allocated 16 B in 1 array",
  ]);
});

describe("memorySetup", () => {
  memorySetup({ maxPeak: "1 MB", leaks: "fail" });

  test("holds a test to its rules, here without breaking them", async () => {
    using x = np.zeros(1000);
    await Promise.resolve();
    expect(() => np.add(x, 1, { out: x })).toAllocateNothing();
  });

  test("memoryRules changes them for one test", () => {
    memoryRules({ maxPeak: "2 MB" });
    np.zeros(200_000).dispose();
  });
});

describe("memorySetupWith", () => {
  /** Runs a test under rules, with hooks that are called by hand. */
  function underRules(rules: Parameters<typeof memorySetupWith>[1], body: () => void): void {
    const before: (() => void)[] = [],
      after: (() => void)[] = [];
    memorySetupWith({ beforeEach: (hook) => before.push(hook), afterEach: (hook) => after.push(hook) }, rules);
    for (const hook of before) hook();
    body();
    for (const hook of after) hook();
  }

  test("fails a test that leaves arrays, with their lines", () => {
    const left: np.NDArray[] = [];
    const body = (): void => {
      for (let i = 0; i < 2; i++) left.push(np.zeros(100));
      np.ones(10).dispose();
    };
    expect(messageOf(() => underRules({ leaks: "fail" }, body))).toBe(
      [
        "expected the test to dispose what it made, but it left 1,600 B",
        `  1.60 kB  in 2  vitest.test.ts:${lineOf(text, "for (let i = 0; i < 2")}  zeros  for (let i = 0; i < 2; i++) left.pu…`,
        "  `using`, dispose() or memory.scope(() => …) frees them",
      ].join("\n"),
    );
    underRules({}, body);
    underRules({ leaks: "fail" }, () => {
      memoryRules({ leaks: "ignore" });
      body();
    });
    for (const array of left) array.dispose();
  });

  test("fails a test that peaks or allocates too high", () => {
    const body = (): void => {
      np.zeros(1000).dispose();
      np.zeros(1000).dispose();
    };
    underRules({ maxPeak: 8000, maxAllocated: "16 kB" }, body);
    const lines = messageOf(() => underRules({ maxPeak: "7 kB" }, body)).split("\n");
    expect([lines[0], lines.at(-1)]).toEqual([
      "expected the peak of the test to be at most 7.00 kB, but it was 8.00 kB",
      "  over by 1.00 kB",
    ]);
    expect(messageOf(() => underRules({ maxAllocated: "15 kB" }, body)).split("\n")[0]).toBe(
      "expected the test to allocate at most 15.0 kB, but it allocated 16.0 kB",
    );
  });

  test("refuses rules that are none", () => {
    expect(() => underRules({ leaks: "sometimes" as never }, () => {})).toThrow(np.ValueError);
    expect(() => underRules({ maxPeak: "much" as never }, () => {})).toThrow(np.ValueError);
    expect(() => memoryRules({})).toThrow(np.ValueError);
  });
});
