import { describe, expect, test } from "vitest";
import * as np from "../../src/index.js";
import { allCalls, type Call, calls, changed, finished, names } from "../support/calls.js";

test("every public function stands in a line of calls.ts", () => {
  const known = new Set(calls.map(({ name }) => name));
  expect(names.filter((name) => !known.has(name))).toEqual([]);
});

/** The arrays among the arguments of a call, those in lists, options and expressions too. */
function arraysIn(args: readonly unknown[]): np.NDArray[] {
  const found: np.NDArray[] = [];
  changed(args, (array) => {
    found.push(array);
    return array;
  });
  return found;
}

/** What is wrong when the call is made with the array at `at` disposed; null if nothing is. */
function withoutOne({ args, run }: Call, at: number): string | null {
  return np.memory.scope(() => {
    const values = args();
    arraysIn(values)[at].dispose();
    const { live, buffers, arrays, views } = np.memory.usage();
    let thrown: unknown = null;
    try {
      finished(run(values));
    } catch (error) {
      thrown = error;
    }
    if (!(thrown instanceof np.DisposedError)) return `array ${at} is disposed: ${thrown ?? "it is taken"}`;
    const after = np.memory.usage();
    expect([after.live, after.buffers, after.arrays, after.views]).toEqual([live, buffers, arrays, views]);
    return null;
  });
}

// What reads no elements takes what is disposed: an end twice is one end, and what prints says that it is disposed.
const takeAll = [
  ...["isNDArrayError", "canCast", "finfo", "iinfo", "promoteTypes", "slice", "formatBytes"],
  ...["resultType", "issubdtype", "isscalar"],
  ...["a.dispose", "a.toString", "a.toJSON"],
];

describe("a disposed array is refused, and nothing is left behind", () => {
  const byName = new Map<string, Call[]>();
  for (const call of allCalls().filter(({ name }) => !takeAll.includes(name)))
    byName.set(call.name, [...(byName.get(call.name) ?? []), call]);
  test.each([...byName])("%s", (_, all) => {
    const wrong = all.flatMap((call) => {
      const count = np.memory.scope(() => arraysIn(call.args()).length);
      return Array.from({ length: count }, (_, at) => withoutOne(call, at)).filter((one) => one !== null);
    });
    expect(wrong).toEqual([]);
  });
});
