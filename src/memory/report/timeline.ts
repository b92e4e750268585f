import { formatBytes } from "../../base/units.js";
import { counted, exactBytes, largest } from "../common/text.js";
import type { AllocEvent } from "../record/events.js";

/** Live bytes after one event that changed them. */
export interface TimelinePoint {
  readonly seq: number;
  readonly live: number;
}

const ROWS = 5;
const EIGHTHS = " ▁▂▃▄▅▆▇█";

/** Live bytes over a trace: in the order of events, not in seconds. */
export class Timeline {
  readonly points: readonly TimelinePoint[];
  readonly #width: number;

  /** @internal */
  constructor(events: readonly AllocEvent[], width: number) {
    const changing = events.filter((e) => e.kind === "alloc" || e.kind === "scratch" || e.kind === "free");
    this.points = changing.map(({ seq, live }) => ({ seq, live }));
    this.#width = width;
  }

  // Each column shows the most that was live in its part of the events.
  #columns(width: number): number[] {
    const { length } = this.points;
    return Array.from({ length: Math.min(width, length === 0 ? 0 : width) }, (_, i) => {
      const from = Math.floor((i * length) / width),
        to = Math.max(from + 1, Math.floor(((i + 1) * length) / width));
      return largest(this.points.slice(from, to).map(({ live }) => live));
    });
  }

  /** The curve in block characters, five rows high. */
  toString(): string {
    const columns = this.#columns(this.#width),
      top = Math.max(0, ...columns);
    const label = formatBytes(top),
      edge = Math.max(label.length, 3) + 2;
    const rows = Array.from({ length: ROWS }, (_, i) => {
      const floor = ROWS - 1 - i;
      const bars = columns.map(
        (live) => EIGHTHS[Math.max(0, Math.min(8, Math.ceil(top === 0 ? 0 : (live / top) * ROWS * 8) - floor * 8))],
      );
      const left = i === 0 ? label : floor === 0 ? "0 B" : "";
      return `${left.padStart(edge)} │${bars.join("")}`.trimEnd();
    });
    const foot = `${" ".repeat(edge)} └${"─".repeat(this.#width)}`;
    return [...rows, foot, `${" ".repeat(edge + 2)}${counted(this.points.length, "event")}, in order`].join("\n");
  }

  /** The curve as an SVG picture. */
  toSvg(): string {
    const width = 720,
      height = 200,
      left = 80,
      top = Math.max(1, largest(this.points.map(({ live }) => live))),
      step = (width - left) / Math.max(1, this.points.length);
    const y = (live: number): string => (height - 24 - (Math.max(0, live) / top) * (height - 44)).toFixed(1);
    let path = `M${left} ${y(0)}`;
    this.points.forEach(({ live }, i) => {
      path += `V${y(live)}H${(left + (i + 1) * step).toFixed(1)}`;
    });
    const text = (x: number, at: string, what: string): string =>
      `<text x="${x}" y="${at}" text-anchor="end" fill="currentColor">${what}</text>`;
    return (
      `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="100%" font-family="system-ui, sans-serif" font-size="12" role="img">` +
      `<title>Live bytes after each of ${this.points.length} events, at most ${exactBytes(top)}</title>` +
      `<path d="${path}V${y(0)}Z" fill="#2563eb" fill-opacity="0.25" stroke="#2563eb"/>` +
      `<line x1="${left}" x2="${width}" y1="${y(0)}" y2="${y(0)}" stroke="currentColor" stroke-opacity="0.4"/>` +
      `${text(left - 8, y(top), formatBytes(top))}${text(left - 8, y(0), "0 B")}` +
      `${text(width, String(height - 3), `${counted(this.points.length, "event")}, in order`)}</svg>`
    );
  }
}
