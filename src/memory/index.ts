// The namespace `memory`: everything that shows, bounds or ends the life of array memory.
import { counting } from "../arity.js";
import { printAsText } from "../shown.js";
import "./disposal.js";
import { MemoryClasses } from "./classes.js";
import { Info } from "./facts.js";
import { Growable } from "./growable.js";
import { HostMemory } from "./host.js";
import { Leaks } from "./leaks.js";
import { Budget } from "./limit.js";
import { LineTable } from "./lineTable.js";
import { LruCache } from "./lruCache.js";
import { MemoryMap } from "./map.js";
import { Pool } from "./pool.js";
import { Report } from "./report.js";
import { Scope } from "./scope.js";
import { markEnd } from "./sites.js";
import { SizeOf } from "./sizeOf.js";
import { Snapshot } from "./snapshot.js";
import { Table } from "./table.js";
import { Timeline } from "./timeline.js";
import { Tracing } from "./trace.js";
import { Weak } from "./weak.js";
import { WeakCache } from "./weakCache.js";

export type { Advice, Spared } from "./advice.js";
export { blocks } from "./chunks.js";
export { type ClassRow, type ClassSums, classes, MemoryClasses } from "./classes.js";
export { type Collected, collect } from "./collect.js";
export type { Copy, Temporary } from "./copies.js";
export { deepCopy } from "./deepCopy.js";
export { type Estimate, type EstimateOptions, estimate } from "./estimate.js";
export type { AllocEvent } from "./events.js";
export type { ExportOptions, TextFormat } from "./exports.js";
export { type BufferInfo, bufferOf, buffers, Info, info } from "./facts.js";
export { type Forgotten, warnForgotten } from "./forgotten.js";
export { type FromIterOptions, fromIter } from "./fromIter.js";

import { Graph } from "./graph.js";

export { Graph, type GraphEdge, type GraphNode, graph } from "./graph.js";
export { Growable, type GrowableOptions, type GrowableStats, growable } from "./growable.js";
export { type HostFigures, HostMemory, host, hostAsync } from "./host.js";
export { type Leak, Leaks, leaks } from "./leaks.js";
export type { Level } from "./ledger.js";
export { Budget, type Limits, limit } from "./limit.js";
export type { LineRow, LineTable } from "./lineTable.js";
export { LruCache, type LruCacheOptions, type LruCacheStats, lruCache } from "./lruCache.js";
export { MemoryMap, map, type Region } from "./map.js";
export { Pool, type PoolOptions, type PoolStats, pool } from "./pool.js";
export { Report } from "./report.js";
export type { FreedRow, OpRow, OwnerRow } from "./reportTables.js";
export type { Forgetting, Overhead } from "./reportText.js";
export { open, Scope, scope } from "./scope.js";
export type { Site } from "./sites.js";
export { SizeOf, sizeOf } from "./sizeOf.js";
export {
  type GroupBy,
  growth,
  type Held,
  mostCommon,
  Snapshot,
  type Stat,
  type StatDiff,
  snapshot,
} from "./snapshot.js";
export { Timeline, type TimelinePoint } from "./timeline.js";
export { lines, start, stop, Trace, type TraceOptions, Tracing, trace, tracing } from "./trace.js";
export { traceAsync } from "./traceAsync.js";
export { resetPeak, summary, type Usage, usage } from "./usage.js";
export type { ViewRow } from "./viewRows.js";
export { Weak, weak } from "./weak.js";
export { WeakCache, weakCache } from "./weakCache.js";
export { explain, wouldCopy } from "./wouldCopy.js";

printAsText(Budget, Growable, HostMemory, Info, Leaks, LineTable, LruCache, MemoryClasses, MemoryMap);
printAsText(Pool, Report, Scope, SizeOf, Snapshot, Table, Timeline, Tracing, Weak, WeakCache);

counting(Budget, Graph, HostMemory, Info, Leaks, LineTable, MemoryClasses, MemoryMap, Report, SizeOf);
counting(Snapshot, Table, Timeline, Tracing, Weak, WeakCache);

// The library's code in a bundle ends here or in methods.ts, as the bundler likes.
markEnd(new Error("where nbytes ends"));
