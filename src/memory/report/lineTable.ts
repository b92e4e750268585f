import { formatBytes } from "../../base/units.js";
import { bytesOrNone, columns, countOrNone, cut, WIDTH } from "../common/text.js";
import { baseName, lineText, namesOf } from "../places/fileNames.js";
import { type Site, siteAt, withoutText } from "../places/sites.js";
import type { Recorder } from "../record/recorder.js";
import { type Row, rowOf, sumOf } from "../record/sums.js";

/** What one line of the user's program did to memory. All figures are exact sums over the trace. */
export interface LineRow {
  readonly site: Site;
  readonly source?: string;
  readonly allocs: number;
  readonly allocated: number;
  readonly freed: number;
  /** Live bytes after the last thing the line did, counted from the start of the trace. */
  readonly liveAfter: number;
  /** The most live bytes after an allocation on the line. */
  readonly peak: number;
  readonly copies: number;
}

/** The lines that allocated or freed, by file and line. */
export class LineTable {
  readonly rows: readonly LineRow[];
  /** Allocations whose line was not found, with which the sums are those of the trace. */
  readonly elsewhere: { readonly allocs: number; readonly allocated: number };

  constructor(recorder: Recorder, source = true) {
    const byLine = new Map<string, { site: Site; sum: Row }>(),
      rows = new Map<string, Row>();
    for (const [number, row] of recorder.bySite) {
      const known = siteAt(number)!,
        site = source ? known : withoutText(known),
        key = `${site.file}:${lineText(site)}`,
        sum = rowOf(rows, key);
      add(sum, row);
      byLine.set(key, { site: byLine.get(key)?.site ?? site, sum });
    }
    // Files in the order in which they first did something, lines in their own.
    const files = new Map<string, number>();
    for (const { site } of byLine.values()) if (!files.has(site.file)) files.set(site.file, files.size);
    const place = ({ site }: LineRow): number => files.get(site.file)! * 1e9 + site.line;
    const order = (a: LineRow, b: LineRow): number => place(a) - place(b) || a.site.column - b.site.column;
    this.rows = [...byLine.values()].map(({ site, sum }) => toRow(site, sum)).sort(order);
    this.elsewhere = rest(recorder);
  }

  /** The table as text, for a terminal of 80 columns. */
  toString(): string {
    const files = new Set(this.rows.map((row) => row.site.file)),
      nameOf = namesOf(files);
    const head = ["line", "allocs", "allocated", "freed", "live after", "peak", "source"];
    const cells = [head],
      titles = new Map<number, string>();
    let file = "";
    for (const row of this.rows) {
      if (files.size > 1 && row.site.file !== file) titles.set(cells.length, cut(nameOf(row.site.file)));
      file = row.site.file;
      cells.push(cellsOf(row));
    }
    const { allocs, allocated } = this.elsewhere;
    if (allocs > 0) cells.push(["?", countOrNone(allocs), bytesOrNone(allocated), "", "", "", "elsewhere"]);
    const lines = columns(cells, ">>>>>><", " ").split("\n");
    return lines.flatMap((line, i) => (titles.has(i) ? [`${titles.get(i)}`, line] : [line])).join("\n");
  }

  toJSON(): readonly LineRow[] {
    return this.rows;
  }
}

function add(sum: Row, row: Row): void {
  if (row.last >= sum.last) {
    sum.liveAfter = row.liveAfter;
    sum.last = row.last;
  }
  sum.peak = Math.max(sum.peak, row.peak);
  for (const key of ["allocs", "allocated", "frees", "freed", "copies", "copied", "scratch"] as const)
    sum[key] += row[key];
}

function toRow(site: Site, { allocs, allocated, freed, liveAfter, peak, copies }: Row): LineRow {
  return {
    site,
    ...(site.source === undefined ? {} : { source: site.source }),
    allocs,
    allocated,
    freed,
    liveAfter,
    peak,
    copies,
  };
}

function rest({ bySite, allocs, allocated }: Recorder): { allocs: number; allocated: number } {
  const known = sumOf(bySite.values());
  return { allocs: allocs - known.allocs, allocated: allocated - known.allocated };
}

function cellsOf(row: LineRow): string[] {
  return [
    lineText(row.site),
    countOrNone(row.allocs),
    bytesOrNone(row.allocated),
    bytesOrNone(-row.freed),
    formatBytes(row.liveAfter),
    row.allocs === 0 ? "" : bytesOrNone(row.peak),
    (row.source ?? baseName(row.site.file)).slice(0, WIDTH),
  ];
}
