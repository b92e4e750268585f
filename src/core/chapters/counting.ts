import { type Exports, text } from "../../../build/chapters/counting.js";
import { Chapter } from "../chapter.js";

/** Counting in bins. */
export const counting = /* @__PURE__ */ new Chapter<Exports>(() => text);
