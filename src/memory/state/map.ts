import { takes } from "../../array/options.js";
import { ValueError } from "../../base/errors.js";
import { xml } from "../../base/plain.js";
import { formatBytes } from "../../base/units.js";
import { core } from "../../core/instance.js";
import { liveBuffers } from "../../heap/allocate.js";
import { HEADER } from "../common/blocks.js";
import { columns, cut, WIDTH } from "../common/text.js";
import { siteText } from "../places/sites.js";
import { type Fragmentation, fragmentationOf } from "./fragmentation.js";

/** A stretch of linear memory. */
export interface Region {
  readonly kind: "static" | "used" | "free";
  readonly start: number;
  /** All its bytes, with header and rounding. */
  readonly span: number;
  /** Bytes asked for, if used. */
  readonly nbytes: number;
  /** The number of the buffer, if used. */
  readonly buffer: number;
  /** What is in it: dtype, shape, operation and line; `forgotten` if no array reaches it any more. */
  readonly label: string;
  readonly owner: string;
}

/** The linear memory, region by region, from address 0 to its end. */
export class MemoryMap {
  readonly regions: readonly Region[];
  readonly reserved: number;
  readonly #width: number;

  /** @internal */
  constructor(width: number) {
    this.#width = width;
    this.reserved = core.reservedBytes();
    this.regions = walk();
  }

  /** Free regions between used ones: what fragmentation leaves. */
  get holes(): number {
    return this.regions.filter((region, i) => region.kind === "free" && i < this.regions.length - 2).length;
  }

  /** What is scattered among the holes, what keeps them apart, and what to do about it; null if that is little. */
  get fragmentation(): Fragmentation | null {
    return fragmentationOf(this.regions, this.reserved);
  }

  /** One line to scale, and a table of the largest regions. */
  toString(): string {
    const used = this.regions.filter(({ kind }) => kind === "used"),
      live = used.reduce((sum, { nbytes }) => sum + nbytes, 0);
    const holes = `${this.holes} hole${this.holes === 1 ? "" : "s"}`;
    const largest = [...this.regions].sort((a, b) => b.span - a.span).slice(0, 12);
    const rows = largest
      .sort((a, b) => a.start - b.start)
      .map((r) => [
        `0x${r.start.toString(16).padStart(8, "0")}`,
        formatBytes(r.span),
        r.kind,
        r.kind === "free" ? "" : r.label,
      ]);
    const rest = this.regions.length - rows.length,
      scattered = this.fragmentation;
    return [
      `${formatBytes(live)} live of ${formatBytes(this.reserved)} reserved, ${holes}`,
      `│${this.#bar()}│ ░ static █ used ▒ part · free`,
      columns(rows, ">><<", "  "),
      ...(rest > 0 ? [cut(`  and ${rest} smaller regions`)] : []),
      ...(scattered === null ? [] : [scattered.text]),
    ].join("\n");
  }

  // A cell is free only if nothing lives in it.
  #bar(): string {
    const cells = Array.from({ length: this.#width }, () => ({ static: 0, used: 0, free: 0 })),
      size = this.reserved / this.#width;
    for (const { kind, start, span } of this.regions) {
      for (let i = Math.floor(start / size); i < this.#width && i * size < start + span; i++) {
        cells[i][kind] += Math.min(start + span, (i + 1) * size) - Math.max(start, i * size);
      }
    }
    return cells
      .map(({ used, static: own, free }) => (used > 0 ? (used >= own + free ? "█" : "▒") : own >= free ? "░" : "·"))
      .join("");
  }

  /** The regions to scale as an SVG picture, each with what it holds in its tooltip. */
  toSvg(): string {
    const width = 720,
      scale = width / this.reserved,
      fill = { static: "#94a3b8", used: "#2563eb", free: "url(#free)" } as const;
    const boxes = this.regions.map(({ kind, start, span, label }, i) => {
      const shade = kind === "used" && i % 2 === 0 ? ' fill-opacity="0.7"' : "";
      const title = `<title>${xml(`${label}, ${formatBytes(span)}`)}</title>`;
      return `<rect x="${(start * scale).toFixed(2)}" y="0" width="${Math.max(0.2, span * scale).toFixed(2)}" height="40" fill="${fill[kind]}"${shade}>${title}</rect>`;
    });
    const hatch =
      '<pattern id="free" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">' +
      '<rect width="6" height="6" fill="none"/><line x1="0" y1="0" x2="0" y2="6" stroke="#94a3b8"/></pattern>';
    return (
      `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} 40" width="100%" preserveAspectRatio="none" role="img">` +
      `<title>Linear memory, ${formatBytes(this.reserved)}</title><defs>${hatch}</defs>${boxes.join("")}</svg>`
    );
  }
}

const MAP = takes("memory.map()", { width: "size" });

function walk(): Region[] {
  const known = new Map(liveBuffers().map((buffer) => [buffer.serial, buffer])),
    // The 16 bytes after the last block count as the engine's own too.
    size = core.staticBytes() - HEADER;
  const own = (start: number, span: number): Region => ({
    kind: "static",
    start,
    span,
    nbytes: 0,
    buffer: 0,
    owner: "engine",
    label: "the engine's own data",
  });
  const all = [own(0, size)];
  for (let block = core.firstBlock(); block !== 0; block = core.nextBlock(block)) {
    const at = block >>> 0,
      span = core.blockSpan(block) >>> 0,
      used = core.blockUsed(block) === 1,
      serial = core.blockTag(block) >>> 0,
      buffer = known.get(serial),
      nbytes = used ? core.blockBytes(block) >>> 0 : 0;
    const label = !used
      ? "free"
      : buffer === undefined
        ? `#${serial} forgotten`
        : `#${serial} ${buffer.descr.name} [${buffer.shape.join(", ")}] ${buffer.op} ${siteText(buffer.site)}`.trimEnd();
    const owner = used ? (buffer?.owner ?? "nobody") : "";
    all.push({ kind: used ? "used" : "free", start: at, span, nbytes, buffer: used ? serial : 0, owner, label });
  }
  all.push(own(core.reservedBytes() - HEADER, HEADER));
  return all;
}

/** Shows the linear memory, region by region: what is used and by what, what is free, and where the holes are. */
export function map(options?: { width?: number }): MemoryMap {
  const { width = WIDTH - 32 } = MAP.read(options, arguments.length);
  if (width < 1 || width > 1000) throw new ValueError(`memory.map() is 1 to 1000 characters wide, not ${width}`);
  return new MemoryMap(width);
}
