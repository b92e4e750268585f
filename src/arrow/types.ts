import type { DType } from "../base/dtype.js";
import type { Kind } from "../columnar/fill.js";
import { MILLISECONDS } from "../columnar/fill.js";
import type { ArrowType } from "./flechette.js";

// Arrow's types by their numbers in the format, and what they become.

export const DICTIONARY = -1,
  NULL = 1,
  UTF8 = 5,
  LARGE_UTF8 = 20;

/** Names of the other types, for errors. */
const NAMES: Readonly<Record<number, string>> = {
  2: "Int",
  3: "Float",
  4: "Binary",
  6: "Bool",
  7: "Decimal",
  8: "Date",
  9: "Time",
  10: "Timestamp",
  11: "Interval",
  12: "List",
  13: "Struct",
  14: "Union",
  15: "FixedSizeBinary",
  16: "FixedSizeList",
  17: "Map",
  18: "Duration",
  19: "LargeBinary",
  21: "LargeList",
  22: "RunEndEncoded",
  23: "BinaryView",
  24: "Utf8View",
  25: "ListView",
  26: "LargeListView",
};

/** What a type is called. */
export function nameOf({ typeId, dictionary }: ArrowType): string {
  if (typeId === DICTIONARY && dictionary !== undefined) return `Dictionary of ${nameOf(dictionary)}`;
  return NAMES[typeId] ?? `type ${typeId}`;
}

const UNITS = ["SECONDS", "MILLIS", "MICROS", "NANOS"] as const;

/** What a type becomes; null for what no column holds. */
export function kindOf(type: ArrowType): Kind | null {
  const { typeId, bitWidth = 0, signed = true, precision = 0, unit = 0, scale = 0 } = type;
  switch (typeId) {
    case DICTIONARY:
      return type.dictionary !== undefined && kindOf(type.dictionary)?.dtype === "category"
        ? { dtype: "category" }
        : null;
    case NULL:
      return { dtype: "float64" };
    case 2:
      return { dtype: `${signed ? "" : "u"}int${bitWidth}` as DType }; // 8, 16, 32 or 64 bits
    case 3:
      return { dtype: (["float16", "float32", "float64"] as const)[precision] };
    case UTF8:
    case LARGE_UTF8:
    case 24:
      return { dtype: "category" };
    case 6:
      return { dtype: "bool", read: Number };
    case 7:
      return { dtype: "float64", read: (value) => Number(value) / 10 ** scale };
    case 8:
      return { dtype: "float64", read: unit === 0 ? MILLISECONDS.DAYS : MILLISECONDS.MILLIS };
    case 9:
    case 10:
    case 18:
      return { dtype: "float64", read: MILLISECONDS[UNITS[unit]] };
    default:
      return null;
  }
}
