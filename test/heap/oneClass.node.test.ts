import { setFlagsFromString } from "node:v8";
import { add, type NDArray, zeros } from "nbytes";
import { expect, test } from "vitest";

// V8 keeps objects whose fields hold the same kinds of values in one hidden class, and reads them quickly as long as
// there is but one: a count that became a heap number (0 + -0) once doubled the time of every small call.
setFlagsFromString("--allow-natives-syntax");
const inOneClass = new Function("a", "b", "return %HaveSameMap(a, b)") as (a: object, b: object) => boolean; // V8 says so

test("arrays, buffers and slots each stay in one hidden class, whatever becomes of them", () => {
  const first = zeros(3),
    others: NDArray[] = [first.at("1:"), first.T, zeros([2, 2], "int32"), add(first, 1)];
  for (let i = 0; i < 100; i++) add(first, 1).dispose();
  const disposed = zeros(4);
  disposed.dispose();
  others.push(zeros(4), add(zeros(200_000), 1), zeros(0));
  for (const array of [...others, disposed]) expect(inOneClass(array, first)).toBe(true);
  // What has ended holds the first buffer that was made at all.
  for (const { buffer } of [...others, disposed]) {
    expect(inOneClass(buffer, first.buffer)).toBe(true);
    expect(inOneClass(buffer.slot, first.buffer.slot)).toBe(true);
  }
});
