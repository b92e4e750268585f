import { alignOf, type Cell, type Table, textOf } from "./tables.js";

// Pieces of the report as HTML text. Nothing here knows what is being reported.

/** Text as it may stand in HTML. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"]/g, (c) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" })[c]!);
}

const toneOf = (cell: Cell): string => (typeof cell === "string" ? "" : ` ${cell.tone}`);

/** A table over its caption; on a narrow screen the table scrolls and the caption does not. */
export function htmlTable({ columns, rows }: Table, caption: string): string {
  const head = columns.map(
    (column, k) => `<th scope="col" class="${alignOf(column, k)}">${escapeHtml(column.title)}</th>`,
  );
  const lines = rows.map((row) => {
    const cells = columns.map((column, k) => {
      const cell = row[k] ?? "",
        text = escapeHtml(textOf(cell)),
        kind = `${alignOf(column, k)}${toneOf(cell)}`;
      return k === 0 ? `<th scope="row" class="${kind}">${text}</th>` : `<td class="${kind}">${text}</td>`;
    });
    return `<tr>${cells.join("")}</tr>`;
  });
  const grid = `<table><thead><tr>${head.join("")}</tr></thead><tbody>${lines.join("")}</tbody></table>`;
  const note = escapeHtml(caption);
  return `<figure class="table"><div class="scroll" tabindex="0" role="group" aria-label="${note}">${grid}</div><figcaption>${note}</figcaption></figure>`;
}

/** One bar: `value` against the longest of the chart; `part` is drawn over it, darker. */
export interface Bar {
  readonly label: string;
  readonly value: number;
  readonly text: string;
  /** Which of the four colours. */
  readonly colour: number;
  readonly part?: number;
}

/** Bars under each other, each with its name and figure in words. */
export function barChart(title: string, bars: readonly Bar[]): string {
  const most = Math.max(...bars.map(({ value }) => value));
  const percent = (value: number): string => `${((100 * value) / most).toFixed(2)}%`;
  const lines = bars.map(({ label, value, text, colour, part }) => {
    const over = part === undefined ? "" : `<rect class="c${colour}" width="${percent(part)}" height="100%" rx="2"/>`;
    const kind = part === undefined ? `c${colour}` : `c${colour} light`;
    return (
      `<div class="bar"><span class="label">${escapeHtml(label)}</span>` +
      `<svg aria-hidden="true"><rect class="${kind}" width="${percent(value)}" height="100%" rx="2"/>${over}</svg>` +
      `<span class="figure">${escapeHtml(text)}</span></div>`
    );
  });
  return `<figure class="chart"><figcaption>${title}</figcaption>${lines.join("")}</figure>`;
}

/** A row of steps: the live bytes after each event. */
export interface Steps {
  readonly title: string;
  readonly colour: number;
  readonly values: readonly { readonly live: number; readonly text: string }[];
  readonly note: string;
}

/** Step charts beside each other, all with the same scale. */
export function stepCharts(
  title: string,
  charts: readonly Steps[],
  most: number,
  ticks: readonly [at: number, text: string][],
): string {
  const panels = charts.map(({ title: name, colour, values, note }) => {
    const width = 100 / values.length,
      y = (live: number): string => (100 - (100 * live) / most).toFixed(2);
    const bars = values.map(({ live, text }, k) => {
      const rect = `x="${(k * width).toFixed(3)}" width="${(width + 0.15).toFixed(3)}"`;
      return (
        `<g><title>${escapeHtml(text)}</title><rect class="hit" ${rect} y="0" height="100"/>` +
        `<rect class="c${colour}" ${rect} y="${y(live)}" height="${((100 * live) / most).toFixed(2)}"/></g>`
      );
    });
    const lines = ticks.map(([at]) => `<line x1="0" x2="100" y1="${y(at)}" y2="${y(at)}"/>`).join("");
    const labels = ticks.map(([at, text]) => `<span style="top:${y(at)}%">${escapeHtml(text)}</span>`).join("");
    return (
      `<div class="panel"><h4>${escapeHtml(name)}</h4><div class="plot"><div class="ticks" aria-hidden="true">${labels}</div>` +
      `<svg viewBox="0 0 100 100" preserveAspectRatio="none" shape-rendering="crispEdges" role="img" aria-label="${escapeHtml(`${name}: ${note}`)}">${lines}${bars.join("")}</svg></div>` +
      `<p class="small">${escapeHtml(note)}</p></div>`
    );
  });
  return `<figure class="chart"><figcaption>${title}</figcaption><div class="panels">${panels.join("")}</div></figure>`;
}

/** A dot: a ratio, which of the shades it has, and what it says when pointed at. */
export interface Dot {
  readonly ratio: number;
  readonly shade: number;
  readonly text: string;
}

/** Rows of dots over a logarithmic scale of ratios, 1 marked; what lies beyond the ends is drawn at the ends. */
export function dotChart(
  title: string,
  rows: readonly { readonly label: string; readonly dots: readonly Dot[] }[],
  [low, high]: readonly [number, number],
): string {
  const x = (ratio: number): string => {
    const part = Math.log(Math.min(high, Math.max(low, ratio)) / low) / Math.log(high / low);
    return `${(5 + 90 * part).toFixed(2)}%`;
  };
  const marks: number[] = [];
  for (let mark = low; mark <= high * 1.001; mark *= 2) marks.push(mark);
  const text = (mark: number): string => (mark < 1 ? `1/${Math.round(1 / mark)}` : String(mark));
  const axis = marks.map((mark) => `<text x="${x(mark)}" y="14">${text(mark)}</text>`).join("");
  const grid = marks
    .map((mark) => `<line class="${mark === 1 ? "one" : ""}" x1="${x(mark)}" x2="${x(mark)}" y1="0" y2="100%"/>`)
    .join("");
  const lines = rows.map(({ label, dots }) => {
    const circles = dots.map(
      ({ ratio, shade, text: what }) =>
        `<circle class="s${shade}" cx="${x(ratio)}" cy="50%" r="5.5"><title>${escapeHtml(what)}</title></circle>`,
    );
    const spoken = dots.map(({ text: what }) => what).join("; ");
    return (
      `<div class="dots"><span class="label">${escapeHtml(label)}</span>` +
      `<svg role="img" aria-label="${escapeHtml(spoken)}">${grid}${circles.join("")}</svg></div>`
    );
  });
  const head = `<div class="dots axis" aria-hidden="true"><span class="label"></span><svg>${axis}</svg></div>`;
  return `<figure class="chart"><figcaption>${title}</figcaption>${head}${lines.join("")}</figure>`;
}

/** A legend: what the colours or shades mean. */
export function legend(entries: readonly { readonly kind: string; readonly text: string }[]): string {
  const items = entries.map(({ kind, text }) => `<span><i class="${kind}"></i>${escapeHtml(text)}</span>`);
  return `<p class="legend">${items.join("")}</p>`;
}
