import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

// One Python process with NumPy, driven line by line: it works only while this process waits, so that both are timed
// in turns, in one run.

/** A value, as far as it is compared. */
export interface Described {
  readonly size: number;
  readonly nbytes: number;
  /** SHA-1 of the bytes. */
  readonly hash: string;
  /** At most 1,000 elements spread over the array; null for NaN and ∞. */
  readonly sample: readonly (number | null)[];
}

/** Which NumPy it is. */
export interface About {
  readonly numpy: string;
  readonly python: string;
  readonly simd: string;
}

export class Python {
  readonly #process: ChildProcess;
  readonly #lines: AsyncIterator<string>;

  private constructor(command: string) {
    this.#process = spawn(command, [fileURLToPath(new URL("../../bench/beside_numpy.py", import.meta.url))], {
      stdio: ["pipe", "pipe", "inherit"],
      // NumPy's loops are timed on one thread, as ours are.
      env: { ...process.env, OMP_NUM_THREADS: "1", OPENBLAS_NUM_THREADS: "1" },
    });
    this.#lines = createInterface({ input: this.#process.stdout! })[Symbol.asyncIterator]();
  }

  /** Starts NumPy, or gives null where no Python with NumPy 2 is found. */
  static start(): Python | null {
    for (const command of [process.env.NBYTES_PYTHON ?? "", "python3", "python"]) {
      if (command === "") continue;
      const probe = spawnSync(command, ["-c", "import numpy; assert numpy.__version__ >= '2'"], { stdio: "ignore" });
      if (probe.status === 0) return new Python(command);
    }
    return null;
  }

  about(): Promise<About> {
    return this.#ask({ about: 1 });
  }
  /** Forgets all names but `n`. */
  renew(n: number): Promise<unknown> {
    return this.#ask({ new: n });
  }
  run(statements: string): Promise<unknown> {
    return this.#ask({ run: statements });
  }
  describe(expression: string): Promise<Described> {
    return this.#ask({ value: expression });
  }
  /** Seconds of one of `loops` runs of a statement. */
  async time(statement: string, loops: number): Promise<number> {
    return (await this.#ask<{ seconds: number }>({ time: statement, loops })).seconds / loops;
  }

  stop(): void {
    this.#process.stdin!.end();
  }

  async #ask<T>(request: object): Promise<T> {
    this.#process.stdin!.write(`${JSON.stringify(request)}\n`);
    const { value, done } = await this.#lines.next();
    if (done) throw new Error("Python ended");
    const reply = JSON.parse(value) as T & { error?: string };
    if (reply.error !== undefined) throw new Error(`NumPy: ${reply.error} (${JSON.stringify(request)})`);
    return reply;
  }
}
