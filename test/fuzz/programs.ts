import * as np from "nbytes";
import { overlapsItself } from "../../src/overlap.js";
import { asArrays, bytesOf, execute, plain, type Result, viewOf } from "./execute.js";
import { numpyJudge } from "./judge.js";
import { type Program, program, type Step, type View } from "./steps.js";

// Random programs of views that overlap, lie transposed and backwards, of every dtype and of bools of any byte. Judged by
// themselves everywhere, and by NumPy where Python is.

/** `count` programs from `seed` on. */
export async function run(
  seed: number,
  count: number,
  numpy = true,
): Promise<{ programs: number; failures: string[] }> {
  const judge = numpy ? await numpyJudge() : null,
    failures: string[] = [];
  for (let i = 0; i < count; i++) {
    const own = (seed * 1009 + i) % 2 ** 31,
      made = program(own),
      before = np.memory.usage().live;
    const failure = np.memory.scope(() => judged(made, judge !== null));
    const difference = "line" in failure ? await judge!(failure.line) : failure.text;
    if (difference !== null)
      failures.push(`program ${own} (seed ${seed}): ${difference}\n  ${described(made, difference)}`);
    const left = np.memory.usage().live - before;
    if (left !== 0) failures.push(`program ${own} (seed ${seed}): ${left} B are left`);
  }
  return { programs: count, failures };
}

function described(made: Program, difference: string): string {
  const number = /step (\d+)/.exec(difference);
  return `${JSON.stringify(made.bases.map(({ dtype, length }) => `${dtype} ${length}`))} ${JSON.stringify(number ? made.steps[Number(number[1])] : made.steps)}`;
}

function judged(made: Program, numpy: boolean): { text: string | null } | { line: string } {
  const bases = made.bases.map(bytesOf),
    begun = numpy ? bases.map(encoded) : [],
    results: object[] = [];
  for (const [number, step] of made.steps.entries()) {
    const expected = reference(bases, step),
      given = attempt(() => execute(bases, step));
    const difference = expected === null ? null : compared(given, expected, bases);
    if (difference !== null) return { text: `step ${number} ${step.f}: ${difference}` };
    if (!numpy) continue;
    const written = new Set([
      step.out?.base,
      /^(copyto|set|put|putMask|nanToNum)$/.test(step.f) ? (step.args[0] as { base: number }).base : undefined,
    ]);
    results.push({
      error: given.error,
      arrays: given.error === null && step.out === undefined ? asArrays(given.result).map(encoded) : [],
      bases: bases.map((base, k) => (written.has(k) ? encoded(base) : null)),
    });
  }
  if (!numpy) return { text: null };
  const data = made.bases.map(({ dtype }, k) => ({ dtype, bytes: (begun[k] as { bytes: string }).bytes }));
  return { line: JSON.stringify({ bases: data, steps: made.steps, results }) };
}

interface Outcome {
  readonly result: Result;
  readonly error: string | null;
}

function attempt(make: () => Result): Outcome {
  try {
    return { result: make(), error: null };
  } catch (error) {
    if (!np.isNDArrayError(error)) return { result: null, error: `a foreign error: ${error}` };
    return { result: null, error: (error as Error).message };
  }
}

/** What a step gives for copies, and the buffers after it; null where the order of writing is NumPy's to know. */
function reference(bases: readonly np.NDArray[], step: Step): (Outcome & { bases: np.NDArray[] }) | null {
  const after = bases.map((base) => base.copy() as np.NDArray);
  const target = step.out ?? (/^(copyto|set|putMask|put)$/.test(step.f) ? (step.args[0] as View) : undefined);
  if (target !== undefined && overlapsItself(viewOf(bases, target))) return null;
  const { out, where, ...bare } = step;
  if (out === undefined) return { ...attempt(() => execute(after, step, true)), bases: after };
  const into = viewOf(after, out),
    outcome = attempt(() => {
      const packed = into.copy() as np.NDArray;
      // The plain form, in an `out` of its own that nothing overlaps.
      const own = [...after.map((base) => base.copy() as np.NDArray), packed];
      const strides = packed.strides.map((s) => s / packed.itemsize);
      execute(
        own,
        { ...bare, ...(where && { where }), out: { base: own.length - 1, offset: 0, shape: packed.shape, strides } },
        true,
      );
      return packed;
    });
  if (outcome.error === null) np.copyto(into, outcome.result as np.NDArray, {});
  return { result: null, error: outcome.error, bases: after };
}

function compared(
  given: Outcome,
  expected: Outcome & { bases: np.NDArray[] },
  bases: readonly np.NDArray[],
): string | null {
  if (given.error?.startsWith("a foreign")) return given.error;
  if (given.error !== expected.error) return `'${given.error}' for views, '${expected.error}' for copies`;
  if (given.error !== null) return null;
  for (const [k, base] of bases.entries())
    if (!same(base, expected.bases[k])) return `buffer ${k} is not what copies give`;
  if (expected.result === null) return null;
  const ours = asArrays(given.result),
    theirs = asArrays(expected.result);
  return ours.every((a, k) => same(a, theirs[k])) ? null : "views give another result than copies";
}

function same(a: np.NDArray, b: np.NDArray): boolean {
  if (a.dtype !== b.dtype || String(a.shape) !== String(b.shape)) return false;
  const x = plain(a),
    y = plain(b);
  return x.every((byte, i) => byte === y[i]);
}

function encoded(a: np.NDArray): { dtype: string; shape: readonly number[]; bytes: string } {
  // Bools go as their own bytes: that they are any is part of what is judged.
  const raw = a.contiguous ? a.data : a.copy().data;
  return {
    dtype: a.dtype,
    shape: a.shape,
    bytes: Buffer.from(raw.buffer as ArrayBuffer, raw.byteOffset, raw.byteLength).toString("base64"),
  };
}
