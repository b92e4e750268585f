import type { ChildProcess } from "node:child_process";
import { rmSync } from "node:fs";

// How Ctrl-C ends a command. Where nothing would be left behind the system ends the process, at once. While a file is half
// written it is removed first, and while a program of the user's runs it ends by itself, and is waited for.

/** What has to be ended before the process may. */
export const unfinished = new Set<string>();
export const children = new Set<ChildProcess>();

const signals = { SIGINT: 2, SIGTERM: 15 } as const;

/** Holds something until `act` is done. */
export async function holding<T, R>(set: Set<T>, item: T, act: () => R | Promise<R>): Promise<R> {
  set.add(item);
  watch();
  try {
    return await act();
  } finally {
    set.delete(item);
    watch();
  }
}

let watching = false;

function watch(): void {
  const wanted = unfinished.size + children.size > 0;
  if (wanted === watching) return;
  watching = wanted;
  for (const [signal, listener] of [
    ["SIGINT", onInterrupt],
    ["SIGTERM", onTerminate],
  ] as const)
    wanted ? process.on(signal, listener) : process.off(signal, listener);
}

// A terminal sends it to the program too.
function onInterrupt(): void {
  if (children.size === 0) end("SIGINT");
}

function onTerminate(): void {
  if (children.size === 0) end("SIGTERM");
  for (const child of children) child.kill("SIGTERM");
}

// As a shell tells it of a program that a signal ended.
function end(signal: keyof typeof signals): never {
  removeUnfinished();
  process.exit(128 + signals[signal]);
}

/** Removes what is half written. */
export function removeUnfinished(): void {
  for (const path of unfinished) rmSync(path, { force: true, recursive: true });
}
