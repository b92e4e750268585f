import type * as Arrow from "../../arrow/index.js";
import { columnsOfTable, type Format, tableOf } from "./format.js";
import { watched, written } from "./pieces.js";
import { columnsOf } from "./writing.js";

/** Tables of Apache Arrow, by the package that nbytes/arrow asks for. */
export const arrow: Format = {
  endings: [".arrow", ".feather"],
  read: (place) =>
    watched(place, async (file) => ({ columns: columnsOfTable(await (await library()).readArrow(file)) })),
  write: async (place, content) => {
    const { writeArrow } = await library();
    using table = tableOf(columnsOf(content, place.path));
    await written(place, 0, (file) => writeArrow(table, file));
  },
};

// Loaded when such a file is met: it is an entry of its own.
const library = (): Promise<typeof Arrow> => import("../../arrow/index.js");
