import { execFileSync } from "node:child_process";

/** Builds the core if its sources changed, once before all tests. */
export function setup(): void {
  execFileSync(process.execPath, ["scripts/build.mjs", "core"], { stdio: "inherit" });
}
