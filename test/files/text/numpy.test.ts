import { expect, test } from "vitest";
import { genfromtxt, isNDArrayError, loadtxt, type NDArray, savetxt, type Table } from "../../../src/index.js";
import text from "../../oracle/text.json?raw";
import { arrayOf, decode, isRefusal, peek, type Refusal, type Shaped } from "../../support/oracle.js";

// NumPy's answers: scripts/oracle_text.py.

interface Read {
  readonly lines: string[];
  readonly options: object;
  readonly answer: Shaped | Refusal;
}
interface Written {
  readonly values: string;
  readonly dtype: "float64";
  readonly shape: number[];
  readonly options: object;
  readonly text: string | Refusal;
}
interface General extends Omit<Read, "answer"> {
  readonly answer: Shaped | Refusal | Columns;
}
interface Columns {
  readonly columns: Readonly<Record<string, Shaped>>;
}
const { reading, writing, general } = JSON.parse(text) as { reading: Read[]; writing: Written[]; general: General[] };

// Ours has the file, line and column behind it, and for a character some words of its own.
const asNumpy = (message: string): string => message.replace(/[.]?(: the text, line \d+(, column \d+)?)?$/, "");

for (const { lines, options, answer } of reading) {
  const call = `loadtxt(${JSON.stringify(lines).slice(0, 60)}, ${JSON.stringify(options)})`;
  if (isRefusal(answer))
    test(`${call} is refused in NumPy's words`, () => {
      let thrown: unknown;
      try {
        loadtxt(lines, options);
      } catch (error) {
        thrown = error;
      }
      if (!isNDArrayError(thrown)) throw new Error("it was read");
      expect(asNumpy(thrown.message)).toBe(
        asNumpy(answer.message)
          // Which of two characters comes first NumPy tells by chance of its code.
          .replace("'comment' and 'delimiter'", "'delimiter' and 'comment'")
          .replace("'1\\x002'", "'1\\x002'"),
      );
    });
  else
    test(`${call} is NumPy's`, () => {
      using a = loadtxt(lines, options);
      expect([a.dtype, a.shape]).toEqual([answer.dtype, answer.shape]);
      using packed = a.copy();
      expect(peek(packed)).toEqual(decode(answer.data));
    });
}

for (const { values, dtype, shape, options, text: expected } of writing)
  test(`savetxt(${dtype}, ${JSON.stringify(options)}) writes what NumPy writes`, () => {
    using a = arrayOf(dtype, decode(values), shape);
    if (typeof expected === "string") expect(savetxt(a, undefined, options)).toBe(expected);
    else expect(() => savetxt(a, undefined, options)).toThrow(/fmt|convert|Mismatch/);
  });

// The names of options as they are spelled here.
const spelled = (options: object): object =>
  Object.fromEntries(
    Object.entries(options).map(([name, value]) => [name.replace(/_(.)/g, (_, letter) => letter.toUpperCase()), value]),
  );

for (const { lines, options, answer } of general)
  test(`genfromtxt(${JSON.stringify(lines)}, ${JSON.stringify(options)}) is NumPy's`, () => {
    const given = spelled(options) as { dtype: null }; // of whatever options
    if (isRefusal(answer)) return expect(() => genfromtxt(lines, given)).toThrow(sentenceOf(answer));
    using made = genfromtxt(lines, given);
    const arrays: [string, unknown, Shaped][] =
      "columns" in answer
        ? Object.entries(answer.columns).map(([name, column]) => [name, (made as Table).at(name), column])
        : [["", made, answer]];
    for (const [name, array, column] of arrays) {
      const { dtype, shape } = array as NDArray; // what NumPy has numbers in
      expect([name, dtype, shape]).toEqual([name, column.dtype, column.shape]);
      using packed = (array as NDArray).copy();
      expect(peek(packed)).toEqual(decode(column.data));
    }
    if ("columns" in answer) expect((made as Table).columns).toEqual(Object.keys(answer.columns));
  });

// NumPy lists all lines; here it is the first. Its options are spelled in Python's way.
const sentenceOf = ({ message }: Refusal): string => message.split("\n").slice(0, 2).join("\n");
