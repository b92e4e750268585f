import { reclaims } from "../heap.js";
import { formatBytes } from "../units.js";
import { type Advice, adviceOf, nameIn } from "./copies.js";
import type { Recorder } from "./ledger.js";
import { siteAt, siteText, spent } from "./sites.js";
import { columns, counted, cut, exactBytes, WIDTH, wrap } from "./text.js";

// How a report reads in a terminal.

/** What one operation did to memory, summed over a trace. */
export interface OpRow {
  /** The name of the operation or the dtype. */
  readonly op: string;
  readonly calls: number;
  readonly allocs: number;
  readonly allocated: number;
  /** Bytes of those that lived only while the operation ran. */
  readonly scratch: number;
  readonly copied: number;
}

/** What finding lines and finding forgotten arrays has cost so far. */
export interface Spendings {
  readonly sites: number;
  readonly reclaims: number;
  readonly reclaimMs: number;
}

/** What has been spent up to now. */
export function spendings(): Spendings {
  return { sites: spent(), reclaims: reclaims.count, reclaimMs: reclaims.ms };
}

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

/** The name of the only function in which memory was asked for; empty if there are several, or it has no name. */
export function onlyFunction(recorder: Recorder): string {
  const names = new Set([...recorder.bySite.keys()].map((number) => siteAt(number)?.fn ?? "")),
    [name] = names;
  return names.size === 1 ? name : "";
}

/** Operations as a table. */
export function opTable(rows: readonly OpRow[]): string {
  const cells = rows.map((r) => [
    r.op,
    String(r.calls),
    String(r.allocs),
    formatBytes(r.allocated),
    formatBytes(r.scratch),
    formatBytes(r.copied),
  ]);
  return columns([["operation", "calls", "allocs", "allocated", "scratch", "copied"], ...cells], "<>>>>>", "  ");
}

/** What a reader should know beside the table: who freed, what forgetting cost, what could be better, what is missing. */
export function notesOf(
  recorder: Recorder,
  source: boolean,
  cost: { readonly before: Spendings; readonly after: Spendings },
): string[] {
  if (recorder.level === "counters") return [];
  const { ring } = recorder,
    notes: string[] = [],
    scope = recorder.freedBy("scope"),
    gc = recorder.freedBy("gc");
  if (scope.count > 0) notes.push(cut(`at scope end  ${formatBytes(-scope.bytes)}${scopedTexts(recorder, source)}`));
  if (gc.count > 0) {
    const arrays = counted(gc.count, "forgotten array");
    notes.push(`collected     ${formatBytes(-gc.bytes)} of ${arrays}; \`using\` or memory.scope frees at once`);
  }
  const runs = cost.after.reclaims - cost.before.reclaims;
  if (runs > 0) {
    const ms = (cost.after.reclaimMs - cost.before.reclaimMs).toFixed(0);
    notes.push(`searching for forgotten arrays took ${ms} ms in ${counted(runs, "run")}`);
  }
  for (const one of adviceOf(recorder, source).slice(0, 3)) notes.push(adviceText(one));
  if (ring.dropped > 0)
    notes.push(`the first ${ring.dropped.toLocaleString("en-US")} events were dropped; all sums include them`);
  if (recorder.sited) {
    const ms = (cost.after.sites - cost.before.sites).toFixed(1);
    notes.push(`tracing took ${ms} ms and ${formatBytes(recorder.nbytes)} of JavaScript memory`);
  }
  return notes;
}

// What to do, and why the values stay the same: on one line if both fit.
function adviceText({ saves, site, text }: Advice): string {
  const head = `advice        ${formatBytes(-saves)}  ${site === undefined ? "" : `line ${site.line}: `}`,
    [change, why] = text.split("): "),
    line = `${head}${text}`;
  return line.length <= WIDTH ? line : `${cut(`${head}${change})`)}\n${cut(`              ${why}`)}`;
}

// `lx (15)`: the variable, where the line of its birth declares one, and that line.
function scopedTexts({ scoped, sited }: Recorder, source: boolean): string {
  if (!sited)
    return ` of ${counted(
      [...scoped.values()].reduce((sum, { count }) => sum + count, 0),
      "array",
    )}`;
  const texts = new Map<string, { line: number; count: number }>();
  for (const [number, { count }] of scoped) {
    const site = siteAt(number),
      name = source ? nameIn(site?.source) : undefined;
    const text = site === undefined ? "elsewhere" : name === undefined ? siteText(number) : `${name} (${site.line})`,
      before = texts.get(text)?.count ?? 0;
    texts.set(text, { line: site?.line ?? 0, count: before + count });
  }
  const list = [...texts]
    .sort(([, a], [, b]) => a.line - b.line)
    .map(([text, { count }]) => (count > 1 ? `${text} × ${count}` : text));
  return `: ${list.join(", ")}`;
}
