// Tables and headings for a terminal of 80 to 100 columns. Colour is only ever a second way of saying what the words
// say already, and is left out where nobody sees it.

/** What a text is, for those who see colours. */
export type Tone = "title" | "dim" | "good" | "bad" | "accent";

const codes: Record<Tone, string> = { title: "1", dim: "2", good: "32", bad: "31", accent: "36" };

let colours = false;

/** Switches colours on or off for everything printed from now on. */
export function useColours(on: boolean): void {
  colours = on;
}

/** A text in the colour of its tone, if colours are on. */
export function paint(tone: Tone, text: string): string {
  return colours && text !== "" ? `\x1b[${codes[tone]}m${text}\x1b[0m` : text;
}

/** A cell: a text, or a text with a tone. */
export type Cell = string | { readonly text: string; readonly tone: Tone };

/** A column: its heading, and the side its cells stand on; the first column stands left unless it says otherwise. */
export interface Column {
  readonly title: string;
  readonly align?: "left" | "right";
}

/** The text of a cell. */
export const textOf = (cell: Cell): string => (typeof cell === "string" ? cell : cell.text);
const painted = (cell: Cell, text: string): string => (typeof cell === "string" ? text : paint(cell.tone, text));

/** A table, for the terminal and for the report. */
export interface Table {
  readonly columns: readonly Column[];
  readonly rows: readonly (readonly Cell[])[];
}

/** The side on which the cells of the k-th column stand. */
export function alignOf(column: Column, k: number): "left" | "right" {
  return column.align ?? (k === 0 ? "left" : "right");
}

/** A table as text: a line of headings and one line for each row, columns two blanks apart. */
export function tableText({ columns, rows }: Table, indent = 2): string {
  const widths = columns.map(({ title }, k) => {
    return Math.max(title.length, ...rows.map((row) => textOf(row[k] ?? "").length));
  });
  const line = (cells: readonly Cell[]): string => {
    const texts = columns.map((column, k) => {
      const cell = cells[k] ?? "";
      const text = alignOf(column, k) === "left" ? textOf(cell).padEnd(widths[k]) : textOf(cell).padStart(widths[k]);
      return painted(cell, text);
    });
    return (" ".repeat(indent) + texts.join("  ")).trimEnd();
  };
  const head = line(columns.map(({ title }) => ({ text: title, tone: "dim" })));
  return [head, ...rows.map(line)].join("\n");
}

/** A section's heading: its number and title over a rule. */
export function heading(number: number | null, title: string, width = 96): string {
  const text = number === null ? title : `${number}  ${title}`;
  return `\n${paint("title", text)}\n${paint("dim", "─".repeat(width))}`;
}

/** Heights of `values` against `most`, one character each: `▁▄█`; a blank for 0. */
export function heights(values: readonly number[], most: number): string {
  return values
    .map((value) => (value <= 0 ? " " : "▁▂▃▄▅▆▇█"[Math.min(7, Math.ceil((8 * value) / most) - 1)]))
    .join("");
}

/** Text broken into lines of at most `width` characters, each indented. */
export function wrap(text: string, width = 94, indent = 2): string {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    if (line !== "" && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else line = line === "" ? word : `${line} ${word}`;
  }
  lines.push(line);
  return lines.map((each) => " ".repeat(indent) + each).join("\n");
}
