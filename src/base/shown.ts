import { plain } from "./plain.js";

/** What every copy of the package marks its arrays and lazy expressions with, so that another copy can name them. @internal */
export const BRAND = Symbol.for("nbytes.array");

/** Under these symbols consoles look for what they print of an object: Node and Bun, and Deno. */
export const CONSOLES = [Symbol.for("nodejs.util.inspect.custom"), Symbol.for("Deno.customInspect")] as const;

/** Lets consoles print objects of these classes as `String` does, and below the depth they were asked for by name. */
export function printAsText(...classes: readonly { readonly name: string; readonly prototype: object }[]): void {
  for (const { name, prototype } of classes) {
    const value = function (this: object, depth: unknown): string {
      if (this === prototype) return `${name} {}`;
      return typeof depth === "number" && depth < 0 ? `[${name}]` : String(this);
    };
    for (const symbol of CONSOLES) Object.defineProperty(prototype, symbol, { value, configurable: true });
  }
}

/** A value as an error shows it: short, on one line, and never an error itself, whatever the value is. */
export function shown(value: unknown): string {
  switch (typeof value) {
    case "string":
      return `'${plain(value.length > 40 ? `${value.slice(0, 40)}…` : value)}'`;
    case "function":
      return "a function";
    case "object":
      return value === null ? "null" : kindOf(value);
    case "bigint":
      return `${value}n`;
    default:
      return Object.is(value, -0) ? "-0" : String(value);
  }
}

// What else than arrays is marked.
const BRANDED: ReadonlyMap<unknown, string> = new Map([
  ["Lazy", "a lazy expression"],
  ["MappedArray", "a MappedArray"],
]);

// What kind of object it is. A proxy's traps and getters may throw.
function kindOf(value: object): string {
  try {
    if (isList(value)) return "a list";
    const { name } = value.constructor ?? {};
    if (BRAND in value) return BRANDED.get(name) ?? "an NDArray";
    return typeof name !== "string" || name === "" || name === "Object"
      ? "an object"
      : `${/^[AEIOU]/.test(name) ? "an" : "a"} ${plain(name.slice(0, 40))}`;
  } catch {
    return "an object";
  }
}

/** `Array.isArray`, which a revoked proxy makes throw. */
export function isList(value: unknown): value is unknown[] {
  try {
    return Array.isArray(value);
  } catch {
    return false;
  }
}

/** Whether anything can be asked of an object: a revoked proxy answers nothing. */
export function isReadable(value: object): boolean {
  try {
    Object.getPrototypeOf(value);
    return true;
  } catch {
    return false;
  }
}

/** Whether a value is of a class; a revoked proxy is of none. */
export function isInstance<T>(value: unknown, ofClass: abstract new (...args: never[]) => T): value is T {
  return typeof value === "object" && value !== null && isReadable(value) && value instanceof ofClass;
}

/** The word of a list that is nearest to a misspelt one, if one is near: at most a third of its letters differ. */
export function nearest(word: string, words: readonly string[]): string | undefined {
  const plain = (text: string): string => text.toLowerCase().replace(/[^a-z0-9]/g, "");
  const given = plain(word.slice(0, 40));
  let best: string | undefined,
    least = Number.POSITIVE_INFINITY;
  for (const candidate of words) {
    const other = plain(candidate),
      begins = given.length > 2 && (other.startsWith(given) || given.startsWith(other));
    const distance = given === other ? -1 : begins ? 0.5 : edits(given, other);
    if (distance >= least || distance > Math.max(1, Math.floor(Math.max(given.length, other.length) / 3))) continue;
    best = candidate;
    least = distance;
  }
  return best;
}

// Levenshtein's distance, a row at a time.
function edits(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++)
      next[j] = Math.min(row[j] + 1, next[j - 1] + 1, row[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1));
    row = next;
  }
  return row[b.length];
}

/** An array in an error: `array #1 (float64, shape [2, 3])`. */
export function named(
  what: string,
  { id, dtype, shape }: { readonly id: number; readonly dtype: string; readonly shape: readonly number[] },
): string {
  return `${what} #${id} (${dtype}, shape [${shape.join(", ")}])`;
}
