import type { NDArray } from "../array/ndarray.js";
import { bitsOf, roundTo } from "../base/digits.js";
import { ValueError } from "../base/errors.js";
import { plain } from "../base/plain.js";
import { shown } from "../base/shown.js";
import { Analysis, type Asked, type ColumnReport, sumIn } from "./column.js";
import { type Columns, isTable } from "./sources.js";
import type { CandidateDType } from "./tally.js";
import { Work } from "./work.js";

// Columns that come in pieces, as the tables of a file do: all are looked at side by side, and each piece is let go before
// the next is asked for.

interface Column {
  readonly analysis: Analysis;
  /** The sums of the pieces added up, in float64 and in the dtypes that may be chosen. */
  exact: number;
  readonly paired: Map<CandidateDType, number>;
}

/** What is known so far of columns that come in pieces; `using`, for it has scratch. */
export class Pieces {
  readonly #columns: ReadonlyMap<string, Column>;
  readonly #work: Work;
  #count = 0;

  /** Begins with the first piece, which says what columns there are. */
  constructor(first: Columns, askedOf: (name: string) => Asked) {
    const names = Object.keys(first),
      asked = names.map(askedOf);
    this.#work = new Work("shrink.report", names.length);
    this.#columns = new Map(
      names.map((name, k) => {
        const analysis = new Analysis(name, first[name].descr, asked[k], this.#work, k);
        return [name, { analysis, exact: 0, paired: new Map(analysis.floats.map((dtype) => [dtype, 0])) }];
      }),
    );
  }

  add(piece: Columns): void {
    this.#count++;
    const names = Object.keys(piece),
      known = [...this.#columns.keys()];
    if (names.join("\0") !== known.join("\0"))
      throw new ValueError(
        `table ${this.#count} has the columns ${names.map(plain).join(", ")}, and the first ${known.map(plain).join(", ")}`,
      );
    for (const name of names) this.#addTo(this.#columns.get(name)!, piece[name]);
  }

  #addTo(column: Column, piece: NDArray): void {
    const { analysis, paired } = column;
    if (piece.dtype !== analysis.descr.name)
      throw new ValueError(
        `column ${shown(analysis.name)} is ${piece.dtype} in table ${this.#count}, and ${analysis.descr.name} in the first: give it one dtype, readCsv(path, { dtypes: { … } })`,
      );
    analysis.add(piece);
    const { floats } = analysis;
    if (floats.length > 0) column.exact += sumIn(piece, "float64");
    for (const dtype of floats) paired.set(dtype, roundTo(bitsOf(dtype), paired.get(dtype)! + sumIn(piece, dtype)));
  }

  finish(): ColumnReport[] {
    return [...this.#columns.values()].map(({ analysis, exact, paired }) =>
      analysis.finish([analysis.size], ({ dtype, runningSum }) => ({
        dtype,
        running: runningSum,
        paired: paired.get(dtype)!,
        exact,
      })),
    );
  }

  [Symbol.dispose](): void {
    this.#work.release();
  }
}

/** Gives a table up that was read: it was made for this. An object of arrays is whose it is. */
export function giveUp(table: unknown): void {
  if (isTable(table)) (table as Partial<Disposable>)[Symbol.dispose]?.(); // tables of others may need none
}
