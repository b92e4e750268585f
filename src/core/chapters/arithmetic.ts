import { type Exports, text } from "../../../build/chapters/arithmetic.js";
import { Chapter } from "../chapter.js";

/** Sums, products, quotients, signs and rounding, element by element. */
export const arithmetic = /* @__PURE__ */ new Chapter<Exports>(() => text);
