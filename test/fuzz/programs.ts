import * as np from "nbytes";
import { overlapsItself } from "../../src/array/overlap.js";
import { asArrays, bytesOf, execute, plain, type Result, viewOf } from "./execute.js";
import { numpyJudge } from "./judge.js";
import { unsound } from "./misuse.js";
import { type Program, program, type Step, written } from "./steps.js";

// Random programs of views that overlap, lie transposed and backwards, of every dtype and of bools of any byte. Judged by
// themselves everywhere, and by NumPy where Python is.

/** Programs of one batch of `npm run fuzz`. */
export const batch = 200;

/** Of so many programs one is compared with what copies give, where NumPy judges them all. */
const COPIED = 5;

/** What was run: steps, and how many of them both sides refuse. */
export const tally = { steps: 0, errors: 0 };

/** `count` programs from `seed` on. */
export async function run(
  seed: number,
  count: number,
  numpy = true,
): Promise<{ programs: number; failures: string[] }> {
  const judge = numpy ? await numpyJudge() : null,
    failures: string[] = [],
    answers: Promise<void>[] = [];
  for (let i = 0; i < count; i++) {
    const own = (seed * 1009 + i) % 2 ** 31,
      made = program(own),
      before = np.memory.usage().live;
    const tell = (difference: string | null): void => {
      if (difference !== null)
        failures.push(`program ${own} (seed ${seed}): ${difference}\n  ${described(made, difference)}`);
    };
    const told: Told | null = judge && { results: [], bytes: [], length: 0 };
    let difference: string | null = null;
    np.memory.scope(() => {
      difference = judged(made, told, judge === null || own % COPIED === 0);
    });
    const left = np.memory.usage().live - before;
    tell(left === 0 ? difference : `${left} B are left`);
    if (told !== null && difference === null)
      answers.push(judge!({ bases: told.bases, steps: made.steps, results: told.results }, told.bytes).then(tell));
  }
  await Promise.all(answers);
  const wrong = unsound();
  if (wrong !== null) failures.push(`seed ${seed}: after ${count} programs ${wrong}`);
  return { programs: count, failures };
}

function described(made: Program, difference: string): string {
  const number = /step (\d+)/.exec(difference);
  return `${JSON.stringify(made.bases.map(({ dtype, length }) => `${dtype} ${length}`))} ${JSON.stringify(number ? made.steps[Number(number[1])] : made.steps)}`;
}

/** What NumPy is told of a program: the buffers at first, what each step gave, and the bytes of both. */
interface Told {
  bases?: object[];
  results: object[];
  bytes: Uint8Array[];
  length: number;
}

function judged(made: Program, told: Told | null, withCopies: boolean): string | null {
  const bases = made.bases.map(bytesOf);
  if (told !== null) told.bases = bases.map((base) => sent(told, base));
  for (const [number, step] of made.steps.entries()) {
    const expected = withCopies ? reference(bases, step) : null,
      given = attempt(() => execute(bases, step));
    if (given.error?.startsWith("a foreign")) return `step ${number} ${step.f}: ${given.error}`;
    const difference = expected === null ? null : compared(step, given, expected, bases);
    if (difference !== null) return `step ${number} ${step.f}: ${difference}`;
    tally.steps++;
    if (given.error !== null) tally.errors++;
    if (told === null) continue;
    const into = written(step);
    told.results.push({
      error: given.error,
      arrays: given.error === null && step.out === undefined ? asArrays(given.result).map((a) => sent(told, a)) : [],
      base: into === undefined || given.error !== null ? null : [into.base, sent(told, bases[into.base])],
    });
  }
  return null;
}

interface Outcome {
  readonly result: Result;
  readonly error: string | null;
}

function attempt(make: () => Result): Outcome {
  try {
    return { result: make(), error: null };
  } catch (error) {
    if (!np.isNDArrayError(error))
      return { result: null, error: `a foreign error: ${(error as Error)?.stack ?? error}` };
    return { result: null, error: (error as Error).message };
  }
}

/** What a step gives for copies, and the buffers after it; null where the order of writing is NumPy's to know. */
function reference(bases: readonly np.NDArray[], step: Step): (Outcome & { bases: np.NDArray[] }) | null {
  const after = bases.map((base) => base.copy() as np.NDArray),
    target = written(step);
  if (target !== undefined && overlapsItself(viewOf(bases, target))) return null;
  const { out } = step;
  if (out === undefined) return { ...attempt(() => execute(after, step, true)), bases: after };
  const into = viewOf(after, out),
    outcome = attempt(() => {
      const packed = into.copy() as np.NDArray;
      // The step in an `out` of its own that nothing overlaps.
      const own = [...after.map((base) => base.copy() as np.NDArray), packed];
      const strides = packed.strides.map((s) => s / packed.itemsize);
      execute(own, { ...step, out: { base: own.length - 1, offset: 0, shape: packed.shape, strides } }, true);
      return packed;
    });
  if (outcome.error === null) np.copyto(into, outcome.result as np.NDArray, {});
  return { result: null, error: outcome.error, bases: after };
}

// Sums are made in the order of memory: the copy of a view that runs backwards gives other last bits.
const roundsBy = ({ f }: Step): boolean => /^(sum|prod|mean|var|std)$/.test(f);

function compared(
  step: Step,
  given: Outcome,
  expected: Outcome & { bases: np.NDArray[] },
  bases: readonly np.NDArray[],
): string | null {
  if (given.error !== expected.error) return `'${given.error}' for views, '${expected.error}' for copies`;
  if (given.error !== null || roundsBy(step)) return null;
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
  for (let i = 0; i < x.length; i++) if (x[i] !== y[i]) return false;
  return true;
}

/** Keeps an array's bytes for NumPy, and says where they are. Bools go as their own bytes: that they are any is judged. */
function sent(told: Told, a: np.NDArray): object {
  const raw = a.contiguous ? a.data : (a.copy() as np.NDArray).data,
    bytes = new Uint8Array(raw.buffer as ArrayBuffer, raw.byteOffset, raw.byteLength).slice(),
    at = told.length;
  told.bytes.push(bytes);
  told.length += bytes.length;
  return { dtype: a.dtype, shape: a.shape, at, length: bytes.length };
}
