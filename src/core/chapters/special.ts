import { type Exports, text } from "../../../build/chapters/special.js";
import { Chapter } from "../chapter.js";

/** Special functions: sinc, and Bessel's I0. */
export const special = /* @__PURE__ */ new Chapter<Exports>(() => text);
