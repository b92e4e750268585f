import { NDArrayError } from "../../base/errors.js";
import { setTidy } from "../../base/newStack.js";
import { type CallSite, callSites, captureBelow, stackLimit, stackLines } from "./frames.js";
import { isHosts, isUsers, isUsersLine } from "./sites.js";

// The stack of an error begins at the user's line, which Node then prints above the message: the frames of the library
// say nothing to its users. V8 leaves out what lies above a function that runs, so the function that the user called
// is looked for among the public ones; where none is found, its frames are cut from the text when that is asked for.

/** So many frames the library mostly has of itself, and at most. */
const NEAR = 12,
  FAR = 60;

type Callable = (...args: never[]) => unknown;

let roots: readonly object[] = [];
// By the place in the library that the user's call came to: the functions found there before. Closures share places.
const foundAt = new Map<string, Set<Callable>>();

/** Names the public functions: those of a namespace, of the namespaces in it, and of its classes. @internal */
export function expose(...namespaces: readonly object[]): void {
  roots = namespaces;
}

function beginAtUser(error: Error): void {
  if (stackLimit() === 0) return;
  let frames = callSites(NEAR, NDArrayError);
  if (frames === null) return cutText(error);
  let user = frames.findIndex(isUsers);
  if (user < 0 && frames.length === NEAR) {
    frames = callSites(FAR, NDArrayError) ?? [];
    user = frames.findIndex(isUsers);
  }
  // Between the two a function of the host may have called, `map` or a generator's `next`.
  while (user > 0 && isHosts(frames[user - 1])) user--;
  if (user <= 0) return;
  const key = placeOf(frames[user - 1]),
    known = foundAt.get(key) ?? new Set<Callable>(),
    below = placeOf(frames[user]);
  const entrance = find(known, below) ?? find(publicFunctions(), below);
  if (entrance === null) return cutLater(error, user);
  foundAt.set(key, known.add(entrance));
  captureBelow(error, entrance);
}

function placeOf(site: CallSite): string {
  return `${site.getFileName()}:${site.getLineNumber()}:${site.getColumnNumber()}:${site.getFunctionName()}`;
}

// The function that the user called: below it is the place given.
function find(functions: Iterable<Callable>, place: string): Callable | null {
  for (const one of functions) {
    const [below] = callSites(1, one) ?? [];
    if (below !== undefined && placeOf(below) === place) return one;
  }
  return null;
}

function publicFunctions(): Set<Callable> {
  const found = new Set<Callable>();
  for (const root of roots) ofNamespace(root, found, 1);
  return found;
}

function ofNamespace(namespace: object, found: Set<Callable>, deeper: number): void {
  for (const value of Object.values(namespace) as unknown[]) {
    if (typeof value === "function") {
      // What is exported and callable is a public function, or a class.
      found.add(value as Callable);
      ofPrototype((value as { prototype?: object }).prototype, found);
    } else if (deeper > 0 && typeof value === "object" && value !== null) ofNamespace(value, found, deeper - 1);
  }
}

function ofPrototype(prototype: object | undefined, found: Set<Callable>): void {
  if (prototype === undefined) return;
  for (const { value, get, set } of Object.values(Object.getOwnPropertyDescriptors(prototype)))
    for (const one of [value, get, set]) if (typeof one === "function") found.add(one as Callable);
}

// Nothing is formatted before somebody asks: hosts that map stacks take long.
function cutLater(error: Error, count: number): void {
  const holder: { stack?: unknown } = {};
  captureBelow(holder, NDArrayError, count);
  Object.defineProperty(error, "stack", {
    configurable: true,
    get: () => without(holder.stack, count, `${error.name}: ${error.message}`),
    set: (value: unknown) => replace(error, value),
  });
}

function replace(error: Error, value: unknown): void {
  Object.defineProperty(error, "stack", { configurable: true, writable: true, enumerable: false, value });
}

function without(stack: unknown, count: number, title: string): unknown {
  // What a host's own formatter makes need not be text.
  if (Array.isArray(stack)) return stack.slice(count);
  if (typeof stack !== "string") return stack;
  const lines = stack.split("\n"),
    first = lines.findIndex((line) => /^\s+at /.test(line));
  return first < 0 ? title : [title, ...lines.slice(first + count)].join("\n");
}

// Engines whose stacks are text, without the error's name.
function cutText(error: Error): void {
  // V8 writes the error's name when the stack is first read: too early here.
  if (stackLines(1)[0].startsWith("Error")) return;
  const { stack } = error;
  if (typeof stack !== "string") return;
  const lines = stack.split("\n"),
    user = lines.findIndex(isUsersLine);
  if (user > 0) replace(error, lines.slice(user).join("\n"));
}

setTidy(beginAtUser);
