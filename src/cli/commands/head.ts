import * as np from "../../index.js";
import { read } from "../formats/files.js";
import { type Column, type Columns, isArray, release } from "../formats/format.js";
import { type Action, count, flag } from "../frame/command.js";
import { FINE, print, printJson, WIDTH } from "../frame/io.js";
import { cut, table } from "../frame/table.js";

export const head: Action = async (given, io) => {
  const [path] = given.operands,
    rows = count(given, "rows", 5),
    content = await read(path, io, rows);
  try {
    if (flag(given, "json"))
      printJson(io, "array" in content ? listOf(content.array, rows) : listsOf(content.columns, rows));
    else if ("array" in content) print(io, ...arrayLines(content.array, rows, content.shape));
    else if (isTable(content.columns)) print(io, ...tableLines(content.columns, rows));
    else
      for (const [name, column] of Object.entries(content.columns)) print(io, cut(name), ...columnLines(column, rows));
    return FINE;
  } finally {
    release(content);
  }
};

function top(array: np.NDArray, rows: number): np.NDArray {
  return array.ndim === 0 ? array.at("...") : array.at(np.slice(0, rows));
}

function listOf(array: np.NDArray, rows: number): unknown {
  using part = top(array, rows);
  return part.tolist();
}

function listsOf(columns: Columns, rows: number): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(columns).map(([name, column]) => [
      name,
      isArray(column) ? listOf(column, rows) : column.slice(0, rows),
    ]),
  );
}

function arrayLines(array: np.NDArray, rows: number, shape: readonly number[] = array.shape): string[] {
  using part = top(array, rows);
  const [length] = shape;
  const rest = length === undefined ? 0 : length - rows;
  return [
    `${array.dtype} [${shape.join(", ")}]`,
    ...np
      .array2string(part, { threshold: 200 })
      .split("\n")
      .map((line) => cut(line)),
    ...(rest > 0 ? [`and ${rest.toLocaleString("en-US")} ${rest === 1 ? "row" : "rows"} more`] : []),
  ];
}

function columnLines(column: Column, rows: number): string[] {
  return isArray(column) ? arrayLines(column, rows) : column.slice(0, rows).map((cell) => cut(cell));
}

// Columns of one length stand side by side.
function isTable(columns: Columns): boolean {
  const lengths = Object.values(columns).map((column) =>
    isArray(column) ? (column.ndim === 1 ? column.size : -1) : column.length,
  );
  return lengths.length > 0 && lengths.every((length) => length >= 0 && length === lengths[0]);
}

const CELL = 24;

function tableLines(columns: Columns, rows: number): string[] {
  const names = Object.keys(columns);
  const cells = names.map((name) => {
    const column = columns[name],
      shown = isArray(column) ? valuesOf(column, rows) : column.slice(0, rows);
    return [name, ...shown].map((cell) => cut(cell, CELL));
  });
  // As many columns as fit.
  let used = 0,
    fitting = 0;
  for (const column of cells) {
    used += Math.max(...column.map((cell) => cell.length)) + 2;
    if (used > WIDTH) break;
    fitting++;
  }
  const count = Math.max(1, fitting),
    sides = names.map((name) => (isArray(columns[name]) ? ">" : "<")).slice(0, count);
  const lines = cells[0].map((_, i) => cells.slice(0, count).map((column) => column[i])),
    hidden = names.slice(count);
  return [
    ...table(lines, sides.join(""), ""),
    ...(hidden.length > 0 ? [cut(`and ${hidden.length} columns more: ${hidden.join(", ")}`)] : []),
  ];
}

function valuesOf(array: np.NDArray, rows: number): string[] {
  using part = top(array, rows);
  return (part.tolist() as unknown[]).map((value) =>
    typeof value === "object" ? JSON.stringify(value) : String(value),
  ); // of one axis
}
