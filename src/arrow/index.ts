// nbytes/arrow: tables from and to Apache Arrow's files, streams and tables, by the package @uwdata/flechette, which a
// program that wants it installs. It is loaded when a function here is first called.
import "../whole.js";

export type { Fill } from "../columnar/fill.js";
export { ImportError } from "../columnar/packages.js";
export type { TableSource } from "../columnar/ranges.js";
export type { ArrowTable } from "./flechette.js";
export { type ArrowOptions, fromArrow, readArrow, readArrowBatches } from "./read.js";
export { toArrow, type WriteArrowOptions, writeArrow } from "./write.js";
