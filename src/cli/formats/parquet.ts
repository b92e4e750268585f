import { descrOf } from "../../base/dtype.js";
import type * as Parquet from "../../parquet/index.js";
import { columnsOfTable, type Fact, type Format, tableOf } from "./format.js";
import { watched, written } from "./pieces.js";
import { columnsOf } from "./writing.js";

/** Tables of Parquet, by the packages that nbytes/parquet asks for. */
export const parquet: Format = {
  endings: [".parquet"],
  read: (place, rows) =>
    watched(place, async (file) => {
      const { readParquet, parquetInfo } = await library(),
        groups = rows === undefined ? undefined : groupsFor(rows, await parquetInfo(file));
      return { columns: columnsOfTable(await readParquet(file, groups === undefined ? {} : { rowGroups: groups })) };
    }),
  facts: (place) => watched(place, factsOf),
  write: async (place, content) => {
    const { writeParquet } = await library();
    using table = tableOf(columnsOf(content, place.path));
    await written(place, 0, (file) => writeParquet(table, file));
  },
};

// Loaded when such a file is met: it is an entry of its own.
const library = (): Promise<typeof Parquet> => import("../../parquet/index.js");

// The first groups that together have so many rows.
function groupsFor(rows: number, { rowGroups }: Parquet.ParquetInfo): number[] {
  let have = 0;
  const groups: number[] = [];
  for (let i = 0; i < rowGroups.length && (have < rows || i === 0); i++) {
    groups.push(i);
    have += rowGroups[i];
  }
  return groups;
}

async function factsOf(file: Parameters<typeof Parquet.parquetInfo>[0]): Promise<Fact[]> {
  const { rows, columns } = await (await library()).parquetInfo(file);
  return columns.map(({ name, type, dtype }) => ({
    name,
    dtype: dtype === "category" ? "text" : (dtype ?? "not read"),
    shape: [rows],
    ...(dtype === null || dtype === "category" ? {} : { bytes: rows * descrOf(dtype).itemsize }),
    stored: type,
  }));
}
