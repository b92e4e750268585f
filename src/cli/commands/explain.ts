import { plain } from "../../base/plain.js";
import * as np from "../../index.js";
import { type Action, counts, flag, text } from "../frame/command.js";
import { FINE, print, printJson, wrongUse } from "../frame/io.js";
import { cut, folded, table } from "../frame/table.js";
import { evaluate, isArray, type Step } from "./expression.js";

/** What one operation of an expression gave. */
interface Told {
  readonly step: string;
  /** A view shares memory; a copy has its own with the same values; what is computed is new. */
  readonly kind: "view" | "copy" | "new" | "same" | "value" | "in place";
  /** Bytes that it asked for, temporaries included. */
  readonly bytes: number;
  readonly reason?: string;
  readonly why?: string;
  readonly result?: Layout;
  readonly value?: string;
}

interface Layout {
  readonly dtype: np.DType;
  readonly shape: readonly number[];
  readonly strides: readonly number[];
}

/** A demonstration needs no more. */
const MOST = 2 ** 28;

export const explain: Action = (given, io) => {
  const [expression] = given.operands,
    shape = counts(given, "shape") ?? [1000, 1000],
    dtype = dtypeOf(text(given, "dtype") ?? "float64");
  if (np.empty(0, { dtype }).itemsize * shape.reduce((product, n) => product * n, 1) > MOST)
    throw wrongUse(`--shape ${shape.join(",")} is more than a demonstration takes, 268 MB; a smaller one is alike`);
  const demo = np.ones(shape, { dtype }),
    before = layoutOf(demo),
    steps: Told[] = [];
  const { name } = evaluate(expression, demo, (step) => {
    const { told, value } = tell(step);
    steps.push(told);
    return value;
  });
  if (flag(given, "json")) printJson(io, { array: { name, ...before }, steps });
  else print(io, ...linesOf(name, before, steps));
  return FINE;
};

function dtypeOf(name: string): np.DType {
  np.promoteTypes(name as np.DType, "bool"); // throws for what is no dtype
  return name as np.DType; // it is one
}

function tell({ text: step, of, run }: Step): { told: Told; value: unknown } {
  const held = isArray(of) ? np.memory.bufferOf(of) : undefined,
    t = np.memory.trace(run, { level: "events" }),
    value = t.result,
    copies = t.copies(),
    bytes = t.allocated;
  const [copy] = copies,
    because = copy === undefined ? {} : { reason: copy.reason, why: copy.why };
  if (!isArray(value)) return { told: { step, kind: "value", bytes, ...because, value: valueText(value) }, value };
  const result = layoutOf(value);
  if (value === of) {
    const written = np.memory.bufferOf(value).version !== held?.version;
    return { told: { step, kind: written ? "in place" : "same", bytes, ...because, result }, value };
  }
  const kind = np.memory.bufferOf(value).id === held?.id ? "view" : copy === undefined ? "new" : "copy";
  return { told: { step, kind, bytes, ...because, result }, value };
}

function valueText(value: unknown): string {
  return Array.isArray(value) ? `a list of ${value.length}` : plain(String(value));
}

function layoutOf({ dtype, shape, strides }: np.NDArray): Layout {
  return { dtype, shape: [...shape], strides: [...strides] };
}

function layoutText({ dtype, shape, strides }: Layout): string {
  return `${dtype} [${shape.join(", ")}], strides [${strides.join(", ")}]`;
}

function linesOf(name: string, before: Layout, steps: readonly Told[]): string[] {
  const rows = [
    [name, "", "", layoutText(before)],
    ...steps.map(({ step, kind, bytes, result, value }) => [
      cut(step, 28),
      kind,
      np.formatBytes(bytes),
      result === undefined ? (value ?? "") : layoutText(result),
    ]),
  ];
  const reasons = steps.flatMap(({ step, reason, why }) =>
    why === undefined ? [] : folded(`${cut(step, 28)} copies (${reason}): ${why}`, "  "),
  );
  return [...table(rows, "<<><", ""), ...reasons];
}
