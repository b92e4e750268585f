import { plain } from "../../base/plain.js";
import { formatBytes } from "../../index.js";
import { facts, sizeOf } from "../formats/files.js";
import type { Fact } from "../formats/format.js";
import { type Action, flag } from "../frame/command.js";
import { FINE, FOUND, paint, print, printJson } from "../frame/io.js";
import { table } from "../frame/table.js";
import { told } from "../frame/told.js";

interface FileFacts {
  readonly file: string;
  readonly bytes: number;
  readonly arrays: readonly Fact[];
}

export const info: Action = async (given, io) => {
  const found: FileFacts[] = [];
  let failed = false;
  for (const path of given.operands) {
    try {
      const bytes = sizeOf(path, io);
      found.push({ file: path, bytes, arrays: await facts(path, io) });
    } catch (error) {
      if (given.operands.length === 1) throw error;
      failed = true;
      io.stderr.write(`${paint(io.stderr, io.env, "red", "nbytes info:")} ${told(error).message}\n`);
    }
  }
  if (flag(given, "json")) printJson(io, found);
  else for (const one of found) print(io, ...linesOf(one));
  return failed ? FOUND : FINE;
};

function linesOf({ file, bytes, arrays }: FileFacts): string[] {
  const rows = arrays.map((fact) => [
    fact.name,
    fact.dtype,
    `[${fact.shape.join(", ")}]`,
    fact.order ?? "",
    fact.bytes === undefined ? "" : formatBytes(fact.bytes),
    notesOf(fact).join(", "),
  ]);
  return [`${plain(file)}: ${formatBytes(bytes)}`, ...table(rows, "<<<<><")];
}

function notesOf({ version, bigEndian, packed, bytes, missing, stored }: Fact): string[] {
  return [
    ...(stored === undefined ? [] : [stored]),
    ...(version === undefined ? [] : [`header ${version}`]),
    ...(bigEndian === undefined ? [] : ["big-endian"]),
    ...(packed === undefined || bytes === undefined ? [] : [`deflated to ${formatBytes(packed)}`]),
    ...(missing === undefined ? [] : [`${missing.toLocaleString("en-US")} missing`]),
  ];
}
