import { plain } from "../../base/plain.js";
import { WIDTH } from "./io.js";

/** A line of at most `width` characters. */
export function cut(text: string, width = WIDTH): string {
  const line = plain(text);
  return line.length <= width ? line : `${line.slice(0, width - 1)}…`;
}

/**
 * Rows as lines of aligned columns: `<` sets a column left, `>` right. What does not fit is cut with "…", but for a last
 * column set by `~`, which goes on below itself.
 */
export function table(rows: readonly (readonly string[])[], sides: string, indent = "  "): string[] {
  // A column of nothing takes no room.
  const used = [...sides]
    .map((_, i) => i)
    .filter((i) => i === sides.length - 1 || rows.some((row) => (row[i] ?? "") !== ""));
  return aligned(
    rows.map((row) => used.map((i) => row[i] ?? "")),
    used.map((i) => sides[i]).join(""),
    indent,
  );
}

function aligned(rows: readonly (readonly string[])[], sides: string, indent: string): string[] {
  const cells = rows.map((row) => [...sides].map((_, i) => plain(row[i] ?? "")));
  const widths = [...sides].map((_, i) => cells.reduce((most, row) => Math.max(most, row[i].length), 0)),
    last = widths.length - 1,
    edge = " ".repeat(widths.slice(0, last).reduce((sum, width) => sum + width + 2, indent.length));
  return cells.flatMap((row) => {
    const set = row.map((cell, i) => {
      if (i === last && sides[i] !== ">") return cell;
      return sides[i] === ">" ? cell.padStart(widths[i]) : cell.padEnd(widths[i]);
    });
    const line = `${indent}${set.join("  ")}`.trimEnd();
    return sides[last] === "~" ? folded(line, edge) : [cut(line)];
  });
}

/** A line over as many as it needs, broken between words; what follows the first begins with `edge`. */
export function folded(line: string, edge: string): string[] {
  if (line.length <= WIDTH) return [line];
  const at = line.lastIndexOf(" ", WIDTH);
  if (at <= edge.length) return [cut(line)];
  return [line.slice(0, at), ...folded(`${edge}${line.slice(at + 1)}`, edge)];
}
