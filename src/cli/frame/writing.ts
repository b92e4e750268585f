import { renameSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";

// Files arrive whole: they are written beside their place and renamed into it. What an error or Ctrl-C interrupts leaves
// nothing behind, and an older file as it was.

const unfinished = new Set<string>();
let count = 0;

/** Lets `make` write a file at the path it is given, and moves it to `path` once it is done. */
export async function writeWhole<T>(path: string, make: (temporary: string) => T | Promise<T>): Promise<T> {
  // The ending stays: it tells the format.
  const temporary = join(dirname(path), `.${process.pid}-${count++}-${basename(path)}`);
  unfinished.add(temporary);
  try {
    const made = await make(temporary);
    renameSync(temporary, path);
    return made;
  } finally {
    rmSync(temporary, { force: true });
    unfinished.delete(temporary);
  }
}

/** Writes text or bytes to a file, whole or not at all. */
export function writeAll(path: string, data: string | Uint8Array): Promise<void> {
  return writeWhole(path, (temporary) => writeFileSync(temporary, data));
}

/** Removes what is half written, when the process is about to end. */
export function removeUnfinished(): void {
  for (const path of unfinished) rmSync(path, { force: true });
}
