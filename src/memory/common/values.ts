import { NDArray } from "../../array/ndarray.js";
import type { DType } from "../../base/dtype.js";
import { plain } from "../../base/plain.js";
import { isReadable } from "../../base/shown.js";
import { Lazy, nodeIn } from "../../operations/lazy.js";

/** The values directly inside a container, each with the name that leads to it; null for what is none. */
export function membersOf(value: unknown): [name: string, member: unknown][] | null {
  if (typeof value !== "object" || value === null || ArrayBuffer.isView(value) || value instanceof NDArray) return null;
  if (!isReadable(value)) return null;
  if (value instanceof Lazy) return [[".node", nodeIn(value)]];
  if (Array.isArray(value)) return itemsOf(value).map(([i, member]) => [`[${i}]`, member]);
  if (value instanceof Map)
    return [...value].flatMap(
      ([k, v]) =>
        [
          [keyName(k), v],
          ["key", k],
        ] as [string, unknown][],
    );
  if (value instanceof Set) return [...value].map((member, i) => [`{${i}}`, member]);
  if ((typeof WeakRef === "function" && value instanceof WeakRef) || value instanceof Promise) return [];
  if (value instanceof ArrayBuffer) return null;
  // Data properties only: a getter could do anything, or make a new array each time it is read.
  return Object.entries(Object.getOwnPropertyDescriptors(value)).flatMap(([name, property]) =>
    "value" in property && typeof property.value !== "function"
      ? [[`.${name}`, property.value] as [string, unknown]]
      : [],
  );
}

// A list may be nearly all holes: no engine has lists of so many items. The holes of others are items, for `map` skips them.
function itemsOf(list: readonly unknown[]): [index: number | string, item: unknown][] {
  return list.length < 2 ** 27 ? Array.from(list, (item, i) => [i, item]) : Object.entries(list);
}

/** How a key of a map is told. */
export function keyName(key: unknown): string {
  return typeof key === "string"
    ? `[${JSON.stringify(key)}]`
    : `[${typeof key === "object" || typeof key === "function" ? "…" : String(key)}]`;
}

/** By which the package's own containers tell what they hold: arrays, or buffers that no array is on. @internal */
export const HELD = Symbol("held");

/** What is directly inside a container, the package's own ones too; null for what is none. */
export function insideOf(value: unknown): [name: string, member: unknown][] | null {
  if (typeof value === "object" && value !== null && isReadable(value) && HELD in value)
    return (value[HELD] as () => [string, unknown][]).call(value);
  return membersOf(value);
}

/** What a container is called, with the number of its members: `Map of 2`. */
export function containerText(value: object, members: readonly unknown[]): string {
  const count = value instanceof Map || value instanceof Set ? value.size : members.length;
  return `${classOf(value)} of ${count}`;
}

/** The name of an object's class; a constructor may be anything. */
export function classOf(value: object): string {
  const name: unknown = constructorOf(value)?.name;
  return typeof name === "string" && name !== "" ? plain(name) : "object";
}

function constructorOf(value: object): { readonly name?: unknown } | undefined {
  for (let at: object | null = value; at !== null; at = Object.getPrototypeOf(at)) {
    const own = Object.getOwnPropertyDescriptor(at, "constructor")?.value;
    if (typeof own === "function") return own;
  }
  return undefined;
}

/**
 * Why not all that an object holds can be seen, if so: its class has private fields, or is the runtime's own and keeps
 * what it holds to itself.
 */
export function hiddenIn(value: object): string | null {
  if (value instanceof WeakRef || value instanceof WeakMap || value instanceof WeakSet || value instanceof Promise)
    return `what a ${classOf(value)} holds`;
  if (HELD in value || value instanceof Lazy) return null;
  for (let at: object | null = Object.getPrototypeOf(value); at !== null; at = Object.getPrototypeOf(at)) {
    const own: unknown = Object.getOwnPropertyDescriptor(at, "constructor")?.value;
    if (typeof own === "function" && hasPrivate(own)) return `private fields of ${classOf(at)}`;
  }
  return null;
}

// The text of a class tells: `#name`, or what compilers make of it.
function hasPrivate(made: object): boolean {
  const text = Function.prototype.toString.call(made);
  return /[{;\s.(]#[\w$]+|__privateAdd|__classPrivateField/.test(text) && !text.includes("[native code]");
}

/** Every array that a value holds, through arrays, objects, maps and sets; each once, cycles are safe. */
export function arraysIn(value: unknown, found = new Set<NDArray>(), seen = new Set<unknown>()): Set<NDArray> {
  const waiting = [value];
  while (waiting.length > 0) {
    const next = waiting.pop();
    if (next instanceof NDArray) found.add(next);
    else if (typeof next === "object" && next !== null && !seen.has(next)) {
      seen.add(next);
      for (const [, member] of membersOf(next) ?? []) waiting.push(member);
    }
  }
  return found;
}

/** Whether a value can be awaited. */
export function isThenable(value: unknown): boolean {
  try {
    return typeof (value as { then?: unknown } | null | undefined)?.then === "function";
  } catch (error) {
    if (isReadable(value as object)) throw error; // the getter's own
    return false;
  }
}

/** An array whatever its dtype, where an interface asks for one of a certain dtype. */
export type AnyArray = NDArray<DType>;
