import { expect, test } from "vitest";
import { pack, plain } from "../../scripts/pack.mjs";
import { bytesOf } from "../../src/core/unpack.js";

const bytes = (length: number, of: (i: number) => number): Uint8Array<ArrayBuffer> =>
  Uint8Array.from({ length }, (_, i) => of(i));

// What matches nothing, one long match, matches of every length at every distance, and bytes in periods.
let seed = 1;
const random = (): number => {
  seed = (seed * 48271) % 2147483647;
  return seed >> 8;
};
const samples: readonly (readonly [string, Uint8Array<ArrayBuffer>])[] = [
  ["no bytes", bytes(0, () => 0)],
  ["one byte", bytes(1, () => 200)],
  ["every byte after every other", bytes(6_000, (i) => (i % 2 ? i >> 8 : i))],
  ["random bytes", bytes(2_000, random)],
  ["zeros", bytes(2_000, () => 0)],
  ["few different bytes", bytes(2_000, () => random() % 3)],
  ["a period of 7 with errors", bytes(2_000, (i) => (random() % 50 ? (i % 7) * 31 : random()))],
  ["widths that grow", bytes(2_000, (i) => i * i)],
];

test.each(samples)("bytesOf(pack(bytes)) gives the bytes back: %s", (_, sample) => {
  expect(bytesOf(pack(sample)).join()).toBe(sample.join());
});

test("bytesOf(pack(bytes, before), before) needs what stood before, once or every time", () => {
  const before = samples[3][1],
    first = pack(before),
    much = pack(before.slice(100, 1_900), before),
    none = pack(samples[2][1], before);
  expect(much.length).toBeLessThan(30);
  for (const text of [much, none, much]) bytesOf(text, first);
  expect(bytesOf(much, first).join()).toBe(before.slice(100, 1_900).join());
  expect(bytesOf(first).join()).toBe(before.join());
  expect(bytesOf(none, first).join()).toBe(samples[2][1].join());
});

test("pack(bytes) and plain(bytes) write nothing that a script, a template or a page would escape", () => {
  const text = pack(samples[3][1]) + plain(samples[3][1]);
  expect(text).toMatch(/^[(-;=-[\]-_a-j\n]+$/);
  expect(new Set(text.replaceAll("\n", "")).size).toBe(64);
});
