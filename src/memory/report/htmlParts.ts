import { xml } from "../../base/plain.js";
import { formatBytes } from "../../base/units.js";
import { countOrNone, exactBytes } from "../common/text.js";

// What pages of reports are made of: one style, cells and tables.

/** The style of the page: light and dark, wide and narrow; tables scroll sideways where they must. */
export const style = `
:root { color-scheme: light dark; --line: light-dark(#e2e8f0, #334155); --soft: light-dark(#f8fafc, #1e293b);
  --dim: light-dark(#475569, #a3b1c6); --blue: light-dark(#2563eb, #60a5fa); }
body { font: 15px/1.5 system-ui, sans-serif; max-width: 64rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.5rem; margin: 0 0 .25rem } h2 { font-size: 1.1rem; margin: 2rem 0 .5rem }
p { color: var(--dim); margin: .25rem 0 }
dl { display: grid; grid-template-columns: repeat(auto-fit, minmax(9.5rem, 1fr)); gap: .5rem; margin: 1rem 0 }
dl div { background: var(--soft); border: 1px solid var(--line); border-radius: .5rem; padding: .5rem .7rem }
dt { color: var(--dim); font-size: .85rem } dd { margin: 0; font-variant-numeric: tabular-nums; white-space: nowrap }
.wide { overflow-x: auto } table { border-collapse: collapse; font-variant-numeric: tabular-nums }
.beside { display: flex; flex-wrap: wrap; column-gap: 3rem }
.beside section { max-width: 100% }
th, td { text-align: right; padding: .25rem .6rem; border-bottom: 1px solid var(--line); white-space: nowrap; vertical-align: top }
th:first-child, td:first-child { padding-left: 0; position: sticky; left: 0; background: Canvas }
th { color: var(--dim); font-weight: 500 } .text { text-align: left } td.long { white-space: normal; min-width: 17rem }
code { font: 13px ui-monospace, monospace } .needless { font-weight: 600 }
svg { display: block; width: 100%; overflow: visible } #timeline text { font-size: 10px }
#timeline path { vector-effect: non-scaling-stroke; fill: var(--blue); stroke: var(--blue) } #map svg { height: 2.5rem; overflow: hidden }
#map rect[fill^="#2"] { fill: var(--blue) }
@media (max-width: 40rem) { #timeline text { font-size: 22px } td.code { white-space: nowrap } }
`;

/** Bytes, a number, a short text, a text that may take several lines, source, or a text that stands out. */
export type Cell =
  | { readonly bytes: number }
  | { readonly count: number }
  | string
  | { readonly long: string }
  | { readonly code: string }
  | { readonly strong: string };

const isNumber = (cell: Cell): boolean => typeof cell === "object" && ("bytes" in cell || "count" in cell);

function cellOf(cell: Cell): string {
  if (typeof cell === "string") return `<td class="text">${xml(cell)}</td>`;
  if ("bytes" in cell)
    return `<td title="${exactBytes(cell.bytes)}">${cell.bytes === 0 ? "" : formatBytes(cell.bytes)}</td>`;
  if ("count" in cell) return `<td>${countOrNone(cell.count)}</td>`;
  if ("code" in cell) return `<td class="text long code"><code>${xml(cell.code)}</code></td>`;
  if ("long" in cell) return `<td class="text long">${xml(cell.long)}</td>`;
  return `<td class="text long needless">${xml(cell.strong)}</td>`;
}

const isEmpty = (cell: Cell): boolean => (typeof cell === "string" ? [cell] : Object.values(cell)).every((v) => !v);

/**
 * A table with its heading, without the columns that are empty; nothing if it has no rows. Heads stand as the cells of
 * the first row do.
 */
export function table(
  id: string,
  title: string,
  heads: readonly string[],
  rows: readonly (readonly Cell[])[],
  note = "",
): string {
  if (rows.length === 0) return "";
  const shown = heads.map((_, i) => i).filter((i) => rows.some((row) => !isEmpty(row[i])));
  const head = shown
    .map((i) => `<th scope="col"${isNumber(rows[0][i]) ? "" : ' class="text"'}>${heads[i]}</th>`)
    .join("");
  const body = rows.map((row) => `<tr>${shown.map((i) => cellOf(row[i])).join("")}</tr>`).join("");
  return (
    `<section id="${id}"><h2>${title}</h2>${note === "" ? "" : `<p>${note}</p>`}` +
    `<div class="wide"><table><thead><tr>${head}</tr></thead><tbody>${body}</tbody></table></div></section>`
  );
}
