import { spawnSync } from "node:child_process";
import {
  chmodSync,
  createReadStream,
  createWriteStream,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { DTypeError, FileError } from "nbytes";
import { afterAll, expect, test } from "vitest";
import { abandonFiles, ByteSink, drain, drainLate, isLateSink, openSink } from "../../src/files/sink.js";
import { chunksOf, joined, openSource } from "../../src/files/source.js";

const folder = mkdtempSync(join(tmpdir(), "nbytes-")),
  bytes = Uint8Array.from({ length: 150_000 }, (_, i) => i * 5);
afterAll(() => rmSync(folder, { recursive: true }));

const files = (): string[] => readdirSync(folder).sort();
const at = (name: string): string => join(folder, name);

test("openSource and chunksOf read paths, file: URLs, and Node's own streams", async () => {
  writeFileSync(at("a"), bytes);
  for (const path of [at("a"), pathToFileURL(at("a"))]) {
    using source = openSource(path, "load", "a file");
    const into = new Uint8Array(200_000);
    expect([source.size, source.read(0, into), source.read(149_990, into.subarray(0, 7))]).toEqual([
      150_000, 150_000, 7,
    ]);
  }
  for (const source of [at("a"), pathToFileURL(at("a")), createReadStream(at("a"))]) {
    const chunks: Uint8Array[] = [];
    for await (const chunk of chunksOf(source, "load", "a file")) chunks.push(chunk.slice());
    expect(joined(chunks).every((byte, i) => byte === bytes[i])).toBe(true);
  }
});

test("openSource collects what has no size: files of /proc, pipes", () => {
  if (!existsSync("/proc/self/status")) return;
  using source = openSource("/proc/self/status", "load", "a file");
  expect(source.size).toBeGreaterThan(100);
});

test("openSource says in Python's sentence which file is not there", () => {
  const missing = at("missing.npy");
  try {
    openSource(missing, "load", "a file");
    expect.unreachable();
  } catch (error) {
    expect(error).toBeInstanceOf(FileError);
    const { code, path, message } = error as FileError;
    expect({ code, path, message }).toEqual({
      code: "ENOENT",
      path: missing,
      message: `[ENOENT] No such file or directory: '${missing}'`,
    });
  }
});

test("drain writes a file that appears whole, with the mode and the link that were there", () => {
  writeFileSync(at("old"), "old");
  chmodSync(at("old"), 0o600);
  symlinkSync(at("old"), at("link"));
  function* pieces(): Generator<Uint8Array> {
    yield bytes.subarray(0, 10);
    expect(readFileSync(at("old"), "utf8")).toBe("old");
    yield bytes.subarray(10);
  }
  drain(pieces(), openSink(at("link"), "save"));
  expect(readFileSync(at("old")).equals(bytes)).toBe(true);
  expect(statSync(at("old")).mode & 0o777).toBe(0o600);
  expect(files().filter((name) => name.endsWith(".tmp"))).toEqual([]);
});

test("drain leaves nothing of a file whose writing fails, and what was there as it was", () => {
  writeFileSync(at("kept"), "kept");
  function* failing(): Generator<Uint8Array> {
    yield bytes;
    throw new Error("in the middle");
  }
  const before = files();
  expect(() => drain(failing(), openSink(at("kept"), "save"))).toThrow("in the middle");
  expect(() => drain(failing(), openSink(at("new"), "save"))).toThrow("in the middle");
  expect([files(), readFileSync(at("kept"), "utf8")]).toEqual([before, "kept"]);
  expect(() => openSink(join(folder, "none", "x"), "save")).toThrow(FileError);
  expect(() => openSink(folder, "save")).toThrow(FileError);
  expect(() => openSink(7, "save")).toThrow(DTypeError);
});

test("abandonFiles removes what is not finished, and process.exit calls it", () => {
  const before = files();
  const sink = openSink(at("late"), "save");
  sink.write(bytes);
  expect(files().length).toBe(before.length + 1);
  abandonFiles();
  expect(files()).toEqual(before);
  expect(process.listeners("exit").filter((f) => f === abandonFiles)).toEqual([]);
});

test("a device is written as it is", () => {
  if (!existsSync("/dev/null")) return;
  drain([bytes], openSink("/dev/null", "save"));
  expect(spawnSync("test", ["-c", "/dev/null"]).status).toBe(0);
});

test("drainLate writes to Node's streams and to WritableStreams, waits for each chunk, and passes errors on", async () => {
  const out = createWriteStream(at("stream"));
  expect(isLateSink(out)).toBe(true);
  await drainLate([bytes], out, "save");
  expect(readFileSync(at("stream")).equals(bytes)).toBe(true);
  const found = new ByteSink(),
    lengths: number[] = [];
  const web = new WritableStream<Uint8Array>({
    write(chunk) {
      lengths.push(chunk.length);
      found.write(chunk);
    },
  });
  expect(isLateSink(web)).toBe(true);
  await drainLate([bytes], web, "save");
  expect(Buffer.from(found.bytes).equals(bytes)).toBe(true);
  expect(lengths).toEqual([65_536, 65_536, 18_928]);
  const missing = createWriteStream(join(folder, "none", "x"));
  await expect(drainLate([bytes], missing, "save")).rejects.toThrow("ENOENT");
  let reason: unknown;
  const refusing = new WritableStream<Uint8Array>({
    abort(why) {
      reason = why;
    },
  });
  await expect(
    drainLate(
      (function* () {
        yield bytes;
        throw new Error("half");
      })(),
      refusing,
      "save",
    ),
  ).rejects.toThrow("half");
  expect(String(reason)).toBe("Error: half");
});
