import * as np from "nbytes";
import files from "../oracle/files.json" with { type: "json" };
import { array, Draw, DTYPES, shapeOf, told } from "./edgeValues.js";
import { numpyJudge } from "./judge.js";
import { file as npyFile } from "./npy.js";
import { type Bytes, spoiled, zipped } from "./zipping.js";

// Archives of arrays, whole and spoiled. Of a whole one every array is read; of a spoiled one each is read as it was, or
// refused in the library's own words. Nothing hangs, nothing is left, and no more is taken than the bytes can hold.

const NAMES = ["x", "arr_0", "ü", "a b", "sub/x", "x.y", "constructor", "__proto__", "длинное имя", "y"];

/** What is read of an archive: its arrays as they are told, and why others are refused. */
interface Outcome {
  readonly arrays: Readonly<Record<string, unknown>>;
  readonly errors: Readonly<Record<string, string>>;
  /** Why the archive is none. */
  readonly refused?: string;
  /** An error that is not the library's. */
  readonly native?: string;
}

/** An archive, with what each member must give if it is read at all; `whole`: each must be. */
interface Case {
  readonly bytes: Bytes;
  readonly expected: Readonly<Record<string, unknown>>;
  readonly whole: boolean;
}

const bytesOf = (base64: string): Bytes => new Uint8Array(Buffer.from(base64, "base64"));

/** The archives that NumPy wrote, with what they hold. */
const ofNumpy = files.npz.map(({ file, arrays }) => ({
  bytes: bytesOf(file),
  expected: Object.fromEntries(Object.entries(arrays).map(([name, plain]) => [name, plainly(bytesOf(plain))])),
}));

// What a file of one array gives, or null.
function plainly(bytes: Bytes): unknown {
  return np.memory.scope(() => {
    try {
      return told(np.load(bytes));
    } catch {
      return null;
    }
  });
}

function sample(d: Draw): np.NDArray {
  if (d.once(12)) return np.zeros(d.below(5000), { dtype: d.of(DTYPES) });
  if (d.once(8)) return np.arange(d.below(3000)).at("::3").astype("int32").copy();
  return array(d, d.of(DTYPES), shapeOf(d));
}

function honest(d: Draw): Omit<Case, "whole"> {
  if (d.once(6)) return d.of(ofNumpy);
  const names = NAMES.slice(d.below(NAMES.length - 1)).slice(0, 1 + d.below(4)),
    arrays = Object.fromEntries(names.map((name) => [name, sample(d)]));
  const expected = Object.fromEntries(Object.entries(arrays).map(([name, a]) => [name, told(a)]));
  const kind = d.below(3);
  if (kind === 0) return { bytes: np.savez(arrays), expected };
  if (kind === 1) return { bytes: np.savezCompressed(arrays), expected };
  return {
    bytes: zipped(
      d,
      Object.entries(arrays).map(([name, a]) => [`${name}.npy`, np.save(a)]),
    ),
    expected,
  };
}

// Members that are no honest .npy files, in an archive that is honest: they give what they give by themselves.
function honestOfLies(d: Draw): Omit<Case, "whole"> {
  const names = NAMES.slice(0, 1 + d.below(3)),
    members = names.map((name): [string, Bytes] => [`${name}.npy`, npyFile(d)]);
  return {
    bytes: zipped(d, members),
    expected: Object.fromEntries(members.map(([name, bytes]) => [name.slice(0, -4), plainly(bytes)])),
  };
}

function caseOf(d: Draw): Case {
  if (d.once(5)) return { ...honestOfLies(d), whole: true };
  const { bytes, expected } = honest(d);
  return d.once(6) ? { bytes, expected, whole: true } : { bytes: spoiled(d, bytes), expected, whole: false };
}

function outcomeOf(act: () => unknown): Outcome {
  const arrays: Record<string, unknown> = {},
    errors: Record<string, string> = {};
  const refusal = (error: unknown): Outcome =>
    np.isNDArrayError(error)
      ? { arrays, errors, refused: String(error) }
      : { arrays, errors, native: nativeText(error) };
  let found: Readonly<Record<string, np.NDArray>>;
  try {
    found = act() as typeof found; // an archive: it began as one
  } catch (error) {
    return refusal(error);
  }
  for (const name of Object.keys(found)) {
    try {
      using a = found[name];
      Object.defineProperty(arrays, name, { value: told(a), enumerable: true });
    } catch (error) {
      if (!np.isNDArrayError(error)) return { arrays, errors, native: nativeText(error) };
      Object.defineProperty(errors, name, { value: String(error), enumerable: true });
    }
  }
  return { arrays, errors };
}

const nativeText = (error: unknown): string => String((error as Error | null)?.stack ?? error);

/** What is wrong with what came of a file; null if nothing is. */
function wrong({ expected, whole }: Case, { arrays, errors, refused, native }: Outcome): string | null {
  if (native !== undefined) return native;
  for (const [name, value] of Object.entries(arrays))
    if (!Object.hasOwn(expected, name)) return `there is an array ${JSON.stringify(name)}, which was not written`;
    else if (JSON.stringify(value) !== JSON.stringify(expected[name])) return `${name} is another array`;
  if (!whole) return null;
  if (refused !== undefined) return `an honest archive is refused: ${refused}`;
  const lost = Object.keys(expected).filter((name) => expected[name] !== null && !Object.hasOwn(arrays, name));
  return lost.length === 0 ? null : `${lost[0]} is not read: ${errors[lost[0]]}`;
}

/** Deflate makes a byte of at most 1032. */
const MOST = 1032,
  /** Milliseconds of the processor's. */
  SLOW = 5000;

const spent = (): number => process.cpuUsage().user / 1000;

// The same bytes as a stream of pieces of any size.
function stream(d: Draw, bytes: Bytes): ReadableStream<Bytes> {
  return new ReadableStream({
    start(controller) {
      for (let at = 0; at < bytes.length; ) {
        const n = 1 + d.below(d.of([3, 100, 70_000]));
        controller.enqueue(bytes.slice(at, at + n));
        at += n;
      }
      controller.close();
    },
  });
}

async function late(d: Draw, bytes: Bytes): Promise<Outcome> {
  const source = d.once(2) ? new Blob([bytes]) : stream(d, bytes);
  try {
    const loaded: unknown = await np.load(source);
    return outcomeOf(() => loaded);
  } catch (error) {
    return outcomeOf(() => {
      throw error;
    });
  }
}

/** What came of a file, and what is wrong with it. */
async function tried(d: Draw, one: Case): Promise<{ outcome: Outcome; fault: string | null }> {
  const { bytes } = one,
    before = np.memory.usage(),
    began = spent();
  const outcome = outcomeOf(() => np.load(bytes)),
    after = np.memory.usage();
  let fault = wrong(one, outcome);
  if (after.live !== before.live) fault ??= `${after.live - before.live} bytes are left`;
  if (after.allocated - before.allocated > bytes.length * MOST)
    fault ??= `${after.allocated - before.allocated} bytes are taken`;
  if (spent() - began > SLOW) fault ??= `it took ${spent() - began} ms`;
  if (fault === null && d.once(8)) {
    const again = await late(d, bytes);
    if (JSON.stringify(again) !== JSON.stringify(outcome))
      fault = `as a stream it gives ${JSON.stringify(again).slice(0, 300)}, at once ${JSON.stringify(outcome).slice(0, 300)}`;
    if (np.memory.usage().live !== before.live) fault ??= "bytes are left of a stream";
  }
  return { outcome, fault };
}

/** `count` files from `seed` on. */
export async function run(seed: number, count: number): Promise<{ programs: number; failures: string[] }> {
  const judge = await numpyJudge("fuzz_npy.py"),
    failures: string[] = [],
    waiting: Promise<void>[] = [];
  for (let i = 0; i < count; i++) {
    const d = new Draw((seed * 1_000_003 + i) % 2 ** 31),
      one = np.memory.scope(() => caseOf(d)),
      { outcome, fault } = await tried(d, one),
      said = `seed ${seed}, archive ${i} (${one.bytes.length} bytes, ${one.whole ? "whole" : "spoiled"})`;
    if (fault !== null) failures.push(`${said}: ${fault}`);
    if (fault !== null || judge === null || one.bytes.length > 30_000) continue;
    const line = { archive: Buffer.from(one.bytes).toString("base64"), arrays: outcome.arrays, whole: one.whole };
    waiting.push(
      judge(line, []).then((difference) => {
        if (difference !== null) failures.push(`${said}: ${difference}`);
      }),
    );
  }
  await Promise.all(waiting);
  return { programs: count, failures };
}
