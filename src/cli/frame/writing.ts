import { renameSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { setImmediate } from "node:timers/promises";
import { holding, unfinished } from "./ending.js";

// Files arrive whole: they are written beside their place and renamed into it. What an error or Ctrl-C interrupts leaves
// nothing behind, and an older file as it was.

let count = 0;

/** Lets `make` write a file at the path it is given, and moves it to `path` once it is done. */
export function writeWhole(path: string, make: (temporary: string) => void | Promise<void>): Promise<void> {
  // The ending stays: it tells the format.
  const temporary = join(dirname(path), `.${process.pid}-${count++}-${basename(path)}`);
  return holding(unfinished, temporary, async () => {
    try {
      await make(temporary);
      // A signal that came meanwhile is heard now.
      await setImmediate();
      renameSync(temporary, path);
    } finally {
      rmSync(temporary, { force: true, recursive: true });
    }
  });
}

/** Writes text or bytes to a file, whole or not at all. */
export function writeAll(path: string, data: string | Uint8Array): Promise<void> {
  return writeWhole(path, (temporary) => writeFileSync(temporary, data));
}
