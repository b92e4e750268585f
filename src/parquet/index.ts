// nbytes/parquet: tables from and to Parquet files, by the packages hyparquet and hyparquet-writer, which a program that
// wants it installs. They are loaded when a function here is first called.
import "../whole.js";

export type { Fill } from "../columnar/fill.js";
export { ImportError } from "../columnar/packages.js";
export type { TableSource } from "../columnar/ranges.js";
export { type ParquetInfo, type ParquetOptions, parquetInfo, readParquet, readParquetGroups } from "./read.js";
export { type WriteParquetOptions, writeParquet } from "./write.js";
