import * as np from "nbytes";
import { calls } from "./edgeCalls.js";
import { isNamed } from "./edgeDifferences.js";
import { type Call, Draw, told } from "./edgeValues.js";
import { numpyJudge } from "./judge.js";

// Every public function that NumPy has too, called at the edges: 0-d and empty arrays, the ends of every dtype, NaN,
// infinities and signed zeros, lists and scalars for arrays, wrong axes and positions. Both refuse, or both give the same.

type Any = (...args: unknown[]) => unknown;

/** What a call gives, as the judge reads it. */
function answer(value: unknown): unknown {
  if (value instanceof np.NDArray) return told(value);
  if (Array.isArray(value)) return { l: value.map(answer) };
  if (typeof value === "bigint") return { s: ["int", String(value)] };
  if (typeof value === "number") return { s: ["number", Object.is(value, -0) ? "-0" : String(value)] };
  if (typeof value === "boolean") return { s: ["bool", value ? "1" : "0"] };
  if (ArrayBuffer.isView(value)) return { l: [...(value as Uint8Array)].map(answer) };
  if (typeof value === "object" && value !== null) {
    if ("im" in value) return { s: ["complex", String((value as np.Complex).re), String((value as np.Complex).im)] };
    return { o: Object.fromEntries(Object.entries(value).map(([key, field]) => [key, answer(field)])) };
  }
  return value === undefined ? null : value;
}

const takesLazy = new Map<string, boolean>();

/** Whether a function of lazy expressions is a lazy expression. */
function isLazy(name: string): boolean {
  const found = takesLazy.get(name);
  if (found !== undefined) return found;
  const function_ = (np as unknown as Record<string, Any>)[name] as Any;
  const is = np.memory.scope(() =>
    [[], [1], [1, 2]].some((others) => {
      try {
        return function_(np.lazy(np.ones(2, "int32")), ...others) instanceof np.Lazy;
      } catch {
        return false;
      }
    }),
  );
  takesLazy.set(name, is);
  return is;
}

const isPlain = (x: unknown): boolean => x instanceof np.NDArray || typeof x !== "object" || x === null || "re" in x;

/** What a lazy expression of the same operands does that the call did not: it gave `due`, or was refused if that is null. */
function lazily(name: string, { args, options = {} }: Call, due: unknown): string | null {
  const [x, ...others] = args.map((arg) => arg.given),
    { out, ...rest } = Object.fromEntries(Object.entries(options).map(([key, arg]) => [key, arg.given]));
  // Lists are no operands of expressions, and where is no option of theirs: both are refused in sentences of their own.
  if (!(x instanceof np.NDArray) || !others.every(isPlain) || rest.where !== undefined || !isLazy(name)) return null;
  if (due !== null && !(due instanceof np.NDArray)) return null;
  const function_ = (np as unknown as Record<string, Any>)[name] as Any,
    into = out instanceof np.NDArray ? np.emptyLike(out as np.NDArray) : undefined,
    was = due === null ? "is refused" : `gives ${JSON.stringify(told(due as np.NDArray))}`;
  let is: string;
  try {
    const e = function_(np.lazy(x as np.NDArray), ...others, rest);
    if (!(e instanceof np.Lazy)) return null;
    is = `gives ${JSON.stringify(told(into === undefined ? e.evaluate() : e.evaluate({ out: into })))}`;
  } catch (error) {
    if (!np.isNDArrayError(error)) return `lazily: ${(error as Error).stack}`;
    // What expressions alone do not do they say themselves.
    if (due === null || error.message.includes("lazy expression")) return null;
    is = `is refused: ${(error as Error).message}`;
  }
  return is === was ? null : `a lazy expression ${is}, the call ${was}`;
}

function outcome(name: string, call: Call): unknown {
  const { args, options, writes } = call;
  const given = args.map((arg) => arg.given);
  if (options !== undefined)
    given.push(Object.fromEntries(Object.entries(options).map(([key, arg]) => [key, arg.given])));
  const before = np.memory.usage().live;
  try {
    const result = ((np as unknown as Record<string, Any>)[name] as Any)(...given);
    const difference = lazily(name, call, result);
    if (difference !== null) return { native: difference };
    return { result: answer(writes ? args[0].given : result) };
  } catch (error) {
    if (!np.isNDArrayError(error)) return { native: String((error as Error).stack) };
    if (np.memory.usage().live !== before) return { native: `${error}: bytes are left` };
    const difference = lazily(name, call, null);
    if (difference !== null) return { native: difference };
    if (isNamed(name, call)) return { named: true };
    return { error: String(error), ...(writes && { result: answer(args[0].given) }) };
  }
}

/** The call as a line to read. */
function shown({ args, options }: Call): string {
  const show = ({ given }: { given: unknown }): string => {
    if (given instanceof np.NDArray)
      return `${given.dtype} [${given.shape}] ${JSON.stringify(given.tolist(), words)}`.slice(0, 300);
    return JSON.stringify(given, words)?.slice(0, 300) ?? String(given);
  };
  const named = Object.entries(options ?? {}).map(([key, arg]) => `${key}: ${show(arg)}`);
  return [...args.map(show), ...(named.length > 0 ? [`{ ${named.join(", ")} }`] : [])].join(", ");
}
function words(_: string, value: unknown): unknown {
  if (typeof value === "bigint") return `${value}n`;
  return typeof value === "number" && (!Number.isFinite(value) || Object.is(value, -0))
    ? Object.is(value, -0)
      ? "-0"
      : String(value)
    : value;
}

/** `count` calls from `seed` on. */
export async function run(seed: number, count: number): Promise<{ programs: number; failures: string[] }> {
  const judge = await numpyJudge("fuzz_edges.py"),
    failures: string[] = [],
    names = Object.keys(calls);
  const waiting: Promise<void>[] = [];
  for (let i = 0; i < count; i++) {
    const d = new Draw((seed * 1_000_003 + i) % 2 ** 31),
      name = d.of(names);
    const before = np.memory.usage().live;
    const line = np.memory.scope(() => {
      const call = calls[name](d);
      if (call === null) return null;
      const text = shown(call),
        sent = call.args.map((arg) => arg.told),
        options = Object.fromEntries(Object.entries(call.options ?? {}).map(([key, arg]) => [key, arg.told]));
      const found = outcome(name, call) as { native?: string; named?: true };
      return { f: call.f, args: sent, options, writes: call.writes === true, text, ...found };
    });
    if (np.memory.usage().live !== before) failures.push(`seed ${seed}, call ${i}: bytes are left by ${name}`);
    if (line === null || line.named) continue;
    const said = `seed ${seed}, call ${i}: ${name}(${line.text})`;
    if (line.native !== undefined) failures.push(`${said}: ${line.native}`);
    else if (judge !== null)
      waiting.push(
        judge(line, []).then((difference) => {
          if (difference !== null) failures.push(`${said}: ${difference}`);
        }),
      );
  }
  await Promise.all(waiting);
  return { programs: count, failures };
}
