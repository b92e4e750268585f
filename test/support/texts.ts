/** A naive reader of delimited numbers: comments, quotes and blank lines, a character at a time. */
export function numbersOf(text: string): number[][] {
  const rows: number[][] = [];
  for (const line of text.split(/\r\n|\r|\n/)) {
    const [before] = line.split("#");
    if (before === "") continue;
    rows.push(before.split(",").map((field) => Number(field.replaceAll('"', "").trim())));
  }
  return rows;
}
