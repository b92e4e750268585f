import { plain } from "../../base/plain.js";
import { withoutQuery } from "./sourceMap.js";

// How files are called in reports: by their last part, and by more of their path where that would not tell them apart.

/** A line of a file. */
interface Line {
  readonly file: string;
  readonly line: number;
  readonly column?: number;
  readonly crowded?: true;
}

// Addresses may have a query; files of a disk may have its signs in their names.
const partsOf = (file: string): string[] => withoutQuery(file).split(/[\\/]/);

/** A line, with the column where a line says too little: `15`, `1:20455`. */
export function lineText({ line, column, crowded }: Line): string {
  return crowded ? `${line}:${column}` : String(line);
}

/** The last part of a path or address. */
export function baseName(file: string): string {
  return plain(partsOf(file).pop()!);
}

/** The shortest end of each path that no other of the files has: `util.ts`, or `a/util.ts` beside `b/util.ts`. */
export function namesOf(files: Iterable<string>): (file: string) => string {
  const groups = new Map<string, string[]>(),
    names = new Map<string, string>();
  for (const file of new Set(files)) {
    const name = baseName(file),
      group = groups.get(name);
    if (group === undefined) groups.set(name, [file]);
    else group.push(file);
  }
  for (const group of groups.values()) if (group.length > 1) tellApart(group, names);
  return (file) => names.get(file) ?? baseName(file);
}

function tellApart(group: readonly string[], names: Map<string, string>): void {
  const parts = new Map(group.map((file) => [file, partsOf(file)])),
    deepest = [...parts.values()].reduce((most, { length }) => Math.max(most, length), 0);
  let left = group;
  for (let n = 2; n <= deepest && left.length > 0; n++) {
    const ends = new Map<string, number>(),
      endOf = (file: string): string => parts.get(file)!.slice(-n).join("/");
    for (const file of group) ends.set(endOf(file), (ends.get(endOf(file)) ?? 0) + 1);
    for (const file of left) if (ends.get(endOf(file)) === 1) names.set(file, plain(endOf(file)));
    left = left.filter((file) => !names.has(file));
  }
  // They differ in their queries only.
  for (const file of left) names.set(file, plain(file.replace(/^.*[\\/](?=[^\\/])/, "")));
}

/** How lines are called beside each other: `util.ts:3`, or with more of the path where two files have one name. */
export function linesOf(lines: Iterable<Line | undefined>): (line: Line) => string {
  const name = namesOf(files(lines));
  return (line) => `${name(line.file)}:${lineText(line)}`;
}

/** The same for tables that leave the file out where there is but one: `3`. */
export function numbersOf(lines: readonly (Line | undefined)[]): (line: Line | undefined) => string {
  const all = new Set(files(lines)),
    text = linesOf(lines);
  return (line) => (line === undefined ? "?" : all.size > 1 ? text(line) : lineText(line));
}

function* files(lines: Iterable<Line | undefined>): Generator<string> {
  for (const line of lines) if (line !== undefined) yield line.file;
}
