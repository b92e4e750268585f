import { ValueError } from "../base/errors.js";
import { type Kind, MILLISECONDS } from "../columnar/fill.js";
import type { Element } from "./hyparquet.js";

// What the columns of a file become. The types of the file are taken from it here: the package that decodes is asked for
// the numbers as they are stored, and makes no dates and no decimals of its own.

/** A column of a file. */
export interface Leaf {
  readonly name: string;
  /** The type as the file has it: `INT64 TIMESTAMP MICROS`. */
  readonly type: string;
  /** What it becomes; null for what no column holds. */
  readonly kind: Kind | null;
  /** Why there is none. */
  readonly reason: string;
  readonly optional: boolean;
  /** What the package is to decode. */
  readonly element: Element;
}

/** Integers of fewer bits than they are stored in. */
const INTEGERS: Readonly<Record<string, Kind>> = {
  INT_8: { dtype: "int8" },
  INT_16: { dtype: "int16" },
  INT_32: { dtype: "int32" },
  INT_64: { dtype: "int64" },
  UINT_8: { dtype: "uint8", read: (value) => (value as number) & 255 },
  UINT_16: { dtype: "uint16", read: (value) => (value as number) & 65535 },
  UINT_32: { dtype: "uint32", read: (value) => (value as number) >>> 0 },
  UINT_64: { dtype: "uint64", read: (value) => BigInt.asUintN(64, value as bigint) },
};

const PLAIN: Readonly<Record<string, Kind>> = {
  BOOLEAN: { dtype: "bool", read: (value) => (value ? 1 : 0) },
  INT32: { dtype: "int32" },
  INT64: { dtype: "int64" },
  FLOAT: { dtype: "float32" },
  DOUBLE: { dtype: "float64" },
  BYTE_ARRAY: { dtype: "category" },
};

/** Bytes of what is stored by the byte. */
export const WIDTHS: Readonly<Record<string, number>> = { INT32: 4, FLOAT: 4, INT64: 8, DOUBLE: 8, INT96: 12 };

/** The columns of a schema, which lists them depth first. Errors: a `ValueError` for a list that is no tree. */
export function leavesOf(schema: readonly Element[], where: string): Leaf[] {
  const leaves: Leaf[] = [];
  let at = 0;
  const next = (): Element => {
    const element = schema[at++];
    if (element === undefined || typeof element.name !== "string")
      throw new ValueError(`${where}: a schema that is no tree`);
    return element;
  };
  const children = ({ num_children: count }: Element): number => (typeof count === "number" && count > 0 ? count : 0);
  const root = next();
  for (let left = children(root); left > 0; left--) {
    const element = next();
    for (let below = children(element); below > 0; below--) below += children(next());
    leaves.push(leafOf(element));
  }
  if (at !== schema.length) throw new ValueError(`${where}: a schema that is no tree`);
  return leaves;
}

function leafOf(element: Element): Leaf {
  const { name, repetition_type: repetition } = element,
    logical = logicalOf(element);
  const nested = (element.num_children ?? 0) > 0 || repetition === "REPEATED";
  const kind = nested ? null : kindOf(element, logical);
  // Whether a leaf is decoded as text is all that is left to say.
  const plain: Element = { name, type: element.type, type_length: element.type_length, repetition_type: repetition };
  if (logical === "UUID") plain.logical_type = { type: "UUID" };
  return {
    name,
    type: nested ? `nested ${logical}`.trim() : `${element.type ?? ""} ${logical}`.trim(),
    kind,
    reason: nested ? "is nested" : "has no dtype here",
    optional: repetition !== "REQUIRED",
    element: plain,
  };
}

// The meaning of the numbers, in the words of the older of the two ways in which files say it.
function logicalOf({ converted_type: converted, logical_type: logical, scale, type }: Element): string {
  if (logical === undefined) {
    if (converted === "DECIMAL") return `DECIMAL ${scale ?? 0}`;
    if (converted?.startsWith("TIME")) return converted.replace("_", " ");
    return converted === "UTF8" ? "STRING" : (converted ?? (type === "INT96" ? "TIMESTAMP NANOS" : ""));
  }
  switch (logical.type) {
    case "TIME":
    case "TIMESTAMP":
      return `${logical.type} ${logical.unit}`;
    case "INTEGER":
      return `${logical.isSigned ? "" : "U"}INT_${logical.bitWidth}`;
    case "DECIMAL":
      return `DECIMAL ${logical.scale ?? 0}`;
    default:
      return String(logical.type);
  }
}

function kindOf({ type = "", type_length: length }: Element, logical: string): Kind | null {
  const [word, detail] = logical.split(" ");
  if (word === "DATE") return { dtype: "float64", read: MILLISECONDS.DAYS };
  if (word === "TIME" || word === "TIMESTAMP")
    return detail in MILLISECONDS ? { dtype: "float64", read: MILLISECONDS[detail as "MILLIS"] } : null;
  if (word === "DECIMAL") return decimal(Number(detail));
  if (word === "FLOAT16" && length === 2) return { dtype: "float16", read: (value) => half(value as Uint8Array) };
  if (word === "UUID" && length === 16) return { dtype: "category" };
  if (word in INTEGERS) {
    const wide = INTEGERS[word].dtype.endsWith("64");
    return type === (wide ? "INT64" : "INT32") ? INTEGERS[word] : null;
  }
  if (["STRING", "ENUM", "JSON"].includes(word) || word === "") return PLAIN[type] ?? null;
  return null;
}

const half = (bytes: Uint8Array): number => bytes[0] | (bytes[1] << 8);

// A power of ten, below 2 ** 53 of it, divides to the nearest float64.
function decimal(scale: number): Kind {
  const by = 10 ** scale;
  const read = (value: unknown): number => Number(value instanceof Uint8Array ? signed(value) : value) / by;
  return { dtype: "float64", read };
}

// Bytes from the highest on, in two's complement.
function signed(bytes: Uint8Array): bigint {
  let value = 0n;
  for (const byte of bytes) value = (value << 8n) | BigInt(byte);
  return BigInt.asIntN(bytes.length * 8, value);
}
