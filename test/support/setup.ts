import { execFileSync } from "node:child_process";

/** Builds the core and the sources that tests load, if they have changed, once before all tests. */
export function setup(): void {
  execFileSync(process.execPath, ["scripts/build.mjs", "tests"], { stdio: "inherit" });
}
