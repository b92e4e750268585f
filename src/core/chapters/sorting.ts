import { type Exports, text } from "../../../build/chapters/sorting.js";
import { Chapter } from "../chapter.js";

/** Sorting, order and search along the lanes of an axis. */
export const sorting = /* @__PURE__ */ new Chapter<Exports>(() => text);
