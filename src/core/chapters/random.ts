import { type Exports, text } from "../../../build/chapters/random.js";
import { text as tables } from "../../../build/tables.js";
import { Chapter } from "../chapter.js";
import type { Kernel } from "../instance.js";

declare const generator: unique symbol;
/** Where the state of a generator lies in the core, and what a call of it wants: no box. */
export type GeneratorAt = number & { readonly [generator]: true };

/** A kernel that reads and writes a generator where others have a box. */
export type Draw = (dtype: number, generator: GeneratorAt) => void;

type Drawing<F> = F extends () => number ? () => GeneratorAt : F extends Kernel ? Draw : F;

/** NumPy's streams of random values. */
export const random = /* @__PURE__ */ new Chapter<{ [K in keyof Exports]: Drawing<Exports[K]> }>(
  () => text,
  () => [tables],
);
