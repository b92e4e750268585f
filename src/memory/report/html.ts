import { xml } from "../../base/plain.js";
import { formatBytes } from "../../base/units.js";
import { counted, exactBytes } from "../common/text.js";
import { linesOf as linesIn } from "../places/fileNames.js";
import type { Site } from "../places/sites.js";
import type { Level } from "../record/recorder.js";
import { map } from "../state/map.js";
import type { Snapshot } from "../state/snapshot.js";
import type { Advice } from "./advice.js";
import type { Copy, Temporary } from "./copies.js";
import { type Cell, style, table } from "./htmlParts.js";
import type { LineRow, LineTable } from "./lineTable.js";
import type { FreedRow, OpRow, OwnerRow } from "./reportTables.js";
import type { Forgetting, Overhead, Sums } from "./reportText.js";
import type { Timeline } from "./timeline.js";
import type { ViewRow } from "./viewRows.js";

/** What the page shows of a report. */
export interface HtmlSource extends Sums {
  readonly label: string;
  readonly level: Level;
  readonly dropped: number;
  readonly unattributed: boolean;
  readonly overhead: Overhead;
  readonly forgotten: Forgetting;
  readonly reserved: { readonly bytes: number; readonly grown: number };
  lines(): LineTable;
  ops(): readonly OpRow[];
  dtypes(): readonly OpRow[];
  owners(): readonly OwnerRow[];
  freed(): readonly FreedRow[];
  copies(): readonly Copy[];
  temporaries(): readonly Temporary[];
  advice(): readonly Advice[];
  views(): readonly ViewRow[];
  atPeak(): Snapshot;
  timeline(): Timeline;
}

const isSited = ({ level }: { readonly level: Level }): boolean => level === "lines" || level === "stacks";

function figures({ level, allocated, allocs, peak, retained, copied, scratchPeak }: HtmlSource): string {
  const all: [string, string][] = [
    ["allocated", exactBytes(allocated)],
    ["arrays", allocs.toLocaleString("en-US")],
    ["peak", exactBytes(peak)],
    ["retained", exactBytes(retained)],
    ["copied", exactBytes(copied)],
    // The level counters does not tell temporaries apart.
    ...(level === "counters" ? [] : [["scratch", exactBytes(scratchPeak)] as [string, string]]),
  ];
  return `<dl>${all.map(([name, value]) => `<div><dt>${name}</dt><dd id="${name}">${value}</dd></div>`).join("")}</dl>`;
}

function remarks({ dropped, unattributed }: HtmlSource): string {
  const remarks = [
    ...(dropped > 0 ? [`The first ${counted(dropped, "event")} were dropped; all sums include them.`] : []),
    ...(unattributed ? ["The trace went on across an await: what other tasks did meanwhile is counted too."] : []),
  ];
  return remarks.map((text) => `<p>${text}</p>`).join("");
}

function timelineOf(timeline: Timeline): string {
  if (timeline.points.length === 0) return "";
  return `<section id="timeline"><h2>Live bytes, event by event</h2>${timeline.toSvg()}</section>`;
}

type PlaceOf = (site: Site | undefined) => string;

// One page calls a file by one name.
function placesOf(report: HtmlSource): PlaceOf {
  const all = [report.lines().rows, report.copies(), report.temporaries(), report.advice(), report.views()],
    lineOf = linesIn(all.flatMap((rows) => rows.map(({ site }) => site)));
  return (site) => (site === undefined ? "" : lineOf(site));
}

function linesOf({ rows, elsewhere: { allocs, allocated } }: LineTable, placeOf: PlaceOf): string {
  const known = rows.map(({ site, allocs, allocated, freed, liveAfter, peak, source }: LineRow): Cell[] => [
    placeOf(site),
    { count: allocs },
    { bytes: allocated },
    { bytes: 0 - freed },
    { bytes: liveAfter },
    { bytes: peak },
    { code: source ?? "" },
  ]);
  const none: Cell = { count: 0 };
  const rest: Cell[] = ["elsewhere", { count: allocs }, { bytes: allocated }, none, none, none, ""];
  const heads = ["line", "arrays", "allocated", "freed", "live after", "peak", "source"];
  return table("lines", "Lines", heads, rows.length > 0 && allocs > 0 ? [...known, rest] : known);
}

function adviceOf(advice: readonly Advice[], placeOf: PlaceOf): string {
  const rows = advice.map(({ saves, site, text }): Cell[] => [placeOf(site), { bytes: -saves }, { long: text }]);
  return table("advice", "The same values with fewer bytes", ["line", "bytes", "change"], rows);
}

function viewsOf(views: readonly ViewRow[], placeOf: PlaceOf): string {
  const rows = views.map(({ site, array, count, nbytes, of, text }): Cell[] => [
    placeOf(site),
    { count },
    { bytes: nbytes },
    { bytes: of },
    placeOf(array),
    { long: text },
  ]);
  const heads = ["line", "views", "bytes", "of", "array", "what"];
  return table("views", "Views that hold memory, or ended", heads, rows);
}

function copiesOf(copies: readonly Copy[], placeOf: PlaceOf): string {
  const rows = copies.map(({ site, op, reason, nbytes, count, needless, why, remedy }): Cell[] => [
    placeOf(site),
    op,
    { count },
    { bytes: nbytes },
    reason,
    needless ? { strong: `NEEDLESS: ${remedy}` } : { long: why },
  ]);
  return table("copies", "Copies, and why", ["line", "operation", "times", "bytes", "reason", "why"], rows);
}

function temporariesOf(temporaries: readonly Temporary[], placeOf: PlaceOf): string {
  const rows = temporaries.map(({ site, op, nbytes, count, reads, lifetime, scratch }): Cell[] => [
    placeOf(site),
    scratch ? `${op} (scratch)` : op,
    { count },
    { bytes: nbytes },
    { count: reads },
    { count: lifetime },
    { code: site?.source ?? "" },
  ]);
  const heads = ["line", "operation", "arrays", "bytes", "reads", "lifetime", "source"];
  return table("temporaries", "Temporaries", heads, rows, "Gone almost at once, or read by a single operation.");
}

function peakOf(report: HtmlSource): string {
  const sited = isSited(report),
    by = sited ? "line" : "op";
  const rows = report
    .atPeak()
    .statistics(by)
    .map(({ key, count, size, source }): Cell[] => [key, { count }, { bytes: size }, { code: source ?? "" }]);
  return table("peak-lines", "Live at the peak", [sited ? "line" : "operation", "arrays", "bytes", "source"], rows);
}

function sumsOf(id: string, title: string, by: string, rows: readonly OpRow[]): string {
  const cells = rows.map(({ op, calls, allocs, allocated, scratch, copied }): Cell[] => [
    op,
    { count: calls },
    { count: allocs },
    { bytes: allocated },
    { bytes: scratch },
    { bytes: copied },
  ]);
  return table(id, title, [by, "calls", "arrays", "allocated", "scratch", "copied"], cells);
}

function ownersOf(rows: readonly OwnerRow[]): string {
  const cells = rows.map(({ owner, allocs, allocated }): Cell[] => [owner, { count: allocs }, { bytes: allocated }]);
  return table("owners", "Kept by whom", ["owner", "arrays", "allocated"], cells);
}

function freedOf(rows: readonly FreedRow[]): string {
  const cells = rows.map(({ by, frees, freed }): Cell[] => [by, { count: frees }, { bytes: freed }]);
  return table("freed", "Freed by whom", ["by", "arrays", "bytes"], cells);
}

function mapOf({ bytes, grown }: HtmlSource["reserved"]): string {
  const size = `<span id="reserved">${exactBytes(bytes)}</span>`,
    growth = `<span id="grown">${exactBytes(grown)}</span>`,
    text = grown === 0 ? `is ${size}, did not grow in the trace` : `grew by ${growth} in the trace, to ${size}`;
  return `<section id="map"><h2>Linear memory</h2>${map().toSvg()}<p>It ${text}, and never shrinks. Grey: the engine's own data. Blue: used. Hatched: free. Point at a block to see what it holds.</p></section>`;
}

function costOf({ level, overhead, forgotten, dropped }: HtmlSource): string {
  const { arrays, bytes, searches, ms, most } = forgotten;
  const found =
    arrays === 0 ? "nothing that was forgotten here" : `${formatBytes(bytes)} in ${counted(arrays, "array")}`;
  const rows: [string, string][] = [
    ["finding lines", isSited({ level }) ? `${overhead.ms.toFixed(1)} ms` : `none, at the level ${level}`],
    ["JavaScript memory", formatBytes(overhead.bytes)],
    ["events dropped", dropped === 0 ? "none" : dropped.toLocaleString("en-US")],
    ...(searches > 0
      ? [
          ["searching for forgotten arrays", `${ms.toFixed(0)} ms in ${counted(searches, "search")}`] as [
            string,
            string,
          ],
        ]
      : []),
    ...(searches > 0 || arrays > 0 ? [["found by the collector", found] as [string, string]] : []),
    ...(most === undefined ? [] : [["forgotten most by", most] as [string, string]]),
  ];
  return table("cost", "What tracing and forgetting cost", ["for", "cost"], rows);
}

/** A report as one page that needs nothing else: figures, timeline, tables, and the map of linear memory as it is now. */
export function toHtml(report: HtmlSource): string {
  const title = xml(`${report.label}: array memory`),
    placeOf = placesOf(report);
  return [
    `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${title}</title><style>${style}</style></head>`,
    `<body><h1>${xml(report.label)}</h1><p>Array memory, counted exactly by nbytes, at the level ${report.level}.</p>`,
    figures(report),
    remarks(report),
    timelineOf(report.timeline()),
    // At other levels only the lines of large arrays are known.
    isSited(report) ? linesOf(report.lines(), placeOf) : "",
    adviceOf(report.advice(), placeOf),
    viewsOf(report.views(), placeOf),
    copiesOf(report.copies(), placeOf),
    temporariesOf(report.temporaries(), placeOf),
    peakOf(report),
    sumsOf("operations", "Operations", "operation", report.ops()),
    `<div class="beside">${sumsOf("dtypes", "Dtypes", "dtype", report.dtypes())}${ownersOf(report.owners())}${freedOf(report.freed())}</div>`,
    mapOf(report.reserved),
    costOf(report),
    "</body></html>",
  ].join("\n");
}
