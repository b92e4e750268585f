import { text as base } from "../../build/chapters/base.js";
import { exportsOf, type Kernel } from "./instance.js";
import { bytesOf } from "./unpack.js";

/** The names of the elementwise kernels and folds among exports: functions of a dtype and a box that return nothing. */
export type KernelsOf<E> = {
  [K in keyof E]: Kernel extends E[K]
    ? E[K] extends Kernel
      ? Parameters<E[K]>["length"] extends 2
        ? K
        : never
      : never
    : never;
}[keyof E] &
  string;

/**
 * A chapter of the core: a module of kernels on the one memory, compiled when the first of them is called. A bundle has
 * the text of those chapters only whose kernels it names.
 */
export class Chapter<E extends object> {
  #kernels: E | undefined;
  readonly #text: () => string;
  readonly #before: () => string[];

  // In dist/ the texts arrive later than this module: nbytes/slim has none.
  /** A chapter by its text and those that it was packed after beside the base. */
  constructor(text: () => string, before: () => string[] = () => []) {
    this.#text = text;
    this.#before = before;
  }

  /** What the chapter exports: compiles it at the first call. */
  get kernels(): E {
    this.#kernels ??= exportsOf<E>(() => bytesOf(this.#text(), base, ...this.#before()));
    return this.#kernels;
  }
}

/** What a kernel is called by: `run` may be replaced by one that is quicker. */
export interface Runnable {
  readonly run: Kernel;
}

/** A kernel that need not be compiled yet: the first call of `run` puts the export itself in its place. */
export class KernelRef<E extends object = object> implements Runnable {
  run: Kernel;
  constructor(chapter: Chapter<E>, name: KernelsOf<E>) {
    this.run = (dtype, box) => {
      this.run = chapter.kernels[name] as Kernel; // as KernelsOf says
      this.run(dtype, box);
    };
  }
}
