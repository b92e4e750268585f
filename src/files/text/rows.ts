import type { Descr } from "../../base/dtype.js";
import type { ParseError } from "../../base/errors.js";
import { shown } from "../../base/shown.js";
import { checkElement, isScalar, type ScalarLike, writeElement } from "../../core/scalar.js";
import { parseError } from "./dialect.js";
import type { ColumnKind, Scanner, Target } from "./scanner.js";
import { elementOf, kindOf, OTHER, SKIPPED } from "./values.js";

/** A function that makes a field's text an element, or another text. */
export type Converter = (text: string) => ScalarLike | string;

/** Which fields of a record are read, and how. */
export interface Picked {
  /** How many fields a record has, at least those that are read if it may have more. */
  readonly fields: number;
  readonly loose: boolean;
  /** For each column the field that goes there; null: each field is a column. */
  readonly from: readonly number[] | null;
  /** For each field the function that it is given to; null: there is none. */
  readonly converters: readonly (Converter | undefined)[] | null;
}

/** Records of one dtype as the rows of an array: what `loadtxt` and `loadInto` share. */
export class Rows implements Target {
  readonly columns: readonly ColumnKind[];
  readonly alike: number;
  readonly fields: number;
  readonly loose: boolean;
  readonly calls: boolean;
  /** For each field the columns that it goes into; null: the one of its number. */
  readonly #into: readonly (readonly number[])[] | null;
  readonly #picked: Picked;
  constructor(
    readonly scanner: Scanner,
    readonly descr: Descr,
    picked: Picked,
    /** The address of the first element, and the bytes from a row and a column to the next. */
    readonly layout: () => readonly [at: number, row: number, column: number],
  ) {
    const { fields, from, converters } = picked,
      into = from === null && converters === null ? null : columnsOf(fields, from);
    this.#into = into;
    this.#picked = picked;
    this.fields = fields;
    this.loose = picked.loose;
    this.calls = into?.some((list, field) => list.length > 0 && converters?.[field] !== undefined) ?? false;
    const kind = kindOf(descr);
    this.alike = into === null ? layout()[2] : 0;
    this.columns = into?.map((list, field) => {
      if (list.length === 0) return SKIPPED;
      // The core writes a field once.
      return list.length > 1 || converters?.[field] !== undefined ? OTHER : kind;
    }) ?? [kind];
  }

  place(field: number): readonly [at: number, step: number] {
    const [at, row, column] = this.layout();
    return [at + (this.#into?.[field][0] ?? field) * column, row];
  }

  field(row: number, field: number, text: string): void {
    const converter = this.#picked.converters?.[field],
      made = converter === undefined ? text : this.#converted(converter(text), field),
      value = typeof made === "string" ? elementOf(made, this.descr) : made;
    if (value === undefined)
      throw this.scanner.failure(
        `could not convert string ${shown(made)} to ${this.descr.name} at row ${row}, column ${field + 1}`,
        field,
      );
    const [at, next, step] = this.layout();
    for (const column of this.#into?.[field] ?? [field])
      writeElement(this.descr.code, at + row * next + column * step, value);
  }

  #converted(made: unknown, field: number): ScalarLike | string {
    if (typeof made === "string") return made;
    if (!isScalar(made)) throw this.scanner.failure(`the converter gave ${shown(made)}, which is no element`, field);
    checkElement(made, this.descr.code);
    return made;
  }

  ragged(row: number, fields: number, line: number): ParseError {
    const { where } = this.scanner,
      { loose, from, fields: expected } = this.#picked;
    if (loose) {
      const beyond = from!.find((field) => field >= fields)!;
      return parseError(where, `invalid column index ${beyond} at row ${row + 1} with ${fields} columns`, line);
    }
    return parseError(
      where,
      `the number of columns changed from ${expected} to ${fields} at row ${row + 1}; use \`usecols\` to select a subset and avoid this error`,
      line,
    );
  }
}

function columnsOf(fields: number, from: readonly number[] | null): number[][] {
  if (from === null) return Array.from({ length: fields }, (_, field) => [field]);
  const into: number[][] = Array.from({ length: fields }, () => []);
  for (const [column, field] of from.entries()) into[field].push(column);
  return into;
}
