import type { ChildProcess } from "node:child_process";
import { removeUnfinished } from "./writing.js";

/** Programs that run for a command. */
export const children = new Set<ChildProcess>();

/** Lets Ctrl-C end the process without half a file; programs that run hear of it themselves, and are waited for. */
export function endOnSignals(): void {
  process.on("SIGINT", () => {
    if (children.size === 0) end(2);
  });
  process.on("SIGTERM", () => {
    if (children.size === 0) end(15);
    for (const child of children) child.kill("SIGTERM");
  });
}

// As a shell tells it of a program that a signal ended.
function end(signal: number): never {
  removeUnfinished();
  process.exit(128 + signal);
}
