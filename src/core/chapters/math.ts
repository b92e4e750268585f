import { type Exports, text } from "../../../build/chapters/math.js";
import { text as tables } from "../../../build/tables.js";
import { Chapter } from "../chapter.js";

/** Roots, powers, exponentials, logarithms and trigonometry, element by element. */
export const math = /* @__PURE__ */ new Chapter<Exports>(
  () => text,
  () => [tables],
);
