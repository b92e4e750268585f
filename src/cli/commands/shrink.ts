import { resolve } from "node:path";
import { plain } from "../../base/plain.js";
import * as np from "../../index.js";
import { formatOf, named, read, writable, write } from "../formats/files.js";
import { type Content, isArray, release } from "../formats/format.js";
import { type Action, flag, type Given, number, text } from "../frame/command.js";
import { CliError, FINE, type Io, print, printJson } from "../frame/io.js";
import { cut } from "../frame/table.js";
import { writeWhole } from "../frame/writing.js";

export const shrink: Action = async (given, io) => {
  const [path] = given.operands,
    out = text(given, "apply"),
    abs = number(given, "abs"),
    rel = number(given, "rel");
  if (out !== undefined) writable(out);
  const options = { ...(abs === undefined ? {} : { abs }), ...(rel === undefined ? {} : { rel }) };
  if (isNpy(path)) return ofNpy(path, out, options, given, io);
  let content = await read(path, io);
  try {
    const columns = realColumns(content),
      left = "array" in content ? [] : Object.keys(content.columns).filter((name) => !Object.hasOwn(columns, name));
    if (Object.keys(columns).length === 0) throw new CliError(`${plain(path)}: it has no column of real numbers`);
    const report = np.shrink.report(columns, options);
    if (!tell(report, given, io)) {
      if (left.length > 0)
        print(io, cut(`left as they are, for they are no real numbers: ${left.map(plain).join(", ")}`));
    }
    if (out === undefined) return FINE;
    // Columns are replaced one by one: both dtypes of all of them are never there at once.
    const smaller = np.shrink.apply(columns, report) as Record<string, np.NDArray>; // named arrays give named arrays
    content = "array" in content ? { array: smaller.array } : { columns: { ...content.columns, ...smaller } };
    await write(out, content, io);
    if (!flag(given, "json")) print(io, `written: ${plain(out)}`);
    return FINE;
  } finally {
    release(content);
  }
};

const isNpy = (path: string): boolean => formatOf(path).endings.includes(".npy");

// Goes through the file in blocks, and writes another .npy file so too.
async function ofNpy(
  path: string,
  out: string | undefined,
  options: np.shrink.ReportOptions,
  given: Given,
  io: Io,
): Promise<number> {
  const file = resolve(io.cwd, path),
    report = await named(path, () => np.shrink.report(file, options));
  tell(report, given, io);
  if (out === undefined) return FINE;
  if (isNpy(out)) await writeWhole(resolve(io.cwd, out), (to) => np.shrink.apply(file, report, { to }));
  else {
    using array = np.shrink.apply(file, report);
    await write(out, { array }, io);
  }
  if (!flag(given, "json")) print(io, `written: ${plain(out)}`);
  return FINE;
}

/** Prints a report; tells whether it was as JSON. */
function tell(report: np.shrink.Report, given: Given, io: Io): boolean {
  const json = flag(given, "json");
  if (json)
    printJson(io, { before: report.before, after: report.after, saving: report.saving, columns: report.columns });
  else print(io, String(report));
  return json;
}

function realColumns(content: Content): Record<string, np.NDArray> {
  if ("array" in content) return real(content.array) ? { array: content.array } : {};
  const arrays = Object.entries(content.columns).flatMap(([name, column]) =>
    isArray(column) && real(column) ? [[name, column] as const] : [],
  );
  return Object.fromEntries(arrays);
}

function real({ dtype }: np.NDArray): boolean {
  return !dtype.startsWith("complex");
}
