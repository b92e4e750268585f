import { type Exports, text } from "../../../build/chapters/scanning.js";
import { Chapter } from "../chapter.js";

/** Running sums and products along an axis. */
export const scanning = /* @__PURE__ */ new Chapter<Exports>(() => text);
