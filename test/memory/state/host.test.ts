import { expect, test } from "vitest";
import { formatBytes } from "../../../src/base/units.js";
import * as np from "../../../src/index.js";
import { HostMemory, readMeminfo, readSmaps } from "../../../src/memory/state/host.js";

const { memory } = np;

test("memory.host() gives positive numbers, or null for what the host does not tell; never 0", () => {
  const { rss, uss, heapUsed, external, limit, available, total } = memory.host();
  for (const bytes of [rss, uss, heapUsed, external, limit, available, total])
    expect(bytes === null || bytes > 0).toBe(true);
});

test("String(memory.host()) has a row for each known figure, in GB and GiB, and fits a terminal", () => {
  const told = new HostMemory({ rss: 3.25e9, heapUsed: 5e6 });
  expect(String(told)).toBe(
    "rss       3.3 GB  3.0 GiB  resident pages of this process, shared ones too\n" +
      "heapUsed  5.0 MB  4.8 MiB  JavaScript's heap in use",
  );
  expect(String(new HostMemory({}))).toBe("the host tells nothing of its memory");
  for (const line of String(memory.host()).split("\n")) expect(line.length).toBeLessThanOrEqual(80);
});

test("a machine without swap tells null, not 0; /proc is read as Linux writes it", () => {
  const meminfo =
    "MemTotal:       24684092 kB\nMemFree:  1 kB\nMemAvailable:   24117004 kB\nSwapTotal:  0 kB\nSwapFree: 0 kB\n";
  const told = new HostMemory(readMeminfo(meminfo));
  expect([told.total, told.available, told.swapUsed, told.warning]).toEqual([
    24_684_092 * 1024,
    24_117_004 * 1024,
    null,
    null,
  ]);
  const smaps =
    "562d58c73000-7ffc7db46000 ---p 00000000 00:00 0 [rollup]\nRss: 9 kB\nPrivate_Clean:  3 kB\nPrivate_Dirty:   4 kB\n";
  expect([readSmaps(smaps), readSmaps("Rss: 9 kB\n")]).toEqual([7168, null]);
});

test("formatBytes(n, { decimals }) gives so many digits after the point", () => {
  expect([999_960, 0, 1023, -1536].map((n) => formatBytes(n, { decimals: 1 }))).toEqual([
    "1.0 MB",
    "0 B",
    "1.0 kB",
    "-1.5 kB",
  ]);
  expect(formatBytes(1023 * 1024 * 1024, { si: false, decimals: 2 })).toBe("1023.00 MiB");
});
