import { type Exports, text } from "../../../build/chapters/indexing.js";
import { Chapter } from "../chapter.js";

/** Elements by masks and by indices. */
export const indexing = /* @__PURE__ */ new Chapter<Exports>(() => text);
