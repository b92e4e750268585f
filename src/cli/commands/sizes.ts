import { type Given, text } from "../frame/command.js";
import { wrongUse } from "../frame/io.js";

const factors: Readonly<Record<string, number>> = {
  "": 1,
  b: 1,
  kb: 1e3,
  mb: 1e6,
  gb: 1e9,
  kib: 1024,
  mib: 1024 ** 2,
  gib: 1024 ** 3,
};

/** An option's bytes, `64MB` or `64 MiB`; undefined if it was not given. */
export function bytes(given: Given, name: string): number | undefined {
  const value = text(given, name);
  if (value === undefined) return undefined;
  const [, digits, unit = ""] = /^\s*(\d[\d_]*(?:\.\d+)?)\s*([a-z]*)\s*$/i.exec(value) ?? [],
    factor = factors[unit.toLowerCase()];
  if (digits === undefined || factor === undefined) throw wrongUse(`--${name} takes bytes, as 64MB, not '${value}'`);
  return Number(digits.replaceAll("_", "")) * factor;
}
