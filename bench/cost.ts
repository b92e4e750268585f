import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { build, type Plugin } from "esbuild";
import { summary } from "./clock.js";
import { formatRatio, formatTime } from "./format.js";
import type { Table } from "./tables.js";

// What the ledger costs: an addition into `out`, and one into a new array that is disposed, at each level of tracing;
// and when nothing is traced, beside a build of the library in which the question for a listener is cut out.

type Library = typeof import("nbytes");

/** Seconds of one call, medians over all rounds. */
export interface CostRow {
  /** `cut out`, `off`, or the level of a trace. */
  readonly level: string;
  /** `add(x, y, { out })`: one event. */
  readonly out: number;
  /** `add(x, y)` whose result is given up as `using` does it: an allocation with its line, and three events. */
  readonly pair: number;
  /** The medians of what each round gives when its time is divided by that of `off` in the same round. */
  readonly outRatio: number;
  readonly pairRatio: number;
}

/** What tracing costs. */
export interface Cost {
  readonly rows: readonly CostRow[];
  readonly processes: number;
  /** Seconds of what any search for a line begins with: V8 captures one frame of a loop, and tells its position. */
  readonly capture: number;
}

const LEVELS = ["counters", "events", "lines", "stacks"] as const;

/** Every question whether somebody listens, answered with no while the library is built. */
const seam: readonly [question: RegExp, answer: string][] = [
  [/\blistener !== null/g, "false"],
  [/\blistener === null/g, "true"],
  [/\blistener\?\.\w+(?:\?\.\(\w+\))?/g, "undefined"],
];

function withoutListener(counted: { cuts: number }): Plugin {
  return {
    name: "without-ledger",
    setup({ onLoad }) {
      onLoad({ filter: /[\\/]src[\\/].*\.ts$/ }, async ({ path }) => {
        let contents = await readFile(path, "utf8");
        for (const [question, answer] of seam) {
          counted.cuts += contents.match(question)?.length ?? 0;
          contents = contents.replace(question, answer);
        }
        return { contents, loader: "ts" };
      });
    },
  };
}

/** Both builds of the library in a folder, made in the same way. */
async function libraries(folder: string): Promise<{ readonly whole: Library; readonly cut: Library }> {
  const counted = { cuts: 0 },
    loaded: Library[] = [];
  for (const [name, plugins] of [
    ["whole", []],
    ["cut", [withoutListener(counted)]],
  ] as const) {
    const outfile = join(folder, `${name}.mjs`);
    await build({
      entryPoints: [fileURLToPath(new URL("../../src/index.ts", import.meta.url))],
      outfile,
      plugins: [...plugins],
      bundle: true,
      format: "esm",
      platform: "neutral",
      target: "es2022",
      logLevel: "error",
    });
    loaded.push((await import(pathToFileURL(outfile).href)) as Library);
  }
  if (counted.cuts < 10) throw new Error(`only ${counted.cuts} places ask for the listener: has the seam moved?`);
  return { whole: loaded[0], cut: loaded[1] };
}

interface Subject {
  readonly level: string;
  readonly out: (calls: number) => void;
  readonly pair: (calls: number) => void;
}

// Each subject has a file of loops of its own, so that one library's arrays never pass through code warmed by another's.
async function subjectOf(folder: string, np: Library, level: string, n: number): Promise<Subject> {
  const file = join(folder, `${level.replace(" ", "-")}.loops.mjs`);
  writeFileSync(file, LOOPS);
  const { loops } = (await import(pathToFileURL(file).href)) as {
    loops: (np: Library, ...arrays: unknown[]) => Omit<Subject, "level">;
  };
  const { out, pair } = loops(np, np.ones(n), np.ones(n), np.empty(n)),
    traced = LEVELS.find((name) => name === level);
  if (traced === undefined) return { level, out, pair };
  const within = (loop: (calls: number) => void) => (calls: number) => {
    // The deaths that a trace keeps for its reports cost more than those it only counts: 16,384 of them come first.
    np.memory.trace(() => loop(calls), { level: traced, maxEvents: 4096 });
  };
  return { level, out: within(out), pair: within(pair) };
}

const LOOPS = `
export function loops({ add }, x, y, out) {
  return {
    out(calls) {
      for (let i = 0; i < calls; i++) add(x, y, { out });
    },
    pair(calls) {
      for (let i = 0; i < calls; i++) add(x, y)[Symbol.dispose]();
    },
  };
}

let position;
function capture() {
  const holder = {};
  Error.captureStackTrace(holder, capture);
  position = holder.stack[0].getPosition();
}
export function captures(calls) {
  const { stackTraceLimit, prepareStackTrace } = Error;
  Error.stackTraceLimit = 1;
  Error.prepareStackTrace = (_, frames) => frames;
  for (let i = 0; i < calls; i++) capture();
  Error.stackTraceLimit = stackTraceLimit;
  Error.prepareStackTrace = prepareStackTrace;
}
`;

/**
 * Measures in several processes, one after the other, and takes the medians: by the places that its code happens to get,
 * one process runs the same build 5 % faster or slower than the next.
 */
export async function costOfTracing(processes: number, told: (what: string) => void): Promise<Cost> {
  const program = fileURLToPath(import.meta.url),
    all: Cost[] = [];
  for (let k = 0; k < processes; k++) {
    told(`process ${k + 1} of ${processes}`);
    const { stdout } = await promisify(execFile)(process.execPath, [program, "cost"]);
    all.push(JSON.parse(stdout) as Cost);
  }
  const middle = (of: (cost: Cost) => number): number => summary(all.map(of)).median;
  const rows = all[0].rows.map(({ level }, k) => ({
    level,
    out: middle(({ rows }) => rows[k].out),
    pair: middle(({ rows }) => rows[k].pair),
    outRatio: middle(({ rows }) => rows[k].outRatio),
    pairRatio: middle(({ rows }) => rows[k].pairRatio),
  }));
  return { rows, capture: middle(({ capture }) => capture), processes };
}

/** Measures all levels here, in turns: in every round each of them once, forwards and then backwards. */
export async function costHere({ n = 1000, rounds = 20, calls = 2000 } = {}): Promise<Cost> {
  const folder = mkdtempSync(join(tmpdir(), "nbytes-cost-"));
  try {
    const { whole, cut } = await libraries(folder);
    const subjects = [await subjectOf(folder, cut, "cut out", n), await subjectOf(folder, whole, "off", n)];
    for (const level of LEVELS) subjects.push(await subjectOf(folder, whole, level, n));
    const { captures } = (await import(pathToFileURL(join(folder, "off.loops.mjs")).href)) as {
      captures: (calls: number) => void;
    };
    subjects.push({ level: "capture", out: captures, pair: captures });
    const rows = measured(subjects, rounds, calls);
    return { capture: rows.pop()!.pair, rows, processes: 1 };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function measured(subjects: readonly Subject[], rounds: number, calls: number): CostRow[] {
  const times = subjects.map(() => ({ out: [] as number[], pair: [] as number[] }));
  for (let round = -4; round < rounds; round++) {
    const order = subjects.map((_, k) => (round % 2 === 0 ? k : subjects.length - 1 - k));
    for (const what of ["out", "pair"] as const) {
      for (const k of order) {
        // A search for a line costs as much as dozens of additions.
        const turns = k > 3 && what === "pair" ? Math.ceil(calls / 4) : calls,
          began = performance.now();
        subjects[k][what](turns);
        if (round >= 0) times[k][what].push((performance.now() - began) / 1000 / turns);
      }
    }
  }
  return subjects.map(({ level }, k) => ({
    level,
    out: summary(times[k].out).median,
    pair: summary(times[k].pair).median,
    outRatio: ratio(times[k].out, times[1].out),
    pairRatio: ratio(times[k].pair, times[1].pair),
  }));
}

function ratio(times: readonly number[], base: readonly number[]): number {
  return summary(times.map((time, round) => time / base[round])).median;
}

/** The figures as a table. */
export function costTable(rows: readonly CostRow[]): Table {
  const title = (text: string): { title: string } => ({ title: text });
  return {
    columns: ["level", "add into out", "÷ off", "using t = add", "÷ off"].map(title),
    rows: rows.map(({ level, out, outRatio, pair, pairRatio }) => [
      level === "cut out" ? "ledger cut out" : level,
      formatTime(out),
      level === "off" ? "" : ratioText(outRatio),
      formatTime(pair),
      level === "off" ? "" : ratioText(pairRatio),
    ]),
  };
}

// Near one, the third decimal matters.
function ratioText(ratio: number): string {
  return Math.abs(ratio - 1) < 0.1 ? ratio.toFixed(3) : formatRatio(ratio);
}

/** What the table says in sentences. */
export function costText({ rows, capture }: Cost): string {
  const [cut, off, , events, lines, stacks] = rows;
  return (
    `Nothing traced: ${((1 / cut.outRatio - 1) * 100).toFixed(1)} % beside a build without the ledger. Events: ` +
    `${formatTime(events.out - off.out)} for the one of a call with out, ${formatTime((events.pair - off.pair) / 3)} for each of the three of an ` +
    `array that comes and goes. Such an array with its line: ${formatTime(lines.pair - off.pair)}; with its callers: ${formatTime(stacks.pair - off.pair)}; ` +
    `a bare capture of one frame by V8 takes ${formatTime(capture)}.`
  );
}
