/** The number of the only line of a source that holds the snippet, from 1. */
export function lineOf(source: string, snippet: string): number {
  const found = source.split("\n").flatMap((line, i) => (line.includes(snippet) ? [i + 1] : []));
  if (found.length !== 1) throw new Error(`${found.length} lines hold ${snippet}`);
  return found[0];
}
