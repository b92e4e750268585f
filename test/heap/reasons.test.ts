import { expect, test } from "vitest";
import { codeOfReason, copyReasons, endOf, freers, readEnd, reasonOf } from "../../src/heap/reasons.js";

test("codeOfReason(reason) and reasonOf(code) name each reason by a number of its own, and none by 0", () => {
  const codes = copyReasons.map(codeOfReason);
  expect(new Set([0, ...codes]).size).toBe(copyReasons.length + 1);
  expect(codes.map(reasonOf)).toEqual([...copyReasons]);
  expect([codeOfReason(null), reasonOf(0)]).toEqual([0, null]);
});

test("readEnd(endOf(by, site)) is who freed an array and where, for every way of being freed", () => {
  for (const by of freers)
    for (const site of [0, 1, 2 ** 24, 2 ** 32 - 1]) {
      const end = endOf(by, site);
      expect(end).toBeLessThan(0);
      expect(readEnd(end)).toEqual({ by, site });
    }
});

test("copyReasons and freers fit into a byte, in which events keep them; the last number says none", () => {
  expect(copyReasons.length).toBeLessThan(256);
  expect(freers.length).toBeLessThan(255);
});
