// The default entry for bundlers, which leave out what a program does not use: index.ts names every public function.
import "./base/newStack.js";
import "./core/inlined.js";

export * from "./whole.js";

import "./memory/watch/exitReport.js";
