// nbytes/vitest: importing it adds the matchers to Vitest's `expect`.
import "./whole.js";
import { afterEach, beforeEach, expect } from "vitest";
import { type MemoryMatchers, type MemoryRules, register } from "./matchers/index.js";
import { memorySetupWith } from "./matchers/setup.js";

export * from "./matchers/index.js";

declare module "vitest" {
  interface Matchers<T> extends MemoryMatchers<void> {}
}

register(expect);

/**
 * Holds every test to rules: `memorySetup({ maxPeak: "64 MB", leaks: "fail" })` at the head of a file, or in a setup
 * file for all. `memoryRules` changes them inside a test.
 */
export function memorySetup(rules: MemoryRules): void {
  memorySetupWith({ beforeEach: (hook) => beforeEach(hook), afterEach: (hook) => afterEach(hook) }, rules);
}
