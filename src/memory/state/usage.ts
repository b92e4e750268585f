import { atMost } from "../../base/arity.js";
import { formatBytes } from "../../base/units.js";
import { core } from "../../core/instance.js";
import { forgotten, highest, liveBuffers, pendingBytes, reclaims, setHolders, totals } from "../../heap/allocate.js";
import { type Buffer, copyOnWriteOf } from "../../heap/buffer.js";
import { canCollect } from "../../heap/collector.js";
import { columns, counted } from "../common/text.js";
import { siteText } from "../places/sites.js";
import { mostForgetful } from "../record/costs.js";
import { heldByViews, holdingOf, holdingTexts } from "../record/holding.js";
import { map } from "./map.js";

/** The state of the engine's memory, in bytes. */
export interface Usage {
  /** Bytes of arrays that are alive. */
  readonly live: number;
  /** The most of them at once, since the start or `resetPeak`. */
  readonly peak: number;
  /** All of linear memory. It never shrinks. */
  readonly reserved: number;
  /** Bytes inside `reserved` that can be given out again. */
  readonly free: number;
  readonly largestFree: number;
  /** What block headers and rounding to 64 bytes cost, and the engine's own data. */
  readonly overhead: number;
  /** Bytes of forgotten arrays that the collector has found and that are still to be freed. */
  readonly pendingGc: number;
  /**
   * Arrays that own their buffer; views of which neither they nor their array were disposed, among them those that the
   * program has dropped and nobody will tell of: they end with their array; and buffers.
   */
  readonly arrays: number;
  readonly views: number;
  readonly buffers: number;
  /** Since the start: bytes and buffers given out, buffers given back, bytes of copies. */
  readonly allocated: number;
  readonly allocs: number;
  readonly frees: number;
  readonly copied: number;
  toString(): string;
}

/** Tells how much memory is live, was live at most, is reserved, and how it is spread over arrays, views and buffers. */
export function usage(): Usage {
  atMost(0, arguments.length, "memory.usage()");
  let arrays = 0,
    handles = 0;
  for (const buffer of liveBuffers()) {
    if (buffer.owned) arrays++;
    handles += buffer.refcount - hiddenHandles(buffer);
  }
  const live = core.liveBytes(),
    reserved = core.reservedBytes(),
    free = core.freeBytes();
  const allocs = core.allocationCount(),
    frees = core.releaseCount(),
    { allocated, copied } = totals();
  const figures = {
    live,
    peak: core.peakBytes(),
    reserved,
    free,
    largestFree: core.largestFree(),
    overhead: reserved - live - free,
    pendingGc: pendingBytes(),
    arrays,
    views: handles - arrays,
    buffers: allocs - frees,
    allocated,
    allocs,
    frees,
    copied,
  };
  // Not enumerable, so that the figures can be compared and printed as plain data.
  return Object.defineProperty(figures, "toString", { value: () => textOf(figures) });
}

/** Of a buffer's handles those that are no arrays of the program's: lazy copies that read it, and the holds of caches. */
export function hiddenHandles(buffer: Buffer): number {
  const { keepers } = buffer,
    shared = copyOnWriteOf(buffer);
  return keepers + (shared !== null && shared.holder === buffer ? shared.copies.size : 0);
}

/** Lets `usage().peak` begin again at what is live now. */
export function resetPeak(): void {
  atMost(0, arguments.length, "memory.resetPeak()");
  highest.bytes = 0;
  core.resetPeak();
}

/** The state of memory as text: live, peak, reserved, allocated, forgotten, and what is live by dtype. */
export function summary(): string {
  atMost(0, arguments.length, "memory.summary()");
  const dtypes = byDType(),
    text = textOf(usage(), forgottenRows());
  const held = holdingTexts(liveBuffers().flatMap(heldByViews)),
    scattered = map().fragmentation;
  return [text, ...(dtypes === "" ? [] : ["", dtypes]), ...held, ...(scattered === null ? [] : [scattered.text])].join(
    "\n",
  );
}

function textOf(u: Omit<Usage, "toString">, more: readonly (readonly string[])[] = []): string {
  const scattered = u.free === 0 ? 0 : 1 - u.largestFree / u.free;
  const rows = [
    [
      "live",
      formatBytes(u.live),
      `in ${counted(u.buffers, "buffer")} (${counted(u.arrays, "array")}, ${counted(u.views, "view")})`,
    ],
    ["peak", formatBytes(u.peak), peakText(u.peak)],
    [
      "reserved",
      formatBytes(u.reserved),
      `${formatBytes(u.free)} free, at most ${formatBytes(u.largestFree)} in one block (${Math.round(100 * Math.max(0, scattered))} % fragmented)`,
    ],
    [
      "allocated",
      formatBytes(u.allocated),
      `${counted(u.allocs, "allocation")}, ${counted(u.frees, "free")}; ${formatBytes(u.copied)} copied`,
    ],
    ["waiting", formatBytes(u.pendingGc), "for garbage collection"],
  ];
  return columns([...rows, ...more], "<><");
}

// Small arrays are looked at only while a trace runs: what they add to the peak does not change who made it.
function peakText(peak: number): string {
  const { bytes, op, site } = highest;
  return bytes < 0.99 * peak || bytes > peak ? "" : `${op} ${siteText(site)}`.trimEnd();
}

function forgottenRows(): string[][] {
  if (reclaims.buffers === 0) return [];
  const searches = `${counted(reclaims.count, "search")} took ${reclaims.ms.toFixed(0)} ms`,
    busiest = mostForgetful(forgotten);
  return [
    ["forgotten", formatBytes(reclaims.bytes), `in ${counted(reclaims.buffers, "array")}; ${searches}`],
    ...(busiest === "" ? [] : [["", "", `most by ${busiest}`]]),
  ];
}

function byDType(): string {
  const sums = new Map<string, { count: number; bytes: number }>();
  for (const { descr, nbytes } of liveBuffers()) {
    const sum = sums.get(descr.name) ?? { count: 0, bytes: 0 };
    sums.set(descr.name, { count: sum.count + 1, bytes: sum.bytes + nbytes });
  }
  if (sums.size === 0) return "";
  const rows = [...sums]
    .sort((a, b) => b[1].bytes - a[1].bytes)
    .map(([name, s]) => [name, String(s.count), formatBytes(s.bytes)]);
  return columns([["dtype", "count", "live"], ...rows], "<>>");
}

// The lines that hold most, for an error: large arrays always know theirs.
function holders(): string {
  const sums = new Map<string, { count: number; bytes: number }>();
  const buffers = liveBuffers();
  for (const { descr, shape, nbytes, op, site } of buffers) {
    const key = `${op}\0${descr.name} [${shape.join(", ")}]\0${siteText(site)}`,
      sum = sums.get(key) ?? { count: 0, bytes: 0 };
    sums.set(key, { count: sum.count + 1, bytes: sum.bytes + nbytes });
  }
  const all = [...sums].sort((a, b) => b[1].bytes - a[1].bytes),
    shown = all.slice(0, 6);
  if (shown.length === 0) return "";
  const rows = shown.map(([key, { count, bytes }]) => {
    const [op, what, site] = key.split("\0");
    return [formatBytes(bytes), `${count} ×`, what, op, site];
  });
  const rest = all.length > shown.length ? `\n  and ${counted(all.length - shown.length, "kind")} more` : "";
  // What is reachable after a search may be named well and have had views; elsewhere this is how it was forgotten.
  const views = buffers.flatMap((buffer) => (canCollect ? heldByViews(buffer) : (holdingOf(buffer) ?? [])));
  const viewed = holdingTexts(views).map((text) => `\n  ${text}`);
  return `\nheld by\n${columns(rows, ">><<<", "  ")}${rest}${viewed.join("")}\n\`using\`, dispose() or memory.scope there frees what is no longer needed`;
}

setHolders(holders);
