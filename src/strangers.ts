import { DTypeError } from "./errors.js";
import { NDArray } from "./ndarray.js";
import { BRAND } from "./shown.js";

/**
 * Refuses, in a sentence that names the cause, what only looks like an array of this engine: one of another copy of the
 * package, whose memory is elsewhere, a proxy of an array, or an object made in its image. An array of this engine, and
 * whatever does not look like one, passes. `what` begins the sentence.
 */
export function refuseStranger(value: unknown, what = ""): void {
  if (typeof value !== "object" || value === null || value instanceof NDArray) return;
  const text = strange(value);
  if (text !== null) throw new DTypeError(what + text);
}

function strange(value: object): string | null {
  try {
    if (Object.prototype.isPrototypeOf.call(NDArray.prototype, value))
      return "this is no array but an object made in an array's image (a proxy, Object.create): pass the array itself";
    // Older copies have no brand.
    const { descr, buffer, id } = value as { descr?: unknown; buffer?: { generation?: unknown }; id?: unknown };
    const looks = typeof descr === "object" && typeof buffer === "object" && buffer !== null && "generation" in buffer;
    if (!looks && !(BRAND in value && typeof id === "number")) return null;
    const here = value.constructor.name === "NDArray" ? `array #${String(id)}` : "this object";
    return `${here} belongs to another copy of nbytes, with memory of its own: pass x.toTypedArray(), or let the program have one copy of the package (npm dedupe)`;
  } catch {
    return "this is no array but an object that cannot be read (a revoked proxy, a getter that throws)";
  }
}
