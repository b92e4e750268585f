import { byCode, type DType, dtypes, limitsOf } from "../base/dtype.js";
import { formatBytes } from "../base/units.js";
import { packOut, packX, runBox, setBox, setNumbers, setOut, setX, setY } from "../core/box.js";
import { columns } from "../core/chapters/columns.js";
import { core } from "../core/instance.js";
import { counted } from "../memory/common/text.js";
import type { Block } from "./block.js";
import { type Candidate, candidates } from "./tally.js";
import { DISTINCT, type Kept } from "./work.js";

/** Something smaller than another dtype alone: `bool`, whole numbers of a smaller unit, codes and a table. */
export interface Idea {
  readonly kind: "bool" | "scaled" | "categorical";
  /** The bytes the column would take. */
  readonly nbytes: number;
  /** The dtype of the whole numbers, or of the codes. */
  readonly dtype: DType;
  /** What every value is multiplied by, to be a whole number; dividing by it gives each value back, to the bit. */
  readonly scale: number;
  readonly text: string;
}

const scales = [1, 10, 100, 1000];
const integers = candidates.filter((name) => !name.startsWith("float"));

// Integer dtypes by their width: bits are compared, whatever they mean.
const unsigned = new Map(byCode.filter(({ kind }) => kind === "u").map(({ itemsize, code }) => [itemsize, code]));

/** What is looked for beside the candidates, block by block, until there is no hope left. */
export class Search {
  // The scales that make whole numbers of all values: at first all, and with each block fewer.
  #left: readonly number[] = scales;
  #distinct = 0;

  constructor(readonly kept: Kept) {}

  add(block: Block): void {
    if (this.#left.length > 0 && !block.whole) this.#left = this.#left.filter((scale) => areWhole(block, scale));
    if (this.#distinct <= DISTINCT) this.#distinct = countDistinct(block, this.kept, this.#distinct);
  }

  /** How many values are different by their bits; null if they are more than 256. */
  get distinct(): number | null {
    return this.#distinct > DISTINCT ? null : this.#distinct;
  }

  /** What would be exact and no larger than the column is, and, but for `scaled`, smaller than its best dtype. */
  ideas(column: ColumnFacts): Idea[] {
    const { size, from, itemsize, best, nans } = column,
      [min, max] = [Number(column.min), Number(column.max)],
      found: Idea[] = [];
    if (size === 0) return found;
    const [scale] = this.#left;
    if (scale === 1 && min >= 0 && max <= 1 && nans === 0 && from !== "bool")
      found.push({ kind: "bool", nbytes: size, dtype: "bool", scale: 1, text: "bool holds it: only 0 and 1" });
    if (scale > 1) {
      const dtype = integers.find(
        (name) => min * scale >= Number(limitsOf(name)[0]) && max * scale <= Number(limitsOf(name)[1]),
      );
      const width = dtype === undefined ? itemsize : dtypes[dtype].itemsize,
        beside = best === null ? itemsize : best.itemsize;
      if (width < itemsize && !(best?.verdict === "lossless" && width >= beside)) {
        const than =
          width === beside ? "same size" : width < beside ? "and smaller" : `but ${formatBytes(size * width)}`;
        found.push({
          kind: "scaled",
          nbytes: size * width,
          dtype: dtype!, // its width was less
          scale,
          text: `${dtype} ×${scale} is lossless, ${than}`,
        });
      }
    }
    if (this.#distinct > DISTINCT || found.some(({ kind }) => kind === "bool")) return found;
    const table = this.#distinct * itemsize,
      nbytes = size + table;
    if (nbytes < size * (best?.itemsize ?? itemsize)) {
      const dtype = this.#distinct > 128 ? "uint8" : "int8",
        codes = `${counted(this.#distinct, "distinct value")}: ${dtype} codes and a table would be ${formatBytes(nbytes)}`;
      found.push({ kind: "categorical", nbytes, dtype, scale: 1, text: codes });
    }
    return found;
  }
}

/** What ideas are judged by. */
export interface ColumnFacts {
  readonly from: DType;
  readonly size: number;
  readonly itemsize: number;
  readonly min: number | bigint;
  readonly max: number | bigint;
  readonly nans: number;
  readonly best: Candidate | null;
}

function areWhole({ work, x }: Block, scale: number): boolean {
  work.computeWith("multiply", work.near, x, scale);
  work.compute("rint", work.near, work.near);
  work.computeWith("divide", work.back, work.near, scale);
  return work.test("equal", work.mask, work.back, x) === work.n;
}

function countDistinct({ work, descr }: Block, { table, first }: Kept, known: number): number {
  const code = unsigned.get(descr.itemsize)!,
    width = descr.itemsize;
  if (known === 0) {
    setBox(1, 1);
    packOut(first, width);
    packX(work.values, width);
    runBox(core.copy, width);
    setBox(1, 512);
    packOut(table, width);
    setX(first, 0, 0);
    runBox(core.copy, width);
  }
  setBox(1, work.n);
  setOut(table, 0, 0);
  packX(work.values, width);
  setY(first, 0, 0);
  setNumbers(Math.max(known, 1), DISTINCT, 0);
  return runBox(columns.kernels.distinct, code);
}
