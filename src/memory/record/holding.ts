import { formatBytes } from "../../base/units.js";
import type { Buffer } from "../../heap/buffer.js";
import { lazyCopiesOf } from "../../heap/copyOnWrite.js";
import { knownViews, seenViews } from "../../heap/viewing.js";
import { counted } from "../common/text.js";
import { siteText } from "../places/sites.js";

// Memory that is held otherwise than its line says: by views whose array is gone, or by an array of which only a view was
// disposed.

/** How a live buffer is held, where that is worth a word. */
export interface Holding {
  /** `views`: its array is gone. `unnamed`: views of it were disposed, the array itself never was. */
  readonly kind: "views" | "unnamed";
  /** The buffer's number, and its bytes. */
  readonly serial: number;
  readonly nbytes: number;
  readonly op: string;
  readonly site: number;
  /** Views that hold it, or that were disposed. */
  readonly count: number;
  /** Their lines, and bytes of their elements, of those that a trace saw. */
  readonly views: readonly { readonly site: number; readonly nbytes: number }[];
}

/** How a buffer is held; null where an array that was not disposed, a pool or a cache holds it. */
export function holdingOf(buffer: Buffer): Holding | null {
  const { owned, owner, keepers, serial, nbytes, op, site, viewsGone } = buffer,
    handles = buffer.refcount - lazyCopiesOf(buffer) - keepers;
  if (owner !== "array" || handles === 0) return null;
  const kind = owned ? "unnamed" : "views",
    count = owned ? viewsGone : handles;
  if (owned && (handles > 1 || viewsGone === 0)) return null;
  const views = (owned ? seenViews(buffer) : knownViews(buffer)).map(({ site, nbytes }) => ({ site, nbytes }));
  return { kind, serial, nbytes, op, site, count, views };
}

/** The holding of a buffer that views alone hold; none of any other. */
export function heldByViews(buffer: Buffer): Holding[] {
  const holding = buffer.owned ? null : holdingOf(buffer);
  return holding === null ? [] : [holding];
}

/** Holdings as lines of text, those of one kind and place together, the most bytes first. */
export function holdingTexts(all: readonly Holding[], most = 3): string[] {
  const groups = new Map<string, { times: number; bytes: number; holding: Holding }>();
  for (const holding of all) {
    const { kind, op, site, nbytes, views } = holding,
      key = `${kind} ${op} ${site} ${nbytes} ${views.map((view) => `${view.site} ${view.nbytes}`).join()}`,
      group = groups.get(key) ?? { times: 0, bytes: 0, holding };
    groups.set(key, { times: group.times + 1, bytes: group.bytes + nbytes, holding });
  }
  return [...groups.values()]
    .sort((a, b) => b.bytes - a.bytes)
    .slice(0, most)
    .map(({ times, holding }) => `${holdingText(holding)}${times > 1 ? ` (${times} times)` : ""}`);
}

/** `80 B view (a.ts:7) holds 8.00 MB of zeros (a.ts:5): copy() it`. */
export function holdingText(holding: Holding): string {
  const { kind, nbytes, op, site, count } = holding,
    what = `${op}${placed(site)}`,
    views = viewsText(holding);
  return kind === "unnamed"
    ? `${what} was never disposed, only ${views}: name the array, or memory.scope`
    : `${views} ${count === 1 ? "holds" : "hold"} ${formatBytes(nbytes)} of ${what}: copy() ${count === 1 ? "it" : "them"}`;
}

/** `80 B view (a.ts:7)`; of those that were disposed `its view (a.ts:7)`. */
export function viewsText({ kind, count, views }: Holding): string {
  const place = placed(views[0]?.site ?? 0);
  if (kind === "unnamed") return `${count === 1 ? "its view" : "its views"}${place}`;
  const bytes = formatBytes(views.reduce((sum, view) => sum + view.nbytes, 0));
  if (views.length < count) return `${counted(count, "view")}${place}`;
  return `${count === 1 ? `${bytes} view` : `${counted(count, "view")} of ${bytes}`}${place}`;
}

function placed(site: number): string {
  const text = siteText(site);
  return text === "" ? "" : ` (${text})`;
}
