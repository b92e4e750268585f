import type { ChildProcess } from "node:child_process";

// One Python process that judges programs; none where there is no Python or no NumPy. A program is a line of JSON and
// the bytes that it speaks of. Many are under way at once: nobody waits for an answer before the next is sent.

interface Host {
  getBuiltinModule?(name: string): unknown;
  cwd?(): string;
}

/** Sends a program and its bytes to NumPy, and gives its answer: null if there is no difference. */
export type Judge = (line: object, bytes: readonly Uint8Array[]) => Promise<string | null>;

const judges = new Map<string, Promise<Judge | null>>();

/** A judge of `scripts/` that asks NumPy; null where there is none. */
export function numpyJudge(script = "fuzz_judge.py"): Promise<Judge | null> {
  const judge = judges.get(script) ?? begin(script);
  judges.set(script, judge);
  return judge;
}

async function begin(script: string): Promise<Judge | null> {
  const host = (globalThis as { process?: Host }).process;
  const spawning = host?.getBuiltinModule?.("node:child_process") as typeof import("node:child_process") | undefined;
  if (spawning === undefined) return null;
  const python = spawning.spawn("python3", [`${host?.cwd?.()}/scripts/${script}`], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  python.unref();
  return answers(python);
}

function answers(python: ChildProcess): Promise<Judge | null> {
  const waiting: ((answer: string | null) => void)[] = [];
  let rest = "";
  return new Promise((ready) => {
    const judging: Judge = (line, bytes) => {
      const length = bytes.reduce((sum, { byteLength }) => sum + byteLength, 0);
      python.stdin!.cork();
      python.stdin!.write(`${JSON.stringify({ ...line, length })}\n`);
      for (const part of bytes) python.stdin!.write(part);
      python.stdin!.uncork();
      return new Promise((resolve) => waiting.push(resolve));
    };
    // The first line says that NumPy is there.
    python.stdout!.setEncoding("utf8").on("data", (text: string) => {
      const lines = (rest + text).split("\n");
      rest = lines.pop()!;
      for (const line of lines) {
        if (line === "ready") ready(judging);
        else waiting.shift()!(JSON.parse(line));
      }
    });
    python.on("error", () => ready(null));
    python.on("exit", () => {
      ready(null);
      for (const answer of waiting.splice(0)) answer("NumPy's judge ended");
    });
  });
}
