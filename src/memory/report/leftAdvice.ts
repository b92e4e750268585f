import { formatBytes } from "../../base/units.js";
import { lineText } from "../places/fileNames.js";
import { type Site, siteAt, siteText, withoutSource } from "../places/sites.js";
import type { AllocationRecord } from "../record/allocations.js";
import { type Holding, holdingText } from "../record/holding.js";
import type { Left, LeftOfLine } from "../record/leftovers.js";
import type { Recorder } from "../record/recorder.js";
import { type Advice, nameIn } from "./advice.js";

// What to do about memory that a traced function leaves: give back what it made and did not return, and copy a view that
// it returns of an array that is gone. Both are found at the function's end, so the changes are for its end too.

/** Advice about what a function left; its bytes are those that stay less. */
export function leftAdvice(recorder: Recorder, left: Left | null, source: boolean): Advice[] {
  if (left === null) return [];
  const living = new Map(recorder.living().map((record) => [record.serial, record])),
    of = (serial: number): AllocationRecord[] => (living.has(serial) ? [living.get(serial)!] : []);
  const given = [...left.serials].flatMap(of),
    advice = [
      ...(given.length === 0 ? [] : [scopeAdvice(given, left, source)]),
      ...left.views.flatMap((holding) => of(holding.serial).map((record) => copyAdvice(record, holding))),
    ];
  return source ? advice : advice.map(withoutSource);
}

function scopeAdvice(given: readonly AllocationRecord[], left: Left, source: boolean): Advice {
  const sites = new Map<number, LeftOfLine>();
  for (const { site } of given) sites.set(site, { ...left.sites.get(site), count: (sites.get(site)?.count ?? 0) + 1 });
  const [first] = given,
    site = siteAt(first.site),
    text = leftTexts(sites, source, (one) => `line ${lineText(one)}`);
  return {
    kind: "scope",
    ...(site === undefined ? {} : { site }),
    op: first.op,
    spared: given.map(({ order }) => ({ array: order, by: 0 })),
    saves: given.reduce((sum, { nbytes }) => sum + nbytes, 0),
    text: `never given back: ${text}: \`using\` or memory.scope, unless it is to stay`,
  };
}

function copyAdvice(record: AllocationRecord, holding: Holding): Advice {
  const [view] = holding.views,
    site = siteAt(view.site);
  return {
    kind: "copy",
    ...(site === undefined ? {} : { site }),
    op: record.op,
    spared: [{ array: record.order, by: 0 }],
    saves: record.nbytes - view.nbytes,
    text: holdingText(holding),
  };
}

/**
 * `lx (15)`: the variable, where the line of its birth declares one, and that line. What has no name is told by its file
 * and line, and by the view that is seen of it.
 */
export function leftTexts(
  sites: ReadonlyMap<number, LeftOfLine>,
  source: boolean,
  lineOf: (site: Site) => string,
): string {
  const texts = new Map<string, { line: number; count: number }>();
  for (const [number, one] of sites) {
    const site = siteAt(number),
      name = source ? nameIn(site?.source) : undefined;
    const text =
        site === undefined ? "elsewhere" : name === undefined ? unnamedText(number, one) : `${name} (${lineOf(site)})`,
      before = texts.get(text)?.count ?? 0;
    texts.set(text, { line: site?.line ?? 0, count: before + one.count });
  }
  const list = [...texts]
    .sort(([, a], [, b]) => a.line - b.line)
    .map(([text, { count }]) => (count > 1 ? `${text} × ${count}` : text));
  return list.join(", ");
}

function unnamedText(number: number, { view }: LeftOfLine): string {
  const place = siteText(number);
  if (view === undefined) return place;
  const where = siteText(view.site);
  return `${place} (its ${formatBytes(view.nbytes)} view${where === place ? "" : `, ${where}`})`;
}
