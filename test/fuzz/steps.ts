import type { DType } from "nbytes";
import { arranging, joining } from "./arranging.js";
import { choosing, writing } from "./choosing.js";
import { folding, lazily, ufunc } from "./computing.js";
import { type Base, Draw, DTYPES, type Operand, Random, type View } from "./views.js";

// Random programs as data: a few buffers, and steps over views of them. TypeScript and Python run the same lists.

/** One call. */
export interface Step {
  /** How its arguments are handed over; `execute.ts` and `fuzz_judge.py` have a function for each. */
  readonly kind: "ufunc" | "fold" | "lazy" | "arrange" | "join" | "choose" | "write";
  readonly f: string;
  readonly args: readonly Operand[];
  readonly out?: View;
  readonly where?: View;
  readonly axis?: number | readonly number[] | null;
  /** Options by their names here. */
  readonly options?: Readonly<Record<string, string | number | boolean>>;
  /** Further arguments: numbers, lists, items of an index, the tree of an expression. */
  readonly more?: readonly unknown[];
  /** Memory is full before the step: what it allocates makes memory grow. */
  readonly grow?: boolean;
}

/** The buffers, and what is done with them. */
export interface Program {
  readonly bases: readonly Base[];
  readonly steps: readonly Step[];
}

const REAL = DTYPES.filter((dtype) => !dtype.startsWith("complex"));

/** The array that a step writes into, if it was there before. */
export function written(step: Step): View | undefined {
  return step.out ?? (step.kind === "write" ? (step.args[0] as View) : undefined); // what is written is a view
}

/** A program that follows from a seed alone. */
export function program(seed: number): Program {
  const random = new Random(seed),
    length = lengthOf(random);
  // Few dtypes a program: overlap needs operands of one buffer.
  const dtypes = random.chance(0.5) ? [random.of(DTYPES)] : [random.of(DTYPES), random.of(REAL)];
  const bases = Array.from({ length: random.int(1, 4) }, (_, i) => ({
    dtype: i === 0 ? dtypes[0] : random.chance(0.3) ? ("bool" as DType) : random.of(dtypes),
    length,
    seed: random.int(0, 1e9),
  }));
  bases.push({ dtype: "bool", length, seed: random.int(0, 1e9) });
  const steps = random.list(random.int(1, 8), () => step(new Draw(random, bases)));
  return { bases, steps };
}

// Most programs are small; some go beyond a tile of 2,048 elements, and some beyond a call of 64 Ki.
function lengthOf(random: Random): number {
  const draw = random.next();
  if (draw < 0.01) return random.int(66_000, 140_000);
  if (draw < 0.1) return random.int(2000, 9000);
  return random.int(1, draw < 0.5 ? 24 : 150);
}

function step(draw: Draw): Step {
  const kind = draw.random.next(),
    grow = draw.random.maybe(0.002, () => true);
  const made =
    kind < 0.42
      ? ufunc(draw)
      : kind < 0.62
        ? folding(draw)
        : kind < 0.72
          ? arranging(draw)
          : kind < 0.78
            ? joining(draw)
            : kind < 0.88
              ? choosing(draw)
              : kind < 0.97
                ? writing(draw)
                : lazily(draw);
  return grow ? { ...made, grow } : made;
}
