import { plain } from "../../base/plain.js";
import { formatBytes } from "../../base/units.js";
import { EVALUATE } from "../../operations/postponing.js";

// Reports are for terminals of 80 columns.
export const WIDTH = 80;

/** How an operation is called so that it writes into an array, by its name if that is known. */
export function callWithOut(op: string, name?: string): string {
  const out = name === undefined ? "out" : `out: ${name}`;
  return op === EVALUATE ? `${op}({ ${out} })` : `${op}(…, { ${out} })`;
}

/**
 * Rows as columns: `<` sets a column left, `>` right. What does not fit into the line is cut with "…", but for a last
 * column set by `~`, which goes on below itself.
 */
export function columns(rows: readonly (readonly string[])[], sides: string, indent = ""): string {
  const widths = [...sides].map((_, i) => largest(rows.map((row) => plain(row[i] ?? "").length)));
  const last = widths.length - 1,
    edge = " ".repeat(widths.slice(0, last).reduce((sum, width) => sum + width + 2, indent.length));
  return rows
    .flatMap((row) => {
      const cells = widths.map((width, i) => {
        const cell = plain(row[i] ?? "");
        if (i === last && sides[i] !== ">") return cell;
        return sides[i] === ">" ? cell.padStart(width) : cell.padEnd(width);
      });
      const line = `${indent}${cells.join("  ")}`.trimEnd();
      return sides[last] === "~" ? folded(line, edge) : [cut(line)];
    })
    .join("\n");
}

// A line over as many as it needs, broken between words; what follows the first begins under `edge`.
function folded(line: string, edge: string): string[] {
  const at = line.length <= WIDTH ? -1 : line.lastIndexOf(" ", WIDTH);
  if (at <= edge.length) return [cut(line)];
  return [line.slice(0, at), ...folded(`${edge}${line.slice(at + 1)}`, edge)];
}

/** The largest of any number of numbers, at least 0: a spread has room for some ten thousands only. */
export function largest(numbers: readonly number[]): number {
  return numbers.reduce((most, n) => Math.max(most, n), 0);
}

/** A line of at most `width` characters. */
export function cut(text: string, width = WIDTH): string {
  const line = plain(text);
  return line.length <= width ? line : `${line.slice(0, width - 1)}…`;
}

/** Pieces joined by ", " over as many lines as they need, further lines indented. */
export function wrap(pieces: readonly string[], first: string, indent: string): string {
  const lines: string[] = [];
  let line = plain(first);
  pieces.forEach((piece, i) => {
    const text = i < pieces.length - 1 ? `${piece},` : piece;
    if (line.length > indent.length && line.length + 1 + text.length > WIDTH && line.trim() !== "") {
      lines.push(line.trimEnd());
      line = indent + text;
    } else line += line === "" || line.endsWith(" ") ? text : ` ${text}`;
  });
  return [...lines, line].join("\n");
}

/** All digits of a number of bytes: `19,000,000 B`. */
export function exactBytes(bytes: number): string {
  return `${bytes.toLocaleString("en-US")} B`;
}

/** Bytes in three figures, an empty text for 0. */
export function bytesOrNone(bytes: number): string {
  return bytes === 0 ? "" : formatBytes(bytes);
}

/** A number with commas, an empty text for 0. */
export function countOrNone(n: number): string {
  return n === 0 ? "" : n.toLocaleString("en-US");
}

/** `1 array`, `2 arrays`. */
export function counted(count: number, word: string): string {
  const plural = /(?:ch|s)$/.test(word)
    ? `${word}es`
    : /[^aeiou]y$/.test(word)
      ? `${word.slice(0, -1)}ies`
      : `${word}s`;
  return `${count.toLocaleString("en-US")} ${count === 1 ? word : plural}`;
}
