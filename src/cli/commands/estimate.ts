import type { Called } from "../child/job.js";
import { type Action, count, counts, flag, text } from "../frame/command.js";
import { wrongUse } from "../frame/io.js";
import { runProgram } from "./program.js";
import { tellCalled } from "./trace.js";

export const estimate: Action = async (given, io) => {
  const at = counts(given, "at") ?? [1000, 2000],
    size = count(given, "for", -1);
  if (size < 0) throw wrongUse("it needs the size to tell of: --for 10_000_000");
  const call = { name: text(given, "call") ?? "default", estimate: { at, for: size } };
  return tellCalled(
    await runProgram<Called>({ path: given.operands[0], args: given.rest, call, quiet: flag(given, "json") }, io),
    given,
    io,
  );
};
