#!/usr/bin/env node
// The program `nbytes`: `bin` in package.json, dist/cli.js when built.
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { run } from "./main.js";

// A reader that has seen enough, `nbytes head x.npy | head -1`, is no error.
process.stdout.on("error", (error: NodeJS.ErrnoException) => process.exit(error.code === "EPIPE" ? 0 : 1));

const { stdout, stderr, env } = process;
process.exitCode = await run(process.argv.slice(2), {
  stdout,
  stderr,
  env,
  cwd: process.cwd(),
  dist: dirname(fileURLToPath(import.meta.url)),
});
