import { createHash } from "node:crypto";
import type { Described } from "./python.js";

// Whether two results are the same, of which only a description travels between processes.

/** Describes a typed array or a number as bench/beside_numpy.py does. */
export function describe(value: unknown): Described {
  const values = ArrayBuffer.isView(value) ? (value as unknown as Float64Array) : Float64Array.of(Number(value));
  const step = Math.max(1, Math.floor(values.length / 1000));
  const sample: (number | null)[] = [];
  for (let i = 0; i < values.length && sample.length < 1000; i += step) {
    sample.push(Number.isFinite(values[i]) ? values[i] : null);
  }
  const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  return { size: values.length, nbytes: bytes.length, hash: createHash("sha1").update(bytes).digest("hex"), sample };
}

/**
 * How two results differ, or null if they do not. All bits must agree, unless the operation rounds or the dtypes have
 * different widths (NumPy's indices and counts have 8 bytes, ours 4): then the elements of the sample must.
 */
export function unlike(ours: Described, theirs: Described, rounds: boolean): string | null {
  if (ours.size !== theirs.size) return `${ours.size} elements vs ${theirs.size}`;
  if (ours.hash === theirs.hash) return null;
  const at = ours.sample.findIndex((value, i) => !agree(value, theirs.sample[i], rounds));
  if (at >= 0) return `${ours.sample[at]} vs ${theirs.sample[at]}`;
  return rounds || ours.nbytes !== theirs.nbytes || ours.size === 1 ? null : "bits differ outside the sample";
}

function agree(a: number | null, b: number | null, rounds: boolean): boolean {
  if (a === null || b === null || !rounds) return a === b;
  return Math.abs(a - b) <= 1e-12 * Math.max(Math.abs(a), Math.abs(b));
}
