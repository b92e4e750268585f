import { DTypeError, FileError, ValueError, zeros } from "nbytes";
import { expect, test } from "vitest";
import { CHUNK, chunksOf, isLate, joined, openSource, pathOf, textChunks } from "../../src/files/source.js";

const bytes = Uint8Array.from({ length: 200_000 }, (_, i) => i * 7);

/** Whether bytes are the same; `toEqual` takes a second for this many. */
const same = (a: Uint8Array, b: Uint8Array): boolean => a.length === b.length && a.every((byte, i) => byte === b[i]);

/** All that a source gives, and the lengths of its pieces. */
async function read(source: unknown, text = false): Promise<{ all: Uint8Array; lengths: number[] }> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of chunksOf(source, "load", "a file", text)) chunks.push(chunk.slice());
  return { all: joined(chunks), lengths: chunks.map(({ length }) => length) };
}

const streamOf = (...pieces: unknown[]): ReadableStream =>
  new ReadableStream({
    start(controller) {
      for (const piece of pieces) controller.enqueue(piece);
      controller.close();
    },
  });

async function* generated(...pieces: Uint8Array[]): AsyncGenerator<Uint8Array> {
  yield* pieces;
}

test("chunksOf gives the bytes of every source in pieces of at most 64 KiB", async () => {
  const sources = {
    "a typed array": bytes,
    "an ArrayBuffer": bytes.buffer,
    "a DataView": new DataView(bytes.buffer),
    "a Blob": new Blob([bytes]),
    "a Response": new Response(bytes),
    "a stream": streamOf(bytes.subarray(0, 3), bytes.subarray(3)),
    "an async iterable": generated(bytes.subarray(0, 70_000), bytes.subarray(70_000)),
  };
  for (const [name, source] of Object.entries(sources)) {
    const { all, lengths } = await read(source);
    expect(same(all, bytes), name).toBe(true);
    expect(Math.max(...lengths), name).toBeLessThanOrEqual(CHUNK);
  }
});

test("chunksOf takes strings of a stream where it is told that it is text", async () => {
  expect((await read(streamOf("é", "x"), true)).all).toEqual(new TextEncoder().encode("éx"));
  await expect(read(streamOf("é"))).rejects.toThrow("a piece of this one is 'é'");
});

test("chunksOf refuses a locked stream, a response that failed, and what is no source", async () => {
  const locked = streamOf(bytes);
  locked.getReader();
  await expect(read(locked)).rejects.toThrow(ValueError);
  await expect(read(new Response("gone", { status: 404 }))).rejects.toThrow("status 404");
  await expect(read(7)).rejects.toThrow(DTypeError);
  await expect(read(zeros(2))).rejects.toThrow("not an NDArray");
});

test("chunksOf cancels a stream that is given up early, and lets go of one read to its end", async () => {
  let cancelled = 0;
  const endless = new ReadableStream({
    pull: (controller) => controller.enqueue(new Uint8Array(10)),
    cancel: () => void cancelled++,
  });
  for await (const _ of chunksOf(endless, "load", "a file")) break;
  expect([cancelled, endless.locked]).toEqual([1, false]);
  const short = streamOf(bytes);
  await read(short);
  expect(short.locked).toBe(false);
});

test("openSource reads bytes at any place, fewer only at the end", () => {
  const source = openSource(bytes.subarray(10), "load", "a file"),
    into = new Uint8Array(8);
  expect(source.size).toBe(bytes.length - 10);
  expect(source.read(5, into)).toBe(8);
  expect(into).toEqual(bytes.subarray(15, 23));
  expect(source.read(source.size - 3, into)).toBe(3);
  expect(source.read(source.size + 3, into)).toBe(0);
});

test("isLate knows what is read in promises", () => {
  expect([new Blob([]), new Response(), streamOf(), generated()].map(isLate)).toEqual([true, true, true, true]);
  expect([bytes, "x.npy", null, 3, [], zeros(2)].map(isLate)).toEqual([false, false, false, false, false, false]);
});

test("pathOf refuses addresses of the web, and says what to pass", () => {
  expect(() => pathOf("https://x.org/a.npy")).toThrow(FileError);
  expect(() => pathOf(new URL("https://x.org/a.npy"))).toThrow("await fetch(url)");
  expect(pathOf(3)).toBe(null);
});

test("textChunks cuts no character", () => {
  const text = `a${"😀".repeat(40_000)}`,
    decoder = new TextDecoder("utf-8", { fatal: true });
  let back = "";
  for (const chunk of textChunks(text)) {
    expect(chunk.length).toBeLessThanOrEqual(CHUNK);
    back += decoder.decode(chunk);
  }
  expect(back).toBe(text);
});
