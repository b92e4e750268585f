import { totalmem } from "node:os";
import { expect, test } from "vitest";
import { hostLines, machineOf, warningOf } from "../../../src/cli/commands/host.js";
import { nbytes } from "../running.js";

const meminfo = (swapFree: number) => `MemTotal:       16000000 kB
MemFree:         2000000 kB
MemAvailable:   11500000 kB
Buffers:          500000 kB
Cached:          9000000 kB
SwapCached:            0 kB
SReclaimable:     500000 kB
SwapTotal:       1000000 kB
SwapFree:        ${swapFree} kB
`;

test("lesson: cached is not used: total is used, cached and free, and the cached can be had", () => {
  const machine = machineOf(meminfo(1000000), 0, 0, 0);
  expect(machine).toEqual({
    total: 16000000 * 1024,
    used: 4000000 * 1024,
    free: 2000000 * 1024,
    cache: 10000000 * 1024,
    available: 11500000 * 1024,
    swapTotal: 1000000 * 1024,
    swapUsed: 0,
    limit: null,
  });
  expect(hostLines(machine, true)).toEqual([
    "total              16.4 GB          memory of this machine",
    "used                4.1 GB  25.0 %  by programs and the kernel",
    "buffers and cache  10.2 GB  62.5 %  copies of files, dropped on demand",
    "free                2.0 GB  12.5 %  in no use at all",
    "available          11.8 GB  71.9 %  ≈ free + cache: what can still be had",
    "swap                   0 B          in use, of 1.0 GB",
  ]);
  expect(hostLines(machine, false)[0]).toBe("total              15.3 GiB          memory of this machine");
});

test("swap that is in use is warned of from a tenth on", () => {
  expect(warningOf(machineOf(meminfo(900000), 0, 0, 0))).toBe(null);
  expect(warningOf(machineOf(meminfo(500000), 0, 0, 0))).toBe(
    "50 % of swap is in use: memory is short, or was; what lies in swap is slow",
  );
});

test("without /proc/meminfo there is what the system tells every program", () => {
  const machine = machineOf(null, 3e9, 8e9, 4e9);
  expect(machine).toMatchObject({
    total: 8e9,
    used: 5e9,
    free: 3e9,
    cache: null,
    available: 3e9,
    swapTotal: null,
    limit: 4e9,
  });
  expect(hostLines(machine, true).join("\n")).not.toMatch(/cache|swap/);
});

test("nbytes host --json tells bytes of this machine", async () => {
  const { code, out } = await nbytes(["host", "--json"]),
    told = JSON.parse(out);
  expect(code).toBe(0);
  expect(told.total).toBe(totalmem());
  expect(told.used + told.free + (told.cache ?? 0)).toBe(told.total);
  expect((await nbytes(["host"])).out.split("\n").every((line) => line.length <= 80)).toBe(true);
});
