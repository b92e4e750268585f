import { readFileSync } from "node:fs";
import { expect } from "vitest";
import type { Table } from "../../src/table/table.js";

// Files that pyarrow and pandas wrote, with the values that they hold: scripts/oracle_columnar.py.

export const FOLDER = "test/oracle/columnar";

type Value = number | string | boolean | null;

export const values = JSON.parse(readFileSync(`${FOLDER}/values.json`, "utf8")) as Record<string, Value[]>;

/** What each column becomes that has no missing values. */
const DTYPES: Record<string, string> = { "float64 with gaps": "float64", nothing: "float64" };

/** Compares all columns of a table with the values that pyarrow gives, to the last bit of their elements. */
export function compare(table: Table, dtypes: Record<string, string> = {}): void {
  for (const name of table.columns) {
    const column = table.at(name),
      got = column.tolist() as unknown[],
      list = values[name];
    expect(got.length).toBe(list.length);
    const expected = list.map((value) => elementOf(value, table.dtypes[name]));
    expect([name, got]).toEqual([name, expected]);
    const dtype = dtypes[name] ?? DTYPES[name] ?? (/^u?int\d+$|^float\d+$|^bool$/.test(name) ? name : undefined);
    if (dtype !== undefined) expect([name, table.dtypes[name]]).toEqual([name, dtype]);
  }
}

function elementOf(value: Value, dtype: string): unknown {
  if (dtype === "category") return value;
  if (value === null) return Number.NaN;
  if (dtype === "int64" || dtype === "uint64") return BigInt(value);
  if (value === "inf" || value === "-inf") return value === "inf" ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY;
  if (dtype !== "bool") return Number(value);
  return value;
}
