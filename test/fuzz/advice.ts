import { siteOfView } from "../../src/heap/viewing.js";
import * as np from "../../src/index.js";
import { siteAt } from "../../src/memory/places/sites.js";
import { type Program, written } from "./adviceWriter.js";

// Each random program runs in a trace; then every advice of that trace is carried out in the text, alone and all
// together, and the program runs again: whatever it read and all arrays that were alive at its end must be the same, bit
// for bit, and the bytes saved must be those claimed.

const { memory } = np;

type Advice = np.memory.Advice;

/** What a program leaves: what it read, its arrays that are alive, and what its trace tells. */
interface Outcome {
  readonly log: readonly string[];
  readonly alive: ReadonlyMap<string, string>;
  readonly allocated: number;
  readonly retained: number;
  readonly advice: readonly Advice[];
  /** The line of each allocation, from 1. */
  readonly born: readonly number[];
}

// Without the lines that fail: use after dispose, shapes that do not fit.
function programOf(seed: number): Program {
  const program = written(seed),
    lines = [...program.lines],
    wrong = new Set<number>();
  do {
    wrong.clear();
    ran({ ...program, lines }, (line) => wrong.add(line));
    for (const line of wrong) lines[line] = "";
  } while (wrong.size > 0);
  return { ...program, lines };
}

/** An array's dtype, shape and bits as text. */
function read(a: unknown): string {
  if (!(a instanceof np.NDArray)) return String(a);
  const { buffer } = np.toTypedArray(a as np.NDArray);
  return `${a.dtype} [${a.shape}] ${[...new Uint8Array(buffer as ArrayBuffer)]}`;
}

function fails(line: number, error: Error): void {
  throw new Error(`line ${line} fails the second time`, { cause: error });
}

// Each text has a name of its own: the lines of two of one name would be taken for the same.
let programs = 0;

/** Lines of the text above a program's first one: the function's head and three of its own. */
const ABOVE = 6;

// What a program may use beside its variables. Its function ends with the returned arrays, and nothing else holds any.
function functionOf({ lines, variables, returned }: Program, around: readonly [string, string]): () => unknown {
  const names = Array.from({ length: variables }, (_, i) => `v${i}`);
  // The first line is the caller's: those of the program begin with 2.
  const text = `let ${names.length === 0 ? "none" : names};
const closers = [], lazies = [], weak = [];
${around[0]}
${lines.join("\n")}
for (const close of closers) close();
return { ${returned} };
${around[1]}
//# sourceURL=advice${++programs}.js`;
  return new Function("np", "log", "read", "failed", "cache", "pool", text) as () => unknown;
}

interface Change {
  readonly program: Program;
  /** Whether all that it leaves is given back at its end. */
  readonly given: boolean;
  /** The lines of the views that are copied where they are returned. */
  readonly copied: readonly number[];
}

function ran(
  program: Program,
  failed: (line: number, error: Error) => void,
  change?: Omit<Change, "program">,
): Outcome {
  const log: string[] = [],
    outer = program.scoped ? memory.open() : null,
    cache = memory.lruCache({ maxEntries: 2 }),
    pool = memory.pool({ shape: [6], dtype: "float64", initial: 2 });
  const fn = functionOf(program, change?.given ? ["return np.memory.scope(() => {", "});"] : ["", ""]) as (
    ...args: unknown[]
  ) => Record<string, np.NDArray | undefined>;
  const returned = (): Record<string, np.NDArray | undefined> => {
    const result = fn(np, log, read, failed, cache, pool);
    copyViews(result, change?.copied ?? []);
    return result;
  };
  try {
    const t = memory.trace(returned),
      alive = new Map<string, string>(),
      advice = t.advice();
    for (const [name, a] of Object.entries(t.result))
      if (a instanceof np.NDArray && !a.disposed) alive.set(name, read(a));
    const born = t.events
      .filter(({ kind }) => kind === "alloc" || kind === "scratch")
      .map(({ site }) => site?.line ?? 0);
    if (outer === null) for (const a of Object.values(t.result)) if (a instanceof np.NDArray) a.dispose();
    return { log, alive, allocated: t.allocated, retained: t.retained, advice, born };
  } finally {
    outer?.close();
    cache.dispose();
    pool.dispose();
  }
}

// A view may be returned under several names.
function copyViews(result: Record<string, np.NDArray | undefined>, lines: readonly number[]): void {
  const copies = new Map<np.NDArray, np.NDArray>();
  for (const [name, a] of Object.entries(result)) {
    if (!(a instanceof np.NDArray) || !lines.includes(siteAt(siteOfView(a))?.line ?? 0)) continue;
    const copy = copies.get(a as np.NDArray) ?? np.copy(a as np.NDArray);
    copies.set(a as np.NDArray, copy);
    result[name] = copy;
  }
  for (const view of copies.keys()) view.dispose();
}

const VARIABLE = /^try { (v\d+) = /;

/** A program with an advice carried out; a text says why that is impossible. */
function carriedOut(program: Program, advice: readonly Advice[], born: readonly number[]): Change | string {
  const lines = [...program.lines],
    copied: number[] = [];
  let given = false;
  for (const one of advice) {
    if (one.kind === "scope") {
      given = true;
      continue;
    }
    if (one.site === undefined) return "no line";
    const at = one.site.line - ABOVE,
      assigned = VARIABLE.exec(lines[at] ?? "")?.[1];
    if (assigned === undefined) return `line ${one.site.line} gives no variable: ${lines[at]}`;
    const error =
      one.kind === "copy"
        ? void copied.push(one.site.line)
        : one.kind === "original"
          ? useOriginal(lines, at, assigned, one)
          : passOut(lines, at, one, born);
    if (error !== undefined) return error;
  }
  return { program: { ...program, lines }, given, copied };
}

function useOriginal(lines: string[], at: number, assigned: string, { disposals = [] }: Advice): string | undefined {
  const call = lines[at].slice(lines[at].indexOf(" = ") + 3, lines[at].indexOf("; } catch")),
    original = (/^np\.(?:memory\.)?\w+\(([\w.]+(?:\.at\("[^"]*"\))?)(?:, .*)?\)$/.exec(call) ??
      /^(.*)\.(?:copy|astype)\([^()]*\)$/.exec(call))?.[1];
  if (original === undefined) return `no original in ${lines[at]}`;
  lines[at] = `try { ${assigned} = ${original}; } catch (e) { failed(${at}, e); }`;
  for (const { line } of disposals) {
    if (!lines[line - ABOVE].includes(".dispose()")) return `line ${line} disposes nothing: ${lines[line - ABOVE]}`;
    lines[line - ABOVE] = "";
  }
  return undefined;
}

function passOut(lines: string[], at: number, { spared, op }: Advice, born: readonly number[]): string | undefined {
  const donors = new Set(spared.map(({ by }) => VARIABLE.exec(lines[born[by - 1] - ABOVE] ?? "")?.[1])),
    [donor] = donors;
  if (donors.size !== 1 || donor === undefined) return `no one donor for ${lines[at]}`;
  const call = op === "evaluate" ? ".evaluate(" : "(",
    end = lines[at].indexOf("; } catch") - 1;
  if (!lines[at].includes(call)) return `no call in ${lines[at]}`;
  const before = lines[at].slice(0, end),
    given = before.endsWith(" }")
      ? `${before.slice(0, -2)}, out: ${donor} }`
      : `${before}${before.endsWith("(") ? "" : ", "}{ out: ${donor} }`;
  lines[at] = given + lines[at].slice(end);
  return undefined;
}

function differences(was: Outcome, is: Outcome, advice: readonly Advice[]): string[] {
  const found: string[] = [];
  if (was.log.join("\n") !== is.log.join("\n"))
    found.push(`it read\n${was.log.join("\n")}\nand then\n${is.log.join("\n")}`);
  for (const [name, value] of was.alive)
    if (is.alive.get(name) !== value) found.push(`${name} was ${value} and is ${is.alive.get(name) ?? "gone"}`);
  const sparing = advice.filter(({ kind }) => kind === "out" || kind === "original"),
    giving = advice.filter((one) => !sparing.includes(one)),
    sum = (some: readonly Advice[]): number => some.reduce((bytes, { saves }) => bytes + saves, 0);
  if (giving.length === 0 && was.allocated - is.allocated !== sum(sparing))
    found.push(`${sum(sparing)} B claimed, ${was.allocated - is.allocated} saved`);
  if (sparing.length === 0 && was.retained - is.retained !== sum(giving))
    found.push(`${sum(giving)} B claimed, ${was.retained - is.retained} given back`);
  return found;
}

/** How many advices were carried out, by their kind and operation, for a test that this generator gives each. */
export const carried = new Map<string, number>();

function count({ kind, op, disposals, spared }: Advice): void {
  const families = [
    kind,
    kind === "original" || op === "evaluate" ? `${kind} ${op}` : "",
    disposals === undefined ? "" : `${kind} without dispose`,
    spared.length > 1 ? `${kind}, several times` : "",
  ];
  for (const family of families) if (family !== "") carried.set(family, (carried.get(family) ?? 0) + 1);
}

/** Runs `count` programs from `seed`, and carries out what their traces advise. */
export async function run(seed: number, many: number): Promise<{ programs: number; failures: string[] }> {
  const failures: string[] = [];
  for (let i = 0; i < many; i++) {
    const one = seed + i,
      program = programOf(one),
      was = ran(program, fails);
    const trials = was.advice.length > 1 ? [...was.advice.map((a) => [a]), was.advice] : was.advice.map((a) => [a]);
    for (const advice of trials) {
      if (advice.length === 1) count(advice[0]);
      const found = tried(program, advice, was);
      if (found.length === 0) continue;
      const told = advice.map(({ site, text }) => `  line ${(site?.line ?? 0) - ABOVE}: ${text}`);
      failures.push(
        `advice, seed ${one}:\n${program.lines.flatMap((line, k) => (line === "" ? [] : [`${k}: ${line}`])).join("\n")}\n${told.join("\n")}\n${found.join("\n")}`,
      );
    }
  }
  return { programs: many, failures };
}

function tried(program: Program, advice: readonly Advice[], was: Outcome): string[] {
  const change = carriedOut(program, advice, was.born);
  if (typeof change === "string") return [change];
  const errors: string[] = [],
    is = ran(change.program, (line, error) => errors.push(`line ${line}: ${error}`), change);
  return [...differences(was, is, advice), ...errors];
}
