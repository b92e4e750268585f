import { BRAND } from "./shown.js";

/**
 * What is wrong with an object that looks like an array and was found to be none of this engine's, in a sentence that
 * names the cause; null if it does not look like one. `prototype` is that of this engine's arrays.
 */
export function strangeness(value: object, prototype: object): string | null {
  try {
    if (Object.prototype.isPrototypeOf.call(prototype, value))
      return "this is no array but an object made in an array's image (a proxy, Object.create): pass the array itself";
    // Older copies have no brand.
    const { descr, buffer, id } = value as { descr?: unknown; buffer?: { generation?: unknown }; id?: unknown };
    const looks = typeof descr === "object" && typeof buffer === "object" && buffer !== null && "generation" in buffer;
    if (!looks && !(BRAND in value && typeof id === "number")) return null;
    const what = value.constructor.name === "NDArray" ? `array #${String(id)}` : "this object";
    return `${what} belongs to another copy of nbytes, with memory of its own: pass x.toTypedArray(), or let the program have one copy of the package (npm dedupe)`;
  } catch {
    return "this is no array but an object that cannot be read (a revoked proxy, a getter that throws)";
  }
}
