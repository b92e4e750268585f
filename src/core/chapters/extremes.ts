import { type Exports, text } from "../../../build/chapters/extremes.js";
import { Chapter } from "../chapter.js";

/** The larger and the smaller of each pair, limits, and what stands for NaN. */
export const extremes = /* @__PURE__ */ new Chapter<Exports>(() => text);
