import { fileURLToPath } from "node:url";
import { run } from "../../src/cli/main.js";

/** The folder of the built package. */
export const dist = fileURLToPath(new URL("../../dist", import.meta.url));

/** What a command printed, and its exit code. */
export interface Printed {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Where a command is called, and whether a person looks at what it prints. */
export interface Around {
  readonly cwd?: string;
  readonly tty?: boolean;
  readonly env?: Readonly<Record<string, string | undefined>>;
}

/** Runs `nbytes` in this process. */
export async function nbytes(
  argv: readonly string[],
  { cwd = process.cwd(), tty = false, env = {} }: Around = {},
): Promise<Printed> {
  const out: string[] = [],
    err: string[] = [];
  const code = await run(argv, {
    stdout: { write: (text) => out.push(text), isTTY: tty },
    stderr: { write: (text) => err.push(text), isTTY: tty },
    env,
    cwd,
    dist,
  });
  return { code, out: out.join(""), err: err.join("") };
}
