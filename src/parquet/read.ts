import { takes } from "../array/options.js";
import { Temporaries } from "../array/temporaries.js";
import type { DType } from "../base/dtype.js";
import { DTypeError, IndexError, ValueError } from "../base/errors.js";
import { isList, shown } from "../base/shown.js";
import { type Fill, type Filler, fillerOf } from "../columnar/fill.js";
import { chosenNames } from "../columnar/names.js";
import type { TableSource } from "../columnar/ranges.js";
import { MAKER } from "../table/factorize.js";
import { type Column, Table } from "../table/table.js";
import { ParquetFile } from "./file.js";
import type { Leaf } from "./leaves.js";

/** How a Parquet file is read. */
export interface ParquetOptions {
  /** The columns to read, in this order; all if not given. */
  columns?: readonly string[];
  /** The row groups to read, by number; all if not given. */
  rowGroups?: readonly number[];
  /** What stands for missing values, by column: the column keeps its dtype then. */
  fill?: Fill;
}

/** What a Parquet file says of itself. */
export interface ParquetInfo {
  readonly rows: number;
  /** The rows of each row group. */
  readonly rowGroups: readonly number[];
  readonly columns: readonly {
    readonly name: string;
    /** The type in the file: `INT64 TIMESTAMP MICROS`. */
    readonly type: string;
    /** What `readParquet` makes of it where no value is missing; null for what it does not read. */
    readonly dtype: DType | "category" | null;
    /** Whether values may be missing. */
    readonly nullable: boolean;
  }[];
  readonly createdBy: string;
}

const OPTIONS = { columns: "anything", rowGroups: "anything", fill: "anything" } as const;
const READ = takes("readParquet(source)", OPTIONS),
  GROUPS = takes("readParquetGroups(source)", OPTIONS),
  INFO = takes("parquetInfo(source)");

/**
 * Reads a Parquet file into a table. Numbers have the dtype of the file; dates and times are float64 milliseconds since
 * 1970 (as `Date` counts them), decimals float64, strings codes and categories. Missing values are NaN: integers and bools
 * that have some become float64, unless `fill` says what stands for them; missing strings have no category. JavaScript's
 * heap holds one column of one row group at a time. Needs the package hyparquet. Returns a copy. Errors: an `ImportError`
 * without it; a `ValueError` for a file that is damaged; a `DTypeError` that names a column of lists, maps or structs,
 * unless `columns` leaves it out; a `FileError` for a path that cannot be read.
 */
export async function readParquet(source: TableSource, options?: ParquetOptions): Promise<Table> {
  const read = READ.read(options, arguments.length);
  using file = await ParquetFile.open(source, "readParquet");
  const job = new Job(file, read, "readParquet");
  return await job.table(job.groups);
}

/**
 * Reads a Parquet file by row groups: an async iterator of tables. Engine memory is that of one row group if each table is
 * disposed before the next is asked for. A column has one dtype in all tables, where the file tells how many values are
 * missing; the codes of strings begin anew in each. Errors: those of `readParquet`.
 */
export async function* readParquetGroups(
  source: TableSource,
  options?: ParquetOptions,
): AsyncGenerator<Table, void, void> {
  const read = GROUPS.read(options, arguments.length);
  using file = await ParquetFile.open(source, "readParquetGroups");
  const job = new Job(file, read, "readParquetGroups");
  for (const group of job.groups) yield await job.table([group]);
}

/** Reads what a Parquet file says of itself: rows, row groups and columns. Of the data nothing is read. */
export async function parquetInfo(source: TableSource): Promise<ParquetInfo> {
  INFO.count(arguments.length);
  using file = await ParquetFile.open(source, "parquetInfo");
  return {
    rows: file.rows,
    rowGroups: file.groups.map(({ rows }) => rows),
    columns: file.leaves.map(({ name, type, kind, optional }) => ({
      name,
      type,
      dtype: kind?.dtype ?? null,
      nullable: optional,
    })),
    createdBy: file.createdBy,
  };
}

class Job {
  readonly groups: readonly number[];
  readonly #file: ParquetFile;
  readonly #leaves: readonly Leaf[];
  readonly #fill: Fill;
  readonly #op: string;
  constructor(file: ParquetFile, { columns, rowGroups, fill = {} }: ParquetOptions, op: string) {
    this.#file = file;
    this.#op = op;
    this.#leaves = chosen(file, columns, op);
    this.groups = groupsOf(file, rowGroups, op);
    this.#fill = fill;
    chosenNames(Object.keys(fill), names(file), `${op}: ${file.name}`);
  }

  /** The table of some row groups. */
  async table(groups: readonly number[]): Promise<Table> {
    using work = new Temporaries(this.#op);
    const rows = groups.reduce((sum, group) => sum + this.#file.groups[group].rows, 0),
      fillers = this.#leaves.map((): Filler | null => null);
    let row = 0;
    for (const group of groups) {
      if (this.#file.groups[group].rows === 0) continue;
      for (const [i, leaf] of this.#leaves.entries()) {
        const pieces = await this.#file.read(group, leaf);
        // What is read first is checked first: a file that promises too much ends before it is believed.
        fillers[i] ??= this.#filler(leaf, rows, work);
        const filler = fillers[i];
        let at = row;
        for (const piece of pieces) {
          filler.put(piece, at);
          at += piece.length;
        }
      }
      row += this.#file.groups[group].rows;
    }
    const columns = new Map<string, Column>();
    for (const [i, leaf] of this.#leaves.entries())
      columns.set(leaf.name, (fillers[i] ?? this.#filler(leaf, rows, work)).finish());
    for (const column of columns.values()) work.release("codes" in column ? column.codes : column);
    return new Table(columns, MAKER);
  }

  #filler(leaf: Leaf, rows: number, work: Temporaries): Filler {
    const missing = this.groups.some((group) => (this.#file.missing(this.#file.groups[group], leaf) ?? 0) > 0);
    return fillerOf(leaf.name, leaf.kind!, rows, missing, this.#fill[leaf.name], work);
  }
}

function chosen(file: ParquetFile, columns: readonly string[] | undefined, op: string): readonly Leaf[] {
  const where = `${op}: ${file.name}`,
    wanted = chosenNames(columns, names(file), where);
  const leaves = wanted.map((name) => file.leaves.find((leaf) => leaf.name === name)!);
  for (const { name, kind, reason, type } of leaves) {
    if (kind !== null) continue;
    const others = file.leaves.filter((leaf) => leaf.kind !== null).map((leaf) => shown(leaf.name));
    throw new DTypeError(
      `${op}: column ${shown(name)} of ${file.name} ${reason} (${type}); leave it out: columns: [${others.slice(0, 10).join(", ")}]`,
    );
  }
  return leaves;
}

const names = ({ leaves }: ParquetFile): readonly string[] => leaves.map(({ name }) => name);

function groupsOf(file: ParquetFile, rowGroups: readonly number[] | undefined, op: string): readonly number[] {
  if (rowGroups === undefined) return file.groups.map((_, i) => i);
  if (!isList(rowGroups)) throw new ValueError(`${op} takes a list of numbers as rowGroups, not ${shown(rowGroups)}`);
  for (const group of rowGroups)
    if (!(Number.isInteger(group) && (group as number) >= 0 && (group as number) < file.groups.length))
      throw new IndexError(`${op}: row group ${shown(group)} of ${file.name}, which has ${file.groups.length}`);
  return rowGroups;
}
