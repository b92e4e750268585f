// nbytes/jest: importing it adds the matchers to Jest's global `expect`. Without globals (`injectGlobals: false`), and
// in other runners, `register(expect)` does.
import "./whole.js";
import { type Expecting, type Hooks, type MemoryMatchers, type MemoryRules, register } from "./matchers/index.js";
import { memorySetupWith } from "./matchers/setup.js";

export * from "./matchers/index.js";

declare global {
  namespace jest {
    interface Matchers<R, T> extends MemoryMatchers<R> {}
  }
}

interface Runner extends Partial<Hooks> {
  expect?: Expecting;
}

const runner = globalThis as Runner;

if (typeof runner.expect?.extend === "function") register(runner.expect);

/**
 * Holds every test to rules: `memorySetup({ maxPeak: "64 MB", leaks: "fail" })` at the head of a file, or in a setup
 * file for all. `memoryRules` changes them inside a test. The hooks are Jest's global ones unless given.
 */
export function memorySetup(rules: MemoryRules, hooks: Hooks = runner as Hooks): void {
  memorySetupWith(hooks, rules);
}
