import { type Exports, text } from "../../build/chapters/casts.js";
import { Chapter } from "./chapter.js";

// In this folder, not among the chapters: the box needs it.

/** Elements of one dtype as elements of another: many loops, which a program that never casts does not unpack. */
export const casts = /* @__PURE__ */ new Chapter<Exports>(() => text);
