import type { ChildProcess } from "node:child_process";

// One Python process that judges programs, line by line; none where there is no Python or no NumPy.

interface Host {
  getBuiltinModule?(name: string): unknown;
  cwd?(): string;
}

let judge: ((line: string) => Promise<string | null>) | null | undefined;

/** A function that sends a line to NumPy's judge and gives its answer; null where there is none. */
export async function numpyJudge(): Promise<((line: string) => Promise<string | null>) | null> {
  judge ??= await begin();
  return judge ?? null;
}

async function begin(): Promise<typeof judge> {
  const host = (globalThis as { process?: Host }).process;
  const spawning = host?.getBuiltinModule?.("node:child_process") as typeof import("node:child_process") | undefined;
  if (spawning === undefined) return null;
  if (spawning.spawnSync("python3", ["-c", "import numpy"]).status !== 0) return null;
  const python = spawning.spawn("python3", [`${host?.cwd?.()}/scripts/fuzz_judge.py`], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  python.unref();
  return answers(python);
}

function answers(python: ChildProcess): (line: string) => Promise<string | null> {
  const waiting: ((answer: string | null) => void)[] = [];
  let rest = "";
  python.stdout!.setEncoding("utf8").on("data", (text: string) => {
    const lines = (rest + text).split("\n");
    rest = lines.pop()!;
    for (const line of lines) waiting.shift()!(JSON.parse(line));
  });
  python.on("exit", () => {
    for (const answer of waiting.splice(0)) answer("NumPy's judge ended");
  });
  return (line) =>
    new Promise((resolve) => {
      waiting.push(resolve);
      python.stdin!.write(`${line}\n`);
    });
}
