// Text that others wrote (names, labels, keys, lines of source) goes through one function for each place it is shown in.

/** Names are cut here: no report needs more of one. */
const LONGEST = 200;

// What a terminal obeys instead of showing, or shows in another order: control characters, marks of direction, line
// separators, what has no width or no look, halves of surrogate pairs, and what is no character.
const UNSEEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\u115f\u1160\u3164\uffa0\ufff0-\uffff]|\u034f|\u17b4|\u17b5/gu;

/** Text on one line of a terminal: what could not be seen is written out, `\x1b`, and the rest cut where it is very long. */
export function plain(text: string): string {
  const short = text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
  return written(short);
}

function written(text: string): string {
  return text.search(UNSEEN) < 0 ? text : text.replace(UNSEEN, visible);
}

/** The same for text of several lines, which stay lines, of any length. */
export function plainLines(text: string): string {
  return text.includes("\n") ? text.split("\n").map(written).join("\n") : written(text);
}

function visible(character: string): string {
  const code = character.codePointAt(0)!;
  if (character === "\t") return " ";
  if (character === "\n") return "\\n";
  const digits = code.toString(16);
  return code < 256
    ? `\\x${digits.padStart(2, "0")}`
    : code < 65536
      ? `\\u${digits.padStart(4, "0")}`
      : `\\u{${digits}}`;
}

const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** Text for XML and HTML, inside elements and inside attributes. */
export function xml(text: string): string {
  return plain(text).replace(/[&<>"']/g, (character) => entities[character]);
}

/** A quoted string of Graphviz's language; lines of the text stay lines. */
export function dot(text: string): string {
  const lines = text.split("\n").map((line) => plain(line).replace(/[\\"]/g, "\\$&"));
  return `"${lines.join("\\n")}"`;
}

/** A quoted string of Mermaid's language, whose own escapes are `#…;`; lines of the text stay lines. */
export function mermaid(text: string): string {
  const lines = text.split("\n").map((line) =>
    plain(line)
      .replace(/#(?=\w+;)/g, "#35;")
      .replace(/["<>&`\\%{}]/g, (character) => `#${character.charCodeAt(0)};`),
  );
  return `"${lines.join("<br/>")}"`;
}

/** A frame of a collapsed stack, where `;` parts frames. */
export function frame(text: string): string {
  return plain(text).replaceAll(";", ":");
}
