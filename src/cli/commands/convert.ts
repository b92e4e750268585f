import { resolve } from "node:path";
import { plain } from "../../base/plain.js";
import { formatBytes } from "../../index.js";
import { read, sizeOf, writable, write } from "../formats/files.js";
import { release } from "../formats/format.js";
import { type Action, flag } from "../frame/command.js";
import { CliError, FINE, print, printJson } from "../frame/io.js";

export const convert: Action = async (given, io) => {
  const [from, to] = given.operands;
  if (resolve(io.cwd, from) === resolve(io.cwd, to)) throw new CliError(`${plain(to)} is the file to read`, 2);
  writable(to); // before anything is read
  const content = await read(from, io);
  try {
    await write(to, content, io);
  } finally {
    release(content);
  }
  const before = sizeOf(from, io),
    after = sizeOf(to, io);
  if (flag(given, "json")) printJson(io, { from, to, before, after });
  else print(io, `${plain(from)}, ${formatBytes(before)} → ${plain(to)}, ${formatBytes(after)}`);
  return FINE;
};
