import * as np from "../../src/index.js";

const DTYPES = [
  "int8",
  "int16",
  "int32",
  "int64",
  "uint8",
  "uint16",
  "uint32",
  "uint64",
  "float16",
  "float32",
  "float64",
] as const;

/** A column of each dtype that files of columns have, with the least and the greatest value of integers. */
export function everyKind(rows: number): Record<string, np.NDArray> {
  const columns: Record<string, np.NDArray> = {};
  for (const dtype of DTYPES) {
    const info = dtype.startsWith("float") ? null : np.iinfo(dtype),
      valueAt = (i: number): unknown => (info === null ? (i % 7 === 0 ? -0 : i / 3) : [info.min, info.max, 5][i % 3]);
    columns[dtype] = np.array(Array.from({ length: rows }, (_, i) => valueAt(i)) as number[], { dtype }) as np.NDArray;
  }
  columns.bool = np.array(Array.from({ length: rows }, (_, i) => i % 3 === 0)) as np.NDArray;
  return columns;
}
