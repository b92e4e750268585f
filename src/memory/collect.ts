import { reclaim, reclaims } from "../heap.js";
import { canCollect } from "../reclaim.js";

/** What a search for forgotten arrays found. */
export interface Collected {
  /** Forgotten arrays that were freed, each counted once with its views, and their bytes. */
  readonly arrays: number;
  readonly bytes: number;
  /** Whether the collector can be called here. If not, nothing was done. */
  readonly available: boolean;
}

/**
 * Runs the garbage collector and frees the arrays that nothing reaches any more. In browsers, where it cannot be
 * called, it does nothing and says `available: false`. Python: `gc.collect`.
 */
export async function collect(): Promise<Collected> {
  if (!canCollect) return { arrays: 0, bytes: 0, available: false };
  const { buffers, bytes } = reclaims;
  reclaim();
  return { arrays: reclaims.buffers - buffers, bytes: reclaims.bytes - bytes, available: true };
}
