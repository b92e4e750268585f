import type { Descr } from "../../base/dtype.js";
import type { ParseError } from "../../base/errors.js";
import { shown } from "../../base/shown.js";
import { checkElement, isScalar, type ScalarLike, writeElement } from "../../core/scalar.js";
import { parseError, type Where } from "./dialect.js";
import type { ColumnKind, Scanner, Target } from "./scanner.js";
import { elementOf, kindOf, looseElementOf, OTHER, SKIPPED } from "./values.js";

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

/** What becomes of what cannot be read: `genfromtxt`'s. */
export interface Lenient {
  /** The texts that are missing values, by column. */
  missing(column: number): ReadonlySet<string>;
  /** What stands for them, and for what is no element if `loose`. */
  filling(column: number, descr: Descr): ScalarLike;
  readonly loose: boolean;
  /** Whether records of another number of fields are left out. */
  readonly skipsRagged: boolean;
}

/** Records of one dtype as the rows of an array: what `loadtxt`, `genfromtxt` and `loadInto` share. */
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
    readonly lenient: Lenient | null = null,
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
      value = typeof made === "string" ? this.#element(made, field) : made;
    if (value === undefined)
      throw this.scanner.failure(
        `could not convert string ${shown(made)} to ${this.descr.name} at row ${row}, column ${field + 1}`,
        field,
      );
    const [at, next, step] = this.layout();
    for (const column of this.#into?.[field] ?? [field])
      writeElement(this.descr.code, at + row * next + column * step, value);
  }

  // What is a number is never missing, as in NumPy.
  #element(text: string, field: number): ScalarLike | undefined {
    const { lenient, descr } = this;
    if (lenient === null) return elementOf(text, descr);
    const value = looseElementOf(text, descr);
    if (value === null)
      throw this.scanner.failure(`Python integer ${text.trim()} out of bounds for ${descr.name}`, field);
    if (value !== undefined) return value;
    return lenient.loose || lenient.missing(field).has(text.trim()) ? lenient.filling(field, descr) : undefined;
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
    if (this.lenient !== null) return raggedError(where, fields, from?.length ?? expected, line);
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

/** NumPy's sentence for a record of another number of fields, where it has several of them. */
export function raggedError(where: Where, fields: number, expected: number, line: number): ParseError {
  return parseError(
    where,
    `Some errors were detected !\n    Line #${line} (got ${fields} columns instead of ${expected})`,
    line,
  );
}

function columnsOf(fields: number, from: readonly number[] | null): number[][] {
  if (from === null) return Array.from({ length: fields }, (_, field) => [field]);
  const into: number[][] = Array.from({ length: fields }, () => []);
  for (const [column, field] of from.entries()) into[field].push(column);
  return into;
}
