import { type Dialect, NONE } from "./dialect.js";

/**
 * How many rows a text has, at most `most`, behind the lines that are left out: its lines that are not blank and do not
 * begin a comment. Newlines within quotes are taken for ends of lines; a text whose lines end with CR alone has no rows.
 */
export function rowsIn(
  pieces: Iterable<Uint8Array>,
  { comment, comments, delimiter }: Dialect,
  skip: number,
  most: number | null | undefined,
): number {
  const marks = new Uint8Array(NONE + 1);
  for (const mark of [10, 13, comment, ...comments.map(([first]) => first)]) marks[mark] = 1;
  let rows = 0,
    left = skip,
    fresh = true;
  for (const piece of pieces) {
    for (let at = 0; at < piece.length; ) {
      if (delimiter === NONE) while (fresh && (piece[at] === 0x20 || piece[at] === 9)) at++;
      if (fresh && left <= 0 && at < piece.length && marks[piece[at]] === 0) rows++;
      const end = piece.indexOf(10, at);
      fresh = end >= 0;
      if (!fresh) break;
      left--;
      at = end + 1;
    }
    if (most !== null && most !== undefined && rows >= most) return most;
  }
  return rows;
}
