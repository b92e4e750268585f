import { type Dialect, NONE } from "./dialect.js";

type Marks = Pick<Dialect, "comment" | "comments" | "delimiter">;

/**
 * How many rows a text has, at most `most`, behind the lines that are left out: its lines that are not blank and do not
 * begin a comment. Newlines within quotes are taken for ends of lines; a text whose lines end with CR alone has no rows.
 */
export function rowsIn(
  pieces: Iterable<Uint8Array>,
  dialect: Marks,
  skip: number,
  most: number | null | undefined,
): number {
  let rows = 0;
  walk(pieces, dialect, skip, () => ++rows === most);
  return rows;
}

/** Where the last rows of a text begin, so many of them; Infinity if there are none. */
export function footOf(pieces: Iterable<Uint8Array>, dialect: Marks, skip: number, rows: number): number {
  const starts: number[] = [];
  walk(pieces, dialect, skip, (at) => {
    starts.push(at);
    if (starts.length > rows) starts.shift();
    return false;
  });
  return starts[0] ?? Number.POSITIVE_INFINITY;
}

/** The first `size` bytes of a text. */
export function* cutAt(pieces: Iterable<Uint8Array>, size: number): Generator<Uint8Array, void, void> {
  let left = size;
  for (const piece of pieces) {
    yield piece.subarray(0, left);
    left -= piece.length;
    if (left <= 0) return;
  }
}

// Calls `visit` with the place of each row, until it says that it is enough.
function walk(
  pieces: Iterable<Uint8Array>,
  { comment, comments, delimiter }: Marks,
  skip: number,
  visit: (at: number) => boolean,
): void {
  const marks = new Uint8Array(NONE + 1);
  for (const mark of [10, 13, comment, ...comments.map(([first]) => first)]) marks[mark] = 1;
  let before = 0,
    left = skip,
    fresh = true;
  for (const piece of pieces) {
    for (let at = 0; at < piece.length; ) {
      if (delimiter === NONE) while (fresh && (piece[at] === 0x20 || piece[at] === 9)) at++;
      if (fresh && left <= 0 && at < piece.length && marks[piece[at]] === 0 && visit(before + at)) return;
      const end = piece.indexOf(10, at);
      fresh = end >= 0;
      if (!fresh) break;
      left--;
      at = end + 1;
    }
    before += piece.length;
  }
}
