import { register } from "node:module";
import type { Job } from "./job.js";

/** Lets this process read TypeScript where Node does not, and find `./x.ts` where a program imports `./x.js`. */
export function hook({ esbuild, hooks }: Pick<Job, "esbuild" | "hooks">): void {
  if (hooks) register("./cli-hooks.js", import.meta.url, { data: { esbuild } });
}
