import type { DType } from "../dtype.js";
import { NDArray } from "../ndarray.js";

/** The values directly inside a container, each with the name that leads to it; null for what is none. */
export function membersOf(value: unknown): [name: string, member: unknown][] | null {
  if (typeof value !== "object" || value === null || ArrayBuffer.isView(value) || value instanceof NDArray) return null;
  if (Array.isArray(value)) return value.map((member, i) => [`[${i}]`, member]);
  if (value instanceof Map)
    return [...value].flatMap(
      ([k, v]) =>
        [
          [keyName(k), v],
          ["key", k],
        ] as [string, unknown][],
    );
  if (value instanceof Set) return [...value].map((member, i) => [`{${i}}`, member]);
  if (value instanceof WeakRef || value instanceof Promise) return [];
  // Data properties only: a getter could do anything, or make a new array each time it is read.
  return Object.entries(Object.getOwnPropertyDescriptors(value)).flatMap(([name, property]) =>
    "value" in property && typeof property.value !== "function"
      ? [[`.${name}`, property.value] as [string, unknown]]
      : [],
  );
}

function keyName(key: unknown): string {
  return typeof key === "string" ? `[${JSON.stringify(key)}]` : `[${typeof key === "object" ? "…" : String(key)}]`;
}

/** Every array that a value holds, through arrays, objects, maps and sets; each once, cycles are safe. */
export function arraysIn(value: unknown, found = new Set<NDArray>(), seen = new Set<unknown>()): Set<NDArray> {
  const waiting = [value];
  while (waiting.length > 0) {
    const next = waiting.pop();
    if (next instanceof NDArray) found.add(next as unknown as NDArray);
    else if (typeof next === "object" && next !== null && !seen.has(next)) {
      seen.add(next);
      for (const [, member] of membersOf(next) ?? []) waiting.push(member);
    }
  }
  return found;
}

/** Whether a value can be awaited. */
export function isThenable(value: unknown): boolean {
  return typeof (value as { then?: unknown } | null | undefined)?.then === "function";
}

/** An array whatever its dtype, where an interface asks for one of a certain dtype. */
export type AnyArray = NDArray<DType>;
