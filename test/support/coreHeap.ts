// The allocator seen from JavaScript, and what must always hold of its heap.
import { expect } from "vitest";
import type { Core } from "../../src/core/instance.js";
import { freshCore } from "./coreInstance.js";

/** Bytes in front of every payload. */
export const HEADER = 16;

interface Block {
  pointer: number;
  bytes: number;
  span: number;
  used: boolean;
  tag: number;
}

/** A new core, with its addresses as JavaScript should see them: unsigned. */
export async function allocator(maximumPages?: number) {
  const { exports: core, memory } = await freshCore(maximumPages);
  const allocate = (bytes: number, tag = 0) => core.allocate(bytes, tag) >>> 0;
  const blocks = () => walk(core);
  return { core, memory, allocate, blocks, used: () => blocks().filter((block) => block.used) };
}

function walk(core: Core): Block[] {
  const blocks: Block[] = [];
  for (let block = core.firstBlock(); block !== 0; block = core.nextBlock(block)) {
    blocks.push({
      pointer: core.blockPointer(block) >>> 0,
      bytes: core.blockBytes(block) >>> 0,
      span: core.blockSpan(block) >>> 0,
      used: core.blockUsed(block) === 1,
      tag: core.blockTag(block) >>> 0,
    });
  }
  return blocks;
}

const sum = (values: Iterable<number>) => [...values].reduce((total, value) => total + value, 0);

/** What must hold at any moment, told from the heap walk alone. */
export function expectSound(core: Core): Block[] {
  const blocks = walk(core);
  const used = blocks.filter((block) => block.used);
  const free = blocks.filter((block) => !block.used);
  let end = core.staticBytes();
  for (const { pointer, span, bytes } of blocks) {
    if (pointer !== end) throw new Error(`block at ${pointer}, but the one below ends at ${end}`);
    if (pointer % 64 !== 0 || span % 64 !== 0) throw new Error(`block at ${pointer} of ${span} is not aligned`);
    if (bytes + HEADER > span) throw new Error(`block at ${pointer} holds ${bytes} in ${span}`);
    end += span;
  }
  expect(end).toBe(core.reservedBytes());
  expect(blocks.some((block, i) => !block.used && blocks[i + 1]?.used === false)).toBe(false);
  expect(core.liveBytes()).toBe(sum(used.map((block) => block.bytes)));
  expect(core.freeBytes()).toBe(sum(free.map((block) => block.span)));
  expect(core.largestFree()).toBe(Math.max(0, ...free.map((block) => block.bytes)));
  expect(core.allocationCount() - core.releaseCount()).toBe(used.length);
  return blocks;
}

/** Mulberry32: numbers in [0, 1) that are the same in every run. */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}
