// The namespace `memory`: everything that shows, bounds or ends the life of array memory.
import { counting } from "../base/arity.js";
import { printAsText } from "../base/shown.js";
import "./state/disposal.js";
import { Table } from "./common/table.js";
import { Growable } from "./keep/growable.js";
import { LruCache } from "./keep/lruCache.js";
import { Pool } from "./keep/pool.js";
import { Weak } from "./keep/weak.js";
import { WeakCache } from "./keep/weakCache.js";
import { markEnd } from "./places/sites.js";
import { LineTable } from "./report/lineTable.js";
import { Report } from "./report/report.js";
import { Timeline } from "./report/timeline.js";
import { MemoryClasses } from "./state/classes.js";
import { Info } from "./state/facts.js";
import { HostMemory } from "./state/host.js";
import { MemoryMap } from "./state/map.js";
import { SizeOf } from "./state/sizeOf.js";
import { Snapshot } from "./state/snapshot.js";
import { Leaks } from "./watch/leaks.js";
import { Budget } from "./watch/limit.js";
import { Scope } from "./watch/scope.js";
import { Tracing } from "./watch/trace.js";

export { blocks } from "./keep/chunks.js";
export { deepCopy } from "./keep/deepCopy.js";
export { type FromIterOptions, fromIter } from "./keep/fromIter.js";
export type { AllocEvent } from "./record/events.js";
export type { Advice, Spared } from "./report/advice.js";
export type { Copy, Temporary } from "./report/copies.js";
export type { ExportOptions, TextFormat } from "./report/exports.js";
export { type ClassRow, type ClassSums, classes, MemoryClasses } from "./state/classes.js";
export { type Collected, collect } from "./state/collect.js";
export { type BufferInfo, bufferOf, buffers, Info, info } from "./state/facts.js";
export { type Estimate, type EstimateOptions, estimate } from "./watch/estimate.js";
export { type Forgotten, warnForgotten } from "./watch/forgotten.js";

import { Graph } from "./state/graph.js";

export { Growable, type GrowableOptions, type GrowableStats, growable } from "./keep/growable.js";
export { LruCache, type LruCacheOptions, type LruCacheStats, lruCache } from "./keep/lruCache.js";
export { Pool, type PoolOptions, type PoolStats, pool } from "./keep/pool.js";
export { Weak, weak } from "./keep/weak.js";
export { WeakCache, weakCache } from "./keep/weakCache.js";
export type { Site } from "./places/sites.js";
export type { Level } from "./record/recorder.js";
export type { LineRow, LineTable } from "./report/lineTable.js";
export { Report } from "./report/report.js";
export type { FreedRow, OpRow, OwnerRow } from "./report/reportTables.js";
export type { Forgetting, Overhead } from "./report/reportText.js";
export { Timeline, type TimelinePoint } from "./report/timeline.js";
export type { ViewRow } from "./report/viewRows.js";
export type { Fragmentation, Pinning } from "./state/fragmentation.js";
export { Graph, type GraphEdge, type GraphNode, graph } from "./state/graph.js";
export { type HostFigures, HostMemory, host, hostAsync } from "./state/host.js";
export { MemoryMap, map, type Region } from "./state/map.js";
export { SizeOf, sizeOf } from "./state/sizeOf.js";
export {
  type GroupBy,
  growth,
  type Held,
  mostCommon,
  Snapshot,
  type Stat,
  type StatDiff,
  snapshot,
} from "./state/snapshot.js";
export { resetPeak, summary, type Usage, usage } from "./state/usage.js";
export { explain, wouldCopy } from "./state/wouldCopy.js";
export { type Leak, Leaks, leaks } from "./watch/leaks.js";
export { Budget, type Limits, limit } from "./watch/limit.js";
export { open, Scope, scope } from "./watch/scope.js";
export { lines, start, stop, Trace, type TraceOptions, Tracing, trace, tracing } from "./watch/trace.js";
export { traceAsync } from "./watch/traceAsync.js";

printAsText(Budget, Growable, HostMemory, Info, Leaks, LineTable, LruCache, MemoryClasses, MemoryMap);
printAsText(Pool, Report, Scope, SizeOf, Snapshot, Table, Timeline, Tracing, Weak, WeakCache);

counting(Budget, Graph, HostMemory, Info, Leaks, LineTable, MemoryClasses, MemoryMap, Report, SizeOf);
counting(Snapshot, Table, Timeline, Tracing, Weak, WeakCache);

// The library's code in a bundle ends here or in methods.ts, as the bundler likes.
markEnd(new Error("where nbytes ends"));
