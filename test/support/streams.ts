import { expect } from "vitest";
import text from "../oracle/random.json?raw";

// Reads what scripts/oracle_random.py wrote; that file says how answers are stored.

export type Seed = string | readonly string[];
export type Method = "random" | "standardNormal" | "standardExponential" | "integers";

/** What is stored of the values of a call. */
export interface Answer {
  readonly head: string;
  readonly last: string;
  readonly sum: number;
  readonly tails?: string;
}

/** A call of a generator's method, and NumPy's answer. */
export interface Call extends Answer {
  readonly method: Method;
  readonly dtype: string;
  readonly count: number;
  readonly low?: string;
  readonly high?: string;
  readonly endpoint?: boolean;
}

/** Calls made one after the other on one generator. */
export interface Program {
  readonly seed: Seed;
  readonly calls: readonly Call[];
}

interface Streams {
  readonly seeds: readonly { seed: Seed; words: readonly string[]; state: readonly string[] }[];
  readonly fills: readonly Program[];
  readonly bounded: readonly Program[];
  readonly mixed: readonly Program[];
  readonly scaled: readonly (Answer & { method: "normal" | "uniform"; arguments: [number, number] })[];
}

export const streams = JSON.parse(text) as Streams;

/** The seed as its functions take it. */
export function toSeed(seed: Seed): bigint | bigint[] {
  return typeof seed === "string" ? BigInt(seed) : seed.map(BigInt);
}

/** A call as a test's name tells it. */
export function title(call: Call): string {
  const range = call.low === undefined ? "" : `, ${call.low} to ${call.high}${call.endpoint ? " inclusive" : ""}`;
  return `${call.method}: ${call.count} ${call.dtype}${range}`;
}

const EDGES = { random: 1, standardNormal: 3.6541528853610088, standardExponential: 7.69711747013105, integers: 0 };

/** Expects the bytes of a call's values to be NumPy's; float32 tails may be off by one unit in the last place. */
export function expectAnswer(bytes: Uint8Array<ArrayBuffer>, answer: Answer, dtype: string, method: Method): void {
  const width = answer.last.length / 2;
  let summed = bytes;
  if (answer.tails !== undefined) {
    summed = bytes.slice();
    expectTails(new Float32Array(summed.buffer), answer.tails, EDGES[method]);
  }
  const got = { dtype, head: hex(bytes.subarray(0, 10 * width)), last: hex(bytes.subarray(-width)), sum: sum(summed) };
  expect(got).toEqual({ dtype, head: answer.head, last: answer.last, sum: answer.sum });
}

// Compares the values beyond the edge with NumPy's, and clears them.
function expectTails(values: Float32Array<ArrayBuffer>, tails: string, edge: number): void {
  const bits = new Int32Array(values.buffer);
  const beyond: number[] = [];
  for (let i = 0; i < values.length; i++) {
    if (Math.abs(values[i]) <= Math.fround(edge)) continue;
    beyond.push(bits[i]);
    bits[i] = 0;
  }
  const wanted = new Int32Array(Uint8Array.from(tails.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16)).buffer);
  expect(beyond.length).toBe(wanted.length);
  for (const [i, tail] of beyond.entries()) expect(Math.abs(tail - wanted[i])).toBeLessThanOrEqual(1);
}

function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

function sum(bytes: Uint8Array): number {
  let total = 0;
  for (let i = 0; i < bytes.length; i++) total = (total + bytes[i] * (2 * i + 1)) >>> 0;
  return total;
}
