import { type Exports, text } from "../../../build/chapters/comparisons.js";
import { Chapter } from "../chapter.js";

/** Comparisons, tests, bits and truth, element by element. */
export const comparisons = /* @__PURE__ */ new Chapter<Exports>(() => text);
