// The namespace `shrink`: how small the dtypes of columns can be, and what it costs.
import { printAsText } from "../base/shown.js";
import { Report } from "./report.js";

export { apply, type Shrunk } from "./apply.js";
export type { ColumnReport, Drift } from "./column.js";
export type { Idea } from "./ideas.js";
export { Report, type ReportOptions, report } from "./report.js";
export type { Columns, Streamed, TableLike } from "./sources.js";
export { type SweepResult, type SweepRow, sweep } from "./sweep.js";
export type { Candidate, CandidateDType, Tolerance } from "./tally.js";

printAsText(Report);
