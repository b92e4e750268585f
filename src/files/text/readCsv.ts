import type { Table } from "../../table/table.js";
import { Chunks } from "./chunks.js";
import { type CsvOptions, type CsvPlan, csvPlanOf } from "./csvOptions.js";
import { rowsIn } from "./lines.js";
import { checkText, isLateText, type LateTextSource, latePieces, nameOf, piecesOf, type TextSource } from "./pieces.js";

/**
 * Reads a CSV file in chunks: an async iterator of tables of at most `chunkRows` rows. Engine memory is that of one chunk's
 * columns if each table is disposed before the next is asked for. `source` is a path, bytes, `{ text }`, lines, a `Blob`, a
 * `Response` or a stream. Errors: a `ParseError` with file, line and column for what does not fit its column, another
 * number of fields, and quotes that are never closed; a `ValueError` for a column that there is not.
 */
export function readCsv(source: TextSource | LateTextSource, options?: CsvOptions): CsvReader {
  const plan = csvPlanOf(options, arguments.length);
  checkText(source, "readCsv");
  return new CsvReader(source, plan);
}

/** The tables of a CSV file, one after the other. */
export class CsvReader implements AsyncIterableIterator<Table> {
  readonly #chunks: Chunks;
  readonly #tables: AsyncGenerator<Table, void, void>;
  /** @internal Readers are made by `readCsv`. */
  constructor(source: TextSource | LateTextSource, plan: CsvPlan) {
    this.#chunks = new Chunks({ op: "readCsv", name: nameOf(source) }, plan);
    this.#tables = tablesIn(source, plan, this.#chunks);
  }

  /** Records that were left out so far, with `onError: "skip"`. */
  get skipped(): number {
    return this.#chunks.skipped;
  }

  /** The next table. */
  next(): Promise<IteratorResult<Table, void>> {
    return this.#tables.next();
  }

  /** Ends the reading early: what `break` calls. */
  return(): Promise<IteratorResult<Table, void>> {
    return this.#tables.return();
  }

  [Symbol.asyncIterator](): this {
    return this;
  }
}

async function* tablesIn(
  source: TextSource | LateTextSource,
  plan: CsvPlan,
  made: Chunks,
): AsyncGenerator<Table, void, void> {
  using chunks = made;
  // A text that is there is counted first, up to a chunk: no more room is made than it needs.
  if (!isLateText(source))
    chunks.expected = rowsIn(piecesOf(source, "readCsv"), plan.dialect, plan.skip, plan.rows + Number(plan.header));
  for await (const piece of latePieces(source, "readCsv")) {
    chunks.add(piece);
    for (let table = chunks.next(); table !== null; table = chunks.next()) yield table;
  }
  chunks.end();
  for (let table = chunks.next(); table !== null; table = chunks.next()) yield table;
}
