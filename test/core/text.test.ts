import { expect, test } from "vitest";
import { textOf } from "../../scripts/text.mjs";
import { bytesOf } from "../../src/core/text.js";

const all = Uint8Array.from({ length: 65536 }, (_, i) => (i % 2 ? i >> 8 : i));

test("bytesOf(textOf(bytes)) gives the bytes back, every byte after every other", () => {
  expect(bytesOf(textOf(all)).join()).toBe(all.join());
  expect(bytesOf("")).toHaveLength(0);
});

test("textOf(bytes) writes nothing that a script, a template or a page would escape", () => {
  expect(textOf(all)).toMatch(/^[ !#%&(-;=-[\]-_a-~\n]+$/);
});
