import type { ParseArgsConfig } from "node:util";
import type { Io } from "./io.js";
import { wrongUse } from "./io.js";

/** An option of a command. */
export interface Option {
  readonly type: "string" | "boolean";
  readonly short?: string;
  /** What stands for its value in the help: `FILE`. */
  readonly value?: string;
  readonly says: string;
}

/** What a user gave. */
export interface Given {
  readonly operands: readonly string[];
  readonly values: Readonly<Record<string, string | boolean | undefined>>;
  /** What stood behind `--`. */
  readonly rest: readonly string[];
}

/** What a command does; the number is its exit code. */
export type Action = (given: Given, io: Io) => number | Promise<number>;

/** A command of `nbytes`. */
export interface Command {
  readonly name: string;
  /** Its operands, as the help writes them. */
  readonly takes: string;
  /** What it does, in one line. */
  readonly says: string;
  readonly options: Readonly<Record<string, Option>>;
  /** How few and how many operands it takes. */
  readonly operands: readonly [least: number, most: number];
  /** Whether what follows `--` goes to a program. */
  readonly passes?: true;
  /** What else the help says, below the options. */
  readonly more?: readonly string[];
  readonly example: string;
  readonly load: () => Promise<Action>;
}

/** The options as `parseArgs` of Node takes them. */
export function parsed(options: Command["options"]): NonNullable<ParseArgsConfig["options"]> {
  return Object.fromEntries(
    Object.entries(options).map(([name, { type, short }]) => [name, short === undefined ? { type } : { type, short }]),
  );
}

/** The text of an option; undefined if it was not given. */
export function text({ values }: Given, name: string): string | undefined {
  const value = values[name];
  return typeof value === "string" ? value : undefined;
}

/** Whether an option without a value was given. */
export function flag({ values }: Given, name: string): boolean {
  return values[name] === true;
}

/** An option's number of 0 or more; undefined if it was not given. */
export function number(given: Given, name: string): number | undefined {
  const value = text(given, name);
  if (value === undefined) return undefined;
  const n = Number(value.replaceAll("_", ""));
  if (value.trim() === "" || !(n >= 0)) throw wrongUse(`--${name} takes a number of 0 or more, not '${value}'`);
  return n;
}

/** An option's whole number; `otherwise` if it was not given. */
export function count(given: Given, name: string, otherwise: number): number {
  const n = number(given, name) ?? otherwise;
  if (!Number.isSafeInteger(n)) throw wrongUse(`--${name} takes a whole number, not ${n}`);
  return n;
}

/** An option's list of whole numbers, `1000,1000`. */
export function counts(given: Given, name: string): number[] | undefined {
  const value = text(given, name)?.trim();
  if (value === undefined) return undefined;
  const words = value === "" ? [] : value.split(/\s*[,x×]\s*/);
  return words.map((word) => {
    const n = Number(word.replaceAll("_", ""));
    if (word === "" || !Number.isSafeInteger(n) || n < 0)
      throw wrongUse(`--${name} takes whole numbers, as 1000,1000, not '${value}'`);
    return n;
  });
}

/** One of the words that an option takes. */
export function word<W extends string>(given: Given, name: string, words: readonly W[], otherwise: W): W {
  const value = text(given, name),
    found = value === undefined ? otherwise : words.find((one) => one === value);
  if (found === undefined) throw wrongUse(`--${name} is one of ${words.join(", ")}, not '${value}'`);
  return found;
}
