// What a command reads and writes beside files: streams, the environment, where it was called. Tests give their own.

/** A stream that text goes to. */
export interface Out {
  write(text: string): unknown;
  /** Whether a person looks at it. */
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
}

/** What a command has of its surroundings. */
export interface Io {
  readonly stdout: Out;
  readonly stderr: Out;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  /** The folder of the built package, whose files child processes load. */
  readonly dist: string;
}

/** Lines are for terminals of 80 columns. */
export const WIDTH = 80;

/** What a command ends with: nothing to report, something found or failed, wrong use. */
export const FINE = 0,
  FOUND = 1,
  WRONG = 2;

/** An error that a user reads as one line. */
export class CliError extends Error {
  constructor(
    message: string,
    readonly code: number = FOUND,
  ) {
    super(message);
  }
}

/** An error in how a command was called. */
export function wrongUse(message: string): CliError {
  return new CliError(message, WRONG);
}

const colours = { bold: 1, dim: 2, red: 31, green: 32, yellow: 33 } as const;

/** Text in a colour, where a person looks and has not said no: https://no-color.org. */
export function paint(out: Out, env: Io["env"], colour: keyof typeof colours, text: string): string {
  const plain = out.isTTY !== true || (env.NO_COLOR ?? "") !== "" || env.TERM === "dumb";
  return plain || text === "" ? text : `\x1b[${colours[colour]}m${text}\x1b[0m`;
}

/** Prints lines to stdout. */
export function print({ stdout }: Io, ...lines: readonly string[]): void {
  stdout.write(`${lines.join("\n")}\n`);
}

/** Prints a value as JSON: integers that doubles cannot hold as texts, what is no number as null. */
export function printJson(io: Io, value: unknown): void {
  print(
    io,
    JSON.stringify(value, (_, one) => (typeof one === "bigint" ? exact(one) : one), 2),
  );
}

function exact(n: bigint): number | string {
  return Number.isSafeInteger(Number(n)) ? Number(n) : String(n);
}
