import { formatBytes } from "../units.js";
import type { Advice, Copy } from "./copies.js";
import type { LineRow } from "./lineTable.js";
import { map } from "./map.js";
import type { OpRow, Sums } from "./reportText.js";
import { baseName } from "./sites.js";
import type { Snapshot } from "./snapshot.js";
import { counted, escaped, exactBytes } from "./text.js";
import type { Timeline } from "./timeline.js";

/** What the page shows of a report. */
export interface HtmlSource extends Sums {
  readonly label: string;
  readonly frees: number;
  readonly dropped: number;
  lines(): { readonly rows: readonly LineRow[] };
  ops(): readonly OpRow[];
  copies(): readonly Copy[];
  advice(): readonly Advice[];
  atPeak(): Snapshot;
  timeline(): Timeline;
}

const style = `
:root { color-scheme: light dark; --line: light-dark(#e2e8f0, #334155); --soft: light-dark(#f8fafc, #1e293b); --dim: light-dark(#475569, #94a3b8); }
body { font: 15px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.5rem; margin: 0 0 .25rem } h2 { font-size: 1.1rem; margin: 2rem 0 .5rem }
p { color: var(--dim); margin: .25rem 0 }
dl { display: grid; grid-template-columns: repeat(auto-fit, minmax(9rem, 1fr)); gap: .5rem; margin: 1rem 0 }
dl div { background: var(--soft); border: 1px solid var(--line); border-radius: .5rem; padding: .5rem .75rem }
dt { color: var(--dim); font-size: .85rem } dd { margin: 0; font-size: 1.15rem; font-variant-numeric: tabular-nums }
.wide { overflow-x: auto } table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums }
th, td { text-align: right; padding: .25rem .6rem; border-bottom: 1px solid var(--line); white-space: nowrap }
th { color: var(--dim); font-weight: 500 } td.text, th.text { text-align: left } td.text:last-child { white-space: normal }
code { font: 13px ui-monospace, monospace } svg { max-width: 100%; height: auto } .needless { font-weight: 600 }
`;

type Cell = number | string | { readonly count: number } | { readonly code: string } | { readonly strong: string };

function cellOf(value: Cell): string {
  if (typeof value === "number")
    return `<td title="${exactBytes(value)}">${value === 0 ? "" : formatBytes(value)}</td>`;
  if (typeof value === "string") return `<td class="text">${escaped(value)}</td>`;
  if ("count" in value) return `<td>${value.count.toLocaleString("en-US")}</td>`;
  if ("code" in value) return `<td class="text"><code>${escaped(value.code)}</code></td>`;
  return `<td class="text needless">${escaped(value.strong)}</td>`;
}

function table(id: string, title: string, heads: readonly string[], rows: readonly (readonly Cell[])[]): string {
  if (rows.length === 0) return "";
  const kind = (i: number): string => {
    const cell = rows[0][i];
    return typeof cell === "number" || (typeof cell === "object" && "count" in cell) ? "" : ' class="text"';
  };
  const head = heads.map((name, i) => `<th scope="col"${kind(i)}>${name}</th>`).join("");
  const body = rows.map((row) => `<tr>${row.map(cellOf).join("")}</tr>`).join("");
  return `<section id="${id}"><h2>${title}</h2><div class="wide"><table><thead><tr>${head}</tr></thead><tbody>${body}</tbody></table></div></section>`;
}

function lineRow({ site, allocs, allocated, freed, liveAfter, peak, source }: LineRow): Cell[] {
  return [
    `${baseName(site.file)}:${site.line}`,
    String(allocs),
    allocated,
    -freed,
    liveAfter,
    peak,
    { code: source ?? "" },
  ];
}

function copyRow({ site, op, reason, nbytes, count, needless, why, remedy }: Copy): Cell[] {
  const place = site === undefined ? "?" : `${baseName(site.file)}:${site.line}`;
  return [place, op, { count }, nbytes, reason, needless ? { strong: `NEEDLESS: ${remedy}` } : why];
}

/** A report as one page that needs nothing else: figures, timeline, tables, and the map of linear memory as it is now. */
export function toHtml(report: HtmlSource): string {
  const figures: [string, string][] = [
    ["allocated", exactBytes(report.allocated)],
    ["arrays", report.allocs.toLocaleString("en-US")],
    ["peak", exactBytes(report.peak)],
    ["retained", exactBytes(report.retained)],
    ["copied", exactBytes(report.copied)],
    ["scratch", exactBytes(report.scratchPeak)],
  ];
  const cards = figures.map(([name, value]) => `<div><dt>${name}</dt><dd id="${name}">${value}</dd></div>`).join("");
  const advice = report
    .advice()
    .map(
      ({ saves, site, text }) =>
        `<li>${formatBytes(-saves)} ${site === undefined ? "" : `line ${site.line}: `}${escaped(text)}</li>`,
    );
  const dropped =
    report.dropped > 0
      ? `<p>The first ${counted(report.dropped, "event")} were dropped; all sums include them.</p>`
      : "";
  const ops = report
    .ops()
    .map((r): Cell[] => [r.op, { count: r.calls }, { count: r.allocs }, r.allocated, r.scratch, r.copied]);
  const held = report
    .atPeak()
    .statistics("line")
    .map((r): Cell[] => [r.key, { count: r.count }, r.size, { code: r.source ?? "" }]);
  const title = escaped(`${report.label}: array memory`);
  return [
    `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${title}</title><style>${style}</style></head>`,
    `<body><h1>${escaped(report.label)}</h1><p>Array memory, counted exactly by nbytes.</p><dl>${cards}</dl>${dropped}`,
    `<section id="timeline"><h2>Live bytes, event by event</h2>${report.timeline().toSvg()}</section>`,
    table(
      "lines",
      "Lines",
      ["line", "arrays", "allocated", "freed", "live after", "peak", "source"],
      report.lines().rows.map(lineRow),
    ),
    advice.length > 0
      ? `<section id="advice"><h2>The same values with fewer bytes</h2><ul>${advice.join("")}</ul></section>`
      : "",
    table(
      "copies",
      "Copies, and why",
      ["line", "operation", "times", "bytes", "reason", "why"],
      report.copies().map(copyRow),
    ),
    table("peak-lines", "Live at the peak", ["line", "arrays", "bytes", "source"], held),
    table("operations", "Operations", ["operation", "calls", "arrays", "allocated", "scratch", "copied"], ops),
    `<section id="map"><h2>Linear memory</h2>${map().toSvg()}<p>Grey: the engine's own data. Blue: used. Hatched: free. Point at a block to see what it holds.</p></section>`,
    "</body></html>",
  ].join("\n");
}
