import { formatBytes } from "../../base/units.js";
import { columns, counted, cut, exactBytes, WIDTH, wrap } from "../common/text.js";
import { numbersOf } from "../places/fileNames.js";
import { type Site, siteAt, withoutMaps } from "../places/sites.js";
import { endedText } from "../record/endings.js";
import { type Holding, holdingTexts } from "../record/holding.js";
import type { Left, LeftOfLine } from "../record/leftovers.js";
import type { Recorder } from "../record/recorder.js";
import { type Advice, adviceOf, nameIn } from "./advice.js";
import { leftTexts } from "./leftAdvice.js";

// How a report reads in a terminal.

/** The figures of a report's first lines. */
export interface Sums {
  readonly allocs: number;
  readonly allocated: number;
  readonly peak: number;
  readonly retained: number;
  readonly copied: number;
  readonly scratchPeak: number;
}

/** The sums in words. */
export function headline(label: string, sums: Sums): string {
  const pieces = [
    counted(sums.allocs, "array"),
    `${exactBytes(sums.allocated)} allocated`,
    `peak ${exactBytes(sums.peak)}`,
    `retained ${exactBytes(sums.retained)}`,
  ];
  if (sums.copied > 0) pieces.push(`copied ${exactBytes(sums.copied)}`);
  if (sums.scratchPeak > 0) pieces.push(`scratch ${exactBytes(sums.scratchPeak)}`);
  return wrap(pieces, `${label}:`, "  ");
}

/** The name of the only function that the sites lie in; empty if there are several, or it has no name. */
export function onlyFunction(sites: Iterable<number>): string {
  const names = new Set([...sites].map((number) => siteAt(number)?.fn ?? "")),
    [name = ""] = names;
  // What V8 calls a function that has no name is made of what stands around it: `memory.trace.level`.
  return names.size === 1 && !name.includes(".") ? name : "";
}

/** What was forgotten while a trace lasted, and what finding it took. */
export interface Forgetting {
  /** Forgotten arrays that the collector freed, and their bytes. */
  readonly arrays: number;
  readonly bytes: number;
  /** Searches for such arrays, whoever forgot them, and their milliseconds. */
  readonly searches: number;
  readonly ms: number;
  /** The line that forgot most, if it is known: `fastcount.ts:15`. */
  readonly most?: string;
}

/** What a trace itself takes. */
export interface Overhead {
  /** JavaScript memory for events and allocations; none at the level counters. */
  readonly bytes: number;
  /** Milliseconds for finding lines; 0 at the levels that look for none. */
  readonly ms: number;
}

/** What a reader should know beside the table: who freed, what forgetting cost, what could be better, what is missing. */
export function notesOf(
  recorder: Recorder,
  source: boolean,
  forgotten: Forgetting,
  overhead: Overhead,
  left: Left | null,
): string[] {
  const lineOf = numbersOf([...recorder.bySite.keys(), ...recorder.scoped.keys()].map(siteAt)),
    notes: string[] = [],
    { dropped } = recorder.ring,
    scope = recorder.freedBy("scope");
  if (scope.count > 0) {
    const what = recorder.sited
      ? `: ${leftTexts(recorder.scoped, source, lineOf)}`
      : ` of ${counted(scope.count, "array")}`;
    notes.push(cut(`at scope end  ${formatBytes(-scope.bytes)}${what}`));
  }
  notes.push(...forgottenNotes(forgotten), ...viewNotes(recorder));
  if (left !== null) notes.push(...leftNotes(left, source, lineOf));
  for (const one of adviceOf(recorder, source).slice(0, 3)) notes.push(adviceText(one, lineOf));
  if (recorder.sited) notes.push(...mapNotes(recorder.bySite.keys()));
  if (recorder.level !== "counters" && dropped > 0)
    notes.push(`the first ${dropped.toLocaleString("en-US")} events were dropped; all sums include them`);
  return [...notes, overheadText(recorder.sited, overhead)];
}

/** What a reader should know of lines that are not the source's. */
export function mapNotes(sites: Iterable<number>): string[] {
  const files = withoutMaps(sites);
  return files.length === 0 ? [] : [cut(`no source map for ${files.join(", ")}: lines are those of the built file`)];
}

function forgottenNotes({ arrays, bytes, searches, ms, most }: Forgetting): string[] {
  const time = searches === 0 ? "" : `${counted(searches, "search")} took ${ms.toFixed(0)} ms`;
  if (arrays === 0) return time === "" ? [] : [`collected     nothing that was forgotten here; ${time}`];
  const head = `collected     ${formatBytes(-bytes)} of ${counted(arrays, "forgotten array")}`,
    indent = " ".repeat(14);
  return [
    cut(most === undefined ? head : `${head}, most by ${most}`),
    `${indent}${time === "" ? "" : `${time}; `}\`using\` or memory.scope frees at once`,
  ];
}

/** What tracing took, as every report ends. */
export function overheadText(sited: boolean, { ms, bytes }: Overhead): string {
  const memory = bytes === 0 ? "no JavaScript memory" : `${formatBytes(bytes)} of JavaScript memory`;
  return sited ? `tracing took ${ms.toFixed(1)} ms and ${memory}` : `tracing took ${memory}, and no time for lines`;
}

type LineOf = (site: Site | undefined) => string;

// What to do, and why the values stay the same: on one line if both fit.
function adviceText({ saves, site, text }: Advice, lineOf: LineOf): string {
  const head = `advice        ${formatBytes(-saves)}  ${site === undefined ? "" : `line ${lineOf(site)}: `}`,
    at = text.lastIndexOf(": "),
    line = `${head}${text}`;
  return line.length <= WIDTH
    ? line
    : `${cut(head + text.slice(0, at))}\n${cut(`              ${text.slice(at + 2)}`)}`;
}

function viewsText(text: string): string {
  return columns([["views".padEnd(12), text]], "<~");
}

// What views hold, and which ended because their array was disposed.
function viewNotes(recorder: Recorder): string[] {
  const held = holdingTexts(recorder.holdings()),
    ended = recorder.endings
      .list()
      .slice(0, 3)
      .map((one) => `dispose ended ${endedText(one)}: copy() what must outlive its array`);
  return [...held, ...ended].map(viewsText);
}

// What the function left alive without returning it. An array that has a name and a view of its own is like any other.
function leftNotes({ bytes, sites, unnamed }: Left, source: boolean, lineOf: LineOf): string[] {
  const all = new Map<number, LeftOfLine>(sites),
    isNamed = ({ site }: Holding): boolean => source && nameIn(siteAt(site)?.source) !== undefined,
    notes = holdingTexts(unnamed.filter((one) => !isNamed(one))).map(viewsText);
  let sum = bytes;
  for (const { site, nbytes } of unnamed.filter(isNamed)) {
    sum += nbytes;
    all.set(site, { count: (all.get(site)?.count ?? 0) + 1 });
  }
  if (all.size === 0) return notes;
  const text = `${formatBytes(sum)} never given back: ${leftTexts(all, source, lineOf)}`;
  return [...notes, cut(`left          ${text}`), `${" ".repeat(14)}\`using\` or memory.scope, unless it is to stay`];
}
