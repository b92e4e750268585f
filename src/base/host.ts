// What the host offers beside the language. It is asked here and nowhere else, when it is wanted, and never trusted: a
// host may have half of Node, stubs that throw, or globals that nobody may change.

interface Process {
  getBuiltinModule?(name: string): unknown;
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly argv?: readonly string[];
  readonly pid?: number;
  cwd?(): string;
  memoryUsage?(): { rss: number; heapUsed: number; external: number };
  constrainedMemory?(): number;
}

interface Globals {
  readonly process?: Process;
  readonly performance?: {
    now?(): number;
    readonly memory?: { readonly usedJSHeapSize: number };
    measureUserAgentSpecificMemory?(): Promise<{ bytes: number }>;
  };
  readonly TextDecoder?: new () => { decode(bytes: Uint8Array): string };
  readonly TextEncoder?: new () => { encode(text: string): Uint8Array };
  readonly WeakRef?: WeakRefConstructor;
  readonly FinalizationRegistry?: FinalizationRegistryConstructor;
  readonly console?: { warn?(text: string): void; error?(text: string): void };
  readonly crypto?: { getRandomValues?(into: Uint32Array): unknown };
  readonly Buffer?: { from(text: string, encoding: "base64"): Uint8Array<ArrayBuffer> };
  /** Not in ES2022: who asks knows its type. */
  readonly Float16Array?: unknown;
  readonly Bun?: { gc?(force: boolean): void };
  readonly document?: { readonly scripts: Iterable<{ readonly src: string }> };
}

/** Globals, which are looked up at each question: tests, and hosts that mend themselves, change them. */
export const globals = globalThis as Globals; // what a host may offer; each is asked for before it is used

/** What `ask` answers; undefined if the host throws instead. */
export function attempt<T>(ask: () => T): T | undefined {
  try {
    return ask();
  } catch {
    return undefined;
  }
}

/** A module of Node, Deno or Bun; taken without an import, which bundlers for browsers would follow. */
export function builtin<T>(name: string): T | undefined {
  // The caller names the part of the module that it uses, and looks whether it is there.
  return attempt(() => (globals.process?.getBuiltinModule?.(name) ?? undefined) as T | undefined);
}

/** An environment variable; undefined where there is no environment, or none that may be read. */
export function environment(name: string): string | undefined {
  return attempt(() => globals.process?.env?.[name]);
}

/** Milliseconds from some moment on. */
export function now(): number {
  const { performance } = globals;
  return performance?.now === undefined ? Date.now() : performance.now();
}

/** The text of bytes in UTF-8. */
export function textOf(bytes: Uint8Array): string {
  const { TextDecoder } = globals;
  if (TextDecoder !== undefined) return new TextDecoder().decode(bytes);
  let escaped = "";
  for (const byte of bytes) escaped += `%${byte.toString(16).padStart(2, "0")}`;
  return attempt(() => decodeURIComponent(escaped)) ?? String.fromCharCode(...bytes);
}

/** A text's bytes in UTF-8. */
export function utf8Of(text: string): Uint8Array {
  const { TextEncoder } = globals;
  if (TextEncoder !== undefined) return new TextEncoder().encode(text);
  const escaped = encodeURIComponent(text).replace(/%([\dA-F]{2})/g, (_, hex) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
  return Uint8Array.from(escaped, (c) => c.charCodeAt(0));
}

/** Bytes of a text in base64. */
export function bytesOf(base64: string): Uint8Array {
  return Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));
}

/** A reference that does not keep its value alive, if the host has such. */
export function weakRef<T extends object>(value: T): WeakRef<T> {
  if (globals.WeakRef !== undefined) return new globals.WeakRef(value);
  return { deref: () => value, [Symbol.toStringTag]: "WeakRef" };
}

/** Says something on the console, where there is one. */
export function say(how: "warn" | "error", text: string): void {
  attempt(() => globals.console?.[how]?.(text));
}

/** Random words: the host's, or where it has none what `Math.random` gives. */
export function entropy(words: number): number[] {
  const list = new Uint32Array(words);
  if (attempt(() => globals.crypto!.getRandomValues!(list)) === undefined)
    for (let i = 0; i < words; i++) list[i] = Math.random() * 2 ** 32;
  return [...list];
}

// A host whose intrinsics are frozen has it or goes without.
attempt(() => {
  (Symbol as { dispose: symbol }).dispose ??= Symbol("Symbol.dispose");
});
