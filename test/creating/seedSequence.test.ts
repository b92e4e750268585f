import { expect, test } from "vitest";
import { DTypeError, ValueError } from "../../src/base/errors.js";
import { generateState, pcg64State } from "../../src/creating/seedSequence.js";
import { streams, toSeed } from "../support/streams.js";

for (const { seed, words, state } of streams.seeds) {
  test(`generateState(${seed}) is SeedSequence's`, () => {
    expect([...generateState(toSeed(seed))].map(String)).toEqual(words);
  });

  test(`pcg64State(${seed}) is PCG64's`, () => {
    expect([...pcg64State(toSeed(seed))].map(String)).toEqual(state);
  });
}

test("generateState(seed) takes numbers and bigints alike", () => {
  expect(generateState(2 ** 40)).toEqual(generateState(2n ** 40n));
  expect(generateState([1, 2n, 3])).toEqual(generateState([1n, 2, 3n]));
});

test("generateState(seed) tells close seeds apart in every word", () => {
  const [zero, one] = [generateState(0), generateState(1)];
  for (let i = 0; i < 4; i++) expect(zero[i]).not.toBe(one[i]);
});

for (const seed of [-1, -1n, [1, -2]]) {
  test(`generateState(${seed}) is a ValueError`, () => {
    expect(() => generateState(seed)).toThrow(new ValueError("expected non-negative integer"));
  });
}

for (const seed of [0.5, Number.NaN, Number.POSITIVE_INFINITY, [1, 2.5]]) {
  test(`generateState(${seed}) is a DTypeError`, () => {
    expect(() => generateState(seed)).toThrow(DTypeError);
  });
}
