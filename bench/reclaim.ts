import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { add, memory, random } from "nbytes";
import { formatCount, formatRatio } from "./format.js";

// The price of forgetting: `y = add(x, 1)` in a loop that disposes nothing, beside the loop that disposes, on arrays of
// 8 MB, and on small ones, where the search for them counts for more. It runs in a process of its own, because what is reserved says something only of a heap that was empty.

export interface Forgetting {
  readonly iterations: number;
  /** Seconds of all iterations. */
  readonly disposing: number;
  readonly forgetting: number;
  /** Bytes that would be live, had nothing been reclaimed, and linear memory at the end. */
  readonly asked: number;
  readonly reserved: number;
  /** Smaller arrays, by their number of elements: how many times as long forgetting takes. */
  readonly smaller: readonly { readonly size: number; readonly ratio: number }[];
}

/** Seconds of both loops. */
interface Spent {
  disposing: number;
  forgetting: number;
}

const SIZE = 1e6;
const TURN = 500;
// Half a second each, in twenty turns.
const SMALLER = { 10: 200_000, 10000: 20_000 };

/** Runs both loops here, in turns. */
export function forgetHere(iterations: number): Forgetting {
  const smaller = Object.entries(SMALLER).map(([size, times]) => {
    const { disposing, forgetting } = bothLoops(Number(size), times, times / 20);
    return { size: Number(size), ratio: forgetting / disposing };
  });
  const spent = bothLoops(SIZE, iterations, TURN);
  return { iterations, ...spent, asked: iterations * SIZE * 8, reserved: memory.usage().reserved, smaller };
}

function bothLoops(size: number, iterations: number, turn: number): Spent {
  const x = random.defaultRng(7).random(size);
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
  const spent: Spent = { disposing: 0, forgetting: 0 };
  loops.disposing(20);
  loops.forgetting(20);
  for (let done = 0; done < iterations; done += turn) {
    for (const name of ["disposing", "forgetting"] as const) {
      const began = performance.now();
      loops[name](Math.min(turn, iterations - done));
      spent[name] += (performance.now() - began) / 1000;
    }
  }
  x.dispose();
  return spent;
}

/** Runs both loops in a new process. */
export async function forgetting(iterations: number): Promise<Forgetting> {
  const program = fileURLToPath(import.meta.url);
  const { stdout } = await promisify(execFile)(process.execPath, [program, "forget", String(iterations)]);
  return JSON.parse(stdout) as Forgetting;
}

/** How much longer forgetting takes with smaller arrays. */
export function smallerText(smaller: Forgetting["smaller"]): string {
  const each = smaller.map(({ size, ratio }) => `${formatRatio(ratio)} times with ${formatCount(size)} elements`);
  return `With smaller arrays it takes ${each.join(", ")}.`;
}
