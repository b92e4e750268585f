import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { readArrow } from "../../src/arrow/index.js";
import * as np from "../../src/index.js";
import { readParquet } from "../../src/parquet/index.js";
import { FOLDER } from "./expected.js";

// Files of pyarrow with bytes that were changed, cut or moved: each is read, or refused with a typed error, in time, and
// leaves nothing. NBYTES_FUZZ_FILES=100000 tries as many; NBYTES_FUZZ_SEED another sequence.

const ROUNDS = Number(process.env.NBYTES_FUZZ_FILES ?? 400),
  SEED = Number(process.env.NBYTES_FUZZ_SEED ?? 20261129);

/** A file may take longer than this only if the machine is busy: whole files take ten milliseconds. */
const LONG = 5000;

const PARQUET = [
    "snappy",
    "plain-v1",
    "gzip-v2-groups",
    "zstd-pages",
    "brotli",
    "lz4",
    "delta",
    "split",
    "int96",
    "pandas",
  ].map((name) => `${name}.parquet`),
  ARROW = ["file.arrow", "stream.arrows", "batches.arrow", "lz4.arrow", "zstd.arrow", "pandas.feather"];

function randomly(seed: number): (below: number) => number {
  let state = seed >>> 0;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

/** Bytes that lengths and counts are made of. */
const NASTY = [0, 1, 2, 127, 128, 254, 255];

function mutated(bytes: Uint8Array, random: (below: number) => number): Uint8Array {
  const copy = bytes.slice(),
    // What a file says of itself is at its end, or at its beginning: there a change is worth most.
    near = (): number => {
      const where = random(4);
      if (where === 0) return random(copy.length);
      return where === 1 ? random(Math.min(2000, copy.length)) : copy.length - 1 - random(Math.min(4000, copy.length));
    };
  switch (random(8)) {
    case 0:
      return copy.slice(0, random(copy.length));
    case 1: {
      const at = near(),
        from = near();
      copy.copyWithin(at, from, from + random(64));
      return copy;
    }
    case 2:
      copy.fill(NASTY[random(NASTY.length)], near(), near());
      return copy;
    default:
      for (let i = random(4); i >= 0; i--) copy[near()] = random(2) === 0 ? NASTY[random(NASTY.length)] : random(256);
      return copy;
  }
}

async function tryAll(
  names: readonly string[],
  read: (bytes: Uint8Array) => Promise<np.Table>,
): Promise<Record<string, number>> {
  const random = randomly(SEED),
    files = names.map((name) => new Uint8Array(readFileSync(`${FOLDER}/${name}`))),
    outcomes: Record<string, number> = { read: 0, refused: 0 },
    before = np.memory.usage();
  for (let i = 0; i < ROUNDS; i++) {
    const which = random(files.length),
      bytes = mutated(files[which], random),
      began = performance.now();
    try {
      using table = await read(bytes);
      outcomes[table.length <= 40 ? "read" : "longer"] = (outcomes[table.length <= 40 ? "read" : "longer"] ?? 0) + 1;
    } catch (error) {
      if (!np.isNDArrayError(error)) throw new Error(`round ${i} of seed ${SEED}, ${names[which]}`, { cause: error });
      outcomes.refused++;
    }
    if (performance.now() - began > LONG)
      throw new Error(`round ${i} of seed ${SEED}, ${names[which]}: ${performance.now() - began} ms`);
    const { live, arrays, buffers } = np.memory.usage();
    expect([i, live, arrays, buffers]).toEqual([i, before.live, before.arrays, before.buffers]);
  }
  return outcomes;
}

test(`readParquet(bytes) of ${ROUNDS} damaged files gives a table or a typed error, in time, and leaves nothing`, async () => {
  const outcomes = await tryAll(PARQUET, (bytes) => readParquet(bytes));
  expect(outcomes.refused).toBeGreaterThan(ROUNDS / 4);
  expect(outcomes.read).toBeGreaterThan(0);
  expect(outcomes.longer).toBeUndefined();
  expect(np.memory.usage().reserved).toBeLessThan(2 ** 28);
}, 36e5);

test(`readArrow(bytes) of ${ROUNDS} damaged files gives a table or a typed error, in time, and leaves nothing`, async () => {
  const outcomes = await tryAll(ARROW, (bytes) => readArrow(bytes));
  expect(outcomes.refused).toBeGreaterThan(ROUNDS / 20);
  expect(outcomes.read).toBeGreaterThan(0);
  expect(np.memory.usage().reserved).toBeLessThan(2 ** 28);
}, 36e5);
