import { formatBytes } from "../../base/units.js";
import { Table } from "../common/table.js";
import { columns } from "../common/text.js";
import { type Site, siteAt, withoutText } from "../places/sites.js";
import { endedText } from "../record/endings.js";
import { type Holding, holdingText } from "../record/holding.js";
import type { Left } from "../record/leftovers.js";
import type { Recorder } from "../record/recorder.js";

/** Views of one line that matter to memory. */
export interface ViewRow {
  /**
   * `holds`: they hold memory whose array is gone. `ended`: they ended because their array was disposed. `unnamed`: they
   * were disposed, and their array, which no variable names, never was.
   */
  readonly kind: "holds" | "ended" | "unnamed";
  /** The line they were made on, if it is known. */
  readonly site?: Site;
  /** Where their array was made, if it is known, and by which operation. */
  readonly array?: Site;
  readonly op?: string;
  /** Views, and bytes of the elements of those whose lines are known. */
  readonly count: number;
  readonly nbytes: number;
  /** Bytes of the array's memory. */
  readonly of: number;
  readonly text: string;
}

/** The views of a trace that hold memory, that ended with their arrays, or whose arrays were never disposed. */
export function viewRows(recorder: Recorder, left: Left | null, source: boolean): Table<ViewRow> {
  const held = [...recorder.holdings(), ...(left?.unnamed ?? [])].map((one) => heldRow(one, source)),
    ended = recorder.endings.list().map((one): ViewRow => {
      const { site, nbytes, of, count } = one,
        text = `dispose ended ${endedText(one)}: copy() what must outlive its array`;
      return { kind: "ended", ...named("site", site, source), count, nbytes: nbytes * count, of, text };
    });
  const rows = [...held.sort((a, b) => b.of - a.of), ...ended];
  return Table.printed(rows, () => {
    if (rows.length === 0) return "no views that matter";
    const cells = rows.map(({ kind, of, text }) => [kind, formatBytes(of), text]);
    return columns([["views", "of", ""], ...cells], "<>~", " ");
  });
}

function heldRow(holding: Holding, source: boolean): ViewRow {
  const { kind, nbytes: of, op, site, count, views } = holding;
  return {
    kind: kind === "views" ? "holds" : "unnamed",
    ...named("site", views[0]?.site ?? 0, source),
    ...named("array", site, source),
    op,
    count,
    nbytes: views.reduce((sum, view) => sum + view.nbytes, 0),
    of,
    text: holdingText(holding),
  };
}

function named(key: "site" | "array", number: number, source: boolean): { site?: Site } | { array?: Site } {
  const site = siteAt(number);
  return site === undefined ? {} : { [key]: source ? site : withoutText(site) };
}
