// What the host says of memory, and how to read it.
import { expect, test } from "vitest";
import * as np from "../../src/index.js";
import { HostMemory, readMeminfo } from "../../src/memory/state/host.js";

const MIB = 1024 ** 2;
const both = (bytes: number): string[] => [
  np.formatBytes(bytes, { decimals: 1 }),
  np.formatBytes(bytes, { si: false, decimals: 1 }),
];

test("lesson 70: 128,877 MiB are 135.1 GB or 125.9 GiB, not 129 GiB; 23,856.4 MiB are 25.0 GB or 23.3 GiB", () => {
  expect(both(128_877 * MIB)).toEqual(["135.1 GB", "125.9 GiB"]);
  expect(both(23_856.4 * MIB)).toEqual(["25.0 GB", "23.3 GiB"]);
});

test("lesson 70: more than a tenth of swap in use is a warning: 44 of 274 G are", () => {
  const meminfo = (used: number): string =>
    `MemTotal: ${128_877 * 1024} kB\nMemAvailable: 24429000 kB\nSwapTotal: 274000000 kB\nSwapFree: ${274e6 - used * 1e6} kB\n`;
  const told = new HostMemory(readMeminfo(meminfo(44)));
  expect(told.swapUsed).toBe(44e6 * 1024);
  expect(told.warning).toBe("16 % of swap is in use: memory is short, and what lies in swap is slow");
  expect(String(told)).toBe(
    [
      "available   25.0 GB   23.3 GiB  can be had without swapping",
      "total      135.1 GB  125.9 GiB  memory of the machine",
      "swapUsed    45.1 GB   42.0 GiB  swap in use",
      "swapTotal  280.6 GB  261.3 GiB  swap there is",
      "warning  16 % of swap is in use: memory is short, and what lies in swap is slow",
    ].join("\n"),
  );
  expect(new HostMemory(readMeminfo(meminfo(27))).warning).toBeNull();
});

test("lesson 69: fields that a host does not tell are null, never 0", () => {
  const told = np.memory.host();
  for (const name of ["rss", "uss", "heapUsed", "external", "limit", "available", "total", "swapTotal"] as const)
    expect(told[name]).not.toBe(0);
});

test("lesson 69: a browser that measures the page tells it to hostAsync; others, and those that refuse, tell null", async () => {
  const host = performance as { measureUserAgentSpecificMemory?: () => Promise<{ bytes: number }> };
  const measuring = async (measure: (() => Promise<{ bytes: number }>) | undefined): Promise<number | null> => {
    Object.defineProperty(host, "measureUserAgentSpecificMemory", { value: measure, configurable: true });
    try {
      return (await np.memory.hostAsync()).page;
    } finally {
      // What lies below comes forth again.
      delete host.measureUserAgentSpecificMemory;
    }
  };
  const told = await measuring(async () => ({ bytes: 12_345_678 }));
  expect([told, await measuring(undefined), await measuring(() => Promise.reject(new Error("busy")))]).toEqual([
    12_345_678,
    null,
    null,
  ]);
  expect(String(new HostMemory({ page: 12_345_678 }))).toBe(
    "page  12.3 MB  11.8 MiB  this page, as the browser measures it; arrays apart",
  );
});
