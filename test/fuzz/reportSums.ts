import * as np from "../../src/index.js";
import type { Model } from "./reports.js";

// What reports must agree in, with a model of what is held and with one another.

const { memory } = np;

interface Before {
  readonly usage: np.memory.Usage;
  readonly snapshot: np.memory.Snapshot;
}

const sum = <T>(rows: readonly T[], of: (row: T) => number): number => rows.reduce((all, row) => all + of(row), 0);

const groups = ["line", "function", "file", "op", "dtype", "shape", "owner", "stack"] as const;

/** Where the reports of a program say something else than its model. */
export function disagreements(
  model: Model,
  t: np.memory.Report,
  before: Before,
  pick: (n: number) => number,
): string[] {
  const found: string[] = [],
    agree = (what: string, is: unknown, should: unknown): void => {
      if (`${is}` !== `${should}`) found.push(`${what} is ${is}, and should be ${should}`);
    };
  ofMoment(model, before, agree);
  ofTrace(model, t, agree);
  ofValues(model, pick, agree);
  return found;
}

type Agree = (what: string, is: unknown, should: unknown) => void;

function ofMoment(model: Model, { usage: first, snapshot: old }: Before, agree: Agree): void {
  const { live, arrays, views, buffers, reserved, free, overhead } = memory.usage(),
    { alive } = model,
    blocks = model.blocks(),
    lazies = alive.filter(({ lazy }) => lazy).length;
  agree("usage().live", live - first.live, model.bytes());
  agree("usage().buffers", buffers - first.buffers, blocks.size);
  agree("usage().arrays", arrays - first.arrays, [...blocks].filter(({ owned }) => owned).length);
  agree("usage().views", views - first.views, alive.filter(({ view }) => view).length);
  agree("live, free and overhead", live + free + overhead, reserved);
  agree(
    "handles",
    alive.length,
    alive.filter(({ view, lazy }) => !view && !lazy).length + views - first.views + lazies,
  );
  const { regions } = memory.map(),
    used = regions.filter(({ kind }) => kind === "used");
  agree(
    "map's used bytes",
    sum(used, ({ nbytes }) => nbytes),
    live,
  );
  agree("map's used blocks", used.length, buffers);
  agree(
    "map's whole",
    sum(regions, ({ span }) => span),
    reserved,
  );
  const now = memory.snapshot();
  agree("snapshot().live", now.live - old.live, model.bytes());
  for (const by of groups) {
    const rows = now.statistics(by),
      changes = now.compareTo(old, by);
    agree(`statistics(${by})`, [sum(rows, ({ size }) => size), sum(rows, ({ count }) => count)], [live, buffers]);
    agree(`keys of statistics(${by})`, new Set(rows.map(({ key }) => key)).size, rows.length);
    agree(
      `compareTo(${by})`,
      sum(changes, ({ sizeDiff }) => sizeDiff),
      model.bytes(),
    );
    agree(
      `counts of compareTo(${by})`,
      sum(changes, ({ countDiff }) => countDiff),
      blocks.size,
    );
  }
  const again = memory.Snapshot.fromJSON(JSON.stringify(now));
  agree("a snapshot through JSON", again.compareTo(now, "op").length, 0);
  agree(
    "mostCommon()",
    sum(memory.mostCommon(1000), ({ size }) => size),
    live,
  );
  for (const [weak, { alive }] of model.weak) agree("weak.deref()", weak.deref() !== undefined, alive);
}

function ofTrace(model: Model, t: np.memory.Report, agree: Agree): void {
  const { allocated, allocs, frees, level, peak, retained, copied } = t,
    freed = sum(t.freed(), (row) => row.freed);
  agree("retained", retained, model.bytes());
  agree("allocated less freed", allocated - freed, retained);
  agree(
    "frees by whom",
    sum(t.freed(), (row) => row.frees),
    frees,
  );
  agree("arrays less frees", allocs - frees, model.blocks().size);
  const json = JSON.parse(t.export("json"));
  agree("JSON", [json.allocated, json.peak, json.retained], [allocated, peak, retained]);
  for (const bytes of [allocated, peak, retained])
    agree(`${bytes} in HTML`, t.export("html").includes(`${bytes.toLocaleString("en-US")} B`), true);
  if (level === "counters") return;
  const tables: [string, readonly { readonly allocs: number; readonly allocated: number }[]][] = [
    ["ops", t.ops()],
    ["dtypes", t.dtypes()],
    ["owners", t.owners()],
  ];
  for (const [name, rows] of tables)
    agree(`${name}()`, [sum(rows, (row) => row.allocated), sum(rows, (row) => row.allocs)], [allocated, allocs]);
  agree(
    "ops() copied",
    sum(t.ops(), (row) => row.copied),
    copied,
  );
  agree(
    "copies()",
    sum(t.copies(), (row) => row.nbytes),
    copied,
  );
  agree("atPeak()", t.atPeak().live, peak);
  agree("atEnd()", t.atEnd().live, retained);
  agree("timeline()", t.timeline().points.at(-1)?.live ?? 0, retained);
  agree(
    "events",
    sum(t.events, ({ kind, nbytes }) => (kind === "free" ? -nbytes : nbytes)),
    retained,
  );
  const samples = JSON.parse(t.export("speedscope")).profiles[0].weights as number[];
  agree(
    "speedscope",
    sum(samples, (bytes) => bytes),
    allocated,
  );
  const lines = t.export("collapsed").split("\n").slice(0, -1);
  agree(
    "collapsed",
    sum(lines, (line) => Number(/\d+$/.exec(line)?.[0])),
    allocated,
  );
  if (level === "events") return;
  const { rows, elsewhere } = t.lines();
  agree("lines()", sum(rows, (row) => row.allocated) + elsewhere.allocated, allocated);
  agree("lines() freed", sum(rows, (row) => row.freed) <= freed, true);
}

function ofValues(model: Model, pick: (n: number) => number, agree: Agree): void {
  const some = model.alive.filter(() => pick(2) === 0),
    arrays = some.map(({ array }) => array);
  agree("sizeOf(deep)", memory.sizeOf([arrays, { more: arrays }], { deep: true }).payload, model.bytes(some));
  agree("sizeOf()", memory.sizeOf(arrays).reachable, model.bytes(some));
  const own = some.filter(({ lazy, block }) => !lazy && block.owned);
  agree(
    "graph()",
    sum(memory.graph(arrays).nodes, ({ nbytes }) => nbytes),
    model.bytes(own),
  );
  for (const { array, lazy, block } of some) {
    const { refcount, borrowedFrom } = memory.bufferOf(array);
    agree("bufferOf().borrowedFrom", borrowedFrom !== undefined, lazy);
    if (!lazy) agree("bufferOf().refcount", refcount, Number(block.owned) + block.views + block.readers.size);
    agree("info()", String(memory.info(array)).includes(`[${array.shape.join(", ")}]`), true);
  }
}
