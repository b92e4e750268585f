/** Rows that print themselves as a table. */
export class Table<R> extends Array<R> {
  #text: () => string = () => "";

  /** @internal */
  static printed<R>(rows: readonly R[], text: () => string): Table<R> {
    const table = new Table<R>();
    for (const row of rows) table.push(row);
    table.#text = text;
    return table;
  }

  // What `map` and `filter` give are plain arrays: the text is that of the whole table.
  static override get [Symbol.species](): ArrayConstructor {
    return Array;
  }

  override toString(): string {
    return this.#text();
  }
}
