// nbytes/matchers: for any test runner whose `expect` has `extend`, and for those with none.
import "./whole.js";

export * from "./matchers/index.js";
export { memorySetupWith } from "./matchers/setup.js";
