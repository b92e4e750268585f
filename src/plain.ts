// Text that others wrote (names, labels, keys, lines of source) goes through one function for each place it is shown in.

/** Names are cut here: no report needs more of one. */
const LONGEST = 200;

// What a terminal obeys instead of showing, or shows in another order: control characters, marks of direction, line
// separators, what has no width, and halves of surrogate pairs.
const UNSEEN =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters that must not pass
  /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff0-\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

/** Text on one line of a terminal: what could not be seen is written out, `\x1b`, and the rest cut where it is very long. */
export function plain(text: string): string {
  const short = text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
  return short.search(UNSEEN) < 0 ? short : short.replace(UNSEEN, visible);
}

function visible(character: string): string {
  const code = character.charCodeAt(0);
  if (character === "\t") return " ";
  if (character === "\n") return "\\n";
  return code < 256 ? `\\x${code.toString(16).padStart(2, "0")}` : `\\u${code.toString(16).padStart(4, "0")}`;
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
