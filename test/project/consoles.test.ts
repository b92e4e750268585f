import { describe, expect, test } from "vitest";
import * as np from "../../src/index.js";
import { kinds } from "../support/kinds.js";

// What is put into templates, JSON and messages to workers: each thing that the package hands out.

// No scope around them: between one test and the next hosts without async hooks cannot tell what belongs to it.
const all = Object.entries(kinds());

describe("issue 7.23: whatever the package hands out is readable as text", () => {
  test.each(all)("String(x), templates and JSON.stringify(x) of %s", (name, x) => {
    const text = String(x);
    expect(text).not.toBe("");
    expect(`${x}`).toBe(text);
    if (!["flags", "usage", "an iterator", "buffers"].includes(name))
      expect(text).not.toMatch(/\[object|undefined|NaN\b/);
    const json = JSON.stringify({ x });
    expect(JSON.parse(json)).toHaveProperty("x");
    expect(json.length).toBeLessThan(1_000_000);
  });

  test("JSON.stringify(a) of what is disposed tells that it is", () => {
    const a = np.ones(2),
      view = a.at("1:");
    a.dispose();
    expect(JSON.stringify(a)).toMatch(/array #\d+ .* was disposed/);
    expect(JSON.stringify(view)).toMatch(/view #\d+ .* has ended/);
  });
});

describe("issue 7.23: arrays are not posted in silence", () => {
  const post = (x: unknown): void => {
    const { port1, port2 } = new MessageChannel();
    try {
      port1.postMessage(x);
    } finally {
      port1.close();
      port2.close();
    }
  };
  const a = np.ones(3),
    ended = np.ones(3);
  ended.dispose();
  const arrays = { "an array": a, "a view": a.at("1:"), "a 0-d array": np.array(1), "a disposed array": ended };

  test.each(Object.entries(arrays))("postMessage(x) and structuredClone(x) of %s say what to do", (_, x) => {
    for (const send of [post, structuredClone])
      for (const value of [x, [x], { deep: { x } }, new Map([["x", x]])]) {
        const error = thrown(() => send(value));
        expect(error.name).toBe("DataCloneError");
        expect(error.message).toContain("post a.toTypedArray() or the bytes of save(a), not the array");
      }
  });

  test("what the error says to post arrives", () => {
    expect(np.array(structuredClone(a.toTypedArray())).tolist()).toEqual([1, 1, 1]);
    expect(np.load(structuredClone(np.save(a))).tolist()).toEqual([1, 1, 1]);
  });

  test("Object.keys(a) is the property that refuses, one for each dtype, and no method is among them", () => {
    expect(Object.keys(a)).toEqual(["uncloneable"]);
    const each = (["bool", "int8", "float32", "float64"] as const).map((dtype) =>
      Reflect.get(np.zeros(1, { dtype }), "uncloneable"),
    );
    expect(new Set(each).size).toBe(4);
  });
});

function thrown(run: () => unknown): Error {
  try {
    run();
  } catch (error) {
    return error as Error; // a DOMException has a name and a message too
  }
  throw new Error("nothing was thrown");
}
