import { describe, test } from "vitest";
import { pcg64State } from "../../src/creating/seedSequence.js";
import { freshCore } from "../support/coreInstance.js";
import { type Call, expectAnswer, type Program, streams, title, toSeed } from "../support/streams.js";

const CHUNK = 65536;
const CODES = [
  "bool",
  "int8",
  "int16",
  "int32",
  "int64",
  "uint8",
  "uint16",
  "uint32",
  "uint64",
  "float16",
  "float32",
  "float64",
];
const WIDTHS = [1, 1, 2, 4, 8, 1, 2, 4, 8, 2, 4, 8];

/** A generator over the kernels, chunk by chunk, as src/creating/random.ts drives them. */
async function generator(seed: Program["seed"]) {
  const { exports: core, memory } = await freshCore();
  const at = core.randomState() >>> 0;
  const out = core.allocate(8 * CHUNK, 0) >>> 0;
  const words = () => new BigUint64Array(memory.buffer, at, 9);
  words().set([...pcg64State(toSeed(seed)), 0n]);

  return (call: Call): Uint8Array<ArrayBuffer> => {
    const code = CODES.indexOf(call.dtype);
    const width = WIDTHS[code];
    const low = BigInt(call.low ?? 0);
    const range = BigInt(call.high ?? 0) - (call.endpoint ? 0n : 1n) - low;
    words().set([0n, BigInt.asUintN(64, low), BigInt.asUintN(64, range)], 5);
    const bytes = new Uint8Array(call.count * width);
    for (let done = 0; done < call.count; done += CHUNK) {
      const count = Math.min(CHUNK, call.count - done);
      new Uint32Array(memory.buffer, at + 64, 2).set([out, count]);
      core[call.method](code, at);
      bytes.set(new Uint8Array(memory.buffer, out, count * width), done * width);
    }
    return bytes;
  };
}

async function replay(program: Program): Promise<void> {
  const run = await generator(program.seed);
  for (const call of program.calls) expectAnswer(run(call), call, call.dtype, call.method);
}

describe("a distribution's stream is NumPy's", () => {
  for (const program of streams.fills) {
    test(`${title(program.calls[0])} from seed ${program.seed}`, () => replay(program));
  }
});

describe("bounded integers, and the float32 that follow, are NumPy's", () => {
  for (const program of streams.bounded) test(title(program.calls[0]), () => replay(program));
});

describe("calls in a row share the 32-bit draw that one keeps for the next", () => {
  for (const program of streams.mixed)
    test(`${program.calls.length} calls from seed ${program.seed}`, () => replay(program));
});
