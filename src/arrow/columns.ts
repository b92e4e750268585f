import { type NDArray, viewOf } from "../array/ndarray.js";
import type { Temporaries } from "../array/temporaries.js";
import { type Descr, type DType, descrOf } from "../base/dtype.js";
import { ValueError } from "../base/errors.js";
import { shown } from "../base/shown.js";
import { type Filler, fillerOf, type Kind } from "../columnar/fill.js";
import { memory } from "../core/instance.js";
import { Categorical, type CodeDType, Factors, MAKER } from "../table/factorize.js";
import type { Column } from "../table/table.js";
import type { ArrowBatch, ArrowColumn } from "./flechette.js";
import { DICTIONARY, kindOf, LARGE_UTF8, NULL, UTF8 } from "./types.js";

// Columns of Arrow are made in two steps. First all is read that lies in engine memory and becomes strings or lists: nothing
// is allocated there meanwhile, so that it stays where it is. Then the arrays are made.

/** A run of elements, which is found again after engine memory has moved. */
class Run {
  readonly #values: ArrowBatch["values"];
  readonly inEngine: boolean;
  readonly #at: number;
  constructor(values: ArrowBatch["values"], length: number) {
    this.#values = values;
    this.inEngine = values.buffer === memory.buffer;
    this.#at = values.byteOffset;
    this.length = length;
  }

  readonly length: number;

  /** Where it begins in engine memory. */
  get address(): number {
    return this.#at;
  }

  elements(): ArrayLike<number | bigint> {
    // The class of what it was.
    const Elements = this.#values.constructor as new (
      buffer: ArrayBufferLike,
      at: number,
      length: number,
    ) => ArrayLike<number | bigint>;
    return new Elements(this.inEngine ? memory.buffer : this.#values.buffer, this.#at, this.length);
  }
}

/** Makes the column; called when all columns are read. */
export type Make = (work: Temporaries) => Column;

/** What a column is made with. */
export interface Making {
  readonly name: string;
  readonly file: NDArray<DType>;
  /** What errors call the file. */
  readonly where: string;
  readonly fill: number | bigint | boolean | undefined;
  readonly batches: readonly number[];
}

/** Reads a column of some batches, and says how it is made. Errors: a `ValueError` that names the column. */
export function columnOf(column: ArrowColumn, making: Making, work: Temporaries): Make {
  const batches = making.batches.map((i) => column.data[i]);
  for (const batch of batches) check(batch, making);
  const { typeId } = column.type;
  if (typeId === DICTIONARY) return categoryOf(column, batches, making, work);
  const rows = batches.reduce((sum, { length }) => sum + length, 0),
    kind = kindOf(column.type)!;
  if (kind.dtype === "category") {
    const filler = fillerOf(making.name, kind, rows, true, undefined, work);
    putAll(
      filler,
      batches.map((batch) => stringsOf(batch, typeId, making)),
    );
    return () => filler.finish();
  }
  return numbersOf(kind, typeId, batches, rows, making);
}

function fail({ name, where }: Making, what: string): ValueError {
  return new ValueError(`column ${shown(name)} of ${where}: ${what}: it is damaged`);
}

// Whether all the elements are there that a batch has by its number of rows.
function check(batch: ArrowBatch | undefined, making: Making): void {
  if (batch === undefined || !Number.isSafeInteger(batch.length) || batch.length < 0)
    throw fail(making, "a batch without a length");
  const { length, nullCount, validity, values, offsets, type } = batch as ArrowBatch & { type: { typeId: number } };
  if (type.typeId === NULL) return;
  if (nullCount > 0 && (validity === undefined || validity.length * 8 < length))
    throw fail(making, `${length} rows, and no bits for their nulls`);
  if (type.typeId === UTF8 || type.typeId === LARGE_UTF8) {
    if (length > 0 && !(offsets !== undefined && offsets.length > length))
      throw fail(making, `${length} rows, and no places for their strings`);
    return;
  }
  const each = (values as { length?: number } | undefined)?.length ?? 0;
  const needed = placesOf(batch, length);
  if (each < needed) throw fail(making, `${length} rows, and values of ${each}`);
}

// Elements of its typed array that a batch needs.
function placesOf(batch: ArrowBatch, length: number): number {
  const { type } = batch as ArrowBatch & { type: { typeId: number; bitWidth?: number } };
  if (type.typeId === 6) return Math.ceil(length / 8);
  if (type.typeId === 7) return length * Math.max(1, (type.bitWidth ?? 128) / 64);
  if (type.typeId === 24) return length * 16;
  return length;
}

const isValid = ({ validity, nullCount }: ArrowBatch, i: number): boolean =>
  nullCount === 0 || ((validity![i >> 3] >> (i & 7)) & 1) === 1;

function putAll(filler: Filler, pieces: readonly ArrayLike<unknown>[]): void {
  let row = 0;
  for (const piece of pieces) {
    filler.put(piece, row);
    row += piece.length;
  }
}

const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

function stringsOf(batch: ArrowBatch, typeId: number, making: Making): (string | null)[] {
  const { length, offsets, values } = batch;
  const strings: (string | null)[] = [];
  for (let i = 0; i < length; i++) {
    if (!isValid(batch, i)) strings.push(null);
    else if (typeId === UTF8 || typeId === LARGE_UTF8) {
      const start = Number(offsets![i]),
        end = Number(offsets![i + 1]);
      if (!(start >= 0 && start <= end && end <= values.length)) throw fail(making, `a string from ${start} to ${end}`);
      strings.push(textOf((values as Uint8Array).subarray(start, end), making)); // the bytes of strings
    } else strings.push(batch.at(i) as string | null);
  }
  return strings;
}

function textOf(bytes: Uint8Array, making: Making): string {
  try {
    return decoder.decode(bytes);
  } catch {
    throw fail(making, "a string that is no UTF-8");
  }
}

// Codes stay where they are if they are such as `factorize` makes, and none is missing.
function categoryOf(column: ArrowColumn, batches: readonly ArrowBatch[], making: Making, work: Temporaries): Make {
  const categories = categoriesOf(batches[0]?.dictionary, making),
    alike = batches.every(({ dictionary }) => dictionary === batches[0].dictionary),
    { bitWidth = 32, signed = true } = column.type.indices ?? {};
  for (const batch of batches) {
    const { values, length } = batch;
    for (let i = 0; i < length; i++)
      if (isValid(batch, i) && !(Number(values[i]) >= 0 && Number(values[i]) < categories.length))
        throw fail(making, `the code ${values[i]} of ${categories.length}`);
  }
  if (!alike) throw fail(making, "batches of different dictionaries");
  const unique = new Set(categories).size === categories.length && !categories.includes(null);
  if (batches.length === 1 && batches[0].nullCount === 0 && unique && signed && bitWidth < 64) {
    const run = new Run(batches[0].values, batches[0].length),
      dtype = `int${bitWidth}` as CodeDType; // 8, 16 or 32 bits
    if (run.inEngine)
      return () =>
        new Categorical(seen(run, descrOf(dtype), making, work) as NDArray<CodeDType>, categories as string[], MAKER);
  }
  const factors = new Factors(),
    codes = new Int32Array(batches.reduce((sum, { length }) => sum + length, 0));
  let row = 0;
  for (const batch of batches) {
    for (let i = 0; i < batch.length; i++) {
      const text = isValid(batch, i) ? categories[Number(batch.values[i])] : null;
      codes[row++] = text === null ? -1 : factors.code(text);
    }
  }
  return () => {
    const made = factors.categorical(codes, work.op);
    work.use(made.codes);
    return made;
  };
}

function categoriesOf(dictionary: ArrowColumn | undefined, making: Making): (string | null)[] {
  if (dictionary === undefined) return [];
  return dictionary.data.flatMap((batch) => {
    check(batch, making);
    return stringsOf(batch, dictionary.type.typeId, making);
  });
}

function seen(run: Run, descr: Descr, { file }: Making, work: Temporaries): NDArray<DType> {
  return work.use(viewOf(file, descr, [run.length], [descr.itemsize], run.address - file.buffer.pointer));
}

function numbersOf(kind: Kind, typeId: number, batches: readonly ArrowBatch[], rows: number, making: Making): Make {
  const dtype = kind.dtype as DType, // no category: see columnOf
    whole = kind.read === undefined && batches.every(({ nullCount }) => nullCount === 0) && typeId !== NULL;
  if (whole) {
    const runs = batches.map(({ values, length }) => new Run(values, length));
    if (runs.length === 1 && runs[0].inEngine) return (work) => seen(runs[0], descrOf(dtype), making, work);
    return (work) => {
      const filler = fillerOf(
        making.name,
        kind,
        rows,
        false,
        undefined,
        work,
        runs.length > 1 ? "join" : "host-boundary",
      );
      let row = 0;
      for (const run of runs) {
        filler.put(run.elements(), row);
        row += run.length;
      }
      return filler.finish();
    };
  }
  const missing = typeId === NULL || batches.some(({ nullCount }) => nullCount > 0);
  // Lists of JavaScript: what is missing has no place among the elements.
  const lists = batches.map((batch) => valuesOf(batch, typeId));
  return (work) => {
    const filler = fillerOf(making.name, kind, rows, missing, making.fill, work, "dtype");
    putAll(filler, lists);
    return filler.finish();
  };
}

function valuesOf(batch: ArrowBatch, typeId: number): unknown[] {
  const { values, length } = batch,
    list: unknown[] = new Array(length);
  const words = typeId === 7 ? placesOf(batch, 1) : 1;
  for (let i = 0; i < length; i++) {
    if (typeId === NULL || !isValid(batch, i)) list[i] = null;
    else if (typeId === 6) list[i] = (Number(values[i >> 3]) >> (i & 7)) & 1;
    else if (typeId === 7 && typeof values[0] === "bigint")
      list[i] = signed(values as ArrayLike<bigint>, i * words, words);
    else list[i] = values[i];
  }
  return list;
}

// Words of 64 bits from the lowest on, in two's complement.
function signed(words: ArrayLike<bigint>, at: number, count: number): bigint {
  let value = 0n;
  for (let i = count - 1; i >= 0; i--) value = (value << 64n) | BigInt.asUintN(64, words[at + i]);
  return BigInt.asIntN(64 * count, value);
}
