import { type Exports, text } from "../../../build/chapters/pairs.js";
import { Chapter } from "../chapter.js";

/** Operations of two results, and those whose operands differ in dtype. */
export const pairs = /* @__PURE__ */ new Chapter<Exports>(() => text);
