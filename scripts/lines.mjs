// What dist/ does so that an uncaught error shows the user's code, not ours.
import { decode, encode } from "@jridgewell/sourcemap-codec";
import ts from "typescript";

// Node prints the line that threw above an uncaught error, but not a line that says this.
const MARK = " /*node-do-not-add-exception-line*/";

/** Marks every line that throws, in a script and in its source map, if there is one (both as text). */
export function markThrows(script, map) {
  const at = throwsOf(script);
  if (at.length === 0) return { script, map };
  let marked = "",
    from = 0;
  for (const end of at) {
    marked += script.slice(from, end) + MARK;
    from = end;
  }
  marked += script.slice(from);
  if (map === undefined) return { script: marked };
  const { mappings, ...rest } = JSON.parse(map);
  return {
    script: marked,
    map: JSON.stringify({ ...rest, mappings: moved(mappings, placesOf(script, at)) }),
  };
}

/** Where the word ends in each `throw`. */
function throwsOf(script) {
  const found = [];
  const visit = (node) => {
    if (ts.isThrowStatement(node)) found.push(node.getStart() + "throw".length);
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile("dist.js", script, ts.ScriptTarget.ES2022, true, ts.ScriptKind.JS));
  return found.sort((a, b) => a - b);
}

/** The columns of offsets, by line. */
function placesOf(script, offsets) {
  const columns = new Map();
  let line = 0,
    start = 0;
  for (const offset of offsets) {
    for (let end = script.indexOf("\n", start); end >= 0 && end < offset; end = script.indexOf("\n", start)) {
      line++;
      start = end + 1;
    }
    columns.set(line, [...(columns.get(line) ?? []), offset - start]);
  }
  return columns;
}

/** Mappings whose columns make room for a mark at each place. */
function moved(mappings, places) {
  const lines = decode(mappings);
  for (const [line, columns] of places) {
    for (const segment of lines[line]) segment[0] += MARK.length * columns.filter((at) => at <= segment[0]).length;
  }
  return encode(lines);
}

/** What bundlers look for as text must lie on one line: the broken line goes on until the end of it. */
export function keepAddresses(script, map) {
  const broken = /\bimport\.(?:meta\.)?\n(?:meta\.)?url\b/.exec(script);
  if (broken === null) return { script, map };
  const at = broken.index + broken[0].indexOf("\n"),
    line = script.slice(0, at).split("\n").length - 1,
    width = at - script.lastIndexOf("\n", at - 1) - 1,
    moved = broken.index + broken[0].length - at - 1;
  const joined = `${script.slice(0, at)}${script.slice(at + 1, at + 1 + moved)}\n${script.slice(at + 1 + moved)}`;
  const { mappings, ...rest } = JSON.parse(map),
    lines = decode(mappings),
    next = lines[line + 1] ?? [];
  const before = next.filter(([column]) => column < moved).map(([column, ...place]) => [column + width, ...place]),
    after = next.filter(([column]) => column >= moved).map(([column, ...place]) => [column - moved, ...place]);
  lines.splice(line, 2, [...lines[line], ...before], after);
  return keepAddresses(joined, JSON.stringify({ ...rest, mappings: encode(lines) }));
}
