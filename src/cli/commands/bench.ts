import { availableParallelism } from "node:os";
import { xml } from "../../base/plain.js";
import * as np from "../../index.js";
import { type Action, count, flag, word } from "../frame/command.js";
import { CliError, FINE, type Io, print, printJson } from "../frame/io.js";
import { Progress } from "../frame/progress.js";
import { table } from "../frame/table.js";

/** One way to do something, measured. */
export interface Measured {
  readonly suite: string;
  readonly what: string;
  readonly way: string;
  readonly ms: number;
  /** Bytes that one run asks for, and the most at once. */
  readonly allocated: number;
  readonly peak: number;
  /** Its time, against the first way's. */
  readonly ratio: number;
}

interface Way {
  readonly way: string;
  /** Does it once; what it makes is freed by the caller. */
  readonly run: () => np.NDArray | number;
}

interface Job {
  readonly what: string;
  readonly ways: readonly Way[];
  /** Whether all ways give the same values: dtypes do not. */
  readonly alike: boolean;
}

const suites = { inplace, dtypes } as const;
type Suite = keyof typeof suites;
const names = Object.keys(suites) as Suite[]; // the keys of a literal

export const bench: Action = (given, io) => {
  const [suite] = given.operands,
    chosen = names.filter((name) => suite === undefined || suite === name),
    format = flag(given, "json") ? "json" : word(given, "format", ["table", "json", "md", "html"] as const, "table"),
    n = count(given, "size", 1_000_000);
  if (chosen.length === 0) throw new CliError(`there is no suite '${suite}': ${names.join(", ")}`, 2);
  if (n < 1) throw new CliError("--size is at least 1", 2);
  const rows = chosen.flatMap((name) => measureAll(name, n, io)),
    title = `${n.toLocaleString("en-US")} elements, Node ${process.versions.node}, ${availableParallelism()} processors`;
  if (format === "json") printJson(io, { elements: n, node: process.versions.node, results: rows });
  else print(io, ...{ table: asTable, md: asMarkdown, html: asHtml }[format](title, rows));
  return FINE;
};

// In place against copying: the same values, with fewer bytes.
function inplace(n: number): Job[] {
  const x = np.random.defaultRng(1).random(n),
    y = np.random.defaultRng(2).random(n),
    out = np.empty(n),
    gaps = np.where(np.less(x, 0.1), Number.NaN, x);
  const filled = np.copy(gaps);
  return [
    {
      what: "x + 1",
      alike: true,
      ways: [
        { way: "a new array", run: () => np.add(x, 1) },
        { way: "out", run: () => np.add(x, 1, { out }) },
      ],
    },
    {
      what: "sqrt(x * x + y * y)",
      alike: true,
      ways: [
        { way: "new arrays", run: () => np.memory.scope(() => np.sqrt(np.add(np.multiply(x, x), np.multiply(y, y)))) },
        {
          way: "lazy",
          run: () => {
            const a = np.lazy(x),
              b = np.lazy(y);
            return np.sqrt(a.multiply(a).add(b.multiply(b))).evaluate({ out });
          },
        },
      ],
    },
    {
      what: "NaN to 0",
      alike: true,
      ways: [
        { way: "copy and mask", run: () => np.memory.scope(() => np.where(np.isnan(gaps), 0, gaps)) },
        { way: "in place", run: () => np.copyto(filled, 0, { where: np.isnan(filled) }) ?? filled },
      ],
    },
  ];
}

// The same work in smaller dtypes: fewer bytes to read.
function dtypes(n: number): Job[] {
  const all = (["float64", "float32", "int16", "int8"] as const).map((dtype) => {
    const x = np.ones(n, { dtype });
    return { dtype, x, out: np.emptyLike(x) };
  });
  return [
    {
      what: "x + x",
      alike: false,
      ways: all.map(({ dtype, x, out }) => ({ way: dtype, run: () => np.add(x, x, { out }) })),
    },
    { what: "sum(x)", alike: false, ways: all.map(({ dtype, x }) => ({ way: dtype, run: () => Number(np.sum(x)) })) },
  ];
}

function measureAll(suite: Suite, n: number, io: Io): Measured[] {
  return np.memory.scope(() => {
    const jobs = suites[suite](n),
      progress = new Progress(
        io,
        `bench ${suite}`,
        jobs.reduce((sum, { ways }) => sum + ways.length, 0),
        "measurements",
      );
    let done = 0;
    try {
      return jobs.flatMap(({ what, ways, alike }) => {
        if (alike) compare(what, ways);
        const times = timesOf(ways, () => void progress.at(++done));
        return ways.map(({ way, run }, k) => {
          const { allocated, peak } = np.memory.trace(() => void np.memory.scope(() => void run()), {
            level: "counters",
          });
          return { suite, what, way, ms: times[k], allocated, peak, ratio: times[k] / times[0] };
        });
      });
    } finally {
      progress.end();
    }
  });
}

function compare(what: string, [first, ...others]: readonly Way[]): void {
  np.memory.scope(() => {
    const expected = np.copy(first.run());
    for (const { way, run } of others)
      if (!np.allclose(run(), expected)) throw new CliError(`${what}: ${way} gives other values`);
  });
}

const ROUNDS = 40,
  ROUND_MS = 5;

// The least of many short rounds; the ways take turns, so that what else the machine does meets all of them.
function timesOf(ways: readonly Way[], told: () => void): number[] {
  const once = (run: Way["run"]): void => void np.memory.scope(() => void run());
  const loops = ways.map(({ run }) => {
    once(run);
    const began = performance.now();
    once(run);
    return Math.max(1, Math.min(10_000, Math.round(ROUND_MS / Math.max(0.001, performance.now() - began))));
  });
  const least = ways.map(() => Number.POSITIVE_INFINITY);
  for (let round = 0; round < ROUNDS; round++)
    ways.forEach(({ run }, k) => {
      const began = performance.now();
      for (let i = 0; i < loops[k]; i++) once(run);
      least[k] = Math.min(least[k], (performance.now() - began) / loops[k]);
      if (round === ROUNDS - 1) told();
    });
  return least;
}

const head = ["", "time", "allocated", "peak", "ratio"] as const;

const time = (ms: number): string => (ms < 1 ? `${(ms * 1000).toPrecision(3)} µs` : `${ms.toPrecision(3)} ms`);

function cells({ way, ms, allocated, peak, ratio }: Measured): string[] {
  return [way, time(ms), np.formatBytes(allocated), np.formatBytes(peak), ratio === 1 ? "" : ratio.toFixed(2)];
}

const groupsOf = (rows: readonly Measured[]): [what: string, rows: Measured[]][] =>
  [...new Set(rows.map(({ what }) => what))].map((what) => [what, rows.filter((row) => row.what === what)]);

function asTable(title: string, rows: readonly Measured[]): string[] {
  const lines = groupsOf(rows).flatMap(([what, group]) => [
    [what],
    ...group.map((row) => cells(row).map((cell, i) => (i === 0 ? `  ${cell}` : cell))),
  ]);
  return [title, ...table([[...head], ...lines], "<>>>>", "")];
}

function asMarkdown(title: string, rows: readonly Measured[]): string[] {
  return [
    title,
    "",
    `| what | way | ${head.slice(1).join(" | ")} |`,
    "|---|---|--:|--:|--:|--:|",
    ...rows.map((row) => `| ${row.what.replaceAll("*", "\\*")} | ${cells(row).join(" | ")} |`),
  ];
}

function asHtml(title: string, rows: readonly Measured[]): string[] {
  const cell = (text: string): string => `<td>${xml(text)}</td>`;
  return [
    `<!doctype html><meta charset="utf-8"><title>nbytes bench</title><h1>nbytes bench</h1><p>${xml(title)}</p>`,
    `<table><tr><th>what<th>way${head
      .slice(1)
      .map((one) => `<th>${one}`)
      .join("")}</tr>`,
    ...rows.map((row) => `<tr>${[row.what, ...cells(row)].map(cell).join("")}</tr>`),
    "</table>",
  ];
}
