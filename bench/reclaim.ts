import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { add, memory, random } from "nbytes";

// The price of forgetting: `y = add(x, 1)` on arrays of 8 MB in a loop that disposes nothing, beside the loop that
// disposes. It runs in a process of its own, because what is reserved says something only of a heap that was empty.

export interface Forgetting {
  readonly iterations: number;
  /** Seconds of all iterations. */
  readonly disposing: number;
  readonly forgetting: number;
  /** Bytes that would be live, had nothing been reclaimed, and linear memory at the end. */
  readonly asked: number;
  readonly reserved: number;
}

const SIZE = 1e6;
const TURN = 500;

/** Runs both loops here, in turns. */
export function forgetHere(iterations: number): Forgetting {
  const x = random.defaultRng(7).random(SIZE);
  const loops = {
    disposing: (count: number) => {
      for (let i = 0; i < count; i++) add(x, 1).dispose();
    },
    forgetting: (count: number) => {
      let y = x;
      for (let i = 0; i < count; i++) y = add(x, 1);
      return y;
    },
  };
  const spent = { disposing: 0, forgetting: 0 };
  loops.disposing(20);
  loops.forgetting(20);
  for (let done = 0; done < iterations; done += TURN) {
    for (const name of ["disposing", "forgetting"] as const) {
      const began = performance.now();
      loops[name](Math.min(TURN, iterations - done));
      spent[name] += (performance.now() - began) / 1000;
    }
  }
  return { iterations, ...spent, asked: iterations * x.nbytes, reserved: memory.usage().reserved };
}

/** Runs both loops in a new process. */
export async function forgetting(iterations: number): Promise<Forgetting> {
  const program = fileURLToPath(import.meta.url);
  const { stdout } = await promisify(execFile)(process.execPath, [program, "forget", String(iterations)]);
  return JSON.parse(stdout) as Forgetting;
}
