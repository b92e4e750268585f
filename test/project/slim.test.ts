import { expect, test } from "vitest";
import { text } from "../../build/chapters/base.js";
import { bytesOf } from "../../src/core/unpack.js";
import { add, array, init } from "../../src/slim.js";

const bytes = bytesOf(text).slice();

// In order: the engine starts once for a file of tests.
test("array(…) before init() says what is missing", () => {
  expect(() => array([1, 2])).toThrow(/await init\(\)/);
});

test("init(source) rejects what is no core, and may be tried again", async () => {
  await expect(init(new Uint8Array([1, 2, 3]))).rejects.toThrow(WebAssembly.CompileError);
  await expect(init(new Response(null, { status: 404 }))).rejects.toThrow("status 404");
});

test("init(source) starts the engine, and a second call changes nothing", async () => {
  const first = init(bytes);
  await Promise.all([first, init()]);
  const x = array([1, 2]);
  await init();
  expect([...add(x, x).data]).toEqual([2, 4]);
});
