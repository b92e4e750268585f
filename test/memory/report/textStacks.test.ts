import { afterAll, beforeAll, expect, test } from "vitest";
import * as np from "../../../src/index.js";
import { lineOf } from "../../support/lineOf.js";
import text from "./textStacks.test.js?raw";

// Firefox and Safari give stacks as text only. Taking V8's CallSite objects away leaves its text.

const { memory } = np;
const host = Error as { captureStackTrace?: unknown };
const before = host.captureStackTrace;

beforeAll(() => {
  delete host.captureStackTrace;
});

afterAll(() => {
  host.captureStackTrace = before;
});

function work(): np.NDArray {
  const a = np.zeros(10);
  const b = np.add(a, [1]);
  a.dispose();
  return b;
}

test("where stacks are text, lines are found all the same", () => {
  const t = memory.trace(work),
    first = lineOf(text, "  const a" + " = np.zeros");
  expect(t.lines().rows.map(({ site, allocated, freed }) => [site.line, site.fn, allocated, freed])).toEqual([
    [first, "work", 80, 0],
    [first + 1, "work", 88, 8],
    [first + 2, "work", 0, 80],
  ]);
  expect(t.lines().rows[0].source).toBe("const a = np.zeros(10);");
  t.result.dispose();
});

test("where stacks are text, callers are found too", () => {
  const outer = (): np.NDArray => work();
  const t = memory.trace(() => outer(), { level: "stacks", frames: 3 });
  const [{ stack }] = t.atEnd().held;
  expect(stack?.map((site) => site.fn)).toEqual(["work", "outer", expect.anything()]);
  t.result.dispose();
});
