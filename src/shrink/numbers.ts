import { type Bits, roundTo } from "../base/digits.js";

// How reports and the main job write figures.

/** An error: 0 stays `0`, the rest gets three figures. */
export function errorText(error: number): string {
  if (error === 0) return "0";
  const exponential = Math.abs(error) < 1e-3 || Math.abs(error) >= 1e15;
  return exponential ? error.toExponential(2).replace("e+", "e") : threeFigures(error);
}

/** A share as a percentage: `75 %`, `43.8 %`. */
export function percentText(share: number): string {
  const percent = share * 100;
  return `${Number.isInteger(percent) ? percent : percent.toFixed(1)} %`;
}

/** Three figures, and never an exponent: `0.0156`, `8.40`, `1234`. */
export function threeFigures(value: number): string {
  const digits = value.toPrecision(3);
  return digits.includes("e") ? String(Math.round(value)) : digits;
}

/** A value in at most six figures, and no more digits than it has: `-40`, `0.001`, `1e30`. */
export function shortText(value: number): string {
  if (!Number.isFinite(value)) return String(value).replace("Infinity", "∞");
  const kept = Number(value.toPrecision(6)),
    text = Math.abs(kept) < 1e-4 && kept !== 0 ? kept.toExponential() : String(kept);
  return text.replace("e+", "e");
}

/** A value of a column: whole numbers exactly, others in the fewest digits that tell them in their dtype: `16777217`, `0.1`. */
export function exactText(value: number | bigint, bits: Bits): string {
  if (typeof value === "bigint") return String(value);
  if (!Number.isFinite(value)) return shortText(value);
  let short = value;
  const whole = Number.isSafeInteger(value);
  for (let digits = 1; digits < 10 && bits < 64 && !whole; digits++) {
    short = Number(value.toPrecision(digits));
    if (roundTo(bits, short) === value) break;
  }
  return String(short).replace("e+", "e");
}

/** A sum in seven figures, or with all digits before the point: `1,087,937`. */
export function sumText(value: number): string {
  const size = Math.abs(value);
  if (!Number.isFinite(value) || size >= 1e15 || (size < 1e-4 && size > 0)) return shortText(value);
  const kept = size < 1e6 ? Number(value.toPrecision(7)) : Math.round(value);
  return kept.toLocaleString("en-US", { maximumFractionDigits: 10 });
}
