import { readFileSync } from "node:fs";
import { basename, resolve } from "node:path";
import { plain } from "../../base/plain.js";
import { formatBytes } from "../../index.js";
import { type Action, flag } from "../frame/command.js";
import { CliError, FINE, FOUND, type Io, print, printJson } from "../frame/io.js";
import { cut, table } from "../frame/table.js";

/** What is compared of two traces. */
const sums = ["allocs", "allocated", "peak", "retained", "copied"] as const;

type Sums = Readonly<Record<(typeof sums)[number], number>>;

interface Line {
  readonly file: string;
  readonly line: number;
  readonly source: string;
  readonly allocs: number;
  readonly allocated: number;
}

interface Trace extends Sums {
  readonly label: string;
  readonly lines: ReadonlyMap<string, Line>;
}

/** A line that differs; null where one trace has none. */
interface Difference {
  readonly before: Line | null;
  readonly after: Line | null;
}

export const diff: Action = (given, io) => {
  const [a, b] = given.operands.map((path) => read(path, io));
  const lines = differences(a.lines, b.lines),
    differs = lines.length > 0 || sums.some((name) => a[name] !== b[name]);
  if (flag(given, "json")) printJson(io, { before: sumsOf(a), after: sumsOf(b), lines });
  else if (differs) print(io, ...sumRows(a, b), ...lineRows(lines));
  else print(io, "they allocate the same, line by line");
  return differs ? FOUND : FINE;
};

function read(path: string, { cwd }: Io): Trace {
  const text = readFileSync(resolve(cwd, path), "utf8");
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new CliError(`${plain(path)}: no JSON: ${(error as Error).message}`);
  }
  const trace = traceOf(value);
  if (trace === null) throw new CliError(`${plain(path)}: no trace, as nbytes trace --json prints it`);
  return trace;
}

// What a file holds is anybody's: each figure is looked at.
function traceOf(value: unknown): Trace | null {
  const found = (Object(value) ?? {}) as Record<string, unknown>,
    { label, lines } = found;
  if (typeof label !== "string" || !Array.isArray(lines)) return null;
  if (!sums.every((name) => Number.isFinite(found[name]))) return null;
  const byKey = new Map<string, Line>();
  for (const row of lines as unknown[]) {
    const { site, source, allocs, allocated } = Object(row) as Record<string, unknown>,
      { file, line } = Object(site) as Record<string, unknown>;
    if (typeof file !== "string" || typeof line !== "number") return null;
    if (typeof allocs !== "number" || typeof allocated !== "number") return null;
    const text = typeof source === "string" ? source : "",
      // Lines move when others come before them: they are known by their text.
      key = `${file}\n${text === "" ? line : text}`,
      known = byKey.get(key);
    byKey.set(key, {
      file,
      line: known?.line ?? line,
      source: text,
      allocs: allocs + (known?.allocs ?? 0),
      allocated: allocated + (known?.allocated ?? 0),
    });
  }
  const figures = found as unknown as Sums; // looked at above
  return { ...sumsOf(figures), label, lines: byKey };
}

function sumsOf({ allocs, allocated, peak, retained, copied }: Sums): Sums {
  return { allocs, allocated, peak, retained, copied };
}

function differences(a: Trace["lines"], b: Trace["lines"]): Difference[] {
  const found = [...new Set([...a.keys(), ...b.keys()])].flatMap((key) => {
    const before = a.get(key) ?? null,
      after = b.get(key) ?? null;
    const same = before?.allocs === after?.allocs && before?.allocated === after?.allocated,
      // A line that only freed allocates as much as one that is not there.
      nothing = (before?.allocs ?? 0) === 0 && (after?.allocs ?? 0) === 0;
    return same || nothing ? [] : [{ before, after }];
  });
  return found.sort((x, y) => Math.abs(grown(y)) - Math.abs(grown(x)));
}

function grown({ before, after }: Difference): number {
  return (after?.allocated ?? 0) - (before?.allocated ?? 0);
}

const signed = (n: number, text: string): string => (n > 0 ? `+${text}` : text);

function sumRows(a: Trace, b: Trace): string[] {
  const text = (name: string, n: number): string => (name === "allocs" ? n.toLocaleString("en-US") : formatBytes(n));
  const rows = sums.map((name) => {
    const by = b[name] - a[name];
    return [name, text(name, a[name]), text(name, b[name]), by === 0 ? "" : signed(by, text(name, by))];
  });
  return table([["", "before", "after", "difference"], ...rows], "<>>>", "");
}

function lineRows(lines: readonly Difference[]): string[] {
  if (lines.length === 0) return [];
  const rows = lines.slice(0, 30).map((one) => {
    const { file, line, source } = (one.after ?? one.before)!,
      arrays = (one.after?.allocs ?? 0) - (one.before?.allocs ?? 0);
    return [
      signed(grown(one), formatBytes(grown(one))),
      arrays === 0
        ? ""
        : `${signed(arrays, arrays.toLocaleString("en-US"))} ${Math.abs(arrays) === 1 ? "array" : "arrays"}`,
      `${basename(file)}:${line}`,
      source,
    ];
  });
  const rest = lines.length - rows.length;
  return ["by line", ...table(rows, ">><<"), ...(rest > 0 ? [cut(`  and ${rest} lines more`)] : [])];
}
