import { ValueError } from "../base/errors.js";
import { isList, nearest, shown } from "../base/shown.js";

/**
 * The columns that are asked for: `columns`, or all there are. `where` is the function and the file, for the errors: a
 * `ValueError` for a name that there is not, or comes twice.
 */
export function chosenNames(
  columns: readonly string[] | undefined,
  names: readonly string[],
  where: string,
): readonly string[] {
  if (columns !== undefined && !isList(columns))
    throw new ValueError(`${where}: columns is a list of names, not ${shown(columns)}`);
  const seen = new Set<string>();
  for (const name of columns ?? names) {
    if (seen.has(name)) throw new ValueError(`${where}: the column ${shown(name)} comes twice`);
    seen.add(name);
    if (names.includes(name)) continue;
    const meant = nearest(String(name), names);
    throw new ValueError(
      `${where}: no column ${shown(name)}: ${meant === undefined ? `there are ${names.slice(0, 10).join(", ")}` : `did you mean '${meant}'?`}`,
    );
  }
  return columns ?? names;
}
