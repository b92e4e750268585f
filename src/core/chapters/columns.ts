import { type Exports, text } from "../../../build/chapters/columns.js";
import { Chapter } from "../chapter.js";

/** What a report on a column of numbers asks. */
export const columns = /* @__PURE__ */ new Chapter<Exports>(() => text);
