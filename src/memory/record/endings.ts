import { formatBytes } from "../../base/units.js";
import type { Buffer } from "../../heap/buffer.js";
import { knownViews } from "../../heap/viewing.js";
import { counted } from "../common/text.js";
import { siteText } from "../places/sites.js";

// Views that ended because their array was disposed. Whoever still holds one cannot use it any more.

/** Views of one line that ended with their arrays. */
export interface Ended {
  /** The line they were made on; 0 if unknown. */
  readonly site: number;
  /** Bytes of their elements, and of the array's buffer: of each. */
  readonly nbytes: number;
  readonly of: number;
  count: number;
  readonly views: WeakRef<object>[];
}

/** Counts, by the line they were made on, the views that ended with their arrays. */
export class Endings {
  readonly #groups = new Map<string, Ended>();

  /** So many views of a buffer end now. */
  add(buffer: Buffer, count: number): void {
    const known = knownViews(buffer);
    for (const { site, nbytes, view } of known) this.#group(site, nbytes, buffer.nbytes, 1, view);
    if (known.length < count) this.#group(0, 0, buffer.nbytes, count - known.length);
  }

  #group(site: number, nbytes: number, of: number, count: number, view?: WeakRef<object>): void {
    const key = `${site} ${nbytes} ${of}`,
      group = this.#groups.get(key) ?? { site, nbytes, of, count: 0, views: [] };
    group.count += count;
    if (view !== undefined && group.views.length < 16) group.views.push(view);
    this.#groups.set(key, group);
  }

  /** The groups, the most views first. */
  list(): Ended[] {
    return [...this.#groups.values()].sort((a, b) => b.count - a.count);
  }
}

/** `3 views made at a.ts:7 (80 B of 8.00 MB each)`. */
export function endedText({ site, nbytes, of, count }: Ended, times = count): string {
  const each = times > 1 ? " each" : "",
    views = counted(times, "view");
  return site === 0
    ? `${views} of ${formatBytes(of)}`
    : `${views} made at ${siteText(site)} (${formatBytes(nbytes)} of ${formatBytes(of)}${each})`;
}
