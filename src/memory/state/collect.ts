import { atMost } from "../../base/arity.js";
import { formatBytes } from "../../base/units.js";
import { reclaim, reclaims } from "../../heap/allocate.js";
import { canCollect } from "../../heap/collector.js";
import { counted } from "../common/text.js";

/** What a search for forgotten arrays found. */
export interface Collected {
  /** Forgotten arrays that were freed, each counted once with its views, and their bytes. */
  readonly arrays: number;
  readonly bytes: number;
  /** Whether the collector can be called here. If not, nothing was done. */
  readonly available: boolean;
  toString(): string;
}

/**
 * Runs the garbage collector and frees the arrays that nothing reaches any more. In browsers, where it cannot be
 * called, it does nothing and says `available: false`. Python: `gc.collect`.
 */
export async function collect(): Promise<Collected> {
  atMost(0, arguments.length, "memory.collect()");
  if (!canCollect) return printed({ arrays: 0, bytes: 0, available: false });
  const { buffers, bytes } = reclaims;
  reclaim();
  return printed({ arrays: reclaims.buffers - buffers, bytes: reclaims.bytes - bytes, available: true });
}

// The text is not enumerable, so that the figures can be compared and printed as plain data.
function printed(found: Omit<Collected, "toString">): Collected {
  const { arrays, bytes, available } = found,
    freed =
      arrays === 0 ? "nothing was forgotten" : `${counted(arrays, "forgotten array")}, ${formatBytes(bytes)} freed`;
  return Object.defineProperty(found, "toString", {
    value: () => (available ? freed : "the collector cannot be called here"),
  });
}
