import { ValueError } from "./errors.js";
import { shown } from "./shown.js";

/** Bytes as a number, or with a unit: `"20 MB"` (10⁶), `"64 KiB"` (2¹⁰). */
export type Bytes = number | `${number} ${"B" | "kB" | "MB" | "GB" | "KiB" | "MiB" | "GiB"}`;

const decimal = ["B", "kB", "MB", "GB", "TB"],
  binary = ["B", "KiB", "MiB", "GiB", "TiB"];

/** How `formatBytes` writes. */
export interface FormatBytesOptions {
  /** Powers of 1,000 (MB) by default; false for powers of 1,024 (MiB). */
  si?: boolean;
  /** Digits after the point, instead of three figures. */
  decimals?: number;
}

/** Bytes in three figures with a unit, `8.00 MB`; powers of 1,024 with `si: false`. Below 1,000 they are exact. */
export function formatBytes(n: number, { si = true, decimals }: FormatBytesOptions = {}): string {
  const base = si ? 1000 : 1024,
    units = si ? decimal : binary;
  let value = Math.abs(n),
    unit = 0;
  const rounded = (): string => (decimals === undefined ? value.toPrecision(3) : value.toFixed(decimals));
  while (unit < units.length - 1 && Number(rounded()) >= base) {
    value /= base;
    unit++;
  }
  const sign = n < 0 ? "-" : "";
  if (unit === 0) return `${sign}${value} B`;
  const digits = rounded();
  return `${sign}${digits.includes("e") ? Math.round(value) : digits} ${units[unit]}`;
}

const factors: Record<string, number> = { B: 1, kB: 1e3, MB: 1e6, GB: 1e9, KiB: 1024, MiB: 1024 ** 2, GiB: 1024 ** 3 };

/** The number of bytes that `20 MB` or a plain number stands for; anything else is a `ValueError`. */
export function parseBytes(bytes: Bytes): number {
  if (typeof bytes === "number" && bytes >= 0) return bytes;
  const [, number, unit] = typeof bytes === "string" ? (/^(\d+(?:\.\d+)?) (\w+)$/.exec(bytes) ?? []) : [];
  if (number === undefined || !Object.hasOwn(factors, unit))
    throw new ValueError(`not a number of bytes: ${shown(bytes)}; write 20_000_000 or "20 MB"`);
  return Number(number) * factors[unit];
}
