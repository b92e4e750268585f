import { type Exports, text } from "../../../build/chapters/reducing.js";
import { Chapter } from "../chapter.js";

/** Folds along an axis, arg-extremes and counts. */
export const reducing = /* @__PURE__ */ new Chapter<Exports>(() => text);
