import { describe, expect, test } from "vitest";
import * as np from "../../src/index.js";
import { calls, type Given, given, others } from "../support/calls.js";

const names = Object.entries(np)
  .filter(([name, value]) => typeof value === "function" && name[0] === name[0].toLowerCase())
  .map(([name]) => name);

test("every public function has a call in calls.ts, and no other name has", () => {
  expect([...new Set([...calls.map(([name]) => name), ...others])].sort()).toEqual(names.sort());
});

describe.each(calls.map(([name, call], i) => [`${name} (${i})`, call] as const))("%s", (_, call) => {
  test("tells every byte: the events of a trace are the core's own counters", () => {
    np.memory.scope(() => {
      const g = given(),
        before = np.memory.usage();
      const t = np.memory.trace(() => call(g), { level: "events" });
      const after = np.memory.usage();
      expect(t.allocated).toBe(after.allocated - before.allocated);
      expect(t.allocs).toBe(after.allocs - before.allocs);
      expect(t.frees).toBe(after.frees - before.frees);
      expect(t.retained).toBe(after.live - before.live);
    });
  });

  test("leaves nothing behind once its result is disposed", () => {
    const before = np.memory.usage();
    np.memory.scope(() => {
      call(given());
    });
    const after = np.memory.usage();
    expect([after.live, after.arrays, after.buffers]).toEqual([before.live, before.arrays, before.buffers]);
  });

  test("refuses disposed arrays and changes no counter", () => {
    const g = given(),
      wasAsked = new Set<unknown>();
    for (const array of Object.values(g)) array.dispose();
    const watched = new Proxy(g, {
      get(target, name) {
        wasAsked.add(name);
        return target[name as keyof Given];
      },
    });
    const before = np.memory.usage();
    let thrown: unknown = null;
    try {
      call(watched);
    } catch (error) {
      thrown = error;
    }
    if (wasAsked.size === 0) return;
    expect(thrown).toBeInstanceOf(np.DisposedError);
    expect(np.memory.usage()).toEqual({
      ...before,
      allocated: expect.any(Number),
      allocs: expect.any(Number),
      frees: expect.any(Number),
    });
  });
});
