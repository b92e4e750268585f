import { attempt, builtin } from "../../base/host.js";

// One call frame, as each engine tells it: V8 through CallSite objects, which cost less than text, the others and old
// records through the lines of `error.stack`.

/** A place in running code: what is executed, before any source map. Lines and columns count from 1. */
export interface Frame {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  /** The function's name, empty if it has none. */
  readonly fn: string;
}

/** What V8 hands to `Error.prepareStackTrace` for each frame. */
export interface CallSite {
  getFileName(): string | null | undefined;
  getScriptNameOrSourceURL?(): string | null | undefined;
  /** Only V8's own have it: of hosts that map frames before they hand them out, none. */
  getPosition?(): number;
  isAsync?(): boolean;
  getEnclosingLineNumber?(): number | null;
  getEnclosingColumnNumber?(): number | null;
  getLineNumber(): number | null;
  getColumnNumber(): number | null;
  getFunctionName(): string | null;
}

/** A hook that formats stacks, as hosts install it. */
export type Prepare = (error: Error, frames: CallSite[]) => unknown;

interface V8Error {
  captureStackTrace?: (holder: object, below?: unknown) => void;
  prepareStackTrace?: Prepare | undefined;
  stackTraceLimit?: number;
}

const V8 = Error as unknown as V8Error; // only V8 has what it names: asked for before it is used
const raw: Prepare = (_error, frames) => frames;

// A host may have frozen Error, or made a property of it its own: then lines are told from text, or not at all.
function put<K extends keyof V8Error>(name: K, value: V8Error[K]): boolean {
  return attempt(() => Reflect.set(V8, name, value)) ?? false;
}

/** Runs `work` while stacks have at most `limit` frames, which the host's own hook does not format. */
function withRaw<T>(limit: number, work: () => T): T | undefined {
  const limitBefore = attempt(() => V8.stackTraceLimit),
    prepareBefore = attempt(() => V8.prepareStackTrace);
  try {
    if (!put("prepareStackTrace", raw)) return undefined;
    put("stackTraceLimit", limit);
    return attempt(work);
  } finally {
    put("prepareStackTrace", prepareBefore);
    put("stackTraceLimit", limitBefore);
  }
}

/**
 * The frames under way below a running function, innermost first, at most `limit`; null where the engine gives no CallSite objects. The host's
 * own hook is put aside for this one call, so nothing is formatted.
 */
export function callSites(limit: number, below: unknown): CallSite[] | null {
  if (typeof V8.captureStackTrace !== "function") return null;
  const stack = withRaw(limit, () => {
    const holder: { stack?: unknown } = {};
    V8.captureStackTrace!(holder, below);
    return holder.stack;
  });
  return Array.isArray(stack) ? (stack as CallSite[]) : null;
}

/** How many frames the host keeps of a stack; 0 if none, or if the engine does not say. */
export function stackLimit(): number {
  const limit = attempt(() => V8.stackTraceLimit);
  return typeof limit === "number" ? limit : 0;
}

/** Gives `holder` the stack below a running function, with `more` frames than the host keeps of one. */
export function captureBelow(holder: object, below: unknown, more = 0): void {
  const before = stackLimit();
  if (more > 0) put("stackTraceLimit", before + more);
  attempt(() => V8.captureStackTrace?.(holder, below));
  if (more > 0) put("stackTraceLimit", before);
}

/** The frames of an error whose stack nobody has read yet; null where the engine gives no CallSite objects. */
export function callSitesOf(error: Error): CallSite[] | null {
  const stack: unknown = withRaw(stackLimit(), () => error.stack);
  return Array.isArray(stack) ? (stack as CallSite[]) : null;
}

let mainError: V8Error | undefined;

/**
 * The hook a host has installed to format stacks, vitest or ts-node say; undefined if none. Jest runs tests in a context
 * of their own, where Node asks the hook of the main one.
 */
export function hostPrepare(): Prepare | undefined {
  const vm = builtin<{ runInThisContext?(code: string): V8Error }>("node:vm");
  mainError ??= attempt(() => vm?.runInThisContext?.("Error")) ?? V8;
  return attempt(() => V8.prepareStackTrace ?? mainError?.prepareStackTrace);
}

/** The lines of a stack where only text is to be had. */
export function stackLines(limit: number): string[] {
  const before = attempt(() => V8.stackTraceLimit);
  try {
    put("stackTraceLimit", limit);
    return attempt(() => (new Error("site").stack ?? "").split("\n")) ?? [];
  } finally {
    put("stackTraceLimit", before);
  }
}

const CHROMIUM = /^\s*at (?:async )?(?:(?:new )?(.*?) (?:\[as [^\]]*\] )?\()?(.*):(\d+):(\d+)\)?$/;
// Names and addresses may hold an @ too (`a@b@https://x.org/c@1.0/d.js`): the file begins after the first one that an
// address follows.
const OTHERS =
  /^(?:(?![a-z-]+:\/\/)(.*?)@(?=[a-z-]+:|\/|[^@]*$))?(.*?)(?: line \d+ > injectedScript)?( line \d+ > .*)?:(\d+):(\d+)$/;

/** One line of `error.stack`, as Chromium, Firefox or Safari writes it; null if it names no place in a file. */
export function parseFrame(line: string): Frame | null {
  const chromium = CHROMIUM.exec(line);
  if (chromium !== null) return chromiumFrame(chromium);
  if (/^\s*at /.test(line)) return null;
  const other = OTHERS.exec(line.trim());
  if (other === null || other[2] === "" || /\[(native|wasm) code\]|wasm-function|^self-hosted$/.test(other[2]))
    return null;
  const [, fn = "", file, madeAt, row, column] = other;
  // Firefox names the line that called `eval`, but no column, which is of no use in a minified file. V8 and Safari tell
  // nothing of such code; the next frame, its caller, is exact in all of them.
  if (madeAt !== undefined) return null;
  if (/\s/.test(file) && !/^[a-z-]+:\/|^\//i.test(file)) return null;
  // What comes before the name says where Firefox saw the function, and a `<` at the end that it has no name of its own.
  const name = fn.replace(/^.*[*/]/, "").replace(/^(?:(?:global|module|eval) code|.*<)$/, "");
  return { file, line: Number(row), column: Number(column), fn: name };
}

function chromiumFrame([, fn = "", place, line, column]: RegExpExecArray): Frame | null {
  // `eval at f (file:1:2), <anonymous>:3:4`: the line of the call in its file.
  const outer = /\(?eval at .*?\(?((?:[a-z-]+:\/\/|\/)[^()]*?):(\d+):(\d+)\)/.exec(`${fn} ${place}`);
  if (outer !== null) return { file: outer[1], line: Number(outer[2]), column: Number(outer[3]), fn: "" };
  if (place === "<anonymous>" || place.startsWith("wasm://") || place.startsWith("native ")) return null;
  const name = fn.replace(/^Object\.|^Module\./, "").replace(/^<anonymous>$/, "");
  return { file: place, line: Number(line), column: Number(column), fn: name };
}
