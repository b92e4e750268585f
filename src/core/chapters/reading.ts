import { type Exports, text } from "../../../build/chapters/reading.js";
import { Chapter } from "../chapter.js";

/** Delimited text, scanned into columns of numbers. */
export const reading = /* @__PURE__ */ new Chapter<Exports>(() => text);
