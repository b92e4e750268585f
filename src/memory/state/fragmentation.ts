import { formatBytes } from "../../base/units.js";
import { liveBuffers } from "../../heap/allocate.js";
import { columns, counted } from "../common/text.js";
import { siteText } from "../places/sites.js";

// Holes, and what keeps them apart: free memory between arrays that stay. The arrays that lay there are gone and known to
// nobody; the one behind each hole is alive, and is why the hole is one of its own.

/** Arrays of one line that stay behind holes. */
export interface Pinning {
  /** What they are, and where they were born if that is known: `empty float64 [1000] app.ts:7`. */
  readonly what: string;
  readonly count: number;
  /** Their own bytes, and those of the holes before them. */
  readonly nbytes: number;
  readonly holes: number;
}

/** Free memory that is scattered. */
export interface Fragmentation {
  readonly holes: number;
  /** Bytes of all holes, which would be one block if what keeps them apart lay together; and of the largest hole. */
  readonly bytes: number;
  readonly largest: number;
  /** What keeps them apart, most bytes of holes first. */
  readonly by: readonly Pinning[];
  /** What it means, and what to do about it. */
  readonly text: string;
}

/** What is asked of a region of linear memory. */
interface Stretch {
  readonly kind: "static" | "used" | "free";
  readonly span: number;
  readonly nbytes: number;
  readonly buffer: number;
}

// Fewer holes, or of less than a page of memory, or one that is most of them, hinder nobody.
const HOLES = 4,
  BYTES = 65_536,
  SHARE = 0.1;

/** What is scattered of linear memory, given region by region; null if that is not worth a word. */
export function fragmentationOf(regions: readonly Stretch[], reserved: number): Fragmentation | null {
  const buffers = new Map(liveBuffers().map((buffer) => [buffer.serial, buffer])),
    sums = new Map<string, { count: number; nbytes: number; holes: number }>();
  let [holes, bytes, largest] = [0, 0, 0];
  regions.forEach(({ kind, span }, i) => {
    const next = regions[i + 1];
    if (kind !== "free" || next?.kind !== "used") return;
    holes++;
    bytes += span;
    largest = Math.max(largest, span);
    const buffer = buffers.get(next.buffer),
      what = buffer === undefined ? "forgotten arrays" : whatOf(buffer);
    const sum = sums.get(what) ?? { count: 0, nbytes: 0, holes: 0 };
    sums.set(what, { count: sum.count + 1, nbytes: sum.nbytes + next.nbytes, holes: sum.holes + span });
  });
  if (holes < HOLES || bytes < BYTES || bytes < SHARE * reserved || 2 * largest > bytes) return null;
  const by = [...sums].map(([what, sum]) => ({ what, ...sum })).sort((a, b) => b.holes - a.holes);
  return { holes, bytes, largest, by, text: textOf(holes, bytes, largest, by) };
}

interface Described {
  readonly op: string;
  readonly descr: { readonly name: string };
  readonly shape: readonly number[];
  readonly site: number;
}

const whatOf = ({ op, descr, shape, site }: Described): string =>
  `${op} ${descr.name} [${shape.join(", ")}] ${siteText(site)}`.trimEnd();

function textOf(holes: number, bytes: number, largest: number, [most, ...others]: readonly Pinning[]): string {
  const rest = others.length === 0 ? "" : `, and by ${counted(others.length, "other kind")}`,
    fact = `${formatBytes(bytes)} in ${counted(holes, "hole")}, at most ${formatBytes(largest)} in one: kept apart by`,
    advice =
      `of a memory.pool, which makes its arrays together, they leave one block of ${formatBytes(bytes)}; a memory.scope ` +
      "that ends them with what lay between them leaves no hole";
  return columns(
    [
      ["fragmented", fact],
      ["", `${most.count} × ${most.what}${rest}`],
      ["", advice],
    ],
    "<~",
  );
}
