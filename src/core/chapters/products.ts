import { type Exports, text } from "../../../build/chapters/products.js";
import { Chapter } from "../chapter.js";

/** Sums of products: of rows, and of matrices. */
export const products = /* @__PURE__ */ new Chapter<Exports>(() => text);
